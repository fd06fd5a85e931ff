#include "config.h"

#include "net/resolver.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unbound.h>

#include "base/text.h"
#include "facts/dns_names.h"
#include "net/endpoint.h"
#include "net/resolver_verdict.h"
#include "net/trust_anchor.h"

/* More in flight overruns the operator's resolver; a burst of submissions holds up the loop pass. */
enum { IN_FLIGHT_MAX = 50, BURST = 8 };

struct query {
    struct mxs_lookup *lookup;
    struct mxs_question question;
    struct mxs_dns_answer *answer;
    struct query *next; /* waiting for its turn */
    int async_id;       /* 0 = not submitted, libunbound counts from 1 */
    bool done, no_anchor; /* no_anchor: what kept it from being judged is not the domain's */
};

struct mxs_lookup {
    struct mxs_resolver *resolver; /* NULL: it is gone */
    struct mxs_lookup *next, **at; /* all of the resolver */
    struct mxs_arena *arena;
    struct mxs_coro *waiter;       /* NULL: nobody waits at the moment */
    int64_t began;
    size_t n, pending;
    struct query queries[];
};

struct mxs_resolver {
    struct mxs_loop *loop;
    struct ub_ctx *ctx;
    char *forward, *trust_anchor; /* as given; owned, NULL */
    bool system;
    struct mxs_resolver *roots; /* `system`, and its servers strip DNSSEC: asks the root servers */
    bool use_roots, roots_useless; /* what came of the first try; neither: none yet */
    struct mxs_watch *watch;
    struct mxs_timer *later; /* the next burst */
    struct query *first, **last;
    struct mxs_lookup *lookups;
    unsigned in_flight;
    bool thread_runs;
};

/* --- set-up: options, forwarder and anchor first; any zone call finalises the context --- */

struct option {
    const char *name, *value;
    bool forward_only;
};

static const struct option options_table[] = {
    /* Proofs synthesised from the cache would make a missing proof look present. */
    { "aggressive-nsec:", "no", false },
    /* What was bogus is looked at anew at the next run; and no telemetry to the root's servers. */
    { "val-bogus-ttl:", "1", false },
    { "trust-anchor-signaling:", "no", false },
    { "root-key-sentinel:", "no", false },
    /* The empty zones for private reverse names: half of the set-up, and nobody asks for them here. */
    { "unblock-lan-zones:", "yes", false },
    { "do-not-query-localhost:", "no", true },
    /* A name that is not answered must not close the one forwarder for the names that are. After nine
     * tries libunbound gives up, and that reads as SERVFAIL: with its least pause of 50 ms after 3 s,
     * while the forwarder may still be at work; with this, after our deadlines. */
    { "infra-keep-probing:", "yes", true },
    { "infra-cache-min-rtt:", "250", true },
};

/* Built-in empty zones that hide what a lab or a company serves; kept without an explicit forwarder. */
static const char *const hidden_zones[] = { "test.", "invalid.", "localhost." };

static enum mxs_err failed(struct mxs_why *why, const char *what, int ub)
{
    return mxs_why_set(why, MXS_ERR_DNS, "%s: %s", what, ub_strerror(ub));
}

static enum mxs_err set_options(struct ub_ctx *ctx, bool forwarding, struct mxs_why *why)
{
    int ub = ub_ctx_async(ctx, 1); /* a thread: fork() and curses do not mix */
    if (ub == 0)
        ub = ub_ctx_debugout(ctx, NULL); /* it would write over the screen */
    if (ub != 0)
        return failed(why, "libunbound", ub);
    for (size_t i = 0; i < MXS_COUNT(options_table); i++) {
        const struct option *o = &options_table[i];
        if (o->forward_only && !forwarding)
            continue;
        ub = ub_ctx_set_option(ctx, o->name, o->value);
        if (ub != 0)
            return failed(why, o->name, ub);
    }
    return MXS_OK;
}

static enum mxs_err set_forward(struct ub_ctx *ctx, const struct mxs_resolver_options *options,
                                struct mxs_why *why)
{
    struct mxs_endpoint ep;
    char text[96];
    if (options->forward) {
        enum mxs_err err = mxs_endpoint_parse(options->forward, 53, &ep, why);
        if (err)
            return err;
        snprintf(text, sizeof text, "%s@%u", ep.address, ep.port);
        int ub = ub_ctx_set_fwd(ctx, text);
        return ub ? failed(why, options->forward, ub) : MXS_OK;
    }
    if (options->system) {
        enum mxs_err err = mxs_endpoint_resolv_conf(NULL, &ep, why);
        if (err)
            return err;
        int ub = ub_ctx_resolvconf(ctx, NULL);
        return ub ? failed(why, "/etc/resolv.conf", ub) : MXS_OK;
    }
    return MXS_OK;
}

/* The anchor is only read at finalisation, and a zone call is what forces it now (UB_INITFAIL). */
static enum mxs_err set_anchor(struct ub_ctx *ctx, const struct mxs_resolver_options *options,
                               struct mxs_why *why)
{
    const char *file;
    enum mxs_err err = mxs_trust_anchor_find(options->trust_anchor, &file, why);
    if (err)
        return err;
    int ub = ub_ctx_add_ta_file(ctx, file);
    for (size_t i = 0; ub == 0 && options->forward && i < MXS_COUNT(hidden_zones); i++)
        ub = ub_ctx_zone_remove(ctx, hidden_zones[i]);
    if (ub == 0)
        ub = ub_ctx_zone_remove(ctx, "finalise.invalid.");
    return ub ? failed(why, file, ub) : MXS_OK;
}

