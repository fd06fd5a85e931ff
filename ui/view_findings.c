/* Findings: worst first; Enter leads to the event that shows it. */
#include "config.h"

#include "ui/rows_explain.h"
#include "ui/rows_finding.h"
#include "ui/view.h"

enum { LIST, DETAIL };

struct findings {
    struct ui_view view;
    struct mxs_arena *arena;
    struct ui_lines list, detail;
};

static void findings_open(struct ui_view *view)
{
    struct findings *f = (struct findings *)view;
    ui_view_pane(view, "Worst first", &ui_lines_source, &f->list)->list.rests = true;
    ui_view_pane(view, "This finding", &ui_lines_source, &f->detail);
}

static void findings_close(struct ui_view *view)
{
    mxs_arena_free(((struct findings *)view)->arena);
}

static const struct mxs_finding *selected(struct ui_view *view)
{
    struct findings *f = (struct findings *)view;
    const struct mxs_assessment *a = view->model->assessment;
    size_t row = 0;
    if (!a || !ui_list_row(&view->panes[LIST].list, &row) || row >= f->list.lines.n)
        return NULL;
    uint64_t tag = f->list.lines.v[row].tag;
    return tag && tag <= a->findings.n ? &a->findings.v[tag - 1] : NULL;
}

static void findings_update(struct ui_view *view, struct ui_rect body)
{
    struct findings *f = (struct findings *)view;
    struct ui_rect upper, lower;
    mxs_arena_free(f->arena);
    f->arena = mxs_arena_new();
    ui_lines_init(&f->list, f->arena);
    ui_lines_init(&f->detail, f->arena);
    ui_findings_list(&f->list, body.w, view->model);
    int rows = (int)f->list.lines.n + 1, most = body.h - 11;
    ui_split_rows(body, rows < most ? rows : most, &upper, &lower);
    ui_view_place(view, LIST, upper);
    ui_view_place(view, DETAIL, lower);
    struct ui_list *list = &view->panes[LIST].list;
    size_t row = 0;
    if (!ui_list_row(list, &row))
        ui_list_move(list, 0); /* off the heading */
    const struct mxs_finding *finding = selected(view);
    if (finding)
        ui_finding_detail(&f->detail, body.w, finding);
}

static enum ui_goes findings_enter(struct ui_view *view)
{
    const struct mxs_finding *finding = selected(view);
    return finding && ui_model_show(view->model, finding->seq) ? UI_GOES_SESSION
                                                               : UI_GOES_NOWHERE;
}

static void findings_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    if (selected(view))
        ui_explain_finding(lines, width, view->model, selected(view));
}

const struct ui_view_ops ui_view_findings = {
    .key = '6', .name = "findings", .title = "Findings", .brief = "Find",
    .size = sizeof(struct findings),
    .open = findings_open, .close = findings_close, .update = findings_update,
    .enter = findings_enter, .explain = findings_explain,
};
