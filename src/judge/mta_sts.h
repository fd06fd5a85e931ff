/* Which MTA-STS policy a sender applies, and what it says of a host (RFC 8461). */
#ifndef MXSCOPE_SRC_JUDGE_MTA_STS_H
#define MXSCOPE_SRC_JUDGE_MTA_STS_H

#include "judge/verifier.h"

struct mxs_sts_choice {
    const struct mxs_sts_policy *policy; /* NULL: deliver as if there were none (3.3) */
    bool cached;                         /* it is the one from before */
    const char *tls_rpt; /* why the live one cannot be had (RFC 8460 4.3), or NULL */
    const char *why;     /* the same in words, or NULL */
};

/* The policy a new sender gets now: discovered by TXT, fetched whole, and well-formed. */
struct mxs_sts_choice mxs_sts_live(const struct mxs_sts_facts *sts);
/* What a sender applies at the instant `at`: its cached policy as long as that lasts (RFC 8461 5.1),
 * else the live one. */
struct mxs_sts_choice mxs_sts_choose(const struct mxs_sts_facts *sts, int64_t at);
bool mxs_sts_lists(const struct mxs_sts_policy *policy, const char *host);
/* What stands against the session under an enforced policy: pattern, STARTTLS, certificate. */
void mxs_sts_judge(const struct mxs_judge *judge, const struct mxs_sts_policy *policy,
                   struct mxs_verdict *scratch);

#endif