static void on_readable(void *data, short revents);
static void detach(struct mxs_lookup *lookup);

static enum mxs_err make_ctx(const struct mxs_resolver_options *options, struct ub_ctx **out,
                             struct mxs_why *why)
{
    struct ub_ctx *ctx = ub_ctx_create();
    *out = NULL;
    if (!ctx)
        return mxs_why_set(why, MXS_ERR_DNS, "libunbound: no context");
    enum mxs_err err = set_options(ctx, options->forward || options->system, why);
    if (err == MXS_OK)
        err = set_forward(ctx, options, why);
    if (err == MXS_OK)
        err = set_anchor(ctx, options, why);
    if (err)
        ub_ctx_delete(ctx);
    else
        *out = ctx;
    return err;
}

static void take_ctx(struct mxs_resolver *resolver, struct ub_ctx *ctx)
{
    resolver->ctx = ctx;
    resolver->thread_runs = false;
    resolver->watch = mxs_loop_watch(resolver->loop, ub_fd(ctx), POLLIN, on_readable, resolver);
}

enum mxs_err mxs_resolver_new(struct mxs_loop *loop, const struct mxs_resolver_options *options,
                              struct mxs_resolver **out, struct mxs_why *why)
{
    struct ub_ctx *ctx;
    enum mxs_err err = make_ctx(options, &ctx, why);
    *out = NULL;
    if (err)
        return err;
    struct mxs_resolver *resolver = mxs_alloc(sizeof *resolver);
    resolver->loop = loop;
    resolver->forward = options->forward ? mxs_strdup(options->forward) : NULL;
    resolver->trust_anchor = options->trust_anchor ? mxs_strdup(options->trust_anchor) : NULL;
    resolver->system = options->system;
    resolver->last = &resolver->first;
    take_ctx(resolver, ctx);
    *out = resolver;
    return MXS_OK;
}

/* libunbound cannot empty its caches: a new context takes the place of the old one. An anchor file that
 * is gone by now leaves it as it is. */
void mxs_resolver_refresh(struct mxs_resolver *resolver)
{
    struct mxs_resolver_options options = { .forward = resolver->forward,
                                            .system = resolver->system,
                                            .trust_anchor = resolver->trust_anchor };
    struct ub_ctx *ctx;
    bool idle = resolver->in_flight == 0 && !resolver->first;
    if (resolver->roots)
        mxs_resolver_refresh(resolver->roots);
    resolver->roots_useless = false;
    if (!idle || !resolver->thread_runs || make_ctx(&options, &ctx, NULL) != MXS_OK)
        return;
    mxs_watch_free(resolver->watch);
    ub_ctx_delete(resolver->ctx);
    take_ctx(resolver, ctx);
}

void mxs_resolver_free(struct mxs_resolver *resolver)
{
    if (!resolver)
        return;
    mxs_resolver_free(resolver->roots);
    mxs_watch_free(resolver->watch);
    mxs_timer_free(resolver->later);
    while (resolver->lookups)
        detach(resolver->lookups);
    ub_ctx_delete(resolver->ctx);
    free(resolver->forward);
    free(resolver->trust_anchor);
    free(resolver);
}

/* --- questions: queued, submitted in bursts, answered in the loop --- */

static int64_t waited(const struct mxs_lookup *lookup)
{
    return mxs_loop_now(lookup->resolver->loop) - lookup->began;
}

static void settle(struct query *query)
{
    query->done = true;
    query->answer->us = waited(query->lookup);
    if (--query->lookup->pending == 0 && query->lookup->waiter)
        mxs_coro_wake(query->lookup->waiter);
}

static void pump(struct mxs_resolver *resolver);

static void on_answer(void *data, int err, struct ub_result *result)
{
    struct query *query = data;
    query->lookup->resolver->in_flight--;
    query->no_anchor =
        mxs_resolver_verdict(query->lookup->arena, err, result, query->answer);
    ub_resolve_free(result);
    settle(query);
}

static void on_readable(void *data, short revents)
{
    (void)revents;
    struct mxs_resolver *resolver = data;
    ub_process(resolver->ctx);
    pump(resolver);
}

/* The worker inherits the mask of the thread that makes it: signals stay with the application. */
static int submit(struct mxs_resolver *resolver, struct query *query)
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

static struct query *dequeue(struct mxs_resolver *resolver)
{
    struct query *query = resolver->first;
    resolver->first = query->next;
    if (!resolver->first)
        resolver->last = &resolver->first;
    return query;
}

static void pump(struct mxs_resolver *resolver)
{
    for (int n = 0; resolver->first && n < BURST && resolver->in_flight < IN_FLIGHT_MAX; n++) {
        struct query *query = dequeue(resolver);
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

static void enqueue(struct mxs_resolver *resolver, struct query *query)
{
    query->next = NULL;
    *resolver->last = query;
    resolver->last = &query->next;
}

static void unqueue(struct mxs_resolver *resolver, const struct query *query)
{
    struct query **at = &resolver->first;
    while (*at && *at != query)
        at = &(*at)->next;
    if (*at)
        *at = query->next;
    for (resolver->last = &resolver->first; *resolver->last;)
        resolver->last = &(*resolver->last)->next;
}

/* After a cancel libunbound never calls back, whatever the worker still finds. */
static void give_up(struct query *query, enum mxs_err err)
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

static void detach(struct mxs_lookup *lookup)
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
        struct query *query = &lookup->queries[i];
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
        detach(lookup);
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
        struct query *query = &lookup->queries[i];
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
