/* The planner: schemes that hold, and every accident of the field caught with its reason. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/plan_world.h"

static struct mxs_plan *make(struct plan_world *w, enum mxs_plan_scheme scheme)
{
    struct mxs_plan *plan = NULL;
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_plan_make(w->arena, &w->in, scheme, &plan, &why) != MXS_OK)
        fail_msg("%s", why.text);
    return plan;
}

static size_t step_of(const struct mxs_plan *plan, enum mxs_plan_step_kind kind)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].kind == kind)
            return i;
    fail_msg("no step of kind %s", mxs_plan_step_name(kind));
    return 0;
}

static const struct mxs_plan_failing *failing(const struct mxs_plan *plan, const char *cause)
{
    for (size_t i = 0; i < plan->proof.failing.n; i++)
        if (strcmp(plan->proof.failing.v[i].cause, cause) == 0)
            return &plan->proof.failing.v[i];
    return NULL;
}

static void proves(struct mxs_plan *plan)
{
    mxs_plan_prove(plan);
    if (plan->proof.failing.n)
        fail_msg("%s", plan->proof.failing.v[0].text);
    assert_true(plan->proof.states > 500);
    assert_true(plan->proof.judged > 2);
}

static void fails_by(struct mxs_plan *plan, const char *cause, const char *words)
{
    mxs_plan_prove(plan);
    const struct mxs_plan_failing *f = failing(plan, cause);
    if (!f)
        fail_msg("no %s; first: %s", cause,
                 plan->proof.failing.n ? plan->proof.failing.v[0].text : "nothing fails");
    else if (!strstr(f->text, words))
        fail_msg("'%s' is not in: %s", words, f->text);
}

static size_t records(const struct mxs_plan *plan, enum mxs_plan_step_kind kind, const char *numbers)
{
    const mxs_plan_records *set = &plan->steps.v[step_of(plan, kind)].sets[0];
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++) {
        char *text = mxs_tlsa_text(plan->arena, &set->v[i]);
        n += strncmp(text, numbers, strlen(numbers)) == 0;
    }
    return n;
}

static bool noted(const struct mxs_plan *plan, const char *words)
{
    for (size_t i = 0; i < plan->notes.n; i++)
        if (strstr(plan->notes.v[i], words))
            return true;
    return false;
}

static void next_key_of(struct plan_world *w, const char *cert)
{
    const struct mxs_cert *c = judge_cert(w->arena, cert);
    w->in.next.spki = c->spki;
    w->in.next.key = c->key;
}

/* --- the three schemes ----------------------------------------------------------------------------- */

static void test_next_key(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    plan_enforce(&w);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "3 1 1"), 2);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 1);
    const struct mxs_plan_step *deploy = &plan->steps.v[step_of(plan, MXS_STEP_DEPLOY)];
    assert_int_equal(deploy->at, w.in.now + 2 * PLAN_TTL);
    plan_world_close(&w);
}

/* In the middle of it: one server has the next key, the other follows. */
static void test_half_deployed(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    struct mxs_session_facts *other = mxs_arena_dup(w.arena, w.e.session, sizeof *other);
    other->address = "192.0.2.26";
    other->chain = (struct mxs_chain){ { NULL, 0, 0 } };
    judge_chain(w.arena, "webhost int", &other->chain);
    *mxs_list_add(w.e.ev.arena, &w.e.host->sessions) = w.e.session = other;
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_true(noted(plan, "192.0.2.26 (ECDSA) serves the next key already"));
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 1);
    const struct mxs_plan_step *deploy = &plan->steps.v[step_of(plan, MXS_STEP_DEPLOY)];
    for (size_t i = 0; i < deploy->todo.n; i++)
        assert_null(strstr(deploy->todo.v[i], "192.0.2.26"));
    plan_world_close(&w);
}

