/* Questions to the resolver: queued, submitted in bursts, waited for; and what is asked besides, where an
 * answer does not say all. */
#include "config.h"

#include "net/resolver_room.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unbound.h>

#include "base/text.h"
#include "facts/dns_names.h"
#include "net/resolver_verdict.h"

/* More in flight overruns the operator's resolver; a burst of submissions holds up the loop pass. */
enum { IN_FLIGHT_MAX = 50, BURST = 8 };

/* --- questions: queued, submitted in bursts, answered in the loop --- */

static int64_t waited(const struct mxs_lookup *lookup)
{
    return mxs_loop_now(lookup->resolver->loop) - lookup->began;
}

static void settle(struct mxs_query *query)
{
    query->done = true;
    query->answer->us = waited(query->lookup);
    if (--query->lookup->pending == 0 && query->lookup->waiter)
        mxs_coro_wake(query->lookup->waiter);
}

static void pump(struct mxs_resolver *resolver);

static void on_answer(void *data, int err, struct ub_result *result)
{
    struct mxs_query *query = data;
    query->lookup->resolver->in_flight--;
    query->no_anchor =
        mxs_resolver_verdict(query->lookup->arena, err, result, query->answer);
    ub_resolve_free(result);
    settle(query);
}

void mxs_lookup_readable(void *data, short revents)
{
    (void)revents;
    struct mxs_resolver *resolver = data;
    ub_process(resolver->ctx);
    pump(resolver);
}

/* The worker inherits the mask of the thread that makes it: signals stay with the application. */
static int submit(struct mxs_resolver *resolver, struct mxs_query *query)
{
    sigset_t all, old;
    bool first = !resolver->thread_runs;
    if (first) {
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &old);
    }
    int ub = ub_resolve_async(resolver->ctx, query->question.name, query->question.type, 1,
                              query, on_answer, &query->async_id);
    if (first)
        pthread_sigmask(SIG_SETMASK, &old, NULL);
    resolver->thread_runs = true;
    return ub;
}

static void on_later(void *data)
{
    struct mxs_resolver *resolver = data;
    mxs_timer_free(resolver->later);
    resolver->later = NULL;
    pump(resolver);
}

static struct mxs_query *dequeue(struct mxs_resolver *resolver)
{
    struct mxs_query *query = resolver->first;
    resolver->first = query->next;
    if (!resolver->first)
        resolver->last = &resolver->first;
    return query;
}

static void pump(struct mxs_resolver *resolver)
{
    for (int n = 0; resolver->first && n < BURST && resolver->in_flight < IN_FLIGHT_MAX; n++) {
        struct mxs_query *query = dequeue(resolver);
        int ub = submit(resolver, query);
        if (ub == 0) {
            resolver->in_flight++;
            continue;
        }
        query->async_id = 0;
        mxs_resolver_verdict(query->lookup->arena, ub, NULL, query->answer);
        settle(query);
    }
    if (resolver->first && resolver->in_flight < IN_FLIGHT_MAX && !resolver->later)
        resolver->later = mxs_loop_timer(resolver->loop, 0, on_later, resolver);
}

static void enqueue(struct mxs_resolver *resolver, struct mxs_query *query)
{
    query->next = NULL;
    *resolver->last = query;
    resolver->last = &query->next;
}

static void unqueue(struct mxs_resolver *resolver, const struct mxs_query *query)
{
    struct mxs_query **at = &resolver->first;
    while (*at && *at != query)
        at = &(*at)->next;
    if (*at)
        *at = query->next;
    for (resolver->last = &resolver->first; *resolver->last;)
        resolver->last = &(*resolver->last)->next;
}

