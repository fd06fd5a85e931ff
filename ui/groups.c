#include "config.h"

#include "ui/groups.h"

#include "base/text.h"
#include "judge/profile.h"
#include "ui/line.h"
#include "ui/surface.h"

#include <string.h>

/* --- alike --- */

bool ui_then_cleartext(const struct mxs_verdict *verdict)
{
    for (size_t i = 0; i < verdict->then.n; i++)
        if (verdict->then.v[i].channel == MXS_CHANNEL_CLEARTEXT)
            return true;
    return false;
}

static bool is_rfc(const char *verifier)
{
    return strncmp(verifier, "rfc/", 4) == 0; /* an RFC needs no measuring */
}

/* 2 measured, 1 less than that, 0 nobody knows. */
static int sureness(const struct mxs_verdict *v)
{
    if (v->action == MXS_ACTION_UNKNOWN || v->grade == MXS_GRADE_UNKNOWN)
        return 0;
    return v->grade == MXS_GRADE_MEASURED || is_rfc(v->verifier) ? 2 : 1;
}

static bool verdicts_alike(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    int sure = sureness(a);
    if (sure != sureness(b) || a->role != b->role)
        return false;
    return sure == 0 || (a->action == b->action && a->channel == b->channel &&
                         a->verified == b->verified &&
                         ui_then_cleartext(a) == ui_then_cleartext(b));
}

bool ui_cells_alike(const struct mxs_matrix_cell *a, const struct mxs_matrix_cell *b)
{
    if (!a->judged || !b->judged)
        return a->judged == b->judged;
    return a->changed == b->changed && a->status == b->status &&
           verdicts_alike(a->before, b->before) && verdicts_alike(a->after, b->after);
}

static bool seats_alike(const struct mxs_matrix_row *const *rows, size_t n, size_t a, size_t b)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i]->cells && !ui_cells_alike(&rows[i]->cells[a], &rows[i]->cells[b]))
            return false;
    return true;
}

/* --- names --- */

/* Bytes of the path that all names of a group begin with: "postfix/smtp/". */
static size_t common_path(const struct mxs_panel *panel, const struct ui_group *g)
{
    const char *first = panel->seats.v[g->seats.v[0]].name;
    size_t path = 0;
    for (size_t i = 0; first[i]; i++) {
        for (size_t k = 1; k < g->seats.n; k++)
            if (panel->seats.v[g->seats.v[k]].name[i] != first[i])
                return path;
        path = first[i] == '/' ? i : path;
    }
    return path;
}

/* The library whose rules judge at this seat. */
static const char *library(const struct mxs_panel_seat *seat)
{
    static const struct {
        const char *prefix, *name;
    } rows[] = { { "openssl", "OpenSSL" }, { "gnutls", "GnuTLS" }, { "go", "Go" } };
    const char *rules = seat->profile ? mxs_profile_get(seat->profile, "rules") : NULL;
    for (size_t i = 0; rules && i < MXS_COUNT(rows); i++)
        if (strncmp(rules, rows[i].prefix, strlen(rows[i].prefix)) == 0)
            return rows[i].name;
    return NULL;
}

static const char *common_library(const struct mxs_panel *panel, const struct ui_group *g)
{
    const char *name = library(&panel->seats.v[g->seats.v[0]]);
    for (size_t i = 1; i < g->seats.n && name; i++) {
        const char *other = library(&panel->seats.v[g->seats.v[i]]);
        name = other && strcmp(name, other) == 0 ? name : NULL;
    }
    return name;
}

static const char *group_name(struct mxs_arena *arena, const struct mxs_panel *panel,
                              const struct ui_group *g, size_t shown)
{
    const char *first = panel->seats.v[g->seats.v[0]].name, *of = NULL;
    if (g->seats.n == 1)
        return first;
    if (g->seats.n == shown)
        return mxs_arena_printf(arena, "all, %zu", shown);
    size_t path = common_path(panel, g);
    if (path)
        return mxs_arena_printf(arena, "%.*s, %zu", (int)path, first, g->seats.n);
    of = common_library(panel, g);
    return of ? mxs_arena_printf(arena, "%s family, %zu", of, g->seats.n)
              : mxs_arena_printf(arena, "%s +%zu", first, g->seats.n - 1);
}

