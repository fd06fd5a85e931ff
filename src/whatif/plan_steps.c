#include "config.h"

#include "whatif/plan_room.h"

#include "base/clock.h"

#include <string.h>

/* The steps with their dates, and the search among the schemes. */

enum { DEPLOY_MAX = 3600 }; /* a deployment over all servers is given one TTL, at most this */

static const struct mxs_name scheme_names[] = {
    { MXS_PLAN_AUTO, "auto" }, { MXS_PLAN_EE, "3-1-1" }, { MXS_PLAN_EE_TA, "3-1-1+2-1-1" },
    { MXS_PLAN_TA, "2-1-1-issuers" }, { 0, NULL },
};

const char *mxs_plan_scheme_name(enum mxs_plan_scheme scheme)
{
    return mxs_name_of(scheme_names, (int)scheme);
}

int mxs_plan_scheme_parse(const char *name)
{
    return mxs_name_value(scheme_names, name);
}

static const struct mxs_name step_names[] = {
    { MXS_STEP_PUBLISH, "publish" }, { MXS_STEP_WAIT, "wait" },     { MXS_STEP_RETIRE, "retire" },
    { MXS_STEP_DEPLOY, "deploy" },   { MXS_STEP_REMOVE, "remove" }, { MXS_STEP_DONE, "done" },
    { 0, NULL },
};

const char *mxs_plan_step_name(enum mxs_plan_step_kind kind)
{
    return mxs_name_of(step_names, (int)kind);
}

const struct mxs_plan_step *mxs_plan_step(const struct mxs_plan *plan, enum mxs_plan_step_kind kind)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].kind == kind)
            return &plan->steps.v[i];
    return NULL;
}

char *mxs_plan_line(struct mxs_arena *arena, const struct mxs_plan_host *host,
                    const struct mxs_tlsa *tlsa)
{
    return mxs_arena_printf(arena, "%s. %u IN TLSA %s", host->owner, (unsigned)host->ttl,
                            mxs_tlsa_text(arena, tlsa));
}

const mxs_plan_records *mxs_plan_before(const struct mxs_plan *plan, size_t i, size_t host)
{
    for (size_t s = i; s > 0; s--)
        if (plan->steps.v[s - 1].sets)
            return &plan->steps.v[s - 1].sets[host];
    return &plan->hosts.v[host].today;
}

/* --- dates ----------------------------------------------------------------------------------------- */

static uint32_t longest_ttl(const struct mxs_plan *plan)
{
    uint32_t ttl = 0;
    for (size_t i = 0; i < plan->hosts.n; i++)
        ttl = plan->hosts.v[i].ttl > ttl ? plan->hosts.v[i].ttl : ttl;
    return ttl;
}

static void set_times(struct mxs_plan *plan)
{
    const struct mxs_domain_facts *d = &plan->input->evidence->domain;
    uint32_t ttl = longest_ttl(plan), mx = plan->input->evidence->has_domain ? d->mx_ttl : 0;
    plan->reach = 2 * (int64_t)ttl;
    plan->linger = ttl > mx ? ttl : mx;
    if (d->sts.parsed.valid && d->sts.has_policy && d->sts.policy.valid)
        plan->max_age = d->sts.policy.max_age;
    if (d->sts.has_cached && d->sts.cached.valid && d->sts.cached.max_age > plan->max_age)
        plan->max_age = d->sts.cached.max_age;
}

static struct mxs_plan_step *step(struct mxs_plan *plan, enum mxs_plan_step_kind kind, int64_t at,
                                  const char *title)
{
    struct mxs_plan_step *s = mxs_list_add(plan->arena, &plan->steps);
    *s = (struct mxs_plan_step){ .kind = kind, .at = at, .until = at, .title = title };
    return s;
}

#define TODO(plan, s, ...) \
    (*mxs_list_add((plan)->arena, &(s)->todo) = mxs_arena_printf((plan)->arena, __VA_ARGS__))

static bool changes(const struct mxs_plan *plan, const mxs_plan_records *from,
                    const mxs_plan_records *to)
{
    for (size_t h = 0; h < plan->hosts.n; h++)
        if (!mxs_plan_same(&from[h], &to[h]))
            return true;
    return false;
}

