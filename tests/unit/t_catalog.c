#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/catalog.h"
#include "report/json.h"

#include "catalog_world.h"

static int64_t date(const char *s)
{
    int64_t wall;
    assert_int_equal(mxs_time_parse(s, &wall), MXS_OK);
    return wall;
}

static const char *names(const struct mxs_catalog_ca *const *cas, size_t n)
{
    const char *s = "";
    for (size_t i = 0; i < n; i++)
        s = mxs_arena_printf(arena, "%s%s%s", s, i ? " " : "", cas[i]->name);
    return s;
}

static void by_name(void **state)
{
    (void)state;
    const struct mxs_catalog_ca *yr1 = mxs_catalog_ca(catalog, "YR1");
    assert_non_null(yr1);
    assert_ptr_equal(mxs_catalog_ca(catalog, "letsencrypt/yr1"), yr1);
    assert_string_equal(yr1->id, "letsencrypt/YR1");
    assert_string_equal(yr1->key, "RSA-2048");
    assert_string_equal(yr1->generation, "Y");
    assert_string_equal(mxs_hex(arena, mxs_bytes(yr1->spki_sha256, 32)),
                        "2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c");
    assert_null(mxs_catalog_ca(catalog, "R99"));
    const struct mxs_catalog_cert *cert = mxs_catalog_cert(catalog, "Root YR by ISRG Root X1");
    assert_non_null(cert);
    assert_string_equal(cert->ca->name, "Root YR");
    assert_string_equal(cert->issuer->name, "ISRG Root X1");
    assert_int_equal(cert->not_before, date("2026-05-13"));
    assert_int_equal(cert->eku, MXS_EKU_SERVER_AUTH);
    assert_int_equal(cert->revoked, MXS_CATALOG_NEVER);
    const struct mxs_catalog_cert *old =
        mxs_catalog_cert(catalog, "letsencrypt/Root YR by ISRG Root X1 (2025)");
    assert_string_equal(old->state, "revoked");
    assert_false(old->has_eku);
    assert_int_equal(old->revoked, date("2026-05-12"));
    assert_ptr_equal(old->ca, cert->ca);
    assert_true(mxs_catalog_cert(catalog, "Root YR")->self_issued);
    assert_string_equal(mxs_catalog_cert(catalog, "YR1")->id, "letsencrypt/YR1 by Root YR");
    assert_null(mxs_catalog_cert(catalog, "E5")); /* two: by X1 and by X2 */
    assert_true(mxs_catalog_ca(catalog, "Root YE")->not_in_stores);
    assert_int_equal(mxs_catalog_ca(catalog, "ISRG Root X1")->trusted_until, date("2030-06-04"));
}

static void by_contents(void **state)
{
    (void)state;
    const struct mxs_catalog_ca *x3 = mxs_catalog_ca(catalog, "X3");
    const struct mxs_catalog_ca *x1 = mxs_catalog_ca(catalog, "X1");
    const struct mxs_catalog_cert *found[8];
    assert_memory_equal(x1->spki_sha256, x3->spki_sha256, 32); /* one key, two names */
    assert_ptr_equal(mxs_catalog_by_spki(catalog, x3->spki_sha256), x1);
    struct mxs_cert cert = { .subject_raw = x3->subject_raw, .issuer_raw = x3->subject_raw };
    memcpy(cert.spki_sha256, x3->spki_sha256, 32);
    assert_ptr_equal(mxs_catalog_match(catalog, &cert), x3);
    cert.subject_raw = mxs_bytes("0\0", 2);
    assert_null(mxs_catalog_match(catalog, &cert));
    assert_string_equal(mxs_catalog_family_of(catalog, &cert)->id, "letsencrypt");
    assert_int_equal(mxs_catalog_by_subject(catalog, x3->subject_raw, found, 8), 2);
    assert_int_equal(mxs_catalog_certs_of(catalog, mxs_catalog_ca(catalog, "ISRG Root X2"), found, 8),
                     4);
    assert_ptr_equal(mxs_catalog_by_sha256(catalog, found[0]->sha256), found[0]);
    /* O=DigiCert Inc */
    struct mxs_bytes issuer;
    assert_int_equal(mxs_hex_parse(arena, "301731153013060355040a0c0c446967694365727420496e63",
                                   &issuer), MXS_OK);
    cert.issuer_raw = issuer;
    assert_string_equal(mxs_catalog_family_of(catalog, &cert)->id, "digicert");
    cert.issuer_raw = mxs_bytes("0\0", 2);
    assert_null(mxs_catalog_family_of(catalog, &cert));
}

