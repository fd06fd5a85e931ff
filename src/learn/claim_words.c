/* The words of claims: what each asks of an event, of a session, or of the rest. A new one is a function
 * and a row of the table at the end. */
#include "config.h"

#include "learn/claim_words.h"

#include "judge/finding.h"

#include <stdio.h>

enum { PAIR_MAX = 400 };

/* --- about an event --- */

static bool on_event(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    char pair[PAIR_MAX];
    if (!same(t->name, mxs_event_kind_name(e->kind)))
        return false;
    for (const char *p = t->value; p && *p; p += strcspn(p, ","), p += *p == ',') {
        snprintf(pair, sizeof pair, "%.*s", (int)strcspn(p, ","), p);
        char *is = strchr(pair, '=');
        if (is)
            *is++ = 0;
        const char *has = same(pair, "dir") ? mxs_dir_name(e->dir)
                          : same(pair, "at") ? mxs_stage_name(e->stage) : mxs_event_attr(e, pair);
        if (!has || (is && !mxs_glob(is, has)))
            return false;
    }
    return true;
}

/* "start" when nothing is said; "end" is any other. */
static bool on_stage(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    const char *status = mxs_event_attr(e, "status");
    return e->kind == MXS_EVENT_STAGE && same(t->name, mxs_stage_name(e->stage)) &&
           (same(t->value, "end") ? status && !same(status, "start")
                                  : same(t->value ? t->value : "start", status));
}

static bool on_reply(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    return e->kind == MXS_EVENT_SMTP && e->dir == MXS_DIR_IN &&
           same(t->name, mxs_event_attr(e, "code")) &&
           (!t->value || same(t->value, mxs_stage_name(e->stage)));
}

static bool on_command(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    size_t n = strlen(t->name);
    char word[32];
    if (e->kind != MXS_EVENT_SMTP || e->dir != MXS_DIR_OUT || e->data.n < n || n >= sizeof word)
        return false;
    snprintf(word, sizeof word, "%.*s", (int)n, (const char *)e->data.p);
    return same(word, t->name);
}

static bool on_message(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    const char *name = mxs_tls_message_name((unsigned)mxs_event_attr_int(e, "type", 256));
    return e->kind == MXS_EVENT_HANDSHAKE && same(t->name, name) &&
           (!t->value || same(t->value, mxs_dir_name(e->dir)));
}

static bool on_alert(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    long code = mxs_event_attr_int(e, "code", 256);
    return e->kind == MXS_EVENT_ALERT && (!t->value || same(t->value, mxs_dir_name(e->dir))) &&
           (number_is(t->name, code) || same(t->name, mxs_tls_alert_name((unsigned)code)));
}

static bool on_client_verdict(const struct mxs_claim_term *t, const struct mxs_event *e)
{
    return e->kind == MXS_EVENT_CLIENT_VERDICT && same(t->name, mxs_event_attr(e, "verdict"));
}

/* --- about a session --- */

#define SESSION_TERM(function)                                                                    \
    static bool function(const struct mxs_claim_term *t, const struct mxs_host_facts *host,       \
                         const struct mxs_session_facts *s, const struct mxs_session_assessment *j)
#define UNUSED(a, b, c) ((void)(a), (void)(b), (void)(c))

static const struct mxs_verdict *verdict(const struct mxs_session_assessment *judged,
                                         const char *verifier)
{
    return judged ? mxs_assessment_verdict(judged, verifier) : NULL;
}

static bool acts(const struct mxs_verdict *v, const char *action)
{
    const char *name = mxs_action_name(v->action);
    return same(action, name ? name : "unknown");
}

SESSION_TERM(of_verdict)
{
    const struct mxs_verdict *v = verdict(j, t->name);
    UNUSED(host, s, t);
    return v && acts(v, t->value);
}

SESSION_TERM(of_channel)
{
    const struct mxs_verdict *v = verdict(j, t->name);
    UNUSED(host, s, t);
    return v && same(t->value, mxs_channel_name(v->channel));
}

SESSION_TERM(of_reason)
{
    const struct mxs_verdict *v = verdict(j, t->name);
    UNUSED(host, s, t);
    for (size_t i = 0; v && i < v->reasons.n; i++)
        if (same(t->value, v->reasons.v[i].id))
            return true;
    return false;
}

