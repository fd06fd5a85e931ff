/* What the files of the what-if report share. */
#ifndef MXSCOPE_SRC_REPORT_WHATIF_ROOM_H
#define MXSCOPE_SRC_REPORT_WHATIF_ROOM_H

#include "report/json.h"
#include "report/text_room.h"
#include "report/whatif.h"

struct whatif_text {
    const struct mxs_whatif_report *report;
    struct mxs_text_report t;
    MXS_LIST(const struct mxs_offered *) remedies; /* whose lines were printed */
    MXS_LIST(const struct mxs_matrix_row *) rows; /* whose cells were printed */
    size_t briefs;                                /* printed */
    const char *last_reason;
    const struct mxs_verdict *last_then;          /* whose senders were named in full */
};

/* --- whatif_cells.c --- */

/* The words of a cell: the labels too where they are all that changes. */
const char *mxs_whatif_words(struct whatif_text *w, const struct mxs_verdict *v,
                             const struct mxs_verdict *other);
/* The same before and after; the same reason too; and: no cell before `at` is so. */
bool mxs_whatif_same_words(struct whatif_text *w, const struct mxs_matrix_cell *a,
                           const struct mxs_matrix_cell *b);
bool mxs_whatif_alike(struct whatif_text *w, const struct mxs_matrix_cell *a,
                      const struct mxs_matrix_cell *b);
bool mxs_whatif_is_first(struct whatif_text *w, const struct mxs_matrix_cell *cells, size_t at);
/* Some sender delivers in cleartext after this refusal. */
bool mxs_whatif_in_clear(const struct mxs_verdict *v);
/* "why: ..", a paragraph. */
void mxs_whatif_reason(struct whatif_text *w, const struct mxs_reason *reason, size_t indent);
/* What changed, verifiers that answer alike in one paragraph; cells: one per seat. */
void mxs_whatif_cells(struct whatif_text *w, const struct mxs_panel *panel,
                      const struct mxs_matrix_cell *cells);

/* --- whatif_scenario.c --- */

/* Some cell of the row changed. */
bool mxs_whatif_changes(const struct mxs_matrix *m, const struct mxs_matrix_row *row);
/* The first row of the same scenario where the same changes, for the same reasons, with the same
 * remedies; row itself when there is none before it. Needs a future. */
const struct mxs_matrix_row *mxs_whatif_first_branch(struct whatif_text *w,
                                                     const struct mxs_matrix_row *row);
/* The names of all such branches, and the changes that they share. */
void mxs_whatif_branches(struct whatif_text *w, const struct mxs_matrix_row *row,
                         struct mxs_strs *branches, struct mxs_strs *changes);
void mxs_whatif_scenario(struct whatif_text *w, const struct mxs_matrix_row *row);

/* --- whatif_remedies.c --- */

/* Of a row; NULL when none were looked for. */
const struct mxs_offers *mxs_whatif_offers(const struct whatif_text *w, const struct mxs_matrix_row *row);
/* The same remedy with the same lines: names and digests are the row's own. */
bool mxs_whatif_same_lines(const struct mxs_offered *a, const struct mxs_offered *b);
enum mxs_whatif_seen { MXS_WHATIF_NEW, MXS_WHATIF_OTHER_LINES, MXS_WHATIF_SEEN };
/* Whether w->remedies has it. */
enum mxs_whatif_seen mxs_whatif_seen(const struct whatif_text *w, const struct mxs_offered *offered);
void mxs_whatif_remedies(struct whatif_text *w, const struct mxs_matrix_row *row);

/* --- whatif_brief.c --- */

/* Whether a row is told in a few lines, which the second does. */
bool mxs_whatif_in_brief(const struct whatif_text *w, const struct mxs_matrix_row *row);
void mxs_whatif_brief(struct whatif_text *w, const struct mxs_matrix_row *row);
/* The same changes for the same verifiers and reasons as in report->like; and: which rows these are. */
bool mxs_whatif_as_before(const struct whatif_text *w, const struct mxs_matrix_row *row);
void mxs_whatif_say_as_before(struct whatif_text *w);

/* --- whatif_timeline.c --- */

/* What changed at a point of the timeline, one cell per seat. */
struct mxs_matrix_cell *mxs_whatif_point_cells(struct mxs_arena *arena, const struct mxs_timeline *t,
                                               size_t at);
void mxs_whatif_timeline_text(struct whatif_text *w);
json_t *mxs_whatif_timeline_json(const struct mxs_timeline *timeline);

#endif
