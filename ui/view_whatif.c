/* What if: scenarios down, verifiers across. The matrix is made while nobody presses a key. */
#include "config.h"

#include "ui/rows_overview.h"
#include "ui/rows_whatif.h"
#include "ui/view_whatif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLIDER, MATRIX, CELL, DIFF, REST, SLICE_US = 4000, YEARS_FROM = 32 /* rows */ };

struct whatif {
    struct ui_view view;
    struct mxs_arena *arena;       /* of one update */
    struct ui_lines slider, cell, diff, rest;
    struct ui_grid grid;
    char title[256], matrix_title[96];
    /* What stays over updates, by name: rows and columns come and go. */
    struct mxs_arena *names;
    struct mxs_strs alone;         /* seats split off */
    const char *seat;              /* the column selected: one of its seats */
    const char *scenario, *way;    /* the row selected */
    size_t cursor;                 /* where the list stood when they were noted */
    enum ui_whatif_state state;    /* of the model, when it was painted; */
    unsigned steps, run;           /* these too */
    bool whole;                    /* the matrix was, then */
    size_t top, from;              /* how far it was scrolled when it last was whole */
};

static struct ui_whatif *what(const struct ui_view *view)
{
    return view->model->whatif;
}

/* Rows and columns belong to the run that was painted: a newer one has freed them, and until the next
 * painting keys find nothing. */
static bool is_old(const struct whatif *v)
{
    return v->run != what(&v->view)->run || what(&v->view)->state != UI_WHATIF_READY;
}

/* --- the list of the matrix --- */

static size_t grid_count(void *data)
{
    const struct whatif *v = data;
    return is_old(v) ? 0 : ui_grid_rows(&v->grid);
}

static void grid_line(void *data, size_t row, int width, struct ui_line *line)
{
    const struct whatif *v = data;
    if (!is_old(v))
        ui_grid_line(&v->grid, row, width, line);
}

static bool seat_matches(const struct whatif *v, const char *needle)
{
    const struct mxs_panel *panel = ui_whatif_panel(what(&v->view));
    for (size_t i = 0; i < panel->seats.n; i++)
        if (ui_text_has(panel->seats.v[i].name, needle))
            return true;
    return false;
}

/* Words that name verifiers choose columns, and all rows stay. */
static bool grid_match(void *data, size_t row, const char *needle)
{
    const struct whatif *v = data;
    return !is_old(v) && (ui_grid_match(&v->grid, row, needle) || seat_matches(v, needle));
}

static bool grid_heading(void *data, size_t row)
{
    return ui_grid_heading(&((struct whatif *)data)->grid, row);
}

static void grid_head(void *data, int row, struct ui_line *line)
{
    struct whatif *v = data;
    if (v->grid.entries.n && !is_old(v))
        ui_grid_head(&v->grid, row, line);
}

static const struct ui_source grid_source = { grid_count, grid_line, grid_match, grid_heading };

static void whatif_open(struct ui_view *view)
{
    struct whatif *v = (struct whatif *)view;
    v->names = mxs_arena_new();
    v->arena = mxs_arena_new();
    v->grid.selected = SIZE_MAX;
    ui_view_pane(view, v->title, &ui_lines_source, &v->slider);
    struct ui_pane *matrix = ui_view_pane(view, v->matrix_title, &grid_source, v);
    matrix->heads = grid_head;
    matrix->n_heads = UI_GRID_HEADS;
    matrix->list.rests = true;
    matrix->list.cursor = v->cursor = 1; /* the first scenario, below the row that folds columns */
    ui_view_pane(view, "This cell", &ui_lines_source, &v->cell);
    ui_view_pane(view, "Before and after", &ui_lines_source, &v->diff);
    ui_view_pane(view, NULL, &ui_lines_source, &v->rest)->passive = true;
    view->focus = MATRIX;
}

static void whatif_close(struct ui_view *view)
{
    struct whatif *v = (struct whatif *)view;
    mxs_arena_free(v->arena);
    mxs_arena_free(v->names);
}

/* --- what is selected --- */

static const char *way_of(const struct mxs_matrix_row *row)
{
    return row->future && row->future->branch ? row->future->branch : "";
}

/* The cursor goes where the row went that it stood on. */
static void keep_row(struct whatif *v, struct ui_list *list)
{
    size_t best = SIZE_MAX;
    if (!v->scenario || list->cursor != v->cursor)
        return;
    for (size_t i = 1; i < ui_grid_rows(&v->grid); i++) {
        const struct ui_grid_entry *e = ui_grid_entry(&v->grid, i);
        if (e->parent || strcmp(e->row->scenario->id, v->scenario) != 0)
            continue;
        bool same = strcmp(way_of(e->row), v->way) == 0;
        if (same || best == SIZE_MAX)
            best = i;
        if (same)
            break;
    }
    if (best != SIZE_MAX)
        ui_list_select(list, best);
}

