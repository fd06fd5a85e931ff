#include "config.h"

#include "facts/ocsp.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/der_tree.h"
#include "facts/dn.h"
#include "facts/oids.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

enum { SINGLES_MAX = 1000, CERTS_MAX = 20, HASH_MAX = 64 };

static const char basic_oid[] = "1.3.6.1.5.5.7.48.1.1";
static const char ocsp_signing_oid[] = "1.3.6.1.5.5.7.3.9";

static const struct mxs_name response_names[] = { /* RFC 6960 4.2.1 */
    { 0, "successful" }, { 1, "malformedRequest" }, { 2, "internalError" }, { 3, "tryLater" },
    { 5, "sigRequired" }, { 6, "unauthorized" },    { 0, NULL },
};

static const struct mxs_name reasons[] = { /* RFC 5280 5.3.1 */
    { 0, "unspecified" },     { 1, "keyCompromise" },     { 2, "cACompromise" },
    { 3, "affiliationChanged" }, { 4, "superseded" },     { 5, "cessationOfOperation" },
    { 6, "certificateHold" }, { 8, "removeFromCRL" },     { 9, "privilegeWithdrawn" },
    { 10, "aACompromise" },   { 0, NULL },
};

static const struct mxs_name statuses[] = {
    { MXS_OCSP_CERT_GOOD, "good" },
    { MXS_OCSP_CERT_REVOKED, "revoked" },
    { MXS_OCSP_CERT_UNKNOWN, "unknown" },
    { 0, NULL },
};

const char *mxs_ocsp_status_name(enum mxs_ocsp_cert_status status)
{
    return mxs_name_of(statuses, (int)status);
}

/* Facts and field tree come from one walk: every step adds its field when there is a tree. */
struct walk {
    struct mxs_arena *arena;
    struct mxs_ocsp_response *out;
    struct mxs_der_tree tree;
    struct mxs_field *at; /* NULL: no tree is wanted */
};

static struct mxs_field *add(struct walk *w, struct mxs_field *parent, const char *name,
                             const struct mxs_der *value, const char *text)
{
    return parent ? mxs_der_add(&w->tree, parent, name, value, text) : NULL;
}

/* --- one SingleResponse (RFC 6960 4.2.1) ------------------------------------------------------ */

static bool cert_id(struct walk *w, struct mxs_cursor *c, struct mxs_ocsp_single *s,
                    struct mxs_field *f)
{
    struct mxs_der id, algorithm, name, key, serial, oid;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &id))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &id);
    if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &algorithm) ||
        !mxs_der_expect(&in, MXS_DER_OCTET_STRING, &name) ||
        !mxs_der_expect(&in, MXS_DER_OCTET_STRING, &key) ||
        !mxs_der_expect(&in, MXS_DER_INTEGER, &serial))
        return false;
    struct mxs_cursor alg = mxs_der_enter(&in, &algorithm);
    const char *dotted = mxs_der_expect(&alg, MXS_DER_OID, &oid) ? mxs_der_oid(w->arena, oid.body)
                                                                 : NULL;
    const char *hash = mxs_oid_hash(dotted);
    s->hash = hash ? hash : dotted;
    s->name_hash = name.body;
    s->key_hash = key.body;
    s->serial_raw = serial.body;
    struct mxs_bytes shown = serial.body;
    if (shown.n > 1 && shown.p[0] == 0)
        shown = mxs_bytes(shown.p + 1, shown.n - 1);
    s->serial = mxs_der_hex(w->arena, shown);
    struct mxs_field *g = add(w, f, "certID", &id, s->serial);
    add(w, g, "hashAlgorithm", &algorithm, s->hash);
    add(w, g, "issuerNameHash", &name, mxs_der_hex(w->arena, name.body));
    add(w, g, "issuerKeyHash", &key, mxs_der_hex(w->arena, key.body));
    add(w, g, "serialNumber", &serial, s->serial);
    return s->hash != NULL;
}