static void test_key_and_issuer(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    w.in.next.issuer = "YE1";
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE_TA);
    proves(plan);
    /* each combination matches both chains (RFC 7671 8) */
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "3 1 1"), 2);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "2 1 1"), 2);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 1);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "2 1 1"), 1);
    plan_world_close(&w);
}

/* A random issuer and a key nobody knows: all active and backup issuers of the key's family, no other. */
static void random_issuer(const char *now, const char *kind, const char *const *ids, size_t n)
{
    struct plan_world w;
    plan_world_open(&w, "good int");
    plan_served_by(&w, w.e.session, now, kind, 90 * PLAN_DAY);
    plan_publish(&w, "2 1 1", 1);
    w.in.next.issuer = "any";
    struct mxs_plan *plan = make(&w, MXS_PLAN_TA);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "2 1 1"), n);
    for (size_t i = 0; i < n; i++) {
        const struct mxs_catalog_ca *ca = mxs_catalog_ca(w.catalog, ids[i]);
        const char *want = mxs_arena_printf(w.arena, "2 1 1 %s",
                                            mxs_hex(w.arena, mxs_bytes(ca->spki_sha256, 32)));
        assert_int_equal(records(plan, MXS_STEP_PUBLISH, want), 1);
    }
    plan_world_close(&w);
}

static void test_random_issuer(void **state)
{
    static const char *const rsa[] = { "YR1", "YR2", "YR3" }, *const ecdsa[] = { "YE1", "YE2", "YE3" };
    (void)state;
    random_issuer("YR1", "RSA-2048", rsa, 3);
    random_issuer("YE2", "ECDSA-P256", ecdsa, 3);
}

/* Auto: a known key goes by 3 1 1, an unknown one by its issuers. */
static void test_auto(void **state)
{
    struct plan_world w;
    struct mxs_plan_result r;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    assert_int_equal(mxs_plan_search(w.arena, &w.in, &r, NULL), MXS_OK);
    assert_true(r.proved);
    assert_int_equal(r.plan->scheme, MXS_PLAN_EE);
    w.in.next = (struct mxs_plan_next){ .issuer = "YE1" };
    assert_int_equal(mxs_plan_search(w.arena, &w.in, &r, NULL), MXS_OK);
    assert_true(r.proved);
    assert_int_equal(r.plan->scheme, MXS_PLAN_TA);
    assert_int_equal(records(r.plan, MXS_STEP_RETIRE, "3 1 1"), 0);
    plan_world_close(&w);
}

/* First publication: an absence is cached like a set, and hurts nobody. */
static void test_first(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "3 1 1"), 2);
    plan_world_close(&w);
}

/* 3 0 1 of a certificate that is not issued yet cannot be published: it goes before the deployment. */
static void test_retire(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 0 1", 0);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_true(step_of(plan, MXS_STEP_RETIRE) < step_of(plan, MXS_STEP_DEPLOY));
    assert_int_equal(records(plan, MXS_STEP_RETIRE, "3 0 1"), 0);
    plan_world_close(&w);
}

/* What is out already may be so since a second ago; the watch's book says better. */
static void test_out_already(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    const struct mxs_cert *next = judge_cert(w.arena, "webhost");
    struct mxs_tlsa *t = mxs_list_add(w.e.ev.arena, &w.e.host->tlsa);
    mxs_tlsa_text_parse(w.arena, mxs_arena_printf(w.arena, "3 1 1 %s",
                        mxs_hex(w.arena, mxs_bytes(next->spki_sha256, 32))), t, NULL);
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_true(plan->steps.v[0].done);
    assert_int_equal(plan->steps.v[step_of(plan, MXS_STEP_DEPLOY)].at, w.in.now + 2 * PLAN_TTL);
    w.in.seen_since = w.in.now - 3 * PLAN_TTL;
    plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(plan->steps.v[step_of(plan, MXS_STEP_DEPLOY)].at, w.in.now);
    plan_world_close(&w);
}

/* --- the accidents --------------------------------------------------------------------------------- */

