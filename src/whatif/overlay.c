#include "config.h"

#include "whatif/overlay.h"

#include "base/clock.h"
#include "base/text.h"
#include "judge/dane.h"
#include "whatif/change_rows.h"

#include <string.h>

enum { FUTURES_MAX = 16 };

/* --- as it is --------------------------------------------------------------------------------- */

static void free_store(void *store)
{
    mxs_store_free(store);
}

static struct mxs_store *no_anchors(struct mxs_arena *arena)
{
    struct mxs_store *none = mxs_store_new("none");
    mxs_arena_defer(arena, free_store, none);
    return none;
}

static void as_seen(struct mxs_arena *arena, const struct mxs_whatif *w, const struct mxs_subject *s,
                    struct mxs_future *out)
{
    struct mxs_store *store = w->options->store;
    const struct mxs_chain *pins = w->options->pins;
    if (!pins && s->evidence->pins.certs.n)
        pins = &s->evidence->pins;
    *out = (struct mxs_future){ .evidence = s->evidence, .host = s->host, .session = s->session,
                                .store = store ? store : no_anchors(arena),
                                .at = w->options->at, .pins = pins };
}

struct mxs_judge mxs_future_judge(const struct mxs_whatif *whatif, const struct mxs_future *future,
                                  struct mxs_arena *arena, struct mxs_judge_cache *cache)
{
    (void)whatif;
    return (struct mxs_judge){
        .arena = arena, .evidence = future->evidence, .host = future->host,
        .session = future->session, .at = future->at, .store = future->store,
        .signatures = future->store ? mxs_store_signatures(future->store) : NULL,
        .cache = cache, .pins = future->pins,
    };
}

/* --- whether it applies ----------------------------------------------------------------------- */

static const char *role_why(const struct mxs_subject *subject, const struct mxs_scenario *scenario)
{
    bool client = subject->evidence->client_role;
    if (scenario->role == MXS_SCENARIO_CLIENT && !client)
        return "it is about the certificate that a sending server presents (--role client)";
    if (scenario->role == MXS_SCENARIO_SERVER && client)
        return "it is about the certificate of a receiving server (--role server)";
    return NULL;
}

/* A family may have many issuers, and not all of them change at once. */
static const char *issuer_why(struct mxs_arena *arena, const struct mxs_whatif *w,
                              const struct mxs_cert *leaf, const struct mxs_scenario *scenario)
{
    for (size_t i = 0; i < scenario->issuers.n; i++) {
        const struct mxs_catalog_ca *ca = mxs_catalog_ca(w->catalog, scenario->issuers.v[i]);
        if (ca && mxs_bytes_equal(ca->subject_raw, leaf->issuer_raw))
            return NULL;
    }
    return !scenario->issuers.n ? NULL
           : mxs_arena_printf(arena, "it is about certificates issued by one of %s; this one's issuer is %s",
                              mxs_text_joined(arena, &scenario->issuers, ", "), leaf->issuer);
}

static const char *family_why(struct mxs_arena *arena, const struct mxs_whatif *w,
                              const struct mxs_subject *subject, const struct mxs_scenario *scenario)
{
    const struct mxs_chain *chain = &subject->session->chain;
    if (!scenario->family && !scenario->issuers.n)
        return NULL;
    if (!w->catalog)
        return "there is no catalog to tell whose certificate it is";
    if (!chain->certs.n)
        return "no certificate is shown";
    const struct mxs_catalog_family *wanted =
        scenario->family ? mxs_catalog_family(w->catalog, scenario->family) : NULL;
    const struct mxs_catalog_family *is = mxs_catalog_family_of(w->catalog, chain->certs.v[0]);
    if (!scenario->family || (is && is == wanted))
        return issuer_why(arena, w, chain->certs.v[0], scenario);
    const char *issuer = *chain->certs.v[0]->issuer ? chain->certs.v[0]->issuer : "nobody";
    return mxs_arena_printf(arena, "it is about certificates of %s, and this one is issued by %s",
                            wanted ? wanted->title : scenario->family, is ? is->title : issuer);
}

/* --- forward ---------------------------------------------------------------------------------- */

/* The next combination of ways, as an odometer; false after the last. */
static bool next_way(struct mxs_draft_ways *ways)
{
    while (ways->n) {
        size_t last = ways->n - 1;
        if (++ways->pick[last] < ways->of[last])
            return true;
        ways->n--;
    }
    return false;
}

