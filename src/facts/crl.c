#include "config.h"

#include "facts/crl.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/dn.h"
#include "facts/pem.h"

#include <string.h>

enum { CRLS_MAX = 1000, NAME_URI = MXS_DER_CONTEXT | 6 };

/* --- extensions (RFC 5280 5.2) ---------------------------------------------------------------- */

static bool authority_key_id(struct mxs_arena *arena, struct mxs_cursor c, struct mxs_crl *crl)
{
    struct mxs_der seq, id;
    (void)arena;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    if (mxs_der_optional(&in, MXS_DER_CONTEXT | 0, &id))
        crl->aki = id.body;
    return !in.bad;
}

/* [0] DistributionPointName: [0] fullName, whose URIs count; relative names are never seen. */
static bool distribution_point(struct mxs_arena *arena, struct mxs_cursor c, struct mxs_crl *crl)
{
    struct mxs_der names, name;
    if (!mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &names))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &names);
    while (mxs_der_next(&in, &name))
        if (name.tag == NAME_URI)
            *mxs_list_add(arena, &crl->points) = mxs_text_clean(arena, name.body);
    return !in.bad && crl->points.n;
}

/* What else is in it (indirect CRLs, some reasons only) is not processed. */
static bool issuing_point(struct mxs_arena *arena, struct mxs_cursor c, struct mxs_crl *crl)
{
    struct mxs_der seq, value;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    if (mxs_der_optional(&in, MXS_DER_CONTEXT_CONSTRUCTED | 0, &value) &&
        !distribution_point(arena, mxs_der_enter(&in, &value), crl))
        return false;
    crl->only_users = mxs_der_optional(&in, MXS_DER_CONTEXT | 1, &value);
    crl->only_cas = mxs_der_optional(&in, MXS_DER_CONTEXT | 2, &value);
    if (mxs_der_peek(&in) != (MXS_DER_CONTEXT | 5))
        return !in.bad && !mxs_cursor_left(&in);
    crl->only_attributes = mxs_der_optional(&in, MXS_DER_CONTEXT | 5, &value);
    return !in.bad && !mxs_cursor_left(&in);
}

static bool known(struct mxs_arena *arena, const struct mxs_cert_extension *e, struct mxs_crl *crl)
{
    struct mxs_cursor c = mxs_cursor(e->octets.body);
    if (strcmp(e->oid, "2.5.29.35") == 0)
        return authority_key_id(arena, c, crl);
    if (strcmp(e->oid, "2.5.29.28") == 0)
        return issuing_point(arena, c, crl);
    crl->delta = crl->delta || strcmp(e->oid, "2.5.29.27") == 0;
    return crl->delta || strcmp(e->oid, "2.5.29.20") == 0; /* its number */
}

