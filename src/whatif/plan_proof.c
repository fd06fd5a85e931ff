#include "config.h"

#include "whatif/plan_proof_room.h"

#include "judge/dane.h"

#include <stdlib.h>
#include <string.h>

/* The proof. A state is one delivery: when it happens, which server and key type it meets, which chain
 * that shows, since when the sender holds which records and which policy, how wrong its clock is, and
 * which of the records it goes by.
 *
 * Nothing changes between the instants at which something begins or ends, so the seconds on both sides
 * of each such instant, for deliveries and for what was fetched before them, stand for all. Verdicts
 * depend on (records, chain, policy, certificate dates passed) alone and are asked for once each. */

/* --- what is published, and which chains are met --------------------------------------------------- */

static int version_order(const void *a, const void *b)
{
    const struct mxs_proof_version *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from ? 1 : x->step < y->step ? -1 : 1;
}

static void make_versions(struct mxs_proof *p, size_t host)
{
    struct mxs_plan *plan = p->plan;
    p->versions.n = 0;
    *mxs_list_add(p->scratch, &p->versions) =
        (struct mxs_proof_version){ INT64_MIN, SIZE_MAX, &plan->hosts.v[host].today };
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].sets)
            *mxs_list_add(p->scratch, &p->versions) =
                (struct mxs_proof_version){ plan->steps.v[i].at, i, &plan->steps.v[i].sets[host] };
    if (p->versions.n > 2) /* steps may have been moved past each other */
        qsort(p->versions.v + 1, p->versions.n - 1, sizeof *p->versions.v, version_order);
}

static size_t version_at(const struct mxs_proof *p, int64_t at)
{
    size_t v = p->versions.n - 1;
    while (v > 0 && p->versions.v[v].from > at)
        v--;
    return v;
}

static bool met(const struct mxs_proof *p, size_t chain, int64_t at)
{
    const struct mxs_plan_step *d = mxs_plan_step(p->plan, MXS_STEP_DEPLOY);
    if (!p->plan->places.v[p->place].moves)
        return chain == 0;
    return chain == 0 ? at <= d->until + p->plan->linger : at >= d->at;
}

/* Combinations that hold today, and those that the plan brings: RFC 7671 8. One that matches nothing
 * today is stale already; senders that find another match do not mind. */
static void make_kinds(struct mxs_proof *p)
{
    const struct mxs_plan_place *place = &p->plan->places.v[p->place];
    const mxs_plan_records *now = p->versions.v[0].records;
    p->kinds.n = 0;
    for (size_t v = 0; v < p->versions.n; v++)
        for (size_t i = 0; i < p->versions.v[v].records->n; i++) {
            const struct mxs_tlsa *r = &p->versions.v[v].records->v[i];
            bool seen = !r->usable, today = false, holds = false;
            for (size_t k = 0; k < p->kinds.n; k++)
                seen |= mxs_plan_combination(&p->kinds.v[k], r);
            for (size_t k = 0; k < now->n; k++)
                if (mxs_plan_combination(&now->v[k], r)) {
                    today = true;
                    holds |= mxs_tlsa_depth(&now->v[k], &place->chains.v[0].chain) >= 0;
                }
            if (!seen && (!today || holds))
                *mxs_list_add(p->scratch, &p->kinds) = *r;
        }
}

/* --- every state ----------------------------------------------------------------------------------- */

static bool kind_published(const struct mxs_proof *p, const struct mxs_proof_cell *c)
{
    const mxs_plan_records *set = p->versions.v[c->version].records;
    for (size_t i = 0; c->kind && i < set->n; i++)
        if (mxs_plan_combination(&set->v[i], &p->kinds.v[c->kind - 1]))
            return true;
    return c->kind == 0;
}

/* Clocks, and senders that go by all records or by one combination of them. */
static void clocks(struct mxs_proof *p, struct mxs_proof_cell *c, int64_t at)
{
    for (int skew = -1; skew <= 1; skew++) {
        c->bucket = mxs_proof_bucket(p, at + skew * MXS_PLAN_SKEW);
        for (c->kind = 0; c->kind <= p->kinds.n; c->kind++)
            if (kind_published(p, c))
                mxs_proof_visit(p, c, at, at + skew * MXS_PLAN_SKEW);
    }
}

/* Policies: none known, the live one, and what was fetched at any instant since max_age. */
static void policies(struct mxs_proof *p, struct mxs_proof_cell *c, int64_t at)
{
    const struct mxs_sts_facts *sts = &p->plan->input->evidence->domain.sts;
    bool live = p->plan->input->evidence->has_domain && sts->parsed.valid && sts->has_policy &&
                sts->policy.valid;
    c->policy = MXS_POLICY_NONE;
    clocks(p, c, at);
    c->policy = MXS_POLICY_LIVE;
    if (live)
        clocks(p, c, at);
    c->policy = MXS_POLICY_CACHED;
    for (size_t i = 0; live && i < p->past.n && p->past.v[i] <= at; i++)
        if (at - p->past.v[i] <= sts->policy.max_age)
            clocks(p, c, at);
    c->policy = MXS_POLICY_GIVEN;
    if (sts->has_cached && sts->cached.valid && at >= sts->cached_fetched &&
        at - sts->cached_fetched <= sts->cached.max_age)
        clocks(p, c, at);
}

/* Records fetched at any instant since two TTLs, an absence like a set. */
static void deliveries(struct mxs_proof *p, struct mxs_proof_cell *c, int64_t at)
{
    for (size_t i = 0; i < p->past.n && p->past.v[i] <= at; i++) {
        if (at - p->past.v[i] > p->plan->reach)
            continue;
        c->version = version_at(p, p->past.v[i]);
        policies(p, c, at);
    }
}

static void prove_place(struct mxs_proof *p)
{
    const struct mxs_plan_place *place = &p->plan->places.v[p->place];
    struct mxs_proof_cell c = { 0, 0, 0, 0, 0 };
    make_versions(p, place->host);
    make_kinds(p);
    mxs_proof_panel(p);
    p->cuts.n = 0;
    mxs_proof_dates(p, &p->cuts, place);
    mxs_proof_tidy(&p->cuts, INT64_MIN, INT64_MAX);
    size_t cells = p->versions.n * place->chains.n * MXS_POLICIES * (p->cuts.n + 1) * (p->kinds.n + 1);
    p->memo = mxs_alloc(cells * sizeof *p->memo);
    for (size_t t = 0; t < p->at.n; t++)
        for (c.chain = 0; c.chain < place->chains.n; c.chain++)
            if (met(p, c.chain, p->at.v[t]))
                deliveries(p, &c, p->at.v[t]);
    free(p->memo);
}

void mxs_plan_prove(struct mxs_plan *plan)
{
    struct mxs_proof p = { .plan = plan, .scratch = mxs_arena_new() };
    memset(&plan->proof, 0, sizeof plan->proof);
    mxs_proof_instants(&p);
    for (p.place = 0; p.place < plan->places.n; p.place++)
        prove_place(&p);
    mxs_proof_report(&p);
    mxs_proof_say_kinds(plan);
    mxs_arena_free(p.scratch);
}
