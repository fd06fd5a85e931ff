/* Senders: what a mail server does with a message, given what it met at the receiver's side. The product
 * is data (share/verifiers); what is code is only the order of questions: are MX and address there, is
 * there DANE, is TLS to be had, does the certificate pass, what does failure cost. */
#include "config.h"

#include "judge/sender_room.h"

#include "base/text.h"
#include "judge/mta_sts.h"
#include "judge/phrase.h"

/* --- what it finds in DNS --- */

static bool failed(enum mxs_security security)
{
    return security == MXS_SECURITY_ERROR || security == MXS_SECURITY_BOGUS;
}

static bool mx_insecure(const struct mxs_sending *q)
{
    const struct mxs_evidence *ev = q->j->evidence;
    bool secure = ev->domain.mx_security == MXS_SECURITY_SECURE ||
                  ev->domain.mx_security == MXS_SECURITY_ABSENT;
    return ev->has_domain && !q->s->tool && !secure;
}

/* All records are of usages that it drops before it looks further. */
static bool all_dropped(const struct mxs_sending *q)
{
    const struct mxs_host_facts *h = q->j->host;
    for (size_t i = 0; i < h->tlsa.n; i++)
        if (h->tlsa.v[i].usage == 2 || h->tlsa.v[i].usage == 3)
            return false;
    return q->s->drops_foreign && h->tlsa.n;
}

/* The host's name as it goes by it. */
static const char *host_name(const struct mxs_sending *q)
{
    const struct mxs_host_facts *h = q->j->host;
    return q->s->alias == MXS_ALIAS_TARGET && h->canonname ? h->canonname : h->host;
}

/* Records at the name where it does not look are none. */
static bool looks_there(const struct mxs_sending *q)
{
    const char *base = q->j->host->tlsa_base_domain;
    return q->s->alias == MXS_ALIAS_BASE || !base || mxs_ascii_equal(base, host_name(q));
}

static enum mxs_sender_found dane_state(const struct mxs_sending *q)
{
    struct mxs_host_facts host = *q->j->host;
    if (q->s->dane == MXS_DANE_NEVER || !q->s->dnssec || !looks_there(q))
        return MXS_FOUND_NONE;
    if (q->s->records_given)
        host.tlsa_security = host.tlsa.n ? MXS_SECURITY_SECURE : MXS_SECURITY_ABSENT;
    if (mx_insecure(q) && !q->s->mx_half)
        return MXS_FOUND_NONE;
    switch (mxs_dane_state(&host, &q->s->dane_rules)) {
    case MXS_DANE_NONE: return MXS_FOUND_NONE;
    case MXS_DANE_LOOKUP: return MXS_FOUND_LOOKUP;
    case MXS_DANE_USABLE: return MXS_FOUND_USABLE;
    case MXS_DANE_UNUSABLE: break;
    }
    return all_dropped(q) ? MXS_FOUND_EMPTY : MXS_FOUND_UNUSABLE;
}

/* --- words and outcomes --- */

static struct mxs_phrase phrase_of(const struct mxs_sending *q)
{
    const struct mxs_session_facts *s = q->j->session;
    const struct mxs_client_auth *auth = &s->tls.client_auth;
    return (struct mxs_phrase){ .host = host_name(q), .address = s->address,
                                .tls_version = s->tls.version, .label = q->v->label, .code = -1,
                                .gnutls = q->s->dane_rules.libdane, .stage = q->v->stage,
                                .alert = auth->alert >= 0 ? auth->alert : q->v->alert,
                                .reply = auth->reply ? mxs_arena_printf(q->j->arena, "%d ...", auth->reply)
                                                     : NULL };
}

void mxs_sending_log(struct mxs_sending *q, const char *log)
{
    struct mxs_phrase phrase = phrase_of(q);
    mxs_phrase_say(q->j->arena, log, &phrase, &q->v->log);
}

void mxs_sending_say(struct mxs_sending *q, const struct mxs_sender_words *words)
{
    if (words->label)
        q->v->label = words->label;
    mxs_sending_log(q, words->log);
}

void mxs_sending_deliver(struct mxs_sending *q, enum mxs_channel channel, bool verified)
{
    q->v->verified = verified;
    mxs_verdict_deliver(q->v, channel);
}

void mxs_sending_end(struct mxs_sending *q, enum mxs_sender_outcome outcome, enum mxs_stage stage,
                     const char *tls_rpt)
{
    q->v->verified = 0;
    if (outcome == MXS_OUT_CLEARTEXT && !q->required) {
        mxs_verdict_deliver(q->v, MXS_CHANNEL_CLEARTEXT);
        q->v->tls_rpt = tls_rpt;
    } else {
        mxs_verdict_refuse(q->v, outcome == MXS_OUT_BOUNCE ? MXS_ACTION_BOUNCE : MXS_ACTION_DEFER,
                           stage, tls_rpt);
    }
}

/* --- the way there --- */

