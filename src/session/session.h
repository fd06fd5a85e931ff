/* The engine: one poll loop, one resolver, and walks on it. A walk is a coroutine that goes through
 * the stage table for a target: DNS and policy once, then a session per MX x address x offer. It
 * appends to a journal and does nothing else that anybody could see.
 *
 * Stepping: after each event the walk asks its debugger whether to go on; while it waits, the loop
 * runs and sockets are drained into bounded buffers, so a close or an alert is seen and not lost. */
#ifndef MXSCOPE_SRC_SESSION_SESSION_H
#define MXSCOPE_SRC_SESSION_SESSION_H

#include "journal/journal.h"
#include "session/options.h"

struct mxs_engine;
struct mxs_walk;
struct mxs_loop;

/* options and clock are borrowed and outlive the engine. Fails on a missing trust anchor, a wrong
 * resolver address, an unreadable CA file: one line in why. */
enum mxs_err mxs_engine_new(const struct mxs_session_options *options,
                            const struct mxs_clock *clock, struct mxs_engine **out,
                            struct mxs_why *why);
/* The same on a loop of the caller that outlives the engine: for those who serve on it (lab/). */
enum mxs_err mxs_engine_new_on(struct mxs_loop *loop, const struct mxs_session_options *options,
                               const struct mxs_clock *clock, struct mxs_engine **out,
                               struct mxs_why *why);
void mxs_engine_free(struct mxs_engine *engine); /* cancels what still runs */
/* For those who serve on the same loop (lab/); ui/ uses the calls below instead. */
struct mxs_loop *mxs_engine_loop(struct mxs_engine *engine);

/* A descriptor of the caller (the terminal) on the engine's loop: fn runs when it is readable. Once per
 * descriptor: the last call counts, and fn NULL takes it off again. */
void mxs_engine_watch(struct mxs_engine *engine, int fd, void (*fn)(void *data), void *data);
/* One pass; timeout_ms as in poll(2). */
void mxs_engine_run_once(struct mxs_engine *engine, int timeout_ms);

/* Starts when mxs_walk_start is called. The journal is the caller's and outlives the walk. Walks may be
 * freed before or after their engine. */
enum mxs_err mxs_walk_new(struct mxs_engine *engine, const char *target,
                          struct mxs_journal *journal, struct mxs_walk **out, struct mxs_why *why);
void mxs_walk_free(struct mxs_walk *walk); /* cancels */
void mxs_walk_start(struct mxs_walk *walk);
bool mxs_walk_done(const struct mxs_walk *walk);
/* Runs the loop until the walk is done. */
void mxs_walk_finish(struct mxs_walk *walk);

/* --- the debugger (session/debugger.c) --- */

enum mxs_walk_state { MXS_WALK_NEW, MXS_WALK_RUNNING, MXS_WALK_PAUSED, MXS_WALK_WAITING,
                      MXS_WALK_DONE };
struct mxs_walk_status {
    enum mxs_walk_state state;
    uint32_t session;     /* current, or 0 */
    enum mxs_stage stage; /* current */
    const char *waiting_for; /* "250", "DNS answer", ..: WAITING only */
    int64_t waited_us, limit_us; /* since our last byte; RFC 5321 4.5.3.2, 0 = none */
    bool peer_closed;     /* seen while paused */
    size_t buffered;      /* bytes that arrived while paused */
};
struct mxs_walk_status mxs_walk_status(const struct mxs_walk *walk);

void mxs_walk_pause(struct mxs_walk *walk);      /* stops at the next event */
void mxs_walk_step(struct mxs_walk *walk);       /* to the next event */
void mxs_walk_step_stage(struct mxs_walk *walk); /* to the next stage */
void mxs_walk_continue(struct mxs_walk *walk);   /* to a breakpoint or the end */
void mxs_walk_stop(struct mxs_walk *walk);       /* cancels; the journal ends with walk-end */
void mxs_walk_break(struct mxs_walk *walk, enum mxs_stage stage, bool on); /* before a stage */
bool mxs_walk_has_break(const struct mxs_walk *walk, enum mxs_stage stage);

/* What the operator may edit while paused. NULL text: nothing can be edited here. The text is the next
 * SMTP line without CRLF, or before the ClientHello "sni=.. versions=.. groups=.. alpn=..
 * priority=..". Borrowed until the walk goes on. */
const char *mxs_walk_editable(const struct mxs_walk *walk);
/* Replaces it; MXS_ERR_SYNTAX with why (a line break in a command, a bad priority string). */
enum mxs_err mxs_walk_edit(struct mxs_walk *walk, const char *text, struct mxs_why *why);

#endif
