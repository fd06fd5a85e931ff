/* Events, stages and waiting of a walk: what every stage function stands on (walk.h). */
#include "config.h"

#include "session/walk.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- events --- */

/* Where a single step stops. Records, waits and key log lines accompany the message or reply that
 * follows; a stage's own events stop only for breakpoints and step-stage (mxs_walk_gate_stage). An
 * outgoing SMTP line had its stop before it left. */
static bool stops(const struct mxs_event *event)
{
    static const bool passes[MXS_EVENT_KIND_COUNT] = {
        [MXS_EVENT_STAGE] = true,
        [MXS_EVENT_RECORD] = true,
        [MXS_EVENT_KEYLOG] = true,
        [MXS_EVENT_WAIT] = true,
        [MXS_EVENT_EDIT] = true,
        [MXS_EVENT_WALK_END] = true,
    };
    bool sent_line = event->kind == MXS_EVENT_SMTP && event->dir == MXS_DIR_OUT;
    return !passes[event->kind] && !sent_line;
}

/* A line that is as long as fits everywhere; cut, it leaves no half of a character. */
MXS_PRINTF(2, 0)
static const char *format(struct mxs_why *room, const char *fmt, va_list args)
{
    vsnprintf(room->text, sizeof room->text, fmt, args);
    size_t n = strlen(room->text);
    if (n == sizeof room->text - 1) {
        while (n > 0 && ((unsigned char)room->text[n - 1] & 0xc0) == 0x80)
            n--;
        n -= n > 0 && (unsigned char)room->text[n - 1] >= 0xc0;
        room->text[n] = 0;
    }
    return room->text;
}

const struct mxs_event *mxs_walk_emit(struct mxs_walk *walk, const struct mxs_probe *probe,
                                      enum mxs_event_kind kind, enum mxs_dir dir,
                                      struct mxs_bytes data, const struct mxs_attr *attrs,
                                      size_t n_attrs, const char *fmt, ...)
{
    va_list args;
    struct mxs_why line;
    va_start(args, fmt);
    struct mxs_event draft = { .session = probe ? probe->session : 0,
                               .stage = walk->stage,
                               .kind = kind,
                               .dir = dir,
                               .summary = format(&line, fmt, args),
                               .data = data,
                               .attrs = attrs,
                               .n_attrs = n_attrs };
    va_end(args);
    const struct mxs_event *event = mxs_journal_append(walk->journal, &draft);
    if (stops(event))
        mxs_walk_gate(walk);
    return event;
}

const char *mxs_walk_uint(struct mxs_walk *walk, unsigned long value)
{
    return mxs_arena_printf(walk->arena, "%lu", value);
}

void mxs_walk_note(struct mxs_walk *walk, const struct mxs_probe *probe, const char *id,
                   const char *fmt, ...)
{
    va_list args;
    struct mxs_why line;
    va_start(args, fmt);
    const char *summary = format(&line, fmt, args);
    va_end(args);
    mxs_walk_emit(walk, probe, MXS_EVENT_NOTE, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "id", id }, { "host", probe ? probe->host : NULL }), "%s", summary);
}

/* --- stages --- */

void mxs_stage_say(struct mxs_walk *walk, enum mxs_stage_status status, const char *fmt, ...)
{
    va_list args;
    struct mxs_why line;
    va_start(args, fmt);
    walk->status = status;
    walk->summary = mxs_arena_strdup(walk->arena, format(&line, fmt, args));
    va_end(args);
}

enum mxs_err mxs_stage_skip(struct mxs_walk *walk, const char *reason)
{
    mxs_stage_say(walk, MXS_STAGE_SKIPPED, "%s", reason);
    return MXS_OK;
}

enum mxs_err mxs_stage_fail(struct mxs_walk *walk, struct mxs_why *why, enum mxs_err err,
                            const char *id, const char *fmt, ...)
{
    va_list args;
    struct mxs_why line;
    va_start(args, fmt);
    mxs_why_set(why, err, "%s", format(&line, fmt, args));
    va_end(args);
    walk->error_id = id;
    return err;
}

static void stage_event(struct mxs_walk *walk, const struct mxs_probe *probe, const char *status,
                        int64_t us, const char *summary)
{
    mxs_walk_emit(walk, probe, MXS_EVENT_STAGE, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "status", status },
                            { "us", us < 0 ? NULL : mxs_walk_uint(walk, (unsigned long)us) },
                            { "host", mxs_stage_scope(walk->stage) == 'H' ? probe->host : NULL }),
                  "%s", summary);
}

