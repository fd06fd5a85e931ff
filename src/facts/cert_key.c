/* Keys and signatures: names, weakness, digests, and the one place where certificates meet GnuTLS. */
#include "config.h"

#include "facts/cert_parse.h"
#include "facts/oids.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <stdio.h>
#include <string.h>

enum { RSA_WEAK_BELOW = 2048 };

/* AlgorithmIdentifier: the OID, and a cursor over its parameters. */
static const char *algorithm_parse(struct mxs_arena *arena, struct mxs_bytes algorithm,
                                   struct mxs_cursor *params)
{
    struct mxs_cursor c = mxs_cursor(algorithm);
    struct mxs_der whole, oid;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole) || mxs_cursor_left(&c))
        return NULL;
    *params = mxs_der_enter(&c, &whole);
    return mxs_der_expect(params, MXS_DER_OID, &oid) ? mxs_der_oid(arena, oid.body) : NULL;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, .. }: the modulus' length in bits. */
static unsigned rsa_bits(struct mxs_bytes key)
{
    struct mxs_cursor c = mxs_cursor(key);
    struct mxs_der seq, modulus;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return 0;
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    if (!mxs_der_expect(&in, MXS_DER_INTEGER, &modulus))
        return 0;
    struct mxs_bytes n = modulus.body;
    while (n.n && n.p[0] == 0)
        n = mxs_bytes(n.p + 1, n.n - 1);
    unsigned bits = (unsigned)n.n * 8;
    for (uint8_t top = n.n ? n.p[0] : 0xff; !(top & 0x80); top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

static const char *curve_name(struct mxs_arena *arena, struct mxs_cursor *params)
{
    struct mxs_der oid;
    if (!mxs_der_optional(params, MXS_DER_OID, &oid))
        return "explicit curve";
    const char *dotted = mxs_der_oid(arena, oid.body), *name = mxs_oid_curve(dotted);
    return name ? name : dotted;
}

const char *mxs_spki_name(struct mxs_arena *arena, struct mxs_bytes spki)
{
    struct mxs_cursor c = mxs_cursor(spki), params;
    struct mxs_der whole, algorithm, key;
    struct mxs_bytes bits;
    unsigned unused;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole) || mxs_cursor_left(&c))
        return NULL;
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &algorithm) ||
        !mxs_der_expect(&in, MXS_DER_BIT_STRING, &key) || mxs_cursor_left(&in) ||
        !mxs_der_bits(key.body, &bits, &unused))
        return NULL;
    const char *oid = algorithm_parse(arena, algorithm.whole, &params), *name = mxs_oid_key(oid);
    if (!oid || !name)
        return oid;
    if (strncmp(name, "RSA", 3) == 0)
        return mxs_arena_printf(arena, "%s-%u", name, rsa_bits(bits));
    if (strcmp(name, "EC") == 0)
        return mxs_arena_printf(arena, "ECDSA-%s", curve_name(arena, &params));
    return name;
}

/* RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, .. } (RFC 4055 3.1) */
static const char *pss_hash(struct mxs_arena *arena, struct mxs_cursor *params)
{
    struct mxs_der seq, tagged, algorithm;
    if (!mxs_der_optional(params, MXS_DER_SEQUENCE, &seq))
        return "SHA1";
    struct mxs_cursor in = mxs_der_enter(params, &seq);
    if (!mxs_der_optional(&in, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged))
        return "SHA1";
    struct mxs_cursor inner = mxs_der_enter(&in, &tagged), none;
    if (!mxs_der_expect(&inner, MXS_DER_SEQUENCE, &algorithm))
        return NULL;
    return mxs_oid_hash(algorithm_parse(arena, algorithm.whole, &none));
}

const char *mxs_signature_name(struct mxs_arena *arena, struct mxs_bytes algorithm)
{
    struct mxs_cursor params;
    const char *oid = algorithm_parse(arena, algorithm, &params), *name = mxs_oid_signature(oid);
    if (!name)
        return oid;
    if (strcmp(name, "RSA-PSS") != 0)
        return name;
    const char *hash = pss_hash(arena, &params);
    return mxs_arena_printf(arena, "%s-%s", name, hash ? hash : "unknown");
}

