/* The engine: the loop, the resolver, its walks, and the places that share one address. */
#include "config.h"

#include "session/walk.h"

#include "net/tls_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After a 421 the next session to that address waits this long: the server asked for it. */
enum { BUSY_PAUSE_S = 30 };

/* A walk that waits for its place; on its own stack. */
struct waiter {
    struct mxs_coro *coro;
    struct waiter *next;
    bool granted, waits;
};

/* Sessions to one address and port (--per-host). */
struct place {
    struct place *next;
    struct mxs_engine *engine;
    char *address;
    unsigned port, active;
    struct waiter *first, **last;
    int64_t not_before; /* loop time */
    struct mxs_timer *timer;
};

struct watched {
    struct watched *next;
    struct mxs_watch *watch;
    int fd;
    void (*fn)(void *data);
    void *data;
};

struct mxs_engine {
    const struct mxs_session_options *options;
    struct mxs_loop *loop, *own_loop; /* own_loop: NULL when the caller brought it */
    struct mxs_resolver *resolver;
    struct mxs_tls_context *tls;
    struct mxs_share *share; /* NULL unless the options ask for it */
    struct mxs_walk *walks;
    struct place *places;
    struct watched *watched;
    char *last_target; /* of the walk started last; NULL */
};

/* --- life --- */

static enum mxs_err check_source(const char *source, struct mxs_why *why)
{
    uint8_t room[16];
    if (!source || inet_pton(AF_INET, source, room) == 1 || inet_pton(AF_INET6, source, room) == 1)
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_USAGE, "--source %s: not an IPv4 or IPv6 address", source);
}

static enum mxs_err check_options(const struct mxs_session_options *o, struct mxs_why *why)
{
    enum mxs_err err = check_source(o->source, why);
    if (!err && o->priority)
        err = mxs_tls_priority_check(o->priority, why);
    if (!err && o->ca_file && access(o->ca_file, R_OK) != 0)
        err = mxs_why_set(why, MXS_ERR_IO, "%s: %s", o->ca_file, strerror(errno));
    return err;
}

enum mxs_err mxs_engine_new_on(struct mxs_loop *loop, const struct mxs_session_options *options,
                               const struct mxs_clock *clock, struct mxs_engine **out,
                               struct mxs_why *why)
{
    struct mxs_resolver_options resolver = { .forward = options->resolver,
                                             .system = !options->resolver,
                                             .trust_anchor = options->trust_anchor };
    enum mxs_err err = check_options(options, why);
    *out = NULL;
    if (err)
        return err;
    struct mxs_engine *engine = mxs_alloc(sizeof *engine);
    engine->options = options;
    engine->own_loop = loop ? NULL : mxs_loop_new(clock);
    engine->loop = loop ? loop : engine->own_loop;
    engine->share = options->share ? mxs_share_new() : NULL;
    err = mxs_tls_context_new(options->client_cert_pem, options->client_key_pem, &engine->tls, why);
    if (!err)
        err = mxs_resolver_new(engine->loop, &resolver, &engine->resolver, why);
    if (err) {
        mxs_engine_free(engine);
        return err;
    }
    *out = engine;
    return MXS_OK;
}

enum mxs_err mxs_engine_new(const struct mxs_session_options *options,
                            const struct mxs_clock *clock, struct mxs_engine **out,
                            struct mxs_why *why)
{
    return mxs_engine_new_on(NULL, options, clock, out, why);
}

/* Unwinds the coroutine; the walk itself stays its owner's. */
static void end_walk(struct mxs_walk *walk)
{
    if (walk->coro && walk->started && !mxs_coro_done(walk->coro))
        mxs_coro_cancel(walk->coro);
    mxs_coro_free(walk->coro);
    walk->coro = NULL;
    walk->done = true;
}

static void free_place(struct place *place)
{
    mxs_timer_free(place->timer);
    free(place->address);
    free(place);
}

