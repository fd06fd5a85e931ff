/* The status line and the tabs above, the keys that work now (or a message, or the prompt) below. */
#include "config.h"

#include "ui/actions.h"
#include "ui/workbench.h"

#include <stdio.h>
#include <string.h>

static struct ui_rect row(const struct ui *ui, int y)
{
    return (struct ui_rect){ y, 0, 1, ui->surface.cols };
}

static enum ui_style state_text(const struct ui *ui, char *out, size_t size)
{
    struct mxs_walk_status status = ui_model_status(&ui->model);
    const char *why = status.waiting_for ? status.waiting_for : "the peer";
    if (!ui_model_live(&ui->model)) {
        snprintf(out, size, "recorded");
        return UI_STYLE_BAR;
    }
    switch (status.state) {
    case MXS_WALK_PAUSED:
        snprintf(out, size, status.peer_closed ? "peer closed while paused" : "paused");
        return status.peer_closed ? UI_STYLE_BAR_BAD : UI_STYLE_BAR_WARN;
    case MXS_WALK_WAITING:
        if (status.limit_us)
            snprintf(out, size, "waiting for %s %d s of %d", why,
                     (int)(status.waited_us / 1000000), (int)(status.limit_us / 1000000));
        else
            snprintf(out, size, "waiting for %s %d s", why, (int)(status.waited_us / 1000000));
        return UI_STYLE_BAR_WARN;
    case MXS_WALK_DONE:
        snprintf(out, size, "done");
        return UI_STYLE_BAR_OK;
    case MXS_WALK_NEW:
    case MXS_WALK_RUNNING:
        break;
    }
    snprintf(out, size, "running");
    return UI_STYLE_BAR_OK;
}

/* "9/22 starttls": the current stage, or where the session looked at ended. */
static void stage_text(const struct ui *ui, char *out, size_t size)
{
    struct mxs_walk_status status = ui_model_status(&ui->model);
    const struct mxs_session_facts *session = ui_model_session(&ui->model, NULL);
    enum mxs_stage stage = status.stage;
    if (session && (ui_model_done(&ui->model) || status.session != session->id))
        stage = session->reached;
    *out = 0;
    if (stage < MXS_STAGE_NONE)
        snprintf(out, size, "%d/%d %s", (int)stage + 1, (int)MXS_STAGE_COUNT,
                 mxs_stage_name(stage));
}

static void where_text(const struct ui *ui, char *out, size_t size, bool full)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_session_facts *s = ui_model_session(&ui->model, &host);
    bool v6 = s && s->address && strchr(s->address, ':');
    if (!s)
        *out = 0;
    else if (!full)
        snprintf(out, size, "%s  %s", host->host, mxs_offer_name(s->offer));
    else
        snprintf(out, size, "%s  %s%s%s:%u  %s", host->host, v6 ? "[" : "",
                 s->address ? s->address : "?", v6 ? "]" : "", s->port, mxs_offer_name(s->offer));
}

static void paint_status(struct ui *ui)
{
    struct ui_surface *s = &ui->surface;
    const struct mxs_session_facts *session = ui_model_session(&ui->model, NULL);
    char state[96], stage[64], where[256];
    enum ui_style style = state_text(ui, state, sizeof state);
    const char *version =
        session && session->tls.version ? mxs_tls_version_name(session->tls.version) : NULL;
    stage_text(ui, stage, sizeof stage);
    ui_fill(s, row(ui, 0), UI_STYLE_BAR);
    const char *target = ui->model.evidence->target;
    target = target ? target : ui->options->target ? ui->options->target : "mxscope";
    int right = ui_text_width(state, s->ascii) + 1;
    right += *stage ? ui_text_width(stage, s->ascii) + 2 : 0;
    right += version ? (int)strlen(version) + 2 : 0;
    int left = s->cols - right - 2, x = 1;
    x += ui_put(s, row(ui, 0), x, left / 2, UI_STYLE_BAR_STRONG, target) + 2;
    where_text(ui, where, sizeof where, true);
    if (x + ui_text_width(where, s->ascii) > left)
        where_text(ui, where, sizeof where, false);
    ui_put(s, row(ui, 0), x, left - x, UI_STYLE_BAR, where);
    x = s->cols - right;
    x += *stage ? ui_put(s, row(ui, 0), x, s->cols, UI_STYLE_BAR, stage) + 2 : 0;
    x += ui_put(s, row(ui, 0), x, s->cols, style, state) + 2;
    ui_put(s, row(ui, 0), x, s->cols, UI_STYLE_BAR, version ? version : "");
}

