#include "config.h"

#include "ui/rows_plan.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { NAME_W = 9, STAMP_W = 12 };

struct scale {
    int64_t from, until;
    int width; /* of the bars */
    bool ascii;
};

static struct scale scale_of(const struct mxs_plan *plan, int width, bool ascii)
{
    struct scale s = { INT64_MAX, INT64_MIN, width - NAME_W, ascii };
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct mxs_plan_step *step = &plan->steps.v[i];
        s.from = step->at < s.from ? step->at : s.from;
        s.until = step->until > s.until ? step->until : s.until;
    }
    s.from = plan->input->now < s.from ? plan->input->now : s.from;
    /* what was before the first step deserves some columns too */
    s.from -= (s.until - s.from) / 12 + 1;
    s.width = s.width < 10 ? 10 : s.width;
    return s;
}

/* The instant that a column stands for: its middle. */
static int64_t instant(const struct scale *s, int x)
{
    return s->from + (s->until - s->from) * (2 * (int64_t)x + 1) / (2 * s->width);
}

static int column(const struct scale *s, int64_t at)
{
    int64_t x = (at - s->from) * s->width / (s->until > s->from ? s->until - s->from : 1);
    return x < 0 ? 0 : x >= s->width ? s->width - 1 : (int)x;
}

const char *ui_plan_span(struct mxs_arena *arena, int64_t seconds)
{
    static const struct { int64_t unit; const char *name; } units[] = {
        { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" },
    };
    int64_t size = seconds < 0 ? -seconds : seconds;
    for (size_t i = 0; i < MXS_COUNT(units); i++)
        if (size >= units[i].unit && size % units[i].unit == 0)
            return mxs_arena_printf(arena, "%lld %s", (long long)(seconds / units[i].unit),
                                    units[i].name);
    return "0 s";
}

/* "12-01 03:00:00" in 12 columns: the seconds only where the plan is that short */
static const char *stamp(struct mxs_arena *arena, int64_t at)
{
    char *text = mxs_time_text(arena, at);
    if (strlen(text) < 16)
        return text;
    text[10] = ' ';
    text[16] = 0;
    return text + 5;
}

/* --- what holds at an instant ---------------------------------------------------------------------- */

/* The step whose records the zone has; -1: those of before. */
static int published(const struct mxs_plan *plan, int64_t at)
{
    int found = -1;
    int64_t since = INT64_MIN;
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].sets && plan->steps.v[i].at <= at && plan->steps.v[i].at >= since) {
            found = (int)i;
            since = plan->steps.v[i].at;
        }
    return found;
}

static const char *records_words(struct mxs_arena *arena, const struct mxs_plan *plan, int64_t at)
{
    int i = published(plan, at);
    if (i < 0)
        return "today";
    enum mxs_plan_step_kind kind = plan->steps.v[i].kind;
    (void)arena;
    return kind == MXS_STEP_REMOVE ? "next" : kind == MXS_STEP_RETIRE ? "fewer" : "both";
}

static const char *caches_words(struct mxs_arena *arena, const struct mxs_plan *plan, int64_t at)
{
    const char *old = records_words(arena, plan, at - plan->reach);
    const char *now = records_words(arena, plan, at);
    return strcmp(old, now) == 0 ? now : mxs_arena_printf(arena, "%s or %s", old, now);
}

static const char *chain_words(struct mxs_arena *arena, const struct mxs_plan *plan, int64_t at)
{
    (void)arena;
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct mxs_plan_step *s = &plan->steps.v[i];
        if (s->kind == MXS_STEP_DEPLOY)
            return at < s->at ? "current" : at <= s->until + plan->linger ? "either" : "next";
    }
    return "current";
}

/* --- bars ------------------------------------------------------------------------------------------ */

typedef const char *words_at(struct mxs_arena *arena, const struct mxs_plan *plan, int64_t at);

static struct ui_line *bar_line(struct ui_lines *lines, const char *name)
{
    struct ui_line *line = ui_lines_add(lines);
    line->heading = true;
    ui_line_at(line, 0, NAME_W - 1, UI_STYLE_DIM, name);
    return line;
}

