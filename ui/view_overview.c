/* Overview: the headline first, then every session, the domain and the selected session in short. */
#include "config.h"

#include "ui/rows_explain.h"
#include "ui/rows_finding.h"
#include "ui/rows_overview.h"
#include "ui/view.h"

enum { HEADLINE, SESSIONS, SESSION, DOMAIN, FINDINGS, FINDINGS_FROM = 30 /* rows */ };

struct overview {
    struct ui_view view;
    struct mxs_arena *arena;
    struct ui_lines headline, sessions, session, domain, findings;
    uint32_t shown;
};

static void overview_open(struct ui_view *view)
{
    struct overview *o = (struct overview *)view;
    ui_view_pane(view, NULL, &ui_lines_source, &o->headline)->passive = true;
    ui_view_pane(view, "Sessions", &ui_lines_source, &o->sessions)->list.rests = true;
    ui_view_pane(view, "This session", &ui_lines_source, &o->session);
    ui_view_pane(view, "Domain", &ui_lines_source, &o->domain);
    ui_view_pane(view, "Findings", &ui_lines_source, &o->findings);
}

static void overview_close(struct ui_view *view)
{
    mxs_arena_free(((struct overview *)view)->arena);
}

/* The cursor leads when it was moved, else the model's session does. */
static void follow_session(struct overview *o)
{
    struct ui_list *list = &o->view.panes[SESSIONS].list;
    struct ui_model *model = o->view.model;
    size_t row = 0;
    bool have = ui_list_row(list, &row) && row < o->sessions.lines.n;
    uint32_t here = have ? (uint32_t)o->sessions.lines.v[row].tag : 0;
    if (model->session == o->shown && here && here != model->session && o->view.focus == SESSIONS)
        ui_model_look_at(model, here);
    for (size_t i = 0; i < o->sessions.lines.n; i++)
        if (o->sessions.lines.v[i].tag && o->sessions.lines.v[i].tag == model->session)
            ui_list_select(list, i);
    o->shown = model->session;
}

static void place(struct overview *o, struct ui_rect body, int headline_h, int sessions_h)
{
    struct ui_view *view = &o->view;
    struct ui_rect top, rest, upper, lower, left, right, findings = { 0, 0, 0, 0 };
    ui_split_rows(body, headline_h, &top, &rest);
    ui_split_rows(rest, sessions_h, &upper, &lower);
    if (body.h >= FINDINGS_FROM) {
        int rows = (int)o->findings.lines.n + 1, most = lower.h / 2;
        ui_split_rows(lower, lower.h - (rows < most ? rows : most), &lower, &findings);
    }
    if (body.w >= 120)
        ui_split_columns(lower, body.w * 3 / 5, &left, &right);
    else
        ui_split_rows(lower, lower.h - (lower.h > 12 ? 6 : lower.h / 2), &left, &right);
    ui_view_place(view, HEADLINE, top);
    ui_view_place(view, SESSIONS, upper);
    ui_view_place(view, SESSION, left);
    ui_view_place(view, DOMAIN, right);
    ui_view_place(view, FINDINGS, findings);
}

static void renew(struct overview *o)
{
    mxs_arena_free(o->arena);
    o->arena = mxs_arena_new();
    ui_lines_init(&o->headline, o->arena);
    ui_lines_init(&o->sessions, o->arena);
    ui_lines_init(&o->session, o->arena);
    ui_lines_init(&o->domain, o->arena);
    ui_lines_init(&o->findings, o->arena);
}

static void overview_update(struct ui_view *view, struct ui_rect body)
{
    struct overview *o = (struct overview *)view;
    renew(o);
    ui_lines_blank(&o->headline);
    ui_overview_headline(&o->headline, body.w, view->model);
    ui_lines_blank(&o->headline);
    int headline_h = (int)o->headline.lines.n;
    headline_h = headline_h > body.h / 3 ? body.h / 3 : headline_h;
    ui_overview_matrix(&o->sessions, body.w, view->model);
    ui_findings_list(&o->findings, body.w, view->model);
    int rows = (int)o->sessions.lines.n + 1, most = (body.h - headline_h) / 2;
    place(o, body, headline_h, rows < most ? rows : most);
    follow_session(o);
    if (view->panes[view->focus].rect.h == 0)
        view->focus = SESSIONS;
    ui_overview_session(&o->session, ui_view_width(view, SESSION), view->model);
    ui_overview_domain(&o->domain, ui_view_width(view, DOMAIN), view->model);
}

static const struct mxs_finding *finding(struct overview *o)
{
    const struct mxs_assessment *a = o->view.model->assessment;
    size_t row = 0;
    if (o->view.focus != FINDINGS || !a || !ui_list_row(&o->view.panes[FINDINGS].list, &row) ||
        row >= o->findings.lines.n)
        return NULL;
    uint64_t tag = o->findings.lines.v[row].tag;
    return tag && tag <= a->findings.n ? &a->findings.v[tag - 1] : NULL;
}

static enum ui_goes overview_enter(struct ui_view *view)
{
    const struct mxs_finding *f = finding((struct overview *)view);
    if (f)
        return ui_model_show(view->model, f->seq) ? UI_GOES_SESSION : UI_GOES_NOWHERE;
    return view->focus == SESSIONS && view->model->session ? UI_GOES_SESSION : UI_GOES_NOWHERE;
}

static void overview_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    const struct mxs_assessment *a = view->model->assessment;
    const struct mxs_session_facts *s = ui_model_session(view->model, NULL);
    if (finding((struct overview *)view))
        ui_explain_finding(lines, width, view->model, finding((struct overview *)view));
    else if (a && a->findings.n && a->findings.v[0].severity >= MXS_SEVERITY_WARNING)
        ui_explain_finding(lines, width, view->model, &a->findings.v[0]);
    else if (s)
        ui_explain_stage(lines, width, view->model, s->reached);
}

const struct ui_view_ops ui_view_overview = {
    .key = '0', .name = "overview", .title = "Overview", .brief = "Overview",
    .size = sizeof(struct overview),
    .open = overview_open, .close = overview_close, .update = overview_update,
    .enter = overview_enter, .explain = overview_explain,
};
