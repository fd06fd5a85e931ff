#include "config.h"

#include "whatif/plan_room.h"

#include "base/clock.h"
#include "judge/dane.h"
#include "judge/store.h"

#include <stdlib.h>
#include <string.h>

/* The proof. A state is one delivery: when it happens, which server and key type it meets, which chain
 * that shows, since when the sender holds which records and which policy, how wrong its clock is, and
 * which of the records it goes by.
 *
 * Nothing changes between the instants at which something begins or ends, so the seconds on both sides
 * of each such instant, for deliveries and for what was fetched before them, stand for all. Verdicts
 * depend on (records, chain, policy, certificate dates passed) alone and are asked for once each. */

enum policy_kind { POLICY_NONE, POLICY_LIVE, POLICY_CACHED, POLICY_GIVEN, POLICIES };
enum { UNKNOWN, PASSES, FAILS }; /* a memo cell; FAILS + n: the n-th failure */

typedef MXS_LIST(int64_t) instants;

struct version { /* what a host publishes from `from` on */
    int64_t from;
    size_t step; /* SIZE_MAX: today's */
    const mxs_plan_records *records;
};

struct failure { /* one memo cell that fails, and when it is met */
    struct mxs_plan_state state;
    struct mxs_verdict verdict;
    int64_t from, until;
};

struct proof {
    struct mxs_plan *plan;
    instants at, past;        /* deliveries; fetches, past ones too */
    int64_t end;
    size_t place;             /* the one at work */
    MXS_LIST(struct version) versions;
    instants cuts;            /* dates of the place's certificates */
    mxs_plan_records kinds;   /* one record of each combination that a sender may go by alone */
    struct mxs_panel panel;
    uint16_t *memo;
    bool *counts;             /* seats that deliver today: a plan may not take that away */
    MXS_LIST(struct failure) failures;
    struct mxs_arena *scratch;
};

/* --- instants -------------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void put(struct proof *p, instants *list, int64_t at)
{
    *mxs_list_add(p->scratch, list) = at;
}

/* Both sides of an instant, and of the instant at which what was fetched before it is gone. */
static void edge(struct proof *p, int64_t at)
{
    const int64_t later[] = { 0, p->plan->reach };
    for (size_t i = 0; i < MXS_COUNT(later); i++) {
        put(p, &p->at, at + later[i] - 1);
        put(p, &p->at, at + later[i]);
        put(p, &p->at, at + later[i] + 1);
    }
}

static void tidy(instants *list, int64_t from, int64_t until)
{
    size_t n = 0;
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_time);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i] >= from && list->v[i] <= until && (!n || list->v[n - 1] != list->v[i]))
            list->v[n++] = list->v[i];
    list->n = n;
}

static void cert_dates(struct proof *p, instants *list, const struct mxs_cert *cert)
{
    put(p, list, cert->not_before);
    put(p, list, cert->not_after + 1);
}

static void chain_dates(struct proof *p, instants *list, const struct mxs_chain *chain)
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

static void place_dates(struct proof *p, instants *list, const struct mxs_plan_place *place)
{
    for (size_t c = 0; c < place->chains.n; c++)
        chain_dates(p, list, &place->chains.v[c].chain);
}

static void make_instants(struct proof *p)
{
    struct mxs_plan *plan = p->plan;
    const struct mxs_sts_facts *sts = &plan->input->evidence->domain.sts;
    const struct mxs_plan_step *last = &plan->steps.v[plan->steps.n - 1];
    int64_t now = plan->input->now;
    instants dates = { 0 };
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
        place_dates(p, &dates, &plan->places.v[i]);
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
    tidy(&p->at, now, p->end);
    tidy(&p->past, INT64_MIN, p->end);
}

/* --- what is published, and which chains are met --------------------------------------------------- */

static int version_order(const void *a, const void *b)
{
    const struct version *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from ? 1 : x->step < y->step ? -1 : 1;
}

static void make_versions(struct proof *p, size_t host)
{
    struct mxs_plan *plan = p->plan;
    p->versions.n = 0;
    *mxs_list_add(p->scratch, &p->versions) =
        (struct version){ INT64_MIN, SIZE_MAX, &plan->hosts.v[host].today };
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].sets)
            *mxs_list_add(p->scratch, &p->versions) =
                (struct version){ plan->steps.v[i].at, i, &plan->steps.v[i].sets[host] };
    if (p->versions.n > 2) /* steps may have been moved past each other */
        qsort(p->versions.v + 1, p->versions.n - 1, sizeof *p->versions.v, version_order);
}

