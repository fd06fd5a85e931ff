/* The facts that extensions carry (RFC 5280 4.2): one table row per extension. What a view shows of
 * them is in cert_fields_ext.c. */
#include "config.h"

#include "base/text.h"
#include "facts/cert_parse.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { EXTENSIONS_MAX = 200, TLS_STATUS_REQUEST = 5 };

enum { /* GeneralName (RFC 5280 4.2.1.6) */
    NAME_DNS = MXS_DER_CONTEXT | 2,
    NAME_URI = MXS_DER_CONTEXT | 6,
    NAME_IP = MXS_DER_CONTEXT | 7
};

struct ext {
    struct mxs_arena *arena;
    struct mxs_cert *cert;
    struct mxs_cursor c; /* over the extension's value */
};

/* False when the contents are broken. */
typedef bool (*ext_fn)(struct ext *x);

struct row {
    const char *oid;
    ext_fn fn; /* NULL: known, nothing to learn */
};

/* Opens the one SEQUENCE that the value is. */
static bool open_sequence(struct ext *x, struct mxs_cursor *in)
{
    struct mxs_der seq;
    bool good = mxs_der_expect(&x->c, MXS_DER_SEQUENCE, &seq) && !mxs_cursor_left(&x->c);
    *in = mxs_der_enter(&x->c, &seq);
    return good;
}

static bool basic_constraints(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der value;
    x->cert->has_basic_constraints = true;
    if (!open_sequence(x, &in))
        return false;
    if (mxs_der_optional(&in, MXS_DER_BOOLEAN, &value))
        x->cert->ca = value.body.n == 1 && value.body.p[0] != 0;
    if (mxs_der_optional(&in, MXS_DER_INTEGER, &value)) {
        long v = mxs_der_small(value.body);
        x->cert->path_length = v > 1000 ? 1000 : (int)v;
        in.bad |= v < 0;
    }
    return !in.bad && !mxs_cursor_left(&in);
}

static bool named_bits(struct ext *x, unsigned n, unsigned *out)
{
    struct mxs_der value;
    struct mxs_bytes bits;
    unsigned unused;
    if (!mxs_der_expect(&x->c, MXS_DER_BIT_STRING, &value) || mxs_cursor_left(&x->c) ||
        !mxs_der_bits(value.body, &bits, &unused))
        return false;
    for (unsigned i = 0; i < n && i / 8 < bits.n; i++)
        if (bits.p[i / 8] >> (7 - i % 8) & 1)
            *out |= 1u << i;
    return true;
}

static bool key_usage(struct ext *x)
{
    x->cert->has_key_usage = true;
    return named_bits(x, 9, &x->cert->key_usage);
}

static bool netscape_type(struct ext *x)
{
    x->cert->has_netscape_type = true;
    return named_bits(x, 8, &x->cert->netscape_type);
}

static unsigned eku_bit(const char *oid)
{
    static const struct mxs_name bits[] = {
        { MXS_EKU_SERVER_AUTH, "1.3.6.1.5.5.7.3.1" },
        { MXS_EKU_CLIENT_AUTH, "1.3.6.1.5.5.7.3.2" },
        { MXS_EKU_ANY, "2.5.29.37.0" },
        { MXS_EKU_EMAIL, "1.3.6.1.5.5.7.3.4" },
        { 0, NULL },
    };
    int bit = mxs_name_value(bits, oid);
    return bit < 0 ? MXS_EKU_OTHER : (unsigned)bit;
}

static bool extended_key_usage(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der oid;
    x->cert->has_eku = true;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &oid)) {
        const char *dotted = oid.tag == MXS_DER_OID ? mxs_der_oid(x->arena, oid.body) : NULL;
        if (!dotted)
            return false;
        *mxs_list_add(x->arena, &x->cert->eku_oids) = dotted;
        x->cert->eku |= eku_bit(dotted);
    }
    return good && !in.bad && x->cert->eku_oids.n; /* SIZE (1..MAX) */
}

const char *mxs_cert_address_text(struct mxs_arena *arena, struct mxs_bytes octets)
{
    char text[INET6_ADDRSTRLEN], mask[INET6_ADDRSTRLEN];
    size_t half = octets.n / 2;
    if (octets.n == 4 || octets.n == 16) {
        inet_ntop(octets.n == 4 ? AF_INET : AF_INET6, octets.p, text, sizeof text);
        return mxs_arena_strdup(arena, text);
    }
    if (octets.n != 8 && octets.n != 32)
        return NULL;
    inet_ntop(half == 4 ? AF_INET : AF_INET6, octets.p, text, sizeof text);
    inet_ntop(half == 4 ? AF_INET : AF_INET6, octets.p + half, mask, sizeof mask);
    unsigned prefix = 0;
    while (prefix < half * 8 && octets.p[half + prefix / 8] >> (7 - prefix % 8) & 1)
        prefix++;
    for (unsigned i = prefix; i < half * 8; i++)
        if (octets.p[half + i / 8] >> (7 - i % 8) & 1) /* not contiguous */
            return mxs_arena_printf(arena, "%s/%s", text, mask);
    return mxs_arena_printf(arena, "%s/%u", text, prefix);
}

