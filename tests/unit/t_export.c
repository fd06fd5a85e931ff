#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "judge/dane.h"
#include "whatif/export.h"
#include "whatif_bench.h"

#define RSA "judge/rsa2048.crt"
#define ECDSA "judge/eku-both.crt"

static char folder[] = "/tmp/mxscope-export-XXXXXX";

static void remove_tree(const char *path)
{
    struct dirent **names;
    char full[1024];
    int n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(full, sizeof full, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && unlink(full) != 0)
            remove_tree(full);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    rmdir(path);
}

static const char *text_of(struct bench *b, const char *path, const char *name)
{
    struct mxs_bytes text;
    const char *full = mxs_arena_printf(b->arena, "%s/%s", path, name);
    return mxs_file_read(b->arena, full, 1 << 20, &text, NULL) == MXS_OK ? (const char *)text.p : NULL;
}

/* What a command prints first; "-" without openssl. */
static const char *openssl_says(struct bench *b, const char *command)
{
    char line[512] = "-";
    FILE *p = popen(command, "r");
    assert_non_null(p);
    if (!fgets(line, sizeof line, p))
        snprintf(line, sizeof line, "-");
    pclose(p);
    return mxs_arena_strdup(b->arena, line);
}

static void verifies(struct bench *b, const char *path, int64_t at)
{
    const char *said = openssl_says(b, mxs_arena_printf(b->arena,
        "openssl verify -attime %lld -no-CApath -no-CAstore -CAfile %s/roots.pem -untrusted "
        "%s/chain.pem %s/chain.pem 2>&1", (long long)at, path, path, path));
    if (strcmp(said, "-") != 0 && !strstr(said, "not found") && !strstr(said, ": OK"))
        fail_msg("%s: %s", path, said);
    said = openssl_says(b, mxs_arena_printf(b->arena,
        "sh -c 'a=$(openssl x509 -in %s/chain.pem -noout -pubkey); "
        "b=$(openssl pkey -in %s/key.pem -pubout); [ \"$a\" = \"$b\" ] && echo same' 2>&1", path, path));
    if (strcmp(said, "-") != 0)
        assert_string_equal(said, "same\n");
}

static void files_of_a_rollover(void **state)
{
    (void)state;
    struct bench *b = bench_issue(bench_keyed(ECDSA, true), "2026-05-01", "classic");
    struct mxs_strs written = { 0 };
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_overlay o;
    struct stat st;
    struct mxs_bytes pem;
    struct mxs_chain chain;
    bench_be(b, "tlsa pins 3 1 1 2 1 1");
    bench_be(b, "policy mode enforce");
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, "rollover/generation-y"), &o);
    if (mxs_export(b->arena, &b->whatif, &o, 1, folder, &written, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_int_equal(written.n, 5);
    assert_non_null(strstr(written.v[0], "/rollover-generation-y/before"));
    assert_non_null(strstr(written.v[4], "/rollover-generation-y/after-4"));
    verifies(b, written.v[0], o.before.at);
    for (size_t i = 0; i < 4; i++) {
        verifies(b, written.v[i + 1], o.futures.v[i].at);
        assert_int_equal(stat(mxs_arena_printf(b->arena, "%s/key.pem", written.v[i + 1]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_non_null(strstr(text_of(b, written.v[i + 1], "README"), "rollover/generation-y: "));
        assert_non_null(strstr(text_of(b, written.v[i + 1], "mta-sts.txt"), "mode: enforce\n"));
    }
    const char *text = text_of(b, written.v[1], "chain.pem");
    pem = mxs_bytes_str(text);
    assert_int_equal(mxs_cert_pem(b->arena, "chain.pem", pem, &chain, NULL), MXS_OK);
    assert_int_equal(chain.certs.n, 4); /* leaf, YE1, Root YE, X2 */
    remove_tree(folder);
    bench_free(b);
}

/* What matched the true certificate matches its replica as well, what did not does not. */
static void records_follow(void **state)
{
    (void)state;
    struct bench *b = bench_issue(bench_keyed(RSA, true), "2026-05-01", "classic");
    struct mxs_exported e;
    struct mxs_overlay o;
    struct mxs_bytes pem;
    struct mxs_chain chain;
    bench_be(b, "tlsa pins 3 1 1 2 1 1 2 0 2");
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, "renewal/same-key"), &o);
    assert_null(o.why_not);
    assert_int_equal(mxs_export_texts(b->arena, &b->whatif, &o.futures.v[0], NULL, &e, NULL), MXS_OK);
    pem = mxs_bytes_str(e.chain);
    assert_int_equal(mxs_cert_pem(b->arena, "chain", pem, &chain, NULL), MXS_OK);
    assert_int_equal(e.tlsa.n, 3);
    for (size_t i = 0; i < 3; i++) { /* against plain certificates, as a real sender sees them */
        assert_true(mxs_tlsa_matches(&e.tlsa.v[i], chain.certs.v[i ? 1 : 0]));
        assert_false(mxs_tlsa_matches(&b->subject.host->tlsa.v[i], chain.certs.v[i ? 1 : 0]));
    }
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, "renewal/new-key"), &o);
    assert_int_equal(mxs_export_texts(b->arena, &b->whatif, &o.futures.v[0], NULL, &e, NULL), MXS_OK);
    pem = mxs_bytes_str(e.chain);
    assert_int_equal(mxs_cert_pem(b->arena, "chain", pem, &chain, NULL), MXS_OK);
    assert_false(mxs_tlsa_matches(&e.tlsa.v[0], chain.certs.v[0]));
    assert_true(mxs_tlsa_matches(&e.tlsa.v[1], chain.certs.v[1]));
    bench_free(b);
}