/* RevokedInfo ::= SEQUENCE { revocationTime, [0] EXPLICIT CRLReason OPTIONAL } */
static bool revoked_info(struct walk *w, struct mxs_cursor c, struct mxs_ocsp_single *s,
                         struct mxs_field *f)
{
    struct mxs_der when, tagged, reason;
    if (!mxs_der_next(&c, &when) || !mxs_der_time(&when, &s->revoked))
        return false;
    add(w, f, "revocationTime", &when, mxs_der_time_text(w->arena, &when));
    if (!mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return !c.bad;
    struct mxs_cursor in = mxs_der_enter(&c, &tagged);
    if (!mxs_der_expect(&in, MXS_DER_ENUMERATED, &reason))
        return false;
    s->reason = mxs_name_of(reasons, (int)mxs_der_small(reason.body));
    s->reason = s->reason ? s->reason : mxs_der_number(w->arena, &reason);
    add(w, f, "revocationReason", &reason, s->reason);
    return true;
}

static bool cert_status(struct walk *w, struct mxs_cursor *c, struct mxs_ocsp_single *s,
                        struct mxs_field *f)
{
    struct mxs_der v;
    if (!mxs_der_next(c, &v) || (v.tag & 0xc0) != 0x80 || (v.tag & 0x1f) > MXS_OCSP_CERT_UNKNOWN)
        return false;
    s->status = (enum mxs_ocsp_cert_status)(v.tag & 0x1f);
    f = add(w, f, "certStatus", &v, mxs_ocsp_status_name(s->status));
    return s->status != MXS_OCSP_CERT_REVOKED || revoked_info(w, mxs_der_enter(c, &v), s, f);
}

static bool updates(struct walk *w, struct mxs_cursor *c, struct mxs_ocsp_single *s,
                    struct mxs_field *f)
{
    struct mxs_der v, tagged;
    if (!mxs_der_next(c, &v) || !mxs_der_time(&v, &s->this_update))
        return false;
    add(w, f, "thisUpdate", &v, mxs_der_time_text(w->arena, &v));
    if (!mxs_der_optional(c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return !c->bad;
    struct mxs_cursor in = mxs_der_enter(c, &tagged);
    if (!mxs_der_next(&in, &v) || !mxs_der_time(&v, &s->next_update))
        return false;
    add(w, f, "nextUpdate", &v, mxs_der_time_text(w->arena, &v));
    return true;
}

/* [tag] EXPLICIT Extensions OPTIONAL */
static bool extensions(struct walk *w, struct mxs_cursor *c, unsigned tag, struct mxs_field *f)
{
    struct mxs_der tagged, list;
    if (!mxs_der_optional(c, MXS_DER_CONTEXT_CONSTRUCTED | tag, &tagged))
        return !c->bad;
    struct mxs_cursor in = mxs_der_enter(c, &tagged);
    bool good = mxs_der_expect(&in, MXS_DER_SEQUENCE, &list);
    if (good && f)
        mxs_der_extensions(&w->tree, f, &list);
    return good;
}

static bool single_response(struct walk *w, struct mxs_cursor *c, struct mxs_field *parent)
{
    struct mxs_der v;
    struct mxs_ocsp_single s = { .next_update = -1, .revoked = -1 };
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &v))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &v);
    struct mxs_field *f = add(w, parent, "SingleResponse", &v, NULL);
    if (!cert_id(w, &in, &s, f) || !cert_status(w, &in, &s, f) || !updates(w, &in, &s, f) ||
        !extensions(w, &in, 1, f))
        return false;
    if (f)
        f->value = mxs_ocsp_status_name(s.status);
    *mxs_list_add(w->arena, &w->out->singles) = s;
    return !mxs_cursor_left(&in);
}

/* --- the basic response ----------------------------------------------------------------------- */

static bool responder_id(struct walk *w, struct mxs_cursor *c, struct mxs_field *f)
{
    struct mxs_der tagged, value;
    if (!mxs_der_next(c, &tagged))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &tagged);
    if (!mxs_der_next(&in, &value))
        return false;
    if (tagged.tag == (MXS_DER_CONTEXT_CONSTRUCTED | 1)) {
        w->out->responder_name = value.whole;
        w->out->responder = mxs_dn_text(w->arena, value.whole);
    } else if (tagged.tag == (MXS_DER_CONTEXT_CONSTRUCTED | 2)) {
        w->out->responder_key = value.body;
        w->out->responder = mxs_der_hex(w->arena, value.body);
    }
    if (w->out->responder)
        add(w, f, w->out->responder_key.n ? "byKey" : "byName", &tagged, w->out->responder);
    return w->out->responder != NULL;
}

