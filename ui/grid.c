#include "config.h"

#include "ui/grid.h"

#include "ui/list.h"
#include "ui/rows_overview.h"

#include <string.h>

enum { MARK_W = 2, NAME_LEAST = 16, DATE_W = 10, DATE_FROM = 110, HEAD_LEAST = 8, HEAD_MOST = 14 };

/* --- rows --- */

static void add(struct ui_grid *grid, const struct mxs_matrix_row *row, size_t index, bool parent,
                bool way)
{
    *mxs_list_add(grid->arena, &grid->entries) =
        (struct ui_grid_entry){ row, index, parent, way };
}

static bool applies(const struct mxs_matrix_row *row)
{
    return !row->overlay || row->future;
}

/* The operator's own stay above, whether they apply or not. */
static bool comes_first(const struct ui_whatif *w, const struct mxs_matrix_row *row)
{
    return applies(row) || row->scenario == &w->own;
}

static bool same_scenario(const struct ui_whatif *w, size_t a, size_t b)
{
    return b < ui_whatif_rows(w) &&
           ui_whatif_row(w, a, NULL)->scenario == ui_whatif_row(w, b, NULL)->scenario;
}

void ui_grid_collect(struct ui_grid *grid, struct mxs_arena *arena, const struct ui_whatif *whatif)
{
    size_t n = ui_whatif_rows(whatif);
    grid->arena = arena;
    grid->whatif = whatif;
    grid->entries.v = NULL;
    grid->entries.n = grid->entries.cap = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < n; i++) {
            const struct mxs_matrix_row *row = ui_whatif_row(whatif, i, NULL);
            bool follows = i > 0 && same_scenario(whatif, i - 1, i);
            bool way = follows || same_scenario(whatif, i, i + 1);
            if (comes_first(whatif, row) != (turn == 0))
                continue;
            if (way && !follows)
                add(grid, row, i, true, false);
            add(grid, row, i, false, way);
        }
}

size_t ui_grid_rows(const struct ui_grid *grid)
{
    return grid->entries.n ? grid->entries.n + 1 : 0;
}

const struct ui_grid_entry *ui_grid_entry(const struct ui_grid *grid, size_t row)
{
    return row > 0 && row <= grid->entries.n ? &grid->entries.v[row - 1] : NULL;
}

bool ui_grid_heading(const struct ui_grid *grid, size_t row)
{
    const struct ui_grid_entry *e = ui_grid_entry(grid, row);
    return row > grid->entries.n || (e && e->parent);
}

static const char *date_of(struct mxs_arena *arena, const struct mxs_scenario *s)
{
    return s->at == MXS_CATALOG_ALWAYS ? "any day" : ui_day(arena, s->at);
}

static bool has(const char *text, const char *needle)
{
    return text && ui_text_has(text, needle);
}

bool ui_grid_match(const struct ui_grid *grid, size_t row, const char *needle)
{
    const struct ui_grid_entry *e = ui_grid_entry(grid, row);
    if (!e)
        return row == 0;
    const struct mxs_scenario *s = e->row->scenario;
    return has(s->id, needle) || has(s->title, needle) || has(s->family, needle) ||
           has(date_of(grid->arena, s), needle) ||
           (e->row->future && has(e->row->future->branch, needle)) ||
           (e->row->overlay && has(e->row->overlay->why_not, needle)) ||
           (e->row->cells && has(mxs_status_name(e->row->status), needle));
}

/* --- columns --- */

/* Breaks a name into rows of at most w columns, behind '/', '-', '+' and blanks; false when it takes
 * more than there are, or a word had to be cut. */
static bool broken(const char *name, int w, const char *parts[UI_GRID_HEADS],
                   int lengths[UI_GRID_HEADS])
{
    int rows = 0;
    bool whole = true;
    for (const char *p = name; *p; rows++) {
        int n = 0, cut = 0;
        for (; p[n] && n < w; n++)
            if (!p[n + 1] || strchr("/- ", p[n]) || p[n + 1] == '+')
                cut = n + 1;
        if (p[n] == ' ' || !p[n])
            cut = n;
        whole = whole && cut;
        cut = cut ? cut : n;
        if (rows == UI_GRID_HEADS)
            return false;
        parts[rows] = p;
        lengths[rows] = cut;
        p += cut;
        p += strspn(p, " ");
    }
    for (int i = rows; i < UI_GRID_HEADS; i++)
        lengths[i] = 0;
    return whole;
}

static int head_width(const char *name, int least)
{
    const char *parts[UI_GRID_HEADS];
    int lengths[UI_GRID_HEADS] = { 0 };
    for (int w = least; w < HEAD_MOST; w++)
        if (broken(name, w, parts, lengths))
            return w;
    return HEAD_MOST;
}

