#include "config.h"

#include "judge/webpki.h"

/* RFC 8314 4.1, RFC 7817 3: TLS, a path and the name of the server as the user gave it; the user is
 * asked or refused, nothing is sent in the clear. */
void mxs_check_submission(const struct mxs_judge *j, struct mxs_verdict *v)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (mxs_transport_settles(j, v, true, "RFC 8314 4.1"))
        return;
    mxs_reference_add(j->arena, &names, j->host->host);
    if (j->evidence->has_domain)
        mxs_reference_add(j->arena, &names, j->evidence->domain.name);
    mxs_webpki_judge(j, mxs_ruleset("rfc"), MXS_PURPOSE_SERVER, &names, &reasons);
    mxs_verdict_reasons(j, v, &reasons);
    v->verified = !reasons.n;
    if (reasons.n)
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_CERTIFICATE, mxs_tls_rpt_of(&reasons));
    else
        mxs_verdict_deliver(v, MXS_CHANNEL_VERIFIED);
}
