/* --script FILE: keys and commands, one line at a time.
 *
 *   # a comment
 *   s s Down Enter        keys by name, separated by blanks
 *   "mx1"                 text, typed character by character (no blanks inside a key line: see :)
 *   :wait done            a command, as typed after ':'
 *   :save-screen FILE
 *
 * The whole file is checked before it runs. After its end the keyboard goes on. */
#ifndef MXSCOPE_UI_SCRIPT_H
#define MXSCOPE_UI_SCRIPT_H

#include "base/arena.h"

struct ui_script_item {
    int key;             /* or UI_KEY_NONE: a command */
    const char *command; /* without the colon */
    unsigned line;
};

struct ui_script {
    struct mxs_arena *arena;
    MXS_LIST(struct ui_script_item) items;
    size_t next;
};

/* MXS_ERR_SYNTAX "FILE:LINE: ..": no such key or command, a quote without end. */
enum mxs_err ui_script_read(struct ui_script *script, const char *path, struct mxs_why *why);
enum mxs_err ui_script_parse(struct ui_script *script, const char *name, const char *text,
                             struct mxs_why *why);
void ui_script_fini(struct ui_script *script);
/* NULL at the end. */
const struct ui_script_item *ui_script_next(struct ui_script *script);

#endif
