#include "config.h"

#include "ui/lesson.h"

#include "ui/whatif.h"
#include "ui/workbench.h"

#include <stdlib.h>
#include <string.h>

enum { PATIENCE_US = 1000000, PATIENCE_TURNS = 20, LEAST_PANE = 8 };
enum { EVENTS_AT_ONCE = 50 }; /* of a recorded session, between two paintings */

const struct mxs_lesson_step *ui_lesson_step(const struct ui_lesson *lesson)
{
    size_t last = lesson->def->steps.n - 1;
    return &lesson->def->steps.v[lesson->step < last ? lesson->step : last];
}

static const struct mxs_claim_futures *futures(void *data)
{
    return ui_whatif_futures(data);
}

static struct mxs_claim_facts facts(const struct ui *ui)
{
    return (struct mxs_claim_facts){ ui->model.journal, ui->model.evidence, ui->model.assessment,
                                     futures, ui->model.whatif };
}

/* --- worlds --- */

static enum mxs_err take_act(struct ui *ui, size_t act, struct mxs_why *why)
{
    const struct ui_lesson_options *given = ui->options->lesson;
    struct ui_lesson *lesson = &ui->lesson;
    lesson->act = act;
    lesson->broken = false;
    lesson->options->paused = true;
    return given->act ? given->act(given->data, act, lesson->options, why) : MXS_OK;
}

enum mxs_err ui_lesson_open(struct ui *ui, struct mxs_why *why)
{
    const struct ui_lesson_options *given = ui->options->lesson;
    struct ui_lesson *lesson = &ui->lesson;
    *lesson = (struct ui_lesson){ .def = given->lesson, .right = -1 };
    lesson->options = mxs_alloc(sizeof *lesson->options);
    *lesson->options = *ui->options;
    ui->options = lesson->options;
    lesson->step = given->step < given->lesson->steps.n ? given->step : 0;
    memset(lesson->answers, '-', given->lesson->steps.n);
    for (size_t i = 0; given->answers && given->answers[i] && i < given->lesson->steps.n; i++)
        lesson->answers[i] = given->answers[i];
    enum mxs_err err = take_act(ui, ui_lesson_step(lesson)->act, why);
    lesson->running = true;
    return err;
}

void ui_lesson_close(struct ui_lesson *lesson)
{
    mxs_journal_free(lesson->empty);
    free(lesson->options);
    lesson->options = NULL;
}

/* Another walk: the model lets go of the old world before the new one is made. */
static void change_act(struct ui *ui, size_t act)
{
    struct ui_lesson *lesson = &ui->lesson;
    ui_watch(ui, false);
    ui_model_leave(&ui->model);
    enum mxs_err err = take_act(ui, act, &lesson->failed);
    if (err == MXS_OK)
        err = ui_model_enter(&ui->model, lesson->options, &lesson->failed);
    if (err == MXS_OK) {
        ui_watch(ui, true);
        return;
    }
    /* An empty journal to stand on until the loop ends. */
    lesson->failed.err = err;
    lesson->empty = mxs_journal_new(lesson->options->clock);
    lesson->options->engine = NULL;
    lesson->options->journal = lesson->empty;
    lesson->options->lesson = NULL;
    lesson->def = NULL;
    ui_model_enter(&ui->model, lesson->options, NULL);
    ui->quit = true;
}

/* --- steps --- */

static void tell(struct ui *ui)
{
    const struct ui_lesson_options *given = ui->options->lesson;
    struct ui_lesson *lesson = &ui->lesson;
    bool done = lesson->phase == UI_LESSON_END;
    if (given && given->progress)
        given->progress(given->data, done ? lesson->def->steps.n - 1 : lesson->step, done,
                        lesson->answers);
}

static void ask_goals(struct ui *ui)
{
    struct ui_lesson *lesson = &ui->lesson;
    struct mxs_claim_facts now = facts(ui);
    for (size_t i = 0; i < lesson->def->goals.n && i < MXS_COUNT(lesson->met); i++)
        if (lesson->def->goals.v[i].act == lesson->act)
            lesson->met[i] = mxs_claim_holds(&lesson->def->goals.v[i].when, &now);
}

void ui_lesson_enter(struct ui *ui, size_t step)
{
    struct ui_lesson *lesson = &ui->lesson;
    ask_goals(ui);
    lesson->right = -1;
    lesson->missed = false;
    if (step >= lesson->def->steps.n) {
        lesson->step = lesson->def->steps.n - 1;
        lesson->phase = UI_LESSON_END;
        tell(ui);
        return;
    }
    lesson->step = step;
    lesson->phase = UI_LESSON_READ;
    if (ui_lesson_step(lesson)->act != lesson->act)
        change_act(ui, ui_lesson_step(lesson)->act);
    lesson->running = lesson->def != NULL;
    if (lesson->def)
        tell(ui);
}