/* Titles shrink to their brief form, and share the blank between them, when the line is short. */
static int tab_width(size_t i, bool brief, bool on)
{
    const char *title = brief && !on ? ui_views[i]->brief : ui_views[i]->title;
    return ui_text_width(title, false) + (brief ? 3 : 4);
}

static bool tabs_brief(const struct ui *ui)
{
    int w = 0;
    for (size_t i = 0; i < ui_views_n; i++)
        w += tab_width(i, false, false);
    return w > ui->surface.cols;
}

int ui_tab_at(struct ui *ui, int x)
{
    bool brief = tabs_brief(ui);
    for (size_t i = 0; i < ui_views_n; i++) {
        x -= tab_width(i, brief, i == ui->view);
        if (x < 0)
            return (int)i;
    }
    return -1;
}

static void paint_tabs(struct ui *ui)
{
    bool brief = tabs_brief(ui);
    int x = 0, on_x = 0;
    char text[64];
    for (size_t i = 0; i < ui_views_n; i++) {
        bool on = i == ui->view;
        snprintf(text, sizeof text, " %c %s", ui_views[i]->key,
                 brief && !on ? ui_views[i]->brief : ui_views[i]->title);
        ui_put(&ui->surface, row(ui, 1), x, 64, UI_STYLE_TAB, text);
        on_x = on ? x : on_x;
        x += tab_width(i, brief, on);
    }
    snprintf(text, sizeof text, " %c %s ", ui_views[ui->view]->key, ui_views[ui->view]->title);
    ui_put(&ui->surface, row(ui, 1), on_x, 64, UI_STYLE_TAB_ON, text);
}

void ui_paint_top(struct ui *ui)
{
    paint_status(ui);
    paint_tabs(ui);
}

/* Key and word of what works now, in the order of the action table, as many as fit; help at the end. */
static void paint_hints(struct ui *ui)
{
    struct ui_surface *s = &ui->surface;
    int y = s->rows - 1, x = 1, end = s->cols - 8;
    char key[12];
    ui_fill(s, row(ui, y), UI_STYLE_KEY_TEXT);
    if (ui->popup.arena && ui_keymap_key(&ui->keymap, "back", key)) {
        x += ui_put(s, row(ui, y), x, 12, UI_STYLE_KEY, key) + 1;
        x += ui_put(s, row(ui, y), x, 12, UI_STYLE_KEY_TEXT, "Close") + 2;
    }
    for (const struct ui_action *a = ui_actions; a->name; a++) {
        const char *name = a->hint ? ui_keymap_key(&ui->keymap, a->name, key) : NULL;
        const struct ui_binding *now = name ? ui_binding_now(ui, ui_key_parse(name)) : NULL;
        if (now && strcmp(now->action, a->name) != 0)
            continue; /* the lesson takes that key just now */
        bool help = strcmp(a->name, "help") == 0;
        bool opens = strcmp(a->name, "enter") == 0 && ui->popup.arena && !ui->popup.pick;
        if (!name || opens || (ui->popup.arena && !(a->needs & UI_ANYWHERE)) ||
            ui_needs_missing(ui, a->needs))
            continue;
        int w = ui_text_width(name, s->ascii) + 1 + ui_text_width(a->hint, s->ascii);
        if (help)
            x = x > s->cols - w - 1 ? s->cols - w - 1 : x;
        else if (x + w > end)
            continue;
        x += ui_put(s, row(ui, y), x, w, UI_STYLE_KEY, name) + 1;
        x += ui_put(s, row(ui, y), x, w, UI_STYLE_KEY_TEXT, a->hint) + 2;
    }
}

void ui_paint_bottom(struct ui *ui)
{
    struct ui_surface *s = &ui->surface;
    struct ui_rect r = row(ui, s->rows - 1);
    if (ui->prompt.open) {
        ui_prompt_paint(&ui->prompt, s, r);
    } else if (ui->message[0]) {
        ui_fill(s, r, UI_STYLE_NORMAL);
        ui_put(s, r, 1, r.w - 2, ui->message_style, ui->message);
    } else {
        paint_hints(ui);
    }
}
