#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/dane.h"
#include "whatif/rebuild.h"
#include "whatif/tbs.h"

#define SERVER GNUTLS_KP_TLS_WWW_SERVER
#define CLIENT GNUTLS_KP_TLS_WWW_CLIENT

struct bench {
    struct mxs_arena *arena;
    struct mxs_keypool *pool;
    struct mxs_rebuild *rb;
    const struct mxs_cert *root, *intermediate, *leaf; /* leaf: p384, by intermediate */
};

static const struct mxs_cert *load(struct mxs_arena *arena, const char *name)
{
    struct mxs_bytes pem;
    struct mxs_chain chain;
    const char *path = mxs_arena_printf(arena, MXS_TEST_CERTS "/facts/%s.pem", name);
    assert_int_equal(mxs_file_read(arena, path, 1 << 16, &pem, NULL), MXS_OK);
    assert_int_equal(mxs_cert_pem(arena, path, pem, &chain, NULL), MXS_OK);
    return chain.certs.v[0];
}

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct mxs_bytes keys;
    b->arena = mxs_arena_new();
    assert_int_equal(mxs_file_read(b->arena, MXS_TEST_SHARE "/keys/throw-away.pem", 1 << 20, &keys,
                                   NULL), MXS_OK);
    b->pool = mxs_keypool_new(keys);
    b->rb = mxs_rebuild_new(b->pool);
    b->root = load(b->arena, "root");
    b->intermediate = load(b->arena, "int");
    b->leaf = load(b->arena, "p384");
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    mxs_rebuild_free(b->rb);
    mxs_keypool_free(b->pool);
    mxs_arena_free(b->arena);
    free(b);
    return 0;
}

static struct mxs_chain build(struct bench *b, const struct mxs_blueprint *prints, size_t n)
{
    const struct mxs_cert *known[] = { b->root, b->intermediate };
    struct mxs_rebuild_known k = { known, 2, NULL, 0 };
    struct mxs_chain chain;
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_rebuild_chain(b->rb, b->arena, prints, n, &k, &chain, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_int_equal(chain.certs.n, n);
    return chain;
}

/* --- the two libraries as oracles ------------------------------------------------------------- */

static gnutls_x509_crt_t import(const struct mxs_cert *cert)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t der = { (unsigned char *)(uintptr_t)cert->der.p, (unsigned)cert->der.n };
    gnutls_x509_crt_init(&crt);
    assert_int_equal(gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER), 0);
    return crt;
}

static unsigned gnutls_says(const struct mxs_chain *chain, const struct mxs_cert *anchor,
                            const char *purpose)
{
    gnutls_x509_trust_list_t list;
    gnutls_x509_crt_t crts[8], ca = import(anchor);
    unsigned status = 0, n = (unsigned)chain->certs.n;
    gnutls_typed_vdata_st vdata = { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)(uintptr_t)purpose,
                                    0 };
    gnutls_x509_trust_list_init(&list, 0);
    assert_int_equal(gnutls_x509_trust_list_add_cas(list, &ca, 1, 0), 1);
    for (unsigned i = 0; i < n; i++)
        crts[i] = import(chain->certs.v[i]);
    assert_int_equal(gnutls_x509_trust_list_verify_crt2(list, crts, n, &vdata, 1,
                                                        GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status,
                                                        NULL), 0);
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(crts[i]);
    gnutls_x509_trust_list_deinit(list, 1);
    return status;
}

