/* Sessions: how each begins and ends, and what SMTP says in it. */
#include "config.h"

#include "journal/fold_room.h"

#include "base/text.h"

#include <string.h>

static size_t session_count(const struct mxs_evidence *ev)
{
    size_t n = 0;
    for (size_t i = 0; i < ev->hosts.n; i++)
        n += ev->hosts.v[i]->sessions.n;
    return n;
}

/* It shows the stages of its host and its domain as its own. */
static void inherit(const struct mxs_evidence *ev, const struct mxs_host_facts *host,
                    struct mxs_session_facts *session)
{
    for (int i = 0; i < MXS_STAGE_COUNT; i++) {
        char scope = mxs_stage_scope((enum mxs_stage)i);
        if (scope == 'D')
            session->stages[i] = ev->stages[i];
        if (scope == 'H')
            session->stages[i] = host->stages[i];
    }
}

void mxs_fold_probe(struct mxs_evidence *ev, const struct mxs_event *event)
{
    const char *offer = mxs_event_attr(event, "offer");
    if (event->session == 0 || mxs_evidence_session(ev, event->session, NULL) ||
        session_count(ev) >= MXS_FOLD_SESSIONS_MAX)
        return;
    struct mxs_host_facts *host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
    if (!host)
        return;
    struct mxs_session_facts *s = MXS_NEW(ev->arena, struct mxs_session_facts);
    s->id = event->session;
    s->address = mxs_arena_strdup(ev->arena, mxs_event_attr(event, "address"));
    s->port = (unsigned)mxs_event_attr_int(event, "port", 25);
    s->offer = offer && mxs_offer_parse(offer) >= 0 ? (enum mxs_offer)mxs_offer_parse(offer)
                                                    : MXS_OFFER_ANY;
    s->implicit_tls = mxs_event_attr_int(event, "implicit", 0) == 1;
    s->client_certificate = mxs_event_attr_int(event, "client-cert", 0) == 1;
    s->reached = MXS_STAGE_NONE;
    s->tls.client_auth.required = -1;
    s->tls.client_auth.alert = -1;
    s->first_seq = event->seq;
    inherit(ev, host, s);
    *mxs_list_add(ev->arena, &host->sessions) = s;
    host->preference = (unsigned)mxs_event_attr_int(event, "preference", host->preference);
}

/* --- kinds of certificate that a server does not have --- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Ended by the server where its ServerHello was due. */
static bool turned_away(const struct mxs_session_facts *s)
{
    bool ended = s->end == MXS_END_CLOSED || s->end == MXS_END_ALERT;
    return ended && s->has_tls && !s->tls.version && s->reached == MXS_STAGE_SERVER_HELLO;
}

/* A server without a certificate of the kind asked for may just go, or send any alert. That it was no
 * fault shows only when the other kind is served: the session before is settled then, to look as when
 * the walk knew at once (the fields of mxs_session_lacks_kind). */
static void settle_kinds(struct mxs_evidence *ev, const struct mxs_host_facts *host,
                         const struct mxs_session_facts *served)
{
    for (size_t i = 0; i < host->sessions.n; i++) {
        struct mxs_session_facts *s = host->sessions.v[i];
        struct mxs_stage_result *hello = &s->stages[MXS_STAGE_SERVER_HELLO];
        if (s->offer == MXS_OFFER_ANY || s->offer == served->offer || s->port != served->port ||
            !same_text(s->address, served->address) || !same_text(s->tls.sni, served->tls.sni) ||
            !turned_away(s))
            continue;
        s->end = MXS_END_DONE;
        hello->status = MXS_STAGE_SKIPPED;
        hello->summary = mxs_arena_printf(ev->arena, "no %s certificate here (%s)",
                                          s->offer == MXS_OFFER_RSA ? "RSA" : "ECDSA",
                                          s->error ? s->error : "the server went");
        s->error = NULL;
    }
}

void mxs_fold_probe_end(struct mxs_evidence *ev, struct mxs_session_facts *s,
                        const struct mxs_event *event)
{
    const char *end = mxs_event_attr(event, "end"), *error = mxs_event_attr(event, "error");
    int value = end ? mxs_end_parse(end) : -1;
    struct mxs_host_facts *host;
    s->end = value < 0 ? MXS_END_DONE : (enum mxs_end)value;
    s->reply = (int)mxs_event_attr_int(event, "reply", s->reply);
    if (error)
        s->error = mxs_arena_strdup(ev->arena, error);
    if (s->tls.finished && mxs_evidence_session(ev, s->id, &host))
        settle_kinds(ev, host, s);
}

/* --- SMTP --- */

/* The first line as it stood on the wire, code and all. */
static const char *first_line(struct mxs_arena *arena, struct mxs_bytes raw)
{
    size_t n = 0;
    while (n < raw.n && raw.p[n] != '\r' && raw.p[n] != '\n')
        n++;
    return mxs_text_clip(arena, mxs_bytes(raw.p, n), 512);
}

static void fold_ehlo(struct mxs_session_facts *s, const struct mxs_smtp_reply *reply, bool tls)
{
    *(tls ? &s->ehlo_tls : &s->ehlo) = *reply;
    *(tls ? &s->has_ehlo_tls : &s->has_ehlo) = true;
    if (tls || s->implicit_tls)
        s->tls.client_auth.external_offered = mxs_smtp_keyword_has(reply, "AUTH", "EXTERNAL");
    else if (reply->code / 100 == 2)
        s->starttls = mxs_smtp_keyword(reply, "STARTTLS") ? MXS_STARTTLS_OFFERED
                                                          : MXS_STARTTLS_ABSENT;
}

void mxs_fold_smtp(struct mxs_evidence *ev, struct mxs_session_facts *s,
                   const struct mxs_event *event)
{
    struct mxs_smtp_reply reply = { 0 };
    size_t used = 0;
    bool tls = mxs_event_attr_int(event, "tls", 0) == 1;
    if (event->dir != MXS_DIR_IN)
        return;
    bool whole = mxs_smtp_reply_parse(ev->arena, event->data, &reply, &used, NULL) == MXS_OK;
    int code = (int)mxs_event_attr_int(event, "code", whole ? reply.code : 0);
    if (event->stage == MXS_STAGE_BANNER && !s->banner)
        s->banner = first_line(ev->arena, event->data);
    if (event->stage == MXS_STAGE_STARTTLS && !tls) {
        s->starttls_reply = code;
        if (code != 220)
            s->starttls = MXS_STARTTLS_REFUSED;
    }
    if (!whole)
        return;
    s->smtp_quirks |= reply.quirks;
    if (mxs_event_attr_int(event, "ehlo", 0) == 1)
        fold_ehlo(s, &reply, tls);
    else if (event->stage == MXS_STAGE_EHLO && code / 100 == 2 && s->starttls == MXS_STARTTLS_UNKNOWN)
        s->starttls = MXS_STARTTLS_ABSENT; /* HELO after a refused EHLO: no extensions at all */
}

void mxs_fold_glued(struct mxs_evidence *ev, struct mxs_session_facts *s,
                    const struct mxs_event *event)
{
    (void)ev;
    s->glued_bytes += event->data.n;
}

void mxs_fold_error(struct mxs_evidence *ev, struct mxs_session_facts *s,
                    const struct mxs_event *event)
{
    if (!s->error)
        s->error = mxs_arena_strdup(ev->arena, event->summary);
}
