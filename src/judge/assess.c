#include "config.h"

#include "judge/assess.h"

#include "judge/dane.h"
#include "judge/finding.h"
#include "judge/panel.h"
#include "judge/purpose.h"
#include "judge/trial.h"

#include <string.h>

static void match_records(const struct mxs_judge *judge, struct mxs_session_assessment *out)
{
    struct mxs_dane_result dane;
    mxs_dane_judge(judge, mxs_dane_rules_rfc(), &dane);
    for (size_t i = 0; i < dane.records.n; i++)
        *mxs_list_add(judge->arena, &out->matches) =
            (struct mxs_tlsa_match){ i, dane.records.v[i].depth };
}

static void judge_session(const struct mxs_judge *judge, const struct mxs_assess_options *options,
                          struct mxs_session_assessment *out)
{
    struct mxs_panel panel;
    match_records(judge, out);
    mxs_panel_of(judge, options, &panel);
    for (size_t i = 0; i < panel.seats.n; i++)
        mxs_panel_judge(judge, &panel.seats.v[i], mxs_list_add(judge->arena, &out->verdicts));
}

/* For verifiers that were named: refusal is CRITICAL, cleartext WARNING (mxscope(1), EXIT STATUS). */
static enum mxs_status by_verdict(const struct mxs_verdict *v)
{
    switch (v->action) {
    case MXS_ACTION_DEFER:
    case MXS_ACTION_BOUNCE:
    case MXS_ACTION_REJECT:
    case MXS_ACTION_HANDSHAKE_FAILURE: return MXS_STATUS_CRITICAL;
    case MXS_ACTION_DELIVER:
        return v->channel == MXS_CHANNEL_CLEARTEXT ? MXS_STATUS_WARNING : MXS_STATUS_OK;
    default: return MXS_STATUS_OK;
    }
}

static enum mxs_status worse(enum mxs_status a, enum mxs_status b)
{
    return a > b ? a : b;
}

/* Not even a question was answered: a word that is no target, no resolver, no network. */
static bool never_began(const struct mxs_evidence *ev)
{
    return ev->error && ev->domain.mx_security == MXS_SECURITY_NONE && !ev->hosts.n;
}

static bool learned_anything(const struct mxs_assessment *a)
{
    if (a->evidence->error || !(a->evidence->has_domain || a->evidence->hosts.n))
        return false;
    static const char *const blind[] = { "port-blocked", "dnssec-unavailable", "resolver-silent" };
    for (size_t i = 0; i < a->findings.n; i++)
        for (size_t k = 0; k < MXS_COUNT(blind); k++)
            if (strcmp(a->findings.v[i].id, blind[k]) == 0)
                return false;
    return true;
}

static enum mxs_status status_of(const struct mxs_assessment *a,
                                 const struct mxs_assess_options *options)
{
    static const enum mxs_status by_severity[] = { MXS_STATUS_OK, MXS_STATUS_OK, MXS_STATUS_WARNING,
                                                   MXS_STATUS_CRITICAL };
    enum mxs_status status = MXS_STATUS_OK;
    for (size_t i = 0; i < a->findings.n; i++)
        status = worse(status, by_severity[a->findings.v[i].severity]);
    for (size_t i = 0; options->verifiers.n && i < a->sessions.n; i++)
        for (size_t k = 0; k < a->sessions.v[i].verdicts.n; k++)
            status = worse(status, by_verdict(&a->sessions.v[i].verdicts.v[k]));
    if (never_began(a->evidence))
        return MXS_STATUS_UNKNOWN;
    return learned_anything(a) || status == MXS_STATUS_CRITICAL ? status : MXS_STATUS_UNKNOWN;
}

static void free_signatures(void *signatures)
{
    mxs_signatures_free(signatures);
}

/* The store outlives the assessment and keeps the checked signatures; without one they are ours. */
static struct mxs_signatures *signatures_of(struct mxs_arena *arena,
                                            const struct mxs_assess_options *options)
{
    if (options->store)
        return mxs_store_signatures(options->store);
    struct mxs_signatures *signatures = mxs_signatures_new();
    mxs_arena_defer(arena, free_signatures, signatures);
    return signatures;
}

static const struct mxs_chain *pins_of(const struct mxs_find *f)
{
    if (f->options->pins || !f->evidence->pins.certs.n)
        return f->options->pins;
    return &f->evidence->pins;
}