static int column_width(const struct ui_grid *grid, const struct ui_group *g, const size_t *shown,
                        size_t n, enum ui_cell_form form)
{
    int w = head_width(g->name, form == UI_CELL_LETTERS ? 4 : HEAD_LEAST);
    for (size_t i = 0; i < n; i++) {
        const struct ui_grid_entry *e = ui_grid_entry(grid, shown[i]);
        int cell = e && !e->parent && e->row->cells
                       ? ui_cell_width(&e->row->cells[g->seats.v[0]], form) : 0;
        w = cell > w ? cell : w;
    }
    return w;
}

/* The widest form in which all columns fit, else short words and some of the columns. */
static void choose_form(struct ui_grid *grid, const size_t *shown, size_t n, int width)
{
    grid->widths = mxs_arena_alloc(grid->arena, (grid->groups.list.n + 1) * sizeof *grid->widths);
    for (grid->form = UI_CELL_WHOLE;; grid->form--) {
        int total = ui_grid_x(grid, SIZE_MAX);
        for (size_t g = 0; g < grid->groups.list.n; g++) {
            grid->widths[g] = column_width(grid, &grid->groups.list.v[g], shown, n, grid->form);
            total += grid->widths[g] + 2;
        }
        bool least = grid->form == (width < 60 ? UI_CELL_LETTERS : UI_CELL_SHORT);
        if (total <= width || least)
            break;
    }
}

static int name_width(const struct ui_grid *grid, const size_t *shown, size_t n, int width)
{
    int w = NAME_LEAST, most = width * 2 / 5;
    for (size_t i = 0; i < n; i++) {
        const struct ui_grid_entry *e = ui_grid_entry(grid, shown[i]);
        int id = e ? ui_text_width(e->row->scenario->id, grid->ascii) : 0;
        w = id > w ? id : w;
    }
    most = width < 100 && most > 26 ? 26 : width < 160 && most > 32 ? 32 : most;
    return w < most ? w : most > 8 ? most : 8;
}

/* The first group behind those that fit from `from` on; one at least, cut as it may be. */
static size_t fits_to(const struct ui_grid *grid, size_t from, int width)
{
    size_t n = grid->groups.list.n, to = from;
    int x = ui_grid_x(grid, SIZE_MAX);
    while (to < n && (x += grid->widths[to] + 2) <= width)
        to++;
    return to == from && n ? from + 1 : to;
}

static void scroll(struct ui_grid *grid, int width)
{
    size_t n = grid->groups.list.n;
    grid->column = n ? (grid->column < n ? grid->column : n - 1) : 0;
    grid->from = grid->from <= grid->column ? grid->from : grid->column;
    while (fits_to(grid, grid->from, width) <= grid->column && grid->from < grid->column)
        grid->from++;
    while (grid->from > 0 && fits_to(grid, grid->from - 1, width) >= n)
        grid->from--; /* no room is left empty on the right */
    grid->to = fits_to(grid, grid->from, width);
}

void ui_grid_group(struct ui_grid *grid, const struct ui_grouping *how, const size_t *shown,
                   size_t n)
{
    const struct mxs_matrix_row **rows = mxs_arena_alloc(grid->arena, (n + 1) * sizeof *rows);
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) {
        const struct ui_grid_entry *e = ui_grid_entry(grid, shown[i]);
        if (e && !e->parent)
            rows[n_rows++] = e->row;
    }
    ui_groups_of(grid->arena, ui_whatif_panel(grid->whatif), rows, n_rows, how, &grid->groups);
    grid->alone = how->alone;
}

void ui_grid_fit(struct ui_grid *grid, const size_t *shown, size_t n, int width)
{
    grid->name_w = name_width(grid, shown, n, width);
    grid->date_w = width >= DATE_FROM ? DATE_W : 0;
    choose_form(grid, shown, n, width);
    scroll(grid, width);
}

int ui_grid_x(const struct ui_grid *grid, size_t column)
{
    int x = MARK_W + grid->name_w + 1 + (grid->date_w ? grid->date_w + 1 : 0);
    if (column == SIZE_MAX)
        return x;
    if (column < grid->from || column >= grid->to)
        return -1;
    for (size_t g = grid->from; g < column; g++)
        x += grid->widths[g] + 2;
    return x + 1;
}

/* --- lines --- */

/* At a column of the screen; behind it the next span follows at once. */
static void put(struct ui_line *line, int *x, enum ui_style style, const char *text)
{
    if (!*text)
        return;
    ui_line_at(line, *x, 0, style, text);
    *x += ui_text_width(text, false);
}

