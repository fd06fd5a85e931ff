/* Senders: what a mail server does with a message, given what it met at the receiver's side. The product
 * is data (share/verifiers); what is code is only the order of questions: are MX and address there, is
 * there DANE, is TLS to be had, does the certificate pass, what does failure cost. */
#include "config.h"

#include "judge/sender.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "judge/mta_sts.h"
#include "judge/phrase.h"
#include "judge/webpki.h"

enum dane_state { NO_DANE, LOOKUP, EMPTY, UNUSABLE, USABLE };

struct sending {
    const struct mxs_judge *j;
    const struct mxs_profile *p;
    const struct mxs_sender_rules *s;
    struct mxs_verdict *v;
    enum dane_state dane;
    bool half;                         /* the MX records are insecure, the host's TLSA are used */
    bool required;                     /* cleartext is out of the question */
    const struct mxs_sts_policy *sts;  /* enforced; NULL */
};

/* --- what it finds in DNS --- */

static bool failed(enum mxs_security security)
{
    return security == MXS_SECURITY_ERROR || security == MXS_SECURITY_BOGUS;
}

static bool mx_insecure(const struct sending *q)
{
    const struct mxs_evidence *ev = q->j->evidence;
    bool secure = ev->domain.mx_security == MXS_SECURITY_SECURE ||
                  ev->domain.mx_security == MXS_SECURITY_ABSENT;
    return ev->has_domain && !q->s->tool && !secure;
}

/* All records are of usages that it drops before it looks further. */
static bool all_dropped(const struct sending *q)
{
    const struct mxs_host_facts *h = q->j->host;
    for (size_t i = 0; i < h->tlsa.n; i++)
        if (h->tlsa.v[i].usage == 2 || h->tlsa.v[i].usage == 3)
            return false;
    return q->s->drops_foreign && h->tlsa.n;
}

/* The host's name as it goes by it. */
static const char *host_name(const struct sending *q)
{
    const struct mxs_host_facts *h = q->j->host;
    return q->s->alias == MXS_ALIAS_TARGET && h->canonname ? h->canonname : h->host;
}

/* Records at the name where it does not look are none. */
static bool looks_there(const struct sending *q)
{
    const char *base = q->j->host->tlsa_base_domain;
    return q->s->alias == MXS_ALIAS_BASE || !base || mxs_ascii_equal(base, host_name(q));
}

static enum dane_state dane_state(const struct sending *q)
{
    struct mxs_host_facts host = *q->j->host;
    if (q->s->dane == MXS_DANE_NEVER || !q->s->dnssec || !looks_there(q))
        return NO_DANE;
    if (q->s->records_given)
        host.tlsa_security = host.tlsa.n ? MXS_SECURITY_SECURE : MXS_SECURITY_ABSENT;
    if (mx_insecure(q) && !q->s->mx_half)
        return NO_DANE;
    switch (mxs_dane_state(&host, &q->s->dane_rules)) {
    case MXS_DANE_NONE: return NO_DANE;
    case MXS_DANE_LOOKUP: return LOOKUP;
    case MXS_DANE_USABLE: return USABLE;
    case MXS_DANE_UNUSABLE: break;
    }
    return all_dropped(q) ? EMPTY : UNUSABLE;
}

/* --- words and outcomes --- */

static struct mxs_phrase phrase_of(const struct sending *q)
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

static void say_log(struct sending *q, const char *log)
{
    struct mxs_phrase phrase = phrase_of(q);
    mxs_phrase_say(q->j->arena, log, &phrase, &q->v->log);
}

static void say(struct sending *q, const struct mxs_sender_words *words)
{
    if (words->label)
        q->v->label = words->label;
    say_log(q, words->log);
}

static void deliver(struct sending *q, enum mxs_channel channel, bool verified)
{
    q->v->verified = verified;
    mxs_verdict_deliver(q->v, channel);
}

