/* A list of any length: cursor, scrolling, search and filter. Only the rows that are seen are built,
 * so a key costs the same at ten rows and at 100,000. */
#ifndef MXSCOPE_UI_LIST_H
#define MXSCOPE_UI_LIST_H

#include "ui/line.h"

enum {
    UI_WORDS_MAX = 128,   /* bytes of a search or filter */
    UI_FILTER_SLICE = 20000 /* rows that one ui_list_work looks at */
};

/* Where rows come from. Row numbers run from 0 to count - 1. */
struct ui_source {
    size_t (*count)(void *data);
    void (*line)(void *data, size_t row, int width, struct ui_line *line);
    /* NULL: by the text of the line. A cheaper way for long lists. */
    bool (*match)(void *data, size_t row, const char *needle);
    bool (*heading)(void *data, size_t row); /* cannot be selected; NULL: every row can */
};

struct ui_list {
    const struct ui_source *source;
    void *data;
    size_t cursor, top; /* positions among the shown rows */
    int height, width;  /* of the last painting */
    bool follow;        /* the cursor stays on the last row while rows are added */
    bool rests;         /* the selected row is marked without the focus too: others depend on it */
    int column;         /* where in the selected row the hardware cursor rests */
    char search[UI_WORDS_MAX], filter[UI_WORDS_MAX];
    size_t *shown, n_shown, cap_shown; /* rows that pass the filter; unused without one */
    size_t scanned;                    /* rows that the filter has looked at */
};

void ui_list_init(struct ui_list *list, const struct ui_source *source, void *data);
void ui_list_fini(struct ui_list *list);
/* The rows behind the source changed (not merely grew): the filter looks at all of them again. */
void ui_list_renew(struct ui_list *list);

size_t ui_list_count(struct ui_list *list);          /* shown rows */
bool ui_list_row(struct ui_list *list, size_t *row); /* the selected row; false when none */
void ui_list_select(struct ui_list *list, size_t row); /* or the nearest shown one */

void ui_list_move(struct ui_list *list, long by); /* skips headings */
void ui_list_page(struct ui_list *list, int pages);
void ui_list_first(struct ui_list *list);
void ui_list_last(struct ui_list *list);

void ui_list_set_filter(struct ui_list *list, const char *words); /* "" = none */
/* Filters the next slice of rows; true while there is more to do. */
bool ui_list_work(struct ui_list *list);
/* Moves to the next (by 1) or previous (-1) row that has the words, round the end. With here, the
 * cursor's own row counts. False when no row has them. */
bool ui_list_search(struct ui_list *list, const char *words, int by, bool here);

/* Paints the rows that fit into r; the selected one on a backing, strong when focused, and with the
 * surface's cursor on it. */
void ui_list_paint(struct ui_list *list, struct ui_surface *surface, struct ui_rect r, bool focused);
/* The shown position painted at row y of r, or -1. */
long ui_list_at(struct ui_list *list, struct ui_rect r, int y);

/* ASCII case does not matter. */
bool ui_text_has(const char *text, const char *needle);

extern const struct ui_source ui_lines_source; /* data is a struct ui_lines */

#endif