static size_t version_at(const struct proof *p, int64_t at)
{
    size_t v = p->versions.n - 1;
    while (v > 0 && p->versions.v[v].from > at)
        v--;
    return v;
}

static bool met(const struct proof *p, size_t chain, int64_t at)
{
    const struct mxs_plan_step *d = mxs_plan_step(p->plan, MXS_STEP_DEPLOY);
    if (!p->plan->places.v[p->place].moves)
        return chain == 0;
    return chain == 0 ? at <= d->until + p->plan->linger : at >= d->at;
}

/* Combinations that hold today, and those that the plan brings: RFC 7671 8. One that matches nothing
 * today is stale already; senders that find another match do not mind. */
static void make_kinds(struct proof *p)
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

/* --- one verdict ----------------------------------------------------------------------------------- */

struct cell { /* what a verdict depends on; kind 0: all records, else kinds[kind - 1] alone */
    size_t version, chain, policy, bucket, kind;
};

static size_t index_of(const struct proof *p, const struct cell *c)
{
    size_t chains = p->plan->places.v[p->place].chains.n;
    return (((c->version * chains + c->chain) * POLICIES + c->policy) * (p->cuts.n + 1) + c->bucket) *
               (p->kinds.n + 1) + c->kind;
}

static void lay_records(struct mxs_arena *arena, struct mxs_host_facts *host, const struct proof *p,
                        const struct cell *c)
{
    const mxs_plan_records *set = p->versions.v[c->version].records;
    host->tlsa.v = NULL;
    host->tlsa.n = host->tlsa.cap = 0;
    for (size_t i = 0; i < set->n; i++)
        if (c->kind == 0 || mxs_plan_combination(&set->v[i], &p->kinds.v[c->kind - 1]))
            *mxs_list_add(arena, &host->tlsa) = set->v[i];
    host->tlsa_security = host->tlsa.n ? MXS_SECURITY_SECURE : MXS_SECURITY_ABSENT;
}

static void lay_policy(struct mxs_sts_facts *sts, size_t policy, int64_t at)
{
    bool given = policy == POLICY_GIVEN;
    if (policy == POLICY_NONE)
        sts->parsed.valid = false;
    if (policy == POLICY_CACHED)
        sts->cached = sts->policy;
    sts->has_cached = given || policy == POLICY_CACHED;
    sts->cached_fetched = at; /* in force: whether it lasts was asked before */
}

static void lay(struct mxs_arena *arena, const struct proof *p, const struct cell *c, int64_t at,
                struct mxs_judge *judge)
{
    const struct mxs_plan_place *place = &p->plan->places.v[p->place];
    const struct mxs_whatif *whatif = p->plan->input->whatif;
    struct mxs_evidence *ev = mxs_arena_dup(arena, p->plan->input->evidence, sizeof *ev);
    struct mxs_host_facts *host =
        mxs_arena_dup(arena, p->plan->hosts.v[place->host].facts, sizeof *host);
    struct mxs_session_facts *session = mxs_arena_dup(arena, place->session, sizeof *session);
    session->chain = place->chains.v[c->chain].chain;
    lay_records(arena, host, p, c);
    lay_policy(&ev->domain.sts, c->policy, at);
    memset(&host->sessions, 0, sizeof host->sessions);
    memset(&ev->hosts, 0, sizeof ev->hosts);
    *mxs_list_add(arena, &host->sessions) = session;
    *mxs_list_add(arena, &ev->hosts) = host;
    *judge = (struct mxs_judge){
        .arena = arena, .evidence = ev, .host = host, .session = session, .at = at,
        .store = whatif->options->store,
        .signatures = whatif->options->store ? mxs_store_signatures(whatif->options->store) : NULL,
        .cache = MXS_NEW(arena, struct mxs_judge_cache), .pins = whatif->options->pins,
    };
}

static bool refused(const struct mxs_verdict *v)
{
    return v->action == MXS_ACTION_DEFER || v->action == MXS_ACTION_BOUNCE ||
           (v->action == MXS_ACTION_DELIVER && v->channel == MXS_CHANNEL_CLEARTEXT);
}

static bool strict(const char *verifier)
{
    return strcmp(verifier, "rfc/dane") == 0 || strcmp(verifier, "rfc/mta-sts") == 0;
}

