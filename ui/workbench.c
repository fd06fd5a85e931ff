#include "config.h"

#include "report/anon.h"
#include "ui/veil.h"
#include "ui/whatif.h"
#include "ui/workbench.h"

#include "ui/actions.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TOP_ROWS = 2, LEAST_ROWS = 10, LEAST_COLS = 40, UNREST_MAX = 1000 };

static enum mxs_err add_binds(struct ui *ui, const struct mxs_strs *binds, struct mxs_why *why)
{
    for (size_t i = 0; i < binds->n; i++) {
        enum mxs_err err = ui_keymap_bind(&ui->keymap, binds->v[i], why);
        if (err != MXS_OK)
            return err;
    }
    return MXS_OK;
}

enum mxs_err ui_open(struct ui *ui, const struct ui_options *options, struct mxs_why *why)
{
    *ui = (struct ui){ .options = options, .mouse = options->mouse, .dirty = true };
    ui_veil_set(options->anon);
    ui->theme = ui_theme_find(options->no_color ? "mono" : options->theme ? options->theme : "dark");
    if (!ui->theme)
        return mxs_why_set(why, MXS_ERR_USAGE, "theme: %.40s is none of dark, light, mono",
                           options->theme);
    ui_surface_init(&ui->surface, options->ascii);
    ui_keymap_init(&ui->keymap);
    enum mxs_err err = add_binds(ui, &options->binds, why);
    if (err == MXS_OK && options->script)
        err = ui_script_read(&ui->script, options->script, why);
    if (err == MXS_OK && options->lesson)
        err = ui_lesson_open(ui, why);
    if (err == MXS_OK)
        err = ui_model_start(&ui->model, ui->options, why);
    if (err != MXS_OK) {
        ui_script_fini(&ui->script);
        ui_keymap_fini(&ui->keymap);
        return err;
    }
    for (size_t i = 0; i < ui_views_n; i++)
        ui->views[i] = ui_view_new(ui_views[i], &ui->model, options->ascii, &options->mine);
    return MXS_OK;
}

void ui_close(struct ui *ui)
{
    struct ui_history *const histories[] = { &ui->searches, &ui->filters, &ui->commands, &ui->paths,
                                             &ui->edits };
    for (size_t i = 0; i < MXS_COUNT(histories); i++)
        ui_history_fini(histories[i]);
    for (size_t i = 0; i < ui_views_n; i++)
        ui_view_free(ui->views[i]);
    ui_popup_close(&ui->popup);
    ui_script_fini(&ui->script);
    ui_keymap_fini(&ui->keymap);
    ui_model_stop(&ui->model);
    ui_lesson_close(&ui->lesson);
    ui_surface_fini(&ui->surface);
}

void ui_say(struct ui *ui, enum ui_style style, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(ui->message, sizeof ui->message, fmt, args);
    va_end(args);
    ui->message_style = style;
    ui->dirty = true;
}

struct ui_view *ui_view_now(struct ui *ui)
{
    return ui->views[ui->view];
}

struct ui_list *ui_focus(struct ui *ui)
{
    return ui->popup.arena ? &ui->popup.list : ui_view_list(ui_view_now(ui));
}

void ui_show(struct ui *ui, size_t index, bool deeper)
{
    if (index == ui->view)
        return;
    if (!deeper)
        ui->n_back = 0;
    else if (ui->n_back < UI_BACK_MAX)
        ui->back[ui->n_back++] = ui->view;
    ui->view = index;
    ui->dirty = true;
}

bool ui_show_key(struct ui *ui, char key, bool deeper)
{
    for (size_t i = 0; i < ui_views_n; i++)
        if (ui_views[i]->key == key) {
            ui_show(ui, i, deeper);
            return true;
        }
    return false;
}

bool ui_show_name(struct ui *ui, const char *name)
{
    for (size_t i = 0; i < ui_views_n; i++)
        if (strcmp(ui_views[i]->name, name) == 0 || (name[0] == ui_views[i]->key && !name[1])) {
            ui_show(ui, i, false);
            return true;
        }
    return false;
}

bool ui_show_event(struct ui *ui, uint64_t seq)
{
    return ui_model_show(&ui->model, seq) && ui_show_key(ui, '1', true);
}

void ui_resize(struct ui *ui, int rows, int cols)
{
    ui_surface_resize(&ui->surface, rows, cols);
    ui->dirty = true;
}

