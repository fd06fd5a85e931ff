/* The field trees of extensions (RFC 5280 4.2, RFC 6962, 6960, 7633): one table row each; an OID
 * without a row, or contents that are not what the row expects, are shown as octets. */
#include "config.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/der_tree.h"
#include "facts/dn.h"
#include "facts/oids.h"
#include "facts/tls_decode.h"

#include <string.h>

enum { EXTENSIONS_SHOWN = 200 };

struct ext {
    const struct mxs_der_tree *t;
    struct mxs_field *at;  /* of the extension; the decoder may set its value */
    struct mxs_cursor c;   /* over the contents */
};

/* False when the contents are not of the expected form. */
typedef bool (*ext_fn)(struct ext *x);

struct row {
    const char *oid;
    ext_fn fn;
};

static bool open_sequence(struct ext *x, struct mxs_cursor *in)
{
    struct mxs_der seq;
    bool good = mxs_der_expect(&x->c, MXS_DER_SEQUENCE, &seq) && !mxs_cursor_left(&x->c);
    *in = mxs_der_enter(&x->c, &seq);
    return good;
}

/* Sets the extension's value to its children's values, joined. */
static void summarise(struct ext *x)
{
    const char *text = NULL;
    unsigned n = 0;
    for (const struct mxs_field *f = x->at->child; f; f = f->next) {
        bool own = strcmp(f->name, "extnID") == 0 || strcmp(f->name, "critical") == 0;
        if (own || !f->value || ++n > 8)
            continue;
        text = text ? mxs_arena_printf(x->t->arena, "%s, %s", text, f->value) : f->value;
    }
    x->at->value = n > 8 ? mxs_arena_printf(x->t->arena, "%s, ... (%u)", text, n) : text;
}

static bool key_identifier(struct ext *x)
{
    struct mxs_der id;
    if (!mxs_der_expect(&x->c, MXS_DER_OCTET_STRING, &id) || mxs_cursor_left(&x->c))
        return false;
    x->at->value = mxs_der_hex(x->t->arena, id.body);
    mxs_der_add(x->t, x->at, "keyIdentifier", &id, x->at->value);
    return true;
}

static bool authority_key_identifier(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der v;
    bool good = open_sequence(x, &in);
    if (mxs_der_optional(&in, MXS_DER_CONTEXT | 0, &v))
        mxs_der_add(x->t, x->at, "keyIdentifier", &v, mxs_der_hex(x->t->arena, v.body));
    if (mxs_der_optional(&in, MXS_DER_CONTEXT_CONSTRUCTED | 1, &v))
        mxs_der_general_names(x->t, mxs_der_add(x->t, x->at, "authorityCertIssuer", &v, NULL),
                              mxs_der_enter(&in, &v));
    if (mxs_der_optional(&in, MXS_DER_CONTEXT | 2, &v))
        mxs_der_add(x->t, x->at, "authorityCertSerialNumber", &v, mxs_der_hex(x->t->arena, v.body));
    summarise(x);
    return good && !in.bad && !mxs_cursor_left(&in);
}

static bool basic_constraints(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der ca, path;
    bool good = open_sequence(x, &in);
    bool has_ca = mxs_der_optional(&in, MXS_DER_BOOLEAN, &ca);
    const char *text = has_ca ? mxs_der_bool(&ca) : "false";
    if (has_ca)
        mxs_der_add(x->t, x->at, "cA", &ca, text);
    else
        mxs_field_add(x->t->arena, x->at, "cA", x->at->off, 0, text);
    x->at->value = mxs_arena_printf(x->t->arena, "CA %s", text);
    if (mxs_der_optional(&in, MXS_DER_INTEGER, &path)) {
        const char *number = mxs_der_number(x->t->arena, &path);
        mxs_der_add(x->t, x->at, "pathLenConstraint", &path, number);
        x->at->value = mxs_arena_printf(x->t->arena, "CA %s, path length %s", text, number);
    }
    return good && !in.bad && !mxs_cursor_left(&in);
}

static bool key_usage(struct ext *x)
{
    static const char *const names[] = {
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
        "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly",
    };
    struct mxs_der v;
    struct mxs_bytes bits;
    unsigned unused;
    if (!mxs_der_expect(&x->c, MXS_DER_BIT_STRING, &v) || mxs_cursor_left(&x->c) ||
        !mxs_der_bits(v.body, &bits, &unused))
        return false;
    for (unsigned i = 0; i < bits.n * 8 && i < MXS_COUNT(names); i++)
        if (bits.p[i / 8] >> (7 - i % 8) & 1)
            mxs_der_add_slice(x->t, x->at, "usage", mxs_bytes(bits.p + i / 8, 1), names[i]);
    summarise(x);
    return true;
}

