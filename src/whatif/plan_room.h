/* What the files of the planner share. */
#ifndef MXSCOPE_SRC_WHATIF_PLAN_ROOM_H
#define MXSCOPE_SRC_WHATIF_PLAN_ROOM_H

#include "whatif/plan.h"

enum {
    MXS_PLAN_SKEW = 300,       /* seconds that a sender's clock may be wrong, either way */
    MXS_PLAN_RECORDS_MAX = 12  /* TLSA records per host that one large sender reads */
};

/* plan_places.c: hosts, places, and which of them the rollover is about. */
enum mxs_err mxs_plan_places(struct mxs_plan *plan, struct mxs_why *why);
const char *mxs_plan_family(const char *key); /* "RSA" of "RSA-2048"; a constant */
const struct mxs_cert *mxs_plan_leaf(const struct mxs_plan_place *place); /* shown today; in its chain */

/* plan_chain.c: who may issue what comes next, and the chains that a place may show then. */
enum mxs_err mxs_plan_next_chains(struct mxs_plan *plan, struct mxs_plan_place *place,
                                  struct mxs_why *why);
enum mxs_err mxs_plan_issuers(struct mxs_plan *plan, const struct mxs_plan_place *place,
                              const struct mxs_catalog_ca **out, size_t max, size_t *n,
                              struct mxs_why *why);

/* plan_records.c: the RRsets of the steps. Each gives one set per host. */
struct mxs_plan_sets {
    mxs_plan_records *now, *both, *retired, *final; /* retired NULL: no step of that kind */
    bool published; /* what is coming is out already */
};
void mxs_plan_sets(struct mxs_plan *plan, struct mxs_plan_sets *out);
bool mxs_plan_same(const mxs_plan_records *a, const mxs_plan_records *b);
bool mxs_plan_combination(const struct mxs_tlsa *a, const struct mxs_tlsa *b);
/* The record of these three numbers for the certificate of chain that stands where `depth` says. False when
 * it cannot be foretold. */
bool mxs_plan_record_of(struct mxs_plan *plan, const struct mxs_tlsa *like,
                        const struct mxs_plan_chain *chain, size_t depth, struct mxs_tlsa *out);

/* plan_cause.c: why a state fails, in words. */
struct mxs_plan_state {
    size_t place, chain, step; /* step SIZE_MAX: today's records */
    const mxs_plan_records *records;
    const char *alone;   /* "3 1 1": the sender goes by these records alone; NULL: by all */
    const struct mxs_verdict *verdict;
    int64_t at;
};
void mxs_plan_cause(struct mxs_plan *plan, const struct mxs_plan_state *state,
                    struct mxs_plan_failing *out);
void mxs_plan_failing_text(struct mxs_plan *plan, struct mxs_plan_failing *failing);

/* plan_steps.c */
const struct mxs_plan_step *mxs_plan_step(const struct mxs_plan *plan, enum mxs_plan_step_kind kind);

#endif
