/* A simulated future served for real: one mail server with its chain, records, policy and offer as a
 * what-if says, in place of the clean lab's hosts, so that a real mail server can be pointed at it. */
#ifndef MXSCOPE_SRC_LAB_LAB_FUTURE_H
#define MXSCOPE_SRC_LAB_LAB_FUTURE_H

#include "whatif/overlay.h"

struct mxs_lab_plan;

struct mxs_lab_future {
    const char *domain, *host; /* domain NULL: nobody's MX is known */
    unsigned port;             /* 465: TLS from the first octet */
    const char *chain, *key;   /* PEM; NULL: it shows none */
    const char *roots;         /* PEM of what the chain leads to; NULL */
    struct mxs_strs tlsa;      /* "3 1 1 ab12.." */
    const char *policy;        /* MTA-STS; NULL: none */
    enum mxs_starttls starttls;
    bool unsigned_host, unsigned_domain; /* the zone is not signed */
    bool expired;              /* its signatures have expired */
    bool tlsa_bogus;
    int64_t at;                /* test it at this date */
};

/* whatif->own_keys must be set, and future made with it. before: a chain whose anchors count too, or
 * NULL. Everything is in arena. MXS_ERR_USAGE with why for what is no server with a name. */
enum mxs_err mxs_lab_future_of(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                               const struct mxs_future *future, const struct mxs_chain *before,
                               struct mxs_lab_future *out, struct mxs_why *why);
/* Turns the plan of the clean lab into this one. future outlives the plan. */
enum mxs_err mxs_lab_plan_future(struct mxs_lab_plan *plan, const struct mxs_lab_future *future,
                                 struct mxs_why *why);

#endif
