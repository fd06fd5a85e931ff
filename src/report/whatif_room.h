/* What the files of the what-if report share. */
#ifndef MXSCOPE_SRC_REPORT_WHATIF_ROOM_H
#define MXSCOPE_SRC_REPORT_WHATIF_ROOM_H

#include "report/json.h"
#include "report/text_room.h"
#include "report/whatif.h"

struct whatif_text {
    const struct mxs_whatif_report *report;
    struct mxs_text_report t;
    MXS_LIST(const struct mxs_remedy *) remedies; /* whose lines were printed */
    MXS_LIST(const struct mxs_matrix_row *) rows; /* whose cells were printed */
    const char *last_reason;
    const struct mxs_verdict *last_then;          /* whose senders were named in full */
};

/* The words of a cell: the labels too where they are all that changes. */
const char *mxs_whatif_words(struct whatif_text *w, const struct mxs_verdict *v,
                             const struct mxs_verdict *other);
/* The same before, after and reason; and: no cell before `at` is so. */
bool mxs_whatif_alike(struct whatif_text *w, const struct mxs_matrix_cell *a,
                      const struct mxs_matrix_cell *b);
bool mxs_whatif_is_first(struct whatif_text *w, const struct mxs_matrix_cell *cells, size_t at);
/* Some cell of the row changed. */
bool mxs_whatif_changes(const struct mxs_matrix *m, const struct mxs_matrix_row *row);
/* What changed at a point of the timeline, one cell per seat. */
struct mxs_matrix_cell *mxs_whatif_point_cells(struct mxs_arena *arena, const struct mxs_timeline *t,
                                               size_t at);

/* What changed, verifiers that answer alike in one paragraph; cells: one per seat. */
void mxs_whatif_cells(struct whatif_text *w, const struct mxs_panel *panel,
                      const struct mxs_matrix_cell *cells);
/* whatif_timeline.c */
void mxs_whatif_timeline_text(struct whatif_text *w);
json_t *mxs_whatif_timeline_json(const struct mxs_timeline *timeline);

#endif
