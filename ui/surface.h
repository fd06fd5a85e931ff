/* A grid of cells in memory. Views paint here with style ids, clipped to a rectangle; term.c shows it,
 * `:save-screen` and the tests read it as text. */
#ifndef MXSCOPE_UI_SURFACE_H
#define MXSCOPE_UI_SURFACE_H

#include "base/buf.h"
#include "ui/theme.h"

enum { UI_CELL_BYTES = 20 }; /* one base character and a few combining ones; more are dropped */

struct ui_cell {
    char text[UI_CELL_BYTES]; /* NUL-terminated UTF-8; "" = the right half of a wide character */
    uint8_t style, backing;
};

struct ui_rect {
    int y, x, h, w;
};

struct ui_surface {
    int rows, cols;
    bool ascii; /* glyphs and foreign characters in ASCII */
    struct ui_cell *cells;
    int cursor_y, cursor_x; /* where the hardware cursor rests */
};

/* Signs that have an ASCII form. X(enum suffix, UTF-8, ASCII); all are one column wide. */
#define UI_GLYPHS(X)          \
    X(HLINE, "─", "-")        \
    X(VLINE, "│", "|")        \
    X(SECURE, "║", "#")       \
    X(TOP_LEFT, "┌", "+")     \
    X(TOP_RIGHT, "┐", "+")    \
    X(BOTTOM_LEFT, "└", "+")  \
    X(BOTTOM_RIGHT, "┘", "+") \
    X(TEE_DOWN, "┬", "+")     \
    X(TEE_UP, "┴", "+")       \
    X(TEE_LEFT, "┤", "+")     \
    X(TEE_RIGHT, "├", "+")    \
    X(HEAD_RIGHT, "▶", ">")   \
    X(HEAD_LEFT, "◀", "<")    \
    X(OPEN, "▾", "-")         \
    X(CLOSED, "▸", "+")       \
    X(BULLET, "•", "*")       \
    X(DISC, "●", "*")         \
    X(TODAY, "◆", "@")        \
    X(ELLIPSIS, "…", "~")     \
    X(ARROW, "→", ">")        \
    X(SHADE, "░", ":")        \
    X(DOT, "·", ".")          \
    X(DASH, "–", "-")

enum ui_glyph {
#define X(id, utf8, ascii) UI_GLYPH_##id,
    UI_GLYPHS(X)
#undef X
    UI_GLYPH_COUNT
};
const char *ui_glyph(bool ascii, enum ui_glyph glyph);

void ui_surface_init(struct ui_surface *surface, bool ascii);
void ui_surface_fini(struct ui_surface *surface);
void ui_surface_resize(struct ui_surface *surface, int rows, int cols); /* also clears */
void ui_surface_clear(struct ui_surface *surface);

/* The part of a that lies in b (h or w 0 when none). */
struct ui_rect ui_rect_clip(struct ui_rect a, struct ui_rect b);
bool ui_rect_has(struct ui_rect r, int y, int x);

/* Writes UTF-8 text on the first row of r, from column x of it, at most w columns; text that does not
 * fit ends with an ellipsis. Control characters show as '?'. Returns the columns used. */
int ui_put(struct ui_surface *surface, struct ui_rect r, int x, int w, enum ui_style style,
           const char *text);
/* The same for text that passed ui_veil already. */
int ui_put_veiled(struct ui_surface *surface, struct ui_rect r, int x, int w, enum ui_style style,
                  const char *text);
/* A run of one glyph. */
void ui_put_run(struct ui_surface *surface, int y, int x, int n, enum ui_style style,
                enum ui_glyph glyph);
void ui_put_column(struct ui_surface *surface, int y, int x, int n, enum ui_style style,
                   enum ui_glyph glyph);
void ui_fill(struct ui_surface *surface, struct ui_rect r, enum ui_style style); /* blanks */
/* Lays a backing under the cells of r, or a style over them. */
void ui_back(struct ui_surface *surface, struct ui_rect r, enum ui_backing backing);
void ui_restyle(struct ui_surface *surface, struct ui_rect r, enum ui_style style);
/* Restyles every place in r's first row where needle stands (ASCII case does not matter). */
void ui_mark_matches(struct ui_surface *surface, struct ui_rect r, const char *needle);

/* Columns that text takes when it is put. */
int ui_text_width(const char *text, bool ascii);
/* Bytes of the longest prefix of text that fits w columns; never inside a character. */
size_t ui_text_fit(const char *text, int w, bool ascii);

/* The whole surface as lines without trailing blanks, or as a map of style letters (upper row of the
 * same form; the selected row as '#', a resting selection as '='). */
enum mxs_err ui_surface_text(const struct ui_surface *surface, struct mxs_buf *out);
enum mxs_err ui_surface_styles(const struct ui_surface *surface, struct mxs_buf *out);

#endif
