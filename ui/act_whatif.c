/* Changes of one's own: made one after the other, taken back, written as a scenario file. */
#include "config.h"

#include "ui/actions.h"
#include "ui/view_whatif.h"
#include "ui/workbench.h"

#include "base/file.h"
#include "whatif/change.h"

#include <stdio.h>
#include <string.h>

static struct ui_view *whatif_view(struct ui *ui)
{
    for (size_t i = 0; i < ui_views_n; i++)
        if (ui->views[i]->ops == &ui_view_whatif)
            return ui->views[i];
    return NULL;
}

void ui_act_whatif(struct ui *ui, const char *arg)
{
    struct ui_whatif *w = ui->model.whatif;
    struct mxs_why why = { MXS_OK, "" };
    const char *id = NULL;
    ui_show_key(ui, '5', true);
    if (!*arg)
        return;
    if (!ui_whatif_read_all(w))
        ui_say(ui, UI_STYLE_ERROR, "%s", w->why.text);
    else if (ui_whatif_ask(w, arg, &id, &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
    else
        ui_view_whatif_select(whatif_view(ui), id);
}

void ui_act_history(struct ui *ui, const char *arg)
{
    struct ui_whatif *w = ui->model.whatif;
    bool on = *arg ? strcmp(arg, "on") == 0 : !w->history;
    ui_whatif_set_history(w, on);
    ui_say(ui, UI_STYLE_NORMAL, on ? "the rollovers of the past too" : "only what may still come");
}

/* --- own changes --- */

static void ask_words(struct ui *ui, const char *text);

static void list_own(struct ui *ui)
{
    const struct mxs_changes *own = &ui->model.whatif->own.changes;
    struct ui_lines *lines = &ui->popup.lines;
    if (!own->list.n)
        return;
    ui_lines_heading(lines, "Yours so far");
    for (size_t i = 0; i < own->list.n; i++) {
        struct ui_line *line = ui_lines_add(lines);
        line->heading = true;
        ui_line_addf(line, UI_STYLE_NORMAL, "%zu. %s", i + 1, own->list.v[i].text);
    }
    ui_lines_blank(lines);
}

static void made(struct ui *ui, const char *text)
{
    struct mxs_why why = { MXS_OK, "" };
    char again[UI_PROMPT_MAX];
    if (!*text) {
        ui_popup_close(&ui->popup);
        return;
    }
    if (ui_whatif_change(ui->model.whatif, text, &why) == MXS_OK) {
        ui_popup_close(&ui->popup);
        ui_view_whatif_select(whatif_view(ui), ui->model.whatif->own.id);
        ui_say(ui, UI_STYLE_NORMAL, "%s: u takes it back, :write scenario FILE keeps it", text);
        return;
    }
    if (!ui->popup.arena) { /* a command, or a script */
        ui_say(ui, UI_STYLE_ERROR, "change: %s", why.text);
        return;
    }
    snprintf(again, sizeof again, "%s", text);
    ui_lines_wrap(&ui->popup.lines, ui_popup_width(&ui->surface), 0, 2, UI_STYLE_ERROR,
                  mxs_arena_strdup(ui->popup.arena, why.text));
    ui_list_last(&ui->popup.list);
    ask_words(ui, again); /* what was typed is not lost */
}

static void not_made(struct ui *ui, const char *text)
{
    (void)text;
    ui_popup_close(&ui->popup);
}

static void ask_words(struct ui *ui, const char *text)
{
    ui_prompt_open(&ui->prompt, "change: ", text, &ui->edits, made);
    ui->prompt.cancel = not_made;
}

static void usage(struct ui_lines *lines, int width, const struct mxs_change_kind *kind)
{
    ui_lines_wrap(lines, width, 0, 2, UI_STYLE_STRONG,
                  mxs_arena_printf(lines->arena, "%s %s", kind->verb, kind->usage));
    ui_lines_wrap(lines, width, 2, 0, UI_STYLE_NORMAL, kind->about);
}

static void copy_scenario(struct ui *ui)
{
    const struct ui_grid_entry *e = ui_view_whatif_selected(whatif_view(ui));
    const struct mxs_changes *from = e ? &e->row->scenario->changes : NULL;
    char id[96];
    size_t n = 0;
    if (!from || from == &ui->model.whatif->own.changes)
        return;
    snprintf(id, sizeof id, "%s", e->row->scenario->id);
    for (size_t i = 0; i < from->list.n; i++)
        n += ui_whatif_change(ui->model.whatif, from->list.v[i].text, NULL) == MXS_OK;
    ui_view_whatif_select(whatif_view(ui), ui->model.whatif->own.id);
    ui_say(ui, UI_STYLE_NORMAL, "%zu change%s of %s %s yours now", n, n == 1 ? "" : "s", id,
           n == 1 ? "is" : "are");
}

/* Tag 1 copies the scenario of the row, the verbs follow. */
static void kind_picked(struct ui *ui, uint64_t tag)
{
    size_t n = 0;
    const struct mxs_change_kind *kinds = mxs_change_kinds(&n);
    char text[64];
    if (tag == 1) {
        ui_popup_close(&ui->popup);
        copy_scenario(ui);
        return;
    }
    const struct mxs_change_kind *kind = &kinds[tag - 2];
    ui_popup_open(&ui->popup, "A change of your own");
    list_own(ui);
    usage(&ui->popup.lines, ui_popup_width(&ui->surface), kind);
    snprintf(text, sizeof text, "%s ", kind->verb);
    ask_words(ui, text);
}

static void offer_copy(struct ui *ui)
{
    const struct ui_grid_entry *e = ui_view_whatif_selected(whatif_view(ui));
    if (!e || !e->row->scenario->changes.list.n || e->row->scenario == &ui->model.whatif->own)
        return;
    struct ui_line *line = ui_lines_add(&ui->popup.lines);
    line->tag = 1;
    ui_line_add(line, UI_STYLE_STRONG,
                mxs_arena_printf(ui->popup.arena, "Begin with the changes of %s",
                                 e->row->scenario->id));
}

void ui_act_change(struct ui *ui, const char *arg)
{
    size_t n = 0;
    const struct mxs_change_kind *kinds = mxs_change_kinds(&n);
    if (!ui_whatif_read_all(ui->model.whatif)) {
        ui_say(ui, UI_STYLE_ERROR, "%s", ui->model.whatif->why.text);
        return;
    }
    if (*arg) {
        made(ui, arg);
        return;
    }
    ui_popup_open(&ui->popup, "A change of your own (Enter picks, q closes)");
    ui->popup.pick = kind_picked;
    list_own(ui);
    offer_copy(ui);
    int x = 14, width = ui_popup_width(&ui->surface);
    for (size_t i = 0; i < n; i++) {
        struct ui_line *line = ui_lines_add(&ui->popup.lines);
        line->tag = i + 2;
        ui_line_at(line, 0, x - 1, UI_STYLE_FIELD, kinds[i].verb);
        ui_line_at(line, x, width - x, UI_STYLE_NORMAL, kinds[i].about);
    }
    ui_list_first(&ui->popup.list);
}

void ui_act_undo(struct ui *ui, const char *arg)
{
    const char *text = ui_whatif_undo(ui->model.whatif);
    (void)arg;
    if (text)
        ui_say(ui, UI_STYLE_NORMAL, "taken back: %s", text);
}

/* --- writing --- */

enum mxs_err ui_write_scenario(struct ui *ui, const char *path, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    const char *text = ui_whatif_own_text(ui->model.whatif, arena, path);
    enum mxs_err err =
        text ? mxs_file_write(path, mxs_bytes_str(text), 0666, why)
             : mxs_why_set(why, MXS_ERR_NOT_FOUND, "there is no change of yours (+ makes one in "
                                                   "What-if)");
    mxs_arena_free(arena);
    return err;
}

enum mxs_err ui_write_future(struct ui *ui, const char *path, struct mxs_why *why)
{
    const struct ui_grid_entry *e = ui_view_whatif_selected(whatif_view(ui));
    if (ui->options->anon)
        return mxs_why_set(why, MXS_ERR_USAGE, "its certificates keep the true names: not with "
                           "--anonymise");
    if (!e)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "no scenario is selected in What-if (5)");
    return ui_whatif_export(ui->model.whatif, e->row->scenario, path, why);
}
