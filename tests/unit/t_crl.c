/* CRLs: what is in them, and what rule sets make of them. The expectations of the rules are what `openssl
 * verify -crl_check` (3.0.19) and `certtool --verify --load-crl` (3.7.9) say of the same files. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/der.h"
#include "judge/path.h"
#include "judge_certs.h"

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

static const struct mxs_cert *cert(struct mxs_arena *arena, const char *name)
{
    struct mxs_chain chain;
    struct mxs_bytes pem = judge_file(arena, "crl", name, ".crt");
    assert_int_equal(mxs_cert_pem(arena, name, pem, &chain, NULL), MXS_OK);
    return chain.certs.v[0];
}

static const struct mxs_crl *crl(struct mxs_arena *arena, const char *name)
{
    struct mxs_crls crls = { { NULL, 0, 0 } };
    struct mxs_bytes pem = judge_file(arena, "crl", name, ".crl");
    assert_int_equal(mxs_crl_read(arena, name, pem, &crls, NULL), MXS_OK);
    assert_int_equal(crls.list.n, 1);
    return crls.list.v[0];
}

static void facts(void **state)
{
    const struct mxs_crl *c = crl(*state, "int-leaf");
    const struct mxs_cert *leaf = cert(*state, "leaf"), *issuer = cert(*state, "int");
    assert_string_equal(c->issuer, "CN=Test Intermediate");
    assert_int_equal(c->n, 2);
    assert_string_equal(mxs_time_text(*state, c->this_update), "2025-01-01T00:00:00Z");
    assert_string_equal(mxs_time_text(*state, c->next_update), "2030-01-01T00:00:00Z");
    assert_true(mxs_bytes_equal(c->aki, issuer->ski));
    assert_string_equal(mxs_time_text(*state, mxs_crl_revoked(c, leaf)), "2024-06-01T00:00:00Z");
    assert_int_equal(mxs_crl_revoked(c, issuer), -1);
    assert_int_equal(mxs_crl_revoked(crl(*state, "int-ok"), leaf), -1);
    assert_int_equal(crl(*state, "int-ok")->n, 0);
    assert_true(mxs_crl_signed_by(c, issuer));
    assert_false(mxs_crl_signed_by(c, cert(*state, "forger")));
    assert_true(mxs_crl_signed_by(crl(*state, "int-forged"), cert(*state, "forger")));
    assert_string_equal(mxs_crl_to_pem(*state, c),
                        (const char *)judge_file(*state, "crl", "int-leaf", ".crl").p);
}

static void scope(void **state)
{
    const struct mxs_crl *point = crl(*state, "int-point"), *cas = crl(*state, "int-cas");
    assert_true(mxs_crl_covers(point, cert(*state, "leaf-point")));
    assert_false(mxs_crl_covers(point, cert(*state, "leaf")));
    assert_false(mxs_crl_covers(point, cert(*state, "int")));
    assert_false(mxs_crl_covers(cas, cert(*state, "leaf")));
    assert_true(mxs_crl_covers(cas, cert(*state, "int")));
    assert_null(point->unknown_critical);
    assert_true(crl(*state, "int-delta")->delta);
    assert_false(point->delta);
}

/* What is made reads back the same. */
static void made(void **state)
{
    const struct mxs_crl *was = crl(*state, "int-leaf"), *is = NULL;
    const struct mxs_cert *leaf = cert(*state, "leaf");
    static const uint8_t no_signature[] = { 0 };
    for (int revoked = 0; revoked < 2; revoked++) {
        struct mxs_crl_words words = { .issuer_raw = was->issuer_raw, .aki = was->aki,
                                       .this_update = was->this_update, .next_update = was->next_update };
        words.serial = revoked ? leaf->serial_raw : words.serial;
        struct mxs_bytes parts[] = {
            mxs_crl_tbs(*state, &words, was->signature_alg), was->signature_alg,
            mxs_der_put_bits(*state, mxs_bytes(no_signature, sizeof no_signature)),
        };
        struct mxs_bytes der = mxs_der_wrap(*state, MXS_DER_SEQUENCE, parts, 3);
        assert_int_equal(mxs_crl_parse(*state, der, &is, NULL), MXS_OK);
        assert_string_equal(is->issuer, was->issuer);
        assert_true(mxs_bytes_equal(is->aki, was->aki));
        assert_int_equal(is->next_update, was->next_update);
        assert_int_equal(mxs_crl_revoked(is, leaf), revoked ? was->this_update : -1);
    }
}

