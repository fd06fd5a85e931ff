/* The one poll loop: descriptors and timers. One application thread; nothing here blocks but
 * mxs_loop_run_once. libunbound's worker keeps its own thread behind a descriptor. */
#ifndef MXSCOPE_SRC_NET_LOOP_H
#define MXSCOPE_SRC_NET_LOOP_H

#include "base/clock.h"

struct mxs_loop;
struct mxs_watch; /* one descriptor */
struct mxs_timer;

typedef void (*mxs_watch_fn)(void *data, short revents);
typedef void (*mxs_timer_fn)(void *data);

struct mxs_loop *mxs_loop_new(const struct mxs_clock *clock);
void mxs_loop_free(struct mxs_loop *loop);
int64_t mxs_loop_now(const struct mxs_loop *loop); /* microseconds, monotonic */

/* events as in poll(2); 0 keeps the watch but asks for nothing. The descriptor stays the caller's. */
struct mxs_watch *mxs_loop_watch(struct mxs_loop *loop, int fd, short events, mxs_watch_fn fn,
                                 void *data);
void mxs_watch_events(struct mxs_watch *watch, short events);
void mxs_watch_free(struct mxs_watch *watch); /* safe inside callbacks; NULL is fine */

/* Fires once, `us` from now. */
struct mxs_timer *mxs_loop_timer(struct mxs_loop *loop, int64_t us, mxs_timer_fn fn, void *data);
void mxs_timer_free(struct mxs_timer *timer); /* before or after it fired; NULL is fine */

/* Waits at most timeout_ms (-1: until something happens) and runs what is due. False: nothing is
 * registered any more. */
bool mxs_loop_run_once(struct mxs_loop *loop, int timeout_ms);

#endif
