#include "config.h"

#include "whatif/plan_room.h"

#include "base/clock.h"
#include "judge/dane.h"

#include <string.h>

/* Why a state fails, as an operator would say it: what was done too early, or what the next certificate
 * changed that a record stood on. */

static bool matches(const mxs_plan_records *set, const struct mxs_chain *chain)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->v[i].usable && mxs_tlsa_depth(&set->v[i], chain) >= 0)
            return true;
    return false;
}

/* The record of the set that vouched for the chain of today. */
static const struct mxs_tlsa *vouched(const mxs_plan_records *set, const struct mxs_chain *chain,
                                      int *depth)
{
    for (size_t i = 0; i < set->n; i++) {
        *depth = mxs_tlsa_depth(&set->v[i], chain);
        if (set->v[i].usable && *depth >= 0)
            return &set->v[i];
    }
    return NULL;
}

static bool published_later(const struct mxs_plan *plan, size_t host, const struct mxs_chain *chain,
                            size_t step)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].sets && i != step && matches(&plan->steps.v[i].sets[host], chain))
            return true;
    return false;
}

static const char *name_of(const struct mxs_cert *cert)
{
    return cert->cn ? cert->cn : cert->subject;
}

static const char *issuer_cn(struct mxs_plan *plan, const struct mxs_cert *leaf)
{
    const char *cn = strstr(leaf->issuer, "CN=");
    return cn ? mxs_arena_strndup(plan->arena, cn + 3, strcspn(cn + 3, ",")) : leaf->issuer;
}

struct story {
    const char *cause, *text;
};

/* What the new chain changed. */
static struct story changed(struct mxs_plan *plan, const mxs_plan_records *held,
                            const struct mxs_chain *old, const struct mxs_chain *next)
{
    int depth = -1;
    const struct mxs_cert *was = old->certs.v[0], *is = next->certs.v[0];
    const struct mxs_tlsa *t = vouched(held, old, &depth);
    bool type = strcmp(mxs_plan_family(was->key), mxs_plan_family(is->key)) != 0;
    struct mxs_arena *a = plan->arena;
    if (!t)
        return (struct story){ "no-record", "no record of these matches the next chain" };
    if (type)
        return (struct story){ "key-type-switched", mxs_arena_printf(
            a, "the key type switches from %s to %s, and with it key and issuer", was->key, is->key) };
    if (t->usage == 3)
        return (struct story){ "key-changed", mxs_arena_printf(
            a, "the %u %u %u record stands for the old %s", t->usage, t->selector, t->matching_type,
            t->selector ? "key" : "certificate") };
    const struct mxs_cert *pin = old->certs.v[depth];
    if (depth > 1 || pin->self_issued)
        return (struct story){ "root-dropped", mxs_arena_printf(
            a, "the %u %u %u record stands for %s, which the next chain leaves out", t->usage,
            t->selector, t->matching_type, name_of(pin)) };
    return (struct story){ "issuer-changed", mxs_arena_printf(
        a, "the issuer changes from %s to %s", issuer_cn(plan, was), issuer_cn(plan, is)) };
}

static bool has_reason(const struct mxs_verdict *v, const char *id)
{
    return v->reasons.n && strcmp(v->reasons.v[0].id, id) == 0;
}

/* The chain itself is at fault, whatever is published. */
static bool of_chain(const struct mxs_plan_state *s, bool next, struct story *out)
{
    if (has_reason(s->verdict, "expired"))
        *out = (struct story){ "expired", next ? "the next chain is expired by then"
                                               : "the current chain expires before it is replaced" };
    else if (has_reason(s->verdict, "not-yet-valid"))
        *out = (struct story){ "not-yet-valid", "the next certificate is not valid yet" };
    else
        return false;
    return true;
}

static struct story story_of(struct mxs_plan *plan, const struct mxs_plan_state *s, size_t host)
{
    const struct mxs_plan_place *place = &plan->places.v[s->place];
    const struct mxs_chain *old = &place->chains.v[0].chain, *shown = &place->chains.v[s->chain].chain;
    struct story out;
    bool next = s->chain > 0, dane = matches(s->records, shown);
    if (of_chain(s, next, &out))
        return out;
    if (!next && (s->step == SIZE_MAX || dane || !matches(&plan->hosts.v[host].today, shown)))
        return (struct story){ "broken-now", "it fails today already, without any change" };
    if (dane)
        return (struct story){ "next-chain-refused", "the records match, yet the next chain is refused" };
    if (!next)
        return (struct story){ "removed-too-early", "the records of the current chain were removed "
                               "while a server may still show it" };
    out = changed(plan, s->records, old, shown);
    if (published_later(plan, host, shown, s->step) && strcmp(out.cause, "no-record") != 0)
        out.text = mxs_arena_printf(plan->arena, "it was deployed before its records had been out for "
                                    "two TTLs: %s", out.text);
    if (strcmp(out.cause, "key-changed") == 0 && published_later(plan, host, shown, s->step))
        out.cause = "deploy-before-publish";
    return out;
}

void mxs_plan_cause(struct mxs_plan *plan, const struct mxs_plan_state *s,
                    struct mxs_plan_failing *out)
{
    const struct mxs_verdict *v = s->verdict;
    out->place = s->place;
    out->host = plan->places.v[s->place].host;
    out->step = s->step;
    out->next = s->chain > 0;
    out->verifier = v->verifier;
    out->alone = s->alone;
    out->reason = v->reasons.n ? v->reasons.v[0].text : "it refuses";
    out->rfc = v->reasons.n ? v->reasons.v[0].rfc : NULL;
    struct story story = story_of(plan, s, out->host);
    out->cause = story.cause;
    out->text = story.text;
    out->now = strcmp(story.cause, "broken-now") == 0;
}

void mxs_plan_failing_text(struct mxs_plan *plan, struct mxs_plan_failing *f)
{
    struct mxs_arena *a = plan->arena;
    const char *held = f->step == SIZE_MAX ? "the TLSA records of today"
                                           : mxs_arena_printf(a, "the TLSA records of step %zu",
                                                              f->step + 1);
    const char *only = f->alone ? mxs_arena_printf(a, ", of which it goes by %s alone (RFC 7671 8),",
                                                   f->alone) : "";
    const char *more = f->servers > 1 ? mxs_arena_printf(a, " and %u more", f->servers - 1) : "";
    f->text = mxs_arena_printf(a, "%s to %s: a sender that holds %s%s meets %s at %s%s: %s. %s refuses: %s",
                               mxs_time_text(a, f->from), mxs_time_text(a, f->until), held, only,
                               f->next ? "the next chain" : "the current chain",
                               plan->places.v[f->place].name, more, f->text, f->verifier, f->reason);
}