static void broken(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "", "f: no CRL in it" },
        { "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "f: no CRL in it" },
        { "x\n-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n",
          "f:2: not a CRL (outer structure)" },
        { "-----BEGIN X509 CRL-----\nM!\n", "f:2: not a CRL (not base64)" },
        { "\n\xef\xbb\xbf-----BEGIN X509 CRL-----\n", "f:2: not a CRL (BEGIN stands behind a byte order "
          "mark or white space)" },
        { "-----BEGIN X509 CRL-----\nMAA=\n", "f:1: not a CRL (no END line)" },
        { "-----BEGIN X509 CRL-----\nMAA\n-----END X509 CRL-----\n",
          "f:3: not a CRL (base64 ends early)" },
        { "0\x81\x80", "f: not a CRL (DER)" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_crls crls = { { NULL, 0, 0 } };
        struct mxs_why why = { MXS_OK, "" };
        assert_int_equal(mxs_crl_read(*state, "f", mxs_bytes_str(rows[i].text), &crls, &why),
                         MXS_ERR_SYNTAX);
        assert_string_equal(why.text, rows[i].why);
    }
    /* cut at every octet */
    const struct mxs_crl *c = crl(*state, "int-point"), *out;
    for (size_t n = 0; n < c->der.n; n++)
        assert_int_equal(mxs_crl_parse(*state, mxs_bytes(c->der.p, n), &out, NULL), MXS_ERR_SYNTAX);
}

static const struct {
    const char *leaf, *crls, *openssl_leaf, *openssl_chain, *gnutls;
} rows[] = {
    { "leaf", "root-ok int-ok", "", "", "" },
    { "leaf", "root-ok int-leaf", "revoked", "revoked", "revoked" },
    { "leaf", "root-int int-ok", "", "revoked@1", "revoked@1" },
    { "leaf", "root-ok", "crl-missing", "crl-missing", "" },
    { "leaf", "int-ok", "", "crl-missing@1 crl-missing@2", "" },
    { "leaf", "root-ok int-old", "crl-expired", "crl-expired", "" },
    { "leaf", "root-ok int-to-come", "crl-not-yet-valid", "crl-not-yet-valid", "" },
    { "leaf", "root-ok int-old int-leaf", "revoked", "revoked", "revoked" },
    { "leaf", "root-ok int-newer int-leaf", "", "", "" },
    { "leaf", "root-ok int-leaf int-newer", "", "", "" },
    { "leaf", "root-ok int-ok int-leaf", "", "", "revoked" },
    { "leaf", "root-ok int-leaf int-ok", "revoked", "revoked", "" },
    { "leaf", "root-ok int-forged", "crl-missing", "crl-missing", "revoked" },
    { "leaf", "root-ok int-forged-plain", "crl-bad-signature revoked", "crl-bad-signature revoked",
      "revoked" },
    { "leaf", "root-ok int-point", "crl-scope", "crl-scope", "" },
    { "leaf-point", "root-ok int-point", "revoked", "revoked", "revoked" },
    { "leaf", "root-ok int-ok int-point", "", "", "" },
    { "leaf-point", "root-ok int-ok int-point", "", "", "revoked" },
    { "leaf-point", "root-ok int-point int-ok", "revoked", "revoked", "" },
    { "leaf", "root-ok int-cas", "crl-scope revoked", "crl-scope revoked", "revoked" },
    { "leaf", "root-ok int-delta", "crl-missing", "crl-missing", "revoked" },
};

static struct mxs_store *store_of(struct mxs_arena *arena, const char *names)
{
    struct mxs_store *store = mxs_store_new("none");
    char *copy = mxs_arena_strdup(arena, names), *save = NULL;
    mxs_store_add(store, cert(arena, "root"));
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
        mxs_store_add_crl(store, crl(arena, w));
    return store;
}

/* "revoked crl-missing@1": the ids, with their depth where it is not the leaf's. */
static const char *judged(struct mxs_arena *arena, struct mxs_store *store, const char *leaf,
                          const struct mxs_ruleset *rules, const char *date)
{
    struct mxs_chain served = { { NULL, 0, 0 } };
    struct mxs_path_query query = { .served = &served, .store = store };
    struct mxs_paths paths = { { NULL, 0, 0 }, false };
    const char *text = "";
    *mxs_list_add(arena, &served.certs) = cert(arena, leaf);
    *mxs_list_add(arena, &served.certs) = cert(arena, "int");
    mxs_paths_build(arena, mxs_store_signatures(store), &query, &paths);
    struct mxs_path_choice choice =
        mxs_paths_choose(arena, &paths, rules, MXS_PURPOSE_CLIENT, judge_at(date));
    for (size_t i = 0; i < choice.reasons.n; i++) {
        const struct mxs_reason *r = &choice.reasons.v[i];
        text = mxs_arena_printf(arena, r->depth ? "%s%s%s@%d" : "%s%s%s", text, *text ? " " : "", r->id,
                                r->depth);
    }
    return text;
}