static bool response_data(struct walk *w, const struct mxs_der *tbs, struct mxs_field *parent)
{
    struct mxs_cursor c = mxs_cursor(tbs->body);
    struct mxs_der v;
    struct mxs_field *f = add(w, parent, "tbsResponseData", tbs, NULL);
    if (mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &v))
        add(w, f, "version", &v, mxs_der_hex(w->arena, v.body));
    if (!responder_id(w, &c, f) || !mxs_der_next(&c, &v) || !mxs_der_time(&v, &w->out->produced_at))
        return false;
    add(w, f, "producedAt", &v, mxs_der_time_text(w->arena, &v));
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &v))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &v);
    f = add(w, f, "responses", &v, NULL);
    while (mxs_cursor_left(&in))
        if (w->out->singles.n == SINGLES_MAX || !single_response(w, &in, f))
            return false;
    return extensions(w, &c, 1, f ? f->parent : NULL) && !mxs_cursor_left(&c);
}

static bool certificates(struct walk *w, struct mxs_cursor *c, struct mxs_field *parent)
{
    struct mxs_der tagged, list, one;
    if (!mxs_der_optional(c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return !c->bad && !mxs_cursor_left(c);
    struct mxs_cursor outer = mxs_der_enter(c, &tagged);
    if (!mxs_der_expect(&outer, MXS_DER_SEQUENCE, &list))
        return false;
    struct mxs_cursor in = mxs_der_enter(&outer, &list);
    struct mxs_field *f = add(w, parent, "certs", &tagged, NULL);
    while (mxs_der_next(&in, &one) && w->out->certs.n < CERTS_MAX) {
        const struct mxs_cert *cert;
        if (mxs_cert_parse(w->arena, one.whole, &cert, NULL) != MXS_OK)
            return false;
        *mxs_list_add(w->arena, &w->out->certs) = cert;
        add(w, f, "Certificate", &one, cert->subject);
    }
    return !in.bad;
}

static bool basic_response(struct walk *w, struct mxs_bytes der, struct mxs_field *parent)
{
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der whole, tbs, algorithm, bits;
    unsigned unused;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole) || mxs_cursor_left(&c))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    struct mxs_field *f = add(w, parent, "BasicOCSPResponse", &whole, NULL);
    if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &tbs) ||
        !mxs_der_expect(&in, MXS_DER_SEQUENCE, &algorithm) ||
        !mxs_der_expect(&in, MXS_DER_BIT_STRING, &bits) || !response_data(w, &tbs, f))
        return false;
    w->out->signed_data = tbs.whole;
    w->out->signature_alg = algorithm.whole;
    w->out->signature_algorithm = mxs_signature_name(w->arena, algorithm.whole);
    if (!w->out->signature_algorithm || !mxs_der_bits(bits.body, &w->out->signature, &unused))
        return false;
    if (f)
        mxs_der_algorithm(&w->tree, f, "signatureAlgorithm", &algorithm,
                          w->out->signature_algorithm);
    add(w, f, "signature", &bits, mxs_der_hex(w->arena, w->out->signature));
    return certificates(w, &in, f);
}

/* OCSPResponse ::= SEQUENCE { responseStatus, [0] { responseType OID, response OCTET STRING } } */
static bool response(struct walk *w, struct mxs_bytes der)
{
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der whole, status, tagged, seq, type, octets;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole) || mxs_cursor_left(&c))
        return false;
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (!mxs_der_expect(&in, MXS_DER_ENUMERATED, &status))
        return false;
    w->out->response_status = (int)mxs_der_small(status.body);
    const char *name = mxs_name_of(response_names, w->out->response_status);
    w->out->response_name = name ? name : mxs_der_number(w->arena, &status);
    add(w, w->at, "responseStatus", &status, w->out->response_name);
    if (w->out->response_status != 0)
        return !mxs_cursor_left(&in);
    if (!mxs_der_expect(&in, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged) || mxs_cursor_left(&in))
        return false;
    in = mxs_der_enter(&in, &tagged);
    if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &seq))
        return false;
    in = mxs_der_enter(&in, &seq);
    if (!mxs_der_expect(&in, MXS_DER_OID, &type) ||
        !mxs_der_expect(&in, MXS_DER_OCTET_STRING, &octets))
        return false;
    const char *oid = mxs_der_oid_text(w->arena, &type);
    add(w, w->at, "responseType", &type, oid);
    return strcmp(oid, basic_oid) == 0 && basic_response(w, octets.body, w->at);
}