/* --- groups --- */

static bool asked(const bool *flags, size_t seat)
{
    return flags && flags[seat];
}

static struct ui_group *group_for(struct mxs_arena *arena, struct ui_groups *groups,
                                  const struct mxs_matrix_row *const *rows, size_t n, size_t seat,
                                  const bool *alone)
{
    for (size_t i = 0; i < groups->list.n && !asked(alone, seat); i++) {
        struct ui_group *g = &groups->list.v[i];
        if (!asked(alone, g->seats.v[0]) && seats_alike(rows, n, g->seats.v[0], seat))
            return g;
    }
    return mxs_list_add(arena, &groups->list);
}

static bool is_mine(const struct ui_group *g, const bool *mine)
{
    for (size_t i = 0; i < g->seats.n; i++)
        if (asked(mine, g->seats.v[i]))
            return true;
    return false;
}

void ui_groups_of(struct mxs_arena *arena, const struct mxs_panel *panel,
                  const struct mxs_matrix_row *const *rows, size_t n,
                  const struct ui_grouping *how, struct ui_groups *out)
{
    struct ui_groups all = { 0 };
    size_t shown = 0;
    for (size_t seat = 0; seat < panel->seats.n; seat++) {
        if (asked(how->hidden, seat))
            continue;
        struct ui_group *g = group_for(arena, &all, rows, n, seat, how->alone);
        *mxs_list_add(arena, &g->seats) = seat;
        shown++;
    }
    *out = (struct ui_groups){ 0 };
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < all.list.n; i++)
            if (is_mine(&all.list.v[i], how->mine) == (turn == 0))
                *mxs_list_add(arena, &out->list) = all.list.v[i];
    for (size_t i = 0; i < out->list.n; i++)
        out->list.v[i].name = group_name(arena, panel, &out->list.v[i], shown);
}

/* --- words --- */

enum { FORMS = UI_CELL_WHOLE + 1 };

/* Capitals are mail that does not go through, or goes in cleartext: read without colour. */
static const struct {
    enum mxs_action action;
    enum mxs_channel channel;
    int verified; /* -1: whatever it is */
    const char *words[FORMS];
    const char *means; /* NULL: as the row above */
} said[] = {
    { MXS_ACTION_DELIVER, MXS_CHANNEL_VERIFIED, -1, { "v", "ok", "verified" },
      "verified, and delivered or accepted" },
    { MXS_ACTION_DELIVER, MXS_CHANNEL_CLEARTEXT, -1, { "C", "CLEAR", "CLEARTEXT" },
      "delivered in cleartext: a loss" },
    { MXS_ACTION_DELIVER, MXS_CHANNEL_ENCRYPTED, -1, { "e", "enc", "encrypted" },
      "delivered encrypted, nobody authenticated" },
    { MXS_ACTION_DELIVER, MXS_CHANNEL_NONE, -1, { "d", "dlv", "delivers" }, NULL },
    { MXS_ACTION_DEFER, MXS_CHANNEL_NONE, -1, { "D", "DEFER", "DEFER" }, "the mail waits" },
    { MXS_ACTION_BOUNCE, MXS_CHANNEL_NONE, -1, { "B", "BOUNCE", "BOUNCE" },
      "the mail comes back" },
    { MXS_ACTION_ACCEPT, MXS_CHANNEL_NONE, 1, { "v", "ok", "verified" }, NULL },
    { MXS_ACTION_ACCEPT, MXS_CHANNEL_NONE, -1, { "a", "acc", "accepted" },
      "accepted, the client is not verified" },
    { MXS_ACTION_REJECT, MXS_CHANNEL_NONE, -1, { "R", "REJECT", "REJECT" },
      "a receiver refuses by a reply" },
    { MXS_ACTION_HANDSHAKE_FAILURE, MXS_CHANNEL_NONE, -1, { "F", "FAIL", "TLS FAIL" },
      "a receiver refuses in TLS" },
};
/* Refused, and then the mail goes in cleartext: that is what it comes to. */
static const char *const refused_clear[FORMS] = { "!", "CLEAR!", "REFUSED, CLEAR!" };

