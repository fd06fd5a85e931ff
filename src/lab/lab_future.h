/* A simulated future served for real: the mail servers of a session with their chains, records, policy
 * and offer as a what-if says, in place of the clean lab's hosts, so that a real mail server can be
 * pointed at it. */
#ifndef MXSCOPE_SRC_LAB_LAB_FUTURE_H
#define MXSCOPE_SRC_LAB_LAB_FUTURE_H

#include "whatif/overlay.h"

struct mxs_lab_plan;

struct mxs_lab_chain {
    const char *pem, *key; /* NULL: it shows none of that kind */
};

struct mxs_lab_future_host {
    const char *host;
    unsigned port;             /* 465: TLS from the first octet */
    unsigned preference;
    struct mxs_lab_chain ec, rsa;
    struct mxs_strs tlsa;      /* "3 1 1 ab12.." */
    enum mxs_starttls starttls;
    bool is_unsigned;          /* its zone is not signed */
    bool tlsa_bogus;
};

struct mxs_lab_future {
    const char *domain;        /* NULL: nobody's MX is known */
    MXS_LIST(struct mxs_lab_future_host) hosts;
    const char *roots;         /* PEM of what the chains lead to; NULL */
    const char *policy;        /* MTA-STS; NULL: none */
    bool unsigned_domain;
    bool expired;              /* the signatures of the zones have expired */
    struct mxs_lab_chain client; /* what the session's own client shows then */
    int64_t at;                /* test it at this date */
};

/* Adds one subject's future to *out, which is zero before the first: a host, another kind of key of one
 * that is there, or the client's certificate. whatif->own_keys must be set, and future made with it.
 * before: a chain whose anchors count too, or NULL. Everything is in arena. MXS_ERR_USAGE with why for
 * what is no server with a name. */
enum mxs_err mxs_lab_future_add(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                                const struct mxs_future *future, const struct mxs_chain *before,
                                struct mxs_lab_future *out, struct mxs_why *why);
/* Turns the plan of the clean lab into this one. future outlives the plan. */
enum mxs_err mxs_lab_plan_future(struct mxs_lab_plan *plan, const struct mxs_lab_future *future,
                                 struct mxs_why *why);

#endif
