#include "config.h"

#include "judge/finding.h"

#include <string.h>

/* STARTTLS, the handshake, and client certificates. */

enum { ALERT_PROTOCOL_VERSION = 70, ALERT_CERTIFICATE_REQUIRED = 116 };

struct look {
    struct mxs_find *find;
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *s;
    uint64_t seq;
};

static const struct mxs_tls_alert *fatal_alert(const struct mxs_session_facts *s)
{
    for (size_t i = 0; i < s->tls.alerts.n; i++)
        if (s->tls.alerts.v[i].dir == MXS_DIR_IN && s->tls.alerts.v[i].level == 2)
            return &s->tls.alerts.v[i];
    return NULL;
}

static const char *alert_text(struct mxs_arena *arena, int code)
{
    const char *name = mxs_tls_alert_name((unsigned)code);
    return mxs_arena_printf(arena, "%d (%s)", code, name ? name : "unassigned");
}

static void starttls(const struct look *l)
{
    const struct mxs_session_facts *s = l->s;
    struct mxs_arena *arena = l->find->assessment->arena;
    if (s->starttls == MXS_STARTTLS_ABSENT)
        mxs_find_say(l->find, STARTTLS_ABSENT, l->host->host,
                     mxs_find_stage_event(s, MXS_STAGE_EHLO), NULL, { s->address });
    if (s->starttls == MXS_STARTTLS_REFUSED)
        mxs_find_say(l->find, STARTTLS_REFUSED, l->host->host,
                     mxs_find_stage_event(s, MXS_STAGE_STARTTLS), NULL,
                     { s->address, s->error ? s->error
                                            : mxs_arena_printf(arena, "%d", s->starttls_reply) });
    if (s->glued_bytes)
        mxs_find_say(l->find, GLUED_BYTES, l->host->host,
                     mxs_find_stage_event(s, MXS_STAGE_STARTTLS), NULL,
                     { s->address, mxs_arena_printf(arena, "%zu", s->glued_bytes) });
    if (s->has_ehlo_tls && !s->implicit_tls && mxs_smtp_keyword(&s->ehlo_tls, "STARTTLS"))
        mxs_find_say(l->find, STARTTLS_AGAIN, l->host->host,
                     mxs_find_stage_event(s, MXS_STAGE_EHLO_TLS), NULL, { s->address });
}

static bool too_old(const struct look *l)
{
    const struct mxs_session_facts *s = l->s;
    const struct mxs_tls_alert *alert = fatal_alert(s);
    bool old = s->tls.version && s->tls.version < MXS_TLS_1_2;
    bool refused = alert && alert->code == ALERT_PROTOCOL_VERSION && !s->tls.finished;
    if (old || refused)
        mxs_find_say(l->find, TLS_TOO_OLD, l->host->host, l->seq, NULL,
                     { s->address, old ? mxs_tls_version_name(s->tls.version)
                                       : "versions older than TLS 1.2" });
    return old || refused;
}

static bool asked(const struct mxs_session_facts *s)
{
    return s->tls.client_auth.requested;
}

/* Alerts that speak of our certificate or of its absence (RFC 8446 6.2, RFC 5246 7.2.2; 50 is what
 * GnuTLS servers send in TLS 1.2). */
static bool about_client(int alert)
{
    static const int codes[] = { 40, 41, 42, 43, 44, 45, 46, 48, 49, 50, 51, 116 };
    for (size_t i = 0; i < MXS_COUNT(codes); i++)
        if (codes[i] == alert)
            return true;
    return false;
}

/* Inside the handshake: alert 116 says it; in TLS 1.2 it is a word about certificates, or a bare close,
 * behind our flight without a certificate (RFC 5246 7.4.6). In TLS 1.3 it can only come later. */
