#include "config.h"

#include "lab/lab_pki.h"

#include "base/buf.h"
#include "base/text.h"
#include "lab/lab_ocsp.h"

#include <gnutls/crypto.h>

#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)

struct cert {
    const struct mxs_lab_cert_plan *plan;
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

struct mxs_lab_pki {
    struct cert *v;
    size_t n;
    struct mxs_lab_span answers; /* when OCSP answers are current */
};

struct mxs_lab_span mxs_lab_span(const struct mxs_clock *clock, int64_t before, int64_t after)
{
    const struct mxs_clock *real = mxs_clock_real();
    int64_t now = clock->wall(clock), machine = real->wall(real);
    struct mxs_lab_span span = { now - before, now + after };
    if (machine - DAY < span.from)
        span.from = machine - DAY;
    if (machine + DAY > span.to)
        span.to = machine + DAY;
    return span;
}

static struct cert *find(const struct mxs_lab_pki *pki, const char *name)
{
    for (size_t i = 0; i < pki->n; i++)
        if (strcmp(pki->v[i].plan->name, name) == 0)
            return &pki->v[i];
    return NULL;
}

/* The issuer's row; the certificate itself when it is self-signed. */
static struct cert *issuer_of(const struct mxs_lab_pki *pki, struct cert *cert)
{
    if (strcmp(cert->plan->issuer, "self") == 0)
        return cert;
    return find(pki, cert->plan->issuer);
}

static struct mxs_lab_span validity(const struct mxs_lab_cert_plan *plan,
                                    const struct mxs_clock *clock)
{
    struct mxs_lab_span now = mxs_lab_span(clock, 0, 0);
    if (plan->validity == MXS_LAB_EXPIRED)
        return (struct mxs_lab_span){ now.from - 91 * DAY, now.from - DAY };
    if (plan->validity == MXS_LAB_FUTURE)
        return (struct mxs_lab_span){ now.to + 30 * DAY, now.to + 120 * DAY };
    return plan->ca ? mxs_lab_span(clock, 730 * DAY, 3650 * DAY)
                    : mxs_lab_span(clock, 10 * DAY, 80 * DAY);
}

static int set_names(gnutls_x509_crt_t crt, const struct mxs_lab_cert_plan *plan)
{
    int rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, plan->cn,
                                           (unsigned)strlen(plan->cn));
    if (plan->ca && rc >= 0)
        rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
                                           "mxscope lab", 11);
    for (const char *p = plan->dns; p && *p && rc >= 0;) {
        size_t n = strcspn(p, " ");
        rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, p, (unsigned)n,
                                                  GNUTLS_FSAN_APPEND);
        p += n + strspn(p + n, " ");
    }
    return rc;
}

static int set_purposes(gnutls_x509_crt_t crt, const struct mxs_lab_cert_plan *plan)
{
    int rc = 0;
    if (plan->eku && strstr(plan->eku, "server"))
        rc = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (plan->eku && strstr(plan->eku, "client") && rc >= 0)
        rc = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_CLIENT, 0);
    return rc;
}

static int set_usage(gnutls_x509_crt_t crt, const struct mxs_lab_cert_plan *plan)
{
    unsigned usage = plan->ca ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                              : GNUTLS_KEY_DIGITAL_SIGNATURE;
    if (plan->rsa)
        usage |= GNUTLS_KEY_KEY_ENCIPHERMENT;
    int rc = gnutls_x509_crt_set_key_usage(crt, usage);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_basic_constraints(crt, plan->ca, plan->ca ? plan->path_length
                                                                           : -1);
    return rc;
}

static int set_serial(gnutls_x509_crt_t crt)
{
    uint8_t serial[16];
    int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and always of the same length */
    return rc < 0 ? rc : gnutls_x509_crt_set_serial(crt, serial, sizeof serial);
}

