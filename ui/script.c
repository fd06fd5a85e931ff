#include "config.h"

#include "ui/script.h"

#include "base/file.h"
#include "ui/actions.h"
#include "ui/key.h"

#include <string.h>

enum { SCRIPT_MAX = 1 << 20 };

static struct ui_script_item *add(struct ui_script *script, unsigned line, int key,
                                  const char *command)
{
    struct ui_script_item *item = mxs_list_add(script->arena, &script->items);
    *item = (struct ui_script_item){ key, command, line };
    return item;
}

static enum mxs_err parse_command(struct ui_script *script, const char *name, unsigned line,
                                  const char *text, struct mxs_why *why)
{
    text += strspn(text, ": \t");
    const char *action = mxs_arena_strndup(script->arena, text, strcspn(text, " \t"));
    if (!ui_action_find(action))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: no command is called %.40s", name, line,
                           action);
    add(script, line, UI_KEY_NONE, text);
    return MXS_OK;
}

/* "text": each character is a key; \" and \\ stand for themselves. Returns what is behind it, NULL
 * with why. */
static const char *parse_text(struct ui_script *script, const char *name, unsigned line,
                              const char *p, struct mxs_why *why)
{
    for (p++; *p && *p != '"';) {
        size_t used = 1;
        p += p[0] == '\\' && (p[1] == '"' || p[1] == '\\');
        int key = ui_key_of_text(p, &used);
        if (key == UI_KEY_NONE) {
            mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not UTF-8", name, line);
            return NULL;
        }
        add(script, line, key, NULL);
        p += used;
    }
    if (*p == 0)
        mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: a quote without end", name, line);
    return *p ? p + 1 : NULL;
}

static enum mxs_err parse_keys(struct ui_script *script, const char *name, unsigned line,
                               const char *p, struct mxs_why *why)
{
    for (p += strspn(p, " \t"); *p; p += strspn(p, " \t")) {
        if (*p == '"' && p[1] && p[1] != ' ') {
            p = parse_text(script, name, line, p, why);
            if (!p)
                return MXS_ERR_SYNTAX;
            continue;
        }
        size_t n = strcspn(p, " \t");
        const char *key = mxs_arena_strndup(script->arena, p, n);
        if (ui_key_parse(key) == UI_KEY_NONE)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: no key is called %.40s", name, line,
                               key);
        add(script, line, ui_key_parse(key), NULL);
        p += n;
    }
    return MXS_OK;
}

enum mxs_err ui_script_parse(struct ui_script *script, const char *name, const char *text,
                             struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    *script = (struct ui_script){ .arena = mxs_arena_new() };
    for (unsigned line = 1; *text && err == MXS_OK; line++) {
        size_t n = strcspn(text, "\n");
        char *row = mxs_arena_strndup(script->arena, text, n);
        row[strcspn(row, "\r")] = 0;
        char *p = row + strspn(row, " \t");
        if (*p == ':' && p[1] && p[1] != ' ')
            err = parse_command(script, name, line, p, why);
        else if (*p && *p != '#')
            err = parse_keys(script, name, line, p, why);
        text += n + (text[n] == '\n');
    }
    return err;
}

enum mxs_err ui_script_read(struct ui_script *script, const char *path, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes text = { NULL, 0 };
    enum mxs_err err = mxs_file_read(arena, path, SCRIPT_MAX, &text, why);
    if (err == MXS_OK)
        err = ui_script_parse(script, path, (const char *)text.p, why);
    else
        *script = (struct ui_script){ .arena = NULL };
    mxs_arena_free(arena);
    return err;
}

void ui_script_fini(struct ui_script *script)
{
    mxs_arena_free(script->arena);
    *script = (struct ui_script){ .arena = NULL };
}

const struct ui_script_item *ui_script_next(struct ui_script *script)
{
    return script->next < script->items.n ? &script->items.v[script->next++] : NULL;
}
