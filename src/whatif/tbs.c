#include "config.h"

#include "whatif/tbs.h"

#include "base/der.h"
#include "facts/cert_parse.h"
#include "facts/oids.h"

#include <string.h>

static const char aki_oid[] = "2.5.29.35", ski_oid[] = "2.5.29.14", eku_oid[] = "2.5.29.37";
static const char san_oid[] = "2.5.29.17", basic_oid[] = "2.5.29.19", usage_oid[] = "2.5.29.15";
static const char policies_oid[] = "2.5.29.32";
static const uint8_t v3[] = { 0xa0, 3, MXS_DER_INTEGER, 1, 2 };

/* --- taking apart ----------------------------------------------------------------------------- */

static bool split_extensions(struct mxs_arena *arena, struct mxs_bytes raw, struct mxs_tbs *out)
{
    struct mxs_cursor c = mxs_cursor(raw);
    struct mxs_der list;
    struct mxs_cert_extension e;
    if (!raw.n)
        return true;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &list))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &list);
    while (mxs_cert_extension_next(arena, &in, &e))
        *mxs_list_add(arena, &out->extensions) = (struct mxs_tbs_extension){ e.oid, e.whole.whole };
    return !in.bad;
}

bool mxs_tbs_of_cert(struct mxs_arena *arena, const struct mxs_cert *cert, struct mxs_tbs *out)
{
    struct mxs_bytes *const slices[] = { &out->serial,   &out->algorithm, &out->issuer,
                                         &out->validity, &out->subject,   &out->spki };
    struct mxs_cursor c = mxs_cursor(cert->tbs);
    struct mxs_der whole, v;
    memset(out, 0, sizeof *out);
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (mxs_der_optional(&in, MXS_DER_CONTEXT_CONSTRUCTED | 0, &v))
        out->version = v.whole;
    for (size_t i = 0; i < MXS_COUNT(slices); i++) {
        if (!mxs_der_next(&in, &v))
            return false;
        *slices[i] = v.whole;
    }
    const uint8_t *ids = in.p;
    mxs_der_optional(&in, MXS_DER_CONTEXT | 1, &v);
    mxs_der_optional(&in, MXS_DER_CONTEXT | 2, &v);
    out->unique_ids = mxs_bytes(ids, (size_t)(in.p - ids));
    return !in.bad && split_extensions(arena, cert->extensions_raw, out);
}

static struct mxs_bytes validity(struct mxs_arena *arena, int64_t from, int64_t until)
{
    struct mxs_bytes parts[] = { mxs_der_put_time(arena, from), mxs_der_put_time(arena, until) };
    return mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 2);
}

bool mxs_tbs_of_catalog(struct mxs_arena *arena, const struct mxs_catalog_cert *cert,
                        struct mxs_tbs *out)
{
    memset(out, 0, sizeof *out);
    out->version = mxs_bytes(v3, sizeof v3);
    out->serial = mxs_der_value(arena, MXS_DER_INTEGER, cert->serial_raw);
    out->algorithm = mxs_signature_identifier(arena, cert->signature_algorithm);
    out->issuer = cert->issuer_raw;
    out->validity = validity(arena, cert->not_before, cert->not_after);
    out->subject = cert->ca->subject_raw;
    out->spki = cert->ca->spki;
    return out->algorithm.n && cert->extensions_raw.n &&
           split_extensions(arena, cert->extensions_raw, out);
}

void mxs_tbs_new(struct mxs_arena *arena, unsigned serial, struct mxs_tbs *out)
{
    memset(out, 0, sizeof *out);
    out->version = mxs_bytes(v3, sizeof v3);
    out->serial = mxs_der_put_small(arena, serial);
    out->subject = out->issuer = mxs_der_value(arena, MXS_DER_SEQUENCE, mxs_bytes(NULL, 0));
}

/* --- putting together ------------------------------------------------------------------------- */

