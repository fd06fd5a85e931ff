/* What changed between two futures: certificates served, TLSA records, policy, date. */
#ifndef MXSCOPE_UI_ROWS_DIFF_H
#define MXSCOPE_UI_ROWS_DIFF_H

#include "ui/line.h"
#include "whatif/overlay.h"

/* "-" before, "+" after, "=" both. */
void ui_diff_futures(struct ui_lines *lines, int width, const struct mxs_future *before,
                     const struct mxs_future *after);

#endif