static void todo_records(struct mxs_plan *plan, struct mxs_plan_step *s,
                         const mxs_plan_records *from, const mxs_plan_records *to)
{
    for (size_t h = 0; h < plan->hosts.n; h++) {
        const struct mxs_plan_host *host = &plan->hosts.v[h];
        for (size_t i = 0; i < to[h].n; i++)
            if (!mxs_plan_has(&from[h], &to[h].v[i]))
                TODO(plan, s, "add     %s", mxs_plan_line(plan->arena, host, &to[h].v[i]));
        for (size_t i = 0; i < from[h].n; i++)
            if (!mxs_plan_has(&to[h], &from[h].v[i]))
                TODO(plan, s, "remove  %s", mxs_plan_line(plan->arena, host, &from[h].v[i]));
    }
}

static int64_t wait(struct mxs_plan *plan, int64_t from)
{
    struct mxs_plan_step *s =
        step(plan, MXS_STEP_WAIT, from + plan->reach, "Check that the records are out");
    TODO(plan, s, "every authoritative name server must have shown the new records for two TTLs "
         "(%lld s, RFC 7671 8.1): one for caches, one for a name server that lags",
         (long long)plan->reach);
    return s->at;
}

/* From when the next certificate is valid for every clock; records of usage 3 ignore its dates (RFC 7672
 * 3.1.1), those of usage 2 and MTA-STS do not. */
static int64_t latest_begin(const struct mxs_plan *plan)
{
    const struct mxs_chain *next = &plan->input->next.chain;
    bool dated = plan->scheme != MXS_PLAN_EE || plan->max_age > 0;
    return next->certs.n && dated ? next->certs.v[0]->not_before + MXS_PLAN_SKEW : 0;
}

static void deploy(struct mxs_plan *plan, int64_t safe)
{
    const struct mxs_plan_input *in = plan->input;
    uint32_t ttl = longest_ttl(plan);
    int64_t at = safe > latest_begin(plan) ? safe : latest_begin(plan);
    at = at > in->now ? at : in->now;
    if (in->window_from)
        at = in->window_from;
    struct mxs_plan_step *s = step(plan, MXS_STEP_DEPLOY, at, "Deploy the next certificate");
    s->until = at + (ttl < DEPLOY_MAX ? ttl : DEPLOY_MAX);
    if (in->window_until > at)
        s->until = in->window_until;
    for (size_t i = 0; i < plan->places.n; i++)
        if (plan->places.v[i].moves)
            TODO(plan, s, "install it at %s and reload", plan->places.v[i].name);
    TODO(plan, s, "in any order; all servers have it by %s", mxs_time_text(plan->arena, s->until));
}

static void finish(struct mxs_plan *plan, const struct mxs_plan_sets *sets,
                   const mxs_plan_records *last)
{
    int64_t over = plan->steps.v[plan->steps.n - 1].until;
    int64_t pause = plan->linger > plan->reach ? plan->linger : plan->reach;
    if (changes(plan, last, sets->final)) {
        struct mxs_plan_step *s =
            step(plan, MXS_STEP_REMOVE, over + pause, "Remove what is no longer served");
        s->sets = sets->final;
        todo_records(plan, s, last, sets->final);
        over = s->at;
    }
    struct mxs_plan_step *s = step(plan, MXS_STEP_DONE, over + plan->reach, "Check the result");
    TODO(plan, s, "every sender sees the new records and the new chain");
}

static void already_out(struct mxs_plan *plan, struct mxs_plan_step *s)
{
    int64_t since = plan->input->seen_since;
    s->done = true;
    if (since)
        s->at = s->until = since;
    TODO(plan, s, since ? "seen at every name server since then"
                        : "since when is not known, so the two TTLs count from now; "
                          "--watch keeps book of it");
}

static void make_steps(struct mxs_plan *plan, const struct mxs_plan_sets *sets)
{
    int64_t safe = plan->input->now;
    const mxs_plan_records *last = sets->now;
    if (changes(plan, last, sets->both)) {
        struct mxs_plan_step *s = step(plan, MXS_STEP_PUBLISH, safe,
                                       sets->published ? "The records of what is coming are out"
                                                       : "Publish the records of what is coming");
        s->sets = sets->both;
        if (sets->published || plan->input->seen_since)
            already_out(plan, s);
        else
            todo_records(plan, s, last, sets->both);
        last = sets->both;
        safe = wait(plan, s->at);
    }
    if (sets->retired && changes(plan, last, sets->retired)) {
        struct mxs_plan_step *s = step(plan, MXS_STEP_RETIRE, safe,
                                       "Remove records that cannot be foretold for the next chain");
        s->sets = sets->retired;
        todo_records(plan, s, last, sets->retired);
        last = sets->retired;
        safe = wait(plan, s->at);
    }
    deploy(plan, safe);
    finish(plan, sets, last);
}

/* --- what deserves a word -------------------------------------------------------------------------- */

