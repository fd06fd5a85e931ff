/* The field tree of one event beside its bytes: two panes that follow each other. Used by the views
 * that show events. */
#ifndef MXSCOPE_UI_DETAIL_H
#define MXSCOPE_UI_DETAIL_H

#include "ui/hexdump.h"
#include "ui/tree.h"
#include "ui/view.h"

struct ui_detail {
    struct mxs_arena *arena; /* of the field tree */
    const struct mxs_event *event;
    unsigned generation; /* of the model: its next journal may have another event at that address */
    struct ui_tree tree;
    struct ui_hexdump dump;
    size_t tree_pane, dump_pane; /* places in the view */
    size_t line_off, line_len;   /* what the row stands for */
    size_t byte;                 /* the byte looked at, while the bytes have the focus */
};

/* For open(): adds the two panes. */
void ui_detail_open(struct ui_detail *detail, struct ui_view *view);
void ui_detail_close(struct ui_detail *detail);
/* For update(), after the panes were placed: shows event (NULL = none). */
void ui_detail_update(struct ui_detail *detail, struct ui_view *view,
                      const struct mxs_event *event);
/* The event's row stands for these of its bytes (len 0: for all): shows their field when the row is
 * another one than before. After ui_detail_update. */
void ui_detail_line(struct ui_detail *detail, struct ui_view *view, size_t off, size_t len);
/* For fold, jump, enter, copy and explain: false or NULL when the focus is in neither pane. */
bool ui_detail_fold(struct ui_detail *detail, struct ui_view *view, bool open);
bool ui_detail_jump(struct ui_detail *detail, struct ui_view *view, int by);
bool ui_detail_enter(struct ui_detail *detail, struct ui_view *view);
const char *ui_detail_copy(struct ui_detail *detail, struct ui_view *view, struct mxs_arena *arena);
/* The selected field, or NULL. */
const struct mxs_field *ui_detail_field(struct ui_detail *detail, struct ui_view *view);

#endif
