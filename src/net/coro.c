#include "config.h"

#include "net/coro.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/* GnuTLS needs 10 KiB of stack, decoders of subscribers some more; pages that are never touched cost
 * nothing. ASan's red zones multiply it. */
#ifdef MXS_ASAN
#include <sanitizer/common_interface_defs.h>
enum { STACK = 1024 * 1024 };
#else
enum { STACK = 256 * 1024 };
#endif

enum state { NEW, RUNNING, SUSPENDED, DONE };

struct mxs_coro {
    struct mxs_loop *loop;
    mxs_coro_fn fn;
    void *data;
    enum state state;
    bool cancelled;
    bool waiting; /* in mxs_coro_wait */
    bool woken;   /* a wake that came before its wait */
    enum mxs_err result;
    int64_t held;
    struct mxs_watch *watch;
    struct mxs_timer *timer, *wake;
    ucontext_t self, caller;
    uint8_t *map; /* guard page, then the stack */
    size_t map_size, guard;
#ifdef MXS_ASAN
    void *fake_stack; /* of the coroutine while it is suspended */
    const void *caller_stack;
    size_t caller_size;
#endif
};

/* Every switch of stacks is announced to ASan, which otherwise takes the other stack for corruption. */
static void leave_caller(struct mxs_coro *coro, void **fake)
{
#ifdef MXS_ASAN
    __sanitizer_start_switch_fiber(fake, coro->map + coro->guard, STACK);
#else
    (void)coro;
    *fake = NULL;
#endif
}

static void back_in_caller(void *fake)
{
#ifdef MXS_ASAN
    __sanitizer_finish_switch_fiber(fake, NULL, NULL);
#else
    (void)fake;
#endif
}

static void leave_coro(struct mxs_coro *coro, bool forever)
{
#ifdef MXS_ASAN
    __sanitizer_start_switch_fiber(forever ? NULL : &coro->fake_stack, coro->caller_stack,
                                   coro->caller_size);
#else
    (void)coro;
    (void)forever;
#endif
}

static void back_in_coro(struct mxs_coro *coro)
{
#ifdef MXS_ASAN
    __sanitizer_finish_switch_fiber(coro->fake_stack, &coro->caller_stack, &coro->caller_size);
#else
    (void)coro;
#endif
}

/* makecontext passes ints: the pointer travels as two halves. */
static void trampoline(unsigned high, unsigned low)
{
    struct mxs_coro *coro = (struct mxs_coro *)(((uintptr_t)high << 16 << 16) | low);
    back_in_coro(coro);
    coro->fn(coro, coro->data);
    coro->state = DONE;
    leave_coro(coro, true);
    setcontext(&coro->caller);
}