static int set_key_ids(gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer)
{
    uint8_t id[64];
    size_t n = sizeof id;
    int rc = gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA1, id, &n);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_subject_key_id(crt, id, n);
    n = sizeof id;
    if (rc >= 0)
        rc = gnutls_x509_crt_get_key_id(issuer, GNUTLS_KEYID_USE_SHA1, id, &n);
    return rc < 0 ? rc : gnutls_x509_crt_set_authority_key_id(crt, id, n);
}

/* An extension of a private OID (documentation arc, RFC 5612) whose only merit is its size. */
static int set_padding(gnutls_x509_crt_t crt, int size)
{
    if (size <= 0)
        return 0;
    size_t n = (size_t)size;
    uint8_t *octets = mxs_alloc(n + 5); /* OCTET STRING with a length of three bytes */
    octets[0] = 0x04;
    octets[1] = 0x83;
    for (int i = 0; i < 3; i++)
        octets[2 + i] = (uint8_t)(n >> (16 - 8 * i));
    int rc = gnutls_x509_crt_set_extension_by_oid(crt, "1.3.6.1.4.1.32473.1", octets, n + 5, 0);
    mxs_realloc(octets, 0);
    return rc;
}

/* A chain that was made elsewhere: crt is its leaf. */
static int import(struct cert *cert)
{
    const char *pem = cert->plan->pem, *key = cert->plan->key_pem;
    gnutls_datum_t p = { (uint8_t *)(uintptr_t)pem, (unsigned)strlen(pem) };
    gnutls_datum_t k = { (uint8_t *)(uintptr_t)key, (unsigned)strlen(key) };
    int rc = gnutls_x509_crt_import(cert->crt, &p, GNUTLS_X509_FMT_PEM);
    return rc < 0 ? rc : gnutls_x509_privkey_import2(cert->key, &k, GNUTLS_X509_FMT_PEM, NULL, 0);
}

static int make_key(struct cert *cert)
{
    int rc = gnutls_x509_privkey_init(&cert->key);
    if (rc < 0)
        return rc;
    if (cert->plan->pem)
        return import(cert);
    if (cert->plan->rsa)
        return gnutls_x509_privkey_generate(cert->key, GNUTLS_PK_RSA, 2048, 0);
    return gnutls_x509_privkey_generate(
        cert->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static int set_aia(gnutls_x509_crt_t crt, const char *url)
{
    gnutls_datum_t d = { (uint8_t *)(uintptr_t)url, url ? (unsigned)strlen(url) : 0 };
    return url ? gnutls_x509_crt_set_authority_info_access(crt, GNUTLS_IA_CAISSUERS_URI, &d) : 0;
}

static int make_crt(struct cert *cert, const struct cert *issuer, const struct mxs_clock *clock)
{
    struct mxs_lab_span span = validity(cert->plan, clock);
    gnutls_x509_crt_t crt = cert->crt;
    int rc = gnutls_x509_crt_set_version(crt, 3);
    if (rc >= 0)
        rc = set_serial(crt);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_activation_time(crt, (time_t)span.from);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_expiration_time(crt, (time_t)span.to);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_key(crt, cert->key);
    if (rc >= 0)
        rc = set_names(crt, cert->plan);
    if (rc >= 0)
        rc = set_usage(crt, cert->plan);
    if (rc >= 0)
        rc = set_purposes(crt, cert->plan);
    if (rc >= 0)
        rc = set_key_ids(crt, issuer->crt);
    if (rc >= 0)
        rc = set_aia(crt, cert->plan->aia);
    if (rc >= 0)
        rc = set_padding(crt, cert->plan->padding);
    return rc < 0 ? rc
                  : gnutls_x509_crt_sign2(crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0);
}

static enum mxs_err failed(const struct cert *cert, int rc, struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_TLS, "lab certificate %s: %s", cert->plan->name,
                       gnutls_strerror(rc));
}

/* All keys first: an issuer may stand behind what it signs. */
static enum mxs_err make_keys(struct mxs_lab_pki *pki, struct mxs_why *why)
{
    for (size_t i = 0; i < pki->n; i++) {
        int rc = gnutls_x509_crt_init(&pki->v[i].crt);
        if (rc >= 0)
            rc = make_key(&pki->v[i]);
        if (rc < 0)
            return failed(&pki->v[i], rc, why);
    }
    return MXS_OK;
}

static enum mxs_err make_crts(struct mxs_lab_pki *pki, const struct mxs_clock *clock,
                              struct mxs_why *why)
{
    for (size_t i = 0; i < pki->n; i++) {
        struct cert *cert = &pki->v[i], *issuer = issuer_of(pki, cert);
        if (cert->plan->pem)
            continue;
        if (!issuer || issuer > cert)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "lab certificate %s: no issuer %s before it",
                               cert->plan->name, cert->plan->issuer);
        int rc = make_crt(cert, issuer, clock);
        if (rc < 0)
            return failed(cert, rc, why);
    }
    return MXS_OK;
}