/* The first seat that refuses; false when all deliver. */
static bool anybody_refuses(struct proof *p, const struct cell *c, int64_t at,
                            struct mxs_verdict *verdict)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_judge judge;
    bool bad = false;
    lay(arena, p, c, at, &judge);
    p->plan->proof.judged++;
    for (size_t i = 0; i < p->panel.seats.n && !bad; i++) {
        struct mxs_verdict v;
        if (!p->counts[i] || (c->kind && strcmp(p->panel.seats.v[i].name, "rfc/dane") != 0))
            continue;
        mxs_panel_judge(&judge, &p->panel.seats.v[i], &v);
        bad = refused(&v);
        if (bad) {
            const struct mxs_reason *r = v.reasons.n ? &v.reasons.v[0] : NULL;
            *verdict = (struct mxs_verdict){ .verifier = v.verifier, .action = v.action };
            if (r)
                *mxs_list_add(p->plan->arena, &verdict->reasons) = (struct mxs_reason){
                    r->id, r->depth, mxs_arena_strdup(p->plan->arena, r->text), r->rfc
                };
        }
    }
    mxs_arena_free(arena);
    return bad;
}

static size_t bucket_of(const struct proof *p, int64_t at)
{
    size_t n = 0;
    while (n < p->cuts.n && p->cuts.v[n] <= at)
        n++;
    return n;
}

/* The records that the sender goes by, where that is not all of them. */
static void only_kind(const struct proof *p, const struct cell *c, struct mxs_plan_state *state)
{
    const struct mxs_tlsa *kind = &p->kinds.v[c->kind - 1];
    struct mxs_arena *arena = p->plan->arena;
    mxs_plan_records *few = MXS_NEW(arena, mxs_plan_records);
    for (size_t i = 0; i < state->records->n; i++)
        if (mxs_plan_combination(&state->records->v[i], kind))
            *mxs_list_add(arena, few) = state->records->v[i];
    state->records = few;
    state->alone = mxs_arena_printf(arena, "%u %u %u", kind->usage, kind->selector, kind->matching_type);
}

static uint16_t ask(struct proof *p, const struct cell *c, int64_t at, int64_t clock)
{
    struct failure f = { .from = at, .until = at };
    if (!anybody_refuses(p, c, clock, &f.verdict) || p->failures.n >= UINT16_MAX - FAILS)
        return PASSES;
    f.state = (struct mxs_plan_state){ .place = p->place, .chain = c->chain,
                                       .step = p->versions.v[c->version].step,
                                       .records = p->versions.v[c->version].records, .at = at };
    if (c->kind)
        only_kind(p, c, &f.state);
    *mxs_list_add(p->scratch, &p->failures) = f;
    return (uint16_t)(FAILS + p->failures.n - 1);
}

static void visit(struct proof *p, const struct cell *c, int64_t at, int64_t clock)
{
    uint16_t *cell = &p->memo[index_of(p, c)];
    p->plan->proof.states++;
    if (*cell == UNKNOWN)
        *cell = ask(p, c, at, clock);
    if (*cell >= FAILS) {
        struct failure *f = &p->failures.v[*cell - FAILS];
        f->from = at < f->from ? at : f->from;
        f->until = at > f->until ? at : f->until;
    }
}

/* --- every state ----------------------------------------------------------------------------------- */

static bool kind_published(const struct proof *p, const struct cell *c)
{
    const mxs_plan_records *set = p->versions.v[c->version].records;
    for (size_t i = 0; c->kind && i < set->n; i++)
        if (mxs_plan_combination(&set->v[i], &p->kinds.v[c->kind - 1]))
            return true;
    return c->kind == 0;
}

/* Clocks, and senders that go by all records or by one combination of them. */
static void clocks(struct proof *p, struct cell *c, int64_t at)
{
    for (int skew = -1; skew <= 1; skew++) {
        c->bucket = bucket_of(p, at + skew * MXS_PLAN_SKEW);
        for (c->kind = 0; c->kind <= p->kinds.n; c->kind++)
            if (kind_published(p, c))
                visit(p, c, at, at + skew * MXS_PLAN_SKEW);
    }
}

/* Policies: none known, the live one, and what was fetched at any instant since max_age. */
static void policies(struct proof *p, struct cell *c, int64_t at)
{
    const struct mxs_sts_facts *sts = &p->plan->input->evidence->domain.sts;
    bool live = p->plan->input->evidence->has_domain && sts->parsed.valid && sts->has_policy &&
                sts->policy.valid;
    c->policy = POLICY_NONE;
    clocks(p, c, at);
    c->policy = POLICY_LIVE;
    if (live)
        clocks(p, c, at);
    c->policy = POLICY_CACHED;
    for (size_t i = 0; live && i < p->past.n && p->past.v[i] <= at; i++)
        if (at - p->past.v[i] <= sts->policy.max_age)
            clocks(p, c, at);
    c->policy = POLICY_GIVEN;
    if (sts->has_cached && sts->cached.valid && at >= sts->cached_fetched &&
        at - sts->cached_fetched <= sts->cached.max_age)
        clocks(p, c, at);
}

