/* Session: the ladder, the field tree of the selected event beside it, its bytes below. */
#include "config.h"

#include "ui/detail.h"
#include "ui/rows_event.h"
#include "ui/rows_explain.h"
#include "ui/view.h"

#include <stdlib.h>
#include <string.h>

enum { LADDER };

struct session_view {
    struct ui_view view;
    struct ui_detail detail;
    bool no_bytes;
    size_t *index, n, cap; /* places in the journal of the ladder's rows */
    size_t looked;         /* events of the journal looked at */
    unsigned generation, stepped;
    uint32_t session;
    uint64_t shown;        /* the event that the ladder's cursor stood on */
};

static struct session_view *self(struct ui_view *view)
{
    return (struct session_view *)view;
}

static const struct mxs_event *event_at(struct session_view *s, size_t row)
{
    return row < s->n ? mxs_journal_at(s->view.model->journal, s->index[row]) : NULL;
}

static size_t ladder_count(void *data)
{
    return ((struct session_view *)data)->n;
}

static void ladder_line(void *data, size_t row, int width, struct ui_line *line)
{
    struct session_view *s = data;
    ui_event_ladder(event_at(s, row), row ? event_at(s, row - 1) : NULL, width, s->view.ascii,
                    line);
}

static bool ladder_match(void *data, size_t row, const char *needle)
{
    return ui_event_match(event_at(data, row), needle);
}

static const struct ui_source ladder_source = { ladder_count, ladder_line, ladder_match, NULL };

static void session_open(struct ui_view *view)
{
    struct session_view *s = self(view);
    struct ui_pane *ladder = ui_view_pane(view, "Client and server", &ladder_source, s);
    ladder->list.follow = !ui_model_done(view->model);
    ladder->list.rests = true;
    ui_detail_open(&s->detail, view);
}

static void session_close(struct ui_view *view)
{
    ui_detail_close(&self(view)->detail);
    free(self(view)->index);
}

static void add(struct session_view *s, size_t at)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 256;
        s->index = mxs_realloc(s->index, s->cap * sizeof *s->index);
    }
    s->index[s->n++] = at;
}

/* A stage that failed for the reason that the row above gives already. */
static bool said(struct session_view *s, const struct mxs_event *event)
{
    const struct mxs_event *above = s->n ? event_at(s, s->n - 1) : NULL;
    return event->kind == MXS_EVENT_STAGE && above && strcmp(above->summary, event->summary) == 0;
}

static void collect(struct session_view *s)
{
    struct ui_model *model = s->view.model;
    struct ui_list *list = &s->view.panes[LADDER].list;
    bool other = s->generation != model->generation || s->session != model->session;
    if (other) {
        s->n = s->looked = 0;
        s->generation = model->generation;
        s->session = model->session;
        list->cursor = list->top = 0;
        s->shown = 0;
        list->follow = !ui_model_done(model);
    }
    for (size_t n = mxs_journal_count(model->journal); s->looked < n; s->looked++) {
        const struct mxs_event *event = mxs_journal_at(model->journal, s->looked);
        if (ui_event_on_ladder(event) && ui_model_concerns(model, event) && !said(s, event))
            add(s, s->looked);
    }
    if (other)
        ui_list_renew(list);
}

/* The row of the event, or of the last one before it that has a row. */
static size_t row_of(const struct session_view *s, uint64_t seq)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->index[mid] + 1 <= seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : 0;
}

/* The model's event leads when another view set it; else the cursor does. */
static const struct mxs_event *selected(struct session_view *s)
{
    struct ui_model *model = s->view.model;
    struct ui_list *list = &s->view.panes[LADDER].list;
    size_t row = 0;
    if (s->stepped != model->stepped)
        list->follow = true;
    s->stepped = model->stepped;
    if (model->event && model->event != s->shown) {
        list->follow = false;
        ui_list_select(list, row_of(s, model->event));
    }
    if (list->follow && ui_list_count(list))
        ui_list_select(list, s->n - 1);
    const struct mxs_event *event = ui_list_row(list, &row) ? event_at(s, row) : NULL;
    s->shown = model->event = event ? event->seq : 0;
    return event;
}

static void place(struct session_view *s, struct ui_rect body)
{
    struct ui_view *view = &s->view;
    struct ui_rect ladder, tree, bytes = { 0, 0, 0, 0 }, upper = body;
    if (body.w >= 120) { /* the bytes stand under the tree: 16 in a row fit */
        int fields = body.w >= 170 ? 84 : body.w >= 130 ? 73 : body.w / 2;
        ui_split_columns(body, body.w - fields, &ladder, &tree);
        if (!s->no_bytes)
            ui_split_rows(tree, tree.h * 3 / 5, &tree, &bytes);
    } else {
        if (!s->no_bytes)
            ui_split_rows(body, body.h - (body.h >= 30 ? 10 : 6), &upper, &bytes);
        ui_split_columns(upper, body.w * 11 / 20 + 1, &ladder, &tree);
        tree.x--; /* the server's lane parts them well enough */
        tree.w++;
    }
    view->panes[s->detail.tree_pane].bare = body.w < 120;
    ui_view_place(view, LADDER, ladder);
    ui_view_place(view, s->detail.tree_pane, tree);
    ui_view_place(view, s->detail.dump_pane, bytes);
}

static void session_update(struct ui_view *view, struct ui_rect body)
{
    struct session_view *s = self(view);
    if (s->no_bytes && view->focus == s->detail.dump_pane)
        view->focus = s->detail.tree_pane;
    collect(s);
    place(s, body);
    ui_detail_update(&s->detail, view, selected(s));
}

static enum ui_goes session_enter(struct ui_view *view)
{
    struct session_view *s = self(view);
    if (view->focus == LADDER) {
        view->focus = s->detail.tree_pane;
        return UI_GOES_HANDLED;
    }
    return ui_detail_enter(&s->detail, view) ? UI_GOES_HANDLED : UI_GOES_NOWHERE;
}

static bool session_fold(struct ui_view *view, bool open)
{
    return ui_detail_fold(&self(view)->detail, view, open);
}

static bool session_jump(struct ui_view *view, int by)
{
    return ui_detail_jump(&self(view)->detail, view, by);
}

static void session_toggle(struct ui_view *view)
{
    self(view)->no_bytes = !self(view)->no_bytes;
}

static const char *session_copy(struct ui_view *view, struct mxs_arena *arena)
{
    return ui_detail_copy(&self(view)->detail, view, arena);
}

static void session_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    struct session_view *s = self(view);
    ui_explain_event(lines, width, view->model, s->detail.event,
                     view->focus == LADDER ? NULL : ui_detail_field(&s->detail, view));
}

const struct ui_view_ops ui_view_session = {
    .key = '1', .name = "session", .title = "Session", .brief = "Session",
    .size = sizeof(struct session_view),
    .open = session_open, .close = session_close, .update = session_update,
    .enter = session_enter, .fold = session_fold, .toggle = session_toggle,
    .jump = session_jump, .copy = session_copy, .explain = session_explain,
};
