#include "config.h"

#include "ui/actions.h"

#include "ui/whatif.h"
#include "ui/workbench.h"

#include <string.h>

#define ANY UI_ANYWHERE
#define WALK (UI_NEEDS_LIVE | UI_NEEDS_GOING)
#define LESSON UI_NEEDS_LESSON

/* The order of the groups and rows is that of the help overlay; the order of the hints that of the
 * bottom line. */
const struct ui_action ui_actions[] = {
    { "go-on", "Lesson", NULL, "to the question, the answer, the next step", "Go on", LESSON,
      ui_act_go_on },
    { "answer", "Lesson", "a|b|c|d", "say what comes next; then it is shown", NULL,
      LESSON | UI_NEEDS_QUESTION, ui_act_answer },
    { "next-step", "Lesson", NULL, "to the next step, skipping what is left of this one", "Skip",
      LESSON, ui_act_next_step },
    { "previous-step", "Lesson", NULL, "to the step before", "Back", LESSON,
      ui_act_previous_step },
    { "restart", "Lesson", NULL, "the lesson from its beginning", "Restart", LESSON,
      ui_act_restart },
    { "lesson", "Lesson", NULL, "the whole card, the goals, the hand-out", "Lesson", LESSON,
      ui_act_lesson },
    { "step", "Stepping", NULL, "to the next event", "Step", WALK, ui_act_step },
    { "step-stage", "Stepping", NULL, "to the next stage", "Stage", WALK, ui_act_step_stage },
    { "continue", "Stepping", NULL, "on to a breakpoint or the end", "Continue", WALK,
      ui_act_continue },
    { "pause", "Stepping", NULL, "stop at the next event", NULL, WALK, ui_act_pause },
    { "break", "Stepping", "[STAGE]", "break before a stage, or no longer", "Break", WALK,
      ui_act_break },
    { "edit", "Stepping", "[TEXT]", "edit what is sent next", "Edit",
      WALK | UI_NEEDS_PAUSED | UI_NEEDS_EDITABLE, ui_act_edit },
    { "stop", "Stepping", NULL, "stop the walk", "Stop", WALK, ui_act_stop },
    { "run", "Stepping", NULL, "run again from the start", "Run again",
      UI_NEEDS_LIVE | UI_NEEDS_DONE, ui_act_run },
    { "date", "Stepping", "[DATE]", "judge as of another date", NULL, 0, ui_act_date },
    { "at", "Stepping", "DATE", "judge as of this date", NULL, 0, ui_act_date },
    { "change", "What-if", "[VERB WORDS]", "a change of your own, behind those there are", "Change",
      UI_NEEDS_WHATIF, ui_act_change },
    { "undo", "What-if", NULL, "take your last change back", "Undo",
      UI_NEEDS_WHATIF | UI_NEEDS_CHANGES, ui_act_undo },
    { "history", "What-if", "[on|off]", "the rollovers of the past too", "History", UI_NEEDS_WHATIF,
      ui_act_history },
    { "enter", "Moving", NULL, "open, expand", "Open", ANY, ui_act_enter },
    { "up", "Moving", NULL, "up", NULL, ANY, ui_act_up },
    { "down", "Moving", NULL, "down", NULL, ANY, ui_act_down },
    { "left", "Moving", NULL, "close a node, previous byte", NULL, ANY, ui_act_left },
    { "right", "Moving", NULL, "open a node, next byte", NULL, ANY, ui_act_right },
    { "page-up", "Moving", NULL, "a page up", NULL, ANY, ui_act_page_up },
    { "page-down", "Moving", NULL, "a page down", NULL, ANY, ui_act_page_down },
    { "first", "Moving", NULL, "first row", NULL, ANY, ui_act_first },
    { "last", "Moving", NULL, "last row; there it follows new ones", NULL, ANY, ui_act_last },
    { "next-pane", "Moving", NULL, "next pane", "Pane", 0, ui_act_next_pane },
    { "previous-pane", "Moving", NULL, "previous pane", NULL, 0, ui_act_previous_pane },
    { "maximise", "Moving", NULL, "this pane alone, or all again", NULL, 0, ui_act_maximise },
    { "bytes", "Moving", NULL, "show or hide the bytes", NULL, 0, ui_act_bytes },
    { "session", "Moving", "+1|-1|N", "another session (MX, address, offer)", NULL,
      UI_NEEDS_SESSIONS, ui_act_session },
    { "event", "Moving", "N", "go to event N", NULL, 0, ui_act_event },
    { "view", "Moving", "N|NAME", "another view", NULL, 0, ui_act_view },
    { "whatif", "Moving", "[SCENARIO|FILE]", "to a scenario of What-if, or of a file", NULL, 0,
      ui_act_whatif },
    { "search", "Searching", "[WORDS]", "search in this pane", "Search", ANY, ui_act_search },
    { "next", "Searching", NULL, "next match", NULL, ANY | UI_NEEDS_SEARCH, ui_act_next },
    { "previous", "Searching", NULL, "previous match", NULL, ANY | UI_NEEDS_SEARCH,
      ui_act_previous },
    { "filter", "Searching", "[WORDS]", "show only rows with these words", "Filter", 0,
      ui_act_filter },
    { "explain", "Writing", NULL, "explain what is selected", "Explain", 0, ui_act_explain },
    { "copy", "Writing", NULL, "copy what is selected (OSC 52)", "Copy", ANY, ui_act_copy },
    { "write", "Writing", "[session|text|json|html|markdown|pcap|scenario|future|screen FILE]",
      "write to a file", "Write", 0, ui_act_write },
    { "save-screen", "Writing", "FILE", "write the screen as text", NULL, ANY, ui_act_save_screen },
    { "save-styles", "Writing", "FILE", "write the screen's styles, a letter a cell", NULL, ANY,
      ui_act_save_styles },
    { "command", "Program", NULL, "type a command: any action by name", NULL, 0, ui_act_command },
    { "bind", "Program", "KEY ACTION [ARG]", "give a key another action", NULL, ANY, ui_act_bind },
    { "theme", "Program", "[dark|light|mono]", "other colours", NULL, ANY, ui_act_theme },
    { "mouse", "Program", "[on|off]", "mouse on or off", NULL, ANY, ui_act_mouse },
    { "redraw", "Program", NULL, "paint everything again", NULL, ANY, ui_act_redraw },
    { "suspend", "Program", NULL, "suspend; `fg` comes back", NULL, ANY, ui_act_suspend },
    { "wait", "Program", "done|paused|idle", "in a script: wait until the walk is so", NULL, ANY,
      ui_act_wait },
    { "help", "Program", NULL, "the keys of this view", "Help", ANY, ui_act_help },
    { "close", "Program", NULL, "close the popup, end search and filter", NULL, ANY, ui_act_close },
    { "back", "Program", NULL, "back, then quit", NULL, ANY, ui_act_back },
    { "quit", "Program", NULL, "quit", "Quit", ANY, ui_act_quit },
    { NULL, NULL, NULL, NULL, NULL, 0, NULL },
};

