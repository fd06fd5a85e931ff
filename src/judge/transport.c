#include "config.h"

#include "judge/verifier.h"

static bool failed(enum mxs_security security)
{
    return security == MXS_SECURITY_ERROR || security == MXS_SECURITY_BOGUS;
}

static bool tls_ended(const struct mxs_session_facts *s)
{
    return s->end == MXS_END_ALERT || s->end == MXS_END_CLOSED || s->end == MXS_END_TIMEOUT ||
           s->end == MXS_END_PROTOCOL || s->end == MXS_END_CONNECT;
}

/* RFC 8996 2: a client must not use it, so the handshake that we made for the look counts for nothing. */
static bool too_old(const struct mxs_session_facts *s)
{
    return s->tls.version && s->tls.version < MXS_TLS_1_2;
}

static enum mxs_transport of_session(const struct mxs_session_facts *s)
{
    bool refused = s->tls.client_auth.verdict == MXS_CLIENT_REFUSED || too_old(s);
    if (s->has_tls && s->tls.finished)
        return refused ? MXS_TRANSPORT_BROKEN : MXS_TRANSPORT_TLS;
    /* What our own library ended, others would have finished: the chain is judged. */
    if (s->has_tls && s->end == MXS_END_LOCAL_REFUSAL && s->chain.certs.n)
        return MXS_TRANSPORT_TLS;
    if (s->has_tls)
        return tls_ended(s) ? MXS_TRANSPORT_BROKEN : MXS_TRANSPORT_OPEN;
    if (s->starttls == MXS_STARTTLS_ABSENT || s->starttls == MXS_STARTTLS_REFUSED)
        return MXS_TRANSPORT_CLEAR;
    if (tls_ended(s) || s->end == MXS_END_REPLY)
        return MXS_TRANSPORT_UNREACHED;
    return MXS_TRANSPORT_OPEN;
}

enum mxs_transport mxs_transport_of(const struct mxs_evidence *evidence,
                                    const struct mxs_host_facts *host,
                                    const struct mxs_session_facts *session)
{
    if (evidence->has_domain && failed(evidence->domain.mx_security))
        return MXS_TRANSPORT_DNS;
    if (failed(host->address_security))
        return MXS_TRANSPORT_DNS;
    return of_session(session);
}

static void dns_reason(const struct mxs_judge *j, struct mxs_verdict *v)
{
    const struct mxs_domain_facts *d = &j->evidence->domain;
    bool mx = j->evidence->has_domain && failed(d->mx_security);
    enum mxs_security security = mx ? d->mx_security : j->host->address_security;
    const char *why = mx ? d->mx_why : j->host->address_why;
    v->stage = mx ? MXS_STAGE_MX : MXS_STAGE_ADDRESS;
    mxs_verdict_reason(j, v, security == MXS_SECURITY_BOGUS ? "dns-bogus" : "dns-error", -1,
                       "RFC 7672 2.1.2", "the %s lookup of %s %s%s%s", mx ? "MX" : "address",
                       mx ? d->name : j->host->host,
                       security == MXS_SECURITY_BOGUS ? "is bogus" : "failed", why ? ": " : "",
                       why ? why : "");
}

static void clear_reason(const struct mxs_judge *j, struct mxs_verdict *v)
{
    const struct mxs_session_facts *s = j->session;
    bool absent = s->starttls == MXS_STARTTLS_ABSENT;
    v->stage = absent ? MXS_STAGE_EHLO : MXS_STAGE_STARTTLS;
    v->reply = s->starttls_reply;
    if (absent)
        mxs_verdict_reason(j, v, "starttls-absent", -1, "RFC 3207 4",
                           "the server does not offer STARTTLS");
    else
        mxs_verdict_reason(j, v, "starttls-refused", -1, "RFC 3207 4",
                           "the server refused STARTTLS with %d", s->starttls_reply);
}