static const char *save(struct bench *b, const char *folder, const char *name,
                        const struct mxs_chain *chain, size_t from)
{
    const char *path = mxs_arena_printf(b->arena, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (size_t i = from; i < chain->certs.n; i++)
        fputs(mxs_cert_to_pem(b->arena, chain->certs.v[i]), f);
    fclose(f);
    return path;
}

/* "0" when it is fine, else "NUMBER@DEPTH"; "-" when there is no openssl to ask. */
static const char *openssl_says(struct bench *b, const struct mxs_chain *chain,
                                const struct mxs_cert *anchor, const char *purpose, int64_t at)
{
    char folder[] = "/tmp/mxscope-rebuild-XXXXXX", line[300];
    struct mxs_chain top = { { &anchor, 1, 1 } }, leaf = { { chain->certs.v, 1, 1 } };
    const char *said = "-";
    unsigned number, depth;
    assert_non_null(mkdtemp(folder));
    const char *ca = save(b, folder, "ca.pem", &top, 0);
    const char *rest = save(b, folder, "rest.pem", chain, 1);
    const char *first = save(b, folder, "leaf.pem", &leaf, 0);
    FILE *p = popen(mxs_arena_printf(b->arena,
                                     "openssl verify -purpose %s -attime %lld -CAfile %s "
                                     "-no-CApath -no-CAstore -untrusted %s %s 2>&1",
                                     purpose, (long long)at, ca, rest, first), "r");
    assert_non_null(p);
    while (fgets(line, sizeof line, p)) {
        const char *error = strstr(line, "error ");
        if (strstr(line, ": OK") && said[0] == '-')
            said = "0";
        else if (said[0] == '-' && error && sscanf(error, "error %u at %u depth", &number, &depth) == 2)
            said = mxs_arena_printf(b->arena, "%u@%u", number, depth);
    }
    pclose(p);
    const char *const files[] = { ca, rest, first };
    for (size_t i = 0; i < MXS_COUNT(files); i++)
        unlink(files[i]);
    rmdir(folder);
    return said;
}

static void expect(struct bench *b, const struct mxs_chain *chain, const struct mxs_cert *anchor,
                   const char *purpose, unsigned gnutls, const char *openssl)
{
    bool client = strcmp(purpose, CLIENT) == 0;
    const char *said = openssl_says(b, chain, anchor, client ? "sslclient" : "sslserver",
                                    mxs_time_utc(2026, 2, 1, 0, 0, 0));
    assert_int_equal(gnutls_says(chain, anchor, purpose), gnutls);
    if (strcmp(said, "-") != 0)
        assert_string_equal(said, openssl);
}

/* --- the same chain --------------------------------------------------------------------------- */

static void same_but_key(const struct mxs_cert *a, const struct mxs_cert *b, struct mxs_arena *arena)
{
    struct mxs_tbs x, y;
    assert_true(mxs_tbs_of_cert(arena, a, &x) && mxs_tbs_of_cert(arena, b, &y));
    assert_true(mxs_bytes_equal(x.version, y.version));
    assert_true(mxs_bytes_equal(x.serial, y.serial));
    assert_true(mxs_bytes_equal(x.algorithm, y.algorithm));
    assert_true(mxs_bytes_equal(x.issuer, y.issuer));
    assert_true(mxs_bytes_equal(x.validity, y.validity));
    assert_true(mxs_bytes_equal(x.subject, y.subject));
    assert_false(mxs_bytes_equal(x.spki, y.spki));
    assert_true(mxs_bytes_equal(a->extensions_raw, b->extensions_raw));
    assert_string_equal(a->key, b->key);
    assert_int_equal(x.extensions.n, y.extensions.n);
}

static void replica(void **state)
{
    struct bench *b = *state;
    struct mxs_blueprint prints[] = { { .cert = b->leaf }, { .cert = b->intermediate } };
    struct mxs_chain chain = build(b, prints, 2);
    const struct mxs_cert *anchor = mxs_rebuild_anchor(b->rb, b->root, true);
    same_but_key(b->leaf, chain.certs.v[0], b->arena);
    same_but_key(b->intermediate, chain.certs.v[1], b->arena);
    same_but_key(b->root, anchor, b->arena);
    assert_true(mxs_cert_signed_by(chain.certs.v[0], chain.certs.v[1]));
    assert_true(mxs_cert_signed_by(chain.certs.v[1], anchor));
    assert_true(mxs_cert_signed_by(anchor, anchor));
    expect(b, &chain, anchor, SERVER, 0, "0");
    expect(b, &chain, anchor, CLIENT,
           GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH, "26@0");
    assert_non_null(strstr(mxs_rebuild_key_pem(b->rb, b->arena, chain.certs.v[0]), "PRIVATE KEY"));
    assert_null(mxs_rebuild_key_pem(b->rb, b->arena, b->leaf));
}

/* Every kind of key, self-signed or by the root; what cannot be made is said. */
static void kinds(void **state)
{
    static const char *const names[] = { "leaf", "p384", "p521", "ed25519", "ed448", "pss",
                                         "pss-rsa", "nameless", "odd", "ocsp", "critical", "ev" };
    struct bench *b = *state;
    for (size_t i = 0; i < MXS_COUNT(names); i++) {
        const struct mxs_cert *cert = load(b->arena, names[i]);
        struct mxs_blueprint print = { .cert = cert };
        struct mxs_chain chain = build(b, &print, 1);
        const struct mxs_cert *made = chain.certs.v[0];
        same_but_key(cert, made, b->arena);
        const struct mxs_cert *issuer =
            cert->self_issued ? made
            : mxs_bytes_equal(cert->issuer_raw, b->root->subject_raw)
                ? mxs_rebuild_anchor(b->rb, b->root, false)
                : build(b, &(struct mxs_blueprint){ .cert = b->intermediate }, 1).certs.v[0];
        if (!mxs_cert_signed_by(made, issuer))
            fail_msg("%s is not signed", names[i]);
        struct mxs_cert other = *made;
        other.identity = NULL;
        assert_true(mxs_cert_signed_by(&other, issuer)); /* by mathematics, not by its word */
    }
}

static void replicas_are_kept(void **state)
{
    struct bench *b = *state;
    struct mxs_blueprint prints[] = { { .cert = b->leaf }, { .cert = b->intermediate } };
    build(b, prints, 2);
    size_t n = mxs_rebuild_signed(b->rb);
    build(b, prints, 2);
    assert_int_equal(mxs_rebuild_signed(b->rb), n);
    prints[0].edits = MXS_EDIT_EKU; /* none: only the leaf is signed anew */
    build(b, prints, 2);
    assert_int_equal(mxs_rebuild_signed(b->rb), n + 1);
    for (int i = 0; i < 200; i++) { /* more than the first table holds */
        prints[0].edits = MXS_EDIT_DATES;
        prints[0].not_before = i;
        prints[0].not_after = 1000;
        build(b, prints, 1);
    }
    assert_int_equal(mxs_rebuild_signed(b->rb), n + 201);
}

/* --- edits ------------------------------------------------------------------------------------ */

static struct mxs_strs words(struct mxs_arena *arena, const char *a, const char *b)
{
    struct mxs_strs s = { 0 };
    if (a)
        *mxs_list_add(arena, &s) = a;
    if (b)
        *mxs_list_add(arena, &s) = b;
    return s;
}

static void extended_key_usage(void **state)
{
    struct bench *b = *state;
    const struct mxs_cert *anchor = mxs_rebuild_anchor(b->rb, b->root, true);
    struct mxs_blueprint prints[] = { { .cert = b->leaf, .edits = MXS_EDIT_EKU },
                                      { .cert = b->intermediate, .edits = MXS_EDIT_EKU } };
    prints[0].eku = words(b->arena, "serverAuth", "clientAuth");
    struct mxs_chain chain = build(b, prints, 2); /* intermediate: none */
    assert_false(chain.certs.v[1]->has_eku);
    assert_int_equal(chain.certs.v[0]->eku, MXS_EKU_SERVER_AUTH | MXS_EKU_CLIENT_AUTH);
    expect(b, &chain, anchor, CLIENT, 0, "0");
    expect(b, &chain, anchor, SERVER, 0, "0");
    prints[1].eku = words(b->arena, "serverAuth", NULL);
    chain = build(b, prints, 2); /* nested: the CA is for servers alone */
    expect(b, &chain, anchor, SERVER, 0, "0");
    expect(b, &chain, anchor, CLIENT,
           GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH, "26@1");
    struct mxs_why why;
    prints[0].eku = words(b->arena, "serverauth", NULL);
    assert_int_equal(mxs_rebuild_chain(b->rb, b->arena, prints, 2, NULL, &chain, &why),
                     MXS_ERR_USAGE);
    assert_string_equal(why.text, "certificate 0: \"serverauth\" is no extended key usage "
                                  "(serverAuth, clientAuth, .., an OID)");
}

static void names_dates_keys(void **state)
{
    struct bench *b = *state;
    const struct mxs_cert *anchor = mxs_rebuild_anchor(b->rb, b->root, true);
    struct mxs_blueprint prints[] = { { .cert = b->leaf }, { .cert = b->intermediate } };
    prints[0].edits = MXS_EDIT_NAMES | MXS_EDIT_DATES | MXS_EDIT_KEY | MXS_EDIT_RENEW;
    prints[0].dns = words(b->arena, "new.example.org", NULL);
    prints[0].not_before = mxs_time_utc(2026, 1, 15, 0, 0, 0);
    prints[0].not_after = mxs_time_utc(2051, 1, 1, 0, 0, 0);
    prints[0].key_kind = "RSA-2048";
    struct mxs_chain chain = build(b, prints, 2);
    const struct mxs_cert *made = chain.certs.v[0];
    assert_string_equal(made->subject, "");
    assert_string_equal(made->san_dns.v[0], "new.example.org");
    assert_int_equal(made->not_before, prints[0].not_before);
    assert_int_equal(made->not_after, prints[0].not_after);
    assert_string_equal(made->key, "RSA-2048");
    assert_false(mxs_bytes_equal(made->serial_raw, b->leaf->serial_raw));
    assert_false(mxs_bytes_equal(made->ski, b->leaf->ski));
    expect(b, &chain, anchor, SERVER, 0, "0");
    struct mxs_chain again = build(b, prints, 2);
    assert_true(mxs_bytes_equal(again.certs.v[0]->der, made->der));
    prints[0].key_number = 1; /* yet another key */
    assert_false(mxs_bytes_equal(build(b, prints, 2).certs.v[0]->spki, made->spki));
    const struct mxs_cert *rsa = load(b->arena, "leaf"); /* with keyEncipherment */
    struct mxs_blueprint print = { .cert = rsa, .edits = MXS_EDIT_KEY, .key_kind = "ECDSA-P256" };
    made = build(b, &print, 1).certs.v[0];
    assert_int_equal(made->key_usage, MXS_KU_DIGITAL_SIGNATURE);
    assert_string_equal(made->signature_algorithm, rsa->signature_algorithm);
}

static void expired(void **state)
{
    struct bench *b = *state;
    struct mxs_blueprint prints[] = { { .cert = b->leaf },
                                      { .cert = b->intermediate, .edits = MXS_EDIT_DATES } };
    prints[1].not_before = mxs_time_utc(2025, 1, 1, 0, 0, 0);
    prints[1].not_after = mxs_time_utc(2026, 1, 1, 0, 0, 0);
    struct mxs_chain chain = build(b, prints, 2);
    const struct mxs_cert *anchor = mxs_rebuild_anchor(b->rb, b->root, true);
    expect(b, &chain, anchor, SERVER, 0, "10@1"); /* GnuTLS's time checks are off here */
}

static void signers(void **state)
{
    struct bench *b = *state;
    struct mxs_blueprint print = { .cert = b->leaf };
    struct mxs_chain alone;
    const struct mxs_cert *ca = build(b, &(struct mxs_blueprint){ .cert = b->intermediate }, 1)
                                    .certs.v[0];
    /* a new instance: what was learnt of signers would otherwise help */
    struct mxs_rebuild *rb = mxs_rebuild_new(b->pool);
    assert_int_equal(mxs_rebuild_chain(rb, b->arena, &print, 1, NULL, &alone, NULL), MXS_OK);
    assert_false(mxs_cert_signed_by(alone.certs.v[0], ca)); /* nobody knew who signs */
    struct mxs_rebuild_known key = { NULL, 0, &b->intermediate->spki, 1 };
    assert_int_equal(mxs_rebuild_chain(rb, b->arena, &print, 1, &key, &alone, NULL), MXS_OK);
    assert_true(mxs_cert_signed_by(alone.certs.v[0], ca)); /* a bare key of a TLSA record did */
    assert_true(mxs_cert_signed_by_spki(alone.certs.v[0], b->intermediate->spki)); /* the true one */
    assert_false(mxs_cert_signed_by_spki(alone.certs.v[0], b->root->spki));
    print.edits = MXS_EDIT_SELF_SIGN;
    assert_int_equal(mxs_rebuild_chain(rb, b->arena, &print, 1, NULL, &alone, NULL), MXS_OK);
    assert_true(alone.certs.v[0]->self_issued);
    assert_true(mxs_cert_signed_by(alone.certs.v[0], alone.certs.v[0]));
    assert_int_equal(alone.certs.v[0]->aki.n, 0);
    mxs_rebuild_free(rb);
}

static void private_ca(void **state)
{
    struct bench *b = *state;
    const struct mxs_cert *ca =
        mxs_rebuild_private_ca(b->rb, "Private CA", "ECDSA-P256", mxs_time_utc(2025, 1, 1, 0, 0, 0),
                               mxs_time_utc(2035, 1, 1, 0, 0, 0));
    struct mxs_blueprint print = { .cert = b->leaf, .edits = MXS_EDIT_ISSUER | MXS_EDIT_EKU,
                                   .issuer = mxs_issuer_of_cert(ca),
                                   .eku = words(b->arena, "clientAuth", NULL) };
    struct mxs_chain chain = build(b, &print, 1);
    assert_string_equal(chain.certs.v[0]->issuer, "CN=Private CA");
    assert_true(mxs_bytes_equal(chain.certs.v[0]->aki, ca->ski));
    expect(b, &chain, ca, CLIENT, 0, "0");
    expect(b, &chain, ca, SERVER, GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH, "26@0");
    assert_true(mxs_bytes_equal(
        mxs_rebuild_private_ca(b->rb, "Private CA", "ECDSA-P256", ca->not_before, ca->not_after)->der,
        ca->der));
}

/* --- identity --------------------------------------------------------------------------------- */

static bool pinned(struct bench *b, const struct mxs_cert *cert, const char *words_of,
                   const struct mxs_cert *of)
{
    struct mxs_tlsa tlsa;
    uint8_t digest[64];
    bool key = words_of[2] == '1', full = words_of[4] == '0', long_one = words_of[4] == '2';
    struct mxs_bytes data = key ? of->spki : of->der;
    if (long_one)
        mxs_digest_sha512(data, digest);
    else
        mxs_digest_sha256(data, digest);
    const char *text = mxs_arena_printf(
        b->arena, "%s %s", words_of,
        mxs_hex(b->arena, full ? data : mxs_bytes(digest, long_one ? 64 : 32)));
    assert_int_equal(mxs_tlsa_text_parse(b->arena, text, &tlsa, NULL), MXS_OK);
    return mxs_tlsa_matches(&tlsa, cert);
}

static void identity(void **state)
{
    static const char *const all[] = { "3 0 0", "3 0 1", "3 0 2", "3 1 0", "3 1 1", "3 1 2" };
    static const struct {
        unsigned edits;
        bool cert, key; /* records of the true certificate, of its key, still match */
    } rows[] = {
        { 0, true, true },
        { MXS_EDIT_EKU, false, true },
        { MXS_EDIT_RENEW, false, true },
        { MXS_EDIT_KEY, false, false },
    };
    struct bench *b = *state;
    for (size_t r = 0; r < MXS_COUNT(rows); r++) {
        struct mxs_blueprint print = { .cert = b->leaf, .edits = rows[r].edits };
        const struct mxs_cert *made = build(b, &print, 1).certs.v[0];
        for (size_t i = 0; i < MXS_COUNT(all); i++) {
            bool key = all[i][2] == '1';
            if (pinned(b, made, all[i], b->leaf) != (key ? rows[r].key : rows[r].cert))
                fail_msg("row %zu, %s", r, all[i]);
            assert_true(pinned(b, b->leaf, all[i], b->leaf));
        }
    }
    /* a replica of a replica is still the same one */
    struct mxs_blueprint print = { .cert = b->leaf };
    struct mxs_blueprint twice = { .cert = build(b, &print, 1).certs.v[0] };
    assert_true(mxs_bytes_equal(build(b, &twice, 1).certs.v[0]->der, twice.cert->der));
    assert_true(pinned(b, build(b, &twice, 1).certs.v[0], "3 0 1", b->leaf));
}

/* --- the catalog ------------------------------------------------------------------------------ */

static void from_catalog(void **state)
{
    struct bench *b = *state;
    struct mxs_catalog_loader loader = { .folder = MXS_TEST_SHARE "/catalog" };
    const struct mxs_catalog *c = mxs_catalog_get(&loader);
    assert_non_null(c);
    struct mxs_blueprint prints[] = {
        { .cert = b->leaf, .edits = MXS_EDIT_ISSUER | MXS_EDIT_EKU,
          .issuer = mxs_issuer_of_ca(mxs_catalog_ca(c, "YE1")),
          .eku = words(b->arena, "serverAuth", "clientAuth") },
        { .catalog = mxs_catalog_cert(c, "YE1") },
        { .catalog = mxs_catalog_cert(c, "Root YE by ISRG Root X2 (2025)") },
        { .catalog = mxs_catalog_cert(c, "ISRG Root X2 by ISRG Root X1 (2025)") },
        { .catalog = mxs_catalog_cert(c, "ISRG Root X1") },
    };
    struct mxs_chain chain = build(b, prints, 5);
    const struct mxs_cert *anchor = chain.certs.v[4];
    chain.certs.n = 4;
    assert_string_equal(chain.certs.v[0]->issuer, "CN=YE1,O=Let's Encrypt,C=US");
    for (size_t i = 0; i < 4; i++)
        if (!mxs_cert_signed_by(chain.certs.v[i], i < 3 ? chain.certs.v[i + 1] : anchor))
            fail_msg("%zu is not signed", i);
    expect(b, &chain, anchor, SERVER, 0, "0");
    expect(b, &chain, anchor, CLIENT,
           GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH, "26@1");
    for (size_t i = 1; i < 4; i++) {
        const struct mxs_cert *made = chain.certs.v[i];
        assert_memory_equal(made->identity->sha256, prints[i].catalog->sha256, 32);
        assert_memory_equal(made->identity->spki_sha512, prints[i].catalog->ca->spki_sha512, 64);
        assert_ptr_equal(mxs_catalog_match(c, made), prints[i].catalog->ca);
        assert_int_equal(mxs_catalog_revoked(&loader, made) != NULL, i > 1);
    }
    mxs_catalog_free(loader.catalog);
}

/* The certificate of the facts, its true key in it, under a signature that is none. */
static const struct mxs_cert *unsigned_cert(struct mxs_arena *arena,
                                            const struct mxs_catalog_cert *facts)
{
    struct mxs_tbs tbs;
    const struct mxs_cert *cert;
    if (!mxs_tbs_of_catalog(arena, facts, &tbs))
        fail_msg("%s cannot be put together", facts->id);
    struct mxs_bytes parts[] = { mxs_tbs_build(arena, &tbs), tbs.algorithm,
                                 mxs_der_put_bits(arena, mxs_bytes("no signature", 12)) };
    struct mxs_why why;
    if (mxs_cert_parse(arena, mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3), &cert, &why))
        fail_msg("%s: %s", facts->id, why.text);
    return cert;
}

