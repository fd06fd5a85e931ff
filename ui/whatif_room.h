/* What the files of the what-if share. */
#ifndef MXSCOPE_UI_WHATIF_ROOM_H
#define MXSCOPE_UI_WHATIF_ROOM_H

#include "ui/whatif.h"

/* whatif.c: the remedies that were looked for belong to a row that is gone. */
void ui_whatif_drop_offers(struct ui_whatif *whatif);

/* whatif_read.c: one file of share/ after the other; false when one cannot be read. */
bool ui_whatif_read_next(struct ui_whatif *whatif);
bool ui_whatif_is_read(const struct ui_whatif *whatif); /* all of them */
const struct mxs_catalog *ui_whatif_catalog(const struct ui_whatif *whatif); /* NULL without one */
/* The scenarios that are shown, into chosen. */
void ui_whatif_choose(struct ui_whatif *whatif);

/* whatif_own.c: a new matrix for the own changes; none without changes. */
void ui_whatif_start_own(struct ui_whatif *whatif);

#endif
