/* What-if in words: the subject, a date of the slider, a cell with its reasons, what both sides write,
 * what to do. */
#ifndef MXSCOPE_UI_ROWS_WHATIF_H
#define MXSCOPE_UI_ROWS_WHATIF_H

#include "ui/groups.h"
#include "ui/line.h"
#include "ui/whatif.h"

/* What the view says while there is no matrix. */
void ui_whatif_rest(struct ui_lines *lines, int width, const struct ui_whatif *whatif);
/* "mx1.example.org:25 (RSA)  2 of 3  judging 120 of 600". */
const char *ui_whatif_title(struct mxs_arena *arena, const struct ui_whatif *whatif);
/* What the slider rests on, and what comes next. */
void ui_whatif_date(struct ui_lines *lines, int width, const struct ui_whatif *whatif);
/* The scenario of a row: title, story, date, source, what was done, why it does not apply. */
void ui_whatif_scenario(struct ui_lines *lines, int width, const struct ui_whatif *whatif,
                        const struct mxs_matrix_row *row);
/* The cell of a group in the row with this index. short: without story and diff. */
void ui_whatif_cell(struct ui_lines *lines, int width, const struct ui_whatif *whatif, size_t row,
                    const struct ui_group *group, bool brief);
/* Who shares this column. */
void ui_whatif_members(struct ui_lines *lines, int width, const struct ui_whatif *whatif,
                       const struct ui_group *group);
/* Certificates, records and policy before and after. */
void ui_whatif_diff(struct ui_lines *lines, int width, const struct ui_whatif *whatif,
                    const struct mxs_matrix_row *row);

#endif
