/* Large senders that enforce DANE, MTA-STS or TLS, as dated data with sources (share/senders), so that a
 * finding can say who will act on it. */
#ifndef MXSCOPE_SRC_JUDGE_SENDERS_H
#define MXSCOPE_SRC_JUDGE_SENDERS_H

#include "base/arena.h"

struct mxs_enforcement {
    const char *what;      /* "dane" "mta-sts" "tls" "tlsa-limit" */
    int64_t from, until;   /* from <= at < until; INT64_MIN and INT64_MAX where no date is known */
    const char *certainty; /* "documented" "observed" "unverified" */
    const char *note;      /* or NULL */
    const char *source;
};

struct mxs_large_sender {
    const char *id, *name, *operator; /* "exchange-online", "Exchange Online", "Microsoft" */
    const char *verifier;             /* its profile (share/verifiers), or NULL */
    struct mxs_strs match;            /* how people write it */
    MXS_LIST(struct mxs_enforcement) enforces;
};

struct mxs_senders {
    struct mxs_arena *arena;
    const char *as_of; /* the newest of the files */
    MXS_LIST(struct mxs_large_sender) v;
};

/* Reads every *.json of a folder. Errors: "FILE:LINE: reason", *out is NULL. */
enum mxs_err mxs_senders_load(const char *folder, struct mxs_senders **out, struct mxs_why *why);
void mxs_senders_free(struct mxs_senders *senders); /* NULL is fine */

/* What a sender must enforce to act on this finding: "dane", ..; NULL: none of them. */
const char *mxs_finding_enforcement(const char *finding_id);
/* NULL when the sender does not enforce that at that instant. */
const struct mxs_enforcement *mxs_sender_enforces(const struct mxs_large_sender *sender,
                                                  const char *what, int64_t at);
/* The names of those who enforce what the finding breaks; none when it breaks nothing. senders may be
 * NULL. */
struct mxs_strs mxs_senders_against(struct mxs_arena *arena, const struct mxs_senders *senders,
                                    const char *finding_id, int64_t at);

#endif