void mxs_engine_free(struct mxs_engine *engine)
{
    if (!engine)
        return;
    for (struct mxs_walk *walk = engine->walks; walk; walk = walk->next) {
        end_walk(walk);
        mxs_arena_free(walk->arena); /* lookups of the resolver may hang in it */
        walk->arena = NULL;
        walk->engine = NULL;
    }
    for (struct place *p = engine->places, *next; p; p = next) {
        next = p->next;
        free_place(p);
    }
    for (struct watched *w = engine->watched, *next; w; w = next) {
        next = w->next;
        mxs_watch_free(w->watch);
        free(w);
    }
    mxs_share_free(engine->share);
    mxs_tls_context_free(engine->tls);
    mxs_resolver_free(engine->resolver);
    free(engine->last_target);
    mxs_loop_free(engine->own_loop);
    free(engine);
}

struct mxs_loop *mxs_engine_loop(struct mxs_engine *engine)
{
    return engine->loop;
}

/* --- the caller's descriptors and work --- */

static void on_watched(void *data, short revents)
{
    struct watched *w = data;
    (void)revents;
    w->fn(w->data);
}

void mxs_engine_watch(struct mxs_engine *engine, int fd, void (*fn)(void *data), void *data)
{
    for (struct watched **at = &engine->watched; *at; at = &(*at)->next) {
        struct watched *w = *at;
        if (w->fd != fd)
            continue;
        mxs_watch_free(w->watch);
        *at = w->next;
        free(w);
        break;
    }
    if (!fn)
        return;
    struct watched *w = mxs_alloc(sizeof *w);
    *w = (struct watched){ engine->watched, NULL, fd, fn, data };
    w->watch = mxs_loop_watch(engine->loop, fd, POLLIN, on_watched, w);
    engine->watched = w;
}

void mxs_engine_run_once(struct mxs_engine *engine, int timeout_ms)
{
    mxs_loop_run_once(engine->loop, timeout_ms);
}

/* --- walks --- */

enum mxs_err mxs_walk_new(struct mxs_engine *engine, const char *target,
                          struct mxs_journal *journal, struct mxs_walk **out, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_target parsed = { 0 };
    enum mxs_err err = mxs_target_parse(arena, target, &parsed, why);
    *out = NULL;
    if (err) {
        mxs_arena_free(arena);
        return err;
    }
    struct mxs_walk *walk = mxs_alloc(sizeof *walk);
    *walk = (struct mxs_walk){ .engine = engine,
                               .next = engine->walks,
                               .loop = engine->loop,
                               .resolver = engine->resolver,
                               .tls = engine->tls,
                               .share = engine->share,
                               .options = engine->options,
                               .journal = journal,
                               .evidence = mxs_fold_new(journal),
                               .arena = arena,
                               .target = parsed,
                               .stage = MXS_STAGE_NONE };
    walk->coro = mxs_coro_new(engine->loop, mxs_walk_run, walk);
    engine->walks = walk;
    *out = walk;
    return MXS_OK;
}

void mxs_walk_free(struct mxs_walk *walk)
{
    if (!walk)
        return;
    end_walk(walk);
    for (struct mxs_walk **at = walk->engine ? &walk->engine->walks : NULL; at && *at;
         at = &(*at)->next)
        if (*at == walk) {
            *at = walk->next;
            break;
        }
    mxs_debugger_fini(&walk->debugger);
    mxs_fold_free(walk->evidence);
    mxs_arena_free(walk->arena);
    free(walk);
}

/* The same target again, and nothing else runs: the operator has repaired something and looks whether
 * it helped. What the first walk left in the resolver's cache must not answer. */
static void forget_dns(struct mxs_engine *engine, const struct mxs_walk *walk)
{
    bool again = engine->last_target && strcmp(engine->last_target, walk->target.text) == 0;
    for (const struct mxs_walk *w = engine->walks; w; w = w->next)
        again = again && (w == walk || !w->started || w->done);
    if (again)
        mxs_resolver_refresh(engine->resolver);
    free(engine->last_target);
    engine->last_target = mxs_strdup(walk->target.text);
}

