#include "config.h"

#include "net/loop.h"

#include <poll.h>
#include <stdlib.h>

/* What a callback removes is only marked; the lists are swept between passes, so that a callback may
 * free any watch or timer, its own included. */
struct mxs_watch {
    struct mxs_loop *loop;
    int fd;
    short events;
    bool dead;
    mxs_watch_fn fn;
    void *data;
};

struct mxs_timer {
    struct mxs_loop *loop;
    int64_t due;
    bool fired, dead;
    mxs_timer_fn fn;
    void *data;
};

struct mxs_loop {
    const struct mxs_clock *clock;
    struct mxs_watch **watches;
    size_t n_watches, cap_watches;
    struct mxs_timer **timers;
    size_t n_timers, cap_timers;
    struct pollfd *fds; /* parallel to watches during one pass */
    size_t cap_fds;
};

struct mxs_loop *mxs_loop_new(const struct mxs_clock *clock)
{
    struct mxs_loop *loop = mxs_alloc(sizeof *loop);
    loop->clock = clock;
    return loop;
}

void mxs_loop_free(struct mxs_loop *loop)
{
    if (!loop)
        return;
    for (size_t i = 0; i < loop->n_watches; i++)
        free(loop->watches[i]);
    for (size_t i = 0; i < loop->n_timers; i++)
        free(loop->timers[i]);
    free(loop->watches);
    free(loop->timers);
    free(loop->fds);
    free(loop);
}

int64_t mxs_loop_now(const struct mxs_loop *loop)
{
    return loop->clock->mono(loop->clock);
}

/* Room for one more element of an array that grows by doubling. */
static void *grow(void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap ? *cap * 2 : 16;
    return mxs_realloc(v, *cap * size);
}

struct mxs_watch *mxs_loop_watch(struct mxs_loop *loop, int fd, short events, mxs_watch_fn fn,
                                 void *data)
{
    struct mxs_watch *watch = mxs_alloc(sizeof *watch);
    *watch = (struct mxs_watch){ .loop = loop, .fd = fd, .events = events, .fn = fn, .data = data };
    loop->watches = grow(loop->watches, loop->n_watches, &loop->cap_watches, sizeof watch);
    loop->watches[loop->n_watches++] = watch;
    return watch;
}

void mxs_watch_events(struct mxs_watch *watch, short events)
{
    watch->events = events;
}

void mxs_watch_free(struct mxs_watch *watch)
{
    if (watch)
        watch->dead = true;
}

struct mxs_timer *mxs_loop_timer(struct mxs_loop *loop, int64_t us, mxs_timer_fn fn, void *data)
{
    struct mxs_timer *timer = mxs_alloc(sizeof *timer);
    *timer = (struct mxs_timer){ .loop = loop, .due = mxs_loop_now(loop) + (us > 0 ? us : 0),
                                 .fn = fn, .data = data };
    loop->timers = grow(loop->timers, loop->n_timers, &loop->cap_timers, sizeof timer);
    loop->timers[loop->n_timers++] = timer;
    return timer;
}

void mxs_timer_free(struct mxs_timer *timer)
{
    if (timer)
        timer->dead = true;
}

static void sweep(struct mxs_loop *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->n_watches; i++) {
        if (loop->watches[i]->dead)
            free(loop->watches[i]);
        else
            loop->watches[kept++] = loop->watches[i];
    }
    loop->n_watches = kept;
    kept = 0;
    for (size_t i = 0; i < loop->n_timers; i++) {
        if (loop->timers[i]->dead)
            free(loop->timers[i]);
        else
            loop->timers[kept++] = loop->timers[i];
    }
    loop->n_timers = kept;
}

/* Milliseconds until the first timer is due, rounded up, at most timeout_ms (-1 = no bound). */
static int poll_timeout(const struct mxs_loop *loop, int timeout_ms)
{
    int64_t now = mxs_loop_now(loop), first = -1;
    for (size_t i = 0; i < loop->n_timers; i++)
        if (!loop->timers[i]->fired && (first < 0 || loop->timers[i]->due < first))
            first = loop->timers[i]->due;
    if (first < 0)
        return timeout_ms;
    int64_t ms = first <= now ? 0 : (first - now + 999) / 1000;
    if (timeout_ms >= 0 && ms > timeout_ms)
        return timeout_ms;
    return ms > 3600000 ? 3600000 : (int)ms;
}

/* Negative descriptors are ignored by poll(2): so a watch that asks for nothing reports not even
 * POLLHUP, which would otherwise make the loop spin. */
static int poll_watches(struct mxs_loop *loop, int timeout_ms)
{
    if (loop->cap_fds < loop->n_watches) {
        loop->cap_fds = loop->cap_watches;
        loop->fds = mxs_realloc(loop->fds, loop->cap_fds * sizeof *loop->fds);
    }
    for (size_t i = 0; i < loop->n_watches; i++) {
        const struct mxs_watch *w = loop->watches[i];
        loop->fds[i] = (struct pollfd){ .fd = w->events ? w->fd : -1, .events = w->events };
    }
    return poll(loop->fds, (nfds_t)loop->n_watches, timeout_ms);
}

static void run_watches(struct mxs_loop *loop, int ready)
{
    size_t n = loop->n_watches; /* those added by callbacks wait for the next pass */
    for (size_t i = 0; i < n && ready > 0; i++) {
        short revents = loop->fds[i].revents;
        if (!revents)
            continue;
        ready--;
        if (loop->watches[i]->dead || !loop->watches[i]->events)
            continue;
        loop->watches[i]->fn(loop->watches[i]->data, revents);
    }
}

static void run_timers(struct mxs_loop *loop)
{
    int64_t now = mxs_loop_now(loop);
    size_t n = loop->n_timers;
    for (size_t i = 0; i < n; i++) {
        struct mxs_timer *timer = loop->timers[i];
        if (timer->dead || timer->fired || timer->due > now)
            continue;
        timer->fired = true;
        timer->fn(timer->data);
    }
}

static bool empty(const struct mxs_loop *loop)
{
    for (size_t i = 0; i < loop->n_timers; i++)
        if (!loop->timers[i]->fired)
            return false;
    return loop->n_watches == 0;
}

bool mxs_loop_run_once(struct mxs_loop *loop, int timeout_ms)
{
    sweep(loop);
    if (empty(loop))
        return false;
    int ready = poll_watches(loop, poll_timeout(loop, timeout_ms));
    run_watches(loop, ready); /* data that came before its deadline wins */
    run_timers(loop);
    sweep(loop);
    return !empty(loop);
}
