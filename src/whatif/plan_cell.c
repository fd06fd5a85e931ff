#include "config.h"

#include "whatif/plan_proof_room.h"

#include "judge/store.h"

#include <string.h>

/* One cell of the proof: the evidence as a sender in that state would have it, laid out and judged. */

enum { UNKNOWN, PASSES, FAILS }; /* a memo cell; FAILS + n: the n-th failure */

static size_t index_of(const struct mxs_proof *p, const struct mxs_proof_cell *c)
{
    size_t chains = p->plan->places.v[p->place].chains.n;
    return (((c->version * chains + c->chain) * MXS_POLICIES + c->policy) * (p->cuts.n + 1) + c->bucket) *
               (p->kinds.n + 1) + c->kind;
}

static void lay_records(struct mxs_arena *arena, struct mxs_host_facts *host, const struct mxs_proof *p,
                        const struct mxs_proof_cell *c)
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
    bool given = policy == MXS_POLICY_GIVEN;
    if (policy == MXS_POLICY_NONE)
        sts->parsed.valid = false;
    if (policy == MXS_POLICY_CACHED)
        sts->cached = sts->policy;
    sts->has_cached = given || policy == MXS_POLICY_CACHED;
    sts->cached_fetched = at; /* in force: whether it lasts was asked before */
}

static void lay(struct mxs_arena *arena, const struct mxs_proof *p, const struct mxs_proof_cell *c,
                int64_t at, struct mxs_judge *judge)
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
static bool anybody_refuses(struct mxs_proof *p, const struct mxs_proof_cell *c, int64_t at,
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
                    r->id, r->depth, mxs_arena_strdup(p->plan->arena, r->text), r->rfc, r->finer
                };
        }
    }
    mxs_arena_free(arena);
    return bad;
}

size_t mxs_proof_bucket(const struct mxs_proof *p, int64_t at)
{
    size_t n = 0;
    while (n < p->cuts.n && p->cuts.v[n] <= at)
        n++;
    return n;
}

/* The records that the sender goes by, where that is not all of them. */
static void only_kind(const struct mxs_proof *p, const struct mxs_proof_cell *c, struct mxs_plan_state *state)
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

static uint16_t ask(struct mxs_proof *p, const struct mxs_proof_cell *c, int64_t at, int64_t clock)
{
    struct mxs_proof_failure f = { .from = at, .until = at };
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

void mxs_proof_visit(struct mxs_proof *p, const struct mxs_proof_cell *c, int64_t at, int64_t clock)
{
    uint16_t *cell = &p->memo[index_of(p, c)];
    p->plan->proof.states++;
    if (*cell == UNKNOWN)
        *cell = ask(p, c, at, clock);
    if (*cell >= FAILS) {
        struct mxs_proof_failure *f = &p->failures.v[*cell - FAILS];
        f->from = at < f->from ? at : f->from;
        f->until = at > f->until ? at : f->until;
    }
}

/* --- who judges ------------------------------------------------------------------------------------ */

static bool seat_delivers(struct mxs_proof *p, size_t seat)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_proof_cell now = { 0, 0, MXS_POLICY_LIVE, 0, 0 };
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

void mxs_proof_panel(struct mxs_proof *p)
{
    struct mxs_proof_cell now = { 0, 0, MXS_POLICY_LIVE, 0, 0 };
    struct mxs_judge judge;
    lay(p->scratch, p, &now, p->plan->input->now, &judge);
    mxs_panel_of(&judge, p->plan->input->whatif->options, &p->panel);
    p->counts = mxs_arena_alloc(p->scratch, p->panel.seats.n + 1);
    for (size_t i = 0; i < p->panel.seats.n; i++)
        p->counts[i] = seat_wanted(p->plan, &p->panel.seats.v[i]) && seat_delivers(p, i);
}
