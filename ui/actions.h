/* What the operator can do: one table. Keys, `:` commands, scripts, the help overlay and the bottom
 * line all go by it. */
#ifndef MXSCOPE_UI_ACTIONS_H
#define MXSCOPE_UI_ACTIONS_H

#include "base/base.h"

struct ui;

enum ui_needs { /* what must be so for an action to work now */
    UI_NEEDS_LIVE = 1u << 0,     /* a walk, not a recording */
    UI_NEEDS_GOING = 1u << 1,    /* the walk is not done */
    UI_NEEDS_PAUSED = 1u << 2,
    UI_NEEDS_EDITABLE = 1u << 3, /* something that can be edited comes next */
    UI_NEEDS_SESSIONS = 1u << 4, /* more than one session */
    UI_NEEDS_SEARCH = 1u << 5,   /* words were searched */
    UI_NEEDS_DONE = 1u << 6,     /* the walk is done */
    UI_ANYWHERE = 1u << 7,       /* works in a popup too */
    UI_NEEDS_LESSON = 1u << 8,   /* its keys mean something else outside of one */
    UI_NEEDS_QUESTION = 1u << 9, /* the lesson waits for an answer */
    UI_NEEDS_WHATIF = 1u << 10,  /* What-if is shown */
    UI_NEEDS_CHANGES = 1u << 11  /* there are changes of the operator's */
};

struct ui_action {
    const char *name;
    const char *group; /* heading in the help overlay */
    const char *args;  /* "FILE", "[NAME]"; NULL: takes none */
    const char *help;  /* one line */
    const char *hint;  /* a word or two for the bottom line; NULL: not there */
    unsigned needs;
    void (*fn)(struct ui *ui, const char *arg);
};

extern const struct ui_action ui_actions[]; /* ends with name NULL */

const struct ui_action *ui_action_find(const char *name); /* NULL */
/* Why an action with these needs cannot run now ("the walk is done"), or NULL. */
const char *ui_needs_missing(const struct ui *ui, unsigned needs);
/* Runs "ACTION [ARG]"; what is wrong becomes the message of the bottom line. */
void ui_command(struct ui *ui, const char *line);
void ui_do(struct ui *ui, const struct ui_action *action, const char *arg);

/* Handlers, by file. act_move.c: */
#define UI_HANDLER(name) void ui_act_##name(struct ui *ui, const char *arg)
UI_HANDLER(up);
UI_HANDLER(down);
UI_HANDLER(left);
UI_HANDLER(right);
UI_HANDLER(page_up);
UI_HANDLER(page_down);
UI_HANDLER(first);
UI_HANDLER(last);
UI_HANDLER(next_pane);
UI_HANDLER(previous_pane);
UI_HANDLER(enter);
UI_HANDLER(maximise);
UI_HANDLER(bytes);
UI_HANDLER(view);
UI_HANDLER(session);
UI_HANDLER(event);
UI_HANDLER(back);
UI_HANDLER(close);
UI_HANDLER(quit);
/* act_walk.c: */
UI_HANDLER(step);
UI_HANDLER(step_stage);
UI_HANDLER(continue);
UI_HANDLER(pause);
UI_HANDLER(break);
UI_HANDLER(edit);
UI_HANDLER(run);
UI_HANDLER(stop);
UI_HANDLER(date);
/* act_text.c: */
UI_HANDLER(search);
UI_HANDLER(next);
UI_HANDLER(previous);
UI_HANDLER(filter);
UI_HANDLER(command);
UI_HANDLER(copy);
UI_HANDLER(explain);
UI_HANDLER(help);
UI_HANDLER(theme);
UI_HANDLER(mouse);
UI_HANDLER(redraw);
UI_HANDLER(suspend);
UI_HANDLER(bind);
/* act_whatif.c: */
UI_HANDLER(whatif);
UI_HANDLER(change);
UI_HANDLER(undo);
UI_HANDLER(history);
/* act_write.c: */
UI_HANDLER(write);
UI_HANDLER(save_screen);
UI_HANDLER(save_styles);
UI_HANDLER(wait);
/* act_lesson.c: */
UI_HANDLER(answer);
UI_HANDLER(go_on);
UI_HANDLER(next_step);
UI_HANDLER(previous_step);
UI_HANDLER(restart);
UI_HANDLER(lesson);
#undef UI_HANDLER

#endif
