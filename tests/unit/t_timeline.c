/* The dates that matter, and what changes on them. */
#include "config.h"

#include "whatif/timeline.h"
#include "whatif_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct mxs_timeline_point *point(const struct mxs_timeline *t, const char *title)
{
    for (size_t i = 0; i < t->points.n; i++)
        if (strstr(t->points.v[i].date->title, title))
            return &t->points.v[i];
    fail_msg("no date '%s'", title);
    return NULL;
}

static void scenarios_come_into_force(void **state)
{
    static const char *const who[] = { "openssl/server/require", "postfix/smtpd/none" };
    struct whatif_world w;
    (void)state;
    whatif_world_make(&w, "role=|chain=eku-both int", who, 2);
    whatif_world_scenario(&w, "date = 2027-03-01", "eku leaf -clientAuth");
    whatif_world_scenario(&w, "date = 2027-02-01", "renew leaf\nkey leaf same");
    whatif_world_scenario(&w, "date = 2027-04-01\nrole = server", "starttls absent");
    whatif_world_scenario(&w, "", "client-cert none"); /* without a date: not on the line */
    whatif_world_scenario(&w, "date = 1999-01-01", "eku leaf -clientAuth"); /* before the leaf */
    struct mxs_timeline *t = mxs_timeline_new(&w.whatif, &w.subject, w.list, w.n);
    for (bool more = true; more;)
        more = mxs_timeline_step(t);
    assert_false(mxs_timeline_step(t));
    for (size_t i = 1; i < t->points.n; i++)
        assert_true(t->points.v[i - 1].date->at <= t->points.v[i].date->at);
    assert_string_equal(t->points.v[0].date->kind, "today");
    assert_null(t->points.v[0].before);
    assert_int_equal(point(t, "Scenario 1")->n_changed, 0);
    const struct mxs_timeline_point *p = point(t, "Scenario 0");
    assert_int_equal(p->n_changed, 1);
    size_t require = strcmp(t->panel.seats.v[0].name, who[0]) == 0 ? 0 : 1;
    assert_true(p->changed[require]);
    assert_int_equal(p->before[require]->action, MXS_ACTION_ACCEPT);
    assert_int_equal(p->verdicts[require]->action, MXS_ACTION_HANDSHAKE_FAILURE);
    assert_true(p->verdicts[require]->then.n > 0);
    assert_int_equal(point(t, "Scenario 2")->n_changed, 0); /* not about this side */
    assert_string_equal(p->date->kind, "scenario");
    for (size_t i = 0; i < t->points.n; i++)
        assert_null(strstr(t->points.v[i].date->title, "Scenario 4"));
    mxs_timeline_free(t);
    whatif_world_free(&w);
}

/* Its end shows, and what comes later is judged as if it had been renewed in time. */
static void the_leaf_ends(void **state)
{
    static const char *const who[] = { "rfc/webpki" };
    struct whatif_world w;
    (void)state;
    whatif_world_make(&w, "chain=expiring int", who, 1);
    int64_t end = w.w.s->chain.certs.v[0]->not_after;
    struct mxs_evidence *ev = w.subject.evidence;
    ev->domain.sts.has_cached = true;
    ev->domain.sts.cached_fetched = w.options.at - 86400;
    ev->domain.sts.cached.max_age = 2 * 86400;
    whatif_world_scenario(&w, mxs_arena_printf(w.arena, "date = %s", mxs_time_text(w.arena, end + 9 * 86400)),
                          "starttls absent");
    struct mxs_timeline *t = mxs_timeline_new(&w.whatif, &w.subject, w.list, w.n);
    while (mxs_timeline_step(t)) {
    }
    const struct mxs_timeline_point *p = point(t, "the leaf has expired");
    assert_int_equal(p->date->at, end + 1);
    assert_true(p->date->leaf_ends);
    assert_int_equal(p->verdicts[0]->action, MXS_ACTION_DEFER);
    assert_int_equal(p->before[0]->action, MXS_ACTION_DELIVER);
    p = point(t, "Scenario 0");
    assert_int_equal(p->before[0]->action, MXS_ACTION_DELIVER); /* not the day the leaf ended */
    assert_int_equal(point(t, "cached MTA-STS policy")->date->at, w.options.at + 86400);
    mxs_timeline_free(t);
    mxs_timeline_free(NULL);
    whatif_world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_come_into_force),
        cmocka_unit_test(the_leaf_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
