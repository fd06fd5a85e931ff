#include "config.h"

#include "ui/rows_event.h"

#include <stdio.h>
#include <string.h>

char *ui_duration(struct mxs_arena *arena, int64_t us)
{
    if (us < 0)
        us = 0;
    if (us < 1000)
        return mxs_arena_printf(arena, "%d us", (int)us);
    if (us < 10000)
        return mxs_arena_printf(arena, "%d.%d ms", (int)(us / 1000), (int)(us % 1000 / 100));
    if (us < 1000000)
        return mxs_arena_printf(arena, "%d ms", (int)(us / 1000));
    if (us < 60000000)
        return mxs_arena_printf(arena, "%d.%02d s", (int)(us / 1000000),
                                (int)(us % 1000000 / 10000));
    return mxs_arena_printf(arena, "%d min %d s", (int)(us / 60000000),
                            (int)(us / 1000000 % 60));
}

static enum mxs_stage_status status_of(const struct mxs_event *event)
{
    const char *status = mxs_event_attr(event, "status");
    return status ? mxs_stage_status_parse(status) : MXS_STAGE_NOT_REACHED;
}

/* What each kind is to the ladder: never, always, or a stage only when it did not simply pass. */
bool ui_event_on_ladder(const struct mxs_event *event)
{
    enum mxs_stage_status status;
    switch (event->kind) {
    case MXS_EVENT_RECORD:
    case MXS_EVENT_KEYLOG:
    case MXS_EVENT_HOST:
    case MXS_EVENT_ADDRESS:
    case MXS_EVENT_MX:
    case MXS_EVENT_POLICY_CERTIFICATE:
    case MXS_EVENT_WAIT:
    case MXS_EVENT_WALK:
        return false;
    case MXS_EVENT_STAGE:
        status = status_of(event);
        return status == MXS_STAGE_WARNING || status == MXS_STAGE_FAILED;
    default:
        return true;
    }
}

bool ui_event_secure(const struct mxs_event *event)
{
    const char *epoch = mxs_event_attr(event, "epoch");
    if (event->kind == MXS_EVENT_SMTP)
        return mxs_event_attr_int(event, "tls", 0) != 0;
    if (event->kind == MXS_EVENT_ALERT)
        return mxs_event_attr_int(event, "after-finished", 0) != 0;
    return epoch && strcmp(epoch, "clear") != 0;
}

static enum ui_style bad_when(const struct mxs_event *event, const char *attr, enum ui_style style)
{
    return mxs_event_attr(event, attr) ? UI_STYLE_BAD : style;
}

static enum ui_style dns_style(const struct mxs_event *event)
{
    const char *name = mxs_event_attr(event, "security");
    enum mxs_security security = name ? mxs_security_parse(name) : MXS_SECURITY_NONE;
    return security == MXS_SECURITY_BOGUS || security == MXS_SECURITY_ERROR ? UI_STYLE_BAD
                                                                            : UI_STYLE_IN;
}

static enum ui_style stage_style(const struct mxs_event *event)
{
    switch (status_of(event)) {
    case MXS_STAGE_FAILED:
        return UI_STYLE_BAD;
    case MXS_STAGE_WARNING:
        return UI_STYLE_WARN;
    case MXS_STAGE_OK:
        return UI_STYLE_OK;
    default:
        return UI_STYLE_DIM;
    }
}

static enum ui_style verdict_style(const struct mxs_event *event)
{
    const char *verdict = mxs_event_attr(event, "verdict");
    if (verdict && strcmp(verdict, "refused") == 0)
        return UI_STYLE_BAD;
    return verdict && strcmp(verdict, "accepted") == 0 ? UI_STYLE_OK : UI_STYLE_DIM;
}

enum ui_style ui_event_style(const struct mxs_event *event)
{
    long code = mxs_event_attr_int(event, "code", 0);
    switch (event->kind) {
    case MXS_EVENT_DNS:
        return dns_style(event);
    case MXS_EVENT_STAGE:
        return stage_style(event);
    case MXS_EVENT_ERROR:
        return UI_STYLE_BAD;
    case MXS_EVENT_GLUED:
    case MXS_EVENT_EDIT:
        return UI_STYLE_WARN;
    case MXS_EVENT_ALERT:
        return code == 0 ? UI_STYLE_DIM : UI_STYLE_BAD; /* close_notify is an ending, no error */
    case MXS_EVENT_SMTP:
        if (code >= 400)
            return UI_STYLE_BAD;
        break;
    case MXS_EVENT_CLIENT_VERDICT:
        return verdict_style(event);
    case MXS_EVENT_CONNECT:
    case MXS_EVENT_POLICY:
    case MXS_EVENT_PROBE_END:
    case MXS_EVENT_WALK_END:
        return bad_when(event, "error", UI_STYLE_NORMAL);
    case MXS_EVENT_PROBE:
        return UI_STYLE_HEADING;
    default:
        break;
    }
    return event->dir == MXS_DIR_OUT  ? UI_STYLE_OUT
           : event->dir == MXS_DIR_IN ? UI_STYLE_IN
                                      : UI_STYLE_NORMAL;
}

enum { TIME_W = 8, LANE_X = TIME_W + 1, STAGE_W = 20, STAGE_FROM = 90 };

static void add_text(struct ui_line *line, int x, int w, enum ui_style style, const char *text)
{
    if (w > 0)
        ui_line_at(line, x, w, style, text);
}

static const char *run(struct mxs_arena *arena, int n, const char *glyph)
{
    size_t size = strlen(glyph);
    char *text = mxs_arena_alloc(arena, (size_t)(n > 0 ? n : 0) * size + 1), *p = text;
    for (int i = 0; i < n; i++, p += size)
        memcpy(p, glyph, size);
    return text;
}

