#include "config.h"

#include "lib/pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Protects nothing: it stands here so that no test has to make one. */
static const char rsa_key[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEowIBAAKCAQEAqcg0oZNK+sBEX1/nNelXRpwxHbQZK2e7gliA88wVr6O0qEfr\n"
    "XJM38YxLvnKYZTnMUoAuMjcTHEX6qiKiIh3KgDLk00RrtKLSwPDe4xg/EICKQ1kX\n"
    "FFFDnfw48mpfHlFEDn3nKqRpRCSKZ79zlStcjnfYs2GWmtDBK5T7N6A16NGo5tD/\n"
    "sM6+pEVrpKrfaVgzG0JYHm9aUYV0IGHIwb0SLD7wjbzqKJVn8ZuOjXMhV5M8wpBE\n"
    "jw+jV9/P/Gzl8HxSAZSmQ9x9D+pY00K03QdJ7AdmFrzTWq1jrxXGw7GqAvLOhbyo\n"
    "gsbqLsuq8bMOVsgcniMPCU/4TqNsgip9Hobl9QIDAQABAoIBABtqUylWBfD4k/HM\n"
    "pCKd87RYq0uvFbNfFDWngeccKNJMPnM/7b7snMd5zo9JpNcPnrEhtpPwNbtGh4Pq\n"
    "hMC6i8Tosu90aGnqMtrp6ivEcgaBoxHd9G6Y8rCzliR6zbIxECrA5M+Lbd4NgnXf\n"
    "QdQwBMmSi6DnnLCSDecyLuCcE6hs0w14FP76Nn71yS6s4mn0ppGH2LgVv/cPvoU9\n"
    "fBY9BPMKHhQVCkPjS5Mkq4rdkt3K5t7bXoDtY4HFR0+2HYDitlDWrlEccVjECz3u\n"
    "F+GkJE589XoGvdSXZx8voX3lvqUyhhAEecZhbMVXmB3OnbETPiGB6lNQDrnCbglX\n"
    "MIgOYdECgYEA20Sb+J4D+m6OyysxvXholNxBmRgoyvfvjxhvaNfNRmKRTBQI8Ihr\n"
    "7v+guxbsJmN2z+96vPCa3tt7M4awgrQxy7+GpN6eeIGx5kCzpGjTvW+IOldMouLC\n"
    "LDXMb1mmmt43G0j9VT2ltYLN5MAMeHDrqr894gXK8CLZdOVwvcm8VzkCgYEAxjlf\n"
    "aTCv2s/gA5XiPWO7dkdEIs0sfjo0c6ktyqmrynrmKWAR5l8WSjvv/wF2/AiFiulo\n"
    "D3GPedEgc42plgxmaWKOJAq2tQXiImFe5IeaFUVAHkMB1YCur5qBrX8uKLoMHc8p\n"
    "aEVtYRFXnsDLbaO/v9sk/tPtSy8o6MbTB6sIqJ0CgYAg42uZoOnr2EVmx/XP+42E\n"
    "Nn1IX01PFF1EU1/yk9vgYMx2YtLscSnvUTxkk42cPHMHwV3hlR1FrBoQonU7RZfq\n"
    "fbHObO3MGXf7l1zanjaURXRje9Cs5eJGC1O8p+/LbuVJHGuTK4n9bb9APmYgcp+G\n"
    "nuTDUCceWbvQQtHkRawQUQKBgCgtCrSERLBBv7KaV19/7kfby+iN0z3GSElE+d4A\n"
    "o6wHWsz6Bsa9cQQcv9jckCQnCgIMqqWuq5jSFRS2mq+p1bv4WLzfWwa3qYy0VYpW\n"
    "HZnADm3TwPRn/3/h/fSPOWjRxJDqIwdaQwAQhsTLaK/RJ5UYMphfldHOPiln2u/L\n"
    "75ZVAoGBAJf8228/pq/H1Sk/dpml9BV3l4ZPeOdba9MEdsbf5mv+oaAfeyZ9WSGI\n"
    "GKez5gfKwNYUtfj6BQP0VocPtoAlEnJTwj7gHDDeqRe6k9byy9YfdsogUZh6bXZa\n"
    "6Sj4HQiE0lcmfq/B5s8tZ2a7kJXP14ggaC9rhvwH3s9L8XDEZ47o\n"
    "-----END RSA PRIVATE KEY-----\n";

static void must(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "pki: %s: %s\n", what, gnutls_strerror(rc));
    abort();
}

