#include "config.h"

#include "ui/prompt.h"

#include "ui/key.h"

#include <stdlib.h>
#include <string.h>

static void set_text(struct ui_prompt *prompt, const char *text)
{
    size_t n = strlen(text);
    prompt->n = prompt->at = n < UI_PROMPT_MAX - 1 ? n : UI_PROMPT_MAX - 1;
    memcpy(prompt->text, text, prompt->n);
    prompt->text[prompt->n] = 0;
}

void ui_prompt_open(struct ui_prompt *prompt, const char *label, const char *text,
                    struct ui_history *history, ui_prompt_fn done)
{
    *prompt = (struct ui_prompt){ .open = true, .label = label, .done = done, .history = history };
    set_text(prompt, text ? text : "");
}

static size_t previous(const struct ui_prompt *prompt, size_t at)
{
    while (at > 0 && (prompt->text[--at] & 0xc0) == 0x80)
        ;
    return at;
}

static size_t next(const struct ui_prompt *prompt, size_t at)
{
    while (at < prompt->n && (prompt->text[++at] & 0xc0) == 0x80)
        ;
    return at;
}

static void cut(struct ui_prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text + from, prompt->text + to, prompt->n - to + 1);
    prompt->n -= to - from;
    prompt->at = from;
}

static bool insert(struct ui_prompt *prompt, int key)
{
    char bytes[5];
    size_t n = ui_key_text(key, bytes);
    if (n == 0 || prompt->n + n >= UI_PROMPT_MAX)
        return false;
    memmove(prompt->text + prompt->at + n, prompt->text + prompt->at, prompt->n - prompt->at + 1);
    memcpy(prompt->text + prompt->at, bytes, n);
    prompt->n += n;
    prompt->at += n;
    return true;
}

static bool recall(struct ui_prompt *prompt, int by)
{
    const struct ui_history *history = prompt->history;
    size_t back = prompt->back + (size_t)(long)by;
    if (!history || back > history->n)
        return false;
    prompt->back = back;
    set_text(prompt, back ? history->lines[history->n - back] : "");
    return true;
}

static size_t word_start(const struct ui_prompt *prompt)
{
    size_t at = prompt->at;
    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

static bool edit(struct ui_prompt *prompt, int key)
{
    size_t before = prompt->n;
    switch (key) {
    case UI_KEY_BACKSPACE:
        cut(prompt, previous(prompt, prompt->at), prompt->at);
        break;
    case UI_KEY_DELETE:
    case 4: /* ^D */
        cut(prompt, prompt->at, next(prompt, prompt->at));
        break;
    case 11: /* ^K */
        cut(prompt, prompt->at, prompt->n);
        break;
    case 21: /* ^U */
        cut(prompt, 0, prompt->at);
        break;
    case 23: /* ^W */
        cut(prompt, word_start(prompt), prompt->at);
        break;
    case UI_KEY_UP:
        return recall(prompt, 1);
    case UI_KEY_DOWN:
        return recall(prompt, -1);
    default:
        return insert(prompt, key);
    }
    return prompt->n != before;
}

static bool walk(struct ui_prompt *prompt, int key)
{
    switch (key) {
    case UI_KEY_LEFT:
    case 2: /* ^B */
        prompt->at = previous(prompt, prompt->at);
        return true;
    case UI_KEY_RIGHT:
    case 6: /* ^F */
        prompt->at = next(prompt, prompt->at);
        return true;
    case UI_KEY_HOME:
    case 1: /* ^A */
        prompt->at = 0;
        return true;
    case UI_KEY_END:
    case 5: /* ^E */
        prompt->at = prompt->n;
        return true;
    default:
        return false;
    }
}

enum ui_prompt_end ui_prompt_key(struct ui_prompt *prompt, int key)
{
    bool empty = prompt->n == 0 && key == UI_KEY_BACKSPACE;
    if (key == UI_KEY_ESCAPE || key == 3 || empty) {
        prompt->open = false;
        return UI_PROMPT_CANCELLED;
    }
    if (key == UI_KEY_ENTER) {
        prompt->open = false;
        if (prompt->history && prompt->n)
            ui_history_add(prompt->history, prompt->text);
        return UI_PROMPT_DONE;
    }
    if (walk(prompt, key))
        return UI_PROMPT_GOES_ON;
    return edit(prompt, key) ? UI_PROMPT_CHANGED : UI_PROMPT_GOES_ON;
}

void ui_prompt_paint(const struct ui_prompt *prompt, struct ui_surface *surface, struct ui_rect row)
{
    char before[UI_PROMPT_MAX];
    memcpy(before, prompt->text, prompt->at);
    before[prompt->at] = 0;
    ui_fill(surface, row, UI_STYLE_PROMPT);
    int x = ui_put(surface, row, 0, row.w / 2, UI_STYLE_PROMPT, prompt->label);
    size_t from = 0; /* a long text scrolls so that the cursor stays in sight */
    while (x + ui_text_width(before + from, surface->ascii) >= row.w - 1 && before[from])
        from = next(prompt, from);
    ui_put(surface, row, x, row.w - x, UI_STYLE_NORMAL, prompt->text + from);
    surface->cursor_y = row.y;
    surface->cursor_x = row.x + x + ui_text_width(before + from, surface->ascii);
}

void ui_history_add(struct ui_history *history, const char *line)
{
    if (history->n && strcmp(history->lines[history->n - 1], line) == 0)
        return;
    if (history->n == UI_HISTORY) {
        free(history->lines[0]);
        memmove(history->lines, history->lines + 1, sizeof *history->lines * (UI_HISTORY - 1));
        history->n--;
    }
    history->lines[history->n++] = mxs_strdup(line);
}

void ui_history_fini(struct ui_history *history)
{
    while (history->n)
        free(history->lines[--history->n]);
}
