#include "config.h"

#include "whatif/timeline.h"

#include <stdlib.h>
#include <string.h>

enum { DATES_MAX = 200 };

/* --- the dates --- */

struct dates {
    struct mxs_arena *arena;
    const struct mxs_whatif *whatif;
    const struct mxs_subject *subject;
    struct mxs_timeline_dates *out;
};

static void add(struct dates *d, struct mxs_timeline_date date)
{
    for (size_t i = 0; i < d->out->list.n; i++)
        if (d->out->list.v[i].at == date.at && strcmp(d->out->list.v[i].title, date.title) == 0)
            return;
    if (d->out->list.n < DATES_MAX)
        *mxs_list_add(d->arena, &d->out->list) = date;
}

static const struct mxs_chain *chain_of(const struct dates *d)
{
    return &d->subject->session->chain;
}

static const char *name_of(const struct dates *d, const struct mxs_cert *cert)
{
    const struct mxs_catalog_ca *ca =
        d->whatif->catalog ? mxs_catalog_match(d->whatif->catalog, cert) : NULL;
    return ca ? ca->name : cert->cn ? cert->cn : cert->subject;
}

static void add_certificates(struct dates *d)
{
    const struct mxs_chain *chain = chain_of(d);
    for (size_t i = 0; i < chain->certs.n; i++) {
        const struct mxs_cert *cert = chain->certs.v[i];
        const char *name = i ? name_of(d, cert) : "the leaf";
        if (cert->not_before > d->whatif->options->at)
            add(d, (struct mxs_timeline_date){
                       .at = cert->not_before, .kind = "certificate",
                       .title = mxs_arena_printf(d->arena, "%s becomes valid", name) });
        /* the last second of notAfter is still good (RFC 5280 4.1.2.5) */
        add(d, (struct mxs_timeline_date){
                   .at = cert->not_after + 1, .kind = "certificate", .leaf_ends = i == 0,
                   .title = i ? mxs_arena_printf(d->arena, "%s has expired", name)
                              : "the leaf has expired, if nobody renews it" });
    }
}

static void add_policy(struct dates *d)
{
    const struct mxs_sts_facts *sts = &d->subject->evidence->domain.sts;
    if (sts->has_cached)
        add(d, (struct mxs_timeline_date){ .at = sts->cached_fetched + (int64_t)sts->cached.max_age,
                                           .kind = "certificate",
                                           .title = "the cached MTA-STS policy has expired" });
}

/* Before that the evidence says nothing. */
static int64_t begins(const struct dates *d)
{
    const struct mxs_chain *chain = chain_of(d);
    int64_t at = d->whatif->options->at;
    return chain->certs.n && chain->certs.v[0]->not_before < at ? chain->certs.v[0]->not_before : at;
}

/* Facts of the chain's own CA and of root programmes, from the time that the leaf was issued. */
static void add_catalog(struct dates *d)
{
    const struct mxs_catalog *catalog = d->whatif->catalog;
    const struct mxs_chain *chain = chain_of(d);
    const struct mxs_cert *leaf = chain->certs.n ? chain->certs.v[0] : NULL;
    if (!catalog || !leaf)
        return;
    const struct mxs_catalog_family *own = mxs_catalog_family_of(catalog, leaf);
    int64_t since = begins(d);
    for (size_t i = 0; i < catalog->events.n; i++) {
        const struct mxs_catalog_event *e = &catalog->events.v[i];
        bool programme = strcmp(e->family->kind, "programme") == 0;
        if ((e->family == own || programme) && e->when.from >= since)
            add(d, (struct mxs_timeline_date){ .at = e->when.from, .title = e->title,
                                               .kind = "catalog", .certainty = e->when.certainty,
                                               .source = e->when.source });
    }
}

static int by_time(const void *a, const void *b)
{
    const struct mxs_timeline_date *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (!x->scenario != !y->scenario) /* what is a fact comes before what may follow from it */
        return x->scenario ? 1 : -1;
    return strcmp(x->title, y->title);
}

void mxs_timeline_dates(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                        const struct mxs_subject *subject,
                        const struct mxs_scenario *const *scenarios, size_t n,
                        struct mxs_timeline_dates *out)
{
    struct dates d = { arena, whatif, subject, out };
    *out = (struct mxs_timeline_dates){ { NULL, 0, 0 } };
    add(&d, (struct mxs_timeline_date){ .at = whatif->options->at, .title = "today",
                                        .kind = "today" });
    add_certificates(&d);
    add_policy(&d);
    add_catalog(&d);
    for (size_t i = 0; i < n; i++)
        if (scenarios[i]->at >= begins(&d))
            add(&d, (struct mxs_timeline_date){ .at = scenarios[i]->at, .title = scenarios[i]->title,
                                                .kind = "scenario",
                                                .certainty = scenarios[i]->certainty,
                                                .source = scenarios[i]->source,
                                                .scenario = scenarios[i] });
    qsort(out->list.v, out->list.n, sizeof *out->list.v, by_time);
}