bool mxs_claim_then(const struct mxs_verdict *v, const char *sender_what)
{
    const char *what = strrchr(sender_what, '/');
    for (size_t i = 0; what && i < v->then.n; i++) {
        const struct mxs_then *then = &v->then.v[i];
        size_t n = (size_t)(what - sender_what);
        if (strncmp(then->sender, sender_what, n) == 0 && !then->sender[n] &&
            (same(what + 1, mxs_channel_name(then->channel)) ||
             (!then->channel && same(what + 1, mxs_action_name(then->later)))))
            return true;
    }
    return false;
}

/* RECEIVER=SENDER/WHAT: what a sender does in the end about this receiver's refusal, as the channel or
 * the action of its last try. */
SESSION_TERM(of_then)
{
    const struct mxs_verdict *v = verdict(j, t->name);
    UNUSED(host, s, t);
    return v && t->value && mxs_claim_then(v, t->value);
}

SESSION_TERM(of_tls)
{
    const char *name = s->tls.version ? mxs_tls_version_name(s->tls.version) : NULL;
    UNUSED(host, j, t);
    return name && same(t->name, name + strlen("TLS"));
}

SESSION_TERM(of_reached)
{
    UNUSED(host, j, t);
    return same(t->name, mxs_stage_name(s->reached));
}

SESSION_TERM(of_end)
{
    UNUSED(host, j, t);
    return same(t->name, mxs_end_name(s->end));
}

SESSION_TERM(of_sent)
{
    static const char *const words[] = { "nothing", "empty", "certificate" };
    UNUSED(host, j, t);
    return s->tls.client_auth.sent < MXS_COUNT(words) &&
           same(t->name, words[s->tls.client_auth.sent]);
}

SESSION_TERM(of_chain)
{
    UNUSED(host, j, t);
    return number_is(t->name, (long)s->chain.certs.n);
}

SESSION_TERM(of_starttls)
{
    UNUSED(host, j, t);
    return same(t->name, mxs_starttls_name(s->starttls));
}

SESSION_TERM(of_tlsa)
{
    bool match = false;
    UNUSED(s, t, host);
    for (size_t i = 0; j && i < j->matches.n; i++)
        match = match || j->matches.v[i].depth >= 0;
    return j && (same(t->name, "match") ? match : host->tlsa.n && !match);
}

/* --- about the rest --- */

static bool has_security(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_evidence *ev = facts->evidence;
    for (size_t i = 0; ev && i < ev->hosts.n; i++) {
        const struct mxs_host_facts *host = ev->hosts.v[i];
        enum mxs_security now = same(t->name, "tlsa") ? host->tlsa_security : host->address_security;
        if ((!t->of || same(t->of, host->host)) && same(t->value, mxs_security_name(now)))
            return true;
    }
    return false;
}

static bool has_finding(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_assessment *a = facts->assessment;
    for (size_t i = 0; a && i < a->findings.n; i++) {
        const struct mxs_finding *f = &a->findings.v[i];
        if (same(t->name, f->id) && (!t->of || same(t->of, f->host)))
            return true;
    }
    return false;
}

static bool has_status(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    return facts->assessment && same(t->name, mxs_status_name(facts->assessment->status));
}

static bool has_policy(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_evidence *ev = facts->evidence;
    const struct mxs_sts_facts *sts = ev ? &ev->domain.sts : NULL;
    return sts && (sts->has_policy ? same(t->name, mxs_sts_mode_name(sts->policy.mode))
                                   : same(t->name, "none"));
}

/* --- what may be named --- */

static bool knows_kind(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    return mxs_event_kind_parse(t->name) >= 0;
}

static bool knows_stage(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    return mxs_stage_parse(t->name) != MXS_STAGE_NONE &&
           (!t->value || same(t->value, "start") || same(t->value, "end") ||
            mxs_stage_status_parse(t->value) != MXS_STAGE_NOT_REACHED);
}

static bool knows_code(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    return is_number(t->name) && strlen(t->name) == 3 &&
           (!t->value || mxs_stage_parse(t->value) != MXS_STAGE_NONE);
}

static bool knows_message(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    for (unsigned type = 0; type < 256; type++)
        if (same(t->name, mxs_tls_message_name(type)))
            return true;
    return false;
}

static bool knows_alert(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    for (unsigned code = 0; code < 256; code++)
        if (mxs_tls_alert_name(code) &&
            (number_is(t->name, (long)code) || same(t->name, mxs_tls_alert_name(code))))
            return true;
    return false;
}

static bool knows_finding(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    (void)known;
    return mxs_finding_row(t->name) != NULL;
}

static bool knows_verifier(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    return !known->verifier || known->verifier(known->data, t->name);
}

