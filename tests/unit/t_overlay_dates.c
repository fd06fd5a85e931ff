/* When a scenario can be true: what it brings is judged when it exists, and lists of revoked certificates
 * as old as they are then. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "whatif/change.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_younger), cmocka_unit_test(judged_when_it_exists),
        cmocka_unit_test(not_with_this_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