/* A part of a bar: its edge, its words, and a rule as far as it goes. */
static void part(struct ui_line *line, const struct scale *s, int from, int until, const char *words,
                 enum ui_style style)
{
    int w = until - from, n = (int)strlen(words);
    ui_line_at(line, NAME_W + from, 1, UI_STYLE_RULE, ui_glyph(s->ascii, UI_GLYPH_VLINE));
    if (w > 1)
        ui_line_at(line, NAME_W + from + 1, w - 1, style, words);
    for (int x = n + 1; x < w; x++)
        ui_line_at(line, NAME_W + from + x, 1, UI_STYLE_RULE, ui_glyph(s->ascii, UI_GLYPH_HLINE));
}

static void bar(struct ui_lines *lines, const struct mxs_plan *plan, const struct scale *s,
                const char *name, words_at *words)
{
    struct ui_line *line = bar_line(lines, name);
    int from = 0;
    const char *now = words(lines->arena, plan, instant(s, 0));
    for (int x = 1; x <= s->width; x++) {
        const char *next = x < s->width ? words(lines->arena, plan, instant(s, x)) : "";
        if (strcmp(next, now) == 0)
            continue;
        bool two = strstr(now, " or ") || strcmp(now, "either") == 0;
        part(line, s, from, x, now, two ? UI_STYLE_WARN : UI_STYLE_NORMAL);
        from = x;
        now = next;
    }
}

/* The numbers of the steps, each where it happens; later ones on a column go to the right. */
static void ticks(struct ui_lines *lines, const struct mxs_plan *plan, const struct scale *s, size_t step)
{
    struct ui_line *line = bar_line(lines, "step");
    int free_from = 0;
    for (size_t i = 0; i < plan->steps.n; i++) {
        int x = column(s, plan->steps.v[i].at);
        x = x < free_from ? free_from : x;
        if (x >= s->width)
            x = s->width - 1;
        ui_line_at(line, NAME_W + x, 1, i == step ? UI_STYLE_MARK : UI_STYLE_TITLE,
                   mxs_arena_printf(lines->arena, "%zu", (i + 1) % 10));
        free_from = x + 1;
    }
}

static void window(struct ui_lines *lines, const struct mxs_plan *plan, const struct scale *s, size_t step)
{
    struct ui_line *line = bar_line(lines, "safe for");
    int64_t from, until;
    ui_line_at(line, NAME_W - 1, 1, UI_STYLE_DIM, "");
    if (!mxs_plan_safe(plan, step, &from, &until)) {
        ui_line_at(line, NAME_W, 0, UI_STYLE_BAD,
                   mxs_arena_printf(lines->arena, "no date is safe for step %zu as the others stand",
                                    step + 1));
        return;
    }
    for (int x = 0; x < s->width; x++) {
        int64_t at = instant(s, x);
        bool in = at >= from && at <= until;
        if (in)
            ui_line_at(line, NAME_W + x, 1, UI_STYLE_OK, ui_glyph(s->ascii, UI_GLYPH_SHADE));
    }
    int x = column(s, plan->steps.v[step].at);
    bool good = plan->steps.v[step].at >= from && plan->steps.v[step].at <= until;
    ui_line_at(line, NAME_W + x, 1, good ? UI_STYLE_MARK : UI_STYLE_BAD,
               good ? mxs_arena_printf(lines->arena, "%zu", (step + 1) % 10) : "!");
}

/* Where a state fails, whatever the selected step. */
static void fails(struct ui_lines *lines, const struct mxs_plan *plan, const struct scale *s)
{
    struct ui_line *line = bar_line(lines, "fails");
    for (int x = 0; x < s->width; x++)
        for (size_t i = 0; i < plan->proof.failing.n; i++) {
            const struct mxs_plan_failing *f = &plan->proof.failing.v[i];
            if (column(s, f->from) <= x && x <= column(s, f->until)) {
                ui_line_at(line, NAME_W + x, 1, UI_STYLE_BAD, "!");
                break;
            }
        }
    if (!plan->proof.failing.n)
        ui_line_at(line, NAME_W, 0, UI_STYLE_OK, "nowhere");
}

static void headline(struct ui_lines *lines, const struct mxs_plan *plan)
{
    struct ui_line *line = ui_lines_add(lines);
    bool holds = plan->proof.failing.n == 0;
    line->heading = true;
    ui_line_add(line, holds ? UI_STYLE_OK : UI_STYLE_BAD, holds ? "holds: " : "fails: ");
    ui_line_addf(line, UI_STYLE_TITLE, "plan %s", mxs_plan_scheme_name(plan->scheme));
    if (holds)
        ui_line_addf(line, UI_STYLE_NORMAL, ", none of %llu states fails",
                     (unsigned long long)plan->proof.states);
    else
        ui_line_addf(line, UI_STYLE_NORMAL, ", %zu kind%s of state, from %s", plan->proof.failing.n,
                     plan->proof.failing.n == 1 ? "" : "s",
                     stamp(lines->arena, plan->proof.failing.v[0].from));
}

