/* Plan: a rollover over time. Left and Right move the selected step, and what breaks shows at once. */
#include "config.h"

#include "ui/rows_plan.h"
#include "ui/view.h"

#include <string.h>

enum { TIMELINE, FAILING, STEP };

struct planning {
    struct ui_view view;
    struct mxs_arena *arena; /* of the rows */
    struct ui_lines timeline, failing, step;
    struct mxs_arena *made;  /* of the plan */
    struct mxs_keypool *pool;
    struct mxs_rebuild *rebuild;
    struct mxs_whatif whatif;
    struct mxs_plan_input input;
    struct mxs_plan *plan;   /* NULL: why says why not */
    int64_t *moved;
    enum mxs_plan_scheme scheme;
    struct mxs_why why;
    unsigned judgement, generation; /* of the model when the plan was made */
};

static void plan_open(struct ui_view *view)
{
    struct planning *p = (struct planning *)view;
    ui_view_pane(view, "Rollover: Left and Right move a step", &ui_lines_source, &p->timeline)->list.rests =
        true;
    ui_view_pane(view, "What breaks", &ui_lines_source, &p->failing);
    ui_view_pane(view, "This step", &ui_lines_source, &p->step);
    if (view->model->options->plan)
        p->scheme = view->model->options->plan->scheme;
}

static void forget(struct planning *p)
{
    mxs_rebuild_free(p->rebuild);
    mxs_keypool_free(p->pool);
    mxs_arena_free(p->made);
    p->rebuild = NULL;
    p->pool = NULL;
    p->made = NULL;
    p->plan = NULL;
}

static void plan_close(struct ui_view *view)
{
    struct planning *p = (struct planning *)view;
    forget(p);
    mxs_arena_free(p->arena);
}

/* --- the plan -------------------------------------------------------------------------------------- */

static void read_input(struct planning *p)
{
    const struct ui_model *model = p->view.model;
    const struct ui_plan_options *given = model->options->plan;
    p->whatif = (struct mxs_whatif){ .catalog = mxs_catalog_get(model->options->catalog),
                                     .options = &model->assess, .rebuild = p->rebuild };
    p->input = (struct mxs_plan_input){ .evidence = model->evidence, .whatif = &p->whatif,
                                        .now = model->assess.at, .scheme = p->scheme };
    if (given) {
        p->input.next = given->next;
        p->input.ttl = given->ttl;
        p->input.window_from = given->window_from;
        p->input.window_until = given->window_until;
    }
    if (!given || !given->any)
        p->input.next = mxs_plan_next_unknown(p->whatif.catalog, ui_model_session(model, NULL));
}

static void make(struct planning *p)
{
    struct mxs_plan_result result = { NULL, NULL, false };
    const struct ui_plan_options *given = p->view.model->options->plan;
    forget(p);
    p->made = mxs_arena_new();
    p->pool = mxs_keypool_new(given ? given->keys : mxs_bytes(NULL, 0));
    p->rebuild = mxs_rebuild_new(p->pool);
    p->why.text[0] = 0;
    read_input(p);
    if (mxs_plan_search(p->made, &p->input, &result, &p->why) == MXS_OK)
        p->plan = result.plan;
    p->moved = mxs_arena_alloc(p->made, (p->plan ? p->plan->steps.n + 1 : 1) * sizeof *p->moved);
    p->judgement = p->view.model->judgement;
    p->generation = p->view.model->generation;
}

static size_t selected(struct planning *p)
{
    size_t row = 0;
    if (!ui_list_row(&p->view.panes[TIMELINE].list, &row) || row >= p->timeline.lines.n ||
        !p->timeline.lines.v[row].tag)
        return 0;
    return (size_t)p->timeline.lines.v[row].tag - 1;
}

/* --- the screen ------------------------------------------------------------------------------------ */

static void place(struct planning *p, struct ui_rect body)
{
    struct ui_rect upper, lower, right = { 0, 0, 0, 0 };
    int rows = 8 + (p->plan ? (int)p->plan->steps.n : 0), most = body.h * 2 / 3;
    ui_split_rows(body, rows < most ? rows : most, &upper, &lower);
    if (body.w >= 120)
        ui_split_columns(lower, lower.w / 2, &lower, &right);
    ui_view_place(&p->view, TIMELINE, upper);
    ui_view_place(&p->view, FAILING, lower);
    ui_view_place(&p->view, STEP, right);
    if (p->view.focus == STEP && right.h == 0)
        p->view.focus = TIMELINE;
}

static void say_why_not(struct planning *p)
{
    const char *text = !ui_model_done(p->view.model) ? "a plan is made when the walk is done"
                                                     : p->why.text;
    ui_lines_wrap(&p->timeline, ui_view_width(&p->view, TIMELINE), 0, 0, UI_STYLE_NORMAL, text);
}

