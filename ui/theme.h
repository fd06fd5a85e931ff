/* Styles by meaning, and what each looks like per theme. Views name styles; only term.c turns a look
 * into terminal attributes. State is never told by a look alone: the word stands beside it. */
#ifndef MXSCOPE_UI_THEME_H
#define MXSCOPE_UI_THEME_H

#include "base/base.h"

/* X(enum suffix, letter in a style map) */
#define UI_STYLES(X)                                                                     \
    X(NORMAL, '.')                                                                       \
    X(DIM, 'd')                                                                          \
    X(STRONG, 'B')                                                                       \
    X(HEADING, 'H')                                                                      \
    X(RULE, '-')                                                                         \
    X(TITLE, 't')                                                                        \
    X(TITLE_ON, 'T')                                                                     \
    X(BAR, 'b')                                                                          \
    X(BAR_STRONG, 'S')                                                                   \
    X(BAR_OK, 'o')                                                                       \
    X(BAR_WARN, 'a')                                                                     \
    X(BAR_BAD, 'x')                                                                      \
    X(TAB, 'u')                                                                          \
    X(TAB_ON, 'U')                                                                       \
    X(KEY, 'K')                                                                          \
    X(KEY_TEXT, 'k')                                                                     \
    X(OK, 'O')                                                                           \
    X(WARN, 'W')                                                                         \
    X(BAD, 'X')                                                                          \
    X(OUT, '>')                                                                          \
    X(IN, '<')                                                                           \
    X(FIELD, 'f')                                                                        \
    X(NOTE, 'n')                                                                         \
    X(MARK, 'M')                                                                         \
    X(MATCH, '/')                                                                        \
    X(PROMPT, 'p')                                                                       \
    X(ERROR, 'E')

enum ui_style {
#define X(id, letter) UI_STYLE_##id,
    UI_STYLES(X)
#undef X
    UI_STYLE_COUNT
};

/* What lies behind a cell, besides its style: the selected row keeps the styles of its words. */
enum ui_backing { UI_BACKING_NONE, UI_BACKING_SELECTED, UI_BACKING_RESTING, UI_BACKING_COUNT };

enum ui_attr {
    UI_ATTR_BOLD = 1u << 0,
    UI_ATTR_DIM = 1u << 1,
    UI_ATTR_REVERSE = 1u << 2,
    UI_ATTR_UNDERLINE = 1u << 3
};

struct ui_look { /* colours: -1 = the terminal's own; fg8 for terminals with eight of them */
    short fg, bg, fg8;
    unsigned attrs;
};

struct ui_theme {
    const char *name;
    bool color;
    const struct ui_look *looks;    /* by style */
    const struct ui_look *backings; /* by backing; fg is not used */
};

const struct ui_theme *ui_theme_find(const char *name); /* "dark" "light" "mono"; NULL: unknown */
const struct ui_theme *ui_theme_next(const struct ui_theme *theme);
/* By what the terminal says of itself ($COLORFGBG, may be NULL): "light" or "dark". */
const struct ui_theme *ui_theme_guess(const char *colorfgbg);
struct ui_paint { /* what a terminal is told */
    short fg, bg;
    unsigned attrs;
};
/* A style on a backing, for a terminal with that many colours (below 8: attributes only). */
struct ui_paint ui_theme_paint(const struct ui_theme *theme, enum ui_style style,
                               enum ui_backing backing, int colors);
char ui_style_letter(enum ui_style style);

#endif
