/* Findings as rows: worst first, whose fault, then all of one in words. */
#ifndef MXSCOPE_UI_ROWS_FINDING_H
#define MXSCOPE_UI_ROWS_FINDING_H

#include "ui/line.h"
#include "ui/model.h"

/* Tagged with the finding's place + 1. */
void ui_findings_list(struct ui_lines *lines, int width, const struct ui_model *model);
void ui_finding_detail(struct ui_lines *lines, int width, const struct mxs_finding *finding);

#endif
