/* What the files of the proof share (plan_proof.c has the idea). */
#ifndef MXSCOPE_SRC_WHATIF_PLAN_PROOF_ROOM_H
#define MXSCOPE_SRC_WHATIF_PLAN_PROOF_ROOM_H

#include "whatif/plan_room.h"

enum { MXS_POLICY_NONE, MXS_POLICY_LIVE, MXS_POLICY_CACHED, MXS_POLICY_GIVEN, MXS_POLICIES };

typedef MXS_LIST(int64_t) mxs_instants;

struct mxs_proof_version { /* what a host publishes from `from` on */
    int64_t from;
    size_t step; /* SIZE_MAX: today's */
    const mxs_plan_records *records;
};

struct mxs_proof_failure { /* one memo cell that fails, and when it is met */
    struct mxs_plan_state state;
    struct mxs_verdict verdict;
    int64_t from, until;
};

struct mxs_proof {
    struct mxs_plan *plan;
    mxs_instants at, past;    /* deliveries; fetches, past ones too */
    int64_t end;
    size_t place;             /* the one at work */
    MXS_LIST(struct mxs_proof_version) versions;
    mxs_instants cuts;        /* dates of the place's certificates */
    mxs_plan_records kinds;   /* one record of each combination that a sender may go by alone */
    struct mxs_panel panel;
    uint16_t *memo;
    bool *counts;             /* seats that deliver today: a plan may not take that away */
    MXS_LIST(struct mxs_proof_failure) failures;
    struct mxs_arena *scratch;
};

struct mxs_proof_cell { /* what a verdict depends on; kind 0: all records, else kinds[kind - 1] alone */
    size_t version, chain, policy, bucket, kind;
};

/* plan_instants.c: when something begins or ends. */
void mxs_proof_instants(struct mxs_proof *p);
/* Adds the dates of all certificates that a place may show, and of their anchors. */
void mxs_proof_dates(struct mxs_proof *p, mxs_instants *list, const struct mxs_plan_place *place);
/* Sorts, and leaves each once, from..until. */
void mxs_proof_tidy(mxs_instants *list, int64_t from, int64_t until);

/* plan_cell.c: what senders do in a state; each verdict is asked for once. */
void mxs_proof_panel(struct mxs_proof *p); /* of the place at work: who judges there */
size_t mxs_proof_bucket(const struct mxs_proof *p, int64_t at); /* between which cuts */
/* A delivery at `at` by a sender whose clock shows `clock`. */
void mxs_proof_visit(struct mxs_proof *p, const struct mxs_proof_cell *c, int64_t at, int64_t clock);

/* plan_result.c */
void mxs_proof_report(struct mxs_proof *p); /* failures that are one as one, by date, in words */
void mxs_proof_say_kinds(struct mxs_plan *plan); /* what was covered, and what was not */

#endif
