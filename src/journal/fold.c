#include "config.h"

#include "journal/fold_room.h"

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

/* Kinds that need no row change nothing: record, ccs, connect, close, keylog, edit, wait, note. */
static mxs_fold_fn *const of_walk[MXS_EVENT_KIND_COUNT] = {
    [MXS_EVENT_WALK] = fold_walk,
    [MXS_EVENT_WALK_END] = fold_walk_end,
    [MXS_EVENT_PROBE] = mxs_fold_probe,
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
    [MXS_EVENT_PROBE_END] = mxs_fold_probe_end,
    [MXS_EVENT_SMTP] = mxs_fold_smtp,
    [MXS_EVENT_GLUED] = mxs_fold_glued,
    [MXS_EVENT_HANDSHAKE] = mxs_fold_handshake,
    [MXS_EVENT_ALERT] = mxs_fold_alert,
    [MXS_EVENT_CLIENT_CERT] = mxs_fold_client_cert,
    [MXS_EVENT_CLIENT_VERDICT] = mxs_fold_client_verdict,
    [MXS_EVENT_ERROR] = mxs_fold_error,
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