static const struct mxs_sender_words *no_dane_words(const struct mxs_sending *q)
{
    bool host = !q->s->dnssec || q->j->host->address_security != MXS_SECURITY_SECURE;
    const struct mxs_sender_words *own = q->dane == MXS_FOUND_EMPTY ? &q->s->unusable_words
                                         : mx_insecure(q) ? &q->s->insecure_mx_words
                                         : host           ? &q->s->insecure_host_words
                                                          : &q->s->missing_words;
    return own->log || own->label ? own : &q->s->missing_words;
}

static void no_dane(struct mxs_sending *q)
{
    bool mx = mx_insecure(q), empty = q->dane == MXS_FOUND_EMPTY;
    mxs_verdict_reason(q->j, q->v, mx ? "mx-insecure" : empty ? "tlsa-unusable" : "no-tlsa", -1,
                       "RFC 7672 6", mx ? "the MX records are not signed"
                                        : "there is no usable, secure TLSA record");
    mxs_sending_say(q, no_dane_words(q));
    mxs_sending_end(q, q->s->no_dane, mx ? MXS_STAGE_MX : MXS_STAGE_TLSA,
                    empty ? "tlsa-invalid" : "dane-required");
}

static void lookup_failed(struct mxs_sending *q)
{
    mxs_verdict_reason(q->j, q->v,
                       q->j->host->tlsa_security == MXS_SECURITY_BOGUS ? "tlsa-bogus" : "tlsa-error",
                       -1, "RFC 7672 2.1.2", "the TLSA lookup failed");
    mxs_sending_say(q, &q->s->lookup_words);
    mxs_sending_end(q, MXS_OUT_DEFER, MXS_STAGE_TLSA, "dnssec-invalid");
}

/* True: it has its verdict before it connects. */
static bool before_connecting(struct mxs_sending *q)
{
    bool nothing = q->dane == MXS_FOUND_NONE || q->dane == MXS_FOUND_EMPTY;
    bool missing = q->s->dane == MXS_DANE_REQUIRE && nothing;
    if (q->s->records_given && q->dane == MXS_FOUND_NONE) {
        mxs_verdict_reason(q->j, q->v, "no-tlsa", -1, NULL, "no TLSA record is given to it");
        return true; /* it cannot even be asked */
    }
    if (q->dane == MXS_FOUND_LOOKUP)
        lookup_failed(q);
    else if (missing)
        no_dane(q);
    return q->dane == MXS_FOUND_LOOKUP || missing;
}

static void connected(struct mxs_sending *q)
{
    switch (mxs_transport_of(q->j->evidence, q->j->host, q->j->session)) {
    case MXS_TRANSPORT_TLS:
        mxs_sending_certificate(q);
        break;
    case MXS_TRANSPORT_BROKEN:
        mxs_sending_refused(q);
        break;
    case MXS_TRANSPORT_CLEAR:
        mxs_transport(q->j, q->v);
        if (q->required)
            mxs_sending_say(q, &q->s->no_starttls_words);
        mxs_sending_end(q, MXS_OUT_CLEARTEXT, q->v->stage, "starttls-not-supported");
        break;
    default:
        mxs_transport_settles(q->j, q->v, q->required, NULL);
    }
}

bool mxs_sending_policy_lists(struct mxs_sending *q)
{
    struct mxs_sts_choice choice = mxs_sts_choose(&q->j->evidence->domain.sts, q->j->at);
    bool enforced = q->s->sts && q->j->evidence->has_domain && choice.policy &&
                    choice.policy->mode == MXS_STS_ENFORCE;
    if (!enforced || q->dane == MXS_FOUND_USABLE)
        return true;
    q->sts = choice.policy;
    q->required = true;
    if (mxs_sts_lists(choice.policy, q->j->host->host))
        return true;
    mxs_verdict_reason(q->j, q->v, "mx-not-in-policy", -1, "RFC 8461 4.1",
                       "the policy does not list %s", q->j->host->host);
    mxs_sending_end(q, MXS_OUT_DEFER, MXS_STAGE_POLICY, "validation-failure");
    return false;
}

struct mxs_sending mxs_sending_start(const struct mxs_judge *j, const struct mxs_profile *p,
                                     struct mxs_verdict *v)
{
    struct mxs_sending q = { .j = j, .p = p, .s = p->sender, .v = v };
    *v = (struct mxs_verdict){ .verifier = p->name, .role = MXS_ROLE_SENDER, .grade = p->grade,
                               .verified = -1, .alert = -1, .stage = MXS_STAGE_NONE };
    q.dane = dane_state(&q);
    q.half = q.dane >= MXS_FOUND_EMPTY && mx_insecure(&q);
    q.required = q.s->tls_required || q.dane >= MXS_FOUND_EMPTY || q.s->tool;
    return q;
}

void mxs_sender_judge(const struct mxs_judge *j, const struct mxs_profile *p, struct mxs_verdict *v)
{
    struct mxs_sending q = mxs_sending_start(j, p, v);
    bool mx = j->evidence->has_domain && !q.s->tool && failed(j->evidence->domain.mx_security);
    if (mx || failed(j->host->address_security))
        mxs_transport_settles(j, v, q.required, NULL);
    else if (!before_connecting(&q) && mxs_sending_policy_lists(&q))
        connected(&q);
}

bool mxs_profile_is_tool(const struct mxs_profile *profile)
{
    return profile->sender && profile->sender->tool;
}