static void map_stack(struct mxs_coro *coro)
{
    coro->guard = (size_t)sysconf(_SC_PAGESIZE);
    coro->map_size = coro->guard + STACK;
    coro->map = mmap(NULL, coro->map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (coro->map == MAP_FAILED || mprotect(coro->map, coro->guard, PROT_NONE) != 0) {
        coro->map = NULL;
        mxs_out_of_memory();
    }
}

struct mxs_coro *mxs_coro_new(struct mxs_loop *loop, mxs_coro_fn fn, void *data)
{
    struct mxs_coro *coro = mxs_alloc(sizeof *coro);
    coro->loop = loop;
    coro->fn = fn;
    coro->data = data;
    return coro;
}

void mxs_coro_free(struct mxs_coro *coro)
{
    if (!coro)
        return;
    mxs_timer_free(coro->wake);
    if (coro->map)
        munmap(coro->map, coro->map_size);
    free(coro);
}

bool mxs_coro_done(const struct mxs_coro *coro)
{
    return coro->state == DONE;
}

static void prepare(struct mxs_coro *coro)
{
    map_stack(coro);
    getcontext(&coro->self);
    coro->self.uc_stack.ss_sp = coro->map + coro->guard;
    coro->self.uc_stack.ss_size = STACK;
    coro->self.uc_link = NULL;
    uintptr_t p = (uintptr_t)coro;
    makecontext(&coro->self, (void (*)(void))trampoline, 2, (unsigned)(p >> 16 >> 16),
                (unsigned)(p & 0xffffffffu));
}

void mxs_coro_resume(struct mxs_coro *coro)
{
    void *fake = NULL;
    if (coro->state == RUNNING || coro->state == DONE)
        return;
    if (coro->state == NEW)
        prepare(coro);
    coro->state = RUNNING;
    leave_caller(coro, &fake);
    swapcontext(&coro->caller, &coro->self);
    back_in_caller(fake);
    if (coro->state == DONE) { /* give the pages back at once: there may be many */
        munmap(coro->map, coro->map_size);
        coro->map = NULL;
    }
}

void mxs_coro_yield(struct mxs_coro *self)
{
    self->state = SUSPENDED;
    leave_coro(self, false);
    swapcontext(&self->self, &self->caller);
    back_in_coro(self);
    self->state = RUNNING;
}

void mxs_coro_cancel(struct mxs_coro *coro)
{
    coro->cancelled = true;
    if (coro->state == SUSPENDED)
        mxs_coro_resume(coro);
}

bool mxs_coro_cancelled(const struct mxs_coro *coro)
{
    return coro->cancelled;
}

static void on_ready(void *data, short revents)
{
    (void)revents;
    struct mxs_coro *coro = data;
    coro->result = MXS_OK;
    mxs_coro_resume(coro);
}

static void on_deadline(void *data)
{
    struct mxs_coro *coro = data;
    coro->result = MXS_ERR_TIMEOUT;
    mxs_coro_resume(coro);
}

static void on_wake(void *data)
{
    struct mxs_coro *coro = data;
    mxs_timer_free(coro->wake);
    coro->wake = NULL;
    if (!coro->waiting) { /* its deadline came in the same pass */
        coro->woken = true;
        return;
    }
    coro->result = MXS_OK;
    mxs_coro_resume(coro);
}

/* Yields until one of the callbacks above resumes it, or cancel does. */
static enum mxs_err suspend(struct mxs_coro *self, int64_t deadline)
{
    if (deadline)
        self->timer =
            mxs_loop_timer(self->loop, deadline - mxs_loop_now(self->loop), on_deadline, self);
    self->result = MXS_OK;
    mxs_coro_yield(self);
    mxs_timer_free(self->timer);
    mxs_watch_free(self->watch);
    self->timer = NULL;
    self->watch = NULL;
    return self->cancelled ? MXS_ERR_CANCELLED : self->result;
}

enum mxs_err mxs_coro_wait_fd(struct mxs_coro *self, int fd, short events, int64_t deadline)
{
    if (self->cancelled)
        return MXS_ERR_CANCELLED;
    self->watch = mxs_loop_watch(self->loop, fd, events, on_ready, self);
    return suspend(self, deadline);
}

enum mxs_err mxs_coro_wait(struct mxs_coro *self, int64_t deadline)
{
    if (self->cancelled)
        return MXS_ERR_CANCELLED;
    if (self->woken) {
        self->woken = false;
        return MXS_OK;
    }
    self->waiting = true;
    enum mxs_err err = suspend(self, deadline);
    self->waiting = false;
    return err;
}

enum mxs_err mxs_coro_hold(struct mxs_coro *self)
{
    int64_t began = mxs_loop_now(self->loop);
    enum mxs_err err = mxs_coro_wait(self, 0);
    self->held += mxs_loop_now(self->loop) - began;
    return err;
}

int64_t mxs_coro_held(const struct mxs_coro *self)
{
    return self->held;
}

enum mxs_err mxs_coro_sleep(struct mxs_coro *self, int64_t us)
{
    if (self->cancelled)
        return MXS_ERR_CANCELLED;
    enum mxs_err err = suspend(self, mxs_loop_now(self->loop) + (us > 0 ? us : 1));
    return err == MXS_ERR_TIMEOUT ? MXS_OK : err;
}

void mxs_coro_wake(struct mxs_coro *coro)
{
    if (!coro->waiting)
        coro->woken = true;
    else if (!coro->wake)
        coro->wake = mxs_loop_timer(coro->loop, 0, on_wake, coro);
}