static void note_counts(struct mxs_plan *plan)
{
    for (size_t h = 0; h < plan->hosts.n; h++)
        for (size_t i = 0; i < plan->steps.n; i++) {
            const mxs_plan_records *sets = plan->steps.v[i].sets;
            if (sets && sets[h].n > MXS_PLAN_RECORDS_MAX) {
                *mxs_list_add(plan->arena, &plan->notes) = mxs_arena_printf(
                    plan->arena, "%s has %zu TLSA records in step %zu: one large sender (Microsoft) "
                    "reads about %d and may not see the rest", plan->hosts.v[h].facts->host, sets[h].n,
                    i + 1, MXS_PLAN_RECORDS_MAX);
                break;
            }
        }
}

/* The client renews by itself at a date that the operator does not choose. */
static void note_renewal(struct mxs_plan *plan)
{
    const struct mxs_plan_next *next = &plan->input->next;
    const struct mxs_plan_step *d = mxs_plan_step(plan, MXS_STEP_DEPLOY);
    for (size_t i = 0; next->renew_margin && i < plan->places.n; i++) {
        int64_t at = plan->places.v[i].chains.v[0].chain.certs.v[0]->not_after - next->renew_margin;
        if (!plan->places.v[i].moves)
            continue;
        *mxs_list_add(plan->arena, &plan->notes) = mxs_arena_printf(
            plan->arena, "%s renews %s by itself from %s%s", next->client, plan->places.v[i].name,
            mxs_time_text(plan->arena, at),
            at < d->at ? ", before this plan deploys: let its deploy hook ask "
                         "`mxscope plan --watch --may-deploy`" : "");
        return;
    }
}

static void note_key(struct mxs_plan *plan)
{
    const struct mxs_plan_next *next = &plan->input->next;
    for (size_t i = 0; i < plan->places.n; i++) {
        const struct mxs_plan_place *p = &plan->places.v[i];
        const char *key = p->chains.n > 1 ? p->chains.v[1].chain.certs.v[0]->key : NULL;
        if (!key || strcmp(mxs_plan_family(key), p->family) == 0)
            continue;
        *mxs_list_add(plan->arena, &plan->notes) = mxs_arena_printf(
            plan->arena, "the key type switches from %s to %s: authorities keep issuers apart by key "
            "type, so the issuer changes with it", p->family, mxs_plan_family(key));
        break;
    }
    if (!next->spki.n && !next->key_kept && plan->scheme != MXS_PLAN_TA)
        *mxs_list_add(plan->arena, &plan->notes) = mxs_arena_printf(
            plan->arena, "the next key is not known%s%s: records of usage 3 cannot be published "
            "before; keep the key at renewals, or stage it with --next-key",
            next->client ? ", since a new one is made at each renewal by " : "",
            next->client ? next->client : "");
}

enum mxs_err mxs_plan_make(struct mxs_arena *arena, const struct mxs_plan_input *input,
                           enum mxs_plan_scheme scheme, struct mxs_plan **out, struct mxs_why *why)
{
    struct mxs_plan_sets sets;
    struct mxs_plan *plan = MXS_NEW(arena, struct mxs_plan);
    plan->arena = arena;
    plan->input = input;
    plan->scheme = scheme;
    enum mxs_err err = mxs_plan_places(plan, why);
    if (err)
        return err;
    set_times(plan);
    mxs_plan_sets(plan, &sets);
    make_steps(plan, &sets);
    note_counts(plan);
    note_renewal(plan);
    note_key(plan);
    *out = plan;
    return MXS_OK;
}

void mxs_plan_move(struct mxs_plan *plan, size_t i, int64_t by)
{
    if (i >= plan->steps.n)
        return;
    plan->steps.v[i].at += by;
    plan->steps.v[i].until += by;
}

/* The last change of records that has to be in every cache before the deployment. */
static int64_t before_deployment(const struct mxs_plan *plan, size_t deploy)
{
    int64_t at = INT64_MIN;
    for (size_t i = 0; i < deploy; i++)
        if (plan->steps.v[i].sets)
            at = plan->steps.v[i].at;
    return at;
}

static int64_t removal(const struct mxs_plan *plan)
{
    const struct mxs_plan_step *s = mxs_plan_step(plan, MXS_STEP_REMOVE);
    return s ? s->at : INT64_MAX;
}