/* After a cancel libunbound never calls back, whatever the worker still finds. */
static void give_up(struct mxs_query *query, enum mxs_err err)
{
    struct mxs_lookup *lookup = query->lookup;
    struct mxs_resolver *resolver = lookup->resolver;
    if (query->done)
        return;
    if (query->async_id) {
        ub_cancel(resolver->ctx, query->async_id);
        resolver->in_flight--;
    } else {
        unqueue(resolver, query);
    }
    query->answer->us = waited(lookup);
    query->answer->security = MXS_SECURITY_ERROR;
    query->answer->why = err == MXS_ERR_TIMEOUT
                             ? mxs_arena_printf(lookup->arena, "no answer within %.1f s",
                                                (double)query->answer->us / 1e6)
                             : "cancelled";
    query->done = true;
    lookup->pending--;
}

static void give_up_all(struct mxs_lookup *lookup, enum mxs_err err)
{
    for (size_t i = 0; i < lookup->n; i++)
        give_up(&lookup->queries[i], err);
    pump(lookup->resolver); /* others may have waited for these places */
}

void mxs_lookup_detach(struct mxs_lookup *lookup)
{
    if (!lookup->resolver)
        return;
    give_up_all(lookup, MXS_ERR_CANCELLED);
    *lookup->at = lookup->next;
    if (lookup->next)
        lookup->next->at = lookup->at;
    lookup->resolver = NULL;
}

struct mxs_lookup *mxs_lookup_start(struct mxs_resolver *resolver, struct mxs_arena *arena,
                                    const struct mxs_question *questions, size_t n,
                                    struct mxs_dns_answer *answers)
{
    struct mxs_lookup *lookup = mxs_alloc(sizeof *lookup + n * sizeof lookup->queries[0]);
    resolver = resolver->use_roots ? resolver->roots : resolver;
    lookup->resolver = resolver;
    lookup->arena = arena;
    lookup->began = mxs_loop_now(resolver->loop);
    lookup->n = lookup->pending = n;
    lookup->next = resolver->lookups;
    lookup->at = &resolver->lookups;
    if (lookup->next)
        lookup->next->at = &lookup->next;
    resolver->lookups = lookup;
    for (size_t i = 0; i < n; i++) {
        struct mxs_query *query = &lookup->queries[i];
        query->lookup = lookup;
        query->question.name = mxs_ascii_lower(arena, questions[i].name);
        query->question.type = questions[i].type;
        query->answer = &answers[i];
        answers[i] = (struct mxs_dns_answer){ .qname = query->question.name,
                                              .qtype = questions[i].type, .rcode = -1 };
        enqueue(resolver, query);
    }
    pump(resolver);
    return lookup;
}

void mxs_lookup_free(struct mxs_lookup *lookup)
{
    if (lookup)
        mxs_lookup_detach(lookup);
    free(lookup);
}

static enum mxs_err wait_answers(struct mxs_lookup *lookup, struct mxs_coro *self,
                                 int64_t deadline)
{
    enum mxs_err err = MXS_OK;
    lookup->waiter = self;
    while (lookup->pending > 0 && err == MXS_OK)
        err = mxs_coro_wait(self, deadline);
    lookup->waiter = NULL;
    if (lookup->pending == 0)
        return MXS_OK;
    if (lookup->resolver)
        give_up_all(lookup, err);
    return err;
}

/* --- what an insecure verdict may hide --- */

static enum mxs_err ask_ds(struct mxs_lookup *lookup, struct mxs_coro *self, const char *zone,
                           int64_t deadline, struct mxs_dns_answer *ds)
{
    struct mxs_question question = { zone, MXS_DNS_DS };
    struct mxs_lookup *inner = mxs_lookup_start(lookup->resolver, lookup->arena, &question, 1, ds);
    enum mxs_err err = wait_answers(inner, self, deadline);
    mxs_lookup_free(inner);
    return err;
}

/* RFC 4035 5.2, RFC 6840 5.2: a DS whose algorithms or digests the validator does not know makes the
 * zone insecure, whatever its own signatures use. That looks like an unsigned zone, but is a limit of
 * this build, or a DS that few validators understand, not an unsigned domain: the DS tells them apart.
 * Zones below such a zone are insecure too, so the search goes upwards. */