void ui_lesson_restart(struct ui *ui)
{
    struct ui_lesson *lesson = &ui->lesson;
    memset(lesson->answers, '-', lesson->def->steps.n);
    memset(lesson->met, 0, sizeof lesson->met);
    lesson->good = lesson->asked = 0;
    change_act(ui, lesson->def->steps.v[0].act);
    if (lesson->def)
        ui_lesson_enter(ui, 0);
}

static void reveal(struct ui *ui)
{
    ui->lesson.phase = UI_LESSON_SHOW;
    ui->lesson.running = true;
}

void ui_lesson_answer(struct ui *ui, int answer)
{
    struct ui_lesson *lesson = &ui->lesson;
    if (answer < 0 || (size_t)answer >= ui_lesson_step(lesson)->n_answers)
        return;
    lesson->answers[lesson->step] = (char)('a' + answer);
    reveal(ui);
}

void ui_lesson_go_on(struct ui *ui)
{
    struct ui_lesson *lesson = &ui->lesson;
    if (lesson->running) /* the walk is still on its way */
        return;
    if (lesson->phase == UI_LESSON_READ && ui_lesson_step(lesson)->ask)
        lesson->phase = UI_LESSON_ASK;
    else if (lesson->phase == UI_LESSON_ASK)
        reveal(ui);
    else if (lesson->phase == UI_LESSON_END)
        ui_say(ui, UI_STYLE_NORMAL, "That was the lesson. R starts it again, q leaves.");
    else
        ui_lesson_enter(ui, lesson->step + 1);
}

/* --- the walk --- */

/* Steps do not stop at the beginning of a stage, breakpoints do. */
static void break_everywhere(struct ui *ui, bool on)
{
    struct ui_lesson *lesson = &ui->lesson;
    struct mxs_walk *walk = ui->model.walk;
    for (int i = 0; walk && lesson->broken != on && i < MXS_STAGE_COUNT; i++) {
        if (on)
            lesson->breaks[i] = mxs_walk_has_break(walk, (enum mxs_stage)i);
        mxs_walk_break(walk, (enum mxs_stage)i, on || lesson->breaks[i]);
    }
    lesson->broken = on && walk;
}

/* The walk stands where the moment came: a step lets go of it for one event, and it stops behind. One
 * that waits for the peer there does so on screen. Turns are counted beside the time, for a machine
 * that had none for this process is no peer that is silent. */
static bool stands(struct ui *ui)
{
    struct ui_lesson *lesson = &ui->lesson;
    const struct mxs_clock *clock = ui->options->clock;
    int64_t now = clock->mono(clock);
    enum mxs_walk_state state = ui_model_status(&ui->model).state;
    if (state != MXS_WALK_RUNNING && state != MXS_WALK_WAITING)
        return true;
    lesson->since = lesson->since ? lesson->since : now;
    return ++lesson->turns > PATIENCE_TURNS && now - lesson->since > PATIENCE_US;
}

/* One event on; false: nothing comes before the walk's next turn, or at all. */
static bool one_more(struct ui *ui)
{
    struct ui_model *model = &ui->model;
    enum mxs_walk_state state = ui_model_status(model).state;
    if (!model->walk)
        return ui_model_feed(model);
    if (state != MXS_WALK_PAUSED)
        return false;
    model->follow = true;
    model->stepped++;
    mxs_walk_step(model->walk);
    return true;
}

/* What the step points at: with the answer it may be another row, in another view. */
static const char *view_of(const struct ui_lesson *lesson)
{
    const struct mxs_lesson_step *step = ui_lesson_step(lesson);
    bool other = lesson->phase == UI_LESSON_SHOW && step->shown_view;
    return other ? step->shown_view : step->view;
}

static const char *row_of(const struct ui_lesson *lesson)
{
    const struct mxs_lesson_step *step = ui_lesson_step(lesson);
    bool other = lesson->phase == UI_LESSON_SHOW && (step->shown_row || step->shown_view);
    return other ? step->shown_row : step->row;
}