static void plan_update(struct ui_view *view, struct ui_rect body)
{
    struct planning *p = (struct planning *)view;
    const struct ui_model *model = view->model;
    size_t step = p->plan ? selected(p) : 0, row = 0;
    if (!ui_model_done(model))
        forget(p);
    else if (!p->made || p->judgement != model->judgement || p->generation != model->generation)
        make(p);
    mxs_arena_free(p->arena);
    p->arena = mxs_arena_new();
    ui_lines_init(&p->timeline, p->arena);
    ui_lines_init(&p->failing, p->arena);
    ui_lines_init(&p->step, p->arena);
    place(p, body);
    if (!p->plan) {
        say_why_not(p);
        return;
    }
    step = step < p->plan->steps.n ? step : 0;
    view->panes[FAILING].title = p->plan->proof.failing.n ? "What breaks"
                                 : view->panes[STEP].rect.h ? "What was covered" : "This step";
    ui_plan_timeline(&p->timeline, ui_view_width(view, TIMELINE), p->plan, step, p->moved, view->ascii);
    if (view->panes[STEP].rect.h == 0 && p->plan->proof.failing.n == 0)
        ui_plan_step(&p->failing, ui_view_width(view, FAILING), p->plan, step);
    ui_plan_failing(&p->failing, ui_view_width(view, FAILING), p->plan);
    ui_plan_step(&p->step, ui_view_width(view, STEP), p->plan, step);
    if (!ui_list_row(&view->panes[TIMELINE].list, &row) || p->timeline.lines.v[row].heading)
        ui_list_move(&view->panes[TIMELINE].list, 0);
}

/* --- keys ------------------------------------------------------------------------------------------ */

static void move(struct planning *p, size_t step, int64_t by)
{
    mxs_plan_move(p->plan, step, by);
    p->moved[step] += by;
    mxs_plan_prove(p->plan);
}

/* By half a TTL, so that a few presses cross the edge of the safe window. */
static bool plan_jump(struct ui_view *view, int by)
{
    struct planning *p = (struct planning *)view;
    if (!p->plan || view->focus != TIMELINE)
        return false;
    int64_t half = p->plan->reach / 4;
    move(p, selected(p), (half > 0 ? half : 1) * by);
    return true;
}

static enum ui_goes plan_enter(struct ui_view *view)
{
    struct planning *p = (struct planning *)view;
    if (!p->plan || view->focus != TIMELINE)
        return UI_GOES_NOWHERE;
    size_t step = selected(p);
    move(p, step, -p->moved[step]);
    return UI_GOES_HANDLED;
}

/* The other schemes, one after the other; behind them the one that passes by itself. */
static void plan_toggle(struct ui_view *view)
{
    struct planning *p = (struct planning *)view;
    p->scheme = p->scheme == MXS_PLAN_TA ? MXS_PLAN_AUTO : (enum mxs_plan_scheme)(p->scheme + 1);
    forget(p);
}

static const char *plan_copy(struct ui_view *view, struct mxs_arena *arena)
{
    struct planning *p = (struct planning *)view;
    const char *all = "";
    if (!p->plan || view->focus != TIMELINE)
        return NULL;
    size_t step = selected(p);
    for (size_t h = 0; h < p->plan->hosts.n; h++) {
        const mxs_plan_records *set = mxs_plan_before(p->plan, step + 1, h);
        for (size_t i = 0; p->plan->hosts.v[h].touched && i < set->n; i++)
            all = mxs_arena_printf(arena, "%s%s\n", all,
                                   mxs_plan_line(arena, &p->plan->hosts.v[h], &set->v[i]));
    }
    return *all ? all : NULL;
}

static void plan_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    struct planning *p = (struct planning *)view;
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_NORMAL,
                  "A plan is proved when no state in which a sender can be meanwhile fails: with records "
                  "cached or fresh, with each chain that a server may show, with each policy and clock.");
    ui_lines_blank(lines);
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_NORMAL,
                  "Left and Right move the selected step by half a TTL, Enter puts it back. B turns to the "
                  "next scheme. y copies the records of the step as lines of a zone file.");
    ui_lines_blank(lines);
    if (p->plan)
        ui_plan_step(lines, width, p->plan, selected(p));
}

const struct ui_view_ops ui_view_plan = {
    .key = '8', .name = "plan", .title = "Plan", .brief = "Plan",
    .size = sizeof(struct planning),
    .open = plan_open, .close = plan_close, .update = plan_update,
    .enter = plan_enter, .toggle = plan_toggle, .jump = plan_jump, .copy = plan_copy,
    .explain = plan_explain,
};
