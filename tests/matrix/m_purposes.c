/* Leaf EKU x intermediate EKU x rule set x role, as measured with GnuTLS 3.7.9 and OpenSSL 3.0 (the
 * table of the engineering notes); Go and the RFC by their rules. */
#include "config.h"

#include "../unit/judge_certs.h"
#include "judge/purpose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char *const leaves[] = { "both", "server", "client", "none", "any" };
static const char *const cas[] = { "none", "both", "server", "client", "any" };

/* Where the chain stops for a purpose: -1 usable, else the depth. [leaf][ca] */
static const int openssl_server[5][5] = {
    { -1, -1, -1, 1, 1 }, { -1, -1, -1, 1, 1 }, { 0, 0, 0, 0, 0 }, { -1, -1, -1, 1, 1 },
    { 0, 0, 0, 0, 0 },
};
static const int openssl_client[5][5] = {
    { -1, -1, 1, -1, 1 }, { 0, 0, 0, 0, 0 }, { -1, -1, 1, -1, 1 }, { -1, -1, 1, -1, 1 },
    { 0, 0, 0, 0, 0 },
};
static const int gnutls_server[5][5] = {
    { -1, -1, -1, 1, 1 }, { -1, -1, -1, 1, 1 }, { 0, 0, 0, 0, 0 }, { -1, -1, -1, 1, 1 },
    { -1, -1, -1, 1, 1 },
};
static const int gnutls_client[5][5] = {
    { -1, -1, 1, -1, 1 }, { 0, 0, 0, 0, 0 }, { -1, -1, 1, -1, 1 }, { -1, -1, 1, -1, 1 },
    { -1, -1, 1, -1, 1 },
};
static const int go_server[5][5] = {
    { -1, -1, -1, 1, -1 }, { -1, -1, -1, 1, -1 }, { 0, 0, 0, 0, 0 }, { -1, -1, -1, 1, -1 },
    { -1, -1, -1, 1, -1 },
};
static const int go_client[5][5] = {
    { -1, -1, 1, -1, -1 }, { 0, 0, 0, 0, 0 }, { -1, -1, 1, -1, -1 }, { -1, -1, 1, -1, -1 },
    { -1, -1, 1, -1, -1 },
};

static const struct {
    const char *rules;
    const int (*server)[5], (*client)[5];
} tables[] = {
    { "openssl-3.0", openssl_server, openssl_client },
    { "gnutls", gnutls_server, gnutls_client },
    { "go", go_server, go_client },
    { "rfc", go_server, go_client },
};

static const char *chain_of(struct mxs_arena *arena, size_t leaf, size_t ca)
{
    if (ca > 0)
        return mxs_arena_printf(arena, "under-%s-%s int-%s", cas[ca], leaves[leaf], cas[ca]);
    const char *name = leaf == 1 ? "good" : mxs_arena_printf(arena, "eku-%s", leaves[leaf]);
    return mxs_arena_printf(arena, "%s int", name);
}

static int check_cell(const struct mxs_purposes *p, const char *rules, enum mxs_purpose purpose,
                      int expected, const char *chain)
{
    const struct mxs_usability *u = mxs_purposes_find(p, rules, purpose);
    assert_non_null(u);
    if (u->usable == (expected == -1) && u->depth == expected && u->text &&
        (u->usable || (u->eku && strstr(u->text, mxs_purpose_eku(purpose)))))
        return 0;
    print_message("%s, %s as %s: expected %d, got %d (%s)\n", chain, rules,
                  mxs_purpose_eku(purpose), expected, u->depth, u->text);
    return 1;
}

static void test_matrix(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_signatures *signatures = mxs_signatures_new();
    struct mxs_store *store = judge_store(arena, "root");
    int wrong = 0;
    for (size_t leaf = 0; leaf < 5; leaf++)
        for (size_t ca = 0; ca < 5; ca++) {
            const char *names = chain_of(arena, leaf, ca);
            struct mxs_chain chain;
            judge_chain(arena, names, &chain);
            struct mxs_paths paths = { .truncated = false };
            struct mxs_path_query query = { &chain, store, NULL, 0 };
            struct mxs_purposes p;
            mxs_paths_build(arena, signatures, &query, &paths);
            mxs_purposes(arena, &paths, &p);
            assert_int_equal(p.rows.n, 3);
            for (size_t t = 0; t < MXS_COUNT(tables); t++) {
                wrong += check_cell(&p, tables[t].rules, MXS_PURPOSE_SERVER,
                                    tables[t].server[leaf][ca], names);
                wrong += check_cell(&p, tables[t].rules, MXS_PURPOSE_CLIENT,
                                    tables[t].client[leaf][ca], names);
            }
            assert_int_equal(p.server_differs, leaf == 4 ? ca != 3 : ca == 4 && leaf != 2);
        }
    assert_int_equal(wrong, 0);
    mxs_store_free(store);
    mxs_signatures_free(signatures);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_matrix) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
