#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/cert.h"
#include "facts/dn.h"

#define FACTS MXS_TEST_CERTS "/facts/"

static int setup(void **state)
{
    *state = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    mxs_arena_free(*state);
    return 0;
}

static struct mxs_bytes slurp(void *arena, const char *path)
{
    struct mxs_bytes b;
    struct mxs_why why;
    if (mxs_file_read(arena, path, 1 << 20, &b, &why) != MXS_OK)
        fail_msg("%s", why.text);
    return b;
}

static const struct mxs_cert *load(void *arena, const char *name)
{
    struct mxs_chain chain;
    struct mxs_why why;
    const char *path = mxs_arena_printf(arena, FACTS "%s.pem", name);
    if (mxs_cert_pem(arena, path, slurp(arena, path), &chain, &why) != MXS_OK)
        fail_msg("%s", why.text);
    return chain.certs.v[0];
}

static const char *join(void *arena, struct mxs_strs strs)
{
    const char *s = "";
    for (size_t i = 0; i < strs.n; i++)
        s = mxs_arena_printf(arena, "%s%s%s", s, i ? " " : "", strs.v[i]);
    return s;
}

static const char *or_none(const char *s)
{
    return s ? s : "-";
}

/* --- facts, by hand --------------------------------------------------------------------------- */

static void whole_leaf(void **state)
{
    const struct mxs_cert *c = load(*state, "leaf");
    assert_string_equal(c->subject, "CN=mx.example.org");
    assert_string_equal(c->issuer, "CN=Example Intermediate,O=Example,C=DE");
    assert_string_equal(c->cn, "mx.example.org");
    assert_string_equal(mxs_time_text(*state, c->not_before), "2026-01-01T00:00:00Z");
    assert_string_equal(mxs_time_text(*state, c->not_after), "2026-04-01T00:00:00Z");
    assert_int_equal(c->version, 3);
    assert_false(c->ca);
    assert_true(c->has_basic_constraints);
    assert_int_equal(c->path_length, -1);
    assert_string_equal(join(*state, c->san_dns), "mx.example.org *.Example.ORG");
    assert_string_equal(join(*state, c->san_ip), "192.0.2.25 2001:db8::25");
    assert_string_equal(join(*state, mxs_cert_eku_names(*state, c)),
                        "serverAuth clientAuth 1.3.6.1.4.1.55555.1 OCSPSigning");
    assert_int_equal(c->eku, MXS_EKU_SERVER_AUTH | MXS_EKU_CLIENT_AUTH | MXS_EKU_OTHER);
    assert_string_equal(join(*state, mxs_cert_key_usage_names(*state, c)),
                        "digitalSignature keyEncipherment");
    assert_string_equal(join(*state, c->ocsp_urls), "http://ocsp.example.org/");
    assert_string_equal(join(*state, c->issuer_urls), "http://int.example.org/i");
    assert_string_equal(join(*state, c->crl_urls),
                        "http://int.example.org/c1 http://int.example.org/c2");
    assert_true(c->must_staple);
    assert_false(c->self_issued);
    assert_null(c->unknown_critical);
    assert_null(c->malformed);
    const struct mxs_cert *issuer = load(*state, "int");
    assert_true(issuer->ca);
    assert_int_equal(issuer->path_length, 0);
    assert_true(issuer->has_name_constraints && issuer->name_constraints.n > 0);
    assert_true(mxs_bytes_equal(c->aki, issuer->ski));
    assert_true(mxs_bytes_equal(c->issuer_raw, issuer->subject_raw));
    assert_string_equal(join(*state, issuer->policy_oids), "2.23.140.1.2.1 1.3.6.1.4.1.55555.2");
}