/* Looks at the last event of the step: its session, its row. */
static void look(struct ui *ui, size_t upto)
{
    const char *view = view_of(&ui->lesson);
    const struct mxs_event *event = upto ? mxs_journal_at(ui->model.journal, upto - 1) : NULL;
    bool newest = upto == mxs_journal_count(ui->model.journal);
    if (event && event->session)
        ui_model_show(&ui->model, event->seq);
    ui->model.event = event && !newest ? event->seq : 0;
    ui->model.stepped += newest; /* the views go to their last row */
    if (view && !ui_show_name(ui, view))
        ui_say(ui, UI_STYLE_WARN, "this program has no view %s", view);
    ui_view_now(ui)->maximised = false;
    ui->lesson.point = row_of(&ui->lesson) != NULL;
    ui->lesson.has_pointed = false;
}

static void arrived(struct ui *ui, size_t upto, bool there)
{
    struct ui_lesson *lesson = &ui->lesson;
    const struct mxs_lesson_step *step = ui_lesson_step(lesson);
    lesson->running = false;
    lesson->missed = !there;
    lesson->since = lesson->turns = 0;
    break_everywhere(ui, false);
    ui_model_judge(&ui->model); /* before the rows and the answer, which both ask for it */
    look(ui, upto);
    if (lesson->phase == UI_LESSON_SHOW) {
        struct mxs_claim_facts now = facts(ui);
        lesson->right = mxs_lesson_right(step, &now);
        lesson->asked++;
        lesson->good += lesson->right >= 0 && lesson->answers[lesson->step] == 'a' + lesson->right;
    }
    ask_goals(ui);
    tell(ui);
    ui->dirty = true;
}

bool ui_lesson_work(struct ui *ui)
{
    struct ui_lesson *lesson = &ui->lesson;
    size_t upto = 0;
    for (int i = 0; lesson->def && lesson->running && i < EVENTS_AT_ONCE; i++) {
        struct mxs_claim_facts now = facts(ui);
        bool there = mxs_lesson_stop(lesson->def, lesson->step, lesson->phase == UI_LESSON_SHOW,
                                     &now, &upto);
        if (there && !stands(ui))
            return false;
        if (there) {
            arrived(ui, upto, true);
            return true;
        }
        break_everywhere(ui, true);
        ui->dirty = true;
        if (one_more(ui)) {
            if (ui->model.walk) /* its next event comes with the next turn of the loop */
                return true;
            continue;
        }
        if (!ui_model_done(&ui->model))
            return false;
        arrived(ui, mxs_journal_count(ui->model.journal), false);
    }
    return lesson->def && lesson->running;
}

/* What stands in the selected row: a match may hold for a row that a filter keeps in any case. */
static bool row_has(struct ui_list *list, const char *words)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct ui_line line;
    size_t row = 0;
    ui_line_init(&line, arena);
    bool has = ui_list_row(list, &row);
    if (has)
        list->source->line(list->data, row, list->width, &line);
    line.arena = arena;
    has = has && ui_text_has(ui_line_text(&line), words);
    mxs_arena_free(arena);
    return has;
}

static bool search_first(struct ui_list *list, const char *words)
{
    ui_list_first(list);
    return ui_list_search(list, words, 1, true) &&
           (row_has(list, words) || ui_list_search(list, words, 1, false));
}

/* What was pointed at while rows were still to come must not stay selected in its pane. */
static void pointed_at(struct ui_lesson *lesson, struct ui_view *view, size_t pane, size_t was)
{
    if (lesson->has_pointed && lesson->pointed == pane)
        return;
    if (lesson->has_pointed && lesson->pointed < view->n_panes)
        view->panes[lesson->pointed].list.cursor = lesson->pointed_from;
    lesson->has_pointed = true;
    lesson->pointed = pane;
    lesson->pointed_from = was;
}

/* The first pane with the row; on a low screen, where the card leaves it a few rows, it has the view
 * for itself. */
static bool find_row(struct ui_lesson *lesson, struct ui_view *view, const char *words)
{
    for (size_t i = 0; i < view->n_panes; i++) {
        struct ui_list *list = &view->panes[i].list;
        size_t was = list->cursor;
        if (view->panes[i].passive)
            continue;
        list->follow = false;
        if (search_first(list, words)) {
            pointed_at(lesson, view, i, was);
            view->focus = i;
            view->maximised = view->maximised || view->panes[i].rect.h < LEAST_PANE;
            return true;
        }
        list->cursor = was;
    }
    return false;
}

bool ui_lesson_point(struct ui *ui)
{
    if (!ui->lesson.point || ui->lesson.running)
        return false;
    if (!find_row(&ui->lesson, ui_view_now(ui), row_of(&ui->lesson)))
        return false;
    ui->model.event = 0; /* else the event before leads back */
    return true;
}
