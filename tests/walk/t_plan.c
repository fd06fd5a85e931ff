/* The three schemes on the lab with a moved clock: a plan is made from a walk of the lab; then, at the date
 * of each step, the lab is started on that date with the records and the chain that the plan says, also
 * with the records that a cache may still hold, and a walk must find DANE satisfied. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "journal/fold.h"
#include "lab/lab.h"
#include "lab/lab_future.h"
#include "net/loop.h"
#include "session/session.h"
#include "tests/unit/plan_world.h"

#define CA_KIND "ECDSA-P256"

struct chains { /* real certificates with their keys, as files hold them */
    struct mxs_chain chain;
    const char *pem, *key;
};

struct bench {
    struct plan_world w;
    struct chains old, next;
};

/* --- certificates ---------------------------------------------------------------------------------- */

/* One more leaf by a CA of its own, both served; parsed again, so that nothing stands for anything else. */
static struct chains issue(struct plan_world *w, const char *ca_name, unsigned number)
{
    struct chains out = { .pem = "" };
    int64_t from = w->in.now - 30 * PLAN_DAY, until = w->in.now + 60 * PLAN_DAY;
    const struct mxs_cert *ca = mxs_rebuild_private_ca(w->rebuild, ca_name, CA_KIND, from, until);
    struct mxs_blueprint print = {
        .cert = judge_cert(w->arena, "good"), .key_kind = CA_KIND, .key_number = number,
        .edits = MXS_EDIT_KEY | MXS_EDIT_ISSUER | MXS_EDIT_DATES, .issuer = mxs_issuer_of_cert(ca),
        .not_before = from, .not_after = until,
    };
    struct mxs_rebuild_known known = { &ca, 1, NULL, 0 };
    struct mxs_chain made;
    assert_int_equal(mxs_rebuild_chain(w->rebuild, w->arena, &print, 1, &known, &made, NULL), MXS_OK);
    out.key = mxs_rebuild_key_pem(w->rebuild, w->arena, made.certs.v[0]);
    out.pem = mxs_arena_printf(w->arena, "%s%s", mxs_cert_to_pem(w->arena, made.certs.v[0]),
                               mxs_cert_to_pem(w->arena, ca));
    assert_int_equal(mxs_cert_pem(w->arena, "chain", mxs_bytes_str(out.pem), &out.chain, NULL), MXS_OK);
    return out;
}

/* --- a walk of the lab on some day ----------------------------------------------------------------- */

struct visit {
    struct mxs_clock clock;
    struct mxs_loop *loop;
    struct mxs_lab *lab;
    struct mxs_engine *engine;
    struct mxs_journal *journal;
    struct mxs_evidence *evidence;
};

static void visit(struct bench *b, int64_t at, const struct chains *shown, const struct mxs_strs *tlsa,
                  struct visit *v)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_walk *walk = NULL;
    struct mxs_lab_future future = { .domain = "example.org", .at = at };
    *mxs_list_add(b->w.arena, &future.hosts) = (struct mxs_lab_future_host){
        .host = "mx.example.org", .port = 25, .preference = 10, .ec = { shown->pem, shown->key },
        .tlsa = *tlsa, .starttls = MXS_STARTTLS_OFFERED };
    struct mxs_lab_options options = { .future = &future };
    struct mxs_session_options *session = MXS_NEW(b->w.arena, struct mxs_session_options);
    v->clock = mxs_clock_frozen(at);
    v->loop = mxs_loop_new(&v->clock);
    if (mxs_lab_new(v->loop, &v->clock, &options, &v->lab, &why) != MXS_OK)
        fail_msg("%s", why.text);
    const struct mxs_lab_info *info = mxs_lab_info(v->lab);
    session->resolver = info->resolver;
    session->trust_anchor = info->trust_anchor;
    for (size_t i = 0; i < info->connect_to.n; i++) {
        const struct mxs_lab_connect *c = &info->connect_to.v[i];
        *mxs_list_add(b->w.arena, &session->connect_to) =
            (struct mxs_connect_to){ c->host, c->address, c->port, c->to_port };
    }
    session->offer_all = false;
    if (mxs_engine_new_on(v->loop, session, &v->clock, &v->engine, &why) != MXS_OK)
        fail_msg("%s", why.text);
    v->journal = mxs_journal_new(&v->clock);
    assert_int_equal(mxs_walk_new(v->engine, info->domain, v->journal, &walk, &why), MXS_OK);
    mxs_walk_start(walk);
    mxs_walk_finish(walk);
    mxs_walk_free(walk);
    v->evidence = mxs_fold_new(v->journal);
}

static void leave(struct visit *v)
{
    mxs_fold_free(v->evidence);
    mxs_journal_free(v->journal);
    mxs_engine_free(v->engine);
    mxs_lab_free(v->lab);
    mxs_loop_free(v->loop);
}

