/* Scenarios down, verifiers across, before and after in each cell. An iterator: one step judges one
 * cell (or lays one overlay), so that a loop can go on in between and drop the whole at any time. */
#ifndef MXSCOPE_SRC_WHATIF_MATRIX_H
#define MXSCOPE_SRC_WHATIF_MATRIX_H

#include "judge/panel.h"
#include "whatif/overlay.h"

struct mxs_matrix_cell {
    bool judged;                       /* false: not reached yet */
    bool changed;                      /* action, channel, verified, stage, reply, alert, label or then */
    enum mxs_status status;            /* of what became new: CRITICAL, WARNING or OK */
    const struct mxs_verdict *before, *after; /* with `then` filled for receivers */
};

struct mxs_matrix_row { /* one future of one scenario */
    const struct mxs_scenario *scenario;
    const struct mxs_overlay *overlay; /* NULL until it was laid */
    const struct mxs_future *future;   /* NULL: it does not apply, see overlay->why_not */
    struct mxs_matrix_cell *cells;     /* one per seat of the panel; NULL until the overlay was laid */
    size_t judged;                     /* cells done */
    enum mxs_status status;            /* worst of its cells so far */
};

struct mxs_matrix {
    struct mxs_arena *arena;
    const struct mxs_whatif *whatif;
    const struct mxs_subject *subject;
    struct mxs_panel panel;            /* the columns */
    MXS_LIST(struct mxs_matrix_row) rows; /* grows as overlays are laid: a scenario may branch */
    size_t steps_done, steps_total;    /* for a progress line; total grows with branches */
    enum mxs_status status;
};

/* scenarios: n of them, in the order of the rows; borrowed like whatif and subject. Nothing is judged
 * yet. Free at any time. */
struct mxs_matrix *mxs_matrix_new(const struct mxs_whatif *whatif, const struct mxs_subject *subject,
                                  const struct mxs_scenario *const *scenarios, size_t n);
void mxs_matrix_free(struct mxs_matrix *matrix); /* NULL is fine */
/* Does the next piece of work; false when there is none left. */
bool mxs_matrix_step(struct mxs_matrix *matrix);
void mxs_matrix_run(struct mxs_matrix *matrix); /* to the end */

/* One verdict in a future, with `then` filled for receivers. A receiver that asks for no certificate, in
 * a future where receivers start to, is judged as the mode of its program that does (its sibling). judge
 * comes from mxs_future_judge. */
const struct mxs_verdict *mxs_matrix_judge(const struct mxs_whatif *whatif,
                                           const struct mxs_future *future,
                                           const struct mxs_judge *judge,
                                           const struct mxs_panel_seat *seat);
/* changed and status from before and after. */
void mxs_matrix_compare(struct mxs_matrix_cell *cell);

/* Whether two verdicts differ in what `changed` of the JSON means. */
bool mxs_verdict_differs(const struct mxs_verdict *a, const struct mxs_verdict *b);
/* What newly went wrong from before to after, `then` included (mxscope(1), EXIT STATUS). */
enum mxs_status mxs_verdict_worsens(const struct mxs_verdict *before, const struct mxs_verdict *after);

#endif
