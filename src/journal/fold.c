#include "config.h"

#include "journal/fold_room.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct fold {
    struct mxs_evidence evidence; /* first: the caller has a pointer to it */
    struct mxs_journal *journal;
};

struct mxs_host_facts *mxs_fold_host(struct mxs_evidence *ev, const char *name)
{
    if (!name)
        return NULL;
    struct mxs_host_facts *host = mxs_evidence_host(ev, name);
    if (host || ev->hosts.n >= MXS_FOLD_HOSTS_MAX)
        return host;
    host = MXS_NEW(ev->arena, struct mxs_host_facts);
    host->host = mxs_arena_strdup(ev->arena, name);
    *mxs_list_add(ev->arena, &ev->hosts) = host;
    return host;
}

static size_t session_count(const struct mxs_evidence *ev)
{
    size_t n = 0;
    for (size_t i = 0; i < ev->hosts.n; i++)
        n += ev->hosts.v[i]->sessions.n;
    return n;
}

/* --- the walk --- */

static const struct mxs_name target_kinds[] = {
    { MXS_TARGET_DOMAIN, "domain" }, { MXS_TARGET_HOST, "host" },
    { MXS_TARGET_ADDRESS, "address" }, { 0, NULL },
};

static void fold_walk(struct mxs_evidence *ev, const struct mxs_event *event)
{
    const char *kind = mxs_event_attr(event, "kind");
    if (ev->target)
        return;
    ev->target = mxs_arena_strdup(ev->arena, mxs_event_attr(event, "target"));
    ev->parsed_target.text = ev->target;
    ev->parsed_target.name = mxs_arena_strdup(ev->arena, mxs_event_attr(event, "name"));
    ev->parsed_target.port = (unsigned)mxs_event_attr_int(event, "port", 25);
    ev->parsed_target.kind =
        kind && mxs_name_value(target_kinds, kind) >= 0
            ? (enum mxs_target_kind)mxs_name_value(target_kinds, kind)
            : MXS_TARGET_DOMAIN;
    ev->has_domain = ev->parsed_target.kind == MXS_TARGET_DOMAIN;
    if (ev->has_domain)
        ev->domain.name = ev->parsed_target.name;
}

static void fold_walk_end(struct mxs_evidence *ev, const struct mxs_event *event)
{
    const char *error = mxs_event_attr(event, "error");
    ev->finished = true;
    ev->cancelled = mxs_event_attr_int(event, "cancelled", 0) == 1;
    if (error)
        ev->error = mxs_arena_strdup(ev->arena, error);
}

/* --- stages --- */

/* Every session shows the stages of its host and its domain as its own. */
static void spread(struct mxs_evidence *ev, const struct mxs_host_facts *host, enum mxs_stage stage)
{
    for (size_t i = 0; i < ev->hosts.n; i++) {
        struct mxs_host_facts *h = ev->hosts.v[i];
        for (size_t k = 0; (!host || h == host) && k < h->sessions.n; k++)
            h->sessions.v[k]->stages[stage] = host ? h->stages[stage] : ev->stages[stage];
    }
}

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

/* True when this event starts the stage. */
static bool stage_result(struct mxs_evidence *ev, struct mxs_stage_result *result,
                         const struct mxs_event *event)
{
    const char *status = mxs_event_attr(event, "status");
    bool starts = status && strcmp(status, "start") == 0;
    if (starts || result->seq == 0)
        result->seq = event->seq;
    if (!starts) {
        result->status = status ? mxs_stage_status_parse(status) : MXS_STAGE_NOT_REACHED;
        result->us = mxs_event_attr_int(event, "us", 0);
        result->summary = mxs_arena_strdup(ev->arena, event->summary);
    }
    return starts;
}

static void fold_stage(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_session_facts *session = mxs_evidence_session(ev, event->session, NULL);
    struct mxs_host_facts *host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
    char scope = mxs_stage_scope(event->stage);
    if (scope == 'S' && session) {
        if (stage_result(ev, &session->stages[event->stage], event))
            session->reached = event->stage;
    } else if (scope == 'H' && host) {
        stage_result(ev, &host->stages[event->stage], event);
        spread(ev, host, event->stage);
    } else if (scope == 'D') {
        stage_result(ev, &ev->stages[event->stage], event);
        spread(ev, NULL, event->stage);
    }
}

/* --- sessions --- */