static void test_deploy_before_publish(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    mxs_plan_move(plan, step_of(plan, MXS_STEP_DEPLOY), -1);
    fails_by(plan, "deploy-before-publish", "deployed before its records had been out");
    /* one second early is seen, and nothing else is */
    assert_int_equal(plan->proof.failing.n, 1);
    assert_int_equal(plan->proof.failing.v[0].from, w.in.now + 2 * PLAN_TTL - 1);
    mxs_plan_move(plan, step_of(plan, MXS_STEP_DEPLOY), 1);
    proves(plan);
    plan_world_close(&w);
}

static void test_removed_too_early(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    size_t deploy = step_of(plan, MXS_STEP_DEPLOY), remove = step_of(plan, MXS_STEP_REMOVE);
    /* while a server may still show the old chain */
    mxs_plan_move(plan, remove, plan->steps.v[deploy].until - plan->steps.v[remove].at);
    fails_by(plan, "removed-too-early", "removed while a server may still show it");
    plan_world_close(&w);
}

static void test_issuer_changed(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_served_by(&w, w.e.session, "YR1", "RSA-2048", 90 * PLAN_DAY);
    plan_publish(&w, "2 1 1", 1);
    w.in.next.issuer = "YR2";
    struct mxs_plan *plan = make(&w, MXS_PLAN_TA);
    proves(plan);
    size_t deploy = step_of(plan, MXS_STEP_DEPLOY);
    mxs_plan_move(plan, deploy, w.in.now - plan->steps.v[deploy].at);
    fails_by(plan, "issuer-changed", "the issuer changes from YR1 to YR2");
    plan_world_close(&w);
}

/* The ACME client switches to ECDSA: other key, other family of issuers. */
static void test_key_type(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_served_by(&w, w.e.session, "YR1", "RSA-2048", 90 * PLAN_DAY);
    plan_publish(&w, "2 1 1", 1);
    w.in.next = (struct mxs_plan_next){ .issuer = "any", .key = "ECDSA-P256" };
    struct mxs_plan *plan = make(&w, MXS_PLAN_TA);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "2 1 1"), 4); /* YR1, and YE1 to YE3 */
    assert_true(noted(plan, "key type switches from RSA to ECDSA"));
    size_t deploy = step_of(plan, MXS_STEP_DEPLOY);
    mxs_plan_move(plan, deploy, w.in.now - plan->steps.v[deploy].at);
    fails_by(plan, "key-type-switched", "from RSA-2048 to ECDSA-P256");
    plan_world_close(&w);
}

/* 2 1 1 of a root that the next chain no longer brings along (February 2024). */
static void test_root_dropped(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int root");
    plan_publish(&w, "2 1 1", 2);
    judge_chain(w.arena, "good int", &w.in.next.chain);
    w.in.next.spki = w.in.next.chain.certs.v[0]->spki;
    struct mxs_plan *plan = make(&w, MXS_PLAN_TA);
    proves(plan);
    size_t deploy = step_of(plan, MXS_STEP_DEPLOY);
    mxs_plan_move(plan, deploy, w.in.now - plan->steps.v[deploy].at);
    fails_by(plan, "root-dropped", "which the next chain leaves out");
    plan_world_close(&w);
}

/* 45-day certificates renewed by a job that runs once a month and missed one run. */
static void test_monthly_job(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_served_by(&w, w.e.session, "YR1", "RSA-2048", 45 * PLAN_DAY);
    plan_publish(&w, "2 1 1", 1);
    w.in.next.issuer = "any";
    struct mxs_plan *plan = make(&w, MXS_PLAN_TA);
    size_t deploy = step_of(plan, MXS_STEP_DEPLOY);
    mxs_plan_move(plan, deploy, 30 * PLAN_DAY);
    mxs_plan_prove(plan);
    assert_int_equal(plan->proof.failing.n, 0);
    mxs_plan_move(plan, deploy, 30 * PLAN_DAY);
    fails_by(plan, "expired", "expires before it is replaced");
    plan_world_close(&w);
}

