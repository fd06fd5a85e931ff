/* Commands and replies: how the SMTP stages speak (stage_smtp.h). */
#include "config.h"

#include "session/stage_smtp.h"

#include "base/text.h"
#include "net/tls_stream.h"

#include <string.h>

enum {
    READ_MAX = 4096,
    REST_MAX = 64 * 1024, /* of glued bytes; more is a flood and stays unread */
    FAREWELL_S = 5
};

/* --- events --- */

const char *mxs_smtp_reply_text(struct mxs_walk *walk, const struct mxs_smtp_reply *reply)
{
    const char *first = reply->lines.n ? reply->lines.v[0] : "";
    return mxs_arena_printf(walk->arena, "%d%s%s", reply->code, *first ? " " : "",
                            mxs_text_clip(walk->arena, mxs_bytes_str(first), 200));
}

static void reply_event(struct mxs_walk *walk, struct mxs_probe *probe,
                        const struct mxs_smtp_reply *reply, bool ehlo)
{
    size_t n = reply->lines.n;
    mxs_walk_emit(walk, probe, MXS_EVENT_SMTP, MXS_DIR_IN, reply->raw,
                  MXS_ATTRS({ "tls", probe->smtp->tls ? "1" : NULL },
                            { "code", mxs_walk_uint(walk, (unsigned)reply->code) },
                            { "ehlo", ehlo ? "1" : NULL }),
                  n > 1 ? "%s (%zu lines)" : "%s", mxs_smtp_reply_text(walk, reply), n);
}

/* What came instead of a reply. */
static void rubbish_event(struct mxs_walk *walk, struct mxs_probe *probe)
{
    struct mxs_bytes got = mxs_buf_bytes(&probe->smtp->in);
    if (got.n > READ_MAX)
        got.n = READ_MAX;
    if (got.n)
        mxs_walk_emit(walk, probe, MXS_EVENT_SMTP, MXS_DIR_IN, got,
                      MXS_ATTRS({ "tls", probe->smtp->tls ? "1" : NULL }), "%s",
                      mxs_text_clip(walk->arena, got, 100));
    mxs_buf_clear(&probe->smtp->in);
}

static void command_event(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                          const char *line, bool secret)
{
    const char *shown = secret ? mxs_arena_printf(walk->arena, "%s [redacted]", what) : line;
    const char *raw = mxs_arena_printf(walk->arena, "%s\r\n", shown);
    mxs_walk_emit(walk, probe, MXS_EVENT_SMTP, MXS_DIR_OUT, mxs_bytes_str(raw),
                  MXS_ATTRS({ "tls", probe->smtp->tls ? "1" : NULL },
                            { "redacted", secret ? "1" : NULL }),
                  "%s", mxs_text_clip(walk->arena, mxs_bytes_str(shown), 200));
}

void mxs_smtp_close_event(struct mxs_walk *walk, struct mxs_probe *probe, const char *by,
                          enum mxs_close_how how)
{
    static const char *const words[] = { NULL, "fin", "rst", "close-notify" };
    if (how == MXS_CLOSE_NONE || (probe->smtp && probe->smtp->closed))
        return;
    if (probe->smtp)
        probe->smtp->closed = true;
    mxs_walk_emit(walk, probe, MXS_EVENT_CLOSE, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "by", by }, { "how", words[how] }),
                  how == MXS_CLOSE_FIN   ? "%s closed the connection"
                  : how == MXS_CLOSE_RST ? "%s reset the connection" : "%s sent close_notify",
                  strcmp(by, "us") == 0 ? "we" : "the server");
}

/* --- replies --- */

enum mxs_err mxs_smtp_refused(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    const struct mxs_smtp_reply *reply = &probe->smtp->reply;
    bool strange = reply->code < 400 || reply->code > 599;
    const char *text = mxs_smtp_reply_text(walk, reply);
    probe->end = strange ? MXS_END_PROTOCOL : MXS_END_REPLY;
    probe->reply = reply->code;
    probe->smtp->unsynced = strange || reply->code == 421;
    if (strange)
        return mxs_stage_fail(walk, why, MXS_ERR_SYNTAX, "unexpected-reply", "unexpected reply %s",
                              text);
    return mxs_stage_fail(walk, why, MXS_ERR_CLOSED, "reply", "%s", text);
}

/* More bytes into the buffer. */
static enum mxs_err more(struct mxs_probe *probe, int64_t deadline, struct mxs_why *why)
{
    uint8_t chunk[READ_MAX];
    size_t n = 0;
    enum mxs_err err =
        probe->stream->ops->read(probe->stream, chunk, sizeof chunk, &n, deadline, why);
    if (!err && mxs_buf_add(&probe->smtp->in, chunk, n) != MXS_OK)
        err = mxs_why_set(why, MXS_ERR_LIMIT, "a reply without end");
    return err;
}

static enum mxs_err take_reply(struct mxs_walk *walk, struct mxs_probe *probe, int64_t deadline,
                               struct mxs_why *why)
{
    struct mxs_smtp *smtp = probe->smtp;
    size_t used = 0;
    for (;;) {
        enum mxs_err err = mxs_smtp_reply_parse(walk->arena, mxs_buf_bytes(&smtp->in), &smtp->reply,
                                                &used, why);
        if (err == MXS_OK) {
            mxs_buf_take(&smtp->in, used);
            return MXS_OK;
        }
        if (err == MXS_ERR_NOT_FOUND)
            err = more(probe, deadline, why);
        if (err)
            return err;
    }
}