/* tls_rpt as RFC 8460 4.3 names it, whatever the product makes of it. */
static void end(struct sending *q, enum mxs_sender_outcome outcome, enum mxs_stage stage,
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

/* --- the certificate --- */

static void references(const struct sending *q, struct mxs_strs *out)
{
    const struct mxs_evidence *ev = q->j->evidence;
    if (q->s->name_host || !ev->has_domain)
        mxs_reference_add(q->j->arena, out, q->j->host->host);
    if (q->s->name_nexthop && ev->has_domain)
        mxs_reference_add(q->j->arena, out, ev->domain.name);
}

static bool below(const char *name, const char *domain)
{
    size_t n = strlen(name), d = strlen(domain);
    return n > d + 1 && name[n - d - 1] == '.' && mxs_ascii_equal(name + n - d, domain);
}

/* Postfix's dot-nexthop: any name below the domain, a wildcard's too. */
static bool below_nexthop(const struct sending *q, const struct mxs_cert *leaf)
{
    const char *domain = q->j->evidence->domain.name;
    const struct mxs_strs *san = &leaf->san_dns;
    if (!q->s->name_below_nexthop || !q->j->evidence->has_domain || !domain)
        return false;
    for (size_t i = 0; i < san->n; i++)
        if (below(san->v[i], domain))
            return true;
    return q->s->rules->names.cn && !san->n && leaf->cn && below(leaf->cn, domain);
}

static bool policy_fits(const struct sending *q)
{
    const struct mxs_cert *leaf = q->j->session->chain.certs.v[0];
    return !q->s->policy || (leaf->policy_class && strstr(q->s->policy, leaf->policy_class));
}

/* Path, and names where they are asked for, by the product's rules. */
static void judge_chain(const struct sending *q, bool with_names, struct mxs_reasons *out)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_judge j = *q->j;
    struct mxs_judge_cache own = { .has_paths = false };
    bool asked = q->s->name_host || q->s->name_nexthop || q->s->name_below_nexthop;
    const struct mxs_chain *chain = &j.session->chain;
    if (!q->s->store) {
        j.store = NULL;
        j.cache = &own;
    }
    references(q, &names);
    bool named = !with_names || !asked || (chain->certs.n && below_nexthop(q, chain->certs.v[0]));
    mxs_webpki_judge(&j, q->s->rules, q->s->purpose, named ? NULL : &names, out);
    if (chain->certs.n && !policy_fits(q))
        *mxs_list_add(j.arena, out) = (struct mxs_reason){
            "policy-missing", 0,
            mxs_arena_printf(j.arena, "the certificate is not one of %s", q->s->policy), NULL };
}

static bool pinned(const struct sending *q)
{
    const struct mxs_chain *chain = &q->j->session->chain, *pins = q->j->pins;
    if (!chain->certs.n)
        return false;
    struct mxs_cert_identity own, other;
    struct mxs_bytes key = mxs_cert_identity(chain->certs.v[0], &own)->spki;
    for (size_t i = 0; pins && i < pins->certs.n; i++)
        if (mxs_bytes_equal(mxs_cert_identity(pins->certs.v[i], &other)->spki, key))
            return true;
    return !pins || !pins->certs.n;
}

static bool only_the_name(const struct mxs_reasons *reasons)
{
    return reasons->n == 1 && strcmp(reasons->v[0].id, "name-mismatch") == 0;
}

static void fails(struct sending *q, const struct mxs_reasons *reasons,
                  enum mxs_sender_outcome outcome)
{
    bool no_match = reasons->n && strncmp(reasons->v[0].id, "tlsa-", 5) == 0;
    mxs_verdict_reasons(q->j, q->v, reasons);
    if (q->s->late_label)
        say(q, q->s->misnamed_words.label && only_the_name(reasons) ? &q->s->misnamed_words
                                                                     : &q->s->failed_words);
    say(q, &q->s->rejected_words);
    end(q, outcome, MXS_STAGE_CERTIFICATE, no_match ? "tlsa-invalid" : mxs_tls_rpt_of(reasons));
}

/* Verification as configured, DANE aside. */
static void ordinary(struct sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    enum mxs_sender_verify verify = q->sts ? MXS_VERIFY_REQUIRE : q->s->verify;
    if (verify == MXS_VERIFY_NOTHING) {
        deliver(q, MXS_CHANNEL_ENCRYPTED, false);
        return;
    }
    judge_chain(q, verify != MXS_VERIFY_LOOK, &reasons);
    if (reasons.n && verify == MXS_VERIFY_REQUIRE) {
        fails(q, &reasons, q->s->failed);
        return;
    }
    mxs_verdict_reasons(q->j, q->v, &reasons);
    bool verified = !reasons.n && verify != MXS_VERIFY_LOOK;
    say(q, reasons.n ? &q->s->failed_words : verified ? &q->s->verified_words : &q->s->trusted_words);
    deliver(q, verified ? MXS_CHANNEL_VERIFIED : MXS_CHANNEL_ENCRYPTED, verified);
}