static struct mxs_judge judge_of(const struct mxs_find *f, const struct mxs_host_facts *host,
                                 const struct mxs_session_facts *session,
                                 struct mxs_signatures *signatures)
{
    struct mxs_arena *arena = f->assessment->arena;
    return (struct mxs_judge){ .arena = arena, .evidence = f->evidence, .host = host,
                               .session = session, .at = f->assessment->at,
                               .store = f->options->store, .signatures = signatures,
                               .cache = MXS_NEW(arena, struct mxs_judge_cache),
                               .pins = pins_of(f) };
}

/* Only where a verdict asked for the paths: the trust store is not read for the view alone. */
static void keep_paths(const struct mxs_judge *judge, struct mxs_session_assessment *out)
{
    if (!judge->cache->has_paths)
        return;
    struct mxs_purposes *purposes = MXS_NEW(judge->arena, struct mxs_purposes);
    mxs_purposes(judge->arena, &judge->cache->paths, purposes);
    out->paths = &judge->cache->paths;
    out->purposes = purposes;
}

/* --sni-trial: the server as clients without SNI meet it, beside the session that counts. */
static bool is_trial(const struct mxs_host_facts *host, const struct mxs_session_facts *s)
{
    for (size_t i = 0; !s->tls.sni && s->has_tls && i < host->sessions.n; i++) {
        const struct mxs_session_facts *other = host->sessions.v[i];
        if (other->tls.sni && other->offer == s->offer && other->port == s->port &&
            other->address && s->address && strcmp(other->address, s->address) == 0)
            return true;
    }
    return false;
}

static void judge_sessions(struct mxs_find *f)
{
    struct mxs_assessment *a = f->assessment;
    const struct mxs_evidence *ev = f->evidence;
    struct mxs_signatures *signatures = signatures_of(a->arena, f->options);
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++) {
            bool trial = is_trial(ev->hosts.v[i], ev->hosts.v[i]->sessions.v[k]);
            struct mxs_judge *judge = trial ? mxs_list_add(a->arena, &f->trials)
                                            : mxs_list_add(a->arena, &f->judges);
            struct mxs_session_assessment *s = mxs_list_add(a->arena, &a->sessions);
            *judge = judge_of(f, ev->hosts.v[i], ev->hosts.v[i]->sessions.v[k], signatures);
            s->host = judge->host;
            s->session = judge->session;
            s->trial = trial;
            if (!trial)
                judge_session(judge, f->options, s);
            keep_paths(judge, s);
        }
}

static void find_trials(struct mxs_find *f)
{
    struct mxs_assessment *a = f->assessment;
    for (size_t i = 0; i < f->judges.n; i++) {
        struct mxs_trial trial;
        if (mxs_trial_of(&f->judges.v[i], f->options->profiles, &trial))
            *mxs_list_add(a->arena, &a->trials) = mxs_arena_dup(a->arena, &trial, sizeof trial);
    }
}

struct mxs_assessment *mxs_assess(const struct mxs_evidence *evidence,
                                  const struct mxs_assess_options *options)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_assessment *a = MXS_NEW(arena, struct mxs_assessment);
    *a = (struct mxs_assessment){ .arena = arena, .evidence = evidence, .at = options->at };
    struct mxs_find find = { .assessment = a, .evidence = evidence, .options = options };
    judge_sessions(&find);
    find_trials(&find);
    mxs_find_all(&find);
    a->status = status_of(a, options);
    a->headline = mxs_headline(&find);
    return a;
}

void mxs_assessment_free(struct mxs_assessment *assessment)
{
    if (assessment)
        mxs_arena_free(assessment->arena);
}

const struct mxs_session_assessment *mxs_assessment_session(const struct mxs_assessment *assessment,
                                                            uint32_t id)
{
    for (size_t i = 0; i < assessment->sessions.n; i++)
        if (assessment->sessions.v[i].session->id == id)
            return &assessment->sessions.v[i];
    return NULL;
}

const struct mxs_verdict *mxs_assessment_verdict(const struct mxs_session_assessment *session,
                                                 const char *verifier)
{
    for (size_t i = 0; i < session->verdicts.n; i++)
        if (strcmp(session->verdicts.v[i].verifier, verifier) == 0)
            return &session->verdicts.v[i];
    return NULL;
}
