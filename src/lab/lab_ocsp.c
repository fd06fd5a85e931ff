#include "config.h"

#include "lab/lab_ocsp.h"

#include "base/der.h"

#include <gnutls/crypto.h>

#include <time.h>

#define OID_SHA1 "1.3.14.3.2.26"
#define OID_ECDSA_SHA256 "1.2.840.10045.4.3.2"
#define OID_BASIC "1.3.6.1.5.5.7.48.1.1"

enum { INTEGER = 0x02, OCTETS = 0x04, NULL_TAG = 0x05, ENUMERATED = 0x0a, TIME = 0x18,
       SEQUENCE = 0x30 };

#define WRAP(arena, tag, ...)                                               \
    mxs_der_wrap((arena), (tag), (const struct mxs_bytes[]){ __VA_ARGS__ }, \
                 MXS_COUNT(((const struct mxs_bytes[]){ __VA_ARGS__ })))

static struct mxs_bytes copy(struct mxs_arena *arena, const void *p, size_t n)
{
    return mxs_bytes(mxs_arena_dup(arena, p, n), n);
}

/* RFC 6960 4.2.1 wants GeneralizedTime whatever the year. */
static struct mxs_bytes put_time(struct mxs_arena *arena, int64_t wall)
{
    time_t t = (time_t)wall;
    struct tm tm;
    char text[32] = "";
    if (gmtime_r(&t, &tm))
        strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
    return mxs_der_value(arena, TIME, mxs_bytes_str(mxs_arena_strdup(arena, text)));
}

static struct mxs_bytes sha1(struct mxs_arena *arena, struct mxs_bytes b)
{
    uint8_t digest[20];
    gnutls_hash_fast(GNUTLS_DIG_SHA1, b.p, b.n, digest);
    return mxs_der_value(arena, OCTETS, copy(arena, digest, sizeof digest));
}

static struct mxs_bytes subject(struct mxs_arena *arena, gnutls_x509_crt_t crt)
{
    gnutls_datum_t d = { NULL, 0 };
    if (gnutls_x509_crt_get_raw_dn(crt, &d) < 0)
        return mxs_bytes(NULL, 0);
    struct mxs_bytes b = copy(arena, d.data, d.size);
    gnutls_free(d.data);
    return b;
}

/* The bits of the SubjectPublicKeyInfo's BIT STRING. */
static struct mxs_bytes key_bits(struct mxs_arena *arena, gnutls_x509_crt_t crt)
{
    gnutls_pubkey_t key = NULL;
    gnutls_datum_t d = { NULL, 0 };
    struct mxs_bytes spki = { NULL, 0 }, bits = { NULL, 0 };
    unsigned unused;
    if (gnutls_pubkey_init(&key) >= 0 && gnutls_pubkey_import_x509(key, crt, 0) >= 0 &&
        gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &d) >= 0)
        spki = copy(arena, d.data, d.size);
    gnutls_free(d.data);
    gnutls_pubkey_deinit(key);
    struct mxs_der whole, algorithm, string;
    struct mxs_cursor c = mxs_cursor(spki);
    if (!mxs_der_expect(&c, SEQUENCE, &whole))
        return bits;
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (mxs_der_expect(&in, SEQUENCE, &algorithm) && mxs_der_expect(&in, 0x03, &string))
        mxs_der_bits(string.body, &bits, &unused);
    return bits;
}

/* CertID: which certificate of which issuer (RFC 6960 4.1.1). */
static struct mxs_bytes cert_id(struct mxs_arena *arena, gnutls_x509_crt_t crt,
                                gnutls_x509_crt_t issuer)
{
    uint8_t serial[64];
    size_t n = sizeof serial;
    if (gnutls_x509_crt_get_serial(crt, serial, &n) < 0)
        return mxs_bytes(NULL, 0);
    struct mxs_bytes hash = WRAP(arena, SEQUENCE, mxs_der_put_oid(arena, OID_SHA1),
                                 mxs_der_value(arena, NULL_TAG, mxs_bytes("", 0)));
    return WRAP(arena, SEQUENCE, hash, sha1(arena, subject(arena, issuer)),
                sha1(arena, key_bits(arena, issuer)),
                mxs_der_value(arena, INTEGER, copy(arena, serial, n)));
}

static struct mxs_bytes single(struct mxs_arena *arena, struct mxs_bytes id, bool revoked,
                               struct mxs_lab_span span)
{
    struct mxs_bytes status = revoked ? WRAP(arena, 0xa1, put_time(arena, span.from))
                                      : mxs_der_value(arena, 0x80, mxs_bytes("", 0));
    return WRAP(arena, SEQUENCE, id, status, put_time(arena, span.from),
                WRAP(arena, 0xa0, put_time(arena, span.to)));
}

static struct mxs_bytes sign(struct mxs_arena *arena, struct mxs_bytes tbs,
                             gnutls_x509_privkey_t issuer_key)
{
    gnutls_privkey_t key = NULL;
    gnutls_datum_t data = { mxs_arena_dup(arena, tbs.p, tbs.n), (unsigned)tbs.n };
    gnutls_datum_t d = { NULL, 0 };
    struct mxs_bytes signature = { NULL, 0 };
    if (gnutls_privkey_init(&key) >= 0 && gnutls_privkey_import_x509(key, issuer_key, 0) >= 0 &&
        gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &data, &d) >= 0)
        signature = copy(arena, d.data, d.size);
    gnutls_free(d.data);
    gnutls_privkey_deinit(key);
    return signature;
}

struct mxs_bytes mxs_lab_ocsp(struct mxs_arena *arena, gnutls_x509_crt_t crt,
                              gnutls_x509_crt_t issuer, gnutls_x509_privkey_t issuer_key,
                              bool revoked, struct mxs_lab_span span)
{
    struct mxs_bytes responder = WRAP(arena, 0xa2, sha1(arena, key_bits(arena, issuer)));
    struct mxs_bytes answers =
        WRAP(arena, SEQUENCE, single(arena, cert_id(arena, crt, issuer), revoked, span));
    struct mxs_bytes tbs =
        WRAP(arena, SEQUENCE, responder, put_time(arena, span.from), answers);
    struct mxs_bytes signature = sign(arena, tbs, issuer_key);
    if (signature.n == 0)
        return signature;
    struct mxs_bytes basic =
        WRAP(arena, SEQUENCE, tbs,
             WRAP(arena, SEQUENCE, mxs_der_put_oid(arena, OID_ECDSA_SHA256)),
             mxs_der_put_bits(arena, signature));
    struct mxs_bytes typed = WRAP(arena, SEQUENCE, mxs_der_put_oid(arena, OID_BASIC),
                                  mxs_der_value(arena, OCTETS, basic));
    return WRAP(arena, SEQUENCE, mxs_der_value(arena, ENUMERATED, mxs_bytes("\0", 1)),
                WRAP(arena, 0xa0, typed));
}
