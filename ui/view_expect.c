/* Expectations: what DNS and policy promise, what was presented, and what each verifier makes of it. */
#include "config.h"

#include "ui/rows_expect.h"
#include "ui/rows_explain.h"
#include "ui/rows_overview.h"
#include "ui/view.h"

enum { PROMISES, VERDICTS, REASONS };

struct expect {
    struct ui_view view;
    struct mxs_arena *arena;
    struct ui_lines promises, verdicts, reasons;
    const struct mxs_verdict **list;
    size_t n;
};

static void expect_open(struct ui_view *view)
{
    struct expect *e = (struct expect *)view;
    ui_view_pane(view, "Promises", &ui_lines_source, &e->promises);
    ui_view_pane(view, "Verdicts", &ui_lines_source, &e->verdicts)->list.rests = true;
    ui_view_pane(view, "This verdict", &ui_lines_source, &e->reasons);
}

static void expect_close(struct ui_view *view)
{
    mxs_arena_free(((struct expect *)view)->arena);
}

static const struct mxs_verdict *selected(struct expect *e)
{
    size_t row = 0;
    if (!ui_list_row(&e->view.panes[VERDICTS].list, &row) || row >= e->verdicts.lines.n)
        return NULL;
    uint64_t tag = e->verdicts.lines.v[row].tag;
    return tag && tag <= e->n ? e->list[tag - 1] : NULL;
}

static void place(struct expect *e, struct ui_rect body)
{
    struct ui_view *view = &e->view;
    struct ui_rect promises, verdicts, reasons = { 0, 0, 0, 0 };
    if (body.w >= 120) {
        ui_split_columns(body, body.w / 2, &promises, &verdicts);
        ui_split_rows(verdicts, verdicts.h * 3 / 5, &verdicts, &reasons);
    } else {
        int rows = (int)e->n + 2, least = body.h / 3;
        ui_split_rows(body, body.h - (rows > least ? least : rows), &promises, &verdicts);
    }
    ui_view_place(view, PROMISES, promises);
    ui_view_place(view, VERDICTS, verdicts);
    ui_view_place(view, REASONS, reasons);
}

static void expect_update(struct ui_view *view, struct ui_rect body)
{
    struct expect *e = (struct expect *)view;
    size_t row = 0;
    mxs_arena_free(e->arena);
    e->arena = mxs_arena_new();
    ui_lines_init(&e->promises, e->arena);
    ui_lines_init(&e->verdicts, e->arena);
    ui_lines_init(&e->reasons, e->arena);
    e->list = ui_verdicts(e->arena, ui_model_verdicts(view->model), view->mine, &e->n);
    place(e, body);
    if (view->focus == REASONS && view->panes[REASONS].rect.h == 0)
        view->focus = VERDICTS;
    ui_expect_promises(&e->promises, ui_view_width(view, PROMISES), view->model);
    ui_expect_verdicts(&e->verdicts, ui_view_width(view, VERDICTS), e->list, e->n);
    if (!ui_list_row(&view->panes[VERDICTS].list, &row))
        ui_list_move(&view->panes[VERDICTS].list, 0);
    const struct mxs_verdict *verdict = selected(e);
    if (verdict)
        ui_explain_verdict(&e->reasons, ui_view_width(view, REASONS), view->model,
                           verdict);
}

/* A promise leads to the answer that it came from. */
static enum ui_goes expect_enter(struct ui_view *view)
{
    struct expect *e = (struct expect *)view;
    size_t row = 0;
    if (view->focus != PROMISES || !ui_list_row(&view->panes[PROMISES].list, &row) ||
        row >= e->promises.lines.n || !e->promises.lines.v[row].tag)
        return UI_GOES_NOWHERE;
    view->model->event = e->promises.lines.v[row].tag;
    return UI_GOES_SESSION;
}

static void expect_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    struct expect *e = (struct expect *)view;
    const struct mxs_verdict *verdict = selected(e);
    if (view->focus != PROMISES && verdict)
        ui_explain_verdict(lines, width, view->model, verdict);
    else
        ui_explain_stage(lines, width, view->model, MXS_STAGE_POLICY);
}

const struct ui_view_ops ui_view_expect = {
    .key = '4', .name = "expectations", .title = "Expectations", .brief = "Expect",
    .size = sizeof(struct expect),
    .open = expect_open, .close = expect_close, .update = expect_update,
    .enter = expect_enter, .explain = expect_explain,
};