static bool extensions(struct mxs_arena *arena, struct mxs_cursor *tbs, struct mxs_crl *crl)
{
    struct mxs_der tagged, list;
    struct mxs_cert_extension e;
    if (!mxs_der_optional(tbs, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return !tbs->bad && !mxs_cursor_left(tbs);
    struct mxs_cursor in = mxs_der_enter(tbs, &tagged);
    if (mxs_cursor_left(tbs) || !mxs_der_expect(&in, MXS_DER_SEQUENCE, &list) || mxs_cursor_left(&in))
        return false;
    in = mxs_der_enter(&in, &list);
    while (mxs_cert_extension_next(arena, &in, &e))
        if (!known(arena, &e, crl) && e.critical && !crl->unknown_critical)
            crl->unknown_critical = e.oid;
    return !in.bad;
}

/* --- the list --------------------------------------------------------------------------------- */

/* The next revoked certificate: its serial number and since when. */
static bool next_entry(struct mxs_cursor *c, struct mxs_bytes *serial, int64_t *since)
{
    struct mxs_der entry, number, when;
    if (!mxs_cursor_left(c) || !mxs_der_expect(c, MXS_DER_SEQUENCE, &entry))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &entry);
    bool good = mxs_der_expect(&in, MXS_DER_INTEGER, &number) && mxs_der_next(&in, &when) &&
                mxs_der_time(&when, since);
    *serial = number.body;
    c->bad = c->bad || !good;
    return good;
}

static bool entries(struct mxs_cursor *tbs, struct mxs_crl *crl)
{
    struct mxs_der list;
    struct mxs_bytes serial;
    int64_t since;
    if (!mxs_der_optional(tbs, MXS_DER_SEQUENCE, &list))
        return !tbs->bad;
    struct mxs_cursor in = mxs_cursor(list.body);
    crl->revoked = list.body;
    while (next_entry(&in, &serial, &since))
        crl->n++;
    return !in.bad;
}

static bool times(struct mxs_cursor *tbs, struct mxs_crl *crl)
{
    struct mxs_der t;
    crl->next_update = -1;
    if (!mxs_der_next(tbs, &t) || !mxs_der_time(&t, &crl->this_update))
        return false;
    unsigned tag = mxs_der_peek(tbs);
    if (tag != MXS_DER_UTC_TIME && tag != MXS_DER_GENERALIZED_TIME)
        return !tbs->bad;
    return mxs_der_next(tbs, &t) && mxs_der_time(&t, &crl->next_update);
}

/* What part of the TBSCertList is broken; NULL when none. */
static const char *parse_tbs(struct mxs_arena *arena, struct mxs_cursor tbs, struct mxs_crl *crl)
{
    struct mxs_der value;
    mxs_der_optional(&tbs, MXS_DER_INTEGER, &value); /* version */
    if (!mxs_der_expect(&tbs, MXS_DER_SEQUENCE, &value) ||
        !mxs_bytes_equal(value.whole, crl->signature_alg))
        return "signature algorithm";
    if (!mxs_der_expect(&tbs, MXS_DER_SEQUENCE, &value))
        return "issuer";
    crl->issuer_raw = value.whole;
    crl->issuer = mxs_dn_text(arena, value.whole);
    if (!crl->issuer)
        return "issuer";
    if (!times(&tbs, crl))
        return "dates";
    if (!entries(&tbs, crl))
        return "list of serial numbers";
    return extensions(arena, &tbs, crl) ? NULL : "extensions";
}

static const char *parse(struct mxs_arena *arena, struct mxs_crl *crl)
{
    struct mxs_der_signed outer;
    const char *wrong = mxs_der_signed(crl->der, &outer);
    if (wrong)
        return wrong;
    crl->tbs = outer.tbs.whole;
    crl->signature_alg = outer.algorithm;
    crl->signature = outer.signature;
    return parse_tbs(arena, outer.inside, crl);
}

enum mxs_err mxs_crl_parse(struct mxs_arena *arena, struct mxs_bytes der, const struct mxs_crl **out,
                           struct mxs_why *why)
{
    if (der.n > MXS_DER_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "not a CRL (too large)");
    struct mxs_crl *crl = MXS_NEW(arena, struct mxs_crl);
    crl->der = mxs_arena_bytes(arena, der);
    const char *broken = parse(arena, crl);
    if (broken)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "not a CRL (%s)", broken);
    mxs_digest_sha256(crl->der, crl->sha256);
    *out = crl;
    return MXS_OK;
}

static enum mxs_err add(struct mxs_arena *arena, const char *where, struct mxs_bytes der,
                        struct mxs_crls *out, struct mxs_why *why)
{
    struct mxs_why inner;
    const struct mxs_crl *crl;
    if (out->list.n == CRLS_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "%s: over %d CRLs", where, CRLS_MAX);
    enum mxs_err err = mxs_crl_parse(arena, der, &crl, &inner);
    if (err)
        return mxs_why_set(why, err, "%s: %s", where, inner.text);
    *mxs_list_add(arena, &out->list) = crl;
    return MXS_OK;
}

enum mxs_err mxs_crl_read(struct mxs_arena *arena, const char *name, struct mxs_bytes text,
                          struct mxs_crls *out, struct mxs_why *why)
{
    static const char *const labels[] = { "X509 CRL", NULL };
    struct mxs_pem pem = { .name = name, .what = "a CRL", .text = text };
    struct mxs_pem_block block;
    enum mxs_err err = MXS_OK;
    size_t before = out->list.n;
    if (mxs_pem_is_der(text))
        return add(arena, name, text, out, why);
    while (!err && mxs_pem_next(arena, &pem, labels, &block, &err, why))
        err = add(arena, mxs_arena_printf(arena, "%s:%u", name, block.line), block.der, out, why);
    if (!err && out->list.n == before)
        err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no CRL in it", name);
    return err;
}

