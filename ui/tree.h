/* A field tree as a list: nodes open and close. Knows no protocol. */
#ifndef MXSCOPE_UI_TREE_H
#define MXSCOPE_UI_TREE_H

#include "facts/field.h"
#include "ui/list.h"

struct ui_tree_row {
    const struct mxs_field *field;
    int depth;
};

struct ui_tree {
    const struct mxs_field *root; /* borrowed; NULL = empty */
    bool ascii;
    struct ui_tree_row *rows; /* what is open, in order */
    size_t n, cap;
    const struct mxs_field **closed; /* the closed nodes */
    size_t n_closed, cap_closed;
};

extern const struct ui_source ui_tree_source; /* data is a struct ui_tree */

void ui_tree_init(struct ui_tree *tree, bool ascii);
void ui_tree_fini(struct ui_tree *tree);
/* A new root: as many levels start open as fit rows, at least two. */
void ui_tree_show(struct ui_tree *tree, const struct mxs_field *root, int rows);
const struct mxs_field *ui_tree_field(const struct ui_tree *tree, size_t row); /* NULL past the end */
/* The row of field, its ancestors opened. */
size_t ui_tree_reveal(struct ui_tree *tree, const struct mxs_field *field);
bool ui_tree_is_open(const struct ui_tree *tree, const struct mxs_field *field);
void ui_tree_set_open(struct ui_tree *tree, const struct mxs_field *field, bool open);

#endif
