#include "config.h"

#include "ui/card.h"

#include "ui/rows_explain.h"
#include "ui/workbench.h"

#include <string.h>

enum { NAME_W = 10, MARGIN = 1, MORE_W = 2 };

int ui_card_rows(const struct ui *ui)
{
    if (!ui->lesson.def)
        return 0;
    return 1 + (ui->surface.rows < UI_CARD_LOW ? UI_CARD_LINES_LOW : UI_CARD_LINES);
}

static void pair(struct ui_lines *lines, int width, const char *name, enum ui_style style,
                 const char *text)
{
    ui_lines_pair(lines, width, NAME_W, name, style, text);
}

/* --- the step's own card --- */

static const struct {
    const char *name, *label;
    enum ui_style style;
} rows[] = {
    { "happens", "happens", UI_STYLE_NORMAL }, { "checks", "checks", UI_STYLE_NORMAL },
    { "breaks", "breaks", UI_STYLE_WARN },     { "sender", "sender", UI_STYLE_IN },
    { "receiver", "receiver", UI_STYLE_IN },   { "try", "try", UI_STYLE_OUT },
    { "read", "read", UI_STYLE_DIM },
};

static void card(struct ui *ui, struct ui_lines *lines, int width)
{
    const struct mxs_lesson_step *step = ui_lesson_step(&ui->lesson);
    struct mxs_claim_facts facts = { .journal = ui->model.journal, .evidence = ui->model.evidence,
                                     .assessment = ui->model.assessment };
    struct mxs_lesson_values values = { ui->options->lab_ca, ui->options->lab_dns };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        for (size_t k = 0; k < step->card.n; k++)
            if (strcmp(step->card.v[k].name, rows[i].name) == 0)
                pair(lines, width, rows[i].label, rows[i].style,
                     mxs_lesson_fill(lines->arena, step->card.v[k].text, &facts, &values));
    if (step->explain && !step->card.n)
        ui_explain_id(lines, width, NAME_W, &ui->model, step->explain);
}

/* --- the question --- */

static void question(struct ui *ui, struct ui_lines *lines, int width)
{
    const struct mxs_lesson_step *step = ui_lesson_step(&ui->lesson);
    char letter[2] = "a";
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_STRONG, step->ask);
    for (size_t i = 0; i < step->n_answers; i++, letter[0]++)
        ui_lines_pair(lines, width, 3, mxs_arena_strdup(lines->arena, letter), UI_STYLE_NORMAL,
                      step->answers[i].text);
}

static const char *lettered(struct mxs_arena *arena, const struct mxs_lesson_step *step, int i)
{
    return mxs_arena_printf(arena, "%c  %s", 'a' + i, step->answers[i].text);
}

static void answer(struct ui *ui, struct ui_lines *lines, int width)
{
    struct ui_lesson *lesson = &ui->lesson;
    const struct mxs_lesson_step *step = ui_lesson_step(lesson);
    int given = lesson->answers[lesson->step] - 'a', right = lesson->right;
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_DIM, step->ask);
    if (right < 0) {
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_WARN,
                      "This walk does not decide it: it went another way than the lesson expects.");
        return;
    }
    bool said = given >= 0 && (size_t)given < step->n_answers;
    pair(lines, width, said && given == right ? "you: yes" : "right", UI_STYLE_OK,
         lettered(lines->arena, step, right));
    if (said && given != right)
        pair(lines, width, "you: no", UI_STYLE_WARN, lettered(lines->arena, step, given));
    pair(lines, width, "because", UI_STYLE_NORMAL, step->because);
}

/* --- the end --- */

static size_t goals_met(const struct ui_lesson *lesson)
{
    size_t met = 0;
    for (size_t i = 0; i < lesson->def->goals.n && i < MXS_COUNT(lesson->met); i++)
        met += lesson->met[i];
    return met;
}

/* The goals one by one: all in the box, on the card those that were missed. */
static void goals(struct ui *ui, struct ui_lines *lines, int width, bool all)
{
    const struct ui_lesson *lesson = &ui->lesson;
    for (size_t i = 0; i < lesson->def->goals.n && i < MXS_COUNT(lesson->met); i++)
        if (all || !lesson->met[i])
            pair(lines, width, lesson->met[i] ? "seen" : "not seen",
                 lesson->met[i] ? UI_STYLE_OK : UI_STYLE_WARN, lesson->def->goals.v[i].text);
}

static void end(struct ui *ui, struct ui_lines *lines, int width, bool all)
{
    const struct ui_lesson *lesson = &ui->lesson;
    struct ui_line *line = ui_lines_add(lines);
    ui_line_add(line, UI_STYLE_STRONG, "Done.");
    if (lesson->asked)
        ui_line_addf(line, UI_STYLE_STRONG, " %u of %u predicted right.", lesson->good, lesson->asked);
    if (lesson->def->goals.n)
        ui_line_addf(line, UI_STYLE_STRONG, " %zu of %zu goals seen.", goals_met(lesson),
                     lesson->def->goals.n);
    goals(ui, lines, width, all);
    pair(lines, width, "take home", UI_STYLE_NORMAL, lesson->def->closing);
}

