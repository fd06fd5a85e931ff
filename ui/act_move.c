#include "config.h"

#include "ui/actions.h"
#include "ui/workbench.h"

#include <stdlib.h>
#include <string.h>

void ui_act_up(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_move(ui_focus(ui), -1);
}

void ui_act_down(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_move(ui_focus(ui), 1);
}

void ui_act_page_up(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_page(ui_focus(ui), -1);
}

void ui_act_page_down(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_page(ui_focus(ui), 1);
}

void ui_act_first(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_first(ui_focus(ui));
}

void ui_act_last(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_list_last(ui_focus(ui));
    ui_focus(ui)->follow = !ui->popup.arena && !ui_model_done(&ui->model);
}

static void sideways(struct ui *ui, bool right)
{
    struct ui_view *view = ui_view_now(ui);
    if (ui->popup.arena)
        return;
    if (view->ops->jump && view->ops->jump(view, right ? 1 : -1))
        return;
    if (!view->ops->fold || !view->ops->fold(view, right))
        ui_view_turn(view, right ? 1 : -1);
}

void ui_act_left(struct ui *ui, const char *arg)
{
    (void)arg;
    sideways(ui, false);
}

void ui_act_right(struct ui *ui, const char *arg)
{
    (void)arg;
    sideways(ui, true);
}

void ui_act_next_pane(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_view_turn(ui_view_now(ui), 1);
}

void ui_act_previous_pane(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_view_turn(ui_view_now(ui), -1);
}

void ui_act_maximise(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_view_now(ui)->maximised = !ui_view_now(ui)->maximised;
}

void ui_act_bytes(struct ui *ui, const char *arg)
{
    struct ui_view *view = ui_view_now(ui);
    (void)arg;
    if (view->ops->toggle)
        view->ops->toggle(view);
    else
        ui_say(ui, UI_STYLE_DIM, "this view shows no bytes");
}

static void pick(struct ui *ui)
{
    size_t row = 0;
    ui_pick_fn fn = ui->popup.pick;
    uint64_t tag = ui_list_row(&ui->popup.list, &row) ? ui->popup.lines.lines.v[row].tag : 0;
    if (!fn)
        ui_popup_close(&ui->popup);
    else if (tag)
        fn(ui, tag);
}

void ui_act_enter(struct ui *ui, const char *arg)
{
    struct ui_view *view = ui_view_now(ui);
    (void)arg;
    if (ui->popup.arena) {
        pick(ui);
        return;
    }
    enum ui_goes goes = view->ops->enter ? view->ops->enter(view) : UI_GOES_NOWHERE;
    if (goes == UI_GOES_SESSION)
        ui_show_key(ui, '1', true);
    else if (goes == UI_GOES_EXPLAIN)
        ui_act_explain(ui, "");
    else if (goes == UI_GOES_NOWHERE)
        ui_say(ui, UI_STYLE_DIM, "nothing to open here");
}

void ui_act_view(struct ui *ui, const char *arg)
{
    for (size_t i = 0; i < ui_views_n; i++)
        if ((arg[0] == ui_views[i]->key && !arg[1]) || strcmp(arg, ui_views[i]->name) == 0) {
            ui_show(ui, i, false);
            return;
        }
    ui_say(ui, UI_STYLE_WARN, "there is no view %s", arg);
}

void ui_act_session(struct ui *ui, const char *arg)
{
    char *end = NULL;
    long n = strtol(arg, &end, 10);
    bool relative = arg[0] == '+' || arg[0] == '-';
    struct ui_view *view = ui_view_now(ui);
    if (relative && view->ops->turn) {
        if (!view->ops->turn(view, n < 0 ? -1 : 1))
            ui_say(ui, UI_STYLE_DIM, n < 0 ? "this is the first one" : "this is the last one");
        return;
    }
    uint32_t id = relative ? ui_model_neighbour(&ui->model, n < 0 ? -1 : 1) : (uint32_t)n;
    if (end == arg || *end || !mxs_evidence_session(ui->model.evidence, id, NULL))
        ui_say(ui, UI_STYLE_WARN, "there is no session %s", arg);
    else if (id == ui->model.session)
        ui_say(ui, UI_STYLE_DIM, n < 0 ? "this is the first session" : "this is the last session");
    else
        ui_model_look_at(&ui->model, id);
}

void ui_act_event(struct ui *ui, const char *arg)
{
    if (!ui_show_event(ui, strtoull(arg, NULL, 10)))
        ui_say(ui, UI_STYLE_WARN, "there is no event %s", arg);
}

void ui_act_close(struct ui *ui, const char *arg)
{
    struct ui_list *list = ui_focus(ui);
    (void)arg;
    if (ui->popup.arena)
        ui_popup_close(&ui->popup);
    else if (list->search[0])
        list->search[0] = 0;
    else if (list->filter[0])
        ui_list_set_filter(list, "");
    else
        ui_view_now(ui)->maximised = false;
}

void ui_act_back(struct ui *ui, const char *arg)
{
    (void)arg;
    if (ui->popup.arena)
        ui_popup_close(&ui->popup);
    else if (ui_view_now(ui)->maximised)
        ui_view_now(ui)->maximised = false;
    else if (ui->n_back)
        ui->view = ui->back[--ui->n_back];
    else
        ui->quit = true;
}

void ui_act_quit(struct ui *ui, const char *arg)
{
    (void)arg;
    ui->quit = true;
}
