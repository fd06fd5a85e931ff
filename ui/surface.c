#include "config.h"

#include "ui/surface.h"
#include "ui/veil.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char *const glyphs[UI_GLYPH_COUNT][2] = {
#define X(id, utf8, ascii) [UI_GLYPH_##id] = { utf8, ascii },
    UI_GLYPHS(X)
#undef X
};

const char *ui_glyph(bool ascii, enum ui_glyph glyph)
{
    return glyphs[glyph][ascii];
}

void ui_surface_init(struct ui_surface *surface, bool ascii)
{
    *surface = (struct ui_surface){ .ascii = ascii };
}

void ui_surface_fini(struct ui_surface *surface)
{
    free(surface->cells);
    ui_surface_init(surface, surface->ascii);
}

void ui_surface_resize(struct ui_surface *surface, int rows, int cols)
{
    surface->rows = rows;
    surface->cols = cols;
    surface->cells =
        mxs_realloc(surface->cells, (size_t)rows * (size_t)cols * sizeof *surface->cells);
    ui_surface_clear(surface);
}

void ui_surface_clear(struct ui_surface *surface)
{
    ui_fill(surface, (struct ui_rect){ 0, 0, surface->rows, surface->cols }, UI_STYLE_NORMAL);
    surface->cursor_y = surface->cursor_x = 0;
}

static struct ui_cell *cell_at(const struct ui_surface *surface, int y, int x)
{
    return &surface->cells[(size_t)y * (size_t)surface->cols + (size_t)x];
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

struct ui_rect ui_rect_clip(struct ui_rect a, struct ui_rect b)
{
    struct ui_rect r = { max(a.y, b.y), max(a.x, b.x), 0, 0 };
    r.h = max(0, min(a.y + a.h, b.y + b.h) - r.y);
    r.w = max(0, min(a.x + a.w, b.x + b.w) - r.x);
    return r;
}

bool ui_rect_has(struct ui_rect r, int y, int x)
{
    return y >= r.y && y < r.y + r.h && x >= r.x && x < r.x + r.w;
}

static struct ui_rect on_surface(const struct ui_surface *surface, struct ui_rect r)
{
    return ui_rect_clip(r, (struct ui_rect){ 0, 0, surface->rows, surface->cols });
}

/* Length of the character at s, and its code point; broken bytes count as U+FFFD, one each. Text was
 * sanitised before it came here (base/text), so this only has to be safe. */
static size_t decode(const char *s, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    *cp = len == 1 ? p[0] : len ? p[0] & (0xffu >> (len + 1)) : 0xfffd;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            *cp = 0xfffd;
            return 1;
        }
        *cp = *cp << 6 | (p[i] & 0x3f);
    }
    return len ? len : 1;
}

/* A character as it will be shown: its bytes, its columns (0 = joins the one before). */
struct shown {
    const char *text;
    size_t len;
    int width;
};

static size_t show(const char *s, bool ascii, struct shown *out)
{
    uint32_t cp = 0;
    size_t used = decode(s, &cp);
    int width = cp < 0x80 ? 1 : wcwidth((wchar_t)cp);
    *out = (struct shown){ s, used, width };
    if (cp < 0x20 || cp == 0x7f || width < 0 || cp == 0xfffd)
        *out = (struct shown){ "?", 1, 1 };
    else if (ascii && cp >= 0x80)
        *out = (struct shown){ width > 1 ? "??" : "?", width > 1 ? 2 : 1, width };
    return used;
}

int ui_text_width(const char *text, bool ascii)
{
    int w = 0;
    for (struct shown c; *text; w += c.width)
        text += show(text, ascii, &c);
    return w;
}

size_t ui_text_fit(const char *text, int w, bool ascii)
{
    const char *p = text;
    struct shown c;
    for (size_t used; *p; p += used) {
        used = show(p, ascii, &c);
        if (c.width > w)
            break;
        w -= c.width;
    }
    return (size_t)(p - text);
}

static void set_cell(struct ui_cell *cell, const char *text, size_t len, enum ui_style style)
{
    memcpy(cell->text, text, len);
    cell->text[len] = 0;
    cell->style = (uint8_t)style;
}

static void join_cell(struct ui_cell *cell, const struct shown *c)
{
    size_t have = strlen(cell->text);
    if (have && have + c->len < UI_CELL_BYTES) {
        memcpy(cell->text + have, c->text, c->len);
        cell->text[have + c->len] = 0;
    }
}

/* A wide character that loses one half to another text leaves a blank, not half a sign. */
static void heal(struct ui_surface *surface, int y, int x)
{
    if (x < surface->cols && !cell_at(surface, y, x)->text[0])
        set_cell(cell_at(surface, y, x), " ", 1, cell_at(surface, y, x)->style);
}

static void put_shown(struct ui_surface *surface, int y, int x, enum ui_style style,
                      const struct shown *c)
{
    struct ui_cell *cell = cell_at(surface, y, x);
    bool halves = c->width == 2 && c->text[0] == '?';
    if (x > 0 && !cell->text[0])
        set_cell(cell - 1, " ", 1, (cell - 1)->style);
    set_cell(cell, c->text, halves ? 1 : c->len, style);
    if (c->width == 2)
        set_cell(cell + 1, halves ? "?" : "", halves ? 1 : 0, style);
    heal(surface, y, x + c->width);
}