static void note_row(struct whatif *v, struct ui_list *list)
{
    size_t row = 0;
    const struct ui_grid_entry *e =
        ui_list_row(list, &row) ? ui_grid_entry(&v->grid, row) : NULL;
    bool moved = list->cursor != v->cursor;
    v->grid.selected = ui_list_row(list, &row) ? row : SIZE_MAX;
    v->cursor = list->cursor;
    if (!v->scenario && !moved && !ui_whatif_whole(what(&v->view)))
        return; /* nobody chose this row, and it may sink among those that do not apply */
    bool other = !e || !v->scenario || strcmp(v->scenario, e->row->scenario->id) != 0 ||
                 strcmp(v->way, way_of(e->row)) != 0;
    if (!other)
        return;
    v->scenario = e ? mxs_arena_strdup(v->names, e->row->scenario->id) : NULL;
    v->way = e ? mxs_arena_strdup(v->names, way_of(e->row)) : "";
}

static const struct ui_grid_entry *selected(const struct whatif *v)
{
    return is_old(v) ? NULL : ui_grid_entry(&v->grid, v->grid.selected);
}

static const struct ui_group *group(const struct whatif *v)
{
    return is_old(v)        ? NULL
           : v->grid.column < v->grid.groups.list.n ? &v->grid.groups.list.v[v->grid.column] : NULL;
}

/* The column that has the seat that was selected; false when there is none. While the matrix is made
 * columns join and part: the seat stays, whoever shares its column. */
static bool keep_column(struct whatif *v)
{
    const struct mxs_panel *panel = ui_whatif_panel(what(&v->view));
    for (size_t g = 0; v->seat && g < v->grid.groups.list.n; g++)
        for (size_t i = 0; i < v->grid.groups.list.v[g].seats.n; i++)
            if (strcmp(panel->seats.v[v->grid.groups.list.v[g].seats.v[i]].name, v->seat) == 0) {
                v->grid.column = g;
                return true;
            }
    return false;
}

static void note_column(struct whatif *v)
{
    const struct ui_group *g = group(v);
    const char *name = g ? ui_whatif_panel(what(&v->view))->seats.v[g->seats.v[0]].name : NULL;
    if (name && (!v->seat || strcmp(name, v->seat) != 0))
        v->seat = mxs_arena_strdup(v->names, name);
}

/* --- update --- */

static bool listed(const struct mxs_strs *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->v[i], name) == 0)
            return true;
    return false;
}

static struct ui_grouping grouping(struct whatif *v, const char *filter)
{
    const struct mxs_panel *panel = ui_whatif_panel(what(&v->view));
    size_t n = panel->seats.n + 1;
    bool *hidden = mxs_arena_alloc(v->arena, n), *alone = mxs_arena_alloc(v->arena, n);
    bool *mine = mxs_arena_alloc(v->arena, n), chosen = *filter && seat_matches(v, filter);
    for (size_t i = 0; i < panel->seats.n; i++) {
        const char *name = panel->seats.v[i].name;
        alone[i] = listed(&v->alone, name);
        mine[i] = ui_is_mine(v->view.mine, name);
        hidden[i] = chosen && !ui_text_has(name, filter);
    }
    return (struct ui_grouping){ hidden, alone, mine };
}

static void fit(struct whatif *v, int width)
{
    struct ui_list *list = &v->view.panes[MATRIX].list;
    if (list->filter[0])
        ui_list_renew(list);
    size_t n = ui_list_count(list);
    size_t *shown = mxs_arena_alloc(v->arena, (n + 1) * sizeof *shown);
    for (size_t i = 0; i < n; i++)
        shown[i] = list->filter[0] ? list->shown[i] : i;
    struct ui_grouping how = grouping(v, list->filter);
    ui_grid_group(&v->grid, &how, shown, n);
    bool kept = keep_column(v);
    ui_grid_fit(&v->grid, shown, n, width);
    if (!kept)
        note_column(v);
    size_t groups = v->grid.groups.list.n, from = v->grid.from, to = v->grid.to;
    if (to - from < groups)
        snprintf(v->matrix_title, sizeof v->matrix_title, "Scenarios x verifiers, columns %zu to %zu of %zu",
                 from + 1, to, groups);
    else
        snprintf(v->matrix_title, sizeof v->matrix_title, "Scenarios x verifiers");
}