static const char *dane(struct bench *b, const struct visit *v, int64_t at)
{
    struct mxs_assess_options options = b->w.options;
    const char *text = "no session";
    options.at = at;
    struct mxs_assessment *a = mxs_assess(v->evidence, &options);
    for (size_t i = 0; i < a->sessions.n; i++) {
        const struct mxs_verdict *verdict = mxs_assessment_verdict(&a->sessions.v[i], "rfc/dane");
        if (!verdict)
            continue;
        text = mxs_arena_printf(b->w.arena, "%s %s%s%s", mxs_action_name(verdict->action),
                                verdict->channel ? mxs_channel_name(verdict->channel) : "",
                                verdict->reasons.n ? ": " : "",
                                verdict->reasons.n ? verdict->reasons.v[0].text : "");
    }
    mxs_assessment_free(a);
    return text;
}

/* What a walk says of these records and this chain on that day begins with `want`. */
static void says(struct bench *b, const struct mxs_plan *plan, int64_t at, const struct chains *shown,
                 const mxs_plan_records *set, const char *want, const char *when)
{
    struct mxs_strs tlsa = { NULL, 0, 0 };
    struct visit v = { .lab = NULL };
    for (size_t i = 0; i < set->n; i++)
        *mxs_list_add(b->w.arena, &tlsa) = mxs_tlsa_text(b->w.arena, &set->v[i]);
    visit(b, at, shown, &tlsa, &v);
    const char *got = dane(b, &v, at);
    leave(&v);
    if (strncmp(got, want, strlen(want)) != 0)
        fail_msg("%s, %s: %s", mxs_plan_scheme_name(plan->scheme), when, got);
}

/* --- a rollover, day by day ------------------------------------------------------------------------ */

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    plan_world_open(&b->w, "good int");
    b->old = issue(&b->w, "Plan CA 1", 1);
    b->next = issue(&b->w, "Plan CA 2", 2);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    plan_world_close(&b->w);
    free(b);
    return 0;
}

static struct mxs_plan *plan_from_walk(struct bench *b, struct visit *v, enum mxs_plan_scheme scheme)
{
    struct mxs_strs tlsa = { NULL, 0, 0 };
    struct mxs_plan *plan = NULL;
    struct mxs_why why = { MXS_OK, "" };
    b->w.e.session->chain = b->old.chain;
    b->w.e.host->tlsa.n = 0;
    plan_publish(&b->w, scheme == MXS_PLAN_TA ? "2 1 1" : "3 1 1", scheme == MXS_PLAN_TA ? 1 : 0);
    *mxs_list_add(b->w.arena, &tlsa) = mxs_tlsa_text(b->w.arena, &b->w.e.host->tlsa.v[0]);
    visit(b, b->w.in.now, &b->old, &tlsa, v);
    b->w.in.evidence = v->evidence;
    b->w.in.next.chain = b->next.chain;
    b->w.in.next.spki = b->next.chain.certs.v[0]->spki;
    b->w.in.next.key = b->next.chain.certs.v[0]->key;
    if (mxs_plan_make(b->w.arena, &b->w.in, scheme, &plan, &why) != MXS_OK)
        fail_msg("%s", why.text);
    mxs_plan_prove(plan);
    if (plan->proof.failing.n)
        fail_msg("%s", plan->proof.failing.v[0].text);
    return plan;
}

static void follow(struct bench *b, enum mxs_plan_scheme scheme)
{
    struct visit first = { .lab = NULL };
    struct mxs_plan *plan = plan_from_walk(b, &first, scheme);
    const struct chains *shown = &b->old;
    assert_true(plan->hosts.v[0].ttl > 0); /* as the lab serves it */
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct mxs_plan_step *s = &plan->steps.v[i];
        const mxs_plan_records *cached = mxs_plan_before(plan, i, 0), *fresh = mxs_plan_before(plan, i + 1, 0);
        says(b, plan, s->at, shown, cached, "deliver verified", s->title);
        if (s->sets)
            says(b, plan, s->at, shown, fresh, "deliver verified", s->title);
        if (s->kind != MXS_STEP_DEPLOY)
            continue;
        shown = &b->next;
        says(b, plan, s->until, shown, fresh, "deliver verified", "deployed");
        /* what an early deployment would have met */
        says(b, plan, s->until, shown, &plan->hosts.v[0].today, "defer", "deployed before publication");
    }
    const mxs_plan_records *last = mxs_plan_before(plan, plan->steps.n, 0);
    says(b, plan, plan->steps.v[plan->steps.n - 1].at, &b->old, last, "defer", "the old chain at the end");
    leave(&first);
}

static void test_next_key(void **state)
{
    follow(*state, MXS_PLAN_EE);
}

static void test_key_and_issuer(void **state)
{
    follow(*state, MXS_PLAN_EE_TA);
}

static void test_issuers(void **state)
{
    follow(*state, MXS_PLAN_TA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_next_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_key_and_issuer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_issuers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
