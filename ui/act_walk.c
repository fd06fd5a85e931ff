#include "config.h"

#include "ui/actions.h"
#include "ui/workbench.h"

#include <stdio.h>
#include <string.h>

static void go_on(struct ui *ui)
{
    ui->model.follow = true;
    ui->model.stepped++;
}

void ui_act_step(struct ui *ui, const char *arg)
{
    (void)arg;
    go_on(ui);
    mxs_walk_step(ui->model.walk);
}

void ui_act_step_stage(struct ui *ui, const char *arg)
{
    (void)arg;
    go_on(ui);
    mxs_walk_step_stage(ui->model.walk);
}

void ui_act_continue(struct ui *ui, const char *arg)
{
    (void)arg;
    go_on(ui);
    mxs_walk_continue(ui->model.walk);
}

void ui_act_pause(struct ui *ui, const char *arg)
{
    (void)arg;
    mxs_walk_pause(ui->model.walk);
}

void ui_act_stop(struct ui *ui, const char *arg)
{
    (void)arg;
    mxs_walk_stop(ui->model.walk);
}

void ui_act_run(struct ui *ui, const char *arg)
{
    struct mxs_why why = { MXS_OK, "" };
    (void)arg;
    if (ui_model_again(&ui->model, &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
    ui->seen = 0;
}

/* --- breakpoints --- */

static void fill_breaks(struct ui *ui)
{
    struct ui_popup *popup = &ui->popup;
    ui_lines_init(&popup->lines, popup->arena);
    for (int i = 0; i < MXS_STAGE_COUNT; i++) {
        enum mxs_stage stage = (enum mxs_stage)i;
        bool on = mxs_walk_has_break(ui->model.walk, stage);
        struct ui_line *line = ui_lines_add(&popup->lines);
        line->tag = (uint64_t)i + 1;
        ui_line_at(line, 0, 4, on ? UI_STYLE_WARN : UI_STYLE_DIM, on ? "[x]" : "[ ]");
        ui_line_at(line, 4, 24, UI_STYLE_NORMAL, mxs_stage_name(stage));
        ui_line_at(line, 28, 0, UI_STYLE_DIM, mxs_stage_title(stage));
    }
}

static void toggle_break(struct ui *ui, uint64_t tag)
{
    enum mxs_stage stage = (enum mxs_stage)(tag - 1);
    mxs_walk_break(ui->model.walk, stage, !mxs_walk_has_break(ui->model.walk, stage));
    if (ui->popup.arena)
        fill_breaks(ui);
}

void ui_act_break(struct ui *ui, const char *arg)
{
    enum mxs_stage stage = mxs_stage_parse(arg);
    if (stage != MXS_STAGE_NONE) {
        toggle_break(ui, (uint64_t)stage + 1);
        bool on = mxs_walk_has_break(ui->model.walk, stage);
        ui_say(ui, UI_STYLE_NORMAL, "%s before %s", on ? "break" : "no break", arg);
    } else if (*arg) {
        ui_say(ui, UI_STYLE_ERROR, "break: no stage is called %s", arg);
    } else {
        ui_popup_open(&ui->popup, "Break before (Enter sets or clears, q closes)");
        ui->popup.pick = toggle_break;
        fill_breaks(ui);
        enum mxs_stage now = ui_model_status(&ui->model).stage;
        ui_list_select(&ui->popup.list, now < MXS_STAGE_NONE ? (size_t)now : 0);
    }
}

/* --- edit --- */

static void edited(struct ui *ui, const char *text)
{
    struct mxs_why why = { MXS_OK, "" };
    const char *missing = ui_needs_missing(ui, UI_NEEDS_LIVE | UI_NEEDS_PAUSED | UI_NEEDS_EDITABLE);
    if (missing)
        ui_say(ui, UI_STYLE_WARN, "edit: %s", missing);
    else if (mxs_walk_edit(ui->model.walk, text, &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "edit: %s", why.text);
    else
        ui_say(ui, UI_STYLE_NORMAL, "next: %s", text);
}

void ui_act_edit(struct ui *ui, const char *arg)
{
    if (*arg) {
        edited(ui, arg);
        return;
    }
    ui_prompt_open(&ui->prompt, "edit: ", mxs_walk_editable(ui->model.walk), &ui->edits, edited);
    if (ui->prompt.n > (size_t)ui->surface.cols / 2)
        ui->prompt.at = 0; /* the offer of a ClientHello: its beginning is what is changed most */
}

/* --- the date judged --- */

static void date_given(struct ui *ui, const char *text)
{
    int64_t at = ui->options->assess->at;
    if (*text && mxs_time_parse(text, &at) != MXS_OK) {
        ui_say(ui, UI_STYLE_ERROR, "date: %s is not like 2027-03-15 or 2027-03-15T12:00:00Z", text);
        return;
    }
    ui_model_set_date(&ui->model, at);
    ui_say(ui, UI_STYLE_NORMAL, "certificates are judged as of %s",
           *text ? text : "the date it started with");
}

void ui_act_date(struct ui *ui, const char *arg)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct ui_view *view = ui_view_now(ui);
    if (!*arg && view->ops->date && view->ops->date(view))
        ui_say(ui, UI_STYLE_DIM, "Left and Right: the known dates; d again: type one");
    else if (*arg)
        date_given(ui, strcmp(arg, "start") == 0 ? "" : arg);
    else
        ui_prompt_open(&ui->prompt, "judge as of (empty: as started): ",
                       mxs_time_text(arena, ui->model.assess.at), NULL, date_given);
    mxs_arena_free(arena);
}