static struct mxs_bytes join_extensions(struct mxs_arena *arena, const struct mxs_tbs *tbs)
{
    struct mxs_bytes *parts = mxs_arena_alloc(arena, (tbs->extensions.n + 1) * sizeof *parts);
    size_t n = 0;
    for (size_t i = 0; i < tbs->extensions.n; i++)
        if (tbs->extensions.v[i].whole.n)
            parts[n++] = tbs->extensions.v[i].whole;
    if (n == 0) /* SIZE (1..MAX): none at all is no list */
        return mxs_bytes(NULL, 0);
    struct mxs_bytes list = mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, n);
    return mxs_der_value(arena, MXS_DER_CONTEXT_CONSTRUCTED | 3, list);
}

struct mxs_bytes mxs_tbs_build(struct mxs_arena *arena, const struct mxs_tbs *tbs)
{
    struct mxs_bytes parts[] = { tbs->version,  tbs->serial,  tbs->algorithm,
                                 tbs->issuer,   tbs->validity, tbs->subject,
                                 tbs->spki,     tbs->unique_ids, join_extensions(arena, tbs) };
    return mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, MXS_COUNT(parts));
}

/* --- exchanging ------------------------------------------------------------------------------- */

void mxs_tbs_set_validity(struct mxs_arena *arena, struct mxs_tbs *tbs, int64_t not_before,
                          int64_t not_after)
{
    tbs->validity = validity(arena, not_before, not_after);
}

static struct mxs_tbs_extension *extension(struct mxs_tbs *tbs, const char *oid)
{
    for (size_t i = 0; i < tbs->extensions.n; i++)
        if (strcmp(tbs->extensions.v[i].oid, oid) == 0)
            return &tbs->extensions.v[i];
    return NULL;
}

void mxs_tbs_drop(struct mxs_tbs *tbs, const char *oid)
{
    struct mxs_tbs_extension *e = extension(tbs, oid);
    if (e)
        e->whole = mxs_bytes(NULL, 0);
}

/* Replaces it where it stands, or adds it at the end. */
static void put(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *oid, bool critical,
                struct mxs_bytes value)
{
    static const uint8_t truth[] = { MXS_DER_BOOLEAN, 1, 0xff };
    struct mxs_tbs_extension *e = extension(tbs, oid);
    struct mxs_bytes parts[] = { mxs_der_put_oid(arena, oid), mxs_bytes(truth, critical ? 3 : 0),
                                 mxs_der_value(arena, MXS_DER_OCTET_STRING, value) };
    struct mxs_bytes whole = mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3);
    if (!e)
        e = mxs_list_add(arena, &tbs->extensions);
    *e = (struct mxs_tbs_extension){ oid, whole };
}

static bool is_critical(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *oid)
{
    struct mxs_tbs_extension *e = extension(tbs, oid);
    struct mxs_cert_extension parsed;
    struct mxs_cursor c = mxs_cursor(e ? e->whole : mxs_bytes(NULL, 0));
    return mxs_cert_extension_next(arena, &c, &parsed) && parsed.critical;
}

enum mxs_err mxs_tbs_set_eku(struct mxs_arena *arena, struct mxs_tbs *tbs,
                             const struct mxs_strs *eku, struct mxs_why *why)
{
    struct mxs_bytes *parts = mxs_arena_alloc(arena, (eku->n + 1) * sizeof *parts);
    for (size_t i = 0; i < eku->n; i++) {
        const char *oid = mxs_oid_of_eku(eku->v[i]);
        parts[i] = oid ? mxs_der_put_oid(arena, oid) : mxs_bytes(NULL, 0);
        if (!parts[i].n)
            return mxs_why_set(why, MXS_ERR_USAGE,
                               "\"%s\" is no extended key usage (serverAuth, clientAuth, .., an OID)",
                               eku->v[i]);
    }
    if (eku->n == 0)
        mxs_tbs_drop(tbs, eku_oid);
    else
        put(arena, tbs, eku_oid, is_critical(arena, tbs, eku_oid),
            mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, eku->n));
    return MXS_OK;
}

void mxs_tbs_set_aki(struct mxs_arena *arena, struct mxs_tbs *tbs, struct mxs_bytes key_id, bool add)
{
    if (!key_id.n || (!add && !extension(tbs, aki_oid))) {
        mxs_tbs_drop(tbs, aki_oid);
        return;
    }
    struct mxs_bytes id = mxs_der_value(arena, MXS_DER_CONTEXT | 0, key_id);
    put(arena, tbs, aki_oid, false, mxs_der_value(arena, MXS_DER_SEQUENCE, id));
}

