/* Verifiers that answer alike share a column of the what-if matrix, and what a cell says in few columns.
 * Pure: verdicts in, columns and words out. */
#ifndef MXSCOPE_UI_GROUPS_H
#define MXSCOPE_UI_GROUPS_H

#include "ui/theme.h"
#include "whatif/matrix.h"

struct ui_group {
    MXS_LIST(size_t) seats; /* places in the panel, in its order; the first one speaks for all */
    const char *name;       /* "postfix/smtp/dane", "OpenSSL family, 14", "rfc/dane +2" */
};
struct ui_groups {
    MXS_LIST(struct ui_group) list;
};

/* What the operator asked for, an element per seat; NULL: nothing. */
struct ui_grouping {
    const bool *hidden; /* not shown at all */
    const bool *alone;  /* split off: a column of its own whatever it answers */
    const bool *mine;   /* shown first */
};

/* Seats whose cells read the same in every row (of rows with cells). Groups stand in the order of the
 * panel, those with a seat of `mine` first. In arena. */
void ui_groups_of(struct mxs_arena *arena, const struct mxs_panel *panel,
                  const struct mxs_matrix_row *const *rows, size_t n,
                  const struct ui_grouping *how, struct ui_groups *out);

/* Whether two cells read the same: action, channel, verified, mail in cleartext afterwards, how sure
 * (measured, less, unknown), before and after, and whether they changed. */
bool ui_cells_alike(const struct mxs_matrix_cell *a, const struct mxs_matrix_cell *b);

/* A refusal after which some sender hands the mail over in cleartext. */
bool ui_then_cleartext(const struct mxs_verdict *verdict);

struct ui_cell_words {
    const char *mark;   /* "~": below measured; "" */
    const char *before; /* "": nothing changed, only `after` is said */
    const char *arrow;  /* "" with it */
    const char *after;
    enum ui_style style; /* of `after`; the rest is dim */
    int width;
};

enum ui_cell_form { UI_CELL_LETTERS, UI_CELL_SHORT, UI_CELL_WHOLE };

/* The longest form, of `most` and those below, that fits w columns: "~encrypted→DEFER", "ok→DEFER",
 * "v→D". */
void ui_cell_words(const struct mxs_matrix_cell *cell, enum ui_cell_form most, int w, bool ascii,
                   struct ui_cell_words *out);
int ui_cell_width(const struct mxs_matrix_cell *cell, enum ui_cell_form form);
/* All words of cells, and the marks beside them, for the help. */
struct ui_lines;
void ui_cells_legend(struct ui_lines *lines);

#endif
