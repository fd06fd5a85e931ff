#include "config.h"

#include "judge/dane.h"

/* rfc/dane and rfc/dane-mandatory: the four outcomes of RFC 7672 2.2. */

static void lookup_failed(const struct mxs_judge *j, struct mxs_verdict *v)
{
    const struct mxs_host_facts *h = j->host;
    bool bogus = h->tlsa_security == MXS_SECURITY_BOGUS;
    mxs_verdict_reason(j, v, bogus ? "tlsa-bogus" : "tlsa-error", -1, "RFC 7672 2.1.2",
                       "the TLSA lookup for %s %s%s%s: the host counts as unreachable",
                       h->tlsa_base_domain ? h->tlsa_base_domain : h->host,
                       bogus ? "is bogus" : "failed", h->tlsa_why ? ", " : "",
                       h->tlsa_why ? h->tlsa_why : "");
    v->verified = 0;
    mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_TLSA, "dnssec-invalid");
}

static bool mx_insecure(const struct mxs_judge *j)
{
    enum mxs_security s = j->evidence->domain.mx_security;
    return j->evidence->has_domain && (s == MXS_SECURITY_INSECURE || s == MXS_SECURITY_UNSUPPORTED);
}

/* RFC 7672 6: without a usable, authenticated record the mail waits. */
static bool mandatory_fails(const struct mxs_judge *j, struct mxs_verdict *v,
                            enum mxs_dane_state state)
{
    if (mx_insecure(j)) {
        mxs_verdict_reason(j, v, "mx-insecure", -1, "RFC 7672 2.2.1",
                           "the MX records of %s are not signed", j->evidence->domain.name);
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_MX, "dane-required");
    } else if (state == MXS_DANE_NONE) {
        mxs_verdict_reason(j, v, "no-tlsa", -1, "RFC 7672 6",
                           "%s has no DNSSEC-secure TLSA records", j->host->host);
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_TLSA, "dane-required");
    } else if (state == MXS_DANE_UNUSABLE) {
        mxs_verdict_reason(j, v, "tlsa-unusable", -1, "RFC 7672 6",
                           "none of the TLSA records of %s is usable", j->host->host);
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_TLSA, "tlsa-invalid");
    } else {
        return false;
    }
    v->verified = 0;
    return true;
}

static void unauthenticated(const struct mxs_judge *j, struct mxs_verdict *v,
                            enum mxs_dane_state state)
{
    v->verified = 0;
    if (state == MXS_DANE_UNUSABLE)
        mxs_verdict_reason(j, v, "tlsa-unusable", -1, "RFC 7672 2.2",
                           "no TLSA record is usable: TLS is required, nobody is authenticated");
    else
        mxs_verdict_reason(j, v, "no-dane", -1, "RFC 7672 2.2",
                           "no secure TLSA records: DANE does not apply");
    mxs_verdict_deliver(v, MXS_CHANNEL_ENCRYPTED);
}

static void authenticated(const struct mxs_judge *j, struct mxs_verdict *v,
                          const struct mxs_dane_result *dane)
{
    const struct mxs_tlsa *tlsa = &j->host->tlsa.v[dane->record];
    bool insecure = mx_insecure(j);
    mxs_verdict_reason(j, v, "tlsa-match", dane->records.v[dane->record].depth, "RFC 7671 5",
                       "a %u %u %u record matches", tlsa->usage, tlsa->selector,
                       tlsa->matching_type);
    if (insecure)
        mxs_verdict_reason(j, v, "mx-insecure", -1, "RFC 7672 2.2.1",
                           "the host is authenticated, but who named it is not: the MX records "
                           "are unsigned");
    v->verified = !insecure;
    mxs_verdict_deliver(v, insecure ? MXS_CHANNEL_ENCRYPTED : MXS_CHANNEL_VERIFIED);
}

static const char *dane_tls_rpt(const struct mxs_reasons *reasons)
{
    bool no_match = reasons->n && reasons->v[0].depth < 0;
    return no_match ? "tlsa-invalid" : mxs_tls_rpt_of(reasons);
}

static void check(const struct mxs_judge *j, struct mxs_verdict *v, bool mandatory)
{
    struct mxs_dane_result dane;
    enum mxs_dane_state state = mxs_dane_state(j->host, mxs_dane_rules_rfc());
    bool dns = mxs_transport_of(j->evidence, j->host, j->session) == MXS_TRANSPORT_DNS;
    if (!dns && state == MXS_DANE_LOOKUP) {
        lookup_failed(j, v);
        return;
    }
    if (!dns && mandatory && mandatory_fails(j, v, state))
        return;
    if (mxs_transport_settles(j, v, state != MXS_DANE_NONE, "RFC 7672 2.2"))
        return;
    mxs_dane_judge(j, mxs_dane_rules_rfc(), &dane);
    if (state != MXS_DANE_USABLE) {
        unauthenticated(j, v, state);
    } else if (dane.record >= 0) {
        authenticated(j, v, &dane);
    } else {
        v->verified = 0;
        mxs_verdict_reasons(j, v, &dane.reasons);
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_CERTIFICATE, dane_tls_rpt(&dane.reasons));
    }
}

void mxs_check_dane(const struct mxs_judge *j, struct mxs_verdict *v)
{
    check(j, v, false);
}

void mxs_check_dane_mandatory(const struct mxs_judge *j, struct mxs_verdict *v)
{
    check(j, v, true);
}