/* One way, from a date on. */
static enum mxs_err lay(struct mxs_draft *draft, const struct mxs_scenario *scenario, int64_t from,
                        struct mxs_future *future, struct mxs_why *why)
{
    draft->scenario = scenario;
    draft->at = from > draft->at ? from : draft->at;
    return mxs_draft_run(draft, &scenario->changes, future, why);
}

/* Nobody serves what does not exist yet: a scenario that brings certificates younger than the date of
 * judging is judged when the last of them is there, if what it leaves of the evidence lasts until then. */
static enum mxs_err lay_in_time(struct mxs_draft *draft, const struct mxs_scenario *scenario,
                                struct mxs_future *future, struct mxs_why *why)
{
    const struct mxs_draft fresh = *draft;
    const char *whose, *day;
    enum mxs_err err = lay(draft, scenario, draft->at, future, why);
    int64_t from = err ? 0 : mxs_draft_earliest(draft, &whose);
    if (err || from <= future->at)
        return err;
    day = mxs_arena_printf(draft->arena, "%.10s", mxs_time_text(draft->arena, from));
    mxs_draft_start(draft, fresh.arena, fresh.whatif, fresh.base, fresh.ways);
    mxs_draft_say(draft, "judged at %s: %s does not exist before", day, whose);
    err = lay(draft, scenario, from, future, why);
    const struct mxs_chain *was = &fresh.base->session->chain, *is = &future->session->chain;
    bool lasted = was->certs.n && was->certs.v[0]->not_after >= fresh.base->at;
    if (!err && lasted && is->certs.n && is->certs.v[0]->not_after < future->at)
        return mxs_draft_not(why, "%s does not exist before %s, and the leaf ends on %.10s", whose, day,
                             mxs_time_text(draft->arena, is->certs.v[0]->not_after));
    return err;
}

/* Of a scenario, or of changes without one. Fails when the first way does. */
static enum mxs_err each_way(struct mxs_arena *arena, const struct mxs_whatif *w,
                             const struct mxs_future *base, const struct mxs_changes *changes,
                             const struct mxs_scenario *scenario, struct mxs_futures *out,
                             struct mxs_why *why)
{
    struct mxs_draft_ways ways = { .n = 0 };
    do {
        struct mxs_future future;
        struct mxs_draft draft;
        mxs_draft_start(&draft, arena, w, base, &ways);
        enum mxs_err err = scenario ? lay_in_time(&draft, scenario, &future, why)
                                    : mxs_draft_run(&draft, changes, &future, why);
        if (err && !out->list.n)
            return err;
        if (!err)
            *mxs_list_add(arena, &out->list) = future;
    } while (next_way(&ways) && out->list.n < FUTURES_MAX);
    return MXS_OK;
}

static void run(struct mxs_arena *arena, const struct mxs_whatif *w, struct mxs_overlay *out)
{
    const struct mxs_future *was = mxs_arena_dup(arena, &out->before, sizeof *was);
    struct mxs_futures all = { { NULL, 0, 0 } };
    struct mxs_why why = { MXS_OK, "" };
    if (each_way(arena, w, was, &out->scenario->changes, out->scenario, &all, &why) != MXS_OK)
        out->why_not = mxs_arena_strdup(arena, why.text);
    for (size_t i = 0; i < all.list.n; i++)
        *mxs_list_add(arena, &out->futures) = all.list.v[i];
}

/* --- backward --------------------------------------------------------------------------------- */

/* It has happened already: each change that can tell says so, and at least one can. */
static bool happened(const struct mxs_draft *draft, const struct mxs_changes *changes)
{
    bool told = false;
    for (size_t i = 0; i < changes->list.n; i++) {
        const struct mxs_change *c = &changes->list.v[i];
        if (!c->kind->holds || !c->kind->holds(c, draft))
            return false;
        told = told || c->kind->holds != mxs_holds_anyway;
    }
    return told;
}

/* From the day of the change until the last leaf of before had to be replaced; the leaf that was seen
 * came under the new rule. */
static void when(struct mxs_overlay *out)
{
    const struct mxs_chain *seen = &out->futures.v[0].session->chain;
    const struct mxs_chain *was = &out->before.session->chain;
    if (out->scenario->at == MXS_CATALOG_ALWAYS || !seen->certs.n || !was->certs.n)
        return;
    int64_t from = out->scenario->at, until = seen->certs.v[0]->not_before;
    int64_t lasted = was->certs.v[0]->not_after - was->certs.v[0]->not_before;
    if (lasted > 0 && from + lasted < until)
        until = from + lasted;
    out->happened_from = from < until ? from : until;
    out->happened_until = until;
}