static bool extended_key_usage(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der oid;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &oid)) {
        const char *dotted = mxs_der_oid_text(x->t->arena, &oid), *name = mxs_oid_eku(dotted);
        mxs_der_add(x->t, x->at, "keyPurposeId", &oid, name ? name : dotted)->flags |=
            name ? 0 : MXS_FIELD_UNKNOWN;
    }
    summarise(x);
    return good && !in.bad;
}

static bool alternative_names(struct ext *x)
{
    struct mxs_cursor in;
    bool good = open_sequence(x, &in);
    mxs_der_general_names(x->t, x->at, in);
    summarise(x);
    return good;
}

/* DistributionPoint ::= SEQUENCE { [0] { [0] fullName | [1] relative }, [1] reasons, [2] cRLIssuer } */
static void distribution_point(struct ext *x, const struct mxs_cursor *in,
                               const struct mxs_der *point)
{
    struct mxs_cursor c = mxs_der_enter(in, point);
    struct mxs_der v, name;
    struct mxs_field *f = mxs_der_add(x->t, x->at, "DistributionPoint", point, NULL);
    if (mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &v)) {
        struct mxs_cursor choice = mxs_der_enter(&c, &v);
        if (mxs_der_optional(&choice, MXS_DER_CONTEXT_CONSTRUCTED | 0, &name))
            mxs_der_general_names(x->t, f, mxs_der_enter(&choice, &name));
        else if (mxs_der_next(&choice, &name))
            mxs_der_add(x->t, f, "nameRelativeToCRLIssuer", &name,
                        mxs_der_hex(x->t->arena, name.body));
    }
    if (mxs_der_optional(&c, MXS_DER_CONTEXT | 1, &v))
        mxs_der_add(x->t, f, "reasons", &v, mxs_der_hex(x->t->arena, v.body));
    if (mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED | 2, &v))
        mxs_der_general_names(x->t, mxs_der_add(x->t, f, "cRLIssuer", &v, NULL),
                              mxs_der_enter(&c, &v));
    if (f->child)
        f->value = f->child->value;
    if (c.bad || mxs_cursor_left(&c))
        mxs_der_malformed(x->t, f, c.p, "a DistributionPoint (RFC 5280 4.2.1.13)");
}

static bool distribution_points(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der point;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &point))
        distribution_point(x, &in, &point);
    summarise(x);
    return good && !in.bad;
}

static bool info_access(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der access, oid, place;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &access)) {
        struct mxs_cursor c = mxs_der_enter(&in, &access);
        good = mxs_der_expect(&c, MXS_DER_OID, &oid) && mxs_der_next(&c, &place);
        if (!good)
            break;
        const char *dotted = mxs_der_oid_text(x->t->arena, &oid), *name = mxs_oid_access(dotted);
        struct mxs_field *f = mxs_der_add(x->t, x->at, name ? name : dotted, &access, NULL);
        f->value = mxs_der_general_name(x->t, f, &place)->value;
    }
    summarise(x);
    return good && !in.bad;
}

/* --- policies --------------------------------------------------------------------------------- */

/* UserNotice ::= SEQUENCE { noticeRef SEQUENCE { org, numbers } OPTIONAL, explicitText OPTIONAL } */
static void user_notice(struct ext *x, struct mxs_field *f, struct mxs_cursor c)
{
    struct mxs_der ref, v;
    if (mxs_der_optional(&c, MXS_DER_SEQUENCE, &ref)) {
        struct mxs_cursor in = mxs_der_enter(&c, &ref);
        if (mxs_der_next(&in, &v))
            mxs_der_add(x->t, f, "organization", &v, mxs_dn_string(x->t->arena, &v));
        if (mxs_der_next(&in, &v))
            mxs_der_add(x->t, f, "noticeNumbers", &v, mxs_der_hex(x->t->arena, v.body));
    }
    if (mxs_der_next(&c, &v))
        mxs_der_add(x->t, f, "explicitText", &v, mxs_dn_string(x->t->arena, &v));
    if (c.bad || mxs_cursor_left(&c))
        mxs_der_malformed(x->t, f, c.p, "a UserNotice (RFC 5280 4.2.1.4)");
}

