#include "config.h"

#include "judge/mta_sts.h"

#include "judge/webpki.h"

#include <string.h>

static const char *fetch_fault(const struct mxs_sts_facts *sts)
{
    bool pkix = sts->error_id && strcmp(sts->error_id, "certificate") == 0;
    return pkix ? "sts-webpki-invalid" : "sts-policy-fetch-error";
}

struct mxs_sts_choice mxs_sts_live(const struct mxs_sts_facts *sts)
{
    struct mxs_sts_choice choice = { NULL, false, NULL, NULL };
    if (!sts->parsed.valid) {
        choice.why = "no MTA-STS record was found";
    } else if (!sts->has_policy) {
        choice.tls_rpt = fetch_fault(sts);
        choice.why = sts->error ? sts->error : "the policy was not fetched";
    } else if (!sts->policy.valid) {
        choice.tls_rpt = "sts-policy-invalid";
        choice.why = "the policy breaks the grammar of RFC 8461 3.2";
    } else {
        choice.policy = &sts->policy;
    }
    return choice;
}

static bool cache_lasts(const struct mxs_sts_facts *sts, int64_t at)
{
    return sts->has_cached && sts->cached.valid && at >= sts->cached_fetched &&
           at - sts->cached_fetched <= sts->cached.max_age;
}

struct mxs_sts_choice mxs_sts_choose(const struct mxs_sts_facts *sts, int64_t at)
{
    struct mxs_sts_choice choice = mxs_sts_live(sts);
    if (!cache_lasts(sts, at))
        return choice;
    choice.policy = &sts->cached;
    choice.cached = true;
    return choice;
}

bool mxs_sts_lists(const struct mxs_sts_policy *policy, const char *host)
{
    for (size_t i = 0; i < policy->mx.n; i++)
        if (mxs_sts_mx_match(policy->mx.v[i], host))
            return true;
    return false;
}

static void refuse(struct mxs_verdict *v, enum mxs_stage stage, const char *tls_rpt)
{
    v->verified = 0;
    mxs_verdict_refuse(v, MXS_ACTION_DEFER, stage, tls_rpt);
}

void mxs_sts_judge(const struct mxs_judge *j, const struct mxs_sts_policy *policy,
                   struct mxs_verdict *v)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (!mxs_sts_lists(policy, j->host->host)) {
        mxs_verdict_reason(j, v, "mx-not-in-policy", -1, "RFC 8461 4.1",
                           "the policy does not list %s", j->host->host);
        refuse(v, MXS_STAGE_POLICY, "validation-failure");
        return;
    }
    if (mxs_transport_settles(j, v, true, "RFC 8461 5"))
        return;
    mxs_reference_add(j->arena, &names, j->host->host);
    mxs_webpki_judge(j, mxs_ruleset("rfc"), MXS_PURPOSE_SERVER, &names, &reasons);
    mxs_verdict_reasons(j, v, &reasons);
    if (reasons.n) {
        refuse(v, MXS_STAGE_CERTIFICATE, mxs_tls_rpt_of(&reasons));
    } else {
        v->verified = 1;
        mxs_verdict_deliver(v, MXS_CHANNEL_VERIFIED);
    }
}

/* testing: failures are reported, the mail goes out all the same (RFC 8461 5). */
static void soften(const struct mxs_judge *j, struct mxs_verdict *v, const struct mxs_verdict *dane)
{
    const char *tls_rpt = v->tls_rpt;
    struct mxs_verdict strict = *v;
    *v = *dane;
    v->reasons.n = v->reasons.cap = 0;
    v->reasons.v = NULL;
    for (size_t i = 0; i < strict.reasons.n; i++)
        *mxs_list_add(j->arena, &v->reasons) = strict.reasons.v[i];
    mxs_verdict_reason(j, v, "sts-testing", -1, "RFC 8461 5",
                       "the policy is only in testing: reported, not enforced");
    v->tls_rpt = tls_rpt;
}

static void without_policy(const struct mxs_judge *j, struct mxs_verdict *v,
                           const struct mxs_sts_choice *choice)
{
    bool none = choice->policy != NULL;
    mxs_verdict_reason(j, v, none ? "sts-mode-none" : "no-sts-policy", -1, "RFC 8461 3.3",
                       "%s: as if there were no policy", none ? "mode none" : choice->why);
    if (v->action == MXS_ACTION_DELIVER && !v->tls_rpt)
        v->tls_rpt = choice->tls_rpt;
}

/* A sender with a cached policy that fails looks for a new one before it gives up (RFC 8461 5.1). */
static void renewed(const struct mxs_judge *j, struct mxs_verdict *v,
                    const struct mxs_sts_choice *choice, const struct mxs_verdict *blank)
{
    struct mxs_sts_choice live = mxs_sts_live(&j->evidence->domain.sts);
    struct mxs_verdict again = *blank;
    if (!choice->cached || v->action == MXS_ACTION_DELIVER || !live.policy)
        return;
    if (live.policy->mode == MXS_STS_ENFORCE)
        mxs_sts_judge(j, live.policy, &again);
    else
        mxs_check_dane(j, &again);
    if (again.action != MXS_ACTION_DELIVER)
        return;
    mxs_verdict_reason(j, &again, "sts-cache-renewed", -1, "RFC 8461 5.1",
                       "the cached policy fails; the live one, asked for before giving up, passes");
    *v = again;
}

void mxs_check_mta_sts(const struct mxs_judge *j, struct mxs_verdict *v)
{
    struct mxs_sts_choice choice = mxs_sts_choose(&j->evidence->domain.sts, j->at);
    struct mxs_verdict blank = *v, dane = *v;
    mxs_check_dane(j, &dane);
    bool applies = choice.policy && choice.policy->mode != MXS_STS_NONE;
    if (dane.action != MXS_ACTION_DELIVER || !applies) {
        /* DANE is judged first, and its failure stands (RFC 8461 2). */
        *v = dane;
        if (dane.action == MXS_ACTION_DELIVER)
            without_policy(j, v, &choice);
        return;
    }
    mxs_sts_judge(j, choice.policy, v);
    if (choice.policy->mode == MXS_STS_TESTING && v->action != MXS_ACTION_DELIVER)
        soften(j, v, &dane);
    renewed(j, v, &choice, &blank);
}