int ui_put(struct ui_surface *surface, struct ui_rect r, int x, int w, enum ui_style style,
           const char *text)
{
    struct mxs_arena *arena = ui_veiled() ? mxs_arena_new() : NULL;
    int columns = ui_put_veiled(surface, r, x, w, style, ui_veil(arena, text));
    mxs_arena_free(arena);
    return columns;
}

int ui_put_veiled(struct ui_surface *surface, struct ui_rect r, int x, int w, enum ui_style style,
                  const char *text)
{
    struct ui_rect at = { r.y, r.x + x, 1, min(w, r.w - x) };
    struct ui_rect seen = on_surface(surface, at);
    if (seen.h < 1 || seen.w < 1 || seen.x != at.x)
        return 0;
    bool cut = ui_text_width(text, surface->ascii) > seen.w;
    int end = seen.x + seen.w - (cut ? 1 : 0), col = seen.x;
    for (struct shown c; *text;) {
        text += show(text, surface->ascii, &c);
        if (c.width == 0 && col > seen.x) {
            join_cell(cell_at(surface, seen.y, col - 1), &c);
            continue;
        }
        if (col + c.width > end)
            break;
        if (c.width > 0)
            put_shown(surface, seen.y, col, style, &c);
        col += c.width;
    }
    if (cut)
        ui_put_run(surface, seen.y, col++, 1, style, UI_GLYPH_ELLIPSIS);
    return col - seen.x;
}

void ui_put_run(struct ui_surface *surface, int y, int x, int n, enum ui_style style,
                enum ui_glyph glyph)
{
    struct ui_rect r = on_surface(surface, (struct ui_rect){ y, x, 1, n });
    const char *text = ui_glyph(surface->ascii, glyph);
    for (int i = 0; r.h && i < r.w; i++)
        put_shown(surface, r.y, r.x + i, style, &(struct shown){ text, strlen(text), 1 });
}

void ui_put_column(struct ui_surface *surface, int y, int x, int n, enum ui_style style,
                   enum ui_glyph glyph)
{
    for (int i = 0; i < n; i++)
        ui_put_run(surface, y + i, x, 1, style, glyph);
}

void ui_fill(struct ui_surface *surface, struct ui_rect r, enum ui_style style)
{
    r = on_surface(surface, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++) {
            set_cell(cell_at(surface, y, x), " ", 1, style);
            cell_at(surface, y, x)->backing = UI_BACKING_NONE;
        }
}

void ui_back(struct ui_surface *surface, struct ui_rect r, enum ui_backing backing)
{
    r = on_surface(surface, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            cell_at(surface, y, x)->backing = (uint8_t)backing;
}

void ui_restyle(struct ui_surface *surface, struct ui_rect r, enum ui_style style)
{
    r = on_surface(surface, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            cell_at(surface, y, x)->style = (uint8_t)style;
}

/* Columns that needle takes when the cells from x on spell it, 0 when they do not. */
static int match_at(const struct ui_surface *surface, struct ui_rect r, int x, const char *needle)
{
    int from = x;
    while (*needle && x < r.x + r.w) {
        const char *text = cell_at(surface, r.y, x++)->text;
        size_t n = strlen(text);
        if (!mxs_ascii_prefix(needle, text))
            return 0;
        needle += n;
    }
    return *needle ? 0 : x - from;
}

void ui_mark_matches(struct ui_surface *surface, struct ui_rect r, const char *needle)
{
    r = on_surface(surface, r);
    for (int x = r.x, n; *needle && r.h && x < r.x + r.w; x++)
        if ((n = match_at(surface, r, x, needle)) > 0)
            ui_restyle(surface, (struct ui_rect){ r.y, x, 1, n }, UI_STYLE_MATCH);
}

static enum mxs_err trimmed_line(struct mxs_buf *out, size_t start)
{
    while (out->n > start && out->p[out->n - 1] == ' ')
        out->n--;
    return mxs_buf_putc(out, '\n');
}

enum mxs_err ui_surface_text(const struct ui_surface *surface, struct mxs_buf *out)
{
    enum mxs_err err = MXS_OK;
    for (int y = 0; y < surface->rows && err == MXS_OK; y++) {
        size_t start = out->n;
        for (int x = 0; x < surface->cols && err == MXS_OK; x++)
            err = mxs_buf_puts(out, cell_at(surface, y, x)->text);
        err = err == MXS_OK ? trimmed_line(out, start) : err;
    }
    return err;
}

enum mxs_err ui_surface_styles(const struct ui_surface *surface, struct mxs_buf *out)
{
    enum mxs_err err = MXS_OK;
    for (int y = 0; y < surface->rows && err == MXS_OK; y++) {
        for (int x = 0; x < surface->cols && err == MXS_OK; x++) {
            const struct ui_cell *cell = cell_at(surface, y, x);
            char backing = cell->backing == UI_BACKING_SELECTED ? '#' : '=';
            bool blank = strcmp(cell->text, " ") == 0 && cell->style == UI_STYLE_NORMAL;
            err = mxs_buf_putc(out, cell->backing && blank ? backing
                                                            : ui_style_letter(cell->style));
        }
        err = err == MXS_OK ? mxs_buf_putc(out, '\n') : err;
    }
    return err;
}