/* TLS, and nobody authenticated: the path is looked at for the log. */
static void unauthenticated(struct sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    judge_chain(q, false, &reasons);
    if (q->dane == UNUSABLE && q->s->unusable_names && q->j->session->chain.certs.n)
        mxs_dane_check_names(q->j, &q->s->dane_rules, &reasons);
    say(q, reasons.n ? &q->s->failed_words : &q->s->trusted_words);
    mxs_verdict_reason(q->j, q->v, "tlsa-unusable", -1, "RFC 7672 2.2", "no TLSA record is usable");
    deliver(q, MXS_CHANNEL_ENCRYPTED, false);
}

static void unusable(struct sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    bool refuse = q->s->unusable == MXS_UNUSABLE_FAIL ||
                  (q->s->unusable == MXS_UNUSABLE_ENCRYPT && q->s->dane == MXS_DANE_REQUIRE);
    if (refuse) {
        *mxs_list_add(q->j->arena, &reasons) = (struct mxs_reason){
            "tlsa-unusable", -1, "no TLSA record is usable", "RFC 7672 6" };
        fails(q, &reasons, q->s->failed);
    } else if (q->s->unusable == MXS_UNUSABLE_ORDINARY) {
        ordinary(q);
    } else {
        unauthenticated(q);
    }
}

static void dane_holds(struct sending *q, const struct mxs_dane_result *dane)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (q->s->with_pkix)
        judge_chain(q, true, &reasons);
    if (reasons.n) {
        fails(q, &reasons, q->s->failed);
        return;
    }
    mxs_verdict_reason(q->j, q->v, "tlsa-match", dane->records.v[dane->record].depth, "RFC 7671 5",
                       "a TLSA record matches");
    say(q, q->half ? &q->s->half_words : &q->s->dane_words);
    deliver(q, q->half ? MXS_CHANNEL_ENCRYPTED : MXS_CHANNEL_VERIFIED, !q->half);
}

static void by_dane(struct sending *q)
{
    struct mxs_dane_result dane;
    struct mxs_reasons reasons = { NULL, 0, 0 };
    struct mxs_judge j = *q->j;
    if (!q->s->store)
        j.store = NULL, j.cache = MXS_NEW(j.arena, struct mxs_judge_cache);
    mxs_dane_judge(&j, &q->s->dane_rules, &dane);
    if (dane.record >= 0) {
        dane_holds(q, &dane);
        return;
    }
    if (q->s->ta_name_falls_back && only_the_name(&dane.reasons)) {
        judge_chain(q, false, &reasons);
        if (!reasons.n) {
            mxs_verdict_reasons(q->j, q->v, &dane.reasons);
            say(q, &q->s->verified_words);
            deliver(q, MXS_CHANNEL_VERIFIED, true);
            return;
        }
    }
    fails(q, &dane.reasons, MXS_OUT_DEFER);
}

static void certificate(struct sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (q->s->pinned && !pinned(q)) {
        *mxs_list_add(q->j->arena, &reasons) = (struct mxs_reason){
            "not-pinned", 0, "the key is not the one on file", NULL };
        fails(q, &reasons, q->s->failed);
    } else if (q->s->pinned) {
        say(q, &q->s->verified_words);
        deliver(q, MXS_CHANNEL_VERIFIED, true);
    } else if (q->dane == USABLE) {
        by_dane(q);
    } else if (q->dane == UNUSABLE || q->dane == EMPTY) {
        unusable(q);
    } else {
        ordinary(q);
    }
}

/* --- the way there --- */

static const struct mxs_sender_words *no_dane_words(const struct sending *q)
{
    bool host = !q->s->dnssec || q->j->host->address_security != MXS_SECURITY_SECURE;
    const struct mxs_sender_words *own = q->dane == EMPTY ? &q->s->unusable_words
                                         : mx_insecure(q) ? &q->s->insecure_mx_words
                                         : host           ? &q->s->insecure_host_words
                                                          : &q->s->missing_words;
    return own->log || own->label ? own : &q->s->missing_words;
}

static void no_dane(struct sending *q)
{
    bool mx = mx_insecure(q);
    mxs_verdict_reason(q->j, q->v, mx ? "mx-insecure" : q->dane == EMPTY ? "tlsa-unusable" : "no-tlsa",
                       -1, "RFC 7672 6", mx ? "the MX records are not signed"
                                            : "there is no usable, secure TLSA record");
    say(q, no_dane_words(q));
    end(q, q->s->no_dane, mx ? MXS_STAGE_MX : MXS_STAGE_TLSA,
        q->dane == EMPTY ? "tlsa-invalid" : "dane-required");
}