static void fill_slider(struct whatif *v, int width, bool years)
{
    struct ui_slider slider = ui_whatif_slider(what(&v->view));
    struct ui_pane *pane = &v->view.panes[SLIDER];
    struct ui_line *line = ui_lines_add(&v->slider);
    ui_slider_line(line, width, &slider, v->view.ascii);
    pane->list.column = ui_slider_column(width, &slider);
    if (years) {
        line = ui_lines_add(&v->slider);
        line->heading = true;
        ui_slider_years(line, width, &slider);
    }
    ui_whatif_date(&v->slider, width, what(&v->view));
}

static void place(struct whatif *v, struct ui_rect body, bool years)
{
    struct ui_view *view = &v->view;
    struct ui_rect top, rest, matrix, lower, cell, diff = { 0, 0, 0, 0 };
    ui_split_rows(body, years ? 4 : 3, &top, &rest);
    int rows = (int)ui_grid_rows(&v->grid) + 1 + UI_GRID_HEADS;
    int most = rest.h - (rest.h >= 34 ? rest.h * 2 / 5 : 6);
    ui_split_rows(rest, rows < most ? rows : most, &matrix, &lower);
    cell = lower;
    if (body.w >= 120)
        ui_split_columns(lower, body.w * 3 / 5, &cell, &diff);
    ui_view_place(view, SLIDER, top);
    ui_view_place(view, MATRIX, matrix);
    ui_view_place(view, CELL, cell);
    ui_view_place(view, DIFF, diff);
    ui_view_place(view, REST, (struct ui_rect){ 0, 0, 0, 0 });
    if (view->panes[view->focus].rect.h == 0)
        view->focus = MATRIX;
}

/* No matrix: one pane says why, and what it is for. */
static void at_rest(struct whatif *v, struct ui_rect body)
{
    struct ui_view *view = &v->view;
    bool maximised = view->maximised;
    view->maximised = false;
    for (size_t i = 0; i < view->n_panes; i++)
        ui_view_place(view, i, (struct ui_rect){ 0, 0, 0, 0 });
    ui_view_place(view, REST, body);
    view->maximised = maximised;
    ui_whatif_rest(&v->rest, body.w, what(view));
}

static void renew(struct whatif *v)
{
    struct ui_lines *const lines[] = { &v->slider, &v->cell, &v->diff, &v->rest };
    mxs_arena_free(v->arena);
    v->arena = mxs_arena_new();
    v->grid.ascii = v->view.ascii;
    v->grid.entries.n = 0;
    v->grid.selected = SIZE_MAX;
    for (size_t i = 0; i < MXS_COUNT(lines); i++)
        ui_lines_init(lines[i], v->arena);
}

static void details(struct whatif *v)
{
    struct ui_view *view = &v->view;
    const struct ui_grid_entry *e = selected(v);
    if (!group(v))
        return;
    if (!e) {
        ui_whatif_members(&v->cell, ui_view_width(view, CELL), what(view), group(v));
        return;
    }
    ui_whatif_look_at(what(view), e->index);
    ui_whatif_cell(&v->cell, ui_view_width(view, CELL), what(view), e->index, group(v),
                   view->panes[CELL].rect.h < 12);
    if (view->focus != CELL) /* what the cell before pushed its cursor to is nothing of this one */
        ui_list_first(&view->panes[CELL].list);
    if (view->panes[DIFF].rect.h)
        ui_whatif_diff(&v->diff, ui_view_width(view, DIFF), what(view), e->row);
}

/* While the matrix is made rows and columns come and go; scrolling after them would end anywhere. */
static void keep_scroll(struct whatif *v, struct ui_list *list)
{
    if (v->whole) {
        v->top = list->top;
        v->from = v->grid.from;
    } else {
        list->top = v->top;
        v->grid.from = v->from;
    }
    v->whole = ui_whatif_whole(what(&v->view));
}

static void whatif_update(struct ui_view *view, struct ui_rect body)
{
    struct whatif *v = (struct whatif *)view;
    struct ui_list *list = &view->panes[MATRIX].list;
    bool years = body.h >= YEARS_FROM;
    ui_whatif_sync(what(view));
    renew(v);
    v->state = what(view)->state;
    v->steps = what(view)->steps;
    v->run = what(view)->run;
    snprintf(v->title, sizeof v->title, "%s", ui_whatif_title(v->arena, what(view)));
    if (what(view)->state != UI_WHATIF_READY) {
        at_rest(v, body);
        return;
    }
    keep_scroll(v, list);
    ui_grid_collect(&v->grid, v->arena, what(view));
    place(v, body, years);
    keep_row(v, list);
    note_row(v, list);
    fit(v, ui_view_width(view, MATRIX));
    int x = ui_grid_x(&v->grid, v->grid.column);
    list->column = x < 0 ? 0 : x;
    fill_slider(v, ui_view_width(view, SLIDER), years);
    details(v);
}