static bool required_in_handshake(const struct mxs_session_facts *s)
{
    const struct mxs_tls_alert *alert = fatal_alert(s);
    if (s->tls.finished || s->tls.client_auth.sent == MXS_SENT_CERTIFICATE)
        return false;
    if (alert && alert->code == ALERT_CERTIFICATE_REQUIRED)
        return true;
    bool told = alert ? about_client(alert->code)
                      : s->end == MXS_END_CLOSED && s->reached >= MXS_STAGE_FINISHED;
    return asked(s) && s->tls.version == MXS_TLS_1_2 && told;
}

static const char *refusal_words(const struct look *l)
{
    const struct mxs_client_auth *a = &l->s->tls.client_auth;
    const struct mxs_tls_alert *alert = fatal_alert(l->s);
    struct mxs_arena *arena = l->find->assessment->arena;
    if (a->alert >= 0 && a->verdict == MXS_CLIENT_REFUSED)
        return mxs_arena_printf(arena, "alert %s", alert_text(arena, a->alert));
    if (a->verdict == MXS_CLIENT_REFUSED && a->verdict_why)
        return a->verdict_why;
    if (l->s->end == MXS_END_REPLY && l->s->error)
        return l->s->error;
    if (alert)
        return mxs_arena_printf(arena, "alert %s", alert_text(arena, alert->code));
    return "closed without a word";
}

/* The server ended it after the handshake, by an alert that may mean something else. */
static bool refused_late(const struct mxs_session_facts *s)
{
    const struct mxs_client_auth *a = &s->tls.client_auth;
    return a->verdict == MXS_CLIENT_REFUSED && asked(s) && (a->alert < 0 || about_client(a->alert));
}

/* The reply of a server that let the handshake pass and refuses later: 454 at MAIL as sendmail, 550 at
 * RCPT as Exim's ACL, 421 at the first command as Postfix. Its words are all there is to go by. */
bool mxs_find_refuses_client(const struct mxs_session_facts *s)
{
    static const char *const words[] = { "certificate", "TLS", "verif" };
    bool late = s->end == MXS_END_REPLY && s->reached >= MXS_STAGE_EHLO_TLS;
    for (size_t i = 0; late && asked(s) && s->error && i < MXS_COUNT(words); i++)
        if (strstr(s->error, words[i]))
            return true;
    return s->tls.client_auth.verdict == MXS_CLIENT_REFUSED;
}

/* True when the session's end is told by what happened about client certificates. */
static bool client_auth(const struct look *l)
{
    const struct mxs_session_facts *s = l->s;
    const struct mxs_client_auth *a = &s->tls.client_auth;
    bool by_reply = a->verdict != MXS_CLIENT_REFUSED && mxs_find_refuses_client(s);
    bool refused = refused_late(s) || required_in_handshake(s) || by_reply;
    if (refused && a->sent == MXS_SENT_CERTIFICATE)
        mxs_find_say(l->find, CLIENT_REFUSED, l->host->host, l->seq, NULL,
                     { s->address, refusal_words(l) });
    else if (refused)
        mxs_find_say(l->find, CLIENT_REQUIRED, l->host->host, l->seq, NULL,
                     { s->address, refusal_words(l) });
    else if (asked(s) && a->sent != MXS_SENT_CERTIFICATE && s->tls.finished)
        mxs_find_say(l->find, CLIENT_REQUESTED, l->host->host,
                     mxs_find_stage_event(s, MXS_STAGE_CERTIFICATE_REQUEST), NULL, { s->address });
    if (refused && s->tls.finished && s->tls.version == MXS_TLS_1_3 && !a->reply && !by_reply)
        mxs_find_say(l->find, LATE_REFUSAL, l->host->host, l->seq, NULL,
                     { s->address, refusal_words(l) });
    return refused;
}