enum mxs_err mxs_ocsp_parse(struct mxs_arena *arena, struct mxs_bytes der, struct mxs_ocsp_response *out,
                            struct mxs_why *why)
{
    struct walk w = { .arena = arena, .out = out };
    memset(out, 0, sizeof *out);
    if (!response(&w, mxs_arena_bytes(arena, der)))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "not an OCSP response");
    return MXS_OK;
}

struct mxs_field *mxs_ocsp_fields(struct mxs_arena *arena, struct mxs_bytes der, size_t base_off)
{
    struct mxs_ocsp_response facts = { 0 };
    struct walk w = { arena, &facts, { arena, der.p, base_off }, mxs_field_new(arena, "OCSPResponse") };
    w.at->off = base_off;
    w.at->len = der.n;
    if (!response(&w, der))
        mxs_field_malformed(arena, w.at, base_off, "an OCSPResponse (RFC 6960 4.2.1)");
    w.at->value = facts.singles.n ? mxs_ocsp_status_name(facts.singles.v[0].status)
                                  : facts.response_name;
    return w.at;
}

/* --- whose it is ------------------------------------------------------------------------------ */

static bool hash_is(const char *name, struct mxs_bytes data, struct mxs_bytes expected)
{
    static const struct mxs_name digests[] = {
        { GNUTLS_DIG_SHA1, "SHA1" },     { GNUTLS_DIG_SHA256, "SHA256" },
        { GNUTLS_DIG_SHA384, "SHA384" }, { GNUTLS_DIG_SHA512, "SHA512" },
        { 0, NULL },
    };
    uint8_t out[HASH_MAX];
    int digest = mxs_name_value(digests, name);
    if (digest < 0 || gnutls_hash_fast((gnutls_digest_algorithm_t)digest, data.p, data.n, out) != 0)
        return false;
    size_t n = gnutls_hash_get_len((gnutls_digest_algorithm_t)digest);
    return mxs_bytes_equal(expected, mxs_bytes(out, n));
}

/* The BIT STRING of a SubjectPublicKeyInfo without tag, length and unused bits (RFC 6960 4.1.1). */
static struct mxs_bytes key_bits(struct mxs_bytes spki)
{
    struct mxs_cursor c = mxs_cursor(spki);
    struct mxs_der whole, algorithm, key;
    struct mxs_bytes bits = { NULL, 0 };
    unsigned unused;
    mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole);
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (mxs_der_next(&in, &algorithm) && mxs_der_expect(&in, MXS_DER_BIT_STRING, &key))
        mxs_der_bits(key.body, &bits, &unused);
    return bits;
}

const struct mxs_ocsp_single *mxs_ocsp_find(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *cert,
                                            const struct mxs_cert *issuer)
{
    for (size_t i = 0; i < ocsp->singles.n; i++) {
        const struct mxs_ocsp_single *s = &ocsp->singles.v[i];
        if (mxs_bytes_equal(s->serial_raw, cert->serial_raw) &&
            hash_is(s->hash, cert->issuer_raw, s->name_hash) &&
            hash_is(s->hash, key_bits(issuer->spki), s->key_hash))
            return s;
    }
    return NULL;
}

static bool is_responder(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *cert)
{
    if (ocsp->responder_name.n)
        return mxs_bytes_equal(ocsp->responder_name, cert->subject_raw);
    return hash_is("SHA1", key_bits(cert->spki), ocsp->responder_key);
}

static bool signed_with(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *cert)
{
    return is_responder(ocsp, cert) &&
           mxs_signature_good(cert->spki, ocsp->signature_alg, ocsp->signed_data, ocsp->signature);
}

static bool may_sign(const struct mxs_cert *cert)
{
    for (size_t i = 0; i < cert->eku_oids.n; i++)
        if (strcmp(cert->eku_oids.v[i], ocsp_signing_oid) == 0)
            return true;
    return false;
}

bool mxs_ocsp_signed_by(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *issuer)
{
    if (signed_with(ocsp, issuer))
        return true;
    for (size_t i = 0; i < ocsp->certs.n; i++) {
        const struct mxs_cert *c = ocsp->certs.v[i];
        if (may_sign(c) && mxs_bytes_equal(c->issuer_raw, issuer->subject_raw) &&
            signed_with(ocsp, c) && mxs_cert_signed_by(c, issuer))
            return true;
    }
    return false;
}