/* --- weakness (CA/B Baseline Requirements 6.1.5, 7.1.3.2; RFC 6194) --------------------------- */

const char *mxs_key_weak(struct mxs_arena *arena, const char *key)
{
    unsigned bits = 0;
    const char *dash = strncmp(key, "RSA", 3) == 0 ? strrchr(key, '-') : NULL;
    bool rsa = dash && sscanf(dash + 1, "%u", &bits) == 1;
    bool small = rsa ? bits < RSA_WEAK_BELOW
                     : strcmp(key, "DSA") == 0 || strcmp(key, "ECDSA-P192") == 0;
    return small ? mxs_arena_printf(arena, "%s key", key) : NULL;
}

const char *mxs_signature_weak(const char *algorithm)
{
    static const struct mxs_oid_name weak[] = {
        { "-SHA1", "SHA-1 signature" },
        { "-MD5", "MD5 signature" },
        { "-MD2", "MD2 signature" },
    };
    for (size_t i = 0; i < MXS_COUNT(weak); i++) {
        const char *at = strstr(algorithm, weak[i].oid);
        if (at && at[strlen(weak[i].oid)] == 0)
            return weak[i].name;
    }
    return NULL;
}

/* --- GnuTLS ----------------------------------------------------------------------------------- */

/* The names of ours that GnuTLS verifies. A PSS signature may stand under a plain RSA key too; then
 * GnuTLS wants its RSAE form. */
static const struct mxs_name gnutls_names[] = {
    { GNUTLS_SIGN_RSA_SHA256, "RSA-SHA256" },
    { GNUTLS_SIGN_RSA_SHA384, "RSA-SHA384" },
    { GNUTLS_SIGN_RSA_SHA512, "RSA-SHA512" },
    { GNUTLS_SIGN_RSA_SHA224, "RSA-SHA224" },
    { GNUTLS_SIGN_RSA_SHA1, "RSA-SHA1" },
    { GNUTLS_SIGN_RSA_MD5, "RSA-MD5" },
    { GNUTLS_SIGN_ECDSA_SHA256, "ECDSA-SHA256" },
    { GNUTLS_SIGN_ECDSA_SHA384, "ECDSA-SHA384" },
    { GNUTLS_SIGN_ECDSA_SHA512, "ECDSA-SHA512" },
    { GNUTLS_SIGN_ECDSA_SHA224, "ECDSA-SHA224" },
    { GNUTLS_SIGN_ECDSA_SHA1, "ECDSA-SHA1" },
    { GNUTLS_SIGN_EDDSA_ED25519, "Ed25519" },
    { GNUTLS_SIGN_EDDSA_ED448, "Ed448" },
    { GNUTLS_SIGN_RSA_PSS_SHA256, "RSA-PSS-SHA256" },
    { GNUTLS_SIGN_RSA_PSS_SHA384, "RSA-PSS-SHA384" },
    { GNUTLS_SIGN_RSA_PSS_SHA512, "RSA-PSS-SHA512" },
    { GNUTLS_SIGN_DSA_SHA1, "DSA-SHA1" },
    { GNUTLS_SIGN_DSA_SHA224, "DSA-SHA224" },
    { GNUTLS_SIGN_DSA_SHA256, "DSA-SHA256" },
    { 0, NULL },
};

static const struct mxs_name gnutls_pss_names[] = {
    { GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, "RSA-PSS-SHA256" },
    { GNUTLS_SIGN_RSA_PSS_RSAE_SHA384, "RSA-PSS-SHA384" },
    { GNUTLS_SIGN_RSA_PSS_RSAE_SHA512, "RSA-PSS-SHA512" },
    { 0, NULL },
};

int mxs_signature_number(const char *name, const char *key)
{
    bool plain_rsa = strncmp(key, "RSA-", 4) == 0 && strncmp(key, "RSA-PSS", 7) != 0;
    int number = plain_rsa ? mxs_name_value(gnutls_pss_names, name) : -1;
    return number >= 0 ? number : mxs_name_value(gnutls_names, name);
}