bool mxs_plan_safe(const struct mxs_plan *plan, size_t i, int64_t *from, int64_t *until)
{
    const struct mxs_plan_step *s = &plan->steps.v[i], *d = mxs_plan_step(plan, MXS_STEP_DEPLOY);
    int64_t gone = removal(plan), out = before_deployment(plan, (size_t)(d - plan->steps.v));
    *from = INT64_MIN;
    *until = INT64_MAX;
    if (s->kind == MXS_STEP_PUBLISH || s->kind == MXS_STEP_RETIRE) {
        *until = d->at - plan->reach;
    } else if (s->kind == MXS_STEP_REMOVE) {
        *from = d->until + plan->linger + 1;
    } else if (s->kind == MXS_STEP_DEPLOY) {
        *from = out == INT64_MIN ? out : out + plan->reach;
        *from = latest_begin(plan) > *from ? latest_begin(plan) : *from;
        *until = gone == INT64_MAX ? gone : gone - 1 - plan->linger - (s->until - s->at);
    }
    return *from <= *until;
}

/* --- the search ------------------------------------------------------------------------------------ */

static bool fine(const struct mxs_plan *plan)
{
    for (size_t h = 0; h < plan->hosts.n; h++)
        for (size_t i = 0; i < plan->steps.n; i++)
            if (plan->steps.v[i].sets && plan->steps.v[i].sets[h].n > MXS_PLAN_RECORDS_MAX)
                return false;
    return true;
}

static enum mxs_err attempt(struct mxs_arena *arena, const struct mxs_plan_input *input,
                            enum mxs_plan_scheme scheme, struct mxs_plan **out, struct mxs_why *why)
{
    enum mxs_err err = mxs_plan_make(arena, input, scheme, out, why);
    if (err == MXS_OK)
        mxs_plan_prove(*out);
    return err;
}

static bool proved(const struct mxs_plan *plan)
{
    return plan && plan->proof.failing.n == 0;
}

/* It only fails where it does so today, until caches have run out: no plan can do better. */
static bool mends(const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->proof.failing.n; i++)
        if (!plan->proof.failing.v[i].now)
            return false;
    return true;
}

/* In their order of preference: RFC 7672 3.1 recommends 3 1 1. One that passes with too many records
 * gives way to one that passes without. */
static enum mxs_err first_passing(struct mxs_arena *arena, const struct mxs_plan_input *input,
                                  enum mxs_plan_scheme except, struct mxs_plan **best,
                                  struct mxs_plan **first, struct mxs_why *why)
{
    static const enum mxs_plan_scheme order[] = { MXS_PLAN_EE, MXS_PLAN_TA, MXS_PLAN_EE_TA };
    *best = *first = NULL;
    for (size_t i = 0; i < MXS_COUNT(order); i++) {
        struct mxs_plan *plan = NULL;
        if (order[i] == except)
            continue;
        enum mxs_err err = attempt(arena, input, order[i], &plan, why);
        if (err)
            return err;
        *first = *first ? *first : plan;
        if (proved(plan) && (!*best || (fine(plan) && !fine(*best))))
            *best = plan;
        if (*best && fine(*best))
            break;
    }
    return MXS_OK;
}

static struct mxs_plan *nearest(struct mxs_arena *arena, const struct mxs_plan_input *input,
                                enum mxs_plan_scheme scheme)
{
    struct mxs_plan_input *later = mxs_arena_dup(arena, input, sizeof *input);
    struct mxs_plan *plan = NULL, *first;
    later->window_from = later->window_until = 0;
    if (attempt(arena, later, scheme, &plan, NULL) == MXS_OK && !proved(plan) && mends(plan))
        return plan;
    if (input->window_from && attempt(arena, later, scheme, &plan, NULL) == MXS_OK && proved(plan))
        return plan;
    if (first_passing(arena, input, scheme, &plan, &first, NULL) == MXS_OK && plan)
        return plan;
    if (first_passing(arena, later, scheme, &plan, &first, NULL) == MXS_OK)
        return plan;
    return NULL;
}

enum mxs_err mxs_plan_search(struct mxs_arena *arena, const struct mxs_plan_input *input,
                             struct mxs_plan_result *out, struct mxs_why *why)
{
    struct mxs_plan *best = NULL, *first = NULL;
    enum mxs_err err;
    *out = (struct mxs_plan_result){ NULL, NULL, false };
    if (input->scheme == MXS_PLAN_AUTO) {
        err = first_passing(arena, input, MXS_PLAN_AUTO, &best, &first, why);
        out->plan = best ? best : first;
    } else {
        err = attempt(arena, input, input->scheme, &out->plan, why);
    }
    if (err)
        return err;
    out->proved = proved(out->plan);
    if (!out->proved)
        out->nearest = nearest(arena, input, out->plan->scheme);
    return MXS_OK;
}