/* Records fetched at any instant since two TTLs, an absence like a set. */
static void deliveries(struct proof *p, struct cell *c, int64_t at)
{
    for (size_t i = 0; i < p->past.n && p->past.v[i] <= at; i++) {
        if (at - p->past.v[i] > p->plan->reach)
            continue;
        c->version = version_at(p, p->past.v[i]);
        policies(p, c, at);
    }
}

static bool seat_delivers(struct proof *p, size_t seat)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct cell now = { 0, 0, POLICY_LIVE, 0, 0 };
    struct mxs_judge judge;
    struct mxs_verdict v;
    int64_t at = p->plan->input->now;
    lay(arena, p, &now, at, &judge);
    mxs_panel_judge(&judge, &p->panel.seats.v[seat], &v);
    bool delivers = v.action == MXS_ACTION_DELIVER && v.channel != MXS_CHANNEL_CLEARTEXT;
    mxs_arena_free(arena);
    return delivers || strict(p->panel.seats.v[seat].name);
}

/* Who judges: --verifier, else whoever goes by TLSA records or policies. */
static bool seat_wanted(const struct mxs_plan *plan, const struct mxs_panel_seat *seat)
{
    static const char *const names[] = { "rfc/dane", "rfc/dane-mandatory", "rfc/mta-sts",
                                         "postfix/smtp/dane", "postfix/smtp/dane-only",
                                         "exim/smtp/try-dane", "exim/smtp/require-dane" };
    if (seat->role != MXS_ROLE_SENDER)
        return false;
    for (size_t i = 0; i < MXS_COUNT(names); i++)
        if (strcmp(seat->name, names[i]) == 0)
            return true;
    return plan->input->whatif->options->verifiers.n > 0;
}

static void seat_panel(struct proof *p)
{
    struct cell now = { 0, 0, POLICY_LIVE, 0, 0 };
    struct mxs_judge judge;
    lay(p->scratch, p, &now, p->plan->input->now, &judge);
    mxs_panel_of(&judge, p->plan->input->whatif->options, &p->panel);
    p->counts = mxs_arena_alloc(p->scratch, p->panel.seats.n + 1);
    for (size_t i = 0; i < p->panel.seats.n; i++)
        p->counts[i] = seat_wanted(p->plan, &p->panel.seats.v[i]) && seat_delivers(p, i);
}

static void prove_place(struct proof *p)
{
    const struct mxs_plan_place *place = &p->plan->places.v[p->place];
    struct cell c = { 0, 0, 0, 0, 0 };
    make_versions(p, place->host);
    make_kinds(p);
    seat_panel(p);
    p->cuts.n = 0;
    place_dates(p, &p->cuts, place);
    tidy(&p->cuts, INT64_MIN, INT64_MAX);
    size_t cells = p->versions.n * place->chains.n * POLICIES * (p->cuts.n + 1) * (p->kinds.n + 1);
    p->memo = mxs_alloc(cells * sizeof *p->memo);
    for (size_t t = 0; t < p->at.n; t++)
        for (c.chain = 0; c.chain < place->chains.n; c.chain++)
            if (met(p, c.chain, p->at.v[t]))
                deliveries(p, &c, p->at.v[t]);
    free(p->memo);
}

/* --- the result ------------------------------------------------------------------------------------ */

static bool alike(const struct mxs_plan_failing *a, const struct mxs_plan_failing *b)
{
    return strcmp(a->cause, b->cause) == 0 && (a->step == b->step || a->now) && a->next == b->next &&
           a->now == b->now && !a->alone == !b->alone;
}

/* Told already of senders that go by all records: those that go by some of them are no news. */
static bool told(const struct mxs_plan_proof *out, const struct mxs_plan_failing *failing)
{
    for (size_t i = 0; failing->alone && i < out->failing.n; i++) {
        const struct mxs_plan_failing *f = &out->failing.v[i];
        if (!f->alone && f->step == failing->step && f->next == failing->next &&
            f->from <= failing->from && f->until >= failing->until)
            return true;
    }
    return false;
}