static void by_date(void **state)
{
    (void)state;
    static const struct {
        const char *at, *profile, *key;
        bool backup;
        const char *names;
    } rows[] = {
        { "2019-01-01", "classic", "RSA", false, "X3" },
        { "2020-12-01", NULL, NULL, false, "X3" },
        { "2020-12-02", NULL, "RSA", false, "R3" },
        { "2024-01-01", NULL, "ECDSA", false, "R3 E1" },
        { "2024-06-06", "classic", "RSA", false, "R10 R11" },
        { "2024-06-06", "classic", "ECDSA", false, "E5 E6" },
        { "2025-12-01", "classic", "RSA", false, "R12 R13" },
        { "2026-02-01", "tlsserver", "RSA", false, "YR1 YR2" },
        { "2026-02-01", "classic", "RSA", false, "R12 R13" },
        { "2026-05-10", "tlsserver", "ECDSA", false, "E7 E8" },
        { "2026-06-01", "classic", "RSA", false, "YR1 YR2" },
        { "2026-06-01", "tlsclient", "RSA", false, "R12 R13" },
        { "2026-08-01", "tlsclient", "RSA", false, "" },
        { "2026-11-21", "classic", "ECDSA", false, "YE1 YE2" },
        { "2026-11-21", NULL, "ECDSA", true, "YE3" },
        { "2025-01-01", NULL, "RSA", true, "R12 R13 R14" },
        { "2022-01-01", NULL, NULL, true, "R4 E2" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct mxs_catalog_ca *cas[16];
        size_t n = mxs_catalog_issuers_at(catalog, "letsencrypt", rows[i].profile, rows[i].key,
                                          date(rows[i].at), rows[i].backup, cas, 16);
        if (strcmp(names(cas, n), rows[i].names) != 0)
            fail_msg("%s %s: %s", rows[i].at, rows[i].key, names(cas, n));
    }
    const struct mxs_catalog_profile *p =
        mxs_catalog_profile_at(catalog, "letsencrypt", "classic", date("2026-02-10"));
    assert_int_equal(p->eku.n, 2);
    p = mxs_catalog_profile_at(catalog, "letsencrypt", "classic", date("2026-02-11"));
    assert_int_equal(p->eku.n, 1);
    p = mxs_catalog_profile_at(catalog, "letsencrypt", "classic", date("2028-02-16"));
    assert_int_equal(p->validity, 45 * 86400);
    assert_null(mxs_catalog_profile_at(catalog, "letsencrypt", "tlsclient", date("2026-07-08")));
}

/* Whenever something issues there is a chain, whose first place is one of the issuers, and each place
 * is the issuer of the one before it. */
static void chains_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog->issuing.n; i++) {
        const struct mxs_catalog_issuing *row = &catalog->issuing.v[i];
        for (size_t k = 0; k < row->leaf_keys.n && !row->backup; k++) {
            int64_t at = row->when.from < date("2015-10-19") ? date("2015-10-19") : row->when.from;
            const struct mxs_catalog_chain *chain = mxs_catalog_chain_at(
                catalog, row->ca->family->id, row->profiles.v[0], row->leaf_keys.v[k], at);
            if (!chain)
                fail_msg("no chain for %s at %s", row->ca->id, mxs_time_text(arena, at));
            bool found = strcmp(row->ca->name, "E1") == 0; /* for accounts on a list only */
            for (size_t p = 0; p < chain->served.positions.v[0].any.n; p++)
                found |= chain->served.positions.v[0].any.v[p]->ca == row->ca;
            if (!found)
                fail_msg("%s is not in chain %s", row->ca->id, chain->id);
        }
    }
    for (size_t i = 0; i < catalog->chains.n; i++) {
        const struct mxs_catalog_path *path = &catalog->chains.v[i].served;
        for (size_t p = 0; p + 1 < path->positions.n; p++)
            for (size_t k = 0; k < path->positions.v[p].any.n; k++)
                assert_ptr_equal(path->positions.v[p].any.v[k]->issuer,
                                 path->positions.v[p + 1].any.v[0]->ca);
    }
}