/* A new key at each renewal, which no record of usage 3 can foretell. */
static void test_unknown_key(void **state)
{
    struct plan_world w;
    struct mxs_plan_result r;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    w.in.scheme = MXS_PLAN_EE;
    assert_int_equal(mxs_plan_search(w.arena, &w.in, &r, NULL), MXS_OK);
    assert_false(r.proved);
    assert_non_null(failing(r.plan, "key-changed"));
    assert_non_null(r.nearest);
    assert_int_equal(r.nearest->scheme, MXS_PLAN_TA);
    assert_int_equal(r.nearest->proof.failing.n, 0);
    plan_world_close(&w);
}

/* Today's outage is told as one, and no plan makes it good before caches run out. */
static void test_broken_now(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "webhost int");
    plan_publish(&w, "3 1 1", 0);
    judge_chain(w.arena, "good int", &w.e.session->chain);
    next_key_of(&w, "rsa2048");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    fails_by(plan, "broken-now", "fails today already");
    assert_true(failing(plan, "broken-now")->until <= w.in.now + 2 * PLAN_TTL);
    /* and the plan that mends it is told all the same */
    struct mxs_plan_result r;
    assert_int_equal(mxs_plan_search(w.arena, &w.in, &r, NULL), MXS_OK);
    assert_false(r.proved);
    assert_non_null(r.nearest);
    assert_true(r.nearest->proof.failing.n == 1 && r.nearest->proof.failing.v[0].now);
    plan_world_close(&w);
}

/* What mxs_plan_safe says of each step is what the proof finds, to the second. */
static void test_safe(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    w.in.now += 10; /* room to move the first step to the left, in the proof too */
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    w.in.now -= 10;
    for (size_t i = 0; i < plan->steps.n; i++) {
        int64_t from, until, was = plan->steps.v[i].at;
        assert_true(mxs_plan_safe(plan, i, &from, &until));
        const struct { int64_t at; bool good; } tries[] = {
            { from, true }, { from == INT64_MIN ? 0 : from - 1, false },
            { until, true }, { until == INT64_MAX ? 0 : until + 1, false },
        };
        for (size_t t = 0; t < MXS_COUNT(tries); t++) {
            if ((t < 2 && from == INT64_MIN) || (t >= 2 && until == INT64_MAX))
                continue;
            mxs_plan_move(plan, i, tries[t].at - plan->steps.v[i].at);
            mxs_plan_prove(plan);
            if ((plan->proof.failing.n == 0) != tries[t].good)
                fail_msg("step %zu, try %zu: %s", i + 1, t,
                         plan->proof.failing.n ? plan->proof.failing.v[0].text : "nothing fails");
        }
        mxs_plan_move(plan, i, was - plan->steps.v[i].at);
    }
    proves(plan);
    plan_world_close(&w);
}

/* 2 1 1 still matches, yet who goes by 3 1 1 alone fails (RFC 7671 8): said, and said to be so. */
static void test_one_kind_alone(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    plan_publish(&w, "2 1 1", 1);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE_TA);
    proves(plan);
    mxs_plan_move(plan, step_of(plan, MXS_STEP_DEPLOY), -PLAN_TTL);
    fails_by(plan, "deploy-before-publish", "it goes by 3 1 1 alone");
    assert_int_equal(plan->proof.failing.n, 1);
    plan_world_close(&w);
}

/* --- one host, two key types ----------------------------------------------------------------------- */

static void test_two_families(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    struct mxs_session_facts *rsa = mxs_arena_dup(w.arena, w.e.session, sizeof *rsa);
    judge_chain(w.arena, "rsa2048 int", &rsa->chain);
    *mxs_list_add(w.e.ev.arena, &w.e.host->sessions) = rsa;
    struct mxs_session_facts *ec = w.e.session;
    w.e.session = rsa;
    plan_publish(&w, "3 1 1", 0);
    w.e.session = ec;
    next_key_of(&w, "webhost"); /* ECDSA */
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(plan->places.n, 2);
    assert_int_equal(plan->places.v[0].moves + plan->places.v[1].moves, 1);
    assert_int_equal(records(plan, MXS_STEP_PUBLISH, "3 1 1"), 3);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 2);
    plan_world_close(&w);
}