static gnutls_x509_privkey_t make_key(const struct pki_spec *spec)
{
    gnutls_x509_privkey_t key;
    gnutls_datum_t pem = { (unsigned char *)(uintptr_t)rsa_key, sizeof rsa_key - 1 };
    must(gnutls_x509_privkey_init(&key), "key");
    if (spec->rsa)
        must(gnutls_x509_privkey_import(key, &pem, GNUTLS_X509_FMT_PEM), "RSA key");
    else if (spec->ed25519)
        must(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 0, 0), "Ed25519 key");
    else
        must(gnutls_x509_privkey_generate(
                 key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
             "EC key");
    return key;
}

static void set_padding(gnutls_x509_crt_t crt, size_t n)
{
    unsigned char *octets = mxs_alloc(n);
    memset(octets, 0x04, n); /* no parser looks into it */
    must(gnutls_x509_crt_set_extension_by_oid(crt, "1.3.6.1.4.1.99999.1", octets, n, 0), "padding");
    free(octets);
}

static void set_leaf(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, spec->name,
                                              (unsigned)strlen(spec->name), GNUTLS_FSAN_SET),
         "SAN");
    if (!spec->client_only)
        must(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0), "EKU");
    must(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_CLIENT, 0), "EKU");
    must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE |
                                                (spec->rsa ? GNUTLS_KEY_KEY_ENCIPHERMENT : 0)),
         "key usage");
}

static void set_ca(gnutls_x509_crt_t crt)
{
    must(gnutls_x509_crt_set_basic_constraints(crt, 1, -1), "CA");
    must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
         "key usage");
}

struct pki_cert pki_make(const struct pki_spec *spec, const struct pki_cert *issuer)
{
    struct pki_cert cert;
    unsigned char serial[] = { 1, 2, 3, (unsigned char)spec->name[0] };
    cert.key = make_key(spec);
    must(gnutls_x509_crt_init(&cert.crt), "certificate");
    must(gnutls_x509_crt_set_version(cert.crt, 3), "version");
    must(gnutls_x509_crt_set_serial(cert.crt, serial, sizeof serial), "serial");
    must(gnutls_x509_crt_set_activation_time(cert.crt, 1577836800), "dates");
    must(gnutls_x509_crt_set_expiration_time(cert.crt, 2493072000), "dates");
    must(gnutls_x509_crt_set_dn_by_oid(cert.crt, GNUTLS_OID_X520_COMMON_NAME, 0, spec->name,
                                       (unsigned)strlen(spec->name)),
         "name");
    must(gnutls_x509_crt_set_key(cert.crt, cert.key), "key");
    if (spec->ca)
        set_ca(cert.crt);
    else
        set_leaf(cert.crt, spec);
    if (spec->padding)
        set_padding(cert.crt, spec->padding);
    must(gnutls_x509_crt_sign2(cert.crt, issuer ? issuer->crt : cert.crt,
                               issuer ? issuer->key : cert.key, GNUTLS_DIG_SHA256, 0),
         "signature");
    return cert;
}

void pki_free(struct pki_cert *cert)
{
    gnutls_x509_crt_deinit(cert->crt);
    gnutls_x509_privkey_deinit(cert->key);
    *cert = (struct pki_cert){ NULL, NULL };
}

static char *text(const gnutls_datum_t *d)
{
    char *s = mxs_alloc(d->size + 1);
    memcpy(s, d->data, d->size);
    gnutls_free(d->data);
    return s;
}

char *pki_cert_pem(const struct pki_cert *cert)
{
    gnutls_datum_t d;
    must(gnutls_x509_crt_export2(cert->crt, GNUTLS_X509_FMT_PEM, &d), "PEM");
    return text(&d);
}

char *pki_key_pem(const struct pki_cert *cert)
{
    gnutls_datum_t d;
    must(gnutls_x509_privkey_export2_pkcs8(cert->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                           &d), "PEM");
    return text(&d);
}
