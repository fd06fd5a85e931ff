#include "config.h"

#include "judge/finding.h"

/* How a session can end, and whose fault that is. */

static const char *port_text(struct mxs_find *f, const struct mxs_session_facts *s)
{
    return mxs_arena_printf(f->assessment->arena, "%u", s->port);
}

static bool before_tls(const struct mxs_session_facts *s)
{
    return s->reached < MXS_STAGE_CLIENT_HELLO;
}

static void ended_by_reply(struct mxs_find *f, const struct mxs_host_facts *h,
                           const struct mxs_session_facts *s)
{
    const char *reply = s->error ? s->error
                                 : mxs_arena_printf(f->assessment->arena, "%d", s->reply);
    const char *stage = mxs_stage_title(s->reached);
    uint64_t seq = mxs_find_event(s);
    if (s->reply == 421)
        mxs_find_say(f, SERVICE_CLOSING, h->host, seq, NULL, { s->address, stage, reply });
    else if (s->starttls == MXS_STARTTLS_REFUSED && s->reached == MXS_STAGE_STARTTLS)
        return; /* said by find_tls.c */
    else if (s->reached == MXS_STAGE_BANNER)
        mxs_find_say(f, BANNER_REFUSED, h->host, seq, NULL, { s->address, reply });
    else
        mxs_find_say(f, SESSION_REFUSED, h->host, seq, NULL, { s->address, stage, reply });
}

static void ended(struct mxs_find *f, const struct mxs_host_facts *h,
                  const struct mxs_session_facts *s)
{
    /* A refusal for want of a client certificate has a finding of its own (find_tls.c). */
    if (mxs_find_refuses_client(s))
        return;
    const char *stage = mxs_stage_title(s->reached), *port = port_text(f, s);
    const char *error = s->error ? s->error : "no reason given";
    uint64_t seq = mxs_find_event(s);
    if (s->end == MXS_END_CONNECT)
        mxs_find_say(f, CONNECT_REFUSED, h->host, seq, NULL, { s->address, port, error });
    else if (s->end == MXS_END_TIMEOUT && s->reached <= MXS_STAGE_CONNECT)
        mxs_find_say(f, CONNECT_TIMEOUT, h->host, seq, NULL, { s->address, port });
    else if (s->end == MXS_END_TIMEOUT && s->reached == MXS_STAGE_BANNER)
        mxs_find_say(f, BANNER_TIMEOUT, h->host, seq, NULL, { s->address });
    else if (s->end == MXS_END_TIMEOUT && (before_tls(s) || s->tls.finished))
        mxs_find_say(f, PEER_SILENT, h->host, seq, NULL, { s->address, stage });
    else if (s->end == MXS_END_CLOSED && (before_tls(s) || s->tls.finished))
        mxs_find_say(f, CLOSED_EARLY, h->host, seq, NULL, { s->address, stage });
    else if (s->end == MXS_END_PROTOCOL && (before_tls(s) || s->tls.finished))
        mxs_find_say(f, NOT_SMTP, h->host, seq, NULL, { s->address, stage, error });
    else if (s->end == MXS_END_LOCAL_REFUSAL && before_tls(s))
        mxs_find_say(f, LOCAL_REFUSAL, h->host, seq, NULL, { s->address, error });
    else if (s->end == MXS_END_REPLY)
        ended_by_reply(f, h, s);
}

static void quirks(struct mxs_find *f, const struct mxs_host_facts *h,
                   const struct mxs_session_facts *s)
{
    static const struct mxs_name names[] = {
        { MXS_SMTP_BARE_LF, "bare line feeds" }, { MXS_SMTP_NUL, "NUL octets" },
        { MXS_SMTP_CODE_CHANGED, "codes that change within a reply" },
        { MXS_SMTP_LONG_LINE, "lines over 512 octets" }, { 0, NULL },
    };
    const char *list = NULL;
    for (const struct mxs_name *n = names; n->name; n++)
        if (s->smtp_quirks & (unsigned)n->value)
            list = list ? mxs_arena_printf(f->assessment->arena, "%s, %s", list, n->name) : n->name;
    if (list)
        mxs_find_say(f, SMTP_QUIRKS, h->host, s->first_seq, NULL, { s->address, list });
}

static bool timed_out(const struct mxs_session_facts *s)
{
    return s->end == MXS_END_TIMEOUT && s->reached <= MXS_STAGE_CONNECT;
}

/* Every session of every host timed out while connecting: more likely this network than all of them. */
static bool blocked_here(struct mxs_find *f)
{
    size_t sessions = 0, hosts = f->evidence->hosts.n;
    const struct mxs_session_facts *first = NULL;
    for (size_t i = 0; i < hosts; i++)
        for (size_t k = 0; k < f->evidence->hosts.v[i]->sessions.n; k++) {
            const struct mxs_session_facts *s = f->evidence->hosts.v[i]->sessions.v[k];
            if (!timed_out(s))
                return false;
            first = first ? first : s;
            sessions++;
        }
    if (!first || first->port != 25)
        return false;
    mxs_find_say(f, PORT_BLOCKED, NULL, mxs_find_event(first), NULL, { port_text(f, first) });
    return true;
}

void mxs_find_sessions(struct mxs_find *f)
{
    /* a failed lookup has its own finding (find_dns.c) */
    if (f->evidence->error && !f->assessment->findings.n)
        mxs_find_say(f, WALK_FAILED, NULL, 0, f->evidence->error, { f->evidence->error });
    if (f->evidence->finished && blocked_here(f))
        return;
    for (size_t i = 0; i < f->evidence->hosts.n; i++)
        for (size_t k = 0; k < f->evidence->hosts.v[i]->sessions.n; k++) {
            ended(f, f->evidence->hosts.v[i], f->evidence->hosts.v[i]->sessions.v[k]);
            quirks(f, f->evidence->hosts.v[i], f->evidence->hosts.v[i]->sessions.v[k]);
        }
}
