/* What the resolver's files share: resolver.c sets libunbound up, lookup.c asks. */
#ifndef MXSCOPE_SRC_NET_RESOLVER_ROOM_H
#define MXSCOPE_SRC_NET_RESOLVER_ROOM_H

#include "net/resolver.h"

struct ub_ctx;

struct mxs_query {
    struct mxs_lookup *lookup;
    struct mxs_question question;
    struct mxs_dns_answer *answer;
    struct mxs_query *next; /* waiting for its turn */
    int async_id;           /* 0 = not submitted, libunbound counts from 1 */
    bool done, no_anchor;   /* no_anchor: what kept it from being judged is not the domain's */
};

struct mxs_lookup {
    struct mxs_resolver *resolver; /* NULL: it is gone */
    struct mxs_lookup *next, **at; /* all of the resolver */
    struct mxs_arena *arena;
    struct mxs_coro *waiter;       /* NULL: nobody waits at the moment */
    int64_t began;
    size_t n, pending;
    struct mxs_query queries[];
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
    struct mxs_query *first, **last;
    struct mxs_lookup *lookups;
    unsigned in_flight;
    bool thread_runs;
};

/* libunbound has answers (ub_fd): data is the resolver. */
void mxs_lookup_readable(void *data, short revents);
/* Gives up what is still out; the lookup outlives its resolver. */
void mxs_lookup_detach(struct mxs_lookup *lookup);

#endif