static bool subject_alt_name(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der name;
    x->cert->has_san = true;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &name)) {
        if (name.tag == NAME_URI)
            *mxs_list_add(x->arena, &x->cert->san_uri) = mxs_text_clean(x->arena, name.body);
        if (name.tag == NAME_DNS)
            *mxs_list_add(x->arena, &x->cert->san_dns) = mxs_text_clean(x->arena, name.body);
        const char *ip = name.tag == NAME_IP && name.body.n <= 16
                             ? mxs_cert_address_text(x->arena, name.body) : NULL;
        if (ip)
            *mxs_list_add(x->arena, &x->cert->san_ip) = ip;
    }
    return good && !in.bad;
}

static bool policies(struct ext *x)
{
    static const struct mxs_name classes[] = { /* the strictest that is there decides */
        { 1, "2.23.140.1.2.1" }, { 2, "2.23.140.1.2.3" }, { 3, "2.23.140.1.2.2" },
        { 4, "2.23.140.1.1" },   { 0, NULL },
    };
    static const char *const words[] = { NULL, "DV", "IV", "OV", "EV" };
    struct mxs_cursor in;
    struct mxs_der info, oid;
    int best = 0;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &info)) {
        struct mxs_cursor one = mxs_der_enter(&in, &info);
        const char *dotted =
            mxs_der_expect(&one, MXS_DER_OID, &oid) ? mxs_der_oid(x->arena, oid.body) : NULL;
        if (!dotted)
            return false;
        *mxs_list_add(x->arena, &x->cert->policy_oids) = dotted;
        if (mxs_name_value(classes, dotted) > best) {
            best = mxs_name_value(classes, dotted);
            x->cert->policy_oid = dotted;
            x->cert->policy_class = words[best];
        }
    }
    return good && !in.bad;
}

static bool subject_key_id(struct ext *x)
{
    struct mxs_der value;
    bool good = mxs_der_expect(&x->c, MXS_DER_OCTET_STRING, &value) && !mxs_cursor_left(&x->c);
    x->cert->ski = value.body;
    return good;
}

static bool authority_key_id(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der id;
    bool good = open_sequence(x, &in);
    if (mxs_der_optional(&in, MXS_DER_CONTEXT | 0, &id))
        x->cert->aki = id.body;
    return good && !in.bad; /* authorityCertIssuer and serial may follow */
}

static bool name_constraints(struct ext *x)
{
    struct mxs_cursor in;
    x->cert->has_name_constraints = true;
    x->cert->name_constraints = mxs_bytes(x->c.p, mxs_cursor_left(&x->c));
    return open_sequence(x, &in);
}

static bool authority_info_access(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der access, oid, place;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &access)) {
        struct mxs_cursor one = mxs_der_enter(&in, &access);
        if (!mxs_der_expect(&one, MXS_DER_OID, &oid) || !mxs_der_next(&one, &place))
            return false;
        const char *dotted = mxs_der_oid(x->arena, oid.body);
        struct mxs_strs *list = !dotted || place.tag != NAME_URI             ? NULL
                                : strcmp(dotted, "1.3.6.1.5.5.7.48.1") == 0 ? &x->cert->ocsp_urls
                                : strcmp(dotted, "1.3.6.1.5.5.7.48.2") == 0 ? &x->cert->issuer_urls
                                                                            : NULL;
        if (list)
            *mxs_list_add(x->arena, list) = mxs_text_clean(x->arena, place.body);
    }
    return good && !in.bad;
}

/* DistributionPoint { [0] { [0] fullName GeneralNames, .. }, .. } */
static bool crl_distribution_points(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der point, choice, names, name;
    bool good = open_sequence(x, &in);
    while (good && mxs_der_next(&in, &point)) {
        struct mxs_cursor one = mxs_der_enter(&in, &point);
        if (!mxs_der_optional(&one, MXS_DER_CONTEXT_CONSTRUCTED | 0, &choice))
            continue;
        one = mxs_der_enter(&one, &choice);
        if (!mxs_der_optional(&one, MXS_DER_CONTEXT_CONSTRUCTED | 0, &names))
            continue;
        one = mxs_der_enter(&one, &names);
        while (mxs_der_next(&one, &name))
            if (name.tag == NAME_URI)
                *mxs_list_add(x->arena, &x->cert->crl_urls) = mxs_text_clean(x->arena, name.body);
        good = !one.bad;
    }
    return good && !in.bad;
}

