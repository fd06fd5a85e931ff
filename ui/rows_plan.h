/* A rollover plan as bars over time: records, caches and chain, the window in which the selected step is
 * safe; its steps; and in words what fails. */
#ifndef MXSCOPE_UI_ROWS_PLAN_H
#define MXSCOPE_UI_ROWS_PLAN_H

#include "ui/line.h"
#include "whatif/plan.h"

/* Headline and bars, which cannot be selected; then a row a step, tagged with its place + 1. step: the
 * selected one, whose window is shaded; moved: by so many seconds each, from where the plan put them. */
void ui_plan_timeline(struct ui_lines *lines, int width, const struct mxs_plan *plan, size_t step,
                      const int64_t *moved, bool ascii);
/* What fails, each in its own words; else what the proof covered. */
void ui_plan_failing(struct ui_lines *lines, int width, const struct mxs_plan *plan);
/* What is to be done in a step, and the records of it. */
void ui_plan_step(struct ui_lines *lines, int width, const struct mxs_plan *plan, size_t step);
/* "2 h", "90 s", "-10 min" */
const char *ui_plan_span(struct mxs_arena *arena, int64_t seconds);

#endif