static void fold_probe(struct mxs_evidence *ev, const struct mxs_event *event)
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

static void fold_probe_end(struct mxs_evidence *ev, struct mxs_session_facts *s,
                           const struct mxs_event *event)
{
    const char *end = mxs_event_attr(event, "end"), *error = mxs_event_attr(event, "error");
    int value = end ? mxs_end_parse(end) : -1;
    s->end = value < 0 ? MXS_END_DONE : (enum mxs_end)value;
    s->reply = (int)mxs_event_attr_int(event, "reply", s->reply);
    if (error)
        s->error = mxs_arena_strdup(ev->arena, error);
}

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

static void fold_smtp(struct mxs_evidence *ev, struct mxs_session_facts *s,
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

static void fold_glued(struct mxs_evidence *ev, struct mxs_session_facts *s,
                       const struct mxs_event *event)
{
    (void)ev;
    s->glued_bytes += event->data.n;
}

static void fold_error(struct mxs_evidence *ev, struct mxs_session_facts *s,
                       const struct mxs_event *event)
{
    if (!s->error)
        s->error = mxs_arena_strdup(ev->arena, event->summary);
}

/* Kinds that need no row change nothing: record, ccs, connect, close, keylog, edit, wait, note. */
static mxs_fold_fn *const of_walk[MXS_EVENT_KIND_COUNT] = {
    [MXS_EVENT_WALK] = fold_walk,
    [MXS_EVENT_WALK_END] = fold_walk_end,
    [MXS_EVENT_PROBE] = fold_probe,
    [MXS_EVENT_STAGE] = fold_stage,
    [MXS_EVENT_DNS] = mxs_fold_dns,
    [MXS_EVENT_MX] = mxs_fold_mx,
    [MXS_EVENT_NULL_MX] = mxs_fold_null_mx,
    [MXS_EVENT_HOST] = mxs_fold_host_facts,
    [MXS_EVENT_ADDRESS] = mxs_fold_address,
    [MXS_EVENT_POLICY] = mxs_fold_policy,
    [MXS_EVENT_POLICY_CERTIFICATE] = mxs_fold_policy_certificate,
};

static mxs_fold_session_fn *const of_session[MXS_EVENT_KIND_COUNT] = {
    [MXS_EVENT_PROBE_END] = fold_probe_end,
    [MXS_EVENT_SMTP] = fold_smtp,
    [MXS_EVENT_GLUED] = fold_glued,
    [MXS_EVENT_HANDSHAKE] = mxs_fold_handshake,
    [MXS_EVENT_ALERT] = mxs_fold_alert,
    [MXS_EVENT_CLIENT_CERT] = mxs_fold_client_cert,
    [MXS_EVENT_CLIENT_VERDICT] = mxs_fold_client_verdict,
    [MXS_EVENT_ERROR] = fold_error,
};

void mxs_fold_event(struct mxs_evidence *evidence, const struct mxs_event *event)
{
    if (event->kind >= MXS_EVENT_KIND_COUNT)
        return;
    struct mxs_session_facts *s = event->session
                                      ? mxs_evidence_session(evidence, event->session, NULL) : NULL;
    if (of_walk[event->kind])
        of_walk[event->kind](evidence, event);
    if (s && of_session[event->kind])
        of_session[event->kind](evidence, s, event);
    if (s)
        s->last_seq = event->seq;
}

static void follow(void *data, const struct mxs_event *event)
{
    struct fold *fold = data;
    fold->evidence.started = mxs_journal_started(fold->journal); /* replay sets it late */
    mxs_fold_event(&fold->evidence, event);
}

struct mxs_evidence *mxs_fold_new(struct mxs_journal *journal)
{
    struct fold *fold = mxs_alloc(sizeof *fold);
    fold->journal = journal;
    fold->evidence.arena = mxs_arena_new();
    fold->evidence.started = mxs_journal_started(journal);
    for (size_t i = 0; i < mxs_journal_count(journal); i++)
        follow(fold, mxs_journal_at(journal, i));
    mxs_journal_subscribe(journal, follow, fold);
    return &fold->evidence;
}

void mxs_fold_free(struct mxs_evidence *evidence)
{
    struct fold *fold = (struct fold *)evidence;
    if (!evidence)
        return;
    mxs_journal_unsubscribe(fold->journal, follow, fold);
    mxs_arena_free(evidence->arena);
    free(fold);
}