static void rows(void **state)
{
    static const struct {
        const char *name, *key, *algorithm, *policy, *weak, *critical, *malformed, *cn;
        unsigned version;
    } all[] = {
        { "root", "RSA-2048", "RSA-SHA256", "-", "-", "-", "-", "Example Root", 3 },
        { "int", "ECDSA-P256", "RSA-SHA384", "DV", "-", "-", "-", "Example Intermediate", 3 },
        { "leaf", "RSA-2048", "ECDSA-SHA256", "OV", "-", "-", "-", "mx.example.org", 3 },
        { "p384", "ECDSA-P384", "ECDSA-SHA512", "-", "-", "-", "-", "mx.example.org", 3 },
        { "p521", "ECDSA-P521", "ECDSA-SHA256", "-", "-", "-", "-", "mx.example.org", 3 },
        { "ed25519", "Ed25519", "Ed25519", "-", "-", "-", "-", "mx.example.org", 3 },
        { "ed448", "Ed448", "Ed448", "-", "-", "-", "-", "mx.example.org", 3 },
        { "pss", "RSA-PSS-2048", "RSA-PSS-SHA256", "-", "-", "-", "-", "mx.example.org", 3 },
        { "pss-rsa", "RSA-3072", "RSA-PSS-SHA384", "-", "-", "-", "-", "mx.example.org", 3 },
        { "sha1", "RSA-1024", "RSA-SHA1", "-", "RSA-1024 key", "-", "-", "mx.example.org", 3 },
        { "sha1-key", "RSA-2048", "RSA-SHA1", "-", "SHA-1 signature", "-", "-", "mx.example.org", 3 },
        { "ev", "ECDSA-P256", "ECDSA-SHA256", "EV", "-", "-", "-", "mx.example.org", 3 },
        { "nameless", "ECDSA-P256", "ECDSA-SHA256", "-", "-", "-", "-", "-", 3 },
        { "critical", "ECDSA-P256", "ECDSA-SHA256", "-", "-", "1.3.6.1.4.1.55555.8", "-",
          "mx.example.org", 3 },
        { "broken", "ECDSA-P256", "ECDSA-SHA256", "-", "-", "2.5.29.15", "2.5.29.15",
          "mx.example.org", 3 },
        { "odd", "ECDSA-P256", "ECDSA-SHA256", "-", "-", "-", "-", "last", 3 },
        { "v1", "ECDSA-P256", "ECDSA-SHA256", "-", "-", "-", "-", "version one", 1 },
    };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        const struct mxs_cert *c = load(*state, all[i].name);
        assert_string_equal(c->key, all[i].key);
        assert_string_equal(c->signature_algorithm, all[i].algorithm);
        assert_string_equal(or_none(c->policy_class), all[i].policy);
        assert_string_equal(or_none(c->weak), all[i].weak);
        assert_string_equal(or_none(c->unknown_critical), all[i].critical);
        assert_string_equal(or_none(c->malformed), all[i].malformed);
        assert_string_equal(or_none(c->cn), all[i].cn);
        assert_int_equal(c->version, all[i].version);
    }
}

static void names_and_dates(void **state)
{
    const struct mxs_cert *c = load(*state, "odd");
    assert_string_equal(c->subject,
                        "CN=last,CN=first,serialNumber=12=3,OU=\\ #lead\\ ,OU=a+OU=b,"
                        "O=B\xc3\xbc"
                        "cher\\, \\\"S\xc3\xb6hne\\\" \\+ T\xc3\xb6"
                        "chter\\; \\<GmbH\\>/x,C=DE");
    assert_int_equal(c->san_dns.n, 2);
    assert_string_equal(c->san_dns.v[1], "nul\\x00l\\x00"); /* matches no host */
    c = load(*state, "nameless");
    assert_string_equal(c->subject, "");
    assert_string_equal(join(*state, c->san_dns), "mx.example.org");
    c = load(*state, "far");
    assert_string_equal(mxs_time_text(*state, c->not_before), "1970-01-01T00:00:00Z");
    assert_string_equal(mxs_time_text(*state, c->not_after), "9999-12-31T23:59:59Z");
    c = load(*state, "ev");
    assert_string_equal(mxs_time_text(*state, c->not_before), "2049-12-31T23:59:59Z");
    assert_string_equal(mxs_time_text(*state, c->not_after), "2050-01-01T00:00:00Z");
    assert_string_equal(c->policy_oid, "2.23.140.1.1");
}

