/* Which key does what: rows of text, "KEY ACTION [ARG]", defaults and the operator's alike. The help
 * overlay and the bottom line are made from this table and the actions'. */
#ifndef MXSCOPE_UI_KEYMAP_H
#define MXSCOPE_UI_KEYMAP_H

#include "base/arena.h"
#include "ui/key.h"

struct ui_binding {
    int key;
    const char *action, *arg; /* arg "" when none */
};

struct ui_keymap {
    struct mxs_arena *arena;
    MXS_LIST(struct ui_binding) bindings; /* later rows come before earlier ones */
};

void ui_keymap_init(struct ui_keymap *keymap); /* with the defaults */
void ui_keymap_fini(struct ui_keymap *keymap);
/* A row of text. Binding a key to "none" frees it. MXS_ERR_SYNTAX with why: no such key or action. */
enum mxs_err ui_keymap_bind(struct ui_keymap *keymap, const char *row, struct mxs_why *why);
/* NULL when the key does nothing. */
const struct ui_binding *ui_keymap_find(const struct ui_keymap *keymap, int key);
/* What it means in a lesson, when the action can be taken there; NULL: nothing of its own. */
const struct ui_binding *ui_keymap_find_lesson(const struct ui_keymap *keymap, int key);
/* The keys of an action, "s F5", in the order of binding; "" when none. NULL arg: any argument. */
const char *ui_keymap_keys(const struct ui_keymap *keymap, struct mxs_arena *arena,
                           const char *action, const char *arg);
/* The first of them, or NULL. out has 12 bytes. */
const char *ui_keymap_key(const struct ui_keymap *keymap, const char *action, char out[12]);

#endif
