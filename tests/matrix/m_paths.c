/* Paths: what can be built from what is served and trusted, and what each rule set says of it. One row
 * is chain, store, rule set, purpose, date; the reasons expected, nearest the leaf first ("" = good). */
#include "config.h"

#include "../unit/judge_certs.h"
#include "judge/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct row {
    const char *chain, *store, *rules;
    enum mxs_purpose purpose;
    const char *at, *reasons;
    const char *rfc; /* of the first reason, or what the row rests on */
};

#define SRV MXS_PURPOSE_SERVER
#define CLI MXS_PURPOSE_CLIENT
#define ANY MXS_PURPOSE_ANY
#define NOW JUDGE_AT

static const struct row rows[] = {
    /* shapes */
    { "good int", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int root", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good root int", "root", "rfc", SRV, NOW, "", "RFC 8446 4.4.2" },
    { "good int-old eku-both int", "root", "rfc", SRV, NOW, "", "RFC 8446 4.4.2" },
    { "good int int int", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "under-root", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good", "root", "rfc", SRV, NOW, "issuer-unknown@0", "RFC 5280 6.1" },
    { "good int", "-", "rfc", SRV, NOW, "issuer-unknown@1", "RFC 5280 6.1" },
    { "good int root", "root2", "rfc", SRV, NOW, "untrusted-root@2", "RFC 5280 6.1" },
    { "selfsigned", "root", "rfc", SRV, NOW, "self-signed@0", "RFC 5280 6.1" },
    { "selfsigned", "selfsigned", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "untrusted int-untrusted", "root", "rfc", SRV, NOW, "issuer-unknown@1", "RFC 5280 6.1" },
    { "under-second int-second int-first", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "under-second int-second", "root", "rfc", SRV, NOW, "issuer-unknown@1", "RFC 5280 6.1" },
    { "under-second int-first", "root", "rfc", SRV, NOW, "issuer-unknown@0", "RFC 5280 6.1" },
    /* several certificates of one CA: one that is bad must not hide one that is good */
    { "good int-cross int", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int-cross", "root", "rfc", SRV, NOW, "issuer-unknown@1", "RFC 5280 6.1" },
    { "good int-cross", "root2", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int-lapsed int", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int-lapsed", "root", "rfc", SRV, NOW, "expired@1", "RFC 5280 4.1.2.5" },
    { "good int-imposter int", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1.3" },
    { "good int-imposter", "root", "rfc", SRV, NOW, "bad-signature@0", "RFC 5280 6.1.3" },
    { "good int root-cross", "root2", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int root-cross", "root", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    { "good int root-cross", "root root2", "rfc", SRV, NOW, "", "RFC 5280 6.1" },
    /* the libraries follow one of them, each its own way */
    { "good int-cross int", "root", "openssl-3.0", SRV, NOW, "issuer-unknown@1", "as measured" },
    { "good int int-cross", "root", "openssl-3.0", SRV, NOW, "", "as measured" },
    { "good int-cross int", "root", "gnutls", SRV, NOW, "issuer-unknown@1", "as measured" },
    { "good int-lapsed int", "root", "openssl-3.0", SRV, NOW, "", "valid ones come first" },
    { "good int-lapsed int", "root", "gnutls", SRV, NOW, "expired@1", "as measured" },
    { "good int-cross int", "root int", "openssl-3.0", SRV, NOW, "", "trusted ones come first" },
    { "good int root-cross", "root", "openssl-3.0", SRV, NOW, "", "trusted ones come first" },
    { "selfsigned", "selfsigned", "openssl-3.0", SRV, NOW, "", "as measured" },
    { "selfsigned", "selfsigned", "gnutls", SRV, NOW, "", "as measured" },
    /* an anchor that is no root */
    { "good int", "int", "rfc", SRV, NOW, "", "RFC 5280 6.1.1" },
    { "good int", "int", "gnutls", SRV, NOW, "", "notes: partial chain" },
    { "good int", "int", "go", SRV, NOW, "", "notes: partial chain" },
    { "good int", "int", "openssl-3.0", SRV, NOW, "issuer-unknown@1", "notes: partial chain" },
    { "good int", "int root", "openssl-3.0", SRV, NOW, "", "RFC 5280 6.1" },
    /* dates */
    { "good int", "root", "rfc", SRV, "2023-12-31", "not-yet-valid@0 not-yet-valid@1",
      "RFC 5280 4.1.2.5" },
    { "good int", "root", "rfc", SRV, "2041-01-01", "expired@0 expired@1", "RFC 5280 4.1.2.5" },
    { "good int", "root", "openssl-3.0", SRV, "2041-01-01", "expired@0 expired@1 expired@2",
      "RFC 5280 4.1.2.5" },
    { "expired int", "root", "rfc", SRV, NOW, "expired@0", "RFC 5280 4.1.2.5" },
    { "expired int", "root", "rfc", SRV, "2024-03-31", "", "RFC 5280 4.1.2.5" },
    { "notyet int", "root", "rfc", SRV, NOW, "not-yet-valid@0", "RFC 5280 4.1.2.5" },
    { "under-oldroot int-oldroot", "root-expired", "rfc", SRV, NOW, "", "RFC 5280 6.1.1" },
    { "under-oldroot int-oldroot", "root-expired", "openssl-3.0", SRV, NOW, "expired@2", "" },
    { "under-oldroot int-oldroot", "root-expired", "gnutls", SRV, NOW, "expired@2", "" },
    /* EKU, nested; the matrix of leaf x intermediate x rule set x purpose is in m_purposes.c */
    { "eku-client int", "root", "rfc", SRV, NOW, "eku-missing@0", "RFC 5280 4.2.1.12" },
    { "eku-client int", "root", "rfc", ANY, NOW, "", "RFC 5280 4.2.1.12" },
    { "good int", "root", "rfc", CLI, NOW, "eku-missing@0", "RFC 5280 4.2.1.12" },
    { "under-server-both int-server", "root", "rfc", CLI, NOW, "eku-missing@1",
      "RFC 5280 4.2.1.12" },
    { "under-server-client int-server", "root", "rfc", SRV, NOW, "eku-missing@0", "" },
    { "under-serverroot int-serverroot", "root-server", "openssl-3.0", CLI, NOW, "eku-missing@2",
      "notes: anchor EKU" },
    { "under-serverroot int-serverroot", "root-server", "gnutls", CLI, NOW, "", "" },
    { "under-serverroot int-serverroot", "root-server", "go", CLI, NOW, "eku-missing@2", "" },
    /* key usage */
    { "ku-none int", "root", "rfc", SRV, NOW, "key-usage@0", "RFC 5280 4.2.1.3" },
    { "ku-none int", "root", "gnutls", SRV, NOW, "", "notes: left to the handshake" },
    { "ku-encipher int", "root", "rfc", SRV, NOW, "", "RFC 5280 4.2.1.12" },
    { "ku-encipher int", "root", "rfc", CLI, NOW, "eku-missing@0 key-usage@0",
      "RFC 5280 4.2.1.12" },
    { "under-nosign int-nosign", "root", "rfc", SRV, NOW, "ca-key-usage@1", "RFC 5280 4.2.1.3" },
    /* CA, path length, constraints */
    { "under-notca int-notca", "root", "rfc", SRV, NOW, "not-ca@1", "RFC 5280 4.2.1.9" },
    { "under-toodeep int-toodeep int", "root", "rfc", SRV, NOW, "path-length@2",
      "RFC 5280 4.2.1.9" },
    { "under-permit int-permit", "root", "rfc", SRV, NOW, "", "RFC 5280 4.2.1.10" },
    { "under-permit-other int-permit-other", "root", "rfc", SRV, NOW, "name-constraints@0",
      "RFC 5280 4.2.1.10" },
    { "under-exclude int-exclude", "root", "rfc", SRV, NOW, "name-constraints@0",
      "RFC 5280 4.2.1.10" },
    { "under-permit-dot int-permit-dot", "root", "openssl-3.0", SRV, NOW, "", "" },
    { "critical int", "root", "rfc", SRV, NOW, "unknown-critical@0", "RFC 5280 4.2" },
    /* strength */
    { "rsa1024 int", "root", "rfc", SRV, NOW, "weak-key@0", "RFC 9325 4.5" },
    { "rsa2048 int", "root", "rfc", SRV, NOW, "", "RFC 9325 4.5" },
    { "sha1 int", "root", "rfc", SRV, NOW, "weak-signature@0", "RFC 8446 4.4.2.4" },
    { "under-sha1 int-sha1", "root", "go", SRV, NOW, "weak-signature@1", "" },
    { "under-sha1 int-sha1", "int-sha1", "go", SRV, NOW, "", "an anchor's signature is not looked at" },
    /* each library has its own list of critical extensions, and of what makes a CA */
    { "critical int", "root", "openssl-3.0", SRV, NOW, "unknown-critical@0", "as measured" },
    { "staple int", "root", "openssl-3.0", SRV, NOW, "", "not critical there" },
    { "under-exclude int-exclude", "root", "gnutls", SRV, NOW, "name-constraints@0", "as measured" },
    { "good int-imposter", "root", "openssl-3.0", SRV, NOW, "issuer-unknown@0", "its key identifier is another" },
    { "good int-imposter", "root", "gnutls", SRV, NOW, "issuer-unknown@0", "its key identifier is another" },
    { "good int-imposter", "root", "go", SRV, NOW, "bad-signature@0", "key identifiers are hints" },
    /* all of it at once, nearest the leaf first */
    { "expired int-lapsed", "-", "rfc", CLI, NOW,
      "expired@0 eku-missing@0 expired@1 issuer-unknown@1", "RFC 5280 4.1.2.5" },
};

static const char *reasons_text(struct mxs_arena *arena, const struct mxs_reasons *reasons)
{
    const char *text = "";
    for (size_t i = 0; i < reasons->n; i++)
        text = mxs_arena_printf(arena, "%s%s%s@%d", text, i ? " " : "", reasons->v[i].id,
                                reasons->v[i].depth);
    return text;
}

static void test_rows(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_signatures *signatures = mxs_signatures_new();
    int wrong = 0;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct row *r = &rows[i];
        struct mxs_chain chain;
        judge_chain(arena, r->chain, &chain);
        struct mxs_store *store = judge_store(arena, r->store);
        struct mxs_paths paths = { .truncated = false };
        struct mxs_path_query query = { &chain, store, NULL, 0 };
        mxs_paths_build(arena, signatures, &query, &paths);
        struct mxs_path_choice choice = mxs_paths_choose(arena, &paths, mxs_ruleset(r->rules),
                                                         r->purpose, judge_at(r->at));
        const char *got = reasons_text(arena, &choice.reasons);
        if (!choice.path || strcmp(got, r->reasons) != 0) {
            print_message("%s | %s | %s | %d | %s: expected '%s', got '%s'\n", r->chain, r->store,
                          r->rules, r->purpose, r->at, r->reasons, got);
            wrong++;
        } else if (choice.reasons.n && strncmp(r->rfc, "RFC", 3) == 0) {
            assert_non_null(choice.reasons.v[0].rfc);
            assert_string_equal(choice.reasons.v[0].rfc, r->rfc);
        }
        mxs_store_free(store);
    }
    assert_int_equal(wrong, 0);
    mxs_signatures_free(signatures);
    mxs_arena_free(arena);
}

/* Forty certificates in one message, all of one name: bounded, and the good path is still found. */
static void test_many(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_signatures *signatures = mxs_signatures_new();
    struct mxs_store *store = judge_store(arena, "root");
    const char *names = "good";
    for (int i = 0; i < 13; i++)
        names = mxs_arena_printf(arena, "%s int-imposter int-lapsed int-cross", names);
    struct mxs_chain chain;
    judge_chain(arena, mxs_arena_printf(arena, "%s int", names), &chain);
    struct mxs_paths paths = { .truncated = false };
    struct mxs_path_query query = { &chain, store, NULL, 0 };
    mxs_paths_build(arena, signatures, &query, &paths);
    struct mxs_path_choice choice = mxs_paths_choose(arena, &paths, mxs_ruleset("rfc"), SRV,
                                                     judge_at(NOW));
    assert_int_equal(choice.reasons.n, 0);
    assert_true(paths.v.n <= MXS_PATHS_MAX);
    mxs_store_free(store);
    mxs_signatures_free(signatures);
    mxs_arena_free(arena);
}

static void test_nothing_served(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_signatures *signatures = mxs_signatures_new();
    struct mxs_chain none = { { NULL, 0, 0 } };
    struct mxs_paths paths = { .truncated = false };
    struct mxs_path_query query = { &none, NULL, NULL, 0 };
    mxs_paths_build(arena, signatures, &query, &paths);
    assert_int_equal(paths.v.n, 0);
    assert_null(mxs_paths_choose(arena, &paths, mxs_ruleset("rfc"), SRV, 0).path);
    mxs_signatures_free(signatures);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_nothing_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