/* T61String, BMPString, UniversalString, and a value that is no string. */
static void name_strings(void **state)
{
    static const struct {
        const char *hex, *text;
    } all[] = {
        { "300f310d300b060355040314046dfc6c6c", "CN=m\xc3\xbcll" },
        { "300f310d300b06035504031e0400fc20ac", "CN=\xc3\xbc\xe2\x82\xac" },
        { "300f310d300b06035504031c040001f600", "CN=\xf0\x9f\x98\x80" },
        { "300d310b3009060355040302020105", "CN=#02020105" },
        { "300f310d300b06035504030c04611b5b62", "CN=a\\x1b[b" },
        { "300d310b300906032a03040c026162", "1.2.3.4=ab" },
        { "300e310c300a06035504030c03610062", "CN=a\\00b" },
        { "3000", "" },
        { "300231003000", NULL },
        { "3002", NULL },
        { "30043102 3000", NULL },
        { "310d310b300906032a03040c026162", NULL },
    };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        struct mxs_bytes der;
        assert_int_equal(mxs_hex_parse(*state, all[i].hex, &der), MXS_OK);
        const char *text = mxs_dn_text(*state, der);
        assert_string_equal(or_none(text), or_none(all[i].text));
    }
}

/* --- facts, against GnuTLS -------------------------------------------------------------------- */

static void same_bytes(const char *what, const char *subject, struct mxs_bytes ours, const void *p,
                       size_t n)
{
    if (ours.n != n || (n && memcmp(ours.p, p, n) != 0))
        fail_msg("%s of %s differs", what, subject);
}

static void compare_names(void *arena, const struct mxs_cert *c, gnutls_x509_crt_t crt)
{
    gnutls_datum_t d = { NULL, 0 };
    if (gnutls_x509_crt_get_dn3(crt, &d, 0) == 0) {
        /* GnuTLS knows fewer attributes, escapes less and swaps inside an RDN */
        if (!strpbrk((char *)d.data, "#\\+"))
            assert_string_equal(mxs_text_clean(arena, mxs_bytes(d.data, d.size)), c->subject);
        gnutls_free(d.data);
    }
    assert_int_equal(gnutls_x509_crt_get_raw_dn(crt, &d), 0);
    same_bytes("subject", c->subject, c->subject_raw, d.data, d.size);
    gnutls_free(d.data);
    assert_int_equal(gnutls_x509_crt_get_raw_issuer_dn(crt, &d), 0);
    same_bytes("issuer", c->subject, c->issuer_raw, d.data, d.size);
    gnutls_free(d.data);
}

static void compare_key(const struct mxs_cert *c, gnutls_x509_crt_t crt)
{
    unsigned bits = 0;
    char text[64] = "";
    gnutls_pubkey_t key;
    gnutls_datum_t der;
    uint8_t id[32];
    size_t n = sizeof id;
    int kind = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
    if (kind == GNUTLS_PK_RSA)
        snprintf(text, sizeof text, "RSA-%u", bits);
    else if (kind == GNUTLS_PK_RSA_PSS)
        snprintf(text, sizeof text, "RSA-PSS-%u", bits);
    else if (kind == GNUTLS_PK_ECDSA)
        snprintf(text, sizeof text, "ECDSA-P%u", bits == 528 ? 521 : bits); /* its rounding */
    if (text[0])
        assert_string_equal(c->key, text);
    gnutls_pubkey_init(&key);
    assert_int_equal(gnutls_pubkey_import_x509(key, crt, 0), 0);
    assert_int_equal(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der), 0);
    same_bytes("key", c->subject, c->spki, der.data, der.size);
    gnutls_free(der.data);
    gnutls_pubkey_deinit(key);
    assert_int_equal(gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, id, &n), 0);
    assert_memory_equal(id, c->spki_sha256, 32);
    n = sizeof id;
    assert_int_equal(gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, id, &n), 0);
    assert_memory_equal(id, c->sha256, 32);
}