static void broken_reason(const struct mxs_judge *j, struct mxs_verdict *v)
{
    const struct mxs_session_facts *s = j->session;
    const struct mxs_client_auth *a = &s->tls.client_auth;
    bool late = a->verdict == MXS_CLIENT_REFUSED;
    v->stage = late ? MXS_STAGE_CLIENT_VERDICT : s->reached;
    v->alert = late ? a->alert : -1;
    v->reply = late ? a->reply : 0;
    for (size_t i = 0; !late && i < s->tls.alerts.n; i++)
        if (s->tls.alerts.v[i].dir == MXS_DIR_IN && s->tls.alerts.v[i].level == 2)
            v->alert = s->tls.alerts.v[i].code;
    const char *why = late ? a->verdict_why : s->error;
    if (too_old(s)) {
        v->stage = MXS_STAGE_SERVER_HELLO;
        mxs_verdict_reason(j, v, "tls-too-old", -1, "RFC 8996 2", "the server speaks only %s",
                           mxs_tls_version_name(s->tls.version));
        return;
    }
    mxs_verdict_reason(j, v, late ? "client-refused" : "handshake-failed", -1,
                       late ? "RFC 8446 4.4.2.4" : "RFC 3207 4.1", "%s%s%s",
                       late ? "the server refused us after the handshake" : "the TLS handshake failed",
                       why ? ": " : "", why ? why : "");
}

static void other_reason(const struct mxs_judge *j, struct mxs_verdict *v, bool unreached)
{
    const struct mxs_session_facts *s = j->session;
    const char *stage = mxs_stage_title(s->reached);
    if (unreached) {
        v->stage = s->reached;
        v->reply = s->reply;
        mxs_verdict_reason(j, v, "no-service", -1, "RFC 5321 3.1", "%s: %s",
                           stage ? stage : "connection", s->error ? s->error : "failed");
    } else if (s->end == MXS_END_LOCAL_REFUSAL) {
        mxs_verdict_reason(j, v, "local-refusal", -1, NULL, "our own library ended the session: %s",
                           s->error ? s->error : "a limit of ours");
    } else if (mxs_session_lacks_kind(s)) {
        mxs_verdict_reason(j, v, "no-such-certificate", -1, "RFC 8446 4.2.3",
                           "the server has no %s certificate", mxs_offer_name(s->offer));
    } else {
        mxs_verdict_reason(j, v, "not-seen", -1, NULL, "the session has not come that far");
    }
}

enum mxs_transport mxs_transport(const struct mxs_judge *j, struct mxs_verdict *v)
{
    enum mxs_transport transport = mxs_transport_of(j->evidence, j->host, j->session);
    switch (transport) {
    case MXS_TRANSPORT_DNS: dns_reason(j, v); break;
    case MXS_TRANSPORT_CLEAR: clear_reason(j, v); break;
    case MXS_TRANSPORT_BROKEN: broken_reason(j, v); break;
    case MXS_TRANSPORT_UNREACHED: other_reason(j, v, true); break;
    case MXS_TRANSPORT_OPEN: other_reason(j, v, false); break;
    case MXS_TRANSPORT_TLS: break;
    }
    return transport;
}

/* A permanent reply ends the attempt for good (RFC 5321 4.2.1); everything else is tried again. */
static enum mxs_action by_reply(int reply)
{
    return reply >= 500 && reply <= 599 ? MXS_ACTION_BOUNCE : MXS_ACTION_DEFER;
}

bool mxs_transport_settles(const struct mxs_judge *j, struct mxs_verdict *v, bool required,
                           const char *rfc)
{
    enum mxs_transport transport = mxs_transport(j, v);
    if (transport == MXS_TRANSPORT_TLS)
        return false;
    if (transport == MXS_TRANSPORT_OPEN)
        return true;
    v->verified = 0;
    if (transport == MXS_TRANSPORT_DNS || transport == MXS_TRANSPORT_UNREACHED) {
        mxs_verdict_refuse(v, by_reply(v->reply), v->stage, NULL);
    } else if (transport == MXS_TRANSPORT_BROKEN && v->reply) {
        mxs_verdict_refuse(v, by_reply(v->reply), v->stage, "validation-failure");
    } else if (required) {
        bool clear = transport == MXS_TRANSPORT_CLEAR;
        mxs_verdict_reason(j, v, "tls-required", -1, rfc, "cleartext is not allowed here");
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, v->stage,
                           clear ? "starttls-not-supported" : "validation-failure");
    } else {
        v->tls_rpt = transport == MXS_TRANSPORT_CLEAR ? "starttls-not-supported"
                                                      : "validation-failure";
        mxs_verdict_deliver(v, MXS_CHANNEL_CLEARTEXT);
    }
    return true;
}
