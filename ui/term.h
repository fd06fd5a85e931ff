/* The terminal: keys in, cells out. The only room that knows curses. */
#ifndef MXSCOPE_UI_TERM_H
#define MXSCOPE_UI_TERM_H

#include "ui/key.h"
#include "ui/surface.h"

struct ui_term;

/* Takes the terminal over. MXS_ERR_UNSUPPORTED with why: no terminal, or one that cannot place a
 * cursor (TERM=dumb). The terminal is given back by ui_term_stop, and whenever the process ends by a
 * signal, by exit() or for want of memory. At most one at a time. */
enum mxs_err ui_term_start(struct ui_term **out, bool mouse, struct mxs_why *why);
void ui_term_stop(struct ui_term *term);

/* True when the locale's characters are not UTF-8: glyphs must be ASCII. Before or after start. */
bool ui_term_ascii(void);

/* MXS_ERR_UNSUPPORTED with why, as ui_term_start would say it. */
enum mxs_err ui_term_usable(struct mxs_why *why);
/* By what the terminal says of its background. */
const struct ui_theme *ui_term_theme(void);

int ui_term_wake_fd(struct ui_term *term); /* readable after a signal */
/* The next key, or UI_KEY_NONE when none waits. UI_KEY_RESIZE: ask ui_term_size. */
int ui_term_key(struct ui_term *term);
struct ui_mouse_at { /* of the last UI_KEY_MOUSE */
    int y, x, wheel; /* wheel -1, 0 = click, 1 */
};
struct ui_mouse_at ui_term_mouse_at(const struct ui_term *term);
int ui_term_ended(struct ui_term *term); /* the signal that asks us to end, or 0 */
void ui_term_size(const struct ui_term *term, int *rows, int *cols);

void ui_term_draw(struct ui_term *term, const struct ui_surface *surface,
                  const struct ui_theme *theme);
void ui_term_redraw(struct ui_term *term); /* the next draw paints everything */
void ui_term_mouse(struct ui_term *term, bool on);
void ui_term_suspend(struct ui_term *term); /* returns when continued */
/* OSC 52, and wrapped for tmux inside tmux. False when the text is longer than terminals take. */
bool ui_term_copy(struct ui_term *term, const char *text);

#endif
