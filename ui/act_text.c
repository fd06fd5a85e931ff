#include "config.h"

#include "ui/actions.h"
#include "ui/veil.h"
#include "ui/term.h"
#include "ui/workbench.h"

#include <stdio.h>
#include <string.h>

/* --- search and filter --- */

static void keep(char out[UI_WORDS_MAX], const char *text)
{
    size_t n = strlen(text) < UI_WORDS_MAX - 1 ? strlen(text) : UI_WORDS_MAX - 1;
    memcpy(out, text, n);
    out[n] = 0;
}

static void search_for(struct ui *ui, int by, bool here)
{
    struct ui_list *list = ui_focus(ui);
    keep(list->search, ui->search);
    if (!ui_list_search(list, ui->search, by, here))
        ui_say(ui, UI_STYLE_WARN, "\"%s\" is nowhere in this pane", ui->search);
}

static void search_typing(struct ui *ui, const char *text)
{
    struct ui_list *list = ui_focus(ui);
    list->cursor = ui->search_from;
    keep(list->search, text);
    ui_list_search(list, text, 1, true);
}

static void search_cancel(struct ui *ui, const char *text)
{
    (void)text;
    ui_focus(ui)->cursor = ui->search_from;
    ui_focus(ui)->search[0] = 0;
}

static void search_done(struct ui *ui, const char *text)
{
    ui_focus(ui)->cursor = ui->search_from;
    if (*text)
        keep(ui->search, text); /* nothing typed: the same words again */
    if (ui->search[0])
        search_for(ui, 1, true);
}

void ui_act_search(struct ui *ui, const char *arg)
{
    ui->search_from = ui_focus(ui)->cursor;
    if (*arg) {
        search_done(ui, arg);
        return;
    }
    ui_prompt_open(&ui->prompt, "/", "", &ui->searches, search_done);
    ui->prompt.change = search_typing;
    ui->prompt.cancel = search_cancel;
}

void ui_act_next(struct ui *ui, const char *arg)
{
    (void)arg;
    search_for(ui, 1, false);
}

void ui_act_previous(struct ui *ui, const char *arg)
{
    (void)arg;
    search_for(ui, -1, false);
}

static void filter_typing(struct ui *ui, const char *text)
{
    ui_list_set_filter(ui_focus(ui), text);
}

static void filter_cancel(struct ui *ui, const char *text)
{
    (void)text;
    ui_list_set_filter(ui_focus(ui), ui->filter_before);
}

void ui_act_filter(struct ui *ui, const char *arg)
{
    struct ui_list *list = ui_focus(ui);
    if (*arg) {
        ui_list_set_filter(list, arg);
        return;
    }
    keep(ui->filter_before, list->filter);
    ui_prompt_open(&ui->prompt, "filter: ", list->filter, &ui->filters, filter_typing);
    ui->prompt.change = filter_typing;
    ui->prompt.cancel = filter_cancel;
}

/* --- command line, help, explanations --- */

void ui_act_command(struct ui *ui, const char *arg)
{
    if (*arg)
        ui_command(ui, arg);
    else
        ui_prompt_open(&ui->prompt, ":", "", &ui->commands, ui_command);
}

static void help_row(struct ui *ui, const struct ui_action *a, const char *keys)
{
    struct ui_lines *lines = &ui->popup.lines;
    const char *missing = ui_needs_missing(ui, a->needs);
    int w = ui_popup_width(&ui->surface), name_x = 18, help_x = w > 70 ? 36 : 34;
    struct ui_line *line = ui_lines_add(lines);
    ui_line_at(line, 0, name_x - 1, missing ? UI_STYLE_DIM : UI_STYLE_OUT, *keys ? keys : ":");
    ui_line_at(line, name_x, help_x - name_x - 1, UI_STYLE_FIELD, a->name);
    ui_line_at(line, help_x, 0, missing ? UI_STYLE_DIM : UI_STYLE_NORMAL, a->help);
    if (missing)
        ui_line_add(line, UI_STYLE_DIM,
                    mxs_arena_printf(line->arena, " (now not: %s)", missing));
    else if (a->args)
        ui_line_add(line, UI_STYLE_DIM, mxs_arena_printf(line->arena, "  %s", a->args));
}