static bool too_small(const struct ui *ui)
{
    return ui->surface.rows < LEAST_ROWS || ui->surface.cols < LEAST_COLS;
}

static void paint_too_small(struct ui *ui)
{
    struct ui_surface *s = &ui->surface;
    ui_put(s, (struct ui_rect){ s->rows / 2, 0, 1, s->cols }, 0, s->cols, UI_STYLE_STRONG,
           "Too small: 80x24 or more, please.");
}

void ui_paint(struct ui *ui)
{
    struct ui_surface *s = &ui->surface;
    ui_surface_clear(s);
    ui->dirty = false;
    ui->fresh = true;
    if (ui->options->anon && ui->seen != mxs_journal_count(ui->model.journal))
        mxs_anon_learn(ui->options->anon, ui->model.evidence);
    ui->seen = mxs_journal_count(ui->model.journal);
    if (too_small(ui)) {
        paint_too_small(ui);
        return;
    }
    struct ui_view *view = ui_view_now(ui);
    int card = ui_card_rows(ui), below = s->rows - TOP_ROWS - 1 - card;
    view->body = (struct ui_rect){ TOP_ROWS, 0, below, s->cols };
    view->ops->update(view, view->body);
    if (ui_lesson_point(ui))
        view->ops->update(view, view->body);
    ui_paint_top(ui);
    ui_card_paint(ui, (struct ui_rect){ TOP_ROWS + below, 0, card, s->cols });
    ui_view_paint(view, s, !ui->popup.arena);
    if (ui->popup.arena)
        ui_popup_paint(&ui->popup, s);
    ui_paint_bottom(ui);
}

static void prompt_key(struct ui *ui, int key)
{
    struct ui_prompt *prompt = &ui->prompt;
    enum ui_prompt_end end = ui_prompt_key(prompt, key);
    char text[UI_PROMPT_MAX];
    memcpy(text, prompt->text, prompt->n + 1); /* `done` may open the next prompt */
    ui_prompt_fn fn = end == UI_PROMPT_CHANGED ? prompt->change
                      : end == UI_PROMPT_DONE  ? prompt->done
                      : end == UI_PROMPT_CANCELLED ? prompt->cancel : NULL;
    if (fn)
        fn(ui, text);
}

const struct ui_binding *ui_binding_now(const struct ui *ui, int key)
{
    const struct ui_binding *b = ui->lesson.def && !ui->popup.arena
                                     ? ui_keymap_find_lesson(&ui->keymap, key) : NULL;
    const struct ui_action *action = b ? ui_action_find(b->action) : NULL;
    return action && !ui_needs_missing(ui, action->needs) ? b : ui_keymap_find(&ui->keymap, key);
}

void ui_key(struct ui *ui, int key)
{
    ui->dirty = true;
    if (ui->prompt.open) {
        prompt_key(ui, key);
        return;
    }
    ui->message[0] = 0;
    ui->lesson.point = false; /* the operator looks elsewhere now */
    const struct ui_binding *binding = ui_binding_now(ui, key);
    const struct ui_action *action = binding ? ui_action_find(binding->action) : NULL;
    char name[12];
    if (!action)
        ui_say(ui, UI_STYLE_DIM, "%s is not bound; ? lists the keys", ui_key_name(key, name));
    else if (!ui->popup.arena || action->needs & UI_ANYWHERE)
        ui_do(ui, action, binding->arg);
    else
        ui_say(ui, UI_STYLE_DIM, "q closes the box first");
}

static void click_list(struct ui *ui, struct ui_list *list, struct ui_rect r, int y)
{
    long p = ui_list_at(list, r, y);
    if (p < 0)
        return;
    if ((size_t)p == list->cursor)
        ui_act_enter(ui, "");
    else
        ui_list_move(list, p - (long)list->cursor);
}

static void click_pane(struct ui *ui, int y, int x, int wheel)
{
    struct ui_view *view = ui_view_now(ui);
    for (size_t i = 0; i < view->n_panes; i++) {
        struct ui_pane *pane = &view->panes[i];
        if (!ui_rect_has(pane->rect, y, x) || pane->passive)
            continue;
        bool was = view->focus == i;
        view->focus = i;
        if (wheel)
            ui_list_move(&pane->list, wheel * 3L);
        else if (was)
            click_list(ui, &pane->list, ui_pane_inside(pane), y);
        else {
            long p = ui_list_at(&pane->list, ui_pane_inside(pane), y);
            if (p >= 0)
                ui_list_move(&pane->list, p - (long)pane->list.cursor);
        }
    }
}

