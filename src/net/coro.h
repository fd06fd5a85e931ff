/* Coroutines: a session is one linear function on its own stack that yields to the loop whenever it
 * would wait. ucontext; own mmap'ed stack with a guard page; fiber switches are announced
 * to ASan. */
#ifndef MXSCOPE_SRC_NET_CORO_H
#define MXSCOPE_SRC_NET_CORO_H

#include "net/loop.h"

struct mxs_coro;
typedef void (*mxs_coro_fn)(struct mxs_coro *self, void *data);

/* Does not run yet. The stack is freed when fn returned and mxs_coro_free was called. */
struct mxs_coro *mxs_coro_new(struct mxs_loop *loop, mxs_coro_fn fn, void *data);
/* Only for a coroutine that has not started or has returned: cancel and resume it first. */
void mxs_coro_free(struct mxs_coro *coro);
bool mxs_coro_done(const struct mxs_coro *coro);

/* From outside: runs until the next yield or the end. Not from inside itself. */
void mxs_coro_resume(struct mxs_coro *coro);
/* Every wait of it returns MXS_ERR_CANCELLED from now on; resumes it so that it unwinds. */
void mxs_coro_cancel(struct mxs_coro *coro);
bool mxs_coro_cancelled(const struct mxs_coro *coro);

/* From inside: */
void mxs_coro_yield(struct mxs_coro *self);
/* Waits for poll events on fd or the deadline (loop time, 0 = none): OK, TIMEOUT or CANCELLED. */
enum mxs_err mxs_coro_wait_fd(struct mxs_coro *self, int fd, short events, int64_t deadline);
/* Waits until mxs_coro_wake is called, or the deadline. */
enum mxs_err mxs_coro_wait(struct mxs_coro *self, int64_t deadline);
enum mxs_err mxs_coro_sleep(struct mxs_coro *self, int64_t us);
/* As mxs_coro_wait without a deadline, while the operator holds it: the time is not its own, see
 * mxs_coro_held. */
enum mxs_err mxs_coro_hold(struct mxs_coro *self);
/* Microseconds spent in mxs_coro_hold so far: a deadline over several waits moves by what was held
 * since it was set. */
int64_t mxs_coro_held(const struct mxs_coro *self);
/* From outside (callbacks of resolver, fetch, debugger): ends its mxs_coro_wait in this or the next
 * pass; a wake before the wait is remembered once. */
void mxs_coro_wake(struct mxs_coro *coro);

#endif