static void handshake(const struct look *l)
{
    const struct mxs_session_facts *s = l->s;
    const char *stage = mxs_stage_title(s->reached), *error = s->error ? s->error : "garbage";
    const struct mxs_tls_alert *alert = fatal_alert(s);
    if (too_old(l) || client_auth(l))
        return;
    if (s->tls.finished && s->end != MXS_END_ALERT)
        return;
    if (s->end == MXS_END_DONE) /* asked for a kind of certificate that this server does not have */
        return;
    if (s->end == MXS_END_LOCAL_REFUSAL)
        mxs_find_say(l->find, LOCAL_REFUSAL, l->host->host, l->seq, NULL, { s->address, error });
    else if (s->end == MXS_END_PROTOCOL)
        mxs_find_say(l->find, TLS_PLAINTEXT, l->host->host, l->seq, NULL, { s->address, error });
    else if (alert && s->end != MXS_END_OPEN && s->end != MXS_END_DONE) /* DONE: only a kind of
                                                  certificate that is not there, offer by offer */
        mxs_find_say(l->find, TLS_ALERT, l->host->host, alert->seq, NULL,
                     { s->address, stage, alert_text(l->find->assessment->arena, alert->code) });
    else if (s->end == MXS_END_CLOSED || s->end == MXS_END_CONNECT)
        mxs_find_say(l->find, TLS_CLOSED, l->host->host, l->seq, NULL, { s->address, stage });
    else if (s->end == MXS_END_TIMEOUT)
        mxs_find_say(l->find, TLS_SILENT, l->host->host, l->seq, NULL, { s->address, stage });
}

static void external(const struct look *l)
{
    const struct mxs_client_auth *a = &l->s->tls.client_auth;
    bool submission = l->s->port == 465 || l->s->port == 587;
    if (submission && a->sent == MXS_SENT_CERTIFICATE && a->verdict == MXS_CLIENT_ACCEPTED &&
        l->s->has_ehlo_tls && !a->external_offered)
        mxs_find_say(l->find, EXTERNAL_ABSENT, l->host->host,
                     mxs_find_stage_event(l->s, MXS_STAGE_EHLO_TLS), NULL, { l->s->address });
}

/* RFC 8446 4.2.4: a hint. We send all the same; GnuTLS by itself, as in Exim, does not. */
static void unnamed_ca(const struct look *l)
{
    const struct mxs_client_auth *a = &l->s->tls.client_auth;
    if (a->sent != MXS_SENT_CERTIFICATE || !a->acceptable_cas.n || !a->chain.certs.n)
        return;
    for (size_t i = 0; i < a->chain.certs.n; i++)
        for (size_t j = 0; j < a->acceptable_cas.n; j++)
            if (strcmp(a->chain.certs.v[i]->issuer, a->acceptable_cas.v[j]) == 0)
                return;
    mxs_find_say(l->find, CLIENT_UNNAMED_CA, l->host->host,
                 mxs_find_stage_event(l->s, MXS_STAGE_CERTIFICATE_REQUEST), NULL,
                 { l->s->address, a->chain.certs.v[a->chain.certs.n - 1]->issuer });
}

/* The names in the CertificateRequest against the store of public authorities. */
static void public_cas(const struct look *l)
{
    const struct mxs_strs *cas = &l->s->tls.client_auth.acceptable_cas;
    struct mxs_store *store = l->find->options->store;
    for (size_t i = 0; store && l->find->options->public_roots && i < cas->n; i++)
        if (mxs_store_names(store, cas->v[i])) {
            mxs_find_say(l->find, CLIENT_PUBLIC_CAS, l->host->host,
                         mxs_find_stage_event(l->s, MXS_STAGE_CERTIFICATE_REQUEST), NULL,
                         { l->s->address, cas->v[i] });
            return;
        }
}

void mxs_find_tls(struct mxs_find *f)
{
    for (size_t i = 0; i < f->judges.n; i++) {
        struct look l = { f, f->judges.v[i].host, f->judges.v[i].session,
                          mxs_find_event(f->judges.v[i].session) };
        starttls(&l);
        if (l.s->has_tls && !mxs_session_lacks_kind(l.s)) {
            handshake(&l);
            external(&l);
            public_cas(&l);
            unnamed_ca(&l);
        }
    }
}