static void cell(const struct ui_grid *grid, size_t row, const struct ui_grid_entry *e, size_t g,
                 struct ui_line *line)
{
    struct ui_cell_words words;
    int w = grid->widths[g], x = ui_grid_x(grid, g), from = x;
    ui_cell_words(&e->row->cells[grid->groups.list.v[g].seats.v[0]], grid->form, w, grid->ascii,
                  &words);
    if (row == grid->selected && g == grid->column)
        ui_line_at(line, from - 1, 1, UI_STYLE_STRONG, "[");
    put(line, &x, UI_STYLE_DIM, words.mark);
    put(line, &x, UI_STYLE_DIM, words.before);
    put(line, &x, UI_STYLE_DIM, words.arrow);
    put(line, &x, words.style, words.after);
    if (row == grid->selected && g == grid->column)
        ui_line_at(line, x, 1, UI_STYLE_STRONG, "]");
}

static void fold_row(const struct ui_grid *grid, struct ui_line *line)
{
    bool on = grid->selected == 0;
    ui_line_at(line, MARK_W, grid->name_w, UI_STYLE_DIM,
               on ? "Enter splits or joins" : "verifiers");
    for (size_t g = grid->from; g < grid->to; g++) {
        const struct ui_group *group = &grid->groups.list.v[g];
        bool alone = grid->alone && grid->alone[group->seats.v[0]];
        int x = ui_grid_x(grid, g);
        const char *sign = group->seats.n > 1 ? ui_glyph(grid->ascii, UI_GLYPH_CLOSED)
                           : alone            ? ui_glyph(grid->ascii, UI_GLYPH_OPEN)
                                              : ui_glyph(grid->ascii, UI_GLYPH_DOT);
        bool here = on && g == grid->column;
        if (here) {
            ui_line_at(line, x - 1, 1, UI_STYLE_STRONG, "[");
            ui_line_at(line, x + 1, 1, UI_STYLE_STRONG, "]");
        }
        ui_line_at(line, x, 1, group->seats.n > 1 || alone ? UI_STYLE_FIELD : UI_STYLE_DIM, sign);
    }
}

static void name(const struct ui_grid *grid, const struct ui_grid_entry *e, struct ui_line *line)
{
    const struct mxs_scenario *s = e->row->scenario;
    bool bad = e->row->status == MXS_STATUS_CRITICAL, warns = e->row->status == MXS_STATUS_WARNING;
    bool telling = e->row->cells && !e->parent;
    const char *way = e->row->future ? e->row->future->branch : NULL;
    if (telling && (bad || warns))
        ui_line_at(line, 0, 1, bad ? UI_STYLE_BAD : UI_STYLE_WARN, bad ? "!" : "*");
    if (e->way)
        ui_line_at(line, MARK_W + 2, grid->name_w - 2, UI_STYLE_NORMAL, way ? way : "otherwise");
    else
        ui_line_at(line, MARK_W, grid->name_w, applies(e->row) ? UI_STYLE_STRONG : UI_STYLE_DIM,
                   s->id);
    if (grid->date_w && !e->way)
        ui_line_at(line, MARK_W + grid->name_w + 1, grid->date_w, UI_STYLE_DIM,
                   date_of(line->arena, s));
}

void ui_grid_line(const struct ui_grid *grid, size_t row, int width, struct ui_line *line)
{
    const struct ui_grid_entry *e = ui_grid_entry(grid, row);
    int x = ui_grid_x(grid, SIZE_MAX) + 1;
    if (!e) {
        fold_row(grid, line);
        return;
    }
    name(grid, e, line);
    line->copy = e->row->scenario->id;
    if (e->parent)
        ui_line_at(line, x, width - x, UI_STYLE_DIM, e->row->scenario->title);
    else if (!applies(e->row))
        ui_line_at(line, x, width - x, UI_STYLE_DIM,
                   mxs_arena_printf(line->arena, "does not apply: %s", e->row->overlay->why_not));
    for (size_t g = grid->from; g < grid->to && !e->parent && applies(e->row); g++)
        if (e->row->cells)
            cell(grid, row, e, g, line);
        else
            ui_line_at(line, ui_grid_x(grid, g), 1, UI_STYLE_DIM,
                       ui_glyph(grid->ascii, UI_GLYPH_DOT));
}

void ui_grid_head(const struct ui_grid *grid, int head, struct ui_line *line)
{
    for (size_t g = grid->from; g < grid->to; g++) {
        const char *parts[UI_GRID_HEADS];
        int lengths[UI_GRID_HEADS] = { 0 }, used = 0;
        int w = grid->widths[g];
        broken(grid->groups.list.v[g].name, w, parts, lengths);
        while (used < UI_GRID_HEADS && lengths[used])
            used++;
        int part = head - (UI_GRID_HEADS - used); /* names stand on the cells */
        if (part < 0)
            continue;
        bool last = part == UI_GRID_HEADS - 1; /* what is left of a name too long is cut there */
        const char *text = last ? parts[part]
                               : mxs_arena_strndup(line->arena, parts[part], (size_t)lengths[part]);
        ui_line_at(line, ui_grid_x(grid, g), w,
                   g == grid->column ? UI_STYLE_HEADING : UI_STYLE_FIELD, text);
    }
}
