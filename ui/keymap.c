#include "config.h"

#include "ui/keymap.h"

#include "ui/actions.h"

#include <string.h>

/* The order within an action is the order in which its keys are shown. */
static const char *const defaults[] = {
    "s step",          "F5 step",          "S step-stage",   "c continue",
    "b break",         "e edit",           "r run",          "x stop",
    "q back",          "Esc close",        "Q quit",         "F10 quit",
    "^C quit",         "? help",           "F1 help",        "Up up",
    "k up",            "Down down",        "j down",         "Left left",
    "h left",          "Right right",      "l right",        "PgUp page-up",
    "^B page-up",      "PgDn page-down",   "^F page-down",   "Space page-down",
    "g first",         "Home first",       "G last",         "End last",
    "Tab next-pane",   "S-Tab previous-pane", "Enter enter", "\\ maximise",
    "B bytes",         "[ session -1",     "] session +1",   "/ search",
    "F3 search",       "n next",           "N previous",     "f filter",
    "F4 filter",       ": command",        "y copy",         "w write",
    "F9 write",        "E explain",        "t theme",        "m mouse",
    "d date",          "^L redraw",        "^Z suspend",     "0 view 0",
    "1 view 1",        "2 view 2",         "3 view 3",       "4 view 4",
    "5 view 5",        "6 view 6",         "7 view 7",       "8 view 8",
    "F8 view 5",       "+ change",        "u undo",          "H history",
    /* in a lesson, before the meanings above */
    "Space go-on",         "a answer a",       "b answer b",     "c answer c",
    "d answer d",          "> next-step",      "< previous-step", "R restart",
    "L lesson",
};

void ui_keymap_init(struct ui_keymap *keymap)
{
    *keymap = (struct ui_keymap){ .arena = mxs_arena_new() };
    for (size_t i = 0; i < MXS_COUNT(defaults); i++)
        ui_keymap_bind(keymap, defaults[i], NULL);
}

void ui_keymap_fini(struct ui_keymap *keymap)
{
    mxs_arena_free(keymap->arena);
}

/* The next word of *s, in the arena; NULL at the end. */
static char *word(struct mxs_arena *arena, const char **s)
{
    *s += strspn(*s, " \t");
    size_t n = strcspn(*s, " \t");
    char *w = n ? mxs_arena_strndup(arena, *s, n) : NULL;
    *s += n;
    *s += strspn(*s, " \t");
    return w;
}

enum mxs_err ui_keymap_bind(struct ui_keymap *keymap, const char *row, struct mxs_why *why)
{
    const char *rest = row, *name = word(keymap->arena, &rest);
    const char *action = word(keymap->arena, &rest);
    int key = name ? ui_key_parse(name) : UI_KEY_NONE;
    if (!name || !action)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "bind: \"%.60s\" is not KEY ACTION [ARG]", row);
    if (key == UI_KEY_NONE)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "bind: no key is called %.40s", name);
    if (strcmp(action, "none") != 0 && !ui_action_find(action))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "bind: no action is called %.40s", action);
    *mxs_list_add(keymap->arena, &keymap->bindings) =
        (struct ui_binding){ key, action, mxs_arena_strdup(keymap->arena, rest) };
    return MXS_OK;
}

static bool of_lessons(const struct ui_binding *b)
{
    const struct ui_action *action = ui_action_find(b->action);
    return action && action->needs & UI_NEEDS_LESSON;
}

static const struct ui_binding *last(const struct ui_keymap *keymap, int key, bool lesson)
{
    for (size_t i = keymap->bindings.n; i-- > 0;)
        if (keymap->bindings.v[i].key == key && of_lessons(&keymap->bindings.v[i]) == lesson)
            return strcmp(keymap->bindings.v[i].action, "none") ? &keymap->bindings.v[i] : NULL;
    return NULL;
}

const struct ui_binding *ui_keymap_find(const struct ui_keymap *keymap, int key)
{
    return last(keymap, key, false);
}

const struct ui_binding *ui_keymap_find_lesson(const struct ui_keymap *keymap, int key)
{
    return last(keymap, key, true);
}

static bool is_for(const struct ui_keymap *keymap, const struct ui_binding *b, const char *action,
                   const char *arg)
{
    return strcmp(b->action, action) == 0 && (!arg || strcmp(b->arg, arg) == 0) &&
           last(keymap, b->key, of_lessons(b)) == b; /* not bound anew since */
}

const char *ui_keymap_keys(const struct ui_keymap *keymap, struct mxs_arena *arena,
                           const char *action, const char *arg)
{
    char *text = mxs_arena_strdup(arena, ""), name[12];
    for (size_t i = 0; i < keymap->bindings.n; i++)
        if (is_for(keymap, &keymap->bindings.v[i], action, arg))
            text = mxs_arena_printf(arena, "%s%s%s", text, *text ? " " : "",
                                    ui_key_name(keymap->bindings.v[i].key, name));
    return text;
}

const char *ui_keymap_key(const struct ui_keymap *keymap, const char *action, char out[12])
{
    for (size_t i = 0; i < keymap->bindings.n; i++)
        if (is_for(keymap, &keymap->bindings.v[i], action, NULL))
            return ui_key_name(keymap->bindings.v[i].key, out);
    return NULL;
}