static void events_in_order(void **state)
{
    (void)state;
    bool seen = false;
    assert_true(catalog->events.n > 50);
    for (size_t i = 0; i + 1 < catalog->events.n; i++)
        assert_true(catalog->events.v[i].when.from <= catalog->events.v[i + 1].when.from);
    for (size_t i = 0; i < catalog->events.n; i++) {
        seen |= strcmp(catalog->events.v[i].full_id, "letsencrypt/classic-drops-client-auth") == 0 &&
                catalog->events.v[i].when.from == date("2026-02-11");
        assert_true(catalog->events.v[i].when.source[0]);
    }
    assert_true(seen);
    assert_true(strcmp(catalog->version, "2026-08-21") >= 0);
}

/* What the readable members say is what the raw ones say. */
static void facts_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog->cas.n; i++) {
        uint8_t digest[64];
        mxs_digest_sha512(catalog->cas.v[i]->spki, digest);
        assert_memory_equal(digest, catalog->cas.v[i]->spki_sha512, 64);
    }
    for (size_t i = 0; i < catalog->certs.n; i++) {
        const struct mxs_catalog_cert *c = catalog->certs.v[i];
        assert_true(c->not_before < c->not_after);
        assert_true(c->is_ca || strcmp(c->ca->kind, "ocsp-signer") == 0);
        if (c->issuer)
            assert_true(mxs_bytes_equal(c->issuer_raw, c->issuer->subject_raw));
        if (c->issuer && c->aki.n)
            assert_true(mxs_bytes_equal(c->aki, c->issuer->ski));
        assert_true(mxs_bytes_equal(c->ski, c->ca->ski));
    }
}

/* Every chain ends at a root of the catalog, each CA under a key of the kind that signed for it. */
static void chains_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog->certs.n; i++) {
        const struct mxs_catalog_cert *c = catalog->certs.v[i], *up;
        const struct mxs_catalog_ca *ca = c->issuer;
        if (!ca)
            fail_msg("%s: its issuer is not in the catalog", c->id);
        if (strncmp(c->signature_algorithm, ca->key, 3) != 0)
            fail_msg("%s is signed %s by a key %s", c->id, c->signature_algorithm, ca->key);
        for (int depth = 0; strcmp(ca->kind, "root") != 0; depth++) {
            assert_true(depth < 4);
            assert_true(mxs_catalog_certs_of(catalog, ca, &up, 1) > 0);
            assert_true(up->is_ca);
            assert_non_null(ca = up->issuer);
        }
    }
}

/* A CA with dates has the certificates of its issuers; Let's Encrypt's are complete. */
static void families_have_issuers(void **state)
{
    (void)state;
    for (size_t f = 0; f < catalog->families.n; f++) {
        const struct mxs_catalog_family *family = catalog->families.v[f];
        size_t issuers = 0;
        for (size_t i = 0; i < catalog->cas.n; i++)
            issuers += catalog->cas.v[i]->family == family &&
                       strcmp(catalog->cas.v[i]->kind, "intermediate") == 0;
        if (strcmp(family->kind, "ca") == 0 && !issuers)
            fail_msg("%s has no issuer", family->id);
    }
}