/* --- keys --- */

static void split_or_join(struct whatif *v, const struct ui_group *g)
{
    const struct mxs_panel *panel = ui_whatif_panel(what(&v->view));
    const char *first = panel->seats.v[g->seats.v[0]].name;
    if (g->seats.n > 1) {
        for (size_t i = 0; i < g->seats.n; i++)
            *mxs_list_add(v->names, &v->alone) =
                mxs_arena_strdup(v->names, panel->seats.v[g->seats.v[i]].name);
        return;
    }
    if (listed(&v->alone, first))
        v->alone.n = 0; /* all together again */
}

static enum ui_goes whatif_enter(struct ui_view *view)
{
    struct whatif *v = (struct whatif *)view;
    if (what(view)->state != UI_WHATIF_READY || view->focus == SLIDER)
        return UI_GOES_NOWHERE;
    if (view->focus != MATRIX || v->grid.selected != 0)
        return UI_GOES_EXPLAIN;
    if (group(v))
        split_or_join(v, group(v));
    return UI_GOES_HANDLED;
}

static bool whatif_jump(struct ui_view *view, int by)
{
    struct whatif *v = (struct whatif *)view;
    struct ui_slider slider = ui_whatif_slider(what(view));
    if (what(view)->state != UI_WHATIF_READY)
        return true;
    if (view->focus == SLIDER) {
        int64_t to = ui_slider_step(&slider, by);
        if (to != slider.at)
            ui_model_set_date(view->model, to);
        return true;
    }
    if (view->focus != MATRIX)
        return false;
    size_t n = v->grid.groups.list.n;
    if (by > 0 ? v->grid.column + 1 < n : v->grid.column > 0) {
        v->grid.column += by > 0 ? 1 : (size_t)-1;
        note_column(v);
    }
    return true;
}

static bool whatif_date(struct ui_view *view)
{
    if (what(view)->state != UI_WHATIF_READY || view->focus == SLIDER)
        return false;
    view->focus = SLIDER;
    return true;
}

static bool whatif_turn(struct ui_view *view, int by)
{
    return ui_whatif_turn(what(view), by);
}

static void whatif_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    struct whatif *v = (struct whatif *)view;
    const struct ui_grid_entry *e = selected(v);
    if (what(view)->state != UI_WHATIF_READY)
        ui_whatif_rest(lines, width, what(view));
    else if (e && group(v))
        ui_whatif_cell(lines, width, what(view), e->index, group(v), false);
    else if (group(v))
        ui_whatif_members(lines, width, what(view), group(v));
}

static bool whatif_idle(struct ui_view *view, bool *changed)
{
    struct whatif *v = (struct whatif *)view;
    bool more = ui_whatif_work(what(view), SLICE_US);
    *changed = v->steps != what(view)->steps || v->run != what(view)->run || v->state != what(view)->state;
    return more;
}

static const char *whatif_copy(struct ui_view *view, struct mxs_arena *arena)
{
    struct whatif *v = (struct whatif *)view;
    const struct ui_grid_entry *e = selected(v);
    (void)arena;
    return view->focus == MATRIX && e ? e->row->scenario->id : NULL;
}

void ui_view_whatif_select(struct ui_view *view, const char *scenario)
{
    struct whatif *v = (struct whatif *)view;
    v->scenario = mxs_arena_strdup(v->names, scenario);
    v->way = "";
    ui_list_set_filter(&view->panes[MATRIX].list, "");
    v->cursor = view->panes[MATRIX].list.cursor;
    view->focus = MATRIX;
}

const struct ui_grid_entry *ui_view_whatif_selected(const struct ui_view *view)
{
    return selected((const struct whatif *)view);
}

const struct ui_view_ops ui_view_whatif = {
    .key = '5', .name = "what-if", .title = "What-if", .brief = "What-if",
    .size = sizeof(struct whatif),
    .open = whatif_open, .close = whatif_close, .update = whatif_update,
    .enter = whatif_enter, .jump = whatif_jump, .copy = whatif_copy, .explain = whatif_explain,
    .legend = ui_cells_legend, .turn = whatif_turn, .date = whatif_date, .idle = whatif_idle,
};
