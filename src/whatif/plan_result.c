#include "config.h"

#include "whatif/plan_proof_room.h"

#include <stdlib.h>
#include <string.h>

/* What the proof came to: which states fail, told once each, and what was covered. */

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

static void collect(struct mxs_proof *p)
{
    struct mxs_plan_proof *out = &p->plan->proof;
    for (size_t i = 0; i < p->failures.n; i++) {
        struct mxs_proof_failure *f = &p->failures.v[i];
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

void mxs_proof_report(struct mxs_proof *p)
{
    struct mxs_plan_proof *out = &p->plan->proof;
    collect(p);
    if (out->failing.n)
        qsort(out->failing.v, out->failing.n, sizeof *out->failing.v, by_date);
    for (size_t i = 0; i < out->failing.n; i++)
        mxs_plan_failing_text(p->plan, &out->failing.v[i]);
}

void mxs_proof_say_kinds(struct mxs_plan *plan)
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
