#include "config.h"

#include "whatif/plan_proof_room.h"

#include "judge/store.h"

#include <stdlib.h>

/* The instants of the proof: both sides of everything that begins or ends. */

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void put(struct mxs_proof *p, mxs_instants *list, int64_t at)
{
    *mxs_list_add(p->scratch, list) = at;
}

/* Both sides of an instant, and of the instant at which what was fetched before it is gone. */
static void edge(struct mxs_proof *p, int64_t at)
{
    const int64_t later[] = { 0, p->plan->reach };
    for (size_t i = 0; i < MXS_COUNT(later); i++) {
        put(p, &p->at, at + later[i] - 1);
        put(p, &p->at, at + later[i]);
        put(p, &p->at, at + later[i] + 1);
    }
}

void mxs_proof_tidy(mxs_instants *list, int64_t from, int64_t until)
{
    size_t n = 0;
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_time);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i] >= from && list->v[i] <= until && (!n || list->v[n - 1] != list->v[i]))
            list->v[n++] = list->v[i];
    list->n = n;
}

static void cert_dates(struct mxs_proof *p, mxs_instants *list, const struct mxs_cert *cert)
{
    put(p, list, cert->not_before);
    put(p, list, cert->not_after + 1);
}

static void chain_dates(struct mxs_proof *p, mxs_instants *list, const struct mxs_chain *chain)
{
    struct mxs_store *store = p->plan->input->whatif->options->store;
    const struct mxs_cert *anchors[8];
    for (size_t i = 0; i < chain->certs.n; i++) {
        size_t n = store ? mxs_store_find(store, chain->certs.v[i]->issuer_raw, anchors,
                                          MXS_COUNT(anchors)) : 0;
        cert_dates(p, list, chain->certs.v[i]);
        for (size_t a = 0; a < n; a++)
            cert_dates(p, list, anchors[a]);
    }
}

void mxs_proof_dates(struct mxs_proof *p, mxs_instants *list, const struct mxs_plan_place *place)
{
    for (size_t c = 0; c < place->chains.n; c++)
        chain_dates(p, list, &place->chains.v[c].chain);
}

void mxs_proof_instants(struct mxs_proof *p)
{
    struct mxs_plan *plan = p->plan;
    const struct mxs_sts_facts *sts = &plan->input->evidence->domain.sts;
    const struct mxs_plan_step *last = &plan->steps.v[plan->steps.n - 1];
    int64_t now = plan->input->now;
    mxs_instants dates = { 0 };
    p->end = last->until;
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct mxs_plan_step *s = &plan->steps.v[i];
        p->end = s->until + plan->reach > p->end ? s->until + plan->reach : p->end;
        edge(p, s->at);
        edge(p, s->until);
        edge(p, s->until + plan->linger);
    }
    edge(p, now);
    edge(p, p->end);
    for (size_t i = 0; i < plan->places.n; i++)
        mxs_proof_dates(p, &dates, &plan->places.v[i]);
    for (size_t i = 0; i < dates.n; i++)
        for (int s = -1; s <= 1; s++)
            edge(p, dates.v[i] + s * MXS_PLAN_SKEW);
    if (sts->has_cached)
        edge(p, sts->cached_fetched + sts->cached.max_age);
    for (size_t i = 0; i < p->at.n; i++)
        put(p, &p->past, p->at.v[i]);
    put(p, &p->past, now - 1);
    put(p, &p->past, now - plan->reach);
    put(p, &p->past, now - plan->max_age);
    mxs_proof_tidy(&p->at, now, p->end);
    mxs_proof_tidy(&p->past, INT64_MIN, p->end);
}