void ui_click(struct ui *ui, int y, int x, int wheel)
{
    struct ui_popup *popup = &ui->popup;
    ui->dirty = true;
    ui->lesson.point = false;
    int tab = y == 1 && !popup->arena ? ui_tab_at(ui, x) : -1;
    if (tab >= 0)
        ui_show(ui, (size_t)tab, false);
    else if (popup->arena && wheel)
        ui_list_move(&popup->list, wheel * 3L);
    else if (popup->arena && !ui_rect_has(popup->rect, y, x))
        ui_popup_close(popup);
    else if (popup->arena)
        click_list(ui, &popup->list,
                   (struct ui_rect){ popup->rect.y + 1, popup->rect.x, popup->rect.h - 2,
                                     popup->rect.w }, y);
    else
        click_pane(ui, y, x, wheel);
}

/* Filters of all panes go on in slices; true while one has more to do. */
static bool filter_work(struct ui *ui)
{
    bool more = false;
    for (size_t i = 0; i < ui_views_n; i++)
        for (size_t p = 0; p < ui->views[i]->n_panes; p++)
            more = ui_list_work(&ui->views[i]->panes[p].list) || more;
    return more;
}

/* What the view shown may do while nobody presses a key; true while it has more. */
static bool idle_work(struct ui *ui)
{
    struct ui_view *view = ui_view_now(ui);
    bool changed = false;
    bool more = view->ops->idle && view->ops->idle(view, &changed);
    ui->dirty = ui->dirty || (changed && !too_small(ui)); /* that one shows nothing of it */
    return more;
}

static bool wait_is_over(struct ui *ui, bool working)
{
    enum mxs_walk_state state = ui_model_status(&ui->model).state;
    bool done = ui_model_done(&ui->model), paused = state == MXS_WALK_PAUSED;
    bool judged = ui_model_judged(&ui->model) || paused;
    switch (ui->wait) {
    case UI_WAIT_DONE:
        return done && judged && !working;
    case UI_WAIT_PAUSED:
        return (done || paused) && !working;
    case UI_WAIT_IDLE:
        return (done || paused || state == MXS_WALK_WAITING) && judged && !working;
    case UI_WAIT_NOT:
        break;
    }
    return true;
}

/* What is waited for comes to an end: a matrix has so many cells, and a painting asks for the remedies of
 * one. A view that begins anew for ever, or is old again as soon as it is painted, ends the script. */
static bool waits_on(struct ui *ui)
{
    if (++ui->unrest < UNREST_MAX)
        return true;
    mxs_why_set(&ui->failed, MXS_ERR_LIMIT, "%.100s:%u: view %s does not come to rest",
                ui->options->script ? ui->options->script : "script",
                ui->script.next ? ui->script.items.v[ui->script.next - 1].line : 0,
                ui_view_now(ui)->ops->name);
    ui->wait = UI_WAIT_NOT;
    ui->quit = true;
    return false;
}

/* It began anew since the last turn. */
static bool began_anew(struct ui *ui)
{
    unsigned run = ui->model.whatif ? ui->model.whatif->run : 0;
    bool anew = run != ui->run_seen;
    ui->run_seen = run;
    return anew;
}

static bool script_work(struct ui *ui, bool working)
{
    if (ui->wait && began_anew(ui) && !waits_on(ui))
        return false;
    if (ui->lesson.running || !wait_is_over(ui, working))
        return false;
    if (ui->dirty)
        ui_paint(ui); /* the next key acts on what the one before led to */
    if (ui->wait && (idle_work(ui) || ui->dirty))
        return waits_on(ui); /* what was painted asked for more: the remedies of a cell */
    ui->wait = UI_WAIT_NOT;
    ui->unrest = 0;
    const struct ui_script_item *item = ui_script_next(&ui->script);
    if (item && item->command)
        ui_command(ui, item->command);
    else if (item && item->key)
        ui_key(ui, item->key);
    return item != NULL;
}

bool ui_work(struct ui *ui)
{
    if (ui_model_update(&ui->model) || ui->seen != mxs_journal_count(ui->model.journal))
        ui->dirty = true;
    bool filtering = filter_work(ui), walking = ui_lesson_work(ui);
    ui->dirty = ui->dirty || filtering;
    bool working = idle_work(ui) || filtering;
    return script_work(ui, working) || working || walking;
}
