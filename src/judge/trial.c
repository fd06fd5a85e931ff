#include "config.h"

#include "judge/trial.h"

#include <stdlib.h>
#include <string.h>

#include "facts/tls.h"
#include "judge/profile.h"

const char *mxs_trial_state_name(enum mxs_trial_state state)
{
    static const char *const names[] = { "not asked", "asked, not needed", "needed" };
    return names[state];
}

/* How a session ended as far as certificates go: the alert, the reply, or nothing said. */
struct seen {
    bool refused;
    int alert, reply;
    enum mxs_stage stage; /* of a reply */
};

static struct seen seen_in(const struct mxs_session_facts *s)
{
    const struct mxs_client_auth *a = &s->tls.client_auth;
    struct seen seen = { .alert = -1, .stage = s->reached };
    bool ended = s->end == MXS_END_ALERT || s->end == MXS_END_CLOSED;
    bool told = s->end == MXS_END_REPLY && s->reached >= MXS_STAGE_EHLO_TLS;
    seen.refused = a->verdict == MXS_CLIENT_REFUSED || told ||
                   (a->requested && ended && s->reached >= MXS_STAGE_FINISHED);
    seen.reply = a->reply ? a->reply : told ? s->reply : 0;
    if (a->alert >= 0)
        seen.alert = a->alert;
    for (size_t i = 0; seen.alert < 0 && seen.refused && i < s->tls.alerts.n; i++)
        if (s->tls.alerts.v[i].dir == MXS_DIR_IN && s->tls.alerts.v[i].level == 2)
            seen.alert = s->tls.alerts.v[i].code;
    return seen;
}

static const char *in_words(struct mxs_arena *arena, const struct seen *seen)
{
    const char *name = seen->alert >= 0 ? mxs_tls_alert_name((unsigned)seen->alert) : NULL;
    if (!seen->refused)
        return "accepted";
    if (seen->reply)
        return mxs_arena_printf(arena, "refused by reply %d", seen->reply);
    if (seen->alert >= 0)
        return mxs_arena_printf(arena, "refused by alert %s (%d)", name ? name : "unassigned",
                                seen->alert);
    return "refused by a close without a word";
}

/* --- what a profile would have done --- */

/* A reply that would have come at a stage that this session never had: nothing speaks against it. */
static bool unseen(const struct mxs_session_facts *s, enum mxs_stage stage)
{
    enum mxs_stage_status status = s->stages[stage].status;
    return status == MXS_STAGE_NOT_REACHED || status == MXS_STAGE_SKIPPED;
}

static bool alike(const struct mxs_session_facts *s, const struct seen *seen,
                  enum mxs_action action, enum mxs_stage stage, int reply, int alert)
{
    switch (action) {
    case MXS_ACTION_ACCEPT: return !seen->refused;
    case MXS_ACTION_REJECT:
        return seen->refused ? seen->reply == reply : unseen(s, stage);
    case MXS_ACTION_HANDSHAKE_FAILURE: /* -1: an alert or a close, whichever is quicker */
        return seen->refused && !seen->reply && (alert < 0 || seen->alert == alert);
    default: return false;
    }
}

static bool by_case(const struct mxs_session_facts *s, const struct seen *seen,
                    const struct mxs_receiver_outcome *o)
{
    int alert = s->tls.version != MXS_TLS_1_3 ? o->alert12 : o->alert13;
    return alike(s, seen, o->action, o->stage, o->reply, alert);
}

/* Another trust store or list than we assume turns one of these into another. */
static bool possible(const struct mxs_trial *t, const struct mxs_receiver_rules *rules,
                     const struct seen *seen)
{
    static const enum mxs_receiver_case cases[] = { MXS_CASE_PASSED, MXS_CASE_FAILED,
                                                    MXS_CASE_UNLISTED };
    for (size_t i = 0; i < MXS_COUNT(cases); i++)
        if (by_case(t->with, seen, &rules->outcome[cases[i]]))
            return true;
    return false;
}

static bool predicted(const struct mxs_judge *judge, const struct mxs_profile *p,
                      const struct mxs_session_facts *s, const struct mxs_chain *chain,
                      const struct seen *seen)
{
    struct mxs_verdict v;
    struct mxs_receiver_input input = { .chain = chain, .tls_version = s->tls.version,
                                        .pins = judge->pins };
    mxs_receiver_judge(judge, p, &input, &v);
    return alike(s, seen, v.action, v.stage, v.reply, v.alert);
}

static void try_profile(const struct mxs_judge *judge, const struct mxs_profile *p,
                        struct mxs_trial *t)
{
    static const struct mxs_chain none;
    struct seen without = seen_in(t->without), with = seen_in(t->with);
    bool asked = t->state != MXS_TRIAL_NOT_ASKED;
    if (p->role != MXS_ROLE_RECEIVER || !p->receiver || p->receiver->asks != asked ||
        !predicted(judge, p, t->without, &none, &without))
        return;
    bool exact = predicted(judge, p, t->with, &t->with->tls.client_auth.chain, &with);
    if (exact || (asked && possible(t, p->receiver, &with)))
        *mxs_list_add(judge->arena, &t->fits) = (struct mxs_trial_fit){ p->name, p->grade, exact };
}

static int by_rank(const void *a, const void *b)
{
    const struct mxs_trial_fit *x = a, *y = b;
    if (x->exact != y->exact)
        return x->exact ? -1 : 1;
    if (x->grade != y->grade)
        return x->grade > y->grade ? -1 : 1; /* measured is the highest */
    return strcmp(x->profile, y->profile);
}

/* --- the pair --- */

static const struct mxs_session_facts *partner(const struct mxs_judge *with)
{
    const struct mxs_session_facts *s = with->session;
    for (size_t i = 0; i < with->host->sessions.n; i++) {
        const struct mxs_session_facts *o = with->host->sessions.v[i];
        if (!o->client_certificate && o->offer == s->offer && o->port == s->port && o->address &&
            s->address && strcmp(o->address, s->address) == 0 && !o->tls.sni == !s->tls.sni)
            return o;
    }
    return NULL;
}

bool mxs_trial_of(const struct mxs_judge *with, const struct mxs_profiles *profiles,
                  struct mxs_trial *out)
{
    const struct mxs_session_facts *s = with->session, *o = partner(with);
    if (!s->client_certificate || !o || !s->tls.version || !o->tls.version)
        return false;
    struct seen without = seen_in(o), seen = seen_in(s);
    *out = (struct mxs_trial){ .host = with->host, .without = o, .with = s };
    out->state = !o->tls.client_auth.requested && !s->tls.client_auth.requested
                     ? MXS_TRIAL_NOT_ASKED
                 : without.refused ? MXS_TRIAL_NEEDED : MXS_TRIAL_NOT_NEEDED;
    out->without_end = in_words(with->arena, &without);
    out->with_end = in_words(with->arena, &seen);
    for (size_t i = 0; profiles && i < mxs_profiles_count(profiles); i++)
        try_profile(with, mxs_profiles_at(profiles, i), out);
    if (out->fits.n)
        qsort(out->fits.v, out->fits.n, sizeof *out->fits.v, by_rank);
    return true;
}