static void policy_qualifier(struct ext *x, struct mxs_field *policy, const struct mxs_cursor *in,
                             const struct mxs_der *info)
{
    struct mxs_cursor c = mxs_der_enter(in, info);
    struct mxs_der oid, v;
    if (!mxs_der_expect(&c, MXS_DER_OID, &oid) || !mxs_der_next(&c, &v)) {
        mxs_der_malformed(x->t, policy, info->whole.p, "a PolicyQualifierInfo (RFC 5280 4.2.1.4)");
        return;
    }
    const char *dotted = mxs_der_oid_text(x->t->arena, &oid), *name = mxs_oid_qualifier(dotted);
    struct mxs_field *f =
        mxs_der_add(x->t, policy, name ? name : dotted, info, mxs_dn_string(x->t->arena, &v));
    if (v.tag == MXS_DER_SEQUENCE) {
        f->value = NULL;
        user_notice(x, f, mxs_der_enter(&c, &v));
    }
}

static bool policies(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der info, oid, list, qualifier;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &info)) {
        struct mxs_cursor c = mxs_der_enter(&in, &info);
        good = mxs_der_expect(&c, MXS_DER_OID, &oid);
        if (!good)
            break;
        const char *text = mxs_der_oid_named(x->t->arena, &oid, mxs_oid_policy);
        struct mxs_field *f = mxs_der_add(x->t, x->at, "policy", &info, text);
        if (!mxs_der_optional(&c, MXS_DER_SEQUENCE, &list))
            continue;
        struct mxs_cursor q = mxs_der_enter(&c, &list);
        while (mxs_der_next(&q, &qualifier))
            policy_qualifier(x, f, &q, &qualifier);
    }
    summarise(x);
    return good && !in.bad;
}

static bool policy_mappings(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der pair, from, to;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &pair)) {
        struct mxs_cursor c = mxs_der_enter(&in, &pair);
        good = mxs_der_expect(&c, MXS_DER_OID, &from) && mxs_der_expect(&c, MXS_DER_OID, &to);
        if (good)
            mxs_der_add(x->t, x->at, "mapping", &pair,
                        mxs_arena_printf(x->t->arena, "%s -> %s",
                                         mxs_der_oid_text(x->t->arena, &from),
                                         mxs_der_oid_text(x->t->arena, &to)));
    }
    summarise(x);
    return good && !in.bad;
}

static bool policy_constraints(struct ext *x)
{
    static const char *const names[] = { "requireExplicitPolicy", "inhibitPolicyMapping" };
    struct mxs_cursor in;
    struct mxs_der v;
    bool good = open_sequence(x, &in);
    for (unsigned i = 0; i < MXS_COUNT(names); i++)
        if (mxs_der_optional(&in, MXS_DER_CONTEXT | i, &v))
            mxs_der_add(x->t, x->at, names[i], &v, mxs_der_number(x->t->arena, &v));
    return good && !in.bad && !mxs_cursor_left(&in);
}

static bool number(struct ext *x)
{
    struct mxs_der v;
    if (!mxs_der_expect(&x->c, MXS_DER_INTEGER, &v) || mxs_cursor_left(&x->c))
        return false;
    x->at->value = mxs_der_number(x->t->arena, &v);
    mxs_der_add(x->t, x->at, "value", &v, x->at->value);
    return true;
}

/* GeneralSubtree ::= SEQUENCE { base GeneralName, .. }: minimum and maximum are not used (4.2.1.10) */
static bool name_constraints(struct ext *x)
{
    static const char *const names[] = { "permittedSubtrees", "excludedSubtrees" };
    struct mxs_cursor in;
    struct mxs_der list, subtree, base;
    bool good = open_sequence(x, &in);
    for (unsigned i = 0; i < MXS_COUNT(names); i++) {
        if (!mxs_der_optional(&in, MXS_DER_CONTEXT_CONSTRUCTED | i, &list))
            continue;
        struct mxs_field *f = mxs_der_add(x->t, x->at, names[i], &list, NULL);
        struct mxs_cursor c = mxs_der_enter(&in, &list);
        while (mxs_der_next(&c, &subtree)) {
            struct mxs_cursor one = mxs_der_enter(&c, &subtree);
            if (mxs_der_next(&one, &base))
                mxs_der_general_name(x->t, f, &base);
        }
        good = good && !c.bad;
    }
    return good && !in.bad && !mxs_cursor_left(&in);
}

/* --- the smaller ones ------------------------------------------------------------------------- */

static bool tls_feature(struct ext *x)
{
    static const struct mxs_name features[] = { { 5, "status_request" },
                                                { 17, "status_request_v2" }, { 0, NULL } };
    struct mxs_cursor in;
    struct mxs_der v;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &v)) {
        const char *name = mxs_name_of(features, (int)mxs_der_small(v.body));
        const char *text = mxs_der_number(x->t->arena, &v);
        mxs_der_add(x->t, x->at, "feature", &v,
                    name ? mxs_arena_printf(x->t->arena, "%s (%s)", name, text) : text);
    }
    summarise(x);
    return good && !in.bad;
}

