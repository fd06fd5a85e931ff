/* Stepping: where a walk stops, and what the operator does to it there. The walk's side (gate, offer)
 * runs on its coroutine, the operator's side outside of it. */
#include "config.h"

#include "session/walk.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- the walk's side --- */

void mxs_walk_gate(struct mxs_walk *walk)
{
    struct mxs_debugger *d = &walk->debugger;
    if (!d->stop || mxs_coro_cancelled(walk->coro))
        return;
    d->stop = d->for_stage = d->to_stage = false;
    d->paused = true;
    while (d->paused && mxs_coro_hold(walk->coro) != MXS_ERR_CANCELLED)
        ; /* woken for another reason */
    d->paused = false;
}

void mxs_walk_gate_stage(struct mxs_walk *walk, enum mxs_stage stage)
{
    struct mxs_debugger *d = &walk->debugger;
    if (!d->breaks[stage] && !d->to_stage)
        return;
    d->for_stage = !d->stop;
    d->stop = true;
    if (!mxs_stage_row(stage)->edits) /* else the stop is where the line can be edited */
        mxs_walk_gate(walk);
}

void mxs_walk_gate_stage_end(struct mxs_walk *walk)
{
    if (walk->debugger.for_stage)
        walk->debugger.stop = walk->debugger.for_stage = false;
}

static void edit_event(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                       const char *from, const char *to, bool secret)
{
    from = secret ? "(not recorded)" : mxs_text_clip(walk->arena, mxs_bytes_str(from), 1024);
    to = secret ? "(not recorded)" : mxs_text_clip(walk->arena, mxs_bytes_str(to), 1024);
    mxs_walk_emit(walk, probe, MXS_EVENT_EDIT, MXS_DIR_OUT, MXS_NO_DATA,
                  MXS_ATTRS({ "what", what }, { "from", from }, { "to", to }), "%s edited: %s",
                  what, to);
}

const char *mxs_walk_offer(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                           const char *text, bool secret,
                           enum mxs_err (*check)(struct mxs_walk *walk, const char *text,
                                                 struct mxs_why *why))
{
    struct mxs_debugger *d = &walk->debugger;
    d->editable = text;
    d->check = check;
    mxs_walk_gate(walk);
    d->editable = NULL;
    if (!d->edited)
        return text;
    const char *edited = mxs_arena_strdup(walk->arena, d->edited);
    mxs_debugger_fini(d);
    if (strcmp(edited, text) != 0)
        edit_event(walk, probe, what, text, edited, secret);
    return edited;
}

void mxs_debugger_fini(struct mxs_debugger *debugger)
{
    free(debugger->edited);
    debugger->edited = NULL;
}

/* --- the operator's side --- */

/* Lets a held walk go on; the loop resumes it. */
static void release(struct mxs_walk *walk)
{
    if (!walk->debugger.paused)
        return;
    walk->debugger.paused = false;
    mxs_coro_wake(walk->coro);
}

void mxs_walk_pause(struct mxs_walk *walk)
{
    walk->debugger.stop = !walk->debugger.paused;
}

void mxs_walk_step(struct mxs_walk *walk)
{
    walk->debugger.stop = true;
    walk->debugger.to_stage = false;
    release(walk);
}

void mxs_walk_step_stage(struct mxs_walk *walk)
{
    walk->debugger.stop = false;
    walk->debugger.to_stage = true;
    release(walk);
}

void mxs_walk_continue(struct mxs_walk *walk)
{
    walk->debugger.stop = walk->debugger.to_stage = false;
    release(walk);
}

void mxs_walk_break(struct mxs_walk *walk, enum mxs_stage stage, bool on)
{
    if (stage < MXS_STAGE_COUNT)
        walk->debugger.breaks[stage] = on;
}

bool mxs_walk_has_break(const struct mxs_walk *walk, enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT && walk->debugger.breaks[stage];
}

const char *mxs_walk_editable(const struct mxs_walk *walk)
{
    const struct mxs_debugger *d = &walk->debugger;
    if (!d->paused || !d->editable)
        return NULL;
    return d->edited ? d->edited : d->editable;
}

enum mxs_err mxs_walk_edit(struct mxs_walk *walk, const char *text, struct mxs_why *why)
{
    struct mxs_debugger *d = &walk->debugger;
    if (!d->paused || !d->editable)
        return mxs_why_set(why, MXS_ERR_USAGE, "there is nothing to edit here");
    enum mxs_err err = d->check ? d->check(walk, text, why) : MXS_OK;
    if (err)
        return err;
    mxs_debugger_fini(d);
    d->edited = mxs_strdup(text);
    return MXS_OK;
}

/* The socket under whatever the session speaks through now. */
static struct mxs_stream *bottom(const struct mxs_walk *walk)
{
    struct mxs_stream *s = walk->probe ? walk->probe->stream : NULL;
    while (s && s->below)
        s = s->below;
    return s;
}

static enum mxs_walk_state state(const struct mxs_walk *walk)
{
    if (walk->done)
        return MXS_WALK_DONE;
    if (!walk->started)
        return MXS_WALK_NEW;
    if (walk->debugger.paused)
        return MXS_WALK_PAUSED;
    return walk->waiting_for ? MXS_WALK_WAITING : MXS_WALK_RUNNING;
}

struct mxs_walk_status mxs_walk_status(const struct mxs_walk *walk)
{
    struct mxs_stream *socket = bottom(walk);
    struct mxs_walk_status status = {
        .state = state(walk),
        .session = walk->probe ? walk->probe->session : 0,
        .stage = walk->stage,
    };
    if (walk->waiting_for) {
        status.waiting_for = status.state == MXS_WALK_WAITING ? walk->waiting_for : NULL;
        status.waited_us = mxs_loop_now(walk->loop) - walk->waiting_since;
        status.limit_us = walk->waiting_limit * INT64_C(1000000);
    }
    if (socket && status.state == MXS_WALK_PAUSED) {
        status.peer_closed = socket->closed != MXS_CLOSE_NONE;
        status.buffered = socket->ops->pending(socket);
    }
    return status;
}