/* What the catalog says in words is what its raw extensions say. */
static void catalog_is_consistent(void **state)
{
    struct bench *b = *state;
    struct mxs_catalog *c;
    assert_int_equal(mxs_catalog_load(MXS_TEST_SHARE "/catalog", &c, NULL), MXS_OK);
    for (size_t i = 0; i < c->certs.n; i++) {
        const struct mxs_catalog_cert *facts = c->certs.v[i];
        const struct mxs_cert *made = unsigned_cert(b->arena, facts);
        if (made->eku != facts->eku || made->has_eku != facts->has_eku ||
            made->key_usage != facts->key_usage || made->path_length != facts->path_length ||
            made->ca != facts->is_ca || made->not_before != facts->not_before ||
            made->not_after != facts->not_after || made->malformed ||
            strcmp(made->key, facts->ca->key) != 0 ||
            strcmp(made->subject, facts->ca->subject) != 0 ||
            strcmp(made->signature_algorithm, facts->signature_algorithm) != 0 ||
            !mxs_bytes_equal(made->ski, facts->ski) || !mxs_bytes_equal(made->aki, facts->aki) ||
            !mxs_bytes_equal(made->serial_raw, facts->serial_raw))
            fail_msg("%s contradicts itself", facts->id);
    }
    mxs_catalog_free(c);
}

