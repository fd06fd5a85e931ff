/* When a scenario can be true: what it brings is judged when it exists, and lists of revoked certificates
 * as old as they are then. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "judge/profile.h"
#include "whatif/change.h"
#include "whatif/crls.h"
#include "whatif/timeline.h"
#include "whatif_states.h"

static void lay(struct bench *b, const char *id, struct mxs_overlay *out)
{
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, id), out);
}

/* --- certificates that do not exist yet ----------------------------------------------------------- */

static bool served(const struct mxs_chain *chain, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < chain->certs.n; i++)
        if (mxs_bytes_equal(chain->certs.v[i]->subject_raw, cert->subject_raw) &&
            chain->certs.v[i]->not_before == cert->not_before)
            return true;
    return false;
}

static void check_ages(struct bench *b, const struct mxs_overlay *o)
{
    for (size_t i = 0; i < o->futures.n; i++) {
        const struct mxs_future *f = &o->futures.v[i];
        for (size_t k = 1; k < f->session->chain.certs.n; k++) {
            const struct mxs_cert *cert = f->session->chain.certs.v[k];
            if (cert->not_before > f->at && !served(&b->subject.session->chain, cert))
                fail_msg("%s: %s is not valid yet", o->scenario->id, cert->subject);
        }
    }
}

static void none_is_younger(void **unused)
{
    static const char *const dates[] = { NULL, "2020-10-01", "2025-01-01" };
    static const char *const brings[] = { "rollover/next-rotation", "rollover/other-ca",
                                          "rollover/cross-signs-reissued", "rollover/revoked-cross-sign",
                                          "rollover/generation-y", "rollover/sectigo-r46",
                                          "trust/generation-y-roots-known" };
    (void)unused;
    for (size_t i = 0; i < MXS_COUNT(bench_states); i++) {
        struct bench *b = bench_in_state(&bench_states[i]);
        for (size_t k = 0; k < MXS_COUNT(dates) * MXS_COUNT(brings); k++) {
            struct mxs_overlay o;
            const char *at = dates[k % MXS_COUNT(dates)];
            b->options.at = at ? bench_date(at) : b->options.at;
            lay(b, brings[k / MXS_COUNT(dates)], &o);
            check_ages(b, &o);
        }
        bench_free(b);
    }
}

/* The leaf is renewed when the CA is there, and nobody turns away for its age. */
static void judged_when_it_exists(void **unused)
{
    struct bench *b = bench_issued(RSA, "2024-01-20", "classic");
    struct mxs_overlay o;
    (void)unused;
    lay(b, "rollover/next-rotation", &o);
    assert_null(o.why_not);
    const struct mxs_future *f = &o.futures.v[0];
    assert_int_equal(o.before.at, bench_date("2024-01-20"));
    assert_int_equal(f->at, bench_date("2026-05-13"));
    assert_string_equal(f->changes.v[0],
                        "judged at 2026-05-13: letsencrypt/Root YR by ISRG Root X1 does not exist before");
    assert_int_equal(f->session->chain.certs.v[0]->not_before, f->at - 3600);
    assert_int_equal(bench_verdict(b, f, "rfc/webpki").action, MXS_ACTION_DELIVER);
    bench_free(b);
}

/* Only what is served changes, and the leaf does not last until it can. */
static void not_with_this_leaf(void **unused)
{
    static const char text[] = "[scenario]\nid = own/swap\ntitle = T\n[changes]\nchange = serve swap \"Root YR by "
                               "ISRG Root X1 (2025)\" \"Root YR by ISRG Root X1\"\n";
    struct bench *b = bench_issued(RSA, "2026-02-01", "tlsserver");
    struct mxs_overlay o;
    struct mxs_why why = { MXS_OK, "" };
    const struct mxs_scenario *swap;
    (void)unused;
    bench_scenario(b, "failure/expired"); /* they are read */
    if (mxs_scenarios_add_text(b->scenarios, "own.ini", mxs_bytes_str(text), &swap, &why) != MXS_OK)
        fail_msg("%s", why.text);
    mxs_overlay(b->arena, &b->whatif, &b->subject, swap, &o);
    assert_non_null(o.why_not);
    assert_string_equal(o.why_not, "letsencrypt/Root YR by ISRG Root X1 does not exist before "
                                   "2026-05-13, and the leaf ends on 2026-05-01");
    bench_free(b);
}