static void compare_extensions(void *arena, const struct mxs_cert *c, gnutls_x509_crt_t crt)
{
    uint8_t b[512];
    size_t n = sizeof b;
    unsigned usage = 0, critical;
    int rc, len = -1;
    rc = gnutls_x509_crt_get_basic_constraints(crt, &critical, NULL, &len);
    if (c->malformed)
        return;
    assert_int_equal(rc > 0, c->ca);
    assert_int_equal(c->path_length, rc < 0 ? -1 : len);
    rc = gnutls_x509_crt_get_key_usage(crt, &usage, NULL);
    assert_int_equal(rc == 0, c->has_key_usage);
    if (rc == 0) {
        assert_int_equal(!!(usage & GNUTLS_KEY_DIGITAL_SIGNATURE),
                         !!(c->key_usage & MXS_KU_DIGITAL_SIGNATURE));
        assert_int_equal(!!(usage & GNUTLS_KEY_KEY_CERT_SIGN),
                         !!(c->key_usage & MXS_KU_KEY_CERT_SIGN));
        assert_int_equal(!!(usage & GNUTLS_KEY_CRL_SIGN), !!(c->key_usage & MXS_KU_CRL_SIGN));
    }
    rc = gnutls_x509_crt_get_subject_key_id(crt, b, &n, NULL);
    same_bytes("SKI", c->subject, c->ski, b, rc == 0 ? n : 0);
    n = sizeof b;
    rc = gnutls_x509_crt_get_authority_key_id(crt, b, &n, NULL);
    if (rc == 0 || rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        same_bytes("AKI", c->subject, c->aki, b, rc == 0 ? n : 0);
    size_t dns = 0;
    for (unsigned i = 0;; i++) {
        n = sizeof b;
        rc = gnutls_x509_crt_get_subject_alt_name(crt, i, b, &n, NULL);
        if (rc < 0)
            break;
        if (rc == GNUTLS_SAN_DNSNAME && !memchr(b, 0, n))
            assert_string_equal(c->san_dns.v[dns++], mxs_text_clean(arena, mxs_bytes(b, n)));
    }
    for (unsigned i = 0;; i++) {
        char oid[128];
        n = sizeof oid;
        if (gnutls_x509_crt_get_key_purpose_oid(crt, i, oid, &n, NULL) < 0) {
            assert_int_equal(i, c->eku_oids.n);
            break;
        }
        assert_string_equal(oid, c->eku_oids.v[i]);
    }
}

static void compare(void *arena, const struct mxs_cert *c)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t der = { (unsigned char *)mxs_arena_dup(arena, c->der.p, c->der.n),
                           (unsigned)c->der.n };
    uint8_t serial[64];
    size_t n = sizeof serial;
    gnutls_x509_crt_init(&crt);
    assert_int_equal(gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER), 0);
    assert_int_equal(gnutls_x509_crt_get_activation_time(crt), c->not_before);
    if (c->not_after < INT64_C(253402300799)) /* which GnuTLS gives as "no end" */
        assert_int_equal(gnutls_x509_crt_get_expiration_time(crt), c->not_after);
    assert_int_equal(gnutls_x509_crt_get_version(crt), c->version);
    assert_int_equal(gnutls_x509_crt_get_serial(crt, serial, &n), 0);
    same_bytes("serial", c->subject, c->serial_raw, serial, n);
    compare_names(arena, c, crt);
    compare_key(c, crt);
    compare_extensions(arena, c, crt);
    gnutls_x509_crt_deinit(crt);
}

