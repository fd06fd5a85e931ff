#include "config.h"

#include "ui/line.h"
#include "ui/veil.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ui_line_init(struct ui_line *line, struct mxs_arena *arena)
{
    *line = (struct ui_line){ .arena = arena };
}

static void add_span(struct ui_line *line, struct ui_span span)
{
    span.text = ui_veil(line->arena, span.text);
    if (span.text && (*span.text || span.w))
        *mxs_list_add(line->arena, &line->spans) = span;
}

void ui_line_add(struct ui_line *line, enum ui_style style, const char *text)
{
    add_span(line, (struct ui_span){ .text = text, .x = -1, .style = style });
}

void ui_line_addf(struct ui_line *line, enum ui_style style, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ui_line_add(line, style, mxs_arena_strdup(line->arena, text));
}

void ui_line_at(struct ui_line *line, int x, int w, enum ui_style style, const char *text)
{
    add_span(line, (struct ui_span){ .text = text, .x = x, .w = w, .style = style });
}

void ui_line_right(struct ui_line *line, int x, int w, enum ui_style style, const char *text)
{
    add_span(line, (struct ui_span){ .text = text, .x = x, .w = w, .right = true, .style = style });
}

void ui_line_paint(const struct ui_line *line, struct ui_surface *surface, struct ui_rect row)
{
    int x = 0;
    for (size_t i = 0; i < line->spans.n; i++) {
        const struct ui_span *span = &line->spans.v[i];
        int w = span->w ? span->w : row.w;
        x = span->x >= 0 ? span->x : x;
        int blank = span->right ? w - ui_text_width(span->text, surface->ascii) : 0;
        int shift = blank > 0 ? blank : 0;
        x += shift;
        x += ui_put_veiled(surface, row, x, w - shift, span->style, span->text);
    }
}

char *ui_line_text(const struct ui_line *line)
{
    size_t n = 1;
    for (size_t i = 0; i < line->spans.n; i++)
        n += strlen(line->spans.v[i].text) + 1;
    char *text = mxs_arena_alloc(line->arena, n), *p = text;
    for (size_t i = 0; i < line->spans.n; i++) {
        const struct ui_span *span = &line->spans.v[i];
        if (p > text && span->x >= 0)
            *p++ = ' ';
        size_t len = strlen(span->text);
        memcpy(p, span->text, len);
        p += len;
    }
    return text;
}

void ui_lines_init(struct ui_lines *lines, struct mxs_arena *arena)
{
    *lines = (struct ui_lines){ .arena = arena };
}

struct ui_line *ui_lines_add(struct ui_lines *lines)
{
    struct ui_line *line = mxs_list_add(lines->arena, &lines->lines);
    ui_line_init(line, lines->arena);
    return line;
}

void ui_lines_heading(struct ui_lines *lines, const char *text)
{
    struct ui_line *line = ui_lines_add(lines);
    line->heading = true;
    ui_line_add(line, UI_STYLE_HEADING, text);
}

void ui_lines_blank(struct ui_lines *lines)
{
    ui_lines_add(lines)->heading = true;
}

/* Bytes of text that go on one line of w columns: up to the last blank that fits, a longer word is
 * cut. *skip is how many bytes the next line starts behind. */
static size_t wrap_at(const char *text, int w, size_t *skip)
{
    size_t fit = ui_text_fit(text, w > 1 ? w : 1, false), cut = fit;
    if (text[fit] && text[fit] != ' ')
        while (cut > 0 && text[cut - 1] != ' ')
            cut--;
    if (cut == 0)
        cut = fit ? fit : 1;
    *skip = cut;
    while (text[*skip] == ' ')
        ++*skip;
    while (cut > 0 && text[cut - 1] == ' ')
        cut--;
    return cut;
}

void ui_lines_wrap(struct ui_lines *lines, int width, int indent, int hang, enum ui_style style,
                   const char *text)
{
    text = ui_veil(lines->arena, text);
    for (bool first = true; text && *text; first = false) {
        int x = first ? indent : indent + hang;
        size_t skip = 0, n = wrap_at(text, width - x, &skip);
        struct ui_line *line = ui_lines_add(lines);
        *mxs_list_add(line->arena, &line->spans) = (struct ui_span){
            .text = mxs_arena_strndup(lines->arena, text, n), .x = x, .style = style };
        text += skip;
    }
}

void ui_lines_pair(struct ui_lines *lines, int width, int name_width, const char *name,
                   enum ui_style style, const char *value)
{
    if (!value)
        return;
    size_t first = lines->lines.n;
    ui_lines_wrap(lines, width, name_width + 1, 0, style, *value ? value : "-");
    struct ui_line *line = first < lines->lines.n ? &lines->lines.v[first] : ui_lines_add(lines);
    struct ui_span span = line->spans.n ? line->spans.v[0] : (struct ui_span){ .text = "" };
    line->spans.n = 0;
    ui_line_at(line, 0, name_width, UI_STYLE_FIELD, name);
    *mxs_list_add(line->arena, &line->spans) = span; /* its text may be cut already */
}
