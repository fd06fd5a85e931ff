/* The same question at every date that matters: certificates' and policies' ends, CA and programme dates
 * of the catalog, dates of the scenarios. */
#ifndef MXSCOPE_SRC_WHATIF_TIMELINE_H
#define MXSCOPE_SRC_WHATIF_TIMELINE_H

#include "whatif/matrix.h"

struct mxs_timeline_date {
    int64_t at;
    const char *title;     /* "DST Root CA X3 expires", "leaf expires", the scenario's title */
    const char *kind;      /* "certificate" "catalog" "scenario" "today" */
    const char *certainty, *source; /* NULL when it is a fact of the evidence */
    const struct mxs_scenario *scenario; /* kind "scenario" */
    bool leaf_ends;        /* from then on the leaf counts as renewed in time, for the same key */
};
struct mxs_timeline_dates {
    MXS_LIST(struct mxs_timeline_date) list; /* in order of time, no two the same instant and title */
};

/* The dates on which a slider can rest, for this subject. In arena. */
void mxs_timeline_dates(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                        const struct mxs_subject *subject,
                        const struct mxs_scenario *const *scenarios, size_t n,
                        struct mxs_timeline_dates *out);

struct mxs_timeline_point {
    const struct mxs_timeline_date *date;
    const struct mxs_verdict *const *verdicts; /* one per seat, at this date */
    const struct mxs_verdict *const *before;   /* of the date before that is no end of the leaf; NULL */
    bool *changed;                             /* one per seat, against before */
    size_t n_changed;
};

/* Judges the subject at each date, with the scenarios in force whose date has come and which apply. An
 * iterator like the matrix: one date a step. */
struct mxs_timeline {
    struct mxs_arena *arena;
    struct mxs_panel panel;
    struct mxs_timeline_dates dates;
    MXS_LIST(struct mxs_timeline_point) points; /* those that were judged so far */
};
struct mxs_timeline *mxs_timeline_new(const struct mxs_whatif *whatif,
                                      const struct mxs_subject *subject,
                                      const struct mxs_scenario *const *scenarios, size_t n);
bool mxs_timeline_step(struct mxs_timeline *timeline);
void mxs_timeline_free(struct mxs_timeline *timeline); /* NULL is fine */

#endif