/* Records that name what was seen named what was there before, as far as anybody can tell; those that
 * name nothing may be of that time. Else each rollover of the past would look like a fault of then. */
static void set_records_back(struct mxs_arena *arena, const struct mxs_future *seen,
                             struct mxs_future *before)
{
    const struct mxs_chain *is = &seen->session->chain, *was = &before->session->chain;
    struct mxs_host_facts *host = before->evidence->hosts.v[0];
    for (size_t i = 0; i < host->tlsa.n && was->certs.n; i++) {
        struct mxs_tlsa *t = &host->tlsa.v[i];
        int depth = mxs_tlsa_depth(t, is);
        if (depth < 0 || mxs_tlsa_depth(t, was) >= 0)
            continue;
        size_t at = (size_t)depth < was->certs.n ? (size_t)depth : was->certs.n - 1;
        struct mxs_bytes data = mxs_draft_association(arena, was->certs.v[at], t);
        t->data = data.n ? data : t->data;
    }
}

static void run_backward(struct mxs_arena *arena, const struct mxs_whatif *w,
                         struct mxs_overlay *out)
{
    struct mxs_draft_ways ways = { .n = 0 };
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_future seen = out->before;
    struct mxs_draft draft;
    mxs_draft_start(&draft, arena, w, &seen, &ways);
    draft.scenario = out->scenario;
    draft.backward = true;
    draft.key = MXS_DRAFT_KEY_SAME; /* whether it was another one, nobody can tell from here */
    if (mxs_draft_run(&draft, &out->scenario->before, &out->before, &why) != MXS_OK) {
        out->before = seen;
        out->why_not = mxs_arena_printf(arena, "it has happened already, and how it was cannot be "
                                        "rebuilt: %s", why.text);
        return;
    }
    out->before.branch = NULL;
    set_records_back(arena, &seen, &out->before);
    seen.was = mxs_arena_dup(arena, &out->before, sizeof out->before);
    *mxs_list_add(arena, &out->futures) = seen;
    when(out);
}

/* --- the doors -------------------------------------------------------------------------------- */

void mxs_overlay(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                 const struct mxs_subject *subject, const struct mxs_scenario *scenario,
                 struct mxs_overlay *out)
{
    struct mxs_draft_ways ways = { .n = 0 };
    struct mxs_draft draft;
    *out = (struct mxs_overlay){ .scenario = scenario, .direction = MXS_FORWARD };
    as_seen(arena, whatif, subject, &out->before);
    out->why_not = role_why(subject, scenario);
    if (!out->why_not)
        out->why_not = family_why(arena, whatif, subject, scenario);
    if (out->why_not)
        return;
    mxs_draft_start(&draft, arena, whatif, &out->before, &ways);
    draft.scenario = scenario;
    if (scenario->before.list.n && happened(&draft, &scenario->changes)) {
        out->direction = MXS_BACKWARD;
        run_backward(arena, whatif, out);
    } else {
        run(arena, whatif, out);
    }
}

const char *mxs_future_host(const struct mxs_future *f)
{
    const struct mxs_chain *was = f->was ? &f->was->session->chain : &f->session->chain;
    const struct mxs_cert *leaf = was->certs.n ? was->certs.v[0] : NULL;
    if (!f->evidence->shown || !leaf)
        return f->host->host;
    return leaf->san_dns.n ? leaf->san_dns.v[0] : leaf->cn ? leaf->cn : f->host->host;
}

enum mxs_err mxs_overlay_changes(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                                 const struct mxs_future *base, const struct mxs_changes *changes,
                                 struct mxs_future *out, struct mxs_why *why)
{
    struct mxs_draft_ways ways = { .n = 0 };
    struct mxs_draft draft;
    mxs_draft_start(&draft, arena, whatif, base, &ways);
    return mxs_draft_run(&draft, changes, out, why);
}

enum mxs_err mxs_overlay_ways(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                              const struct mxs_future *base, const struct mxs_changes *changes,
                              struct mxs_futures *out, struct mxs_why *why)
{
    *out = (struct mxs_futures){ { NULL, 0, 0 } };
    return each_way(arena, whatif, base, changes, NULL, out, why);
}