enum mxs_err mxs_lab_pki_new(const struct mxs_lab_plan *plan, const struct mxs_clock *clock,
                             struct mxs_lab_pki **out, struct mxs_why *why)
{
    struct mxs_lab_pki *pki = mxs_alloc(sizeof *pki);
    pki->n = plan->certs.n;
    pki->answers = mxs_lab_span(clock, DAY, 7 * DAY);
    pki->v = mxs_alloc(pki->n * sizeof *pki->v);
    for (size_t i = 0; i < pki->n; i++)
        pki->v[i].plan = &plan->certs.v[i];
    enum mxs_err err = make_keys(pki, why);
    if (!err)
        err = make_crts(pki, clock, why);
    if (err) {
        mxs_lab_pki_free(pki);
        pki = NULL;
    }
    *out = pki;
    return err;
}

void mxs_lab_pki_free(struct mxs_lab_pki *pki)
{
    if (!pki)
        return;
    for (size_t i = 0; i < pki->n; i++) {
        gnutls_x509_crt_deinit(pki->v[i].crt);
        gnutls_x509_privkey_deinit(pki->v[i].key);
    }
    mxs_realloc(pki->v, 0);
    mxs_realloc(pki, 0);
}

gnutls_x509_crt_t mxs_lab_pki_crt(const struct mxs_lab_pki *pki, const char *name)
{
    struct cert *cert = find(pki, name);
    return cert ? cert->crt : NULL;
}

gnutls_x509_privkey_t mxs_lab_pki_key(const struct mxs_lab_pki *pki, const char *name)
{
    struct cert *cert = find(pki, name);
    return cert ? cert->key : NULL;
}

/* Moves what the library allocated into the arena. */
static struct mxs_bytes owned(struct mxs_arena *arena, gnutls_datum_t *d)
{
    struct mxs_bytes b = mxs_bytes(mxs_arena_strndup(arena, d->data, d->size), d->size);
    gnutls_free(d->data);
    d->data = NULL;
    return b;
}

static bool add_pem(struct mxs_buf *buf, gnutls_x509_crt_t crt)
{
    gnutls_datum_t d = { NULL, 0 };
    if (!crt || gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &d) < 0)
        return false;
    bool ok = mxs_buf_add(buf, d.data, d.size) == MXS_OK;
    gnutls_free(d.data);
    return ok;
}

/* One word of a tail: "issuer", or "stranger*37" for as many copies. */
static bool add_word(const struct mxs_lab_pki *pki, struct mxs_arena *arena, struct mxs_buf *buf,
                     const char *p, size_t n)
{
    char *name = mxs_arena_strndup(arena, p, n), *star = strchr(name, '*');
    long copies = 1;
    if (star) {
        *star = '\0';
        copies = strtol(star + 1, NULL, 10);
    }
    bool ok = true;
    for (long i = 0; i < copies && ok; i++)
        ok = add_pem(buf, mxs_lab_pki_crt(pki, name));
    return ok;
}