const struct ui_action *ui_action_find(const char *name)
{
    for (const struct ui_action *a = ui_actions; a->name; a++)
        if (strcmp(a->name, name) == 0)
            return a;
    return NULL;
}

const char *ui_needs_missing(const struct ui *ui, unsigned needs)
{
    struct mxs_walk_status status = ui_model_status(&ui->model);
    const struct {
        unsigned bit;
        bool holds;
        const char *text;
    } rows[] = {
        { UI_NEEDS_LIVE, ui_model_live(&ui->model), "this is a recorded session" },
        { UI_NEEDS_GOING, !ui_model_done(&ui->model), "the walk is done" },
        { UI_NEEDS_DONE, ui_model_done(&ui->model), "the walk is not done: stop it first" },
        { UI_NEEDS_PAUSED, status.state == MXS_WALK_PAUSED, "only while the walk is paused" },
        { UI_NEEDS_EDITABLE, ui->model.walk && mxs_walk_editable(ui->model.walk),
          "nothing that can be edited comes next" },
        { UI_NEEDS_SESSIONS, ui_model_sessions(&ui->model) > 1, "there is no other session" },
        { UI_NEEDS_SEARCH, ui->search[0] != 0, "nothing was searched yet" },
        { UI_NEEDS_WHATIF, ui->views[ui->view]->ops->key == '5', "only in What-if (5)" },
        { UI_NEEDS_CHANGES, ui->model.whatif && ui->model.whatif->own.changes.list.n > 0,
          "there is no change of yours" },
        { UI_NEEDS_LESSON, ui->lesson.def != NULL, "this is no lesson" },
        { UI_NEEDS_QUESTION, ui->lesson.phase == UI_LESSON_ASK, "nothing is asked now" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if ((needs & rows[i].bit) && !rows[i].holds)
            return rows[i].text;
    return NULL;
}

void ui_do(struct ui *ui, const struct ui_action *action, const char *arg)
{
    const char *missing = ui_needs_missing(ui, action->needs);
    ui->dirty = true;
    if (missing)
        ui_say(ui, UI_STYLE_WARN, "%s: %s", action->name, missing);
    else
        action->fn(ui, arg);
}

void ui_command(struct ui *ui, const char *line)
{
    char name[32];
    line += strspn(line, ": \t");
    size_t n = strcspn(line, " \t");
    if (n == 0)
        return;
    size_t len = n < sizeof name - 1 ? n : sizeof name - 1;
    memcpy(name, line, len);
    name[len] = 0;
    const struct ui_action *action = ui_action_find(strcmp(name, "q") == 0 ? "quit" : name);
    line += n;
    line += strspn(line, " \t");
    if (!action)
        ui_say(ui, UI_STYLE_ERROR, "no command is called %s; ? lists them", name);
    else
        ui_do(ui, action, line);
}