/* A 3 1 1 of a key nobody asked for may be the RSA key's: it stays, and the plan says so. */
static void test_unexplained(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "rsa2048 int");
    plan_publish(&w, "3 1 1", 0);
    judge_chain(w.arena, "good int", &w.e.session->chain);
    plan_publish(&w, "3 1 1", 0);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 2);
    assert_true(noted(plan, "match"));
    struct mxs_session_facts *rsa = mxs_arena_dup(w.arena, w.e.session, sizeof *rsa);
    w.e.session->offer = MXS_OFFER_ECDSA;
    rsa->offer = MXS_OFFER_RSA;
    rsa->chain.certs.n = 0; /* it has none */
    *mxs_list_add(w.e.ev.arena, &w.e.host->sessions) = rsa;
    plan = make(&w, MXS_PLAN_EE);
    proves(plan);
    assert_int_equal(records(plan, MXS_STEP_REMOVE, "3 1 1"), 1);
    plan_world_close(&w);
}

static void test_many_records(void **state)
{
    struct plan_world w;
    (void)state;
    plan_world_open(&w, "good int");
    plan_publish(&w, "3 1 1", 0);
    for (int i = 0; i < 12; i++)
        mxs_tlsa_text_parse(w.arena, mxs_arena_printf(w.arena, "2 1 1 %064d", i),
                            mxs_list_add(w.e.ev.arena, &w.e.host->tlsa), NULL);
    next_key_of(&w, "webhost");
    struct mxs_plan *plan = make(&w, MXS_PLAN_EE);
    assert_true(noted(plan, "14 TLSA records"));
    plan_world_close(&w);
}

/* --- one clear line each --------------------------------------------------------------------------- */

static void no_ttl(struct plan_world *w) { w->e.host->tlsa_ttl = 0; }
static void same_key(struct plan_world *w) { next_key_of(w, "good"); }
/* the rollover is behind us, but for the record of the key before */
static void rolled(struct plan_world *w)
{
    next_key_of(w, "good");
    mxs_tlsa_text_parse(w->arena, mxs_arena_printf(w->arena, "3 1 1 %064d", 7),
                        mxs_list_add(w->e.ev.arena, &w->e.host->tlsa), NULL);
}
static void other_name(struct plan_world *w)
{
    next_key_of(w, "webhost");
    w->in.next.file = "next.csr";
    *mxs_list_add(w->arena, &w->in.next.names) = "www.example.net";
}
static void no_issuer(struct plan_world *w) { w->in.next.issuer = "R99"; }
static void no_family(struct plan_world *w) { w->in.next.issuer = "any"; }
static void unsigned_zone(struct plan_world *w)
{
    w->e.host->address_security = MXS_SECURITY_INSECURE;
}
static void bogus(struct plan_world *w) { w->e.host->tlsa_security = MXS_SECURITY_BOGUS; }
static void no_chain(struct plan_world *w) { w->e.session->chain.certs.n = 0; }