static bool sct_list(struct ext *x)
{
    struct mxs_der v;
    if (!mxs_der_expect(&x->c, MXS_DER_OCTET_STRING, &v) || mxs_cursor_left(&x->c))
        return false;
    struct mxs_wire w = mxs_wire_root(x->t->arena, "SCTs", v.body); /* as in the TLS extension */
    mxs_tls_sct_list_decode(&w);
    mxs_wire_end(&w);
    mxs_field_adopt(x->at, w.at, x->t->base + (size_t)(v.body.p - x->t->start));
    x->at->value = w.at->child->value;
    return true;
}

static bool null(struct ext *x)
{
    struct mxs_der v;
    return mxs_der_expect(&x->c, MXS_DER_NULL, &v) && !mxs_cursor_left(&x->c);
}

static bool string(struct ext *x)
{
    struct mxs_der v;
    if (!mxs_der_next(&x->c, &v) || mxs_cursor_left(&x->c))
        return false;
    x->at->value = mxs_dn_string(x->t->arena, &v);
    mxs_der_add(x->t, x->at, "value", &v, x->at->value);
    return true;
}

static bool octets(struct ext *x)
{
    struct mxs_bytes b = mxs_cursor_take(&x->c, mxs_cursor_left(&x->c));
    x->at->value = mxs_der_hex(x->t->arena, b);
    mxs_der_add_slice(x->t, x->at, "value", b, x->at->value);
    return true;
}

static const struct row rows[] = {
    { "2.5.29.14", key_identifier },
    { "2.5.29.35", authority_key_identifier },
    { "2.5.29.19", basic_constraints },
    { "2.5.29.15", key_usage },
    { "2.5.29.37", extended_key_usage },
    { "2.5.29.17", alternative_names },
    { "2.5.29.18", alternative_names },
    { "2.5.29.31", distribution_points },
    { "2.5.29.46", distribution_points },
    { "1.3.6.1.5.5.7.1.1", info_access },
    { "1.3.6.1.5.5.7.1.11", info_access },
    { "2.5.29.32", policies },
    { "2.5.29.33", policy_mappings },
    { "2.5.29.36", policy_constraints },
    { "2.5.29.54", number },
    { "2.5.29.30", name_constraints },
    { "1.3.6.1.5.5.7.1.24", tls_feature },
    { "1.3.6.1.4.1.11129.2.4.2", sct_list },
    { "1.3.6.1.4.1.11129.2.4.5", sct_list },
    { "1.3.6.1.4.1.11129.2.4.3", null },
    { "1.3.6.1.5.5.7.48.1.5", null },
    { "1.3.6.1.5.5.7.48.1.2", key_identifier }, /* a nonce has the same form */
    { "2.16.840.1.113730.1.13", string },
    { "1.3.6.1.4.1.311.20.2", string },
    { "1.3.6.1.4.1.311.21.1", number },
};

static ext_fn decoder_of(const char *oid)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].oid, oid) == 0)
            return rows[i].fn;
    return octets;
}

static void extension_fields(const struct mxs_der_tree *t, struct mxs_field *parent,
                             const struct mxs_cert_extension *e)
{
    const char *name = mxs_oid_extension(e->oid);
    struct ext x = { t, mxs_der_add(t, parent, name ? name : e->oid, &e->whole, NULL),
                     mxs_cursor(e->octets.body) };
    x.at->flags |= name ? 0 : MXS_FIELD_UNKNOWN;
    mxs_der_add(t, x.at, "extnID", &e->oid_value, e->oid);
    if (e->critical_value.tag)
        mxs_der_add(t, x.at, "critical", &e->critical_value, mxs_der_bool(&e->critical_value));
    if (decoder_of(e->oid)(&x))
        return;
    mxs_der_malformed(t, x.at, e->octets.body.p, "the contents of this extension");
    mxs_der_add(t, x.at, "octets", &e->octets, mxs_der_hex(t->arena, e->octets.body));
}

void mxs_der_extensions(const struct mxs_der_tree *t, struct mxs_field *parent,
                        const struct mxs_der *list)
{
    struct mxs_cursor c = mxs_cursor(list->body);
    struct mxs_cert_extension e;
    struct mxs_field *f = mxs_der_add(t, parent, "extensions", list, NULL);
    for (int n = 0; n < EXTENSIONS_SHOWN && mxs_cert_extension_next(t->arena, &c, &e); n++)
        extension_fields(t, f, &e);
    if (c.bad)
        mxs_der_malformed(t, f, c.p, "an Extension (RFC 5280 4.2)");
}