static size_t compare_file(const char *path, bool each)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_chain chain;
    struct mxs_why why;
    if (mxs_cert_pem(arena, path, slurp(arena, path), &chain, &why) != MXS_OK)
        fail_msg("%s", why.text);
    for (size_t i = 0; i < chain.certs.n; i++) {
        compare(arena, chain.certs.v[i]);
        if (each && chain.certs.v[i]->self_issued)
            mxs_cert_fields(arena, chain.certs.v[i]->der, 0);
    }
    size_t n = chain.certs.n;
    mxs_arena_free(arena);
    return n;
}

static size_t compare_folder(void *arena, const char *folder)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (strstr(e->d_name, ".pem"))
            n += compare_file(mxs_arena_printf(arena, "%s/%s", folder, e->d_name), true);
    if (dir)
        closedir(dir);
    return n;
}

static void against_gnutls(void **state)
{
    assert_true(compare_folder(*state, MXS_TEST_CERTS "/facts") >= 19);
    /* more of the real world, where it is at hand */
    const char *more = getenv("MXS_TEST_PEM");
    if (more)
        assert_true(compare_folder(*state, more) > 0);
    FILE *bundle = fopen("/etc/ssl/certs/ca-certificates.crt", "r");
    if (bundle) {
        fclose(bundle);
        assert_true(compare_file("/etc/ssl/certs/ca-certificates.crt", true) > 0);
    }
}

/* --- signatures ------------------------------------------------------------------------------- */

static void signatures(void **state)
{
    static const struct {
        const char *cert, *issuer;
        bool good;
    } all[] = {
        { "root", "root", true },       { "int", "root", true },      { "leaf", "int", true },
        { "leaf", "root", false },      { "leaf", "leaf", false },    { "p384", "int", true },
        { "p521", "p521", true },       { "ed25519", "ed25519", true }, { "ed448", "ed448", true },
        { "pss", "pss", true },         { "pss-rsa", "root", true },  { "sha1", "root", true },
        { "sha1-key", "root", true },   { "v1", "v1", true },         { "int", "int", false },
        { "ed25519", "ed448", false },  { "pss", "root", false },     { "pss-salt", "pss-salt", true },
        { "pss-salt", "pss", false },
    };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        const struct mxs_cert *cert = load(*state, all[i].cert);
        const struct mxs_cert *issuer = load(*state, all[i].issuer);
        if (mxs_cert_signed_by(cert, issuer) != all[i].good)
            fail_msg("%s by %s", all[i].cert, all[i].issuer);
        assert_int_equal(mxs_cert_signed_by_spki(cert, issuer->spki), all[i].good);
    }
    struct mxs_cert forged = *load(*state, "leaf");
    uint8_t *tbs = mxs_arena_dup(*state, forged.tbs.p, forged.tbs.n);
    tbs[forged.tbs.n - 1] ^= 1;
    forged.tbs.p = tbs;
    assert_false(mxs_cert_signed_by(&forged, load(*state, "int")));
    assert_false(mxs_cert_signed_by_spki(&forged, mxs_bytes("x", 1)));
}

static void digests(void **state)
{
    uint8_t out[64];
    mxs_digest_sha256(mxs_bytes("abc", 3), out);
    assert_string_equal(mxs_hex(*state, mxs_bytes(out, 4)), "ba7816bf");
    mxs_digest_sha512(mxs_bytes("abc", 3), out);
    assert_string_equal(mxs_hex(*state, mxs_bytes(out, 4)), "ddaf35a1");
    mxs_digest_sha256(mxs_bytes(NULL, 0), out);
    assert_string_equal(mxs_hex(*state, mxs_bytes(out, 4)), "e3b0c442");
}

/* --- PEM -------------------------------------------------------------------------------------- */