static enum mxs_err tell_unsupported(struct mxs_lookup *lookup, struct mxs_coro *self,
                                     int64_t deadline, struct mxs_dns_answer *answer)
{
    enum { CLIMB_MAX = 8 };
    const char *zone = mxs_resolver_signer(lookup->arena, answer->packet);
    for (int n = 0; zone && n < CLIMB_MAX; n++) {
        struct mxs_dns_answer ds;
        enum mxs_err err = ask_ds(lookup, self, zone, deadline, &ds);
        if (err)
            return err;
        if (ds.security == MXS_SECURITY_SECURE) {
            if (mxs_resolver_ds_unknown(&ds))
                answer->security = MXS_SECURITY_UNSUPPORTED;
            return MXS_OK;
        }
        zone = ds.security == MXS_SECURITY_INSECURE
                   ? mxs_resolver_signer(lookup->arena, ds.packet) : NULL;
    }
    return MXS_OK;
}

/* --- a system resolver that strips DNSSEC --- */

static bool stripped(const struct mxs_lookup *lookup)
{
    for (size_t i = 0; i < lookup->n; i++)
        if (lookup->queries[i].no_anchor)
            return true;
    return false;
}

/* Nobody chose the system's resolver for this: where it cannot be used, the root servers are asked, from
 * now on. Where they do not help either, what was learned first stands. */
static enum mxs_err ask_roots(struct mxs_lookup *lookup, struct mxs_coro *self, int64_t deadline)
{
    struct mxs_resolver *resolver = lookup->resolver;
    struct mxs_resolver_options options = { .trust_anchor = resolver->trust_anchor };
    enum mxs_err err = MXS_OK;
    if (!resolver->roots &&
        mxs_resolver_new(resolver->loop, &options, &resolver->roots, NULL) != MXS_OK)
        return MXS_OK;
    for (size_t i = 0; i < lookup->n && err == MXS_OK; i++) {
        struct mxs_query *query = &lookup->queries[i];
        struct mxs_dns_answer again;
        if (!query->no_anchor)
            continue;
        struct mxs_lookup *inner =
            mxs_lookup_start(resolver->roots, lookup->arena, &query->question, 1, &again);
        err = wait_answers(inner, self, deadline);
        if (again.security != MXS_SECURITY_ERROR) {
            *query->answer = again;
            resolver->use_roots = true;
        }
        mxs_lookup_free(inner);
    }
    resolver->roots_useless = !resolver->use_roots && err != MXS_ERR_CANCELLED;
    return err == MXS_ERR_TIMEOUT ? MXS_OK : err; /* there is an answer, such as it is */
}

enum mxs_err mxs_lookup_wait(struct mxs_lookup *lookup, struct mxs_coro *self, int64_t deadline)
{
    enum mxs_err err = wait_answers(lookup, self, deadline);
    if (err == MXS_OK && lookup->resolver && lookup->resolver->system &&
        !lookup->resolver->roots_useless && stripped(lookup))
        err = ask_roots(lookup, self, deadline);
    for (size_t i = 0; i < lookup->n && lookup->resolver && err == MXS_OK; i++)
        if (lookup->queries[i].answer->security == MXS_SECURITY_INSECURE)
            err = tell_unsupported(lookup, self, deadline, lookup->queries[i].answer);
    return err;
}

enum mxs_err mxs_resolver_ask_all(struct mxs_resolver *resolver, struct mxs_coro *self,
                                  struct mxs_arena *arena, const struct mxs_question *questions,
                                  size_t n, int64_t deadline, struct mxs_dns_answer *answers)
{
    struct mxs_lookup *lookup = mxs_lookup_start(resolver, arena, questions, n, answers);
    enum mxs_err err = mxs_lookup_wait(lookup, self, deadline);
    mxs_lookup_free(lookup);
    return err;
}

enum mxs_err mxs_resolver_ask(struct mxs_resolver *resolver, struct mxs_coro *self,
                              struct mxs_arena *arena, const char *name, uint16_t type,
                              int64_t deadline, struct mxs_dns_answer *out)
{
    struct mxs_question question = { name, type };
    return mxs_resolver_ask_all(resolver, self, arena, &question, 1, deadline, out);
}