void mxs_tbs_set_ski(struct mxs_arena *arena, struct mxs_tbs *tbs)
{
    uint8_t digest[32];
    mxs_digest_sha256(tbs->spki, digest);
    put(arena, tbs, ski_oid, false,
        mxs_der_value(arena, MXS_DER_OCTET_STRING, mxs_bytes(digest, 20)));
}

void mxs_tbs_drop_encipherment(struct mxs_arena *arena, struct mxs_tbs *tbs)
{
    struct mxs_tbs_extension *usage = extension(tbs, usage_oid);
    struct mxs_cert_extension e;
    struct mxs_bytes bits;
    unsigned unused;
    struct mxs_cursor c = mxs_cursor(usage ? usage->whole : mxs_bytes(NULL, 0));
    if (!mxs_cert_extension_next(arena, &c, &e))
        return;
    struct mxs_cursor in = mxs_cursor(e.octets.body);
    struct mxs_der value;
    if (!mxs_der_expect(&in, MXS_DER_BIT_STRING, &value) ||
        !mxs_der_bits(value.body, &bits, &unused) || bits.n != 1 || !(bits.p[0] & 0x20))
        return;
    uint8_t left = bits.p[0] & 0xdf; /* without keyEncipherment */
    for (unused = 0; left && !(left >> unused & 1);)
        unused++;
    uint8_t body[] = { (uint8_t)unused, left };
    put(arena, tbs, usage_oid, e.critical,
        mxs_der_value(arena, MXS_DER_BIT_STRING, mxs_bytes(body, left ? 2 : 1)));
}

void mxs_tbs_fit_key(struct mxs_arena *arena, struct mxs_tbs *tbs, bool rsa)
{
    struct mxs_tbs_extension *ski = extension(tbs, ski_oid);
    if (ski && ski->whole.n)
        mxs_tbs_set_ski(arena, tbs);
    if (!rsa)
        mxs_tbs_drop_encipherment(arena, tbs);
}

struct mxs_bytes mxs_tbs_name(struct mxs_arena *arena, const char *cn)
{
    struct mxs_bytes parts[] = { mxs_der_put_oid(arena, "2.5.4.3"),
                                 mxs_der_value(arena, MXS_DER_UTF8_STRING, mxs_bytes_str(cn)) };
    struct mxs_bytes attribute = mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 2);
    return mxs_der_value(arena, MXS_DER_SEQUENCE, mxs_der_value(arena, MXS_DER_SET, attribute));
}

void mxs_tbs_set_names(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *cn,
                       const struct mxs_strs *dns)
{
    struct mxs_bytes *names = mxs_arena_alloc(arena, (dns->n + 1) * sizeof *names);
    tbs->subject = cn ? mxs_tbs_name(arena, cn)
                      : mxs_der_value(arena, MXS_DER_SEQUENCE, mxs_bytes(NULL, 0));
    for (size_t i = 0; i < dns->n; i++)
        names[i] = mxs_der_value(arena, MXS_DER_CONTEXT | 2, mxs_bytes_str(dns->v[i]));
    if (dns->n)
        put(arena, tbs, san_oid, !cn, mxs_der_wrap(arena, MXS_DER_SEQUENCE, names, dns->n));
    else
        mxs_tbs_drop(tbs, san_oid);
}

void mxs_tbs_set_policy(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *oid)
{
    struct mxs_bytes info = mxs_der_value(arena, MXS_DER_SEQUENCE, mxs_der_put_oid(arena, oid));
    put(arena, tbs, policies_oid, false, mxs_der_value(arena, MXS_DER_SEQUENCE, info));
}

void mxs_tbs_set_ca(struct mxs_arena *arena, struct mxs_tbs *tbs)
{
    static const uint8_t ca[] = { MXS_DER_SEQUENCE, 3, MXS_DER_BOOLEAN, 1, 0xff };
    static const uint8_t usage[] = { MXS_DER_BIT_STRING, 2, 1, 0x06 }; /* keyCertSign, cRLSign */
    put(arena, tbs, basic_oid, true, mxs_bytes(ca, sizeof ca));
    put(arena, tbs, usage_oid, true, mxs_bytes(usage, sizeof usage));
}