/* A fatal alert ends a session otherwise than rubbish does. */
static void end_by_stream(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_err err)
{
    probe->smtp->unsynced = true;
    if (err == MXS_ERR_TLS && probe->end == MXS_END_OPEN && probe->alert >= 0)
        probe->end = MXS_END_ALERT;
    rubbish_event(walk, probe);
    if (err == MXS_ERR_CLOSED)
        mxs_smtp_close_event(walk, probe, "peer", probe->stream->closed);
}

enum mxs_err mxs_smtp_await(struct mxs_walk *walk, struct mxs_probe *probe, const char *for_what,
                            int limit, bool ehlo, struct mxs_why *why)
{
    struct mxs_why reason = { MXS_OK, "" };
    mxs_walk_emit(walk, probe, MXS_EVENT_WAIT, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "for", for_what }, { "limit", mxs_walk_uint(walk, (unsigned)limit) }),
                  "waiting for %s", for_what);
    mxs_walk_waiting(walk, for_what, limit);
    enum mxs_err err = take_reply(walk, probe, mxs_walk_deadline(walk, limit), &reason);
    mxs_walk_waited(walk);
    if (err) {
        end_by_stream(walk, probe, err);
        return mxs_stage_fail(walk, why, err, NULL, "%s: %s", for_what, reason.text);
    }
    reply_event(walk, probe, &probe->smtp->reply, ehlo);
    return probe->smtp->reply.code == 421 ? mxs_smtp_refused(walk, probe, why) : MXS_OK;
}

struct mxs_bytes mxs_smtp_take_rest(struct mxs_walk *walk, struct mxs_probe *probe)
{
    struct mxs_buf *in = &probe->smtp->in;
    struct mxs_stream *stream = probe->stream;
    while (in->n < REST_MAX && stream->ops->pending(stream) > 0 &&
           more(probe, mxs_loop_now(walk->loop), NULL) == MXS_OK)
        ;
    struct mxs_bytes rest = mxs_arena_bytes(walk->arena, mxs_buf_bytes(in));
    mxs_buf_clear(in);
    return rest;
}

/* --- commands --- */

static enum mxs_err one_line(struct mxs_walk *walk, const char *text, struct mxs_why *why)
{
    (void)walk;
    size_t n = strcspn(text, "\r\n");
    if (text[n])
        return mxs_why_set(why, MXS_ERR_SYNTAX, "a command is one line: line break at character %zu",
                           n + 1);
    if (n > MXS_SMTP_LINE_MAX)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "a command has at most %d characters",
                           MXS_SMTP_LINE_MAX);
    return MXS_OK;
}

/* Bytes before our command: a server that does not wait its turn. They stay: an MTA would take them
 * for the reply. */
static void note_early(struct mxs_walk *walk, struct mxs_probe *probe, const char *what)
{
    size_t n = probe->smtp->in.n;
    if (n)
        mxs_walk_note(walk, probe, "early-bytes", "%zu octets came before our %s", n, what);
}

/* A write that fails is no error yet: what the server said before it went is read next. */
static enum mxs_err send_line(struct mxs_walk *walk, struct mxs_probe *probe, const char *line,
                              int limit, struct mxs_why *why)
{
    struct mxs_stream *stream = probe->stream;
    const char *raw = mxs_arena_printf(walk->arena, "%s\r\n", line);
    enum mxs_err err = stream->ops->write(stream, (const uint8_t *)raw, strlen(raw),
                                          mxs_walk_deadline(walk, limit), why);
    return err == MXS_ERR_CLOSED ? MXS_OK : err;
}

enum mxs_err mxs_smtp_command(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                              const char *line, bool secret, int limit, struct mxs_why *why)
{
    line = mxs_walk_offer(walk, probe, what, line, secret, one_line);
    if (mxs_coro_cancelled(walk->coro))
        return mxs_why_set(why, MXS_ERR_CANCELLED, "stopped by the operator");
    note_early(walk, probe, what);
    command_event(walk, probe, what, line, secret);
    enum mxs_err err = send_line(walk, probe, line, limit, why);
    if (err) {
        probe->smtp->unsynced = true;
        return err;
    }
    const char *for_what = mxs_arena_printf(walk->arena, "the reply to %s", what);
    return mxs_smtp_await(walk, probe, for_what, limit, mxs_ascii_prefix(line, "EHLO"), why);
}

/* --- leaving --- */

/* Politeness without its stage: the session is over where it failed. */
void mxs_smtp_farewell(struct mxs_walk *walk, struct mxs_probe *probe)
{
    struct mxs_why why;
    enum mxs_end end = probe->end; /* how it ended is settled */
    int reply = probe->reply;
    if (!probe->stream || !probe->smtp || probe->smtp->unsynced ||
        mxs_coro_cancelled(walk->coro))
        return;
    walk->stage = MXS_STAGE_QUIT;
    command_event(walk, probe, "QUIT", "QUIT", false);
    if (send_line(walk, probe, "QUIT", FAREWELL_S, &why) == MXS_OK)
        mxs_smtp_await(walk, probe, "the reply to QUIT", FAREWELL_S, false, &why);
    walk->error_id = NULL;
    walk->stage = MXS_STAGE_NONE;
    probe->end = end;
    probe->reply = reply;
}