struct mxs_bytes mxs_signature_identifier(struct mxs_arena *arena, const char *name)
{
    static const uint8_t null[] = { MXS_DER_NULL, 0 };
    const char *oid = mxs_oid_of_signature(name);
    bool rsa = strncmp(name, "RSA-", 4) == 0; /* RFC 4055 5: parameters are NULL; the others have none */
    if (!oid || strncmp(name, "RSA-PSS", 7) == 0)
        return mxs_bytes(NULL, 0);
    struct mxs_bytes parts[] = { mxs_der_put_oid(arena, oid), mxs_bytes(null, rsa ? 2 : 0) };
    return mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 2);
}

static gnutls_datum_t datum(struct mxs_bytes b)
{
    union { /* GnuTLS's type lacks the const */
        const uint8_t *in;
        unsigned char *out;
    } p = { .in = b.p };
    return (gnutls_datum_t){ p.out, (unsigned)b.n };
}

/* RSASSA-PSS-params: [2] saltLength DEFAULT 20, which signers choose as they like (RFC 4055 3.1); -1 for what
 * is none. */
static int pss_salt(struct mxs_arena *arena, struct mxs_bytes algorithm)
{
    struct mxs_cursor params;
    struct mxs_der seq, part, number;
    int salt = 20;
    if (!algorithm_parse(arena, algorithm, &params) || !mxs_der_expect(&params, MXS_DER_SEQUENCE, &seq))
        return -1;
    struct mxs_cursor parts = mxs_der_enter(&params, &seq);
    while (mxs_der_next(&parts, &part)) {
        struct mxs_cursor in = mxs_der_enter(&parts, &part);
        if (part.tag != (MXS_DER_CONTEXT_CONSTRUCTED | 2))
            continue;
        if (!mxs_der_expect(&in, MXS_DER_INTEGER, &number) || !number.body.n || number.body.n > 2)
            return -1;
        salt = number.body.n == 2 ? number.body.p[0] << 8 | number.body.p[1] : number.body.p[0];
    }
    return parts.bad ? -1 : salt;
}

/* GnuTLS takes the salt's length from the key; 0 there means that of the digest. */
static void expect_salt(gnutls_pubkey_t key, int sign, int salt)
{
    gnutls_x509_spki_t spki;
    if (salt <= 0 || gnutls_x509_spki_init(&spki) < 0)
        return;
    gnutls_x509_spki_set_rsa_pss_params(spki, gnutls_sign_get_hash_algorithm((gnutls_sign_algorithm_t)sign),
                                        (unsigned)salt);
    gnutls_pubkey_set_spki(key, spki, 0);
    gnutls_x509_spki_deinit(spki);
}

static bool verify(gnutls_pubkey_t key, int algorithm, struct mxs_bytes data,
                   struct mxs_bytes signature)
{
    gnutls_datum_t d = datum(data), s = datum(signature);
    return algorithm > 0 &&
           gnutls_pubkey_verify_data2(key, (gnutls_sign_algorithm_t)algorithm,
                                      GNUTLS_VERIFY_ALLOW_BROKEN, &d, &s) >= 0;
}

bool mxs_signature_good(struct mxs_bytes spki, struct mxs_bytes algorithm, struct mxs_bytes data,
                        struct mxs_bytes signature)
{
    gnutls_pubkey_t key;
    gnutls_datum_t der = datum(spki);
    struct mxs_arena *arena = mxs_arena_new();
    const char *name = mxs_signature_name(arena, algorithm);
    bool good = false;
    if (name && gnutls_pubkey_init(&key) == 0) {
        bool imported = gnutls_pubkey_import(key, &der, GNUTLS_X509_FMT_DER) == 0;
        if (imported && strncmp(name, "RSA-PSS", 7) == 0)
            expect_salt(key, mxs_name_value(gnutls_names, name), pss_salt(arena, algorithm));
        if (imported)
            good = verify(key, mxs_name_value(gnutls_names, name), data, signature) ||
                   verify(key, mxs_name_value(gnutls_pss_names, name), data, signature);
        gnutls_pubkey_deinit(key);
    }
    mxs_arena_free(arena);
    return good;
}

void mxs_digest_sha256(struct mxs_bytes data, uint8_t out[32])
{
    gnutls_hash_fast(GNUTLS_DIG_SHA256, data.p, data.n, out);
}

void mxs_digest_sha512(struct mxs_bytes data, uint8_t out[64])
{
    gnutls_hash_fast(GNUTLS_DIG_SHA512, data.p, data.n, out);
}