static void step_row(struct ui_lines *lines, const struct mxs_plan *plan, size_t i, int64_t moved)
{
    const struct mxs_plan_step *s = &plan->steps.v[i];
    struct ui_line *line = ui_lines_add(lines);
    int64_t from, until;
    bool good = mxs_plan_safe(plan, i, &from, &until) && s->at >= from && s->at <= until;
    line->tag = i + 1;
    ui_line_addf(line, UI_STYLE_TITLE, "%zu", i + 1);
    ui_line_at(line, 2, STAMP_W, UI_STYLE_NORMAL, stamp(lines->arena, s->at));
    ui_line_at(line, 2 + STAMP_W, 2, good ? UI_STYLE_OK : UI_STYLE_BAD, good ? "ok" : "!!");
    ui_line_at(line, 2 + STAMP_W + 3, 0, s->done ? UI_STYLE_DIM : UI_STYLE_NORMAL, s->title);
    if (moved)
        ui_line_addf(line, UI_STYLE_WARN, " (moved by %s)", ui_plan_span(lines->arena, moved));
}

void ui_plan_timeline(struct ui_lines *lines, int width, const struct mxs_plan *plan, size_t step,
                      const int64_t *moved, bool ascii)
{
    struct scale s = scale_of(plan, width, ascii);
    headline(lines, plan);
    ticks(lines, plan, &s, step);
    bar(lines, plan, &s, "records", records_words);
    bar(lines, plan, &s, "caches", caches_words);
    bar(lines, plan, &s, "chain", chain_words);
    window(lines, plan, &s, step);
    fails(lines, plan, &s);
    for (size_t i = 0; i < plan->steps.n; i++)
        step_row(lines, plan, i, moved[i]);
}

/* --- words ----------------------------------------------------------------------------------------- */

void ui_plan_failing(struct ui_lines *lines, int width, const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->proof.failing.n; i++) {
        const struct mxs_plan_failing *f = &plan->proof.failing.v[i];
        ui_lines_wrap(lines, width, 0, 3, UI_STYLE_NORMAL,
                      mxs_arena_printf(lines->arena, "!! %s%s%s%s", f->text, f->rfc ? " (" : "",
                                       f->rfc ? f->rfc : "", f->rfc ? ")" : ""));
    }
    if (plan->proof.failing.n)
        return;
    ui_lines_heading(lines, "No state fails. Covered:");
    for (size_t i = 0; i < plan->proof.kinds.n; i++)
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_NORMAL,
                      mxs_arena_printf(lines->arena, "- %s", plan->proof.kinds.v[i]));
    ui_lines_heading(lines, "Not covered:");
    for (size_t i = 0; i < plan->proof.uncovered.n; i++)
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_DIM,
                      mxs_arena_printf(lines->arena, "- %s", plan->proof.uncovered.v[i]));
}

/* A line of a zone file is copied whole, however short the row. */
static void record_row(struct ui_lines *lines, const char *text)
{
    const char *line = strstr(text, "_");
    struct ui_line *row = ui_lines_add(lines);
    ui_line_add(row, UI_STYLE_NORMAL, text);
    row->copy = line ? line : text;
}

void ui_plan_step(struct ui_lines *lines, int width, const struct mxs_plan *plan, size_t step)
{
    const struct mxs_plan_step *s = &plan->steps.v[step];
    ui_lines_heading(lines, mxs_arena_printf(lines->arena, "%zu. %s", step + 1, s->title));
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_NORMAL,
                  mxs_arena_printf(lines->arena, "not before %s", mxs_time_text(lines->arena, s->at)));
    for (size_t i = 0; i < s->todo.n; i++) {
        if (strstr(s->todo.v[i], " IN TLSA "))
            record_row(lines, s->todo.v[i]);
        else
            ui_lines_wrap(lines, width, 0, 2, UI_STYLE_NORMAL, s->todo.v[i]);
    }
    for (size_t i = 0; i < plan->notes.n; i++)
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_DIM,
                      mxs_arena_printf(lines->arena, "* %s", plan->notes.v[i]));
}