static void lookup_failed(struct sending *q)
{
    mxs_verdict_reason(q->j, q->v,
                       q->j->host->tlsa_security == MXS_SECURITY_BOGUS ? "tlsa-bogus" : "tlsa-error",
                       -1, "RFC 7672 2.1.2", "the TLSA lookup failed");
    say(q, &q->s->lookup_words);
    end(q, MXS_OUT_DEFER, MXS_STAGE_TLSA, "dnssec-invalid");
}

/* True: it has its verdict before it connects. */
static bool before_connecting(struct sending *q)
{
    bool require = q->s->dane == MXS_DANE_REQUIRE;
    bool nothing = q->dane == NO_DANE || (q->dane == EMPTY && require);
    if (q->s->records_given && q->dane == NO_DANE) {
        mxs_verdict_reason(q->j, q->v, "no-tlsa", -1, NULL, "no TLSA record is given to it");
        return true; /* it cannot even be asked */
    }
    if (q->dane == LOOKUP)
        lookup_failed(q);
    else if (require && nothing)
        no_dane(q);
    return q->dane == LOOKUP || (require && nothing);
}

static const struct mxs_sender_words *refusal_words(const struct sending *q,
                                                    enum mxs_sender_outcome outcome, bool late)
{
    bool clear = outcome == MXS_OUT_CLEARTEXT && !q->required;
    const struct mxs_sender_words *words = late ? q->s->late_words : q->s->refused_words;
    if (!late && q->dane == USABLE && q->s->refused_dane_words.log)
        return &q->s->refused_dane_words;
    return &words[clear ? MXS_WORDS_CLEAR : MXS_WORDS_WAIT];
}

/* A reply has its own words at some stages. */
static const char *reply_words(const struct mxs_judge *j, const struct mxs_profile *p, int reply,
                               enum mxs_stage stage)
{
    const char *kind = reply >= 500 ? "permanent" : "temporary", *name = mxs_stage_name(stage);
    const char *own = name ? mxs_profile_get(p, mxs_arena_printf(j->arena, "log-%s-%s", kind, name)) : NULL;
    return own ? own : mxs_profile_get(p, mxs_arena_printf(j->arena, "log-%s", kind));
}

static void cleartext_or_not(struct sending *q, const enum mxs_sender_outcome outcome[2], bool late)
{
    if (late && q->s->late_label)
        certificate(q); /* for its label: the log had named the session */
    const char *label = q->v->label;
    *q->v = (struct mxs_verdict){ .verifier = q->v->verifier, .role = q->v->role,
                                  .grade = q->v->grade, .verified = -1, .alert = -1,
                                  .stage = MXS_STAGE_NONE, .label = label };
    mxs_transport(q->j, q->v);
    say(q, refusal_words(q, outcome[0], late));
    q->v->label = late && q->s->late_label ? label : NULL;
    if (outcome[0] == MXS_OUT_DEFER && outcome[1] == MXS_OUT_CLEARTEXT && !q->required)
        mxs_verdict_reason(q->j, q->v, "later-cleartext", -1, NULL,
                           "a later attempt goes out in cleartext");
    end(q, outcome[0], q->v->stage, "validation-failure");
}

static void refused(struct sending *q)
{
    const struct mxs_session_facts *s = q->j->session;
    bool late = s->tls.finished && s->tls.client_auth.verdict == MXS_CLIENT_REFUSED;
    bool shown = s->tls.client_auth.sent == MXS_SENT_CERTIFICATE;
    int reply = late ? s->tls.client_auth.reply : 0;
    if (reply) {
        mxs_transport(q->j, q->v);
        say_log(q, reply_words(q->j, q->p, reply, q->v->stage));
        end(q, reply >= 500 ? MXS_OUT_BOUNCE : MXS_OUT_DEFER, q->v->stage, "validation-failure");
    } else {
        cleartext_or_not(q, !late ? q->s->refused : shown ? q->s->late_certificate : q->s->late, late);
    }
}

static void connected(struct sending *q)
{
    static const enum mxs_sender_outcome clear[2] = { MXS_OUT_CLEARTEXT, MXS_OUT_CLEARTEXT };
    enum mxs_transport transport = mxs_transport_of(q->j->evidence, q->j->host, q->j->session);
    switch (transport) {
    case MXS_TRANSPORT_TLS:
        certificate(q);
        break;
    case MXS_TRANSPORT_BROKEN:
        refused(q);
        break;
    case MXS_TRANSPORT_CLEAR:
        mxs_transport(q->j, q->v);
        if (q->required)
            say(q, &q->s->no_starttls_words);
        end(q, clear[0], q->v->stage, "starttls-not-supported");
        break;
    default:
        mxs_transport_settles(q->j, q->v, q->required, NULL);
    }
}

