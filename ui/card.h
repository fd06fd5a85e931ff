/* The card of a lesson, below the view: at most eight lines and its title. */
#ifndef MXSCOPE_UI_CARD_H
#define MXSCOPE_UI_CARD_H

#include "ui/line.h"

struct ui;

enum { UI_CARD_LINES = 8, UI_CARD_LINES_LOW = 7, UI_CARD_LOW = 30 }; /* LOW: rows of a low screen */

/* Rows of the screen that the card takes, its title with it; 0 when there is no lesson. */
int ui_card_rows(const struct ui *ui);
void ui_card_paint(struct ui *ui, struct ui_rect r);
/* The lines it shows (or would, if there were room). */
void ui_card_lines(struct ui *ui, struct ui_lines *lines, int width);
/* All that there is to the step and the lesson, for a box over the view. */
void ui_card_whole(struct ui *ui, struct ui_lines *lines, int width);

#endif