static void legend_row(struct ui_lines *lines, const char *const words[FORMS], const char *means)
{
    struct ui_line *line = ui_lines_add(lines);
    for (int i = 0; i < FORMS; i++)
        ui_line_at(line, i == 0 ? 0 : i == 1 ? 3 : 11, 0, UI_STYLE_FIELD, words[i]);
    ui_line_at(line, 28, 0, UI_STYLE_NORMAL, means);
}

void ui_cells_legend(struct ui_lines *lines)
{
    static const struct {
        const char *words[FORMS], *means;
    } marks[] = {
        { { "?", "", "" }, "nobody knows" },
        { { "~", "", "" }, "before a cell that was not measured" },
        { { "!", "", "" }, "at the left edge: a row gets critical" },
        { { "*", "", "" }, "at the left edge: a row changes" },
    };
    ui_lines_heading(lines, "What cells say, narrow and wide; two words: before and after");
    for (size_t i = 0; i < MXS_COUNT(said); i++)
        if (said[i].means)
            legend_row(lines, said[i].words, said[i].means);
    legend_row(lines, refused_clear, "refused, and some sender then uses cleartext");
    for (size_t i = 0; i < MXS_COUNT(marks); i++)
        legend_row(lines, marks[i].words, marks[i].means);
    ui_lines_blank(lines);
}

static const char *verdict_word(const struct mxs_verdict *v, int form)
{
    if (sureness(v) == 0)
        return "?";
    if (ui_then_cleartext(v))
        return refused_clear[form];
    bool refuses = v->action == MXS_ACTION_DEFER || v->action == MXS_ACTION_BOUNCE;
    for (size_t i = 0; i < MXS_COUNT(said); i++)
        if (said[i].action == v->action && (refuses || said[i].channel == v->channel ||
                                            v->role == MXS_ROLE_RECEIVER) &&
            (said[i].verified < 0 || said[i].verified == v->verified))
            return said[i].words[form];
    return "?";
}

static enum ui_style cell_style(const struct mxs_matrix_cell *cell)
{
    bool clear = cell->after->channel == MXS_CHANNEL_CLEARTEXT || ui_then_cleartext(cell->after);
    if (sureness(cell->after) == 0)
        return UI_STYLE_DIM;
    if (cell->changed && cell->status == MXS_STATUS_CRITICAL)
        return UI_STYLE_BAD;
    if (clear || (cell->changed && cell->status == MXS_STATUS_WARNING))
        return UI_STYLE_WARN; /* cleartext is a loss even where it is nothing new */
    bool good = cell->after->action == MXS_ACTION_DELIVER || cell->after->action == MXS_ACTION_ACCEPT;
    return !cell->changed ? UI_STYLE_DIM : good ? UI_STYLE_OK : UI_STYLE_NORMAL;
}

static void say(const struct mxs_matrix_cell *cell, int form, bool ascii,
                struct ui_cell_words *out)
{
    *out = (struct ui_cell_words){ "", "", "", "", UI_STYLE_DIM, 0 };
    if (!cell->judged) {
        out->after = ui_glyph(ascii, UI_GLYPH_DOT);
    } else {
        int sure = sureness(cell->after), was = sureness(cell->before);
        out->mark = sure == 1 || (cell->changed && was == 1) ? "~" : "";
        if (cell->changed) {
            out->before = verdict_word(cell->before, form);
            out->arrow = ui_glyph(ascii, UI_GLYPH_ARROW);
        }
        out->after = verdict_word(cell->after, form);
        out->style = cell_style(cell);
    }
    out->width = (int)(strlen(out->mark) + strlen(out->before) + (*out->arrow != 0)) +
                 ui_text_width(out->after, ascii);
}

void ui_cell_words(const struct mxs_matrix_cell *cell, enum ui_cell_form most, int w, bool ascii,
                   struct ui_cell_words *out)
{
    for (int form = (int)most; form >= 0; form--) {
        say(cell, form, ascii, out);
        if (out->width <= w)
            return;
    }
}

int ui_cell_width(const struct mxs_matrix_cell *cell, enum ui_cell_form form)
{
    struct ui_cell_words words;
    say(cell, (int)form, true, &words);
    return words.width;
}
