/* One line of input at the bottom: search, filter, command, file name, edit. */
#ifndef MXSCOPE_UI_PROMPT_H
#define MXSCOPE_UI_PROMPT_H

#include "ui/surface.h"

enum { UI_PROMPT_MAX = 1024, UI_HISTORY = 32 };

struct ui;
typedef void (*ui_prompt_fn)(struct ui *ui, const char *text);

struct ui_history { /* what was typed before, newest last; one for each kind of prompt */
    char *lines[UI_HISTORY];
    size_t n;
};

struct ui_prompt {
    bool open;
    const char *label;     /* "/" ":" "edit: " */
    char text[UI_PROMPT_MAX];
    size_t n, at;          /* bytes; where the cursor stands */
    ui_prompt_fn done;     /* Enter */
    ui_prompt_fn change;   /* after each change; NULL */
    ui_prompt_fn cancel;   /* Esc; NULL */
    struct ui_history *history; /* NULL */
    size_t back;           /* how far back in the history, 0 = not */
};

enum ui_prompt_end { UI_PROMPT_GOES_ON, UI_PROMPT_CHANGED, UI_PROMPT_DONE, UI_PROMPT_CANCELLED };

void ui_prompt_open(struct ui_prompt *prompt, const char *label, const char *text,
                    struct ui_history *history, ui_prompt_fn done);
enum ui_prompt_end ui_prompt_key(struct ui_prompt *prompt, int key);
/* Paints on the row and puts the surface's cursor there. */
void ui_prompt_paint(const struct ui_prompt *prompt, struct ui_surface *surface, struct ui_rect row);
void ui_history_add(struct ui_history *history, const char *line);
void ui_history_fini(struct ui_history *history);

#endif
