/* The workbench inside: what keys act upon. Handlers change this; only the loop draws and quits. */
#ifndef MXSCOPE_UI_WORKBENCH_H
#define MXSCOPE_UI_WORKBENCH_H

#include "ui/card.h"
#include "ui/keymap.h"
#include "ui/lesson.h"
#include "ui/popup.h"
#include "ui/prompt.h"
#include "ui/script.h"
#include "ui/view.h"

struct ui_term;

enum { UI_VIEWS_MAX = 10, UI_BACK_MAX = 16 };
enum ui_wait { UI_WAIT_NOT, UI_WAIT_DONE, UI_WAIT_PAUSED, UI_WAIT_IDLE };

struct ui {
    const struct ui_options *options;
    struct ui_model model;
    struct ui_surface surface;
    struct ui_term *term; /* NULL in tests */
    const struct ui_theme *theme;
    struct ui_keymap keymap;
    struct ui_view *views[UI_VIEWS_MAX];
    size_t view;                  /* index of the one shown */
    size_t back[UI_BACK_MAX];     /* where `back` leads */
    size_t n_back;
    struct ui_popup popup;
    struct ui_prompt prompt;
    struct ui_history searches, filters, commands, paths, edits;
    char search[UI_WORDS_MAX];
    size_t search_from;           /* where the cursor stood when `/` was pressed */
    char filter_before[UI_WORDS_MAX];
    int write_kind;               /* what the file name is asked for */
    char message[512];
    enum ui_style message_style;
    bool mouse, quit;
    bool dirty, fresh;            /* to be painted; painted and not yet on the terminal */
    struct ui_script script;
    enum ui_wait wait;
    unsigned unrest, run_seen;    /* how often what is waited for asked for more; the what-if's run then */
    struct mxs_why failed;        /* the script cannot go on */
    size_t seen;                  /* events painted */
    struct ui_lesson lesson;
};

/* Everything but the terminal. */
enum mxs_err ui_open(struct ui *ui, const struct ui_options *options, struct mxs_why *why);
void ui_close(struct ui *ui);
void ui_resize(struct ui *ui, int rows, int cols);
void ui_paint(struct ui *ui);
void ui_key(struct ui *ui, int key);
void ui_click(struct ui *ui, int y, int x, int wheel); /* wheel -1, 0 = click, 1 */
/* What is to be done without a key: follow the walk, filter further, run the script's next item.
 * True when there is more to do at once. */
bool ui_work(struct ui *ui);

void ui_say(struct ui *ui, enum ui_style style, const char *fmt, ...) MXS_PRINTF(3, 4);
struct ui_view *ui_view_now(struct ui *ui);
struct ui_list *ui_focus(struct ui *ui); /* of the popup, else of the view */
/* Shows views[index]; with deeper, `back` returns to the one shown now. */
void ui_show(struct ui *ui, size_t index, bool deeper);
bool ui_show_key(struct ui *ui, char key, bool deeper); /* false: no such view yet */
bool ui_show_name(struct ui *ui, const char *name);     /* by name or key; false as above */
/* What the key does now: in a lesson some have another meaning. NULL: nothing. */
const struct ui_binding *ui_binding_now(const struct ui *ui, int key);
/* The terminal on the engine's loop, after the engine was made and before it goes (run.c). */
void ui_watch(struct ui *ui, bool on);
/* Shows the event in the Session view; false when there is no such event. */
bool ui_show_event(struct ui *ui, uint64_t seq);

/* The recorded session (act_write.c). */
enum mxs_err ui_write_session(struct ui *ui, const char *path, struct mxs_why *why);

/* act_whatif.c: the operator's changes as a file; the future of the scenario selected as a folder. */
enum mxs_err ui_write_scenario(struct ui *ui, const char *path, struct mxs_why *why);
enum mxs_err ui_write_future(struct ui *ui, const char *path, struct mxs_why *why);

/* bars.c */
void ui_paint_top(struct ui *ui);
void ui_paint_bottom(struct ui *ui);
int ui_tab_at(struct ui *ui, int x); /* index of the view whose tab is there, or -1 */

#endif
