#include "config.h"

#include "facts/der_tree.h"

#include "base/clock.h"
#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/dn.h"
#include "facts/oids.h"

#include <string.h>

enum { HEX_MAX = 256, TEXT_MAX = 1024 };

static size_t offset(const struct mxs_der_tree *t, const uint8_t *p)
{
    return t->base + (p ? (size_t)(p - t->start) : 0);
}

struct mxs_field *mxs_der_add_slice(const struct mxs_der_tree *t, struct mxs_field *parent,
                                    const char *name, struct mxs_bytes slice, const char *text)
{
    return mxs_field_add(t->arena, parent, name, offset(t, slice.p), slice.n, text);
}

struct mxs_field *mxs_der_add(const struct mxs_der_tree *t, struct mxs_field *parent,
                              const char *name, const struct mxs_der *value, const char *text)
{
    return mxs_der_add_slice(t, parent, name, value->whole, text);
}

void mxs_der_malformed(const struct mxs_der_tree *t, struct mxs_field *parent, const uint8_t *at,
                       const char *expected)
{
    mxs_field_malformed(t->arena, parent, offset(t, at), expected);
}

/* --- values ----------------------------------------------------------------------------------- */

const char *mxs_der_hex(struct mxs_arena *arena, struct mxs_bytes octets)
{
    if (octets.n <= HEX_MAX)
        return mxs_hex(arena, octets);
    return mxs_arena_printf(arena, "%s... (%zu octets)",
                            mxs_hex(arena, mxs_bytes(octets.p, HEX_MAX)), octets.n);
}

const char *mxs_der_bool(const struct mxs_der *value)
{
    return value->body.n == 1 && value->body.p[0] ? "true" : "false";
}

const char *mxs_der_oid_text(struct mxs_arena *arena, const struct mxs_der *value)
{
    const char *dotted = value->tag == MXS_DER_OID ? mxs_der_oid(arena, value->body) : NULL;
    return dotted ? dotted : mxs_arena_printf(arena, "#%s", mxs_der_hex(arena, value->whole));
}

const char *mxs_der_number(struct mxs_arena *arena, const struct mxs_der *value)
{
    long v = mxs_der_small(value->body);
    return v >= 0 ? mxs_arena_printf(arena, "%ld", v)
                  : mxs_arena_printf(arena, "0x%s", mxs_der_hex(arena, value->body));
}

const char *mxs_der_oid_named(struct mxs_arena *arena, const struct mxs_der *value,
                              const char *(*name)(const char *dotted))
{
    const char *dotted = mxs_der_oid_text(arena, value), *known = name(dotted);
    return known ? mxs_arena_printf(arena, "%s (%s)", known, dotted) : dotted;
}

const char *mxs_der_time_text(struct mxs_arena *arena, const struct mxs_der *value)
{
    int64_t wall;
    return mxs_der_time(value, &wall) ? mxs_time_text(arena, wall)
                                      : mxs_text_clip(arena, value->body, 40);
}

/* --- general names ---------------------------------------------------------------------------- */

enum { OTHER_NAME, RFC822_NAME, DNS_NAME, X400_ADDRESS, DIRECTORY_NAME, EDI_PARTY_NAME, URI,
       IP_ADDRESS, REGISTERED_ID };

static const char *const name_kinds[] = {
    "otherName",     "rfc822Name", "dNSName",   "x400Address",  "directoryName",
    "ediPartyName",  "uniformResourceIdentifier", "iPAddress", "registeredID",
};

/* OtherName ::= SEQUENCE { type-id OID, value [0] EXPLICIT ANY } */
static const char *other_name(struct mxs_arena *arena, struct mxs_cursor c)
{
    struct mxs_der oid, tagged, value;
    if (!mxs_der_expect(&c, MXS_DER_OID, &oid) ||
        !mxs_der_expect(&c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return NULL;
    struct mxs_cursor in = mxs_der_enter(&c, &tagged);
    if (!mxs_der_next(&in, &value))
        return NULL;
    return mxs_arena_printf(arena, "%s: %s",
                            mxs_der_oid_named(arena, &oid, mxs_oid_other_name),
                            mxs_dn_string(arena, &value));
}

static const char *general_name_text(struct mxs_arena *arena, unsigned kind,
                                     const struct mxs_der *name)
{
    struct mxs_cursor body = mxs_cursor(name->body);
    switch (kind) {
    case RFC822_NAME:
    case DNS_NAME:
    case URI:
        return mxs_text_clip(arena, name->body, TEXT_MAX);
    case IP_ADDRESS:
        return mxs_cert_address_text(arena, name->body);
    case DIRECTORY_NAME:
        return mxs_dn_text(arena, name->body);
    case REGISTERED_ID:
        return mxs_der_oid(arena, name->body);
    case OTHER_NAME:
        return other_name(arena, body);
    default:
        return mxs_der_hex(arena, name->body);
    }
}

struct mxs_field *mxs_der_general_name(const struct mxs_der_tree *t, struct mxs_field *parent,
                                       const struct mxs_der *name)
{
    unsigned kind = name->tag & 0x1f;
    bool known = name->tag & 0x80 && kind < MXS_COUNT(name_kinds);
    const char *text = known ? general_name_text(t->arena, kind, name) : NULL;
    struct mxs_field *f = mxs_der_add(t, parent, known ? name_kinds[kind] : "GeneralName", name,
                                      text ? text : mxs_der_hex(t->arena, name->whole));
    if (!text)
        mxs_der_malformed(t, f, name->body.p, "a GeneralName (RFC 5280 4.2.1.6)");
    return f;
}

void mxs_der_general_names(const struct mxs_der_tree *t, struct mxs_field *parent,
                           struct mxs_cursor c)
{
    struct mxs_der name;
    while (mxs_der_next(&c, &name))
        mxs_der_general_name(t, parent, &name);
    if (c.bad)
        mxs_der_malformed(t, parent, c.p, "GeneralNames (RFC 5280 4.2.1.6)");
}

/* --- compound values -------------------------------------------------------------------------- */

void mxs_der_algorithm(const struct mxs_der_tree *t, struct mxs_field *parent, const char *field,
                       const struct mxs_der *value, const char *text)
{
    struct mxs_cursor c = mxs_cursor(value->body);
    struct mxs_der oid, params;
    struct mxs_field *f = mxs_der_add(t, parent, field, value, text);
    if (!mxs_der_expect(&c, MXS_DER_OID, &oid)) {
        mxs_der_malformed(t, f, value->body.p, "an AlgorithmIdentifier (RFC 5280 4.1.1.2)");
        return;
    }
    mxs_der_add(t, f, "algorithm", &oid, mxs_der_oid_text(t->arena, &oid));
    if (!mxs_der_next(&c, &params))
        return;
    const char *shown = params.tag == MXS_DER_NULL  ? "NULL"
                        : params.tag == MXS_DER_OID ? mxs_der_oid_named(t->arena, &params, mxs_oid_curve)
                                                    : mxs_der_hex(t->arena, params.whole);
    mxs_der_add(t, f, "parameters", &params, shown);
}

void mxs_der_name(const struct mxs_der_tree *t, struct mxs_field *parent, const char *field,
                  const struct mxs_der *value)
{
    const char *text = mxs_dn_text(t->arena, value->whole);
    struct mxs_field *f =
        mxs_der_add(t, parent, field, value, text && !*text ? "(empty)" : text ? text : "");
    mxs_dn_fields(t, value->whole, f);
}
