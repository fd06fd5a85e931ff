#include "config.h"

#include "ui/tree.h"

#include <stdlib.h>
#include <string.h>

void ui_tree_init(struct ui_tree *tree, bool ascii)
{
    *tree = (struct ui_tree){ .ascii = ascii };
}

void ui_tree_fini(struct ui_tree *tree)
{
    free(tree->rows);
    free(tree->closed);
    ui_tree_init(tree, tree->ascii);
}

bool ui_tree_is_open(const struct ui_tree *tree, const struct mxs_field *field)
{
    for (size_t i = 0; i < tree->n_closed; i++)
        if (tree->closed[i] == field)
            return false;
    return true;
}

static void mark_closed(struct ui_tree *tree, const struct mxs_field *field)
{
    if (tree->n_closed == tree->cap_closed) {
        tree->cap_closed = tree->cap_closed ? tree->cap_closed * 2 : 32;
        tree->closed = mxs_realloc(tree->closed, tree->cap_closed * sizeof *tree->closed);
    }
    tree->closed[tree->n_closed++] = field;
}

static void add_row(struct ui_tree *tree, const struct mxs_field *field, int depth)
{
    if (tree->n == tree->cap) {
        tree->cap = tree->cap ? tree->cap * 2 : 64;
        tree->rows = mxs_realloc(tree->rows, tree->cap * sizeof *tree->rows);
    }
    tree->rows[tree->n++] = (struct ui_tree_row){ field, depth };
}

/* The next node that is not inside at. */
static const struct mxs_field *past(const struct mxs_field *root, const struct mxs_field *at,
                                    int *depth)
{
    for (; at != root; at = at->parent, --*depth)
        if (at->next)
            return at->next;
    return NULL;
}

static void rebuild(struct ui_tree *tree)
{
    const struct mxs_field *f = tree->root;
    int depth = 0;
    tree->n = 0;
    while (f) {
        add_row(tree, f, depth);
        f = ui_tree_is_open(tree, f) ? mxs_field_walk(tree->root, f, &depth)
                                     : past(tree->root, f, &depth);
    }
}

/* Nodes that are seen when those at depth and deeper are closed. */
static size_t size_at(const struct mxs_field *root, int depth)
{
    size_t n = 0;
    int at = 0;
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, &at))
        n += at <= depth;
    return n;
}

/* Something to look at stands inside: such a node starts open. */
static bool troubled(const struct mxs_field *field)
{
    for (const struct mxs_field *f = field; f; f = mxs_field_walk(field, f, NULL))
        if (f->flags & (MXS_FIELD_MALFORMED | MXS_FIELD_WARN))
            return true;
    return false;
}

void ui_tree_show(struct ui_tree *tree, const struct mxs_field *root, int rows)
{
    enum { DEEPEST = 12 };
    int depth = 0, close = DEEPEST;
    tree->root = root;
    tree->n_closed = 0;
    while (root && close > 2 && size_at(root, close) > (size_t)(rows > 0 ? rows : 0))
        close--;
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, &depth))
        if (f->child && depth >= close && !troubled(f))
            mark_closed(tree, f);
    rebuild(tree);
}

const struct mxs_field *ui_tree_field(const struct ui_tree *tree, size_t row)
{
    return row < tree->n ? tree->rows[row].field : NULL;
}

static void unmark(struct ui_tree *tree, const struct mxs_field *field)
{
    size_t keep = 0;
    for (size_t i = 0; i < tree->n_closed; i++)
        if (tree->closed[i] != field)
            tree->closed[keep++] = tree->closed[i];
    tree->n_closed = keep;
}

void ui_tree_set_open(struct ui_tree *tree, const struct mxs_field *field, bool open)
{
    if (open == ui_tree_is_open(tree, field) || (!open && !field->child))
        return;
    if (open)
        unmark(tree, field);
    else
        mark_closed(tree, field);
    rebuild(tree);
}

size_t ui_tree_reveal(struct ui_tree *tree, const struct mxs_field *field)
{
    for (const struct mxs_field *f = field->parent; f; f = f->parent)
        unmark(tree, f);
    rebuild(tree);
    for (size_t i = 0; i < tree->n; i++)
        if (tree->rows[i].field == field)
            return i;
    return 0;
}

static size_t tree_count(void *data)
{
    return ((struct ui_tree *)data)->n;
}

static enum ui_style value_style(unsigned flags)
{
    if (flags & MXS_FIELD_MALFORMED)
        return UI_STYLE_BAD;
    if (flags & MXS_FIELD_WARN)
        return UI_STYLE_WARN;
    return flags & MXS_FIELD_NOTE ? UI_STYLE_NOTE
                                  : flags & MXS_FIELD_UNKNOWN ? UI_STYLE_DIM : UI_STYLE_NORMAL;
}

static const char *flag_word(unsigned flags)
{
    if (flags & MXS_FIELD_MALFORMED)
        return "!! ";
    return flags & MXS_FIELD_WARN ? "! " : NULL;
}

static void tree_line(void *data, size_t row, int width, struct ui_line *line)
{
    struct ui_tree *tree = data;
    const struct mxs_field *f = tree->rows[row].field;
    int x = tree->rows[row].depth * (width < 50 ? 1 : 2);
    enum ui_glyph sign = ui_tree_is_open(tree, f) ? UI_GLYPH_OPEN : UI_GLYPH_CLOSED;
    bool note = f->flags & MXS_FIELD_NOTE;
    if (f->child)
        ui_line_at(line, x, 1, UI_STYLE_DIM, ui_glyph(tree->ascii, sign));
    if (note)
        ui_line_at(line, x + 2, 0, UI_STYLE_NOTE, f->value);
    else
        ui_line_at(line, x + 2, 0, UI_STYLE_FIELD, f->name);
    if (f->value && !note) {
        ui_line_add(line, UI_STYLE_FIELD, "  ");
        ui_line_add(line, UI_STYLE_BAD, flag_word(f->flags));
        ui_line_add(line, value_style(f->flags), f->value);
    }
    line->copy = f->value ? f->value : f->name;
}

static bool tree_match(void *data, size_t row, const char *needle)
{
    const struct mxs_field *f = ((struct ui_tree *)data)->rows[row].field;
    return (f->name && ui_text_has(f->name, needle)) || (f->value && ui_text_has(f->value, needle));
}

const struct ui_source ui_tree_source = { tree_count, tree_line, tree_match, NULL };