/* MTA-STS, for a product that applies it: false when the policy does not list the host. */
static bool policy_lists(struct sending *q)
{
    struct mxs_sts_choice choice = mxs_sts_choose(&q->j->evidence->domain.sts, q->j->at);
    bool enforced = q->s->sts && q->j->evidence->has_domain && choice.policy &&
                    choice.policy->mode == MXS_STS_ENFORCE;
    if (!enforced || q->dane == USABLE)
        return true;
    q->sts = choice.policy;
    q->required = true;
    if (mxs_sts_lists(choice.policy, q->j->host->host))
        return true;
    mxs_verdict_reason(q->j, q->v, "mx-not-in-policy", -1, "RFC 8461 4.1",
                       "the policy does not list %s", q->j->host->host);
    end(q, MXS_OUT_DEFER, MXS_STAGE_POLICY, "validation-failure");
    return false;
}

static struct sending start(const struct mxs_judge *j, const struct mxs_profile *p,
                            struct mxs_verdict *v)
{
    struct sending q = { .j = j, .p = p, .s = p->sender, .v = v };
    *v = (struct mxs_verdict){ .verifier = p->name, .role = MXS_ROLE_SENDER, .grade = p->grade,
                               .verified = -1, .alert = -1, .stage = MXS_STAGE_NONE };
    q.dane = dane_state(&q);
    q.half = q.dane >= EMPTY && mx_insecure(&q);
    q.required = q.s->tls_required || q.dane >= EMPTY || q.s->tool;
    return q;
}

void mxs_sender_judge(const struct mxs_judge *j, const struct mxs_profile *p, struct mxs_verdict *v)
{
    struct sending q = start(j, p, v);
    bool mx = j->evidence->has_domain && !q.s->tool && failed(j->evidence->domain.mx_security);
    if (mx || failed(j->host->address_security))
        mxs_transport_settles(j, v, q.required, NULL);
    else if (!before_connecting(&q) && policy_lists(&q))
        connected(&q);
}

static enum mxs_action action_of(const struct sending *q, enum mxs_sender_outcome outcome)
{
    bool clear = outcome == MXS_OUT_CLEARTEXT && !q->required;
    return clear ? MXS_ACTION_DELIVER : outcome == MXS_OUT_BOUNCE ? MXS_ACTION_BOUNCE
                                                                  : MXS_ACTION_DEFER;
}

static void then_replied(struct mxs_then *then, const struct sending *q,
                         const struct mxs_refused *refused)
{
    bool permanent = refused->how == MXS_REFUSAL_PERMANENT;
    then->first = then->later = permanent ? MXS_ACTION_BOUNCE : MXS_ACTION_DEFER;
    /* where the mail is kept whatever the code, no template fits */
    if (refused->reply && (refused->reply >= 500) == permanent)
        then->log = reply_words(q->j, q->p, refused->reply, refused->stage);
}

struct mxs_then mxs_sender_refused(const struct mxs_judge *j, const struct mxs_profile *p,
                                   const struct mxs_refused *refused)
{
    struct mxs_verdict scratch;
    struct sending q = start(j, p, &scratch);
    bool late = refused->how != MXS_REFUSAL_HANDSHAKE;
    const enum mxs_sender_outcome *o = !late ? q.s->refused
                                     : refused->certificate ? q.s->late_certificate : q.s->late;
    struct mxs_then then = { .sender = p->name, .gnutls = q.s->dane_rules.libdane };
    policy_lists(&q);
    q.required = q.required || q.s->dane == MXS_DANE_REQUIRE;
    if (refused->how == MXS_REFUSAL_TEMPORARY || refused->how == MXS_REFUSAL_PERMANENT) {
        then_replied(&then, &q, refused);
        return then;
    }
    then.first = action_of(&q, o[0]);
    then.later = action_of(&q, o[1]);
    then.log = refusal_words(&q, o[0], late)->log;
    if (then.first == MXS_ACTION_DELIVER || then.later == MXS_ACTION_DELIVER)
        then.channel = MXS_CHANNEL_CLEARTEXT;
    return then;
}

bool mxs_profile_is_tool(const struct mxs_profile *profile)
{
    return profile->sender && profile->sender->tool;
}