static void pem_errors(void **state)
{
    const char *good = (const char *)slurp(*state, FACTS "int.pem").p;
    const char *second = strchr(strchr(good, '\n') + 1, '\n') + 1; /* its second line of base64 */
    const char *end = strstr(good, "-----END");
    const struct {
        const char *text, *why;
    } all[] = {
        { "", "x.pem: no certificate in it" },
        { "hello\n", "x.pem: no certificate in it" },
        { "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
          "x.pem: no certificate in it" },
        { mxs_arena_printf(*state, "%s%.*s", good, (int)(end - good), good),
          "x.pem:17: not a certificate (no END line)" },
        { mxs_arena_printf(*state, "%.*s%s", (int)(second - good), good, end),
          "x.pem:1: not a certificate (DER)" },
        { mxs_arena_printf(*state, "%.*s%s", (int)(second - good - 2), good, end - 1),
          "x.pem:3: not a certificate (base64 ends early)" },
        { mxs_arena_printf(*state, "%.*s!!\n%s", (int)(second - good), good, second),
          "x.pem:3: not a certificate (not base64)" },
        { "\n\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
          "x.pem:3: not a certificate (DER)" },
        { mxs_arena_printf(*state, "\xef\xbb\xbf%s", good), /* not the second as leaf */
          "x.pem:1: not a certificate (BEGIN stands behind a byte order mark" },
        { mxs_arena_printf(*state, "%s  %s", good, good),
          "x.pem:18: not a certificate (BEGIN stands behind" },
        { "\x30\x82\x01\x01", "x.pem: not a certificate (DER)" },
    };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        struct mxs_chain chain;
        struct mxs_why why;
        assert_int_equal(mxs_cert_pem(*state, "x.pem", mxs_bytes_str(all[i].text), &chain, &why),
                         MXS_ERR_SYNTAX);
        if (strncmp(why.text, all[i].why, 6) != 0 || !strstr(why.text, strchr(all[i].why, ' ')))
            fail_msg("%zu: %s", i, why.text);
    }
}

static void pem_forms(void **state)
{
    const char *a = (const char *)slurp(*state, FACTS "leaf.pem").p;
    const char *b = (const char *)slurp(*state, FACTS "int.pem").p;
    struct mxs_chain chain;
    struct mxs_why why;
    struct mxs_buf crlf;
    assert_int_equal(mxs_cert_pem(*state, "x", mxs_bytes_str(mxs_arena_printf(
        *state, "subject=x\n%s\nsome text\n%s", a, b)), &chain, &why), MXS_OK);
    assert_int_equal(chain.certs.n, 2);
    assert_true(mxs_cert_signed_by(chain.certs.v[0], chain.certs.v[1]));
    mxs_buf_init(&crlf, 1 << 16);
    for (; *a; a++)
        mxs_buf_puts(&crlf, *a == '\n' ? "\r\n" : (char[]){ *a, 0 });
    assert_int_equal(mxs_cert_pem(*state, "x", mxs_buf_bytes(&crlf), &chain, &why), MXS_OK);
    assert_int_equal(mxs_cert_pem(*state, "x", chain.certs.v[0]->der, &chain, &why), MXS_OK);
    mxs_buf_fini(&crlf);
}

/* --- the field tree --------------------------------------------------------------------------- */