static bool is_action(const char *word)
{
    bool found = same(word, "unknown");
    for (int a = MXS_ACTION_UNKNOWN; a <= MXS_ACTION_HANDSHAKE_FAILURE; a++)
        found = found || same(word, mxs_action_name((enum mxs_action)a));
    return found;
}

static bool is_channel(const char *word)
{
    bool found = false;
    for (int c = MXS_CHANNEL_NONE; c <= MXS_CHANNEL_CLEARTEXT; c++)
        found = found || same(word, mxs_channel_name((enum mxs_channel)c));
    return found;
}

bool mxs_claim_comes_to(const struct mxs_verdict *v, const char *what)
{
    return acts(v, what) || same(what, mxs_channel_name(v->channel));
}

bool mxs_claim_is_outcome(const char *what)
{
    return is_action(what) || is_channel(what);
}

static bool knows_action(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    return (!t->value || is_action(t->value)) && knows_verifier(known, t);
}

static bool knows_channel(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    return (!t->value || is_channel(t->value)) && knows_verifier(known, t);
}

static bool one_of(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same(text, words[i]))
            return true;
    return false;
}

#define KNOWS(function, member, ...)                                                           \
    static bool function(const struct mxs_lesson_known *known, const struct mxs_claim_term *t) \
    {                                                                                          \
        static const char *const words[] = { __VA_ARGS__ };                                    \
        (void)known;                                                                           \
        return one_of(t->member, words, MXS_COUNT(words));                                     \
    }
KNOWS(knows_verdict, name, "open", "accepted", "refused")
KNOWS(knows_version, name, "1.0", "1.1", "1.2", "1.3")
KNOWS(knows_end, name, "open", "done", "connect", "timeout", "closed", "reply", "protocol", "alert",
      "local-refusal", "cancelled")
KNOWS(knows_sent, name, "nothing", "empty", "certificate")
KNOWS(knows_starttls, name, "offered", "absent", "refused")
KNOWS(knows_tlsa, name, "match", "none")
KNOWS(knows_security, name, "tlsa", "address")
KNOWS(knows_status, name, "OK", "WARNING", "CRITICAL", "UNKNOWN")
KNOWS(knows_mode, name, "enforce", "testing", "none")

static const struct mxs_claim_word words[] = {
    { "event", knows_kind, "event", false, on_event, NULL, NULL },
    { "stage", knows_stage, "stage", false, on_stage, NULL, NULL },
    { "reply", knows_code, "reply code", false, on_reply, NULL, NULL },
    { "command", NULL, "command", false, on_command, NULL, NULL },
    { "message", knows_message, "TLS message", false, on_message, NULL, NULL },
    { "alert", knows_alert, "alert", false, on_alert, NULL, NULL },
    { "client-verdict", knows_verdict, "verdict", false, on_client_verdict, NULL, NULL },
    { "verdict", knows_action, "verifier or action", true, NULL, of_verdict, NULL },
    { "channel", knows_channel, "verifier or channel", true, NULL, of_channel, NULL },
    { "reason", knows_verifier, "verifier", true, NULL, of_reason, NULL },
    { "then", knows_verifier, "verifier", true, NULL, of_then, NULL },
    { "tls", knows_version, "TLS version", false, NULL, of_tls, NULL },
    { "reached", knows_stage, "stage", false, NULL, of_reached, NULL },
    { "end", knows_end, "end of a session", false, NULL, of_end, NULL },
    { "sent", knows_sent, "answer to a request", false, NULL, of_sent, NULL },
    { "chain", NULL, "number", false, NULL, of_chain, NULL },
    { "starttls", knows_starttls, "state of STARTTLS", false, NULL, of_starttls, NULL },
    { "tlsa", knows_tlsa, "state of TLSA records", false, NULL, of_tlsa, NULL },
    { "security", knows_security, "lookup", true, NULL, NULL, has_security },
    { "finding", knows_finding, "finding", false, NULL, NULL, has_finding },
    { "status", knows_status, "status", false, NULL, NULL, has_status },
    { "policy", knows_mode, "policy mode", false, NULL, NULL, has_policy },
    { "whatif", mxs_claim_knows_whatif, "scenario, verifier or outcome", true, NULL, NULL,
      mxs_claim_whatif },
    { "plan", mxs_claim_knows_plan, "state or step of a plan", false, NULL, NULL, mxs_claim_plan },
};

const struct mxs_claim_word *mxs_claim_words(size_t *n)
{
    *n = MXS_COUNT(words);
    return words;
}
