/* A line of a list before it is painted: spans of styled text, some at a column of their own; and a
 * growing set of such lines. Text is borrowed: constants or the arena given. */
#ifndef MXSCOPE_UI_LINE_H
#define MXSCOPE_UI_LINE_H

#include "base/arena.h"
#include "ui/surface.h"

struct ui_span {
    const char *text;
    int x; /* column; -1: right behind the span before */
    int w; /* at most so many columns; 0: to the end of the line */
    bool right; /* aligned to the right within w */
    enum ui_style style;
};

struct ui_line {
    struct mxs_arena *arena;
    MXS_LIST(struct ui_span) spans;
    bool heading;        /* cannot be selected */
    uint64_t tag;        /* what the line stands for: an event, a session, an index; 0 = nothing */
    const char *copy;    /* what `y` copies; NULL: the text of the line */
};

void ui_line_init(struct ui_line *line, struct mxs_arena *arena);
void ui_line_add(struct ui_line *line, enum ui_style style, const char *text); /* NULL adds nothing */
void ui_line_addf(struct ui_line *line, enum ui_style style, const char *fmt, ...) MXS_PRINTF(3, 4);
void ui_line_at(struct ui_line *line, int x, int w, enum ui_style style, const char *text);
void ui_line_right(struct ui_line *line, int x, int w, enum ui_style style, const char *text);
void ui_line_paint(const struct ui_line *line, struct ui_surface *surface, struct ui_rect row);
/* All spans in order, a blank between separate columns; in the line's arena. */
char *ui_line_text(const struct ui_line *line);

struct ui_lines {
    struct mxs_arena *arena;
    MXS_LIST(struct ui_line) lines;
};

void ui_lines_init(struct ui_lines *lines, struct mxs_arena *arena);
/* A new empty line at the end; the pointer is good until the next one. */
struct ui_line *ui_lines_add(struct ui_lines *lines);
void ui_lines_heading(struct ui_lines *lines, const char *text);
void ui_lines_blank(struct ui_lines *lines);
/* Text broken at blanks to width columns; later lines are indented by hang columns. */
void ui_lines_wrap(struct ui_lines *lines, int width, int indent, int hang, enum ui_style style,
                   const char *text);
/* "name   value", the value wrapped in its column; a NULL value adds nothing. */
void ui_lines_pair(struct ui_lines *lines, int width, int name_width, const char *name,
                   enum ui_style style, const char *value);

#endif
