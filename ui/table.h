/* Aligned columns: cells are collected, widths follow from their contents, and what does not fit is
 * taken from the columns that may shrink. */
#ifndef MXSCOPE_UI_TABLE_H
#define MXSCOPE_UI_TABLE_H

#include "ui/line.h"

enum { UI_TABLE_COLUMNS = 24 };

struct ui_column {
    const char *title;
    int min;    /* never narrower; a column with min 0 keeps its full width as long as it can */
    bool grow;  /* takes what is left */
    bool right; /* numbers */
};

struct ui_table_cell {
    const char *text;
    enum ui_style style;
};

struct ui_table_row {
    struct ui_table_cell cells[UI_TABLE_COLUMNS];
    size_t n;
    uint64_t tag;
    const char *copy;
};

struct ui_table {
    struct mxs_arena *arena;
    const struct ui_column *columns;
    size_t n_columns;
    int gap; /* blanks between columns, 2 */
    MXS_LIST(struct ui_table_row) rows;
};

void ui_table_init(struct ui_table *table, struct mxs_arena *arena, const struct ui_column *columns,
                   size_t n_columns);
struct ui_table_row *ui_table_row(struct ui_table *table, uint64_t tag);
void ui_table_cell(struct ui_table_row *row, enum ui_style style, const char *text); /* NULL = "" */
/* Appends a heading line (when any column has a title) and the rows, fitted to width. */
void ui_table_finish(struct ui_table *table, struct ui_lines *lines, int width);

#endif
