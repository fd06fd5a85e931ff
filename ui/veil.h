/* What stands between texts and the screen under --anonymise. Every text passes here before it is cut to
 * a column or wrapped, since a name that was cut is not found any more. Without --anonymise this is
 * nothing. One workbench a process, so one veil. */
#ifndef MXSCOPE_UI_VEIL_H
#define MXSCOPE_UI_VEIL_H

#include "base/arena.h"

struct mxs_anon;

void ui_veil_set(struct mxs_anon *anon); /* NULL: none; borrowed */
bool ui_veiled(void);
/* The text to show, in arena where it differs; NULL gives NULL. */
const char *ui_veil(struct mxs_arena *arena, const char *text);

#endif