/* Against the certificates themselves, where they are at hand. */
static void against_certificates(void **state)
{
    struct mxs_strs paths = { 0 };
    (void)state;
    const char *folder = getenv("MXS_TEST_PEM");
    if (!folder)
        skip();
    assert_int_equal(mxs_file_list(arena, folder, ".pem", &paths, NULL), MXS_OK);
    for (size_t i = 0; i < paths.n; i++) {
        struct mxs_bytes pem;
        struct mxs_chain chain;
        uint8_t digest[64];
        assert_int_equal(mxs_file_read(arena, paths.v[i], 1 << 20, &pem, NULL), MXS_OK);
        assert_int_equal(mxs_cert_pem(arena, paths.v[i], pem, &chain, NULL), MXS_OK);
        const struct mxs_cert *cert = chain.certs.v[0];
        const struct mxs_catalog_cert *c = mxs_catalog_by_sha256(catalog, cert->sha256);
        if (!c)
            fail_msg("%s is not in the catalog", paths.v[i]);
        assert_ptr_equal(mxs_catalog_match(catalog, cert), c->ca);
        mxs_digest_sha512(cert->der, digest);
        assert_memory_equal(digest, c->sha512, 64);
        assert_true(mxs_bytes_equal(cert->spki, c->ca->spki));
        assert_true(mxs_bytes_equal(cert->issuer_raw, c->issuer_raw));
        assert_true(mxs_bytes_equal(cert->serial_raw, c->serial_raw));
        assert_true(mxs_bytes_equal(cert->extensions_raw, c->extensions_raw));
        assert_true(mxs_bytes_equal(cert->ski, c->ski));
        assert_true(mxs_bytes_equal(cert->aki, c->aki));
        assert_int_equal(cert->not_before, c->not_before);
        assert_int_equal(cert->not_after, c->not_after);
        assert_int_equal(cert->eku, c->eku);
        assert_int_equal(cert->has_eku, c->has_eku);
        assert_int_equal(cert->key_usage, c->key_usage);
        assert_int_equal(cert->path_length, c->path_length);
        assert_int_equal(cert->ca, c->is_ca);
        assert_string_equal(cert->signature_algorithm, c->signature_algorithm);
        assert_string_equal(cert->subject, c->ca->subject);
    }
}

#define HEAD "{\"schema\": \"mxscope.catalog/1\",\n\"families\": [{\"id\": \"x\",\n"

static void bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{", "f.json:1: " },
        { "[]", "f.json: a catalog is no object" },
        { "{\"families\": []}", "f.json: \"schema\" is missing" },
        { "{\"schema\": \"mxscope.catalog/9\"}", "f.json:1: \"schema\" is \"mxscope.catalog/9\"" },
        { HEAD "\"evnts\": []}]}", "f.json:3: unknown key \"evnts\" of a family; allowed are: id" },
        { HEAD "\"kind\": \"shop\"}]}", "f.json:3: \"kind\" is \"shop\", not one of: ca programme" },
        { HEAD "\"events\": [{\"id\": \"e\", \"date\": \"2026-13-01\",\n\"kind\": \"eku\", \"title\": "
               "\"t\", \"certainty\": \"exact\", \"source\": \"s\"}]}]}",
          "f.json:3: \"date\" is \"2026-13-01\", not a date" },
        { HEAD "\"events\": [{\"id\": \"e\",\n\"kind\": \"eku\", \"title\": \"t\", \"certainty\": "
               "\"exact\", \"source\": \"s\"}]}]}",
          "f.json:3: \"date\" is missing" },
        { HEAD "\"issuing\": [{\"cas\": [\n\"R99\"], \"from\": \"2020-01-01\", \"certainty\": "
               "\"exact\", \"source\": \"s\"}]}]}",
          "f.json:4: no CA is called \"R99\"" },
        { HEAD "\"issuing\": [{\"cas\": [], \"from\": \"2020-01-01\",\n\"until\": \"2019-01-01\", "
               "\"certainty\": \"exact\", \"source\": \"s\"}]}]}",
          "f.json:4: \"until\" is not after \"from\"" },
        { HEAD "\"chains\": [{\"id\": \"c\", \"served\": [[\"nobody\"]], \"certainty\": \"exact\", "
               "\"source\": \"s\"}]}]}",
          "f.json:3: no certificate is called \"nobody\"" },
        { HEAD "\"cas\": [{\"name\": \"a\", \"kind\": \"root\", \"key\": \"RSA-2048\",\n"
               "\"subject\": \"\", \"subject_der\": \"!!\"}]}]}",
          "f.json:4: \"subject_der\" is not base64" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_catalog *c;
        struct mxs_why why = { 0 };
        const char *name = "f.json";
        struct mxs_bytes body = mxs_bytes_str(rows[i].text);
        assert_int_not_equal(mxs_catalog_read(&name, &body, 1, &c, &why), MXS_OK);
        assert_null(c);
        if (strncmp(why.text, rows[i].why, strlen(rows[i].why)) != 0)
            fail_msg("row %zu: %s", i, why.text);
    }
    struct mxs_catalog *c;
    struct mxs_why why;
    assert_int_equal(mxs_catalog_load("/nonexistent", &c, &why), MXS_ERR_IO);
    assert_non_null(strstr(why.text, "/nonexistent"));
}

