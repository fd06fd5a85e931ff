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

/* What changed, verifiers that answer alike in one paragraph; cells: one per seat. */
void mxs_whatif_cells(struct whatif_text *w, const struct mxs_panel *panel,
                      const struct mxs_matrix_cell *cells);
/* whatif_timeline.c */
void mxs_whatif_timeline_text(struct whatif_text *w);
json_t *mxs_whatif_timeline_json(const struct mxs_timeline *timeline);

#endif