/* The arrow between the lanes: text near the client, the shaft behind it, the head where it goes. */
static void arrow(const struct mxs_event *event, struct ui_line *line, int x, int w, bool ascii)
{
    enum ui_style style = ui_event_style(event), shaft = UI_STYLE_RULE;
    const char *dash = ui_glyph(ascii, UI_GLYPH_HLINE);
    int text_w = ui_text_width(event->summary, ascii);
    int left = w - 2 - text_w - 1; /* what remains for the shaft */
    bool out = event->dir == MXS_DIR_OUT;
    enum ui_style head = out ? UI_STYLE_OUT : UI_STYLE_IN;
    ui_line_at(line, x, 1, out ? shaft : head, out ? dash : ui_glyph(ascii, UI_GLYPH_HEAD_LEFT));
    add_text(line, x + 2, w - 2 - (left > 0 ? 0 : out ? 2 : 0), style, event->summary);
    if (left > 0)
        ui_line_at(line, x + 2 + text_w + 1, left, shaft, run(line->arena, left, dash));
    if (out)
        ui_line_at(line, x + w - 1, 1, head, ui_glyph(ascii, UI_GLYPH_HEAD_RIGHT));
}

void ui_event_ladder(const struct mxs_event *event, const struct mxs_event *before, int width,
                     bool ascii, struct ui_line *line)
{
    int lane = LANE_X + (width >= STAGE_FROM ? STAGE_W + 1 : 0), w = width - lane - 2;
    enum ui_glyph post = ui_event_secure(event) ? UI_GLYPH_SECURE : UI_GLYPH_VLINE;
    const char *bar = ui_glyph(ascii, post);
    if (before && before->seq != event->seq) /* further lines of a reply came with its first */
        ui_line_right(line, 0, TIME_W, UI_STYLE_DIM,
                      mxs_arena_printf(line->arena, "+%s",
                                       ui_duration(line->arena, event->t - before->t)));
    if (lane > LANE_X && event->stage < MXS_STAGE_NONE)
        ui_line_at(line, LANE_X, STAGE_W, UI_STYLE_DIM, mxs_stage_name(event->stage));
    ui_line_at(line, lane, 1, UI_STYLE_OUT, bar);
    if (event->dir != MXS_DIR_NONE && event->kind != MXS_EVENT_CLIENT_CERT) /* that is a choice */
        arrow(event, line, lane + 1, w, ascii);
    else
        add_text(line, lane + 3, w - 2, ui_event_style(event), event->summary);
    ui_line_at(line, width - 1, 1, UI_STYLE_IN, bar);
    line->tag = event->seq;
    line->copy = event->summary;
}

/* --- the log --- */

static const struct {
    int w;
    bool right;
} log_columns[] = { /* event, time, session, stage, kind, direction; the rest is the text */
    { 6, true }, { 10, true }, { 3, true }, { 20, false }, { 14, false }, { 3, false },
};

static void log_cells(const char *const *cells, const enum ui_style *styles, int width,
                      struct ui_line *line)
{
    int x = 0;
    for (size_t i = 0; i < MXS_COUNT(log_columns); i++) {
        int w = log_columns[i].w;
        if (width < 100 && i == 3)
            continue; /* the stage column is the first to go */
        if (log_columns[i].right)
            ui_line_right(line, x, w, styles[i], cells[i]);
        else
            ui_line_at(line, x, w, styles[i], cells[i]);
        x += w + 1;
    }
    ui_line_at(line, x, 0, styles[MXS_COUNT(log_columns)], cells[MXS_COUNT(log_columns)]);
}

void ui_event_log_heading(int width, struct ui_line *line)
{
    static const char *const titles[] = { "event", "time", "ses", "stage", "kind", "", "what" };
    static const enum ui_style styles[] = { UI_STYLE_DIM, UI_STYLE_DIM, UI_STYLE_DIM, UI_STYLE_DIM,
                                            UI_STYLE_DIM, UI_STYLE_DIM, UI_STYLE_DIM };
    log_cells(titles, styles, width, line);
}

void ui_event_log(const struct mxs_event *event, int width, struct ui_line *line)
{
    struct mxs_arena *arena = line->arena;
    const char *kind = mxs_event_kind_name(event->kind), *stage = mxs_stage_name(event->stage);
    const char *cells[] = {
        mxs_arena_printf(arena, "%llu", (unsigned long long)event->seq),
        mxs_arena_printf(arena, "%d.%06d", (int)(event->t / 1000000), (int)(event->t % 1000000)),
        event->session ? mxs_arena_printf(arena, "%u", (unsigned)event->session) : "",
        stage ? stage : "",
        kind,
        event->dir == MXS_DIR_OUT ? "out" : event->dir == MXS_DIR_IN ? "in" : "",
        event->summary,
    };
    enum ui_style dir = event->dir == MXS_DIR_OUT ? UI_STYLE_OUT : UI_STYLE_IN;
    const enum ui_style styles[] = { UI_STYLE_DIM, UI_STYLE_DIM, UI_STYLE_DIM, UI_STYLE_DIM,
                                     UI_STYLE_FIELD, dir, ui_event_style(event) };
    log_cells(cells, styles, width, line);
    line->tag = event->seq;
    line->copy = event->summary;
}

bool ui_event_match(const struct mxs_event *event, const char *needle)
{
    const char *stage = mxs_stage_name(event->stage);
    return ui_text_has(event->summary, needle) ||
           ui_text_has(mxs_event_kind_name(event->kind), needle) ||
           (stage && ui_text_has(stage, needle));
}
