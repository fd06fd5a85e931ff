/* Names: presented x reference x rules. */
#include "config.h"

#include "../unit/judge_certs.h"
#include "judge/ruleset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct row {
    const char *presented, *reference;
    bool rfc, gnutls, openssl, go; /* covered, by each rule set's form of wildcards */
    const char *section;
};

static const struct row rows[] = {
    { "mx.example.org", "mx.example.org", 1, 1, 1, 1, "RFC 9525 6.3" },
    { "MX.Example.ORG", "mx.example.org", 1, 1, 1, 1, "RFC 9525 6.3" },
    { "mx.example.org", "MX.EXAMPLE.ORG.", 1, 1, 1, 1, "notes: trailing dot" },
    { "mx.example.org.", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "example.org", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "mx.example.org", "example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "mx.example.org", "", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.example.org", "mx.example.org", 1, 1, 1, 1, "RFC 9525 6.3" },
    { "*.EXAMPLE.org", "mx.example.org", 1, 1, 1, 1, "RFC 9525 6.3" },
    { "*.example.org", "example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.example.org", ".example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.example.org", "a.mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.example.org", "mx.example.net", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.org", "example.org", 1, 0, 0, 1, "RFC 9525 6.3; libraries ask for two dots" },
    { "*", "org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "*.", "org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "m*.example.org", "mx.example.org", 0, 0, 1, 0, "RFC 9525 6.3; OpenSSL" },
    { "*x.example.org", "mx.example.org", 0, 0, 1, 0, "RFC 9525 6.3; OpenSSL" },
    { "m*x.example.org", "mx.example.org", 0, 0, 1, 0, "RFC 9525 6.3; OpenSSL" },
    { "m*x.example.org", "m.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "m*.example.org", "nx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "xn--*.example.org", "xn--mx.example.org", 0, 0, 0, 0, "RFC 6125 6.4.3" },
    { "x*.example.org", "xn--mx.example.org", 0, 0, 0, 0, "RFC 6125 6.4.3" },
    { "*.example.org", "xn--mx.example.org", 1, 1, 1, 1, "RFC 9525 6.3" },
    { "*.*.org", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "mx.*.org", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "**.example.org", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "mx.example.org*", "mx.example.org", 0, 0, 0, 0, "RFC 9525 6.3" },
    { "192.0.2.25", "192.0.2.25", 1, 1, 1, 1, "a dNSName that looks like an address, as text" },
};

static void test_forms(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct { const char *rules; bool want; } cells[] = {
            { "rfc", rows[i].rfc }, { "gnutls", rows[i].gnutls },
            { "openssl-3.0", rows[i].openssl }, { "go", rows[i].go },
        };
        for (size_t k = 0; k < MXS_COUNT(cells); k++) {
            const struct mxs_name_rules *rules = &mxs_ruleset(cells[k].rules)->names;
            if (mxs_name_matches(rules, rows[i].presented, rows[i].reference) != cells[k].want) {
                print_message("%s ~ %s by %s: expected %d (%s)\n", rows[i].presented,
                              rows[i].reference, cells[k].rules, cells[k].want, rows[i].section);
                wrong++;
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_multi_label(void **state)
{
    (void)state;
    const struct mxs_name_rules many = { .multi_label = true };
    assert_true(mxs_name_matches(&many, "*.example.org", "a.mx.example.org"));
    assert_true(mxs_name_matches(&many, "*.example.org", "mx.example.org"));
    assert_false(mxs_name_matches(&many, "*.example.org", "example.org"));
    assert_false(mxs_name_matches(&many, "*.example.org", "xexample.org"));
}

struct cover {
    const char *cert, *references, *rules;
    const char *by; /* the presented name that matches; NULL none */
    const char *section;
};

static const struct cover covers[] = {
    { "good", "mx.example.org", "rfc", "mx.example.org", "RFC 9525 6.3" },
    { "good", "other.example mx.example.org", "rfc", "mx.example.org", "RFC 7672 3.2.2" },
    { "wrongname", "mx.example.org example.org", "rfc", NULL, "RFC 9525 6.3" },
    { "wildcard", "mx.example.org", "rfc", "*.example.org", "RFC 9525 6.3" },
    { "wildcard-part", "mx.example.org", "rfc", NULL, "RFC 9525 6.3" },
    { "wildcard-part", "mx.example.org", "openssl-3.0", "m*.example.org", "" },
    { "cn-only", "mx.example.org", "rfc", NULL, "RFC 9525 1.3" },
    { "cn-only", "mx.example.org", "go", NULL, "" },
    { "cn-only", "mx.example.org", "gnutls", "mx.example.org", "RFC 7672 3.2.3" },
    { "cn-only", "mx.example.org", "openssl-3.0", "mx.example.org", "RFC 7672 3.2.3" },
    { "cn-beside-san", "mx.example.org", "openssl-3.0", NULL, "RFC 7672 3.2.3" },
    { "cn-beside-san", "mx.example.org", "gnutls", NULL, "RFC 7672 3.2.3" },
    { "address", "192.0.2.25", "rfc", "192.0.2.25", "RFC 9525 6.2" },
    { "address", "192.0.2.26", "rfc", NULL, "RFC 9525 6.2" },
    { "good", "192.0.2.25", "rfc", NULL, "RFC 9525 6.2" },
    { "good", "", "rfc", NULL, "RFC 9525 6.1" },
};

static void test_certificates(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    for (size_t i = 0; i < MXS_COUNT(covers); i++) {
        const struct mxs_cert *cert = judge_cert(arena, covers[i].cert);
        struct mxs_strs refs = { NULL, 0, 0 };
        char *copy = mxs_arena_strdup(arena, covers[i].references), *save = NULL;
        for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
            mxs_reference_add(arena, &refs, w);
        struct mxs_name_match m = mxs_cert_covers(cert, &mxs_ruleset(covers[i].rules)->names,
                                                  &refs);
        print_message("%s for %s by %s\n", covers[i].cert, covers[i].references, covers[i].rules);
        if (covers[i].by)
            assert_string_equal(m.presented, covers[i].by);
        else
            assert_null(m.reference);
    }
    mxs_arena_free(arena);
}

static void test_reference_add(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_strs refs = { NULL, 0, 0 };
    mxs_reference_add(arena, &refs, "mx.example.org");
    mxs_reference_add(arena, &refs, "MX.example.org");
    mxs_reference_add(arena, &refs, NULL);
    mxs_reference_add(arena, &refs, "");
    assert_int_equal(refs.n, 1);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_multi_label),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_reference_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
