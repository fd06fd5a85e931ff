/* Handshake: every TLS message with its decoded fields, and the story they tell. */
#include "config.h"

#include "ui/detail.h"
#include "ui/rows_explain.h"
#include "ui/rows_handshake.h"
#include "ui/view.h"

#include <stdlib.h>

enum { MESSAGES, SUMMARY };

struct handshake {
    struct ui_view view;
    struct ui_detail detail;
    bool bytes;
    struct {
        size_t at; /* in the journal */
        unsigned n;
    } *rows;
    size_t n, cap, looked;
    unsigned messages, generation;
    uint32_t session;
    struct mxs_arena *arena;
    struct ui_lines summary;
};

static const struct mxs_event *event_at(struct handshake *h, size_t row)
{
    return row < h->n ? mxs_journal_at(h->view.model->journal, h->rows[row].at) : NULL;
}

static size_t count(void *data)
{
    return ((struct handshake *)data)->n;
}

static void line(void *data, size_t row, int width, struct ui_line *out)
{
    struct handshake *h = data;
    ui_handshake_row(event_at(h, row), h->rows[row].n, width, h->view.ascii, out);
}

static bool match(void *data, size_t row, const char *needle)
{
    return ui_text_has(event_at(data, row)->summary, needle);
}

static const struct ui_source source = { count, line, match, NULL };

static void head(void *data, int width, struct ui_line *out)
{
    (void)data;
    ui_handshake_heading(width, out);
}

static void handshake_open(struct ui_view *view)
{
    struct handshake *h = (struct handshake *)view;
    struct ui_pane *pane = ui_view_pane(view, "TLS messages", &source, h);
    pane->head = head;
    pane->list.rests = true;
    pane->list.follow = !ui_model_done(view->model);
    ui_view_pane(view, "In words", &ui_lines_source, &h->summary);
    ui_detail_open(&h->detail, view);
}

static void handshake_close(struct ui_view *view)
{
    struct handshake *h = (struct handshake *)view;
    ui_detail_close(&h->detail);
    free(h->rows);
    mxs_arena_free(h->arena);
}

static void add(struct handshake *h, size_t at, const struct mxs_event *event)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 64;
        h->rows = mxs_realloc(h->rows, h->cap * sizeof *h->rows);
    }
    h->rows[h->n].at = at;
    h->rows[h->n++].n = event->kind == MXS_EVENT_HANDSHAKE ? ++h->messages : 0;
}

static void collect(struct handshake *h)
{
    struct ui_model *model = h->view.model;
    struct ui_list *list = &h->view.panes[MESSAGES].list;
    bool other = h->generation != model->generation || h->session != model->session;
    if (other) {
        h->n = h->looked = h->messages = 0;
        h->generation = model->generation;
        h->session = model->session;
        list->cursor = list->top = 0;
        list->follow = !ui_model_done(model);
    }
    for (size_t n = mxs_journal_count(model->journal); h->looked < n; h->looked++) {
        const struct mxs_event *event = mxs_journal_at(model->journal, h->looked);
        if (event->session && event->session == model->session && ui_handshake_event(event))
            add(h, h->looked, event);
    }
    if (other)
        ui_list_renew(list);
}

static void place(struct handshake *h, struct ui_rect body)
{
    struct ui_view *view = &h->view;
    struct ui_rect left, right, messages, summary, tree, bytes = { 0, 0, 0, 0 };
    int rows = (int)h->n + 2, most = body.h * 3 / 5;
    if (body.w >= 120) {
        ui_split_columns(body, body.w / 2, &left, &right);
        ui_split_rows(left, rows < most ? rows : most, &messages, &summary);
        tree = right;
        if (h->bytes)
            ui_split_rows(right, right.h * 3 / 5, &tree, &bytes);
    } else {
        ui_split_rows(body, rows < body.h / 2 ? rows : body.h / 2, &messages, &left);
        if (h->bytes)
            ui_split_rows(left, left.h - 5, &left, &bytes);
        ui_split_columns(left, left.w / 2, &summary, &tree);
    }
    ui_view_place(view, MESSAGES, messages);
    ui_view_place(view, SUMMARY, summary);
    ui_view_place(view, h->detail.tree_pane, tree);
    ui_view_place(view, h->detail.dump_pane, bytes);
}

static void handshake_update(struct ui_view *view, struct ui_rect body)
{
    struct handshake *h = (struct handshake *)view;
    size_t row = 0;
    if (!h->bytes && view->focus == h->detail.dump_pane)
        view->focus = h->detail.tree_pane;
    collect(h);
    place(h, body);
    mxs_arena_free(h->arena);
    h->arena = mxs_arena_new();
    ui_lines_init(&h->summary, h->arena);
    ui_handshake_summary(&h->summary, ui_view_width(view, SUMMARY), view->model);
    struct ui_list *list = &view->panes[MESSAGES].list;
    if (list->follow && ui_list_count(list))
        ui_list_select(list, h->n - 1);
    ui_detail_update(&h->detail, view, ui_list_row(list, &row) ? event_at(h, row) : NULL);
}

static enum ui_goes handshake_enter(struct ui_view *view)
{
    struct handshake *h = (struct handshake *)view;
    if (view->focus == MESSAGES) {
        view->focus = h->detail.tree_pane;
        return UI_GOES_HANDLED;
    }
    return ui_detail_enter(&h->detail, view) ? UI_GOES_HANDLED : UI_GOES_NOWHERE;
}

static bool handshake_fold(struct ui_view *view, bool open)
{
    return ui_detail_fold(&((struct handshake *)view)->detail, view, open);
}

static bool handshake_jump(struct ui_view *view, int by)
{
    return ui_detail_jump(&((struct handshake *)view)->detail, view, by);
}

static void handshake_toggle(struct ui_view *view)
{
    ((struct handshake *)view)->bytes = !((struct handshake *)view)->bytes;
}

static const char *handshake_copy(struct ui_view *view, struct mxs_arena *arena)
{
    return ui_detail_copy(&((struct handshake *)view)->detail, view, arena);
}

static void handshake_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    struct handshake *h = (struct handshake *)view;
    bool field = view->focus == h->detail.tree_pane || view->focus == h->detail.dump_pane;
    ui_explain_event(lines, width, view->model, h->detail.event,
                     field ? ui_detail_field(&h->detail, view) : NULL);
}

const struct ui_view_ops ui_view_handshake = {
    .key = '2', .name = "handshake", .title = "Handshake", .brief = "TLS",
    .size = sizeof(struct handshake),
    .open = handshake_open, .close = handshake_close, .update = handshake_update,
    .enter = handshake_enter, .fold = handshake_fold, .toggle = handshake_toggle,
    .jump = handshake_jump, .copy = handshake_copy, .explain = handshake_explain,
};