static void test_errors(void **state)
{
    static const struct {
        void (*set)(struct plan_world *w);
        const char *words;
    } rows[] = {
        { no_ttl, "give --ttl SECONDS" },
        { same_key, "that is the current key of mx.example.org" },
        { rolled, "serves that key already, and 1 TLSA record of it matches nothing that it serves: remove it" },
        { other_name, "next.csr: it is for www.example.net, not for mx.example.org" },
        { no_issuer, "no CA of the catalog is called 'R99'" },
        { no_family, "is not in the catalog" },
        { unsigned_zone, "sign the zone first" },
        { bogus, "the TLSA lookup is bogus" },
        { no_chain, "no server showed a certificate" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct plan_world w;
        struct mxs_plan *plan;
        struct mxs_why why = { MXS_OK, "" };
        plan_world_open(&w, "good int");
        plan_publish(&w, "3 1 1", 0);
        rows[i].set(&w);
        assert_int_not_equal(mxs_plan_make(w.arena, &w.in, MXS_PLAN_EE, &plan, &why), MXS_OK);
        if (!strstr(why.text, rows[i].words))
            fail_msg("'%s' is not in: %s", rows[i].words, why.text);
        assert_null(strchr(why.text, '\n'));
        plan_world_close(&w);
    }
}

/* --- what the ACME client says --------------------------------------------------------------------- */

static void test_acme(void **state)
{
    static const struct {
        const char *kind, *text, *key;
        bool kept;
        const char *profile;
        int64_t days;
    } rows[] = {
        { "certbot", "version = 2.1.0\nfullchain = /x\n[renewalparams]\nkey_type = ecdsa\n"
          "elliptic_curve = secp384r1\nreuse_key = True\n", "ECDSA-P384", true, NULL, 30 },
        { "certbot", "# renew_before_expiry = 30 days\nprivkey = /x\nrsa_key_size = 4096\nkey_type = rsa\n"
          "renew_before_expiry = 10 days\npreferred_profile = tlsserver\n", "RSA-4096", false,
          "tlsserver", 10 },
        { "acme.sh", "Le_Domain='mx'\nLe_Keylength='ec-256'\n", "ECDSA-P256", true, NULL, 0 },
        { "acme.sh", "Le_Domain='mx'\nLe_Keylength='4096'\nLe_ForceNewDomainKey='1'\n", "RSA-4096",
          false, NULL, 0 },
        { "dehydrated", "CA=\"letsencrypt\"\n", "ECDSA-P384", false, NULL, 32 },
        { "dehydrated", "KEY_ALGO=rsa\nKEYSIZE=\"3072\"\nPRIVATE_KEY_RENEW=\"no\"\nRENEW_DAYS=20\n",
          "RSA-3072", true, NULL, 20 },
    };
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_why why;
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_plan_next next = { 0 };
        assert_int_equal(mxs_plan_acme(arena, rows[i].kind, "conf", mxs_bytes_str(rows[i].text), &next,
                                       &why), MXS_OK);
        assert_string_equal(next.key, rows[i].key);
        assert_int_equal(next.key_kept, rows[i].kept);
        assert_int_equal(next.renew_margin, rows[i].days * PLAN_DAY);
        assert_true(rows[i].profile ? strcmp(next.profile, rows[i].profile) == 0 : !next.profile);
    }
    struct mxs_plan_next next = { 0 };
    assert_int_not_equal(mxs_plan_acme(arena, "certbot", "conf", mxs_bytes_str("hello\n"), &next, &why),
                         MXS_OK);
    assert_non_null(strstr(why.text, "not a configuration of certbot"));
    assert_int_not_equal(mxs_plan_acme(arena, "lego", "conf", mxs_bytes_str("a=b\n"), &next, &why),
                         MXS_OK);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_key),
        cmocka_unit_test(test_half_deployed),
        cmocka_unit_test(test_key_and_issuer),
        cmocka_unit_test(test_random_issuer),
        cmocka_unit_test(test_auto),
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_retire),
        cmocka_unit_test(test_out_already),
        cmocka_unit_test(test_deploy_before_publish),
        cmocka_unit_test(test_removed_too_early),
        cmocka_unit_test(test_issuer_changed),
        cmocka_unit_test(test_key_type),
        cmocka_unit_test(test_root_dropped),
        cmocka_unit_test(test_monthly_job),
        cmocka_unit_test(test_unknown_key),
        cmocka_unit_test(test_broken_now),
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_one_kind_alone),
        cmocka_unit_test(test_two_families),
        cmocka_unit_test(test_unexplained),
        cmocka_unit_test(test_many_records),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_acme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
