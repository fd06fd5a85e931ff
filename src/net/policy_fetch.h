/* The MTA-STS policy over HTTPS (RFC 8461 3.3): libcurl multi in our loop; no redirects, no proxy,
 * 64 KiB, a deadline, certificate kept. */
#ifndef MXSCOPE_SRC_NET_POLICY_FETCH_H
#define MXSCOPE_SRC_NET_POLICY_FETCH_H

#include "facts/evidence.h"
#include "net/coro.h"

struct mxs_policy_fetch_options {
    const char *host;           /* mta-sts.<domain> */
    struct mxs_strs addresses;  /* by our resolver; the system's is never asked */
    unsigned port;              /* 443 unless --connect-to moves it */
    const char *ca_file;        /* roots; NULL: the system's */
    const char *source;         /* or NULL */
};

struct mxs_policy_answer {
    int status;             /* HTTP status, 0 = no answer */
    const char *media_type, *location;
    const char *error, *error_id; /* see mxs_sts_facts; NULL when a 200 came whole */
    const char *address;
    struct mxs_bytes body;
    MXS_LIST(struct mxs_bytes) certificates; /* DER, leaf first; also when they were not trusted */
};

/* From inside a coroutine; out lives in arena. CANCELLED is the only error. */
enum mxs_err mxs_policy_fetch(struct mxs_loop *loop, struct mxs_coro *self,
                              struct mxs_arena *arena,
                              const struct mxs_policy_fetch_options *options, int64_t deadline,
                              struct mxs_policy_answer *out);

#endif
