/* A view: a few panes, each a list of rows. Views read the model and build rows; the workbench paints
 * the panes, moves the cursor and runs the keys. A new view is a file and a row in views.c. */
#ifndef MXSCOPE_UI_VIEW_H
#define MXSCOPE_UI_VIEW_H

#include "ui/list.h"
#include "ui/model.h"

enum { UI_PANES = 5 };

struct ui_pane {
    const char *title; /* NULL: no title row */
    void (*head)(void *data, int width, struct ui_line *line); /* a fixed row above; NULL */
    void (*heads)(void *data, int row, struct ui_line *line);  /* or several of them; NULL */
    int n_heads;
    struct ui_list list;
    struct ui_rect rect; /* title row included; h 0 = not shown */
    bool passive;        /* never has the focus */
    bool bare;           /* no rule on its left */
    bool ruled;          /* of the last painting: it has one, and a blank behind it */
};

struct ui_view {
    const struct ui_view_ops *ops;
    struct ui_model *model;
    bool ascii;
    const struct mxs_strs *mine; /* verifiers shown first */
    struct ui_pane panes[UI_PANES];
    size_t n_panes, focus;
    bool maximised;
    struct ui_rect body;
};

/* Where Enter leads; EXPLAIN: to what `E` shows. */
enum ui_goes { UI_GOES_NOWHERE, UI_GOES_SESSION, UI_GOES_HANDLED, UI_GOES_EXPLAIN };

struct ui_view_ops {
    char key;           /* '0'..'8' */
    const char *name;   /* for `:view NAME` */
    const char *title, *brief; /* of the tab; brief where space is short */
    size_t size;        /* of the view's struct, which begins with struct ui_view */
    void (*open)(struct ui_view *view);
    void (*close)(struct ui_view *view); /* NULL: nothing but the panes */
    /* Before each painting: rows from the model, panes into body (ui_view_place). */
    void (*update)(struct ui_view *view, struct ui_rect body);
    /* The optional rest; NULL where a view has none. */
    enum ui_goes (*enter)(struct ui_view *view);
    bool (*fold)(struct ui_view *view, bool open);
    void (*toggle)(struct ui_view *view);
    bool (*jump)(struct ui_view *view, int by); /* Left and Right inside the bytes */
    const char *(*copy)(struct ui_view *view, struct mxs_arena *arena);
    void (*explain)(struct ui_view *view, struct ui_lines *lines, int width);
    void (*legend)(struct ui_lines *lines); /* what its words and marks mean, for the help */
    bool (*turn)(struct ui_view *view, int by); /* what `[` and `]` walk here; false at the ends */
    bool (*date)(struct ui_view *view); /* `d`: a place to choose the date was opened */
    /* Work that may wait until nobody presses a key: some of it, true while there is more. */
    bool (*idle)(struct ui_view *view, bool *changed);
};

extern const struct ui_view_ops *const ui_views[];
extern const size_t ui_views_n;

/* NULL text of ops->open and close is made up for here: */
struct ui_view *ui_view_new(const struct ui_view_ops *ops, struct ui_model *model, bool ascii,
                            const struct mxs_strs *mine);
void ui_view_free(struct ui_view *view);
/* For open(): the next pane; its list reads source with data. */
struct ui_pane *ui_view_pane(struct ui_view *view, const char *title,
                             const struct ui_source *source, void *data);
/* For update(): puts a pane; when maximised the focused one fills the body, the others vanish. */
void ui_view_place(struct ui_view *view, size_t pane, struct ui_rect rect);
/* Rows and columns inside a pane. */
struct ui_rect ui_pane_inside(const struct ui_pane *pane);
int ui_view_width(const struct ui_view *view, size_t pane); /* of its rows */
struct ui_list *ui_view_list(struct ui_view *view); /* of the focused pane */
void ui_view_turn(struct ui_view *view, int by);    /* the focus to the next pane shown */
void ui_view_paint(struct ui_view *view, struct ui_surface *surface, bool active);

/* Cuts r in two with a rule's place between (columns) or nothing between (rows: the lower pane's title
 * row parts them). first is the size of the left or upper part. */
void ui_split_columns(struct ui_rect r, int first, struct ui_rect *left, struct ui_rect *right);
void ui_split_rows(struct ui_rect r, int first, struct ui_rect *upper, struct ui_rect *lower);

#endif