static void import(void **state)
{
    struct mxs_bytes pem[2];
    struct mxs_chain chain;
    struct mxs_catalog *c;
    struct mxs_why why;
    const char *name = "own.json";
    (void)state;
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/int.pem", 1 << 16, &pem[0], NULL), 0);
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/root.pem", 1 << 16, &pem[1], NULL), 0);
    const char *both = mxs_arena_printf(arena, "%s%s", (const char *)pem[0].p,
                                        (const char *)pem[1].p);
    assert_int_equal(mxs_cert_pem(arena, "x", mxs_bytes_str(both), &chain, NULL), MXS_OK);
    struct mxs_bytes text = mxs_bytes_str(mxs_catalog_import(arena, "own", &chain, NULL, &why));
    assert_non_null(text.p);
    if (mxs_catalog_read(&name, &text, 1, &c, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_int_equal(c->cas.n, 2);
    const struct mxs_catalog_cert *cert = mxs_catalog_cert(c, "Example Intermediate");
    assert_string_equal(cert->id, "own/Example Intermediate by Example Root");
    assert_true(mxs_bytes_equal(cert->extensions_raw, chain.certs.v[0]->extensions_raw));
    assert_ptr_equal(mxs_catalog_match(c, chain.certs.v[1]), mxs_catalog_ca(c, "Example Root"));
    mxs_catalog_free(c);
    chain.certs.n = 0;
    assert_null(mxs_catalog_import(arena, "own", &chain, NULL, &why));
}

/* A certificate of a known CA refers to it; what is known already is no news. */
static void import_beside(void **state)
{
    struct mxs_bytes pem[2], text[2];
    struct mxs_chain root, both;
    struct mxs_catalog *known, *c;
    struct mxs_why why;
    const char *names[] = { "first.json", "second.json" };
    (void)state;
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/int.pem", 1 << 16, &pem[0], NULL), 0);
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/root.pem", 1 << 16, &pem[1], NULL), 0);
    assert_int_equal(mxs_cert_pem(arena, "x", pem[1], &root, NULL), MXS_OK);
    const char *all = mxs_arena_printf(arena, "%s%s%s", (const char *)pem[0].p,
                                       (const char *)pem[0].p, (const char *)pem[1].p);
    assert_int_equal(mxs_cert_pem(arena, "x", mxs_bytes_str(all), &both, NULL), MXS_OK);
    text[0] = mxs_bytes_str(mxs_catalog_import(arena, "first", &root, NULL, NULL));
    assert_int_equal(mxs_catalog_read(names, text, 1, &known, NULL), MXS_OK);
    assert_null(mxs_catalog_import(arena, "again", &root, known, &why));
    assert_string_equal(why.text, "its CA certificates are all in the catalog");
    text[1] = mxs_bytes_str(mxs_catalog_import(arena, "second", &both, known, NULL));
    if (mxs_catalog_read(names, text, 2, &c, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_int_equal(c->certs.n, 2);
    const struct mxs_catalog_cert *cert = mxs_catalog_cert(c, "second/Example Intermediate by Example Root");
    assert_non_null(cert);
    assert_string_equal(cert->issuer->id, "first/Example Root");
    mxs_catalog_free(c);
    mxs_catalog_free(known);
}

static void states(void **state)
{
    static const struct {
        const char *ca, *at, *state;
    } rows[] = {
        { "letsencrypt/R3", "2020-09-03", "not yet valid" },
        { "letsencrypt/R3", "2020-10-01", "not yet issuing" },
        { "letsencrypt/R3", "2021-01-01", "issuing" },
        { "letsencrypt/R3", "2024-07-01", "retired" },
        { "letsencrypt/R3", "2025-10-01", "expired" },
        { "letsencrypt/YR3", "2026-11-21", "backup" },
        { "digicert/DigiCert Global Root CA", "2026-04-14", "active" },
        { "digicert/DigiCert Global Root CA", "2026-04-15", "distrusted" },
        { "letsencrypt/Root YR", "2026-11-21", "active" },
        { "digicert/DigiCert TLS RSA SHA256 2020 CA1", "2023-03-07", "issuing" },
        { "digicert/DigiCert TLS RSA SHA256 2020 CA1", "2023-03-08", "retired" },
        { "digicert/DigiCert Global G2 TLS RSA SHA256 2020 CA1", "2023-03-08", "issuing" },
        { "sectigo/Sectigo Public Server Authentication CA DV R36", "2025-06-01", "not yet issuing" },
        { "sectigo/Sectigo Public Server Authentication CA DV R36", "2025-06-02", "issuing" },
        { "godaddy/GoDaddy TLS Intermediate CA DV - R1v1", "2026-06-15", "issuing" },
        { "entrust/Entrust Root Certification Authority - G2", "2026-06-01", "distrusted" },
        { "entrust/Entrust Certification Authority - L1K", "2026-06-01", "retired" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        int64_t at;
        assert_int_equal(mxs_time_parse(rows[i].at, &at), MXS_OK);
        const char *got = mxs_catalog_state(catalog, mxs_catalog_ca(catalog, rows[i].ca), at);
        if (strcmp(got, rows[i].state) != 0)
            fail_msg("%s at %s: %s", rows[i].ca, rows[i].at, got);
    }
}

/* Read when first asked for; what it says stands in JSON's chains. */
static void loader(void **state)
{
    (void)state;
    struct mxs_catalog_loader none = { .folder = NULL }, missing = { .folder = "/nonexistent" };
    struct mxs_bytes pem[2];
    struct mxs_chain chain;
    char folder[] = "/tmp/mxscope-catalog-XXXXXX";
    assert_null(mxs_catalog_get(NULL));
    assert_null(mxs_catalog_get(&none));
    assert_null(mxs_catalog_get(&missing));
    assert_int_equal(missing.why.err, MXS_ERR_IO);
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/leaf.pem", 1 << 16, &pem[0], NULL), 0);
    assert_int_equal(mxs_file_read(arena, MXS_TEST_CERTS "/facts/int.pem", 1 << 16, &pem[1], NULL), 0);
    const char *both = mxs_arena_printf(arena, "%s%s", (const char *)pem[0].p,
                                        (const char *)pem[1].p);
    assert_int_equal(mxs_cert_pem(arena, "x", mxs_bytes_str(both), &chain, NULL), MXS_OK);
    assert_non_null(mkdtemp(folder));
    const char *path = mxs_arena_printf(arena, "%s/own.json", folder);
    assert_int_equal(mxs_file_write(path, mxs_bytes_str(mxs_catalog_import(arena, "own", &chain, NULL, NULL)),
                                    0600, NULL), MXS_OK);
    struct mxs_catalog_loader own = { .folder = folder };
    json_t *json = mxs_json_chain(&chain, &own);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_non_null(strstr(text, "\"catalog\":null"));
    assert_non_null(strstr(text, "\"catalog\":\"own/Example Intermediate\""));
    assert_null(mxs_catalog_revoked(&own, chain.certs.v[1]));
    free(text);
    json_decref(json);
    mxs_catalog_free(own.catalog);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_name),     cmocka_unit_test(by_contents),
        cmocka_unit_test(by_date),     cmocka_unit_test(chains_fit),
        cmocka_unit_test(events_in_order), cmocka_unit_test(facts_agree),
        cmocka_unit_test(chains_end),  cmocka_unit_test(families_have_issuers),
        cmocka_unit_test(against_certificates), cmocka_unit_test(bad_files),
        cmocka_unit_test(import), cmocka_unit_test(import_beside), cmocka_unit_test(states),
        cmocka_unit_test(loader),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