void mxs_stage_begin(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_stage stage)
{
    walk->probe = probe;
    walk->stage = stage;
    walk->status = MXS_STAGE_NOT_REACHED;
    walk->summary = NULL;
    walk->error_id = NULL;
    walk->stage_began = mxs_loop_now(walk->loop);
    walk->stage_held = mxs_coro_held(walk->coro);
    stage_event(walk, probe, "start", -1, mxs_stage_title(stage));
    mxs_walk_gate_stage(walk, stage);
}

/* The id of an error that its stage did not name. */
static const char *error_id(enum mxs_err err)
{
    static const struct mxs_name ids[] = {
        { MXS_ERR_LIMIT, "limit" },         { MXS_ERR_SYNTAX, "syntax" },
        { MXS_ERR_IO, "io" },               { MXS_ERR_TIMEOUT, "timeout" },
        { MXS_ERR_CANCELLED, "cancelled" }, { MXS_ERR_CLOSED, "closed" },
        { MXS_ERR_NOT_FOUND, "not-found" }, { MXS_ERR_UNSUPPORTED, "unsupported" },
        { MXS_ERR_USAGE, "usage" },         { MXS_ERR_TLS, "tls" },
        { MXS_ERR_DNS, "dns" },             { 0, NULL },
    };
    const char *id = mxs_name_of(ids, (int)err);
    return id ? id : "error";
}

void mxs_stage_end(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_err err,
                   const struct mxs_why *why)
{
    enum mxs_stage_status status = err            ? MXS_STAGE_FAILED
                                   : walk->status ? walk->status : MXS_STAGE_OK;
    mxs_walk_waited(walk);
    if (err)
        mxs_walk_emit(walk, probe, MXS_EVENT_ERROR, MXS_DIR_NONE, MXS_NO_DATA,
                      MXS_ATTRS({ "id", walk->error_id ? walk->error_id : error_id(err) },
                                { "host", probe->host }),
                      "%s", why->text);
    stage_event(walk, probe, mxs_stage_status_name(status),
                mxs_loop_now(walk->loop) - walk->stage_began -
                    (mxs_coro_held(walk->coro) - walk->stage_held),
                err ? why->text : walk->summary ? walk->summary : "");
    mxs_walk_gate_stage_end(walk);
    walk->stage = MXS_STAGE_NONE;
    walk->probe = probe->session ? probe : NULL;
}

void mxs_stage_skipped(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_stage stage,
                       const char *reason)
{
    enum mxs_stage current = walk->stage;
    walk->stage = stage;
    stage_event(walk, probe, "skipped", -1, reason);
    walk->stage = current;
}

/* --- waiting --- */

enum { WAIT_MAX = 60 }; /* RFC 5321 4.5.3.2 asks for minutes; nobody watches a screen that long */

int64_t mxs_walk_deadline(const struct mxs_walk *walk, int limit)
{
    int seconds = limit > 0 && limit < WAIT_MAX ? limit : WAIT_MAX;
    if (walk->options->timeout > 0)
        seconds = walk->options->timeout;
    return mxs_loop_now(walk->loop) + seconds * INT64_C(1000000);
}

void mxs_walk_waiting(struct mxs_walk *walk, const char *for_what, int limit)
{
    walk->waiting_for = for_what;
    walk->waiting_since = mxs_loop_now(walk->loop);
    walk->waiting_limit = limit;
}

void mxs_walk_waited(struct mxs_walk *walk)
{
    walk->waiting_for = NULL;
}

/* --- helpers --- */

bool mxs_walk_connect_to(const struct mxs_walk *walk, const char *host, unsigned port,
                         const char **address, unsigned *to_port)
{
    for (size_t i = 0; i < walk->options->connect_to.n; i++) {
        const struct mxs_connect_to *row = &walk->options->connect_to.v[i];
        bool any_host = !row->host || !*row->host;
        if ((!any_host && !mxs_ascii_equal(row->host, host)) || (row->port && row->port != port))
            continue;
        if (row->address && *row->address) /* "" keeps the address that was looked up, as curl does */
            *address = row->address;
        *to_port = row->to_port ? row->to_port : port;
        return true;
    }
    return false;
}