/* --- lists of revoked certificates ---------------------------------------------------------------- */

static const char strict_receiver[] = "openssl/server/require+crl";

/* A client certificate as it is issued now, and lists of its CAs that count for a week. */
static struct bench *with_lists(int64_t seen_later, struct mxs_profiles **profiles)
{
    static const struct bench_state client = { RSA, "2026-03-20", "tlsclient", true, { NULL } };
    struct bench *b = bench_in_state(&client);
    struct mxs_crls lists = { { NULL, 0, 0 } };
    if (mxs_profiles_load(MXS_TEST_SHARE "/verifiers", profiles, NULL) != MXS_OK)
        fail_msg("no profiles");
    b->options.profiles = *profiles;
    *mxs_list_add(b->arena, &b->options.verifiers) = strict_receiver;
    struct mxs_future now = bench_now(b);
    mxs_crls_of_future(b->arena, b->rebuild, &now, &lists);
    b->options.store = mxs_store_derive(b->options.store);
    for (size_t i = 0; i < lists.list.n; i++)
        mxs_store_add_crl(b->options.store, lists.list.v[i]);
    mxs_store_set_crls_seen(b->options.store, b->options.at + seen_later);
    return b;
}

static void drop_lists(struct bench *b, struct mxs_profiles *profiles)
{
    mxs_profiles_free(profiles);
    struct mxs_store *store = b->options.store;
    bench_free(b);
    mxs_store_free(store);
}

static const char *why(const struct mxs_verdict *v)
{
    return v->reasons.n ? v->reasons.v[0].id : "";
}

static void check_lists(int64_t seen_later, const char *scenario, const char *before, const char *after)
{
    struct mxs_profiles *profiles = NULL;
    struct bench *b = with_lists(seen_later, &profiles);
    const struct mxs_scenario *s = bench_scenario(b, scenario);
    b->options.at += 30 * 86400;
    struct mxs_matrix *m = mxs_matrix_new(&b->whatif, &b->subject, &s, 1);
    mxs_matrix_run(m);
    assert_int_equal(m->panel.seats.n, 1);
    assert_string_equal(why(m->rows.v[0].cells[0].before), before);
    assert_string_equal(why(m->rows.v[0].cells[0].after), after);
    mxs_matrix_free(m);
    drop_lists(b, profiles);
}

/* CAs replace them in time, as long as nobody says that they don't. */
static void lists_are_replaced(void **unused)
{
    (void)unused;
    check_lists(0, "renewal/same-key", "", "");
    check_lists(0, "failure/crl-expired", "", "crl-expired");
    check_lists(0, "failure/crl-absent", "", "crl-missing");
    check_lists(0, "failure/leaf-revoked", "", "revoked");
    check_lists(20 * 86400, "renewal/same-key", "crl-expired", "crl-expired");
}

static void lists_on_the_timeline(void **unused)
{
    struct mxs_profiles *profiles = NULL;
    struct bench *b = with_lists(0, &profiles);
    struct mxs_timeline *t = mxs_timeline_new(&b->whatif, &b->subject, NULL, 0);
    size_t later = 0;
    (void)unused;
    while (mxs_timeline_step(t)) {
    }
    for (size_t i = 0; i < t->points.n; i++) {
        const struct mxs_verdict *v = t->points.v[i].verdicts[0];
        later += t->points.v[i].date->at > b->options.at + 7 * 86400;
        for (size_t k = 0; k < v->reasons.n; k++)
            assert_string_not_equal(v->reasons.v[k].id, "crl-expired");
    }
    assert_true(later > 0);
    mxs_timeline_free(t);
    drop_lists(b, profiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_younger), cmocka_unit_test(judged_when_it_exists),
        cmocka_unit_test(not_with_this_leaf), cmocka_unit_test(lists_are_replaced),
        cmocka_unit_test(lists_on_the_timeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
