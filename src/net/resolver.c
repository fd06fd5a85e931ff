#include "config.h"

#include "net/resolver_room.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unbound.h>

#include "net/endpoint.h"
#include "net/trust_anchor.h"

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
    resolver->watch = mxs_loop_watch(resolver->loop, ub_fd(ctx), POLLIN, mxs_lookup_readable, resolver);
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
        mxs_lookup_detach(resolver->lookups);
    ub_ctx_delete(resolver->ctx);
    free(resolver->forward);
    free(resolver->trust_anchor);
    free(resolver);
}