void mxs_walk_start(struct mxs_walk *walk)
{
    if (walk->started || walk->done)
        return;
    walk->started = true;
    forget_dns(walk->engine, walk);
    mxs_coro_resume(walk->coro);
}

void mxs_walk_stop(struct mxs_walk *walk)
{
    if (walk->done)
        return;
    mxs_coro_cancel(walk->coro);
    mxs_walk_start(walk); /* one that never ran still ends its journal */
}

bool mxs_walk_done(const struct mxs_walk *walk)
{
    return walk->done;
}

void mxs_walk_finish(struct mxs_walk *walk)
{
    mxs_walk_start(walk);
    while (!walk->done && mxs_loop_run_once(walk->loop, -1))
        ;
}

/* --- places --- */

static struct place *find_place(struct mxs_engine *engine, const char *address, unsigned port)
{
    for (struct place *p = engine->places; p; p = p->next)
        if (p->port == port && strcmp(p->address, address) == 0)
            return p;
    struct place *p = mxs_alloc(sizeof *p);
    *p = (struct place){ .next = engine->places, .engine = engine,
                         .address = mxs_strdup(address), .port = port };
    p->last = &p->first;
    engine->places = p;
    return p;
}

static void forget_place(struct place *place)
{
    for (struct place **at = &place->engine->places; *at; at = &(*at)->next)
        if (*at == place) {
            *at = place->next;
            break;
        }
    free_place(place);
}

static void grant(struct place *place);

static void on_place_timer(void *data)
{
    grant(data);
}

/* Lets in those whose turn it is, first come first served; a place that nobody needs goes. */
static void grant(struct place *place)
{
    unsigned limit = place->engine->options->per_host ? place->engine->options->per_host : 1;
    int64_t wait = place->not_before - mxs_loop_now(place->engine->loop);
    mxs_timer_free(place->timer);
    place->timer = NULL;
    if (wait > 0) {
        place->timer = mxs_loop_timer(place->engine->loop, wait, on_place_timer, place);
        return;
    }
    while (place->first && place->active < limit) {
        struct waiter *w = place->first;
        place->first = w->next;
        if (!place->first)
            place->last = &place->first;
        place->active++;
        w->granted = true;
        if (w->waits)
            mxs_coro_wake(w->coro);
    }
    if (place->active == 0)
        forget_place(place);
}

static void withdraw(struct place *place, struct waiter *waiter)
{
    struct waiter **at = &place->first;
    while (*at && *at != waiter)
        at = &(*at)->next;
    if (*at)
        *at = waiter->next;
    place->last = &place->first;
    while (*place->last)
        place->last = &(*place->last)->next;
}

enum mxs_err mxs_engine_enter(struct mxs_walk *walk, const char *address, unsigned port)
{
    struct place *place = find_place(walk->engine, address, port);
    struct waiter waiter = { .coro = walk->coro };
    *place->last = &waiter;
    place->last = &waiter.next;
    grant(place);
    waiter.waits = true;
    mxs_walk_waiting(walk, "a place at this host", 0);
    while (!waiter.granted && mxs_coro_wait(walk->coro, 0) != MXS_ERR_CANCELLED)
        ;
    mxs_walk_waited(walk);
    if (!mxs_coro_cancelled(walk->coro))
        return MXS_OK;
    if (waiter.granted)
        mxs_engine_leave(walk, address, port, false);
    else
        withdraw(place, &waiter);
    return MXS_ERR_CANCELLED;
}

void mxs_engine_leave(struct mxs_walk *walk, const char *address, unsigned port, bool busy_421)
{
    struct place *place = find_place(walk->engine, address, port);
    place->active--;
    if (busy_421)
        place->not_before = mxs_loop_now(walk->loop) + BUSY_PAUSE_S * INT64_C(1000000);
    grant(place);
}