void ui_act_help(struct ui *ui, const char *arg)
{
    char title[96];
    const char *group = "";
    (void)arg;
    snprintf(title, sizeof title, "Keys in %s", ui_view_now(ui)->ops->title);
    ui_popup_open(&ui->popup, title);
    if (ui_view_now(ui)->ops->legend)
        ui_view_now(ui)->ops->legend(&ui->popup.lines);
    for (const struct ui_action *a = ui_actions; a->name; a++) {
        if ((a->needs & UI_NEEDS_LESSON && !ui->lesson.def) ||
            (a->needs & UI_NEEDS_WHATIF && ui_needs_missing(ui, UI_NEEDS_WHATIF)))
            continue; /* keys of another place */
        if (strcmp(group, a->group) != 0) {
            if (*group)
                ui_lines_blank(&ui->popup.lines);
            ui_lines_heading(&ui->popup.lines, a->group);
        }
        group = a->group;
        help_row(ui, a, ui_keymap_keys(&ui->keymap, ui->popup.arena, a->name, NULL));
    }
    if (ui->options->lab_help) {
        ui_lines_blank(&ui->popup.lines);
        ui_lines_heading(&ui->popup.lines, "The lab");
        for (const char *p = ui->options->lab_help; *p; p += strcspn(p, "\n"), p += *p == '\n')
            ui_line_add(ui_lines_add(&ui->popup.lines), UI_STYLE_NORMAL,
                        mxs_arena_strndup(ui->popup.arena, p, strcspn(p, "\n")));
    }
}

void ui_act_explain(struct ui *ui, const char *arg)
{
    struct ui_view *view = ui_view_now(ui);
    (void)arg;
    if (!view->ops->explain) {
        ui_say(ui, UI_STYLE_DIM, "nothing to explain here");
        return;
    }
    ui_popup_open(&ui->popup, "Explained");
    view->ops->explain(view, &ui->popup.lines, ui_popup_width(&ui->surface));
    if (ui->popup.lines.lines.n)
        return;
    ui_popup_close(&ui->popup);
    ui_say(ui, UI_STYLE_DIM, "nothing to explain here");
}

/* --- copy --- */

static const char *selected_text(struct ui *ui, struct mxs_arena *arena)
{
    struct ui_view *view = ui_view_now(ui);
    struct ui_list *list = ui_focus(ui);
    size_t row = 0;
    const char *own = !ui->popup.arena && view->ops->copy ? view->ops->copy(view, arena) : NULL;
    if (own || !ui_list_row(list, &row))
        return own;
    struct ui_line line;
    ui_line_init(&line, arena);
    list->source->line(list->data, row, list->width, &line);
    line.arena = arena;
    return line.copy ? line.copy : ui_line_text(&line);
}

void ui_act_copy(struct ui *ui, const char *arg)
{
    struct mxs_arena *arena = mxs_arena_new();
    const char *text = ui_veil(arena, selected_text(ui, arena));
    (void)arg;
    if (!text || !*text)
        ui_say(ui, UI_STYLE_DIM, "nothing to copy here");
    else if (!ui->term || !ui_term_copy(ui->term, text))
        ui_say(ui, UI_STYLE_ERROR, "too long for the terminal's clipboard: w writes it to a file");
    else
        ui_say(ui, UI_STYLE_NORMAL, "sent to the terminal's clipboard (it never confirms): %.200s",
               text);
    mxs_arena_free(arena);
}

/* --- the terminal --- */

void ui_act_theme(struct ui *ui, const char *arg)
{
    const struct ui_theme *theme = *arg ? ui_theme_find(arg) : ui_theme_next(ui->theme);
    if (!theme) {
        ui_say(ui, UI_STYLE_ERROR, "theme: %s is none of dark, light, mono", arg);
        return;
    }
    ui->theme = theme;
    ui_say(ui, UI_STYLE_NORMAL, "theme: %s", theme->name);
}

void ui_act_mouse(struct ui *ui, const char *arg)
{
    ui->mouse = *arg ? strcmp(arg, "on") == 0 : !ui->mouse;
    if (ui->term)
        ui_term_mouse(ui->term, ui->mouse);
    ui_say(ui, UI_STYLE_NORMAL, ui->mouse ? "mouse on: the terminal's own selection needs Shift now"
                                          : "mouse off");
}

void ui_act_redraw(struct ui *ui, const char *arg)
{
    (void)arg;
    if (ui->term)
        ui_term_redraw(ui->term);
}

void ui_act_suspend(struct ui *ui, const char *arg)
{
    (void)arg;
    if (ui->term)
        ui_term_suspend(ui->term);
}

void ui_act_bind(struct ui *ui, const char *arg)
{
    struct mxs_why why = { MXS_OK, "" };
    if (ui_keymap_bind(&ui->keymap, arg, &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
}