static void refusals(void **state)
{
    (void)state;
    struct bench *b = bench_issued(ECDSA, "2026-05-01", "classic");
    struct mxs_overlay o;
    struct mxs_why why = { MXS_OK, "" };
    const char *file = mxs_arena_printf(b->arena, "%s/file", folder);
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, "renewal/same-key"), &o);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mxs_export(b->arena, &b->whatif, &o, 1, folder, NULL, &why), MXS_ERR_USAGE);
    assert_non_null(strstr(why.text, "everybody"));
    remove_tree(folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mxs_file_write(file, mxs_bytes_str("x"), 0600, NULL), MXS_OK);
    assert_int_equal(mxs_export(b->arena, &b->whatif, &o, 1, folder, NULL, &why), MXS_ERR_IO);
    assert_non_null(strstr(why.text, "not empty"));
    assert_int_equal(mxs_export(b->arena, &b->whatif, &o, 1, "/nonexistent/a/b", NULL, &why), MXS_ERR_IO);
    remove_tree(folder);
    bench_free(b);
}

/* What a rule set that looks at CRLs says of a future: the first reason, "" for none. */
static const char *by_crls(struct bench *b, const struct mxs_future *f, enum mxs_crl_scope scope)
{
    struct mxs_ruleset rules = *mxs_ruleset("openssl-3.0");
    struct mxs_judge_cache cache = { 0 };
    struct mxs_judge judge = mxs_future_judge(&b->whatif, f, b->arena, &cache);
    rules.crl = scope;
    struct mxs_path_choice choice = mxs_paths_choose(b->arena, mxs_judge_paths(&judge), &rules,
                                                     MXS_PURPOSE_ANY, f->at);
    return choice.reasons.n ? choice.reasons.v[0].id : "";
}

static const struct {
    const char *scenario, *leaf, *chain, *openssl;
} lists[] = {
    { "failure/leaf-revoked", "revoked", "revoked", "error 23 at 0" },
    { "failure/issuer-revoked", "", "revoked", "error 23 at 1" },
    { "failure/crl-expired", "crl-expired", "crl-expired", "error 12 at 0" },
    { "failure/crl-absent", "crl-missing", "crl-missing", "error 3 at 0" },
};

static void openssl_looks(struct bench *b, const char *path, int64_t at, const char *says)
{
    const char *said = openssl_says(b, mxs_arena_printf(b->arena,
        "sh -c 'cat %s/roots.pem $(ls %s/crls.pem 2>/dev/null) >%s/all.pem; openssl verify -attime %lld "
        "-no-CApath -no-CAstore -crl_check_all -CAfile %s/all.pem -untrusted %s/chain.pem "
        "%s/chain.pem 2>&1 | grep -E \"error [0-9]+ at|OK\"'", path, path, path, (long long)at, path,
        path, path));
    if (strcmp(said, "-") != 0 && !strstr(said, says))
        fail_msg("%s: %s, not %s", path, said, says);
}

/* What the judges make of CRLs, and what OpenSSL makes of those that are exported. */
static void lists_go_along(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(lists); i++) {
        struct bench *b = bench_issue(bench_keyed(ECDSA, true), "2026-05-01", "classic");
        struct mxs_strs written = { 0 };
        struct mxs_overlay o;
        mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, lists[i].scenario), &o);
        assert_null(o.why_not);
        assert_string_equal(by_crls(b, &o.before, MXS_CRL_CHAIN), "");
        assert_string_equal(by_crls(b, &o.futures.v[0], MXS_CRL_LEAF), lists[i].leaf);
        assert_string_equal(by_crls(b, &o.futures.v[0], MXS_CRL_CHAIN), lists[i].chain);
        assert_string_equal(by_crls(b, &o.futures.v[0], MXS_CRL_NONE), "");
        assert_int_equal(mxs_export(b->arena, &b->whatif, &o, 1, folder, &written, NULL), MXS_OK);
        assert_int_equal(written.n, 2);
        openssl_looks(b, written.v[0], o.before.at, "OK");
        openssl_looks(b, written.v[1], o.futures.v[0].at, lists[i].openssl);
        remove_tree(folder);
        bench_free(b);
    }
}

/* No certificate is sent: nothing to hold a key of, and that is no error. */
static void without_a_chain(void **state)
{
    (void)state;
    struct bench *b = bench_issue(bench_keyed(ECDSA, true), "2026-05-01", "classic");
    struct mxs_strs written = { 0 };
    struct mxs_overlay o;
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, "failure/starttls-stripped"), &o);
    assert_int_equal(mxs_export(b->arena, &b->whatif, &o, 1, folder, &written, NULL), MXS_OK);
    assert_int_equal(written.n, 1);
    const char *after = mxs_arena_printf(b->arena, "%s/failure-starttls-stripped/after", folder);
    assert_null(text_of(b, after, "chain.pem"));
    assert_non_null(strstr(text_of(b, after, "README"), "STARTTLS: not offered"));
    remove_tree(folder);
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_a_rollover), cmocka_unit_test(records_follow),
        cmocka_unit_test(refusals),            cmocka_unit_test(without_a_chain),
        cmocka_unit_test(lists_go_along),
    };
    if (!mkdtemp(folder))
        return 99;
    rmdir(folder);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
