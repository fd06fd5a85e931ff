/* Claims about what may come: the matrix and the planner asked by words, on one server's evidence. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "learn/claim.h"
#include "tests/unit/plan_world.h"


struct world {
    struct plan_world plan;
    struct mxs_scenarios *scenarios;
    struct mxs_claim_futures futures;
    struct mxs_journal *journal;
    struct mxs_claim_facts facts;
};

static const struct mxs_claim_futures *futures(void *data)
{
    struct world *w = data;
    return &w->futures;
}

static void open_world(struct world *w)
{
    struct mxs_why why = { MXS_OK, "" };
    memset(w, 0, sizeof *w);
    plan_world_open(&w->plan, "good int");
    plan_publish(&w->plan, "3 1 1", 0);
    plan_enforce(&w->plan);
    if (mxs_scenarios_load(plan_share(w->plan.arena, "scenarios"), w->plan.catalog, &w->scenarios,
                           &why))
        fail_msg("%s", why.text);
    w->futures = (struct mxs_claim_futures){ w->scenarios, w->plan.whatif, NULL };
    w->journal = mxs_journal_new(mxs_clock_real());
    w->facts = (struct mxs_claim_facts){ .journal = w->journal, .evidence = &w->plan.e.ev,
                                         .futures = futures, .data = w };
}

static void close_world(struct world *w)
{
    mxs_journal_free(w->journal);
    mxs_scenarios_free(w->scenarios);
    plan_world_close(&w->plan);
}

static bool holds(struct world *w, const char *text)
{
    struct mxs_claim claim;
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_claim_parse(w->plan.arena, text, NULL, &claim, &why))
        fail_msg("%s: %s", text, why.text);
    return mxs_claim_holds(&claim, &w->facts);
}

struct row {
    const char *claim;
    bool holds;
};

static void ask(struct world *w, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (holds(w, rows[i].claim) != rows[i].holds)
            fail_msg("%s is not %s", rows[i].claim, rows[i].holds ? "true" : "false");
}

static void whatifs(void **state)
{
    static const struct row rows[] = {
        { "whatif:trust/ca-distrusted=rfc/mta-sts/defer", true },
        { "whatif:trust/ca-distrusted=rfc/mta-sts/changed", true },
        { "whatif:trust/ca-distrusted=rfc/mta-sts/unchanged", false },
        { "whatif:trust/ca-distrusted=rfc/mta-sts/deliver", false },
        { "whatif:trust/ca-distrusted=rfc/dane/verified", true },
        { "whatif:trust/ca-distrusted=rfc/dane/deliver", true },
        { "whatif:trust/ca-distrusted=rfc/dane/unchanged", true },
        { "whatif:trust/ca-distrusted=rfc/dane/unchanged@mx.example.org", true },
        { "whatif:trust/ca-distrusted=rfc/dane/unchanged@other.example.org", false },
        { "!whatif:trust/ca-distrusted=rfc/dane/defer", true },
        /* two branches, which differ: neither is what happens */
        { "whatif:renewal/unknown-key=rfc/dane/defer", false },
        { "whatif:renewal/unknown-key=rfc/dane/unchanged", false },
        { "whatif:renewal/unknown-key=rfc/webpki/unchanged", true },
        /* it does not apply to this CA: nothing is claimed of it */
        { "whatif:eku/le-classic=rfc/dane/unchanged", false },
        { "whatif:eku/le-classic=rfc/dane/changed", false },
        /* nobody by that name judges a server */
        { "whatif:trust/ca-distrusted=postfix/smtpd/req/accept", false },
    };
    struct world w;
    (void)state;
    open_world(&w);
    ask(&w, rows, MXS_COUNT(rows));
    close_world(&w);
}

static void plans(void **state)
{
    static const struct row unknown[] = {
        { "plan:proved", true }, { "plan:fails", false }, /* by 2 1 1 of the issuer */
    };
    static const struct row rows[] = {
        { "plan:proved", true },           { "plan:fails", false },
        { "plan:publish=0ttl", true },     { "plan:deploy=2ttl", true },
        { "plan:deploy=1ttl", false },     { "plan:retire=0ttl", false },
        { "plan:fails=deploy-1", true },   { "plan:proved=deploy-1", false },
        { "plan:proved=deploy+0", true },  { "plan:fails=remove-4", true },
        { "plan:proved=retire-1", false }, { "plan:fails=retire-1", false },
    };
    struct world w;
    struct mxs_plan_next next;
    struct mxs_bytes pem;
    struct mxs_why why = { MXS_OK, "" };
    (void)state;
    open_world(&w);
    ask(&w, unknown, MXS_COUNT(unknown));
    const char *file = plan_share(w.plan.arena, "lessons/next-key.pem");
    assert_int_equal(mxs_file_read(w.plan.arena, file, 4096, &pem, &why), MXS_OK);
    next = (struct mxs_plan_next){ 0 };
    assert_int_equal(mxs_plan_next_key(w.plan.arena, file, pem, &next, &why), MXS_OK);
    w.futures.next = &next;
    ask(&w, rows, MXS_COUNT(rows));
    close_world(&w);
}

/* Where no futures are at hand nothing of the kind holds. */
static void without(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    w.facts.futures = NULL;
    assert_false(holds(&w, "whatif:trust/ca-distrusted=rfc/dane/unchanged"));
    assert_false(holds(&w, "plan:proved"));
    assert_false(holds(&w, "plan:fails"));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatifs),
        cmocka_unit_test(plans),
        cmocka_unit_test(without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