static void rules(void **state)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_ruleset openssl = *mxs_ruleset("openssl-3.0"), gnutls = *mxs_ruleset("gnutls");
        struct mxs_store *store = store_of(*state, rows[i].crls);
        assert_string_equal(judged(*state, store, rows[i].leaf, &openssl, JUDGE_AT), "");
        openssl.crl = MXS_CRL_LEAF;
        assert_string_equal(judged(*state, store, rows[i].leaf, &openssl, JUDGE_AT),
                            rows[i].openssl_leaf);
        openssl.crl = gnutls.crl = MXS_CRL_CHAIN;
        assert_string_equal(judged(*state, store, rows[i].leaf, &openssl, JUDGE_AT),
                            rows[i].openssl_chain);
        assert_string_equal(judged(*state, store, rows[i].leaf, &gnutls, JUDGE_AT), rows[i].gnutls);
        mxs_store_free(store);
    }
}

/* Who was told of no list takes it that all is well, until somebody says that there is none. */
static void unsaid(void **state)
{
    struct mxs_ruleset strict = *mxs_ruleset("openssl-3.0");
    struct mxs_store *store = store_of(*state, ""), *derived = mxs_store_derive(store);
    const struct mxs_crl *found[4];
    strict.crl = MXS_CRL_LEAF;
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "");
    mxs_store_add_crl(store, crl(*state, "root-ok"));
    mxs_store_add_crl(derived, crl(*state, "int-leaf"));
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "revoked");
    assert_string_equal(judged(*state, store, "leaf", &strict, JUDGE_AT), "crl-missing");
    struct mxs_bytes issuer = cert(*state, "leaf")->issuer_raw;
    assert_int_equal(mxs_store_find_crls(derived, issuer, false, found, 4), 1);
    assert_int_equal(mxs_store_find_crls(derived, issuer, true, found, 4), 0);
    assert_int_equal(mxs_store_find_crls(derived, cert(*state, "int")->issuer_raw, true, found, 4), 1);
    mxs_store_drop_crls(derived);
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "crl-missing");
    mxs_store_set_crls_of_all(derived);
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "");
    mxs_store_drop_crls(derived);
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "crl-missing");
    strict.crl_required = false;
    assert_string_equal(judged(*state, derived, "leaf", &strict, JUDGE_AT), "");
    mxs_store_free(derived);
    mxs_store_free(store);
}

/* Seen with verifiers on one day, judged on another. JUDGE_AT lies in the year of these lists. */
static void replaced_in_time(void **state)
{
    static const struct {
        const char *lists, *seen, *at, *reasons;
    } days[] = {
        { "root-ok int-ok", JUDGE_AT, "2031-06-01", "" },
        { "root-ok int-ok", JUDGE_AT, "2024-06-01", "" },
        { "root-ok int-ok", "2031-01-01", "2031-06-01", "crl-expired" },
        { "root-ok int-ok", "2031-01-01", JUDGE_AT, "" },
        { "root-ok int-old", JUDGE_AT, "2031-06-01", "crl-expired" },
        { "root-ok int-leaf", JUDGE_AT, "2031-06-01", "revoked" },
        { "root-ok int-old int-leaf", JUDGE_AT, "2031-06-01", "revoked" },
    };
    struct mxs_ruleset strict = *mxs_ruleset("openssl-3.0");
    strict.crl = MXS_CRL_LEAF;
    for (size_t i = 0; i < MXS_COUNT(days); i++) {
        struct mxs_store *store = store_of(*state, days[i].lists), *derived = mxs_store_derive(store);
        mxs_store_set_crls_seen(store, judge_at(days[i].seen));
        assert_string_equal(judged(*state, derived, "leaf", &strict, days[i].at), days[i].reasons);
        mxs_store_free(derived);
        mxs_store_free(store);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts, setup, teardown),
        cmocka_unit_test_setup_teardown(scope, setup, teardown),
        cmocka_unit_test_setup_teardown(made, setup, teardown),
        cmocka_unit_test_setup_teardown(broken, setup, teardown),
        cmocka_unit_test_setup_teardown(rules, setup, teardown),
        cmocka_unit_test_setup_teardown(unsaid, setup, teardown),
        cmocka_unit_test_setup_teardown(replaced_in_time, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