/* A host that the plan leaves alone fails by itself: worth a word, and no fault of the plan. */
static void note_broken(struct mxs_plan *plan, size_t host)
{
    const char *text = mxs_arena_printf(plan->arena, "%s fails today already, and this plan does not touch "
                                        "its records", plan->hosts.v[host].facts->host);
    for (size_t i = 0; i < plan->notes.n; i++)
        if (strcmp(plan->notes.v[i], text) == 0)
            return;
    *mxs_list_add(plan->arena, &plan->notes) = text;
}

static void report(struct proof *p)
{
    struct mxs_plan_proof *out = &p->plan->proof;
    for (size_t i = 0; i < p->failures.n; i++) {
        struct failure *f = &p->failures.v[i];
        struct mxs_plan_failing failing = { .from = f->from, .until = f->until, .servers = 1 };
        size_t j = 0;
        f->state.verdict = &f->verdict;
        mxs_plan_cause(p->plan, &f->state, &failing);
        failing.last_place = failing.place;
        if (failing.now && !p->plan->hosts.v[failing.host].touched) {
            note_broken(p->plan, failing.host);
            continue;
        }
        while (j < out->failing.n && !alike(&out->failing.v[j], &failing))
            j++;
        if (j == out->failing.n && !told(out, &failing)) {
            *mxs_list_add(p->plan->arena, &out->failing) = failing;
            continue;
        }
        if (j == out->failing.n)
            continue;
        struct mxs_plan_failing *had = &out->failing.v[j];
        had->servers += had->last_place != failing.place;
        had->last_place = failing.place;
        had->from = failing.from < had->from ? failing.from : had->from;
        had->until = failing.until > had->until ? failing.until : had->until;
    }
}

static int by_date(const void *a, const void *b)
{
    const struct mxs_plan_failing *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from ? 1 : x->step < y->step ? -1 : x->step > y->step;
}

static void say_kinds(struct mxs_plan *plan)
{
    struct mxs_plan_proof *out = &plan->proof;
    const struct mxs_sts_facts *sts = &plan->input->evidence->domain.sts;
    struct mxs_arena *a = plan->arena;
    static const char *const uncovered[] = {
        "resolvers that keep records beyond their TTL (serve-stale, RFC 8767)",
        "name servers that lag more than one TTL, and DNSSEC signatures that expire",
        "certificates that are revoked or re-issued in between",
        "senders that pin a certificate or key by hand",
        "changes of MX, addresses or MTA-STS policy made beside this plan",
    };
#define SAY(...) (*mxs_list_add(a, &out->kinds) = mxs_arena_printf(a, __VA_ARGS__))
    SAY("TLSA records fresh, or up to %lld s old (cached one TTL, from a name server one TTL behind)",
        (long long)plan->reach);
    SAY("an absence of TLSA records, cached as long");
    SAY("%zu server%s and key types, each with the old chain or a new one from the first minute of the "
        "deployment to the last", plan->places.n, plan->places.n == 1 ? "" : "s");
    SAY("servers that left DNS, met for %lld s by cached MX and address records",
        (long long)plan->linger);
    if (plan->max_age)
        SAY("MTA-STS: no policy, the live one%s%s, and cached ones up to max_age %lld s",
            sts->parsed.id ? " of id " : "", sts->parsed.id ? sts->parsed.id : "",
            (long long)plan->max_age);
    SAY("sender clocks wrong by up to %d s either way", MXS_PLAN_SKEW);
    SAY("senders that go by one combination of usage, selector and matching type (RFC 7671 8), and by "
        "the strongest digest only (RFC 7671 9)");
#undef SAY
    for (size_t i = 0; i < MXS_COUNT(uncovered); i++)
        *mxs_list_add(a, &out->uncovered) = uncovered[i];
}

void mxs_plan_prove(struct mxs_plan *plan)
{
    struct proof p = { .plan = plan, .scratch = mxs_arena_new() };
    memset(&plan->proof, 0, sizeof plan->proof);
    make_instants(&p);
    for (p.place = 0; p.place < plan->places.n; p.place++)
        prove_place(&p);
    report(&p);
    if (plan->proof.failing.n)
        qsort(plan->proof.failing.v, plan->proof.failing.n, sizeof *plan->proof.failing.v, by_date);
    for (size_t i = 0; i < plan->proof.failing.n; i++)
        mxs_plan_failing_text(plan, &plan->proof.failing.v[i]);
    say_kinds(plan);
    mxs_arena_free(p.scratch);
}