/* The TBSCertificate made from the facts is that of the true certificate, where it is at hand. */
static void catalog_is_exact(void **state)
{
    struct bench *b = *state;
    struct mxs_catalog *c;
    struct mxs_strs paths = { 0 };
    const char *folder = getenv("MXS_TEST_PEM");
    if (!folder)
        skip();
    assert_int_equal(mxs_catalog_load(MXS_TEST_SHARE "/catalog", &c, NULL), MXS_OK);
    assert_int_equal(mxs_file_list(b->arena, folder, ".pem", &paths, NULL), MXS_OK);
    assert_true(paths.n > 0);
    for (size_t i = 0; i < paths.n; i++) {
        struct mxs_bytes pem;
        struct mxs_chain chain;
        struct mxs_tbs tbs;
        assert_int_equal(mxs_file_read(b->arena, paths.v[i], 1 << 20, &pem, NULL), MXS_OK);
        assert_int_equal(mxs_cert_pem(b->arena, paths.v[i], pem, &chain, NULL), MXS_OK);
        const struct mxs_cert *cert = chain.certs.v[0];
        assert_true(mxs_tbs_of_catalog(b->arena, mxs_catalog_by_sha256(c, cert->sha256), &tbs));
        if (!mxs_bytes_equal(mxs_tbs_build(b->arena, &tbs), cert->tbs))
            fail_msg("%s", paths.v[i]);
    }
    mxs_catalog_free(c);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void key_pool(void **state)
{
    static const struct {
        const char *kind, *got;
    } rows[] = {
        { "RSA-2048", "RSA-2048" },   { "RSA-3072", "RSA-3072" },     { "RSA-4096", "RSA-4096" },
        { "RSA-1024", "RSA-1024" },   { "ECDSA-P224", "ECDSA-P224" }, { "Ed448", "Ed448" },
        { "RSA-PSS-2048", "RSA-PSS-2048" }, { "RSA-16384", "ECDSA-P256" },
        { "ML-DSA-44", "ECDSA-P256" }, { "RSA-2048x", "ECDSA-P256" },
    };
    struct bench *b = *state;
    struct mxs_keypool *own = mxs_keypool_new(mxs_bytes(NULL, 0));
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct mxs_key *key =
            mxs_keypool_labelled(b->pool, rows[i].kind, mxs_bytes("pool", 4));
        assert_string_equal(mxs_key_kind(key), rows[i].got);
        assert_int_equal(mxs_key_substituted(key), strcmp(rows[i].kind, rows[i].got) != 0);
        assert_ptr_equal(mxs_keypool_labelled(b->pool, rows[i].kind, mxs_bytes("pool", 4)), key);
        assert_ptr_not_equal(mxs_keypool_labelled(b->pool, rows[i].kind, mxs_bytes("loop", 4)), key);
        assert_ptr_equal(mxs_keypool_for(b->pool, mxs_key_spki(key)), key);
    }
    const struct mxs_key *a = mxs_keypool_for(b->pool, b->root->spki);
    assert_ptr_equal(mxs_keypool_for(b->pool, b->root->spki), a);
    const struct mxs_key *fresh = mxs_keypool_for(own, b->root->spki);
    assert_string_equal(mxs_key_kind(fresh), "RSA-2048");
    assert_false(mxs_bytes_equal(mxs_key_spki(fresh), mxs_key_spki(a)));
    assert_non_null(strstr(mxs_key_pem(b->arena, fresh), "BEGIN PRIVATE KEY"));
    mxs_keypool_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replica),         cmocka_unit_test(kinds),
        cmocka_unit_test(replicas_are_kept), cmocka_unit_test(extended_key_usage),
        cmocka_unit_test(names_dates_keys), cmocka_unit_test(expired),
        cmocka_unit_test(signers),         cmocka_unit_test(private_ca),
        cmocka_unit_test(identity),        cmocka_unit_test(from_catalog),
        cmocka_unit_test(catalog_is_consistent),
        cmocka_unit_test(catalog_is_exact), cmocka_unit_test(key_pool),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
