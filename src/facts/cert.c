/* Certificate (RFC 5280 4.1) by our own walk: raw slices for everything that is compared or rebuilt
 * byte for byte, and no library object behind a fact that only a view wants. */
#include "config.h"

#include "facts/cert.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/dn.h"
#include "facts/oids.h"

#include <string.h>

enum { SERIAL_SHOWN = 64, VERSION_MAX = 3 };

/* Version ::= [0] EXPLICIT INTEGER DEFAULT v1(0) */
static bool parse_version(struct mxs_cursor *tbs, struct mxs_cert *cert)
{
    struct mxs_der tagged, number;
    cert->version = 1;
    if (!mxs_der_optional(tbs, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return !tbs->bad;
    struct mxs_cursor in = mxs_der_enter(tbs, &tagged);
    if (!mxs_der_expect(&in, MXS_DER_INTEGER, &number) || mxs_cursor_left(&in))
        return false;
    long v = mxs_der_small(number.body);
    cert->version = (unsigned)v + 1;
    return v >= 0 && v < VERSION_MAX;
}

static bool parse_validity(struct mxs_cursor *tbs, struct mxs_cert *cert)
{
    struct mxs_der validity, from, until;
    if (!mxs_der_expect(tbs, MXS_DER_SEQUENCE, &validity))
        return false;
    struct mxs_cursor in = mxs_der_enter(tbs, &validity);
    return mxs_der_next(&in, &from) && mxs_der_next(&in, &until) && !mxs_cursor_left(&in) &&
           mxs_der_time(&from, &cert->not_before) && mxs_der_time(&until, &cert->not_after);
}

static bool parse_serial(struct mxs_arena *arena, struct mxs_cursor *tbs, struct mxs_cert *cert)
{
    struct mxs_der serial;
    if (!mxs_der_expect(tbs, MXS_DER_INTEGER, &serial) || serial.body.n == 0)
        return false;
    struct mxs_bytes shown = cert->serial_raw = serial.body;
    if (shown.n > 1 && shown.p[0] == 0) /* the sign octet is no part of the number */
        shown = mxs_bytes(shown.p + 1, shown.n - 1);
    shown.n = shown.n > SERIAL_SHOWN ? SERIAL_SHOWN : shown.n;
    cert->serial = mxs_hex(arena, shown);
    return true;
}

static bool parse_name(struct mxs_arena *arena, struct mxs_cursor *tbs, struct mxs_bytes *raw,
                       const char **text)
{
    struct mxs_der name;
    if (!mxs_der_expect(tbs, MXS_DER_SEQUENCE, &name))
        return false;
    *raw = name.whole;
    *text = mxs_dn_text(arena, name.whole);
    return *text != NULL;
}

/* Unique identifiers (v2, v3; never seen) are skipped; extensions only in v3. */
static bool parse_tail(struct mxs_cursor *tbs, struct mxs_cert *cert)
{
    struct mxs_der value, list;
    mxs_der_optional(tbs, MXS_DER_CONTEXT | 1, &value);
    mxs_der_optional(tbs, MXS_DER_CONTEXT | 2, &value);
    if (mxs_der_optional(tbs, MXS_DER_CONTEXT_CONSTRUCTED | 3, &value)) {
        struct mxs_cursor in = mxs_der_enter(tbs, &value);
        if (cert->version != 3 || !mxs_der_expect(&in, MXS_DER_SEQUENCE, &list) ||
            mxs_cursor_left(&in))
            return false;
        cert->extensions_raw = list.whole;
    }
    return !tbs->bad && !mxs_cursor_left(tbs);
}

/* What part of the TBSCertificate is broken; NULL when none. */
static const char *parse_tbs(struct mxs_arena *arena, struct mxs_cursor tbs, struct mxs_cert *cert)
{
    struct mxs_der value;
    if (!parse_version(&tbs, cert))
        return "version";
    if (!parse_serial(arena, &tbs, cert))
        return "serial number";
    if (!mxs_der_expect(&tbs, MXS_DER_SEQUENCE, &value))
        return "signature algorithm";
    if (!mxs_bytes_equal(value.whole, cert->signature_alg)) /* RFC 5280 4.1.1.2 */
        return "signature algorithm: inside and outside differ";
    if (!parse_name(arena, &tbs, &cert->issuer_raw, &cert->issuer))
        return "issuer";
    if (!parse_validity(&tbs, cert))
        return "validity";
    if (!parse_name(arena, &tbs, &cert->subject_raw, &cert->subject))
        return "subject";
    if (!mxs_der_expect(&tbs, MXS_DER_SEQUENCE, &value))
        return "public key";
    cert->spki = value.whole;
    cert->key = mxs_spki_name(arena, cert->spki);
    if (!cert->key)
        return "public key";
    return parse_tail(&tbs, cert) ? NULL : "extensions";
}

static const char *parse_outer(struct mxs_arena *arena, struct mxs_cert *cert)
{
    struct mxs_der_signed outer;
    const char *wrong = mxs_der_signed(cert->der, &outer);
    if (wrong)
        return wrong;
    cert->tbs = outer.tbs.whole;
    cert->signature_alg = outer.algorithm;
    cert->signature = outer.signature;
    cert->signature_algorithm = mxs_signature_name(arena, outer.algorithm);
    if (!cert->signature_algorithm)
        return "signature algorithm";
    return parse_tbs(arena, outer.inside, cert);
}

static void derive(struct mxs_arena *arena, struct mxs_cert *cert)
{
    cert->cn = mxs_dn_attribute(arena, cert->subject_raw, "2.5.4.3");
    cert->self_issued = mxs_bytes_equal(cert->subject_raw, cert->issuer_raw);
    mxs_digest_sha256(cert->der, cert->sha256);
    mxs_digest_sha256(cert->spki, cert->spki_sha256);
    cert->weak = mxs_key_weak(arena, cert->key);
    if (!cert->weak && !cert->self_issued)
        cert->weak = mxs_signature_weak(cert->signature_algorithm);
}

enum mxs_err mxs_cert_parse(struct mxs_arena *arena, struct mxs_bytes der,
                            const struct mxs_cert **out, struct mxs_why *why)
{
    if (der.n > MXS_DER_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "not a certificate (too large)");
    struct mxs_cert *cert = MXS_NEW(arena, struct mxs_cert);
    cert->der = mxs_arena_bytes(arena, der);
    cert->path_length = -1;
    const char *broken = parse_outer(arena, cert);
    if (broken)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "not a certificate (%s)", broken);
    enum mxs_err err = mxs_cert_extensions_parse(arena, cert, why);
    if (err)
        return err;
    derive(arena, cert);
    *out = cert;
    return MXS_OK;
}

/* --- names of bits ---------------------------------------------------------------------------- */

static const char *const key_usage_bits[] = {
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
    "keyAgreement",     "keyCertSign",    "cRLSign",         "encipherOnly",
    "decipherOnly",
};

static const struct mxs_name eku_bits[] = {
    { MXS_EKU_SERVER_AUTH, "serverAuth" },
    { MXS_EKU_CLIENT_AUTH, "clientAuth" },
    { MXS_EKU_ANY, "anyExtendedKeyUsage" },
    { MXS_EKU_EMAIL, "emailProtection" },
    { 0, NULL },
};

struct mxs_strs mxs_cert_eku_names(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    struct mxs_strs names = { 0 };
    for (const struct mxs_name *bit = eku_bits; bit->name; bit++)
        if (cert->eku & (unsigned)bit->value)
            *mxs_list_add(arena, &names) = bit->name;
    for (size_t i = 0; i < cert->eku_oids.n; i++) {
        const char *name = mxs_oid_eku(cert->eku_oids.v[i]);
        if (!name || mxs_name_value(eku_bits, name) < 0)
            *mxs_list_add(arena, &names) = name ? name : cert->eku_oids.v[i];
    }
    return names;
}

struct mxs_strs mxs_cert_key_usage_names(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    struct mxs_strs names = { 0 };
    for (unsigned i = 0; i < MXS_COUNT(key_usage_bits); i++)
        if (cert->key_usage & 1u << i)
            *mxs_list_add(arena, &names) = key_usage_bits[i];
    return names;
}

/* --- signatures and identity ------------------------------------------------------------------ */

const struct mxs_cert_identity *mxs_cert_identity(const struct mxs_cert *cert,
                                                  struct mxs_cert_identity *own)
{
    if (cert->identity)
        return cert->identity;
    *own = (struct mxs_cert_identity){ .der = cert->der, .spki = cert->spki };
    memcpy(own->sha256, cert->sha256, sizeof own->sha256);
    memcpy(own->spki_sha256, cert->spki_sha256, sizeof own->spki_sha256);
    mxs_digest_sha512(cert->der, own->sha512);
    mxs_digest_sha512(cert->spki, own->spki_sha512);
    return own;
}

bool mxs_cert_signed_by_spki(const struct mxs_cert *cert, struct mxs_bytes spki)
{
    if (cert->identity && spki.n && mxs_bytes_equal(cert->identity->signer_spki, spki))
        return true;
    return mxs_signature_good(spki, cert->signature_alg, cert->tbs, cert->signature);
}

bool mxs_cert_signed_by(const struct mxs_cert *cert, const struct mxs_cert *issuer)
{
    return mxs_cert_signed_by_spki(cert, issuer->spki);
}