struct mxs_bytes mxs_lab_pki_chain(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                   const char *leaf, const char *tail)
{
    struct mxs_buf buf;
    mxs_buf_init(&buf, 4 << 20);
    const struct cert *first = find(pki, leaf);
    bool made = first && !first->plan->pem;
    bool ok = first && (made ? add_pem(&buf, first->crt)
                             : mxs_buf_puts(&buf, first->plan->pem) == MXS_OK);
    for (const char *p = tail; ok && p && *p;) {
        size_t n = strcspn(p, " ");
        ok = add_word(pki, arena, &buf, p, n);
        p += n + strspn(p + n, " ");
    }
    struct mxs_bytes pem = { NULL, 0 };
    if (ok)
        pem = mxs_bytes(mxs_arena_strndup(arena, buf.p, buf.n), buf.n);
    mxs_buf_fini(&buf);
    return pem;
}

struct mxs_bytes mxs_lab_pki_key_pem(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                     const char *name)
{
    gnutls_datum_t d = { NULL, 0 };
    gnutls_x509_privkey_t key = mxs_lab_pki_key(pki, name);
    if (!key || gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                  GNUTLS_PKCS_PLAIN, &d) < 0)
        return mxs_bytes(NULL, 0);
    return owned(arena, &d);
}

/* Selector 0: the certificate's DER, 1: its SubjectPublicKeyInfo (RFC 6698 2.1.2). */
static bool association(gnutls_x509_crt_t crt, unsigned selector, gnutls_datum_t *out)
{
    if (selector == 0)
        return gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, out) >= 0;
    gnutls_pubkey_t key = NULL;
    bool ok = gnutls_pubkey_init(&key) >= 0 && gnutls_pubkey_import_x509(key, crt, 0) >= 0 &&
              gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, out) >= 0;
    gnutls_pubkey_deinit(key);
    return ok;
}

char *mxs_lab_pki_tlsa(const struct mxs_lab_pki *pki, struct mxs_arena *arena, const char *name,
                       unsigned selector, unsigned matching)
{
    gnutls_x509_crt_t crt = mxs_lab_pki_crt(pki, name);
    gnutls_datum_t d = { NULL, 0 };
    if (!crt || selector > 1 || matching > 2 || !association(crt, selector, &d))
        return NULL;
    struct mxs_bytes data = owned(arena, &d);
    uint8_t digest[64];
    gnutls_digest_algorithm_t alg = matching == 1 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512;
    if (matching == 0)
        return mxs_hex(arena, data);
    if (gnutls_hash_fast(alg, data.p, data.n, digest) < 0)
        return NULL;
    return mxs_hex(arena, mxs_bytes(digest, gnutls_hash_get_len(alg)));
}

struct mxs_bytes mxs_lab_pki_staple(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                    const char *name)
{
    struct cert *cert = find(pki, name);
    if (!cert || cert->plan->ocsp == MXS_LAB_OCSP_NONE)
        return mxs_bytes(NULL, 0);
    const struct cert *issuer = issuer_of(pki, cert);
    return mxs_lab_ocsp(arena, cert->crt, issuer->crt, issuer->key,
                        cert->plan->ocsp == MXS_LAB_OCSP_REVOKED, pki->answers);
}

const char *mxs_lab_pki_revoked(const struct mxs_lab_pki *pki, struct mxs_bytes der)
{
    for (size_t i = 0; i < pki->n; i++) {
        const struct cert *cert = &pki->v[i];
        gnutls_datum_t d = { NULL, 0 };
        if (!cert->plan->ca || cert->plan->ocsp != MXS_LAB_OCSP_REVOKED ||
            gnutls_x509_crt_export2(cert->crt, GNUTLS_X509_FMT_DER, &d) < 0)
            continue;
        bool same = mxs_bytes_equal(mxs_bytes(d.data, d.size), der);
        gnutls_free(d.data);
        if (same)
            return cert->plan->cn;
    }
    return NULL;
}