static void fields(void **state)
{
    static const struct {
        const char *cert, *path, *value;
    } all[] = {
        { "leaf", "Certificate", "CN=mx.example.org" },
        { "leaf", "tbsCertificate/version", "3" },
        { "leaf", "tbsCertificate/signature", "ECDSA-SHA256" },
        { "leaf", "issuer/O", "Example" },
        { "leaf", "validity/notAfter", "2026-04-01T00:00:00Z" },
        { "leaf", "subjectPublicKeyInfo", "RSA-2048" },
        { "leaf", "subjectPublicKey/publicExponent", "65537" },
        { "leaf", "basicConstraints/cA", "false" },
        { "leaf", "keyUsage", "digitalSignature, keyEncipherment" },
        { "leaf", "keyUsage/critical", "true" },
        { "leaf", "extKeyUsage", "serverAuth, clientAuth, 1.3.6.1.4.1.55555.1, OCSPSigning" },
        { "leaf", "subjectAltName/dNSName", "mx.example.org" },
        { "leaf", "subjectAltName/iPAddress", "192.0.2.25" },
        { "leaf", "subjectAltName/rfc822Name", "postmaster@example.org" },
        { "leaf", "subjectAltName/uniformResourceIdentifier", "https://example.org/x" },
        { "leaf", "subjectAltName/directoryName", "CN=inside,C=DE" },
        { "leaf", "subjectAltName/registeredID", "1.2.3.4" },
        { "leaf", "subjectAltName/otherName",
          "SmtpUTF8Mailbox (1.3.6.1.5.5.7.8.9): p\xc3\xa4"
          "ckchen@example.org" },
        { "leaf", "issuerAltName", "issuer.example.org" },
        { "leaf", "certificatePolicies", "organization-validated (CA/B) (2.23.140.1.2.2)" },
        { "leaf", "authorityInfoAccess/ocsp", "http://ocsp.example.org/" },
        { "leaf", "authorityInfoAccess/caIssuers", "http://int.example.org/i" },
        { "leaf", "cRLDistributionPoints", "http://int.example.org/c1, http://int.example.org/c2" },
        { "leaf", "tlsFeature", "status_request (5), status_request_v2 (17)" },
        { "leaf", "inhibitAnyPolicy", "3" },
        { "leaf", "policyConstraints/requireExplicitPolicy", "3" },
        { "leaf", "policyConstraints/inhibitPolicyMapping", "2" },
        { "leaf", "policyMappings", "2.23.140.1.2.1 -> 1.3.6.1.4.1.55555.3" },
        { "leaf", "signedCertificateTimestamps", "1" },
        { "leaf", "timestamp of a log/timestamp", "2024-06-10T02:35:18Z" },
        { "leaf", "timestamp of a log/signature/algorithm", "ecdsa (3)" },
        { "leaf", "1.3.6.1.4.1.55555.9", "0c03616263" },
        { "leaf", "signatureAlgorithm/algorithm", "1.2.840.10045.4.3.2" },
        { "int", "basicConstraints", "CA true, path length 0" },
        { "int", "subjectPublicKeyInfo/parameters", "P256 (1.2.840.10045.3.1.7)" },
        { "int", "permittedSubtrees/dNSName", "example.org" },
        { "int", "permittedSubtrees/iPAddress", "192.0.2.0/24" },
        { "int", "excludedSubtrees/dNSName", "bad.example.org" },
        { "int", "excludedSubtrees/rfc822Name", "example.org" },
        { "int", "certificatePolicies/cps", "http://root.example/cps" },
        { "int", "userNotice/explicitText", "Nur f\xc3\xbcr Versuche" },
        { "int", "userNotice/organization", "Example" },
        { "nameless", "Certificate", "mx.example.org" },
        { "nameless", "subject", "(empty)" },
        { "v1", "version", "1" },
    };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        const struct mxs_cert *c = load(*state, all[i].cert);
        struct mxs_field *root = mxs_cert_fields(*state, c->der, 100);
        const struct mxs_field *f = mxs_field_find(root, all[i].path);
        if (!f || !f->value || strcmp(f->value, all[i].value) != 0)
            fail_msg("%s %s: %s", all[i].cert, all[i].path, f ? or_none(f->value) : "missing");
    }
}

