/* Session: the ladder, the field tree of the selected event beside it, its bytes below. */
#include "config.h"

#include "ui/detail.h"
#include "ui/rows_event.h"
#include "ui/rows_explain.h"
#include "ui/view.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LADDER, LINES_SHOWN = 100, LINE_SHOWN = 600, LOW = 15 };

struct session_view {
    struct ui_view view;
    struct ui_detail detail;
    bool no_bytes;
    struct row {
        size_t at;       /* place in the journal */
        size_t off, len; /* one line of a reply of several; len 0: the whole event */
    } *rows;             /* of the ladder */
    size_t n, cap;
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
    return row < s->n ? mxs_journal_at(s->view.model->journal, s->rows[row].at) : NULL;
}

static size_t ladder_count(void *data)
{
    return ((struct session_view *)data)->n;
}

/* A line of a longer reply speaks for itself, not with the summary of the whole. */
static const char *row_text(struct session_view *s, size_t row, struct mxs_arena *arena)
{
    const struct mxs_event *event = event_at(s, row);
    struct row *r = &s->rows[row];
    return r->len ? mxs_text_clip(arena, mxs_bytes(event->data.p + r->off, r->len), LINE_SHOWN)
                  : event->summary;
}

static void ladder_line(void *data, size_t row, int width, struct ui_line *line)
{
    struct session_view *s = data;
    struct mxs_event event = *event_at(s, row);
    event.summary = row_text(s, row, line->arena);
    ui_event_ladder(&event, row ? event_at(s, row - 1) : NULL, width, s->view.ascii, line);
}

static bool ladder_match(void *data, size_t row, const char *needle)
{
    struct session_view *s = data;
    if (!s->rows[row].len)
        return ui_event_match(event_at(s, row), needle);
    struct mxs_arena *arena = mxs_arena_new();
    bool has = ui_text_has(row_text(s, row, arena), needle);
    mxs_arena_free(arena);
    return has;
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
    free(self(view)->rows);
}

static void add(struct session_view *s, size_t at, size_t off, size_t len)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 256;
        s->rows = mxs_realloc(s->rows, s->cap * sizeof *s->rows);
    }
    s->rows[s->n++] = (struct row){ at, off, len };
}

static size_t line_length(struct mxs_bytes data, size_t off)
{
    const uint8_t *end = memchr(data.p + off, '\n', data.n - off);
    return end ? (size_t)(end - (data.p + off)) + 1 : data.n - off;
}

/* Each line of a reply is a row; what a peer repeats without end is cut. */
static void add_lines(struct session_view *s, size_t at, struct mxs_bytes data)
{
    size_t off = 0, n = 0;
    if (line_length(data, 0) == data.n) {
        add(s, at, 0, 0);
        return;
    }
    for (; off < data.n && n < LINES_SHOWN; n++) {
        size_t len = line_length(data, off), text = len;
        while (text > 1 && (data.p[off + text - 1] == '\n' || data.p[off + text - 1] == '\r'))
            text--;
        add(s, at, off, text);
        off += len;
    }
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
        if (!ui_event_on_ladder(event) || !ui_model_concerns(model, event) || said(s, event))
            continue;
        if (event->kind == MXS_EVENT_SMTP && event->dir == MXS_DIR_IN && event->data.n)
            add_lines(s, s->looked, event->data);
        else
            add(s, s->looked, 0, 0);
    }
    if (other)
        ui_list_renew(list);
}

/* The first row of the event, or of the last one before it that has a row. */
static size_t row_of(const struct session_view *s, uint64_t seq)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->rows[mid].at + 1 <= seq)
            low = mid + 1;
        else
            high = mid;
    }
    while (low > 1 && s->rows[low - 2].at == s->rows[low - 1].at)
        low--;
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

/* A lesson's card leaves no room for them on a low screen. */
static bool hides_bytes(const struct session_view *s, struct ui_rect body)
{
    return s->no_bytes || (body.h < LOW && body.w < 120);
}

static void place(struct session_view *s, struct ui_rect body)
{
    struct ui_view *view = &s->view;
    struct ui_rect ladder, tree, bytes = { 0, 0, 0, 0 }, upper = body;
    bool no_bytes = hides_bytes(s, body);
    if (body.w >= 120) { /* the bytes stand under the tree: 16 in a row fit */
        int fields = body.w >= 170 ? 84 : body.w >= 130 ? 73 : body.w / 2;
        ui_split_columns(body, body.w - fields, &ladder, &tree);
        if (!no_bytes)
            ui_split_rows(tree, tree.h * 3 / 5, &tree, &bytes);
    } else {
        if (!no_bytes)
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
    if (hides_bytes(s, body) && view->focus == s->detail.dump_pane && !view->maximised)
        view->focus = s->detail.tree_pane;
    collect(s);
    place(s, body);
    const struct mxs_event *event = selected(s);
    size_t row = 0;
    bool line = ui_list_row(&view->panes[LADDER].list, &row) && s->rows[row].len;
    ui_detail_update(&s->detail, view, event);
    ui_detail_line(&s->detail, view, line ? s->rows[row].off : 0, line ? s->rows[row].len : 0);
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
