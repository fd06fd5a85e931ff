/* Log: every event, one row each. */
#include "config.h"

#include "ui/rows_event.h"
#include "ui/rows_explain.h"
#include "ui/view.h"

struct log_view {
    struct ui_view view;
    unsigned generation;
};

static size_t log_count(void *data)
{
    return mxs_journal_count(((struct log_view *)data)->view.model->journal);
}

static const struct mxs_event *event_at(void *data, size_t row)
{
    return mxs_journal_at(((struct log_view *)data)->view.model->journal, row);
}

static void log_line(void *data, size_t row, int width, struct ui_line *line)
{
    ui_event_log(event_at(data, row), width, line);
}

static bool log_match(void *data, size_t row, const char *needle)
{
    return ui_event_match(event_at(data, row), needle);
}

static const struct ui_source log_source = { log_count, log_line, log_match, NULL };

static void log_head(void *data, int width, struct ui_line *line)
{
    (void)data;
    ui_event_log_heading(width, line);
}

static void log_open(struct ui_view *view)
{
    struct ui_pane *pane = ui_view_pane(view, "Every event", &log_source, view);
    pane->head = log_head;
    pane->list.follow = !ui_model_done(view->model);
}

static void log_update(struct ui_view *view, struct ui_rect body)
{
    struct log_view *l = (struct log_view *)view;
    struct ui_list *list = &view->panes[0].list;
    if (l->generation != view->model->generation) {
        l->generation = view->model->generation;
        list->follow = !ui_model_done(view->model);
        ui_list_renew(list);
    }
    ui_view_place(view, 0, body);
}

static const struct mxs_event *selected(struct ui_view *view)
{
    size_t row = 0;
    return ui_list_row(&view->panes[0].list, &row) ? event_at(view, row) : NULL;
}

static enum ui_goes log_enter(struct ui_view *view)
{
    const struct mxs_event *event = selected(view);
    return event && ui_model_show(view->model, event->seq) ? UI_GOES_SESSION : UI_GOES_NOWHERE;
}

static void log_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    ui_explain_event(lines, width, view->model, selected(view), NULL);
}

const struct ui_view_ops ui_view_log = {
    .key = '7', .name = "log", .title = "Log", .brief = "Log", .size = sizeof(struct log_view),
    .open = log_open, .update = log_update, .enter = log_enter,
    .explain = log_explain,
};