static void field_ranges(void **state)
{
    const struct mxs_cert *c = load(*state, "leaf");
    struct mxs_field *root = mxs_cert_fields(*state, c->der, 100);
    const struct mxs_field *san = mxs_field_find(root, "subjectAltName/dNSName");
    assert_memory_equal(c->der.p + (san->off - 100), "\x82\x0emx.example.org", 16);
    assert_int_equal(san->len, 16);
    assert_ptr_equal(mxs_field_at(root, san->off + 3), san);
    const struct mxs_field *tbs = mxs_field_find(root, "tbsCertificate");
    assert_int_equal(tbs->off - 100, (size_t)(c->tbs.p - c->der.p));
    assert_int_equal(tbs->len, c->tbs.n);
    const struct mxs_field *log = mxs_field_find(root, "timestamp of a log/log id");
    assert_int_equal(c->der.p[log->off - 100], 0xaa);
    assert_int_equal(c->der.p[log->off - 100 + 31], 0xaa);
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        assert_false(f->flags & MXS_FIELD_MALFORMED);
    root = mxs_cert_fields(*state, load(*state, "broken")->der, 0);
    assert_true(mxs_field_find(root, "keyUsage")->flags & MXS_FIELD_MALFORMED);
    assert_non_null(mxs_field_find(root, "keyUsage/octets"));
}

/* --- hostile bytes ---------------------------------------------------------------------------- */

static void check_ranges(const struct mxs_field *root, size_t off, size_t n)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        assert_true(f->off >= off && f->off <= off + n && f->len <= off + n - f->off);
        if (f->len && f->parent && f->parent->len) {
            assert_true(f->off >= f->parent->off);
            assert_true(f->off + f->len <= f->parent->off + f->parent->len);
        }
    }
}

static void truncated(void **state)
{
    struct mxs_bytes der = load(*state, "leaf")->der;
    for (size_t n = 0; n < der.n; n++) {
        struct mxs_arena *arena = mxs_arena_new();
        const struct mxs_cert *c = NULL;
        uint8_t *cut = malloc(n ? n : 1); /* its own block, so that ASan sees one byte too far */
        memcpy(cut, der.p, n);
        assert_int_equal(mxs_cert_parse(arena, mxs_bytes(cut, n), &c, NULL), MXS_ERR_SYNTAX);
        check_ranges(mxs_cert_fields(arena, mxs_bytes(cut, n), 7), 7, n);
        free(cut);
        mxs_arena_free(arena);
    }
    uint8_t *longer = mxs_arena_alloc(*state, der.n + 1);
    const struct mxs_cert *c;
    memcpy(longer, der.p, der.n);
    assert_int_equal(mxs_cert_parse(*state, mxs_bytes(longer, der.n + 1), &c, NULL),
                     MXS_ERR_SYNTAX);
}

static void mutated(void **state)
{
    static const char *const names[] = { "leaf", "int", "pss", "odd" };
    uint32_t seed = 7;
    for (size_t i = 0; i < 4000; i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct mxs_bytes der = load(arena, names[i % 4])->der;
        uint8_t *bytes = malloc(der.n);
        memcpy(bytes, der.p, der.n);
        for (int k = 0; k < 3; k++) {
            seed = seed * 1103515245 + 12345;
            bytes[(seed >> 8) % der.n] = (uint8_t)(seed >> 24);
        }
        const struct mxs_cert *c = NULL;
        struct mxs_why why;
        if (mxs_cert_parse(arena, mxs_bytes(bytes, der.n), &c, &why) == MXS_OK && i % 16 == 0)
            mxs_cert_signed_by(c, c);
        check_ranges(mxs_cert_fields(arena, mxs_bytes(bytes, der.n), 0), 0, der.n);
        free(bytes);
        mxs_arena_free(arena);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_leaf), cmocka_unit_test(rows),
        cmocka_unit_test(names_and_dates), cmocka_unit_test(name_strings),
        cmocka_unit_test(against_gnutls), cmocka_unit_test(signatures),
        cmocka_unit_test(digests), cmocka_unit_test(pem_errors),
        cmocka_unit_test(pem_forms), cmocka_unit_test(fields),
        cmocka_unit_test(field_ranges), cmocka_unit_test(truncated),
        cmocka_unit_test(mutated),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