char *mxs_crl_to_pem(struct mxs_arena *arena, const struct mxs_crl *crl)
{
    return mxs_pem_text(arena, "X509 CRL", crl->der);
}

/* --- questions -------------------------------------------------------------------------------- */

int64_t mxs_crl_revoked(const struct mxs_crl *crl, const struct mxs_cert *cert)
{
    struct mxs_cursor c = mxs_cursor(crl->revoked);
    struct mxs_bytes serial;
    int64_t since;
    if (!mxs_bytes_equal(crl->issuer_raw, cert->issuer_raw))
        return -1;
    while (next_entry(&c, &serial, &since))
        if (mxs_bytes_equal(serial, cert->serial_raw))
            return since;
    return -1;
}

bool mxs_crl_covers(const struct mxs_crl *crl, const struct mxs_cert *cert)
{
    if (crl->only_attributes || (cert->ca ? crl->only_users : crl->only_cas))
        return false;
    for (size_t i = 0; i < crl->points.n; i++)
        for (size_t k = 0; k < cert->crl_urls.n; k++)
            if (strcmp(crl->points.v[i], cert->crl_urls.v[k]) == 0)
                return true;
    return !crl->points.n;
}

bool mxs_crl_signed_by(const struct mxs_crl *crl, const struct mxs_cert *issuer)
{
    return mxs_signature_good(issuer->spki, crl->signature_alg, crl->tbs, crl->signature) ||
           (issuer->identity && mxs_signature_good(issuer->identity->spki, crl->signature_alg, crl->tbs,
                                                   crl->signature));
}

/* --- making ----------------------------------------------------------------------------------- */

#define WRAP(arena, tag, ...)                                                                       \
    mxs_der_wrap(arena, tag, (struct mxs_bytes[]){ __VA_ARGS__ },                                   \
                 sizeof((struct mxs_bytes[]){ __VA_ARGS__ }) / sizeof(struct mxs_bytes))

static struct mxs_bytes extension(struct mxs_arena *arena, const char *oid, struct mxs_bytes value)
{
    return WRAP(arena, MXS_DER_SEQUENCE, mxs_der_put_oid(arena, oid),
                mxs_der_value(arena, MXS_DER_OCTET_STRING, value));
}

static struct mxs_bytes put_extensions(struct mxs_arena *arena, const struct mxs_crl_words *w)
{
    struct mxs_bytes id = WRAP(arena, MXS_DER_SEQUENCE,
                               mxs_der_value(arena, MXS_DER_CONTEXT | 0, w->aki));
    struct mxs_bytes aki = w->aki.n ? extension(arena, "2.5.29.35", id) : mxs_bytes(NULL, 0);
    struct mxs_bytes number = extension(arena, "2.5.29.20", mxs_der_put_small(arena, 1));
    return WRAP(arena, MXS_DER_CONTEXT_CONSTRUCTED | 0, WRAP(arena, MXS_DER_SEQUENCE, aki, number));
}

struct mxs_bytes mxs_crl_tbs(struct mxs_arena *arena, const struct mxs_crl_words *w,
                             struct mxs_bytes algorithm)
{
    struct mxs_bytes none = mxs_bytes(NULL, 0), since = mxs_der_put_time(arena, w->this_update);
    struct mxs_bytes list = none;
    if (w->serial.n)
        list = WRAP(arena, MXS_DER_SEQUENCE,
                    WRAP(arena, MXS_DER_SEQUENCE,
                         mxs_der_value(arena, MXS_DER_INTEGER, w->serial), since));
    return WRAP(arena, MXS_DER_SEQUENCE, mxs_der_put_small(arena, 1), algorithm, w->issuer_raw, since,
                mxs_der_put_time(arena, w->next_update), list, put_extensions(arena, w));
}