/* --- the iterator --- */

struct timeline {
    struct mxs_timeline t; /* first: what callers see */
    const struct mxs_whatif *whatif;
    const struct mxs_subject *subject;
    struct mxs_future now; /* with everything whose date has come */
};

/* Scenarios that lie behind the evidence are in it already, or are none of it: only what comes counts. */
static void come_into_force(struct timeline *x, const struct mxs_timeline_date *date)
{
    struct mxs_arena *arena = x->t.arena;
    struct mxs_overlay overlay;
    struct mxs_future next;
    if (!date->scenario || date->at < x->whatif->options->at)
        return;
    mxs_overlay(arena, x->whatif, x->subject, date->scenario, &overlay);
    if (!overlay.futures.n || overlay.direction != MXS_FORWARD)
        return;
    x->now.at = date->at;
    if (mxs_overlay_changes(arena, x->whatif, &x->now, &date->scenario->changes, &next, NULL) == MXS_OK)
        x->now = next;
}

/* Behind its end the leaf counts as renewed in time, for the same key: else nothing that comes later
 * could be seen. */
static void renew(struct timeline *x, const struct mxs_timeline_date *date)
{
    static const char *const words[] = { "renew leaf", "key leaf same" };
    const struct mxs_chain *chain = &x->now.session->chain;
    struct mxs_changes changes = { { NULL, 0, 0 } };
    struct mxs_future next;
    if (date->leaf_ends || !chain->certs.n || chain->certs.v[0]->not_after >= date->at)
        return;
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (mxs_change_parse(x->t.arena, words[i], NULL,
                             mxs_list_add(x->t.arena, &changes.list), NULL) != MXS_OK)
            return;
    x->now.at = date->at;
    if (mxs_overlay_changes(x->t.arena, x->whatif, &x->now, &changes, &next, NULL) == MXS_OK)
        x->now = next;
}

static struct mxs_judge judge_at(struct timeline *x, int64_t at)
{
    struct mxs_arena *arena = x->t.arena;
    struct mxs_future *future = MXS_NEW(arena, struct mxs_future);
    *future = x->now;
    future->at = at;
    return mxs_future_judge(x->whatif, future, arena, MXS_NEW(arena, struct mxs_judge_cache));
}

struct mxs_timeline *mxs_timeline_new(const struct mxs_whatif *whatif,
                                      const struct mxs_subject *subject,
                                      const struct mxs_scenario *const *scenarios, size_t n)
{
    struct timeline *x = mxs_alloc(sizeof *x);
    x->t.arena = mxs_arena_new();
    x->whatif = whatif;
    x->subject = subject;
    x->now = (struct mxs_future){ .evidence = subject->evidence, .host = subject->host,
                                  .session = subject->session, .store = whatif->options->store,
                                  .at = whatif->options->at, .pins = whatif->options->pins };
    if (!x->now.pins && subject->evidence->pins.certs.n)
        x->now.pins = &subject->evidence->pins;
    struct mxs_judge judge = judge_at(x, whatif->options->at);
    mxs_panel_of(&judge, whatif->options, &x->t.panel);
    mxs_timeline_dates(x->t.arena, whatif, subject, scenarios, n, &x->t.dates);
    return &x->t;
}

static void compare(struct mxs_timeline *t, struct mxs_timeline_point *point)
{
    const struct mxs_timeline_point *last = NULL;
    for (size_t i = t->points.n - 1; i-- && !last;)
        if (!t->points.v[i].date->leaf_ends)
            last = &t->points.v[i];
    point->before = last ? last->verdicts : NULL;
    point->changed = mxs_arena_alloc(t->arena, t->panel.seats.n + 1);
    for (size_t i = 0; last && i < t->panel.seats.n; i++) {
        point->changed[i] = mxs_verdict_differs(last->verdicts[i], point->verdicts[i]);
        point->n_changed += point->changed[i];
    }
}

bool mxs_timeline_step(struct mxs_timeline *t)
{
    struct timeline *x = (struct timeline *)t;
    if (t->points.n >= t->dates.list.n)
        return false;
    const struct mxs_timeline_date *date = &t->dates.list.v[t->points.n];
    const struct mxs_verdict **verdicts =
        mxs_arena_alloc(t->arena, (t->panel.seats.n + 1) * sizeof *verdicts);
    renew(x, date);
    come_into_force(x, date);
    struct mxs_judge judge = judge_at(x, date->at);
    for (size_t i = 0; i < t->panel.seats.n; i++)
        verdicts[i] = mxs_matrix_judge(x->whatif, &x->now, &judge, &t->panel.seats.v[i]);
    struct mxs_timeline_point *point = mxs_list_add(t->arena, &t->points);
    *point = (struct mxs_timeline_point){ .date = date, .verdicts = verdicts };
    compare(t, point);
    return t->points.n < t->dates.list.n;
}

void mxs_timeline_free(struct mxs_timeline *t)
{
    if (!t)
        return;
    mxs_arena_free(t->arena);
    free(t);
}