void ui_card_lines(struct ui *ui, struct ui_lines *lines, int width)
{
    if (ui->lesson.missed)
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_WARN,
                      "The walk ended before this step's moment came. r walks again, > goes on.");
    switch (ui->lesson.phase) {
    case UI_LESSON_READ:
        card(ui, lines, width);
        break;
    case UI_LESSON_ASK:
        question(ui, lines, width);
        break;
    case UI_LESSON_SHOW:
        if (ui->lesson.running)
            question(ui, lines, width);
        else
            answer(ui, lines, width);
        break;
    case UI_LESSON_END:
        end(ui, lines, width, false);
        break;
    }
}

void ui_card_whole(struct ui *ui, struct ui_lines *lines, int width)
{
    struct ui_lesson *lesson = &ui->lesson;
    const char *place = ui->options->lesson ? ui->options->lesson->place : NULL;
    ui_lines_heading(lines, place ? mxs_arena_printf(lines->arena, "Lesson %s: %s", place,
                                                     lesson->def->title) : lesson->def->title);
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_NORMAL, lesson->def->goal);
    ui_lines_blank(lines);
    ui_lines_heading(lines, lesson->phase == UI_LESSON_END ? "The end"
                                                           : ui_lesson_step(lesson)->title);
    if (lesson->phase == UI_LESSON_SHOW || lesson->phase == UI_LESSON_ASK) {
        card(ui, lines, width);
        ui_lines_blank(lines);
    }
    if (lesson->phase == UI_LESSON_END)
        end(ui, lines, width, true);
    else
        ui_card_lines(ui, lines, width);
}

/* --- painting --- */

static const char *next_hint(const struct ui_lesson *lesson)
{
    static const char *const hints[] = {
        [UI_LESSON_READ] = "Space: next step", [UI_LESSON_ASK] = "a-d answer, Space shows it",
        [UI_LESSON_SHOW] = "Space: next step", [UI_LESSON_END] = "L: all of it",
    };
    if (lesson->running)
        return "walking";
    if (lesson->phase == UI_LESSON_READ && ui_lesson_step(lesson)->ask)
        return "Space: the question";
    if (lesson->phase != UI_LESSON_END && lesson->phase != UI_LESSON_ASK &&
        lesson->step + 1 == lesson->def->steps.n)
        return "Space: the end";
    return hints[lesson->phase];
}

static void title(struct ui *ui, struct ui_rect r)
{
    struct ui_surface *s = &ui->surface;
    const struct ui_lesson *lesson = &ui->lesson;
    struct mxs_arena *arena = mxs_arena_new();
    const char *hint = next_hint(lesson), *where =
        lesson->phase == UI_LESSON_END
            ? mxs_arena_printf(arena, "%s: the end", lesson->def->title)
            : mxs_arena_printf(arena, "Step %zu/%zu: %s", lesson->step + 1, lesson->def->steps.n,
                               ui_lesson_step(lesson)->title);
    int w = ui_text_width(hint, s->ascii), room = r.w - w - 8, x = 2;
    r.h = 1;
    ui_put_run(s, r.y, r.x, r.w, UI_STYLE_RULE, UI_GLYPH_HLINE);
    ui_put(s, r, 1, 1, UI_STYLE_NORMAL, " ");
    x += ui_put(s, r, x, room, UI_STYLE_TITLE_ON, where);
    ui_put(s, r, x, 1, UI_STYLE_NORMAL, " ");
    ui_put(s, r, r.w - w - 3, 1, UI_STYLE_NORMAL, " ");
    ui_put(s, r, r.w - w - 2, w, UI_STYLE_FIELD, hint);
    ui_put(s, r, r.w - 2, 1, UI_STYLE_NORMAL, " ");
    mxs_arena_free(arena);
}

void ui_card_paint(struct ui *ui, struct ui_rect r)
{
    struct ui_surface *s = &ui->surface;
    struct mxs_arena *arena;
    struct ui_lines lines;
    if (r.h < 2)
        return;
    arena = mxs_arena_new();
    ui_lines_init(&lines, arena);
    ui_card_lines(ui, &lines, r.w - 2 * MARGIN);
    ui_fill(s, r, UI_STYLE_NORMAL);
    title(ui, r);
    for (size_t i = 0; i < lines.lines.n && (int)i < r.h - 1; i++) {
        struct ui_rect row = { r.y + 1 + (int)i, r.x + MARGIN, 1, r.w - 2 * MARGIN }, text = row;
        bool cut = (int)i == r.h - 2 && i + 1 < lines.lines.n;
        text.w -= cut ? MORE_W : 0;
        ui_line_paint(&lines.lines.v[i], s, text);
        if (cut)
            ui_put(s, row, text.w, MORE_W, UI_STYLE_DIM, ui_glyph(s->ascii, UI_GLYPH_ELLIPSIS));
    }
    mxs_arena_free(arena);
}