static bool tls_feature(struct ext *x)
{
    struct mxs_cursor in;
    struct mxs_der number;
    bool good = open_sequence(x, &in);
    while (mxs_der_next(&in, &number))
        if (mxs_der_small(number.body) == TLS_STATUS_REQUEST)
            x->cert->must_staple = true;
    return good && !in.bad;
}

/* Rows without a function: extensions that may be critical and that path judging knows of, or that
 * say nothing to it. The precertificate poison is missing on purpose (RFC 6962 3.1). */
static const struct row rows[] = {
    { "2.5.29.15", key_usage },
    { "2.5.29.37", extended_key_usage },
    { "2.5.29.19", basic_constraints },
    { "2.5.29.14", subject_key_id },
    { "2.5.29.35", authority_key_id },
    { "1.3.6.1.5.5.7.1.1", authority_info_access },
    { "2.5.29.17", subject_alt_name },
    { "2.5.29.32", policies },
    { "2.5.29.31", crl_distribution_points },
    { "1.3.6.1.4.1.11129.2.4.2", NULL }, /* SCTs */
    { "2.5.29.30", name_constraints },
    { "1.3.6.1.5.5.7.1.24", tls_feature },
    { "2.16.840.1.113730.1.1", netscape_type },
    { "2.5.29.18", NULL },               /* issuerAltName */
    { "2.5.29.33", NULL },               /* policyMappings */
    { "2.5.29.36", NULL },               /* policyConstraints */
    { "2.5.29.54", NULL },               /* inhibitAnyPolicy */
    { "1.3.6.1.5.5.7.48.1.5", NULL },    /* OCSP no-check */
};

static const struct row *row_of(const char *oid)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].oid, oid) == 0)
            return &rows[i];
    return NULL;
}

bool mxs_cert_extension_next(struct mxs_arena *arena, struct mxs_cursor *c,
                             struct mxs_cert_extension *out)
{
    *out = (struct mxs_cert_extension){ 0 };
    if (c->bad || !mxs_cursor_left(c) || !mxs_der_expect(c, MXS_DER_SEQUENCE, &out->whole))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &out->whole);
    bool good = mxs_der_expect(&in, MXS_DER_OID, &out->oid_value);
    if (mxs_der_optional(&in, MXS_DER_BOOLEAN, &out->critical_value))
        out->critical = out->critical_value.body.n == 1 && out->critical_value.body.p[0] != 0;
    good = good && mxs_der_expect(&in, MXS_DER_OCTET_STRING, &out->octets) && !mxs_cursor_left(&in);
    out->oid = good ? mxs_der_oid(arena, out->oid_value.body) : NULL;
    c->bad = !out->oid;
    return out->oid != NULL;
}

static void learn(struct mxs_arena *arena, struct mxs_cert *cert,
                  const struct mxs_cert_extension *e)
{
    const struct row *row = row_of(e->oid);
    struct ext x = { arena, cert, mxs_cursor(e->octets.body) };
    bool good = !row || !row->fn || row->fn(&x);
    if (!good && !cert->malformed)
        cert->malformed = e->oid;
    if (e->critical)
        *mxs_list_add(arena, &cert->critical) = e->oid;
    if (e->critical && (!row || !good) && !cert->unknown_critical)
        cert->unknown_critical = e->oid;
}

enum mxs_err mxs_cert_extensions_parse(struct mxs_arena *arena, struct mxs_cert *cert,
                                       struct mxs_why *why)
{
    const char *seen[EXTENSIONS_MAX];
    size_t n = 0;
    struct mxs_cursor c = mxs_cursor(cert->extensions_raw);
    struct mxs_der list;
    struct mxs_cert_extension e;
    if (!cert->extensions_raw.n)
        return MXS_OK;
    mxs_der_expect(&c, MXS_DER_SEQUENCE, &list);
    struct mxs_cursor in = mxs_der_enter(&c, &list);
    while (mxs_cert_extension_next(arena, &in, &e)) {
        for (size_t i = 0; i < n; i++)
            if (strcmp(seen[i], e.oid) == 0)
                return mxs_why_set(why, MXS_ERR_SYNTAX, "not a certificate (extension %s twice)",
                                   e.oid);
        if (n == EXTENSIONS_MAX)
            return mxs_why_set(why, MXS_ERR_LIMIT, "not a certificate (over %d extensions)",
                               EXTENSIONS_MAX);
        seen[n++] = e.oid;
        learn(arena, cert, &e);
    }
    return in.bad ? mxs_why_set(why, MXS_ERR_SYNTAX, "not a certificate (extensions)") : MXS_OK;
}
