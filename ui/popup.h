/* A box over the view: a text to read or a list to pick from. */
#ifndef MXSCOPE_UI_POPUP_H
#define MXSCOPE_UI_POPUP_H

#include "ui/list.h"

struct ui;
typedef void (*ui_pick_fn)(struct ui *ui, uint64_t tag);

struct ui_popup {
    struct mxs_arena *arena; /* NULL = not open */
    const char *title;
    struct ui_lines lines;
    struct ui_list list;
    struct ui_rect rect;
    ui_pick_fn pick; /* Enter on a row with a tag; NULL: Enter closes */
};

/* What width a popup's lines may have on this surface. */
int ui_popup_width(const struct ui_surface *surface);
/* Opens it empty; the caller adds to lines. Closes one that was open. */
void ui_popup_open(struct ui_popup *popup, const char *title);
void ui_popup_close(struct ui_popup *popup); /* fine when not open */
void ui_popup_paint(struct ui_popup *popup, struct ui_surface *surface);

#endif
