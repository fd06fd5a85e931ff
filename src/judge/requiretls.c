#include "config.h"

#include "judge/dane.h"
#include "judge/mta_sts.h"
#include "judge/webpki.h"

/* RFC 8689 4.2.1 speaks of RFC 6125, so a CN counts where there is no DNS-ID. */
static const struct mxs_ruleset rules = {
    .name = "rfc-8689", .partial_chain = true, .any_eku_leaf = true, .any_eku_ca = true,
    .nested_eku = true, .leaf_key_usage = true, .min_strength = 112, .names = { .cn = true },
};

/* The choice of the MX host must be sound: DNSSEC, or a policy that lists it. */
static bool mx_sound(const struct mxs_judge *j)
{
    const struct mxs_evidence *ev = j->evidence;
    if (!ev->has_domain || ev->domain.mx_security == MXS_SECURITY_SECURE)
        return true;
    struct mxs_sts_choice choice = mxs_sts_choose(&ev->domain.sts, j->at);
    return choice.policy && choice.policy->mode != MXS_STS_NONE &&
           mxs_sts_lists(choice.policy, j->host->host);
}

static bool by_dane(const struct mxs_judge *j)
{
    struct mxs_dane_result dane;
    mxs_dane_judge(j, mxs_dane_rules_rfc(), &dane);
    return dane.state == MXS_DANE_USABLE && dane.record >= 0;
}

static void judge_chain(const struct mxs_judge *j, struct mxs_reasons *out)
{
    struct mxs_strs names = { NULL, 0, 0 };
    mxs_reference_add(j->arena, &names, j->host->host);
    mxs_webpki_judge(j, &rules, MXS_PURPOSE_SERVER, &names, out);
    if (!out->n || !by_dane(j))
        return;
    /* DANE stands in for the path; the name is asked for all the same. */
    struct mxs_reasons path = *out;
    *out = (struct mxs_reasons){ NULL, 0, 0 };
    if (!mxs_cert_covers(j->session->chain.certs.v[0], &rules.names, &names).reference)
        *mxs_list_add(j->arena, out) = path.v[path.n - 1];
}

/* Bounced, not kept: the sender asked for it (RFC 8689 4.2.1, 5: 5.7.30, and 5.7.10 without TLS). */
static void bounce(struct mxs_verdict *v, enum mxs_stage stage, const char *tls_rpt)
{
    v->verified = 0;
    mxs_verdict_refuse(v, MXS_ACTION_BOUNCE, stage, tls_rpt);
}

void mxs_check_requiretls(const struct mxs_judge *j, struct mxs_verdict *v)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (mxs_transport_settles(j, v, true, "RFC 8689 4.2.1")) {
        if (v->action == MXS_ACTION_DEFER && v->tls_rpt)
            bounce(v, v->stage, v->tls_rpt);
        return;
    }
    judge_chain(j, &reasons);
    mxs_verdict_reasons(j, v, &reasons);
    const struct mxs_smtp_reply *ehlo = &j->session->ehlo_tls;
    bool listed = j->session->has_ehlo_tls && mxs_smtp_keyword(ehlo, "REQUIRETLS");
    if (!mx_sound(j))
        mxs_verdict_reason(j, v, "mx-unsound", -1, "RFC 8689 4.2.1",
                           "neither DNSSEC nor MTA-STS vouches for %s as mail server",
                           j->host->host);
    if (!listed)
        mxs_verdict_reason(j, v, "requiretls-absent", -1, "RFC 8689 4.2.1",
                           j->session->has_ehlo_tls ? "the server does not offer REQUIRETLS"
                                                    : "whether the server offers REQUIRETLS is not known");
    bool failed = reasons.n || !mx_sound(j);
    if (failed) {
        bounce(v, MXS_STAGE_CERTIFICATE, reasons.n ? mxs_tls_rpt_of(&reasons) : "validation-failure");
    } else if (listed) {
        v->verified = 1;
        mxs_verdict_deliver(v, MXS_CHANNEL_VERIFIED);
    } else if (j->session->has_ehlo_tls) {
        bounce(v, MXS_STAGE_EHLO_TLS, "validation-failure");
    }
}
