/* What the actions of What-if ask of its view. */
#ifndef MXSCOPE_UI_VIEW_WHATIF_H
#define MXSCOPE_UI_VIEW_WHATIF_H

#include "ui/grid.h"
#include "ui/view.h"

extern const struct ui_view_ops ui_view_whatif;

/* The cursor goes to this scenario, as soon as it is there; the filter is cleared. */
void ui_view_whatif_select(struct ui_view *view, const char *scenario);
/* The row the cursor is on; NULL. Good until the next update. */
const struct ui_grid_entry *ui_view_whatif_selected(const struct ui_view *view);

#endif
