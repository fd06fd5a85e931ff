/* The what-if matrix as rows of a list: a scenario (or one way it may come out) a row, a group of
 * verifiers a column. What fits is shown; the rest scrolls sideways, column by column. */
#ifndef MXSCOPE_UI_GRID_H
#define MXSCOPE_UI_GRID_H

#include "ui/groups.h"
#include "ui/whatif.h"

enum { UI_GRID_HEADS = 3 }; /* rows that the names of verifiers are broken into */

struct ui_grid_entry { /* a row of the list behind the first, which folds columns */
    const struct mxs_matrix_row *row;
    size_t index;  /* for ui_whatif_row */
    bool parent;   /* only names a scenario whose ways follow */
    bool way;      /* one of those */
};

struct ui_grid {
    const struct ui_whatif *whatif;
    struct mxs_arena *arena; /* of one update */
    bool ascii;
    MXS_LIST(struct ui_grid_entry) entries;
    struct ui_groups groups;
    const bool *alone;       /* per seat: split off */
    size_t column;           /* the group selected */
    size_t from, to;         /* groups on the screen */
    int name_w, date_w, *widths;
    enum ui_cell_form form;
    size_t selected;         /* the row of the list whose cell is marked; SIZE_MAX: none */
};

/* The rows in order: those that a scenario applies to first. */
void ui_grid_collect(struct ui_grid *grid, struct mxs_arena *arena, const struct ui_whatif *whatif);
/* Which verifiers share a column, by the n rows of the list that are shown. */
void ui_grid_group(struct ui_grid *grid, const struct ui_grouping *how, const size_t *shown,
                   size_t n);
/* Then the widths of the columns, with grid->column on the screen. from is kept where it can be. */
void ui_grid_fit(struct ui_grid *grid, const size_t *shown, size_t n, int width);
size_t ui_grid_rows(const struct ui_grid *grid); /* of the list */
/* NULL for the row that folds columns, and past the end. */
const struct ui_grid_entry *ui_grid_entry(const struct ui_grid *grid, size_t row);
bool ui_grid_heading(const struct ui_grid *grid, size_t row);
/* Id, title, date, branch, status ("CRITICAL") or why it does not apply have the words. */
bool ui_grid_match(const struct ui_grid *grid, size_t row, const char *needle);
void ui_grid_line(const struct ui_grid *grid, size_t row, int width, struct ui_line *line);
void ui_grid_head(const struct ui_grid *grid, int head, struct ui_line *line); /* 0 .. UI_GRID_HEADS - 1 */
int ui_grid_x(const struct ui_grid *grid, size_t column); /* of its cells; -1: not on the screen */

#endif
