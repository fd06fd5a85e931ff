#include "config.h"

#include "ui/popup.h"

#include <stdio.h>

enum { WIDEST = 96, MARGIN = 2 }; /* lines longer than that are hard to read */

int ui_popup_width(const struct ui_surface *surface)
{
    int w = surface->cols - 2 * MARGIN - 4;
    return w > WIDEST ? WIDEST : w > 10 ? w : 10;
}

void ui_popup_open(struct ui_popup *popup, const char *title)
{
    ui_popup_close(popup);
    *popup = (struct ui_popup){ .arena = mxs_arena_new() };
    popup->title = mxs_arena_strdup(popup->arena, title);
    ui_lines_init(&popup->lines, popup->arena);
    ui_list_init(&popup->list, &ui_lines_source, &popup->lines);
}

void ui_popup_close(struct ui_popup *popup)
{
    if (!popup->arena)
        return;
    ui_list_fini(&popup->list);
    mxs_arena_free(popup->arena);
    *popup = (struct ui_popup){ .arena = NULL };
}

static void frame(struct ui_surface *s, struct ui_rect r, const char *title)
{
    int bottom = r.y + r.h - 1, right = r.x + r.w - 1;
    ui_fill(s, r, UI_STYLE_NORMAL);
    ui_put_run(s, r.y, r.x, r.w, UI_STYLE_RULE, UI_GLYPH_HLINE);
    ui_put_run(s, bottom, r.x, r.w, UI_STYLE_RULE, UI_GLYPH_HLINE);
    ui_put_column(s, r.y, r.x, r.h, UI_STYLE_RULE, UI_GLYPH_VLINE);
    ui_put_column(s, r.y, right, r.h, UI_STYLE_RULE, UI_GLYPH_VLINE);
    ui_put_run(s, r.y, r.x, 1, UI_STYLE_RULE, UI_GLYPH_TOP_LEFT);
    ui_put_run(s, r.y, right, 1, UI_STYLE_RULE, UI_GLYPH_TOP_RIGHT);
    ui_put_run(s, bottom, r.x, 1, UI_STYLE_RULE, UI_GLYPH_BOTTOM_LEFT);
    ui_put_run(s, bottom, right, 1, UI_STYLE_RULE, UI_GLYPH_BOTTOM_RIGHT);
    ui_put(s, r, 2, 1, UI_STYLE_NORMAL, " ");
    int x = 3 + ui_put(s, r, 3, r.w - 6, UI_STYLE_TITLE_ON, title);
    ui_put(s, r, x, 1, UI_STYLE_NORMAL, " ");
}

static void paint_more(const struct ui_popup *popup, struct ui_surface *s, struct ui_rect r,
                       size_t n)
{
    char text[32];
    if (n <= (size_t)(r.h - 2))
        return;
    snprintf(text, sizeof text, " %zu/%zu ", popup->list.cursor + 1, n);
    int w = ui_text_width(text, s->ascii);
    ui_put(s, (struct ui_rect){ r.y + r.h - 1, r.x, 1, r.w }, r.w - w - 2, w, UI_STYLE_DIM, text);
}

void ui_popup_paint(struct ui_popup *popup, struct ui_surface *surface)
{
    size_t n = ui_list_count(&popup->list);
    int w = ui_popup_width(surface) + 4, h = (int)(n < 1000 ? n : 1000) + 2;
    int max = surface->rows - 2;
    h = h > max ? max : h < 4 ? 4 : h;
    struct ui_rect r = { (surface->rows - h) / 2, (surface->cols - w) / 2, h, w };
    popup->rect = r;
    frame(surface, r, popup->title);
    ui_list_paint(&popup->list, surface, (struct ui_rect){ r.y + 1, r.x + 2, h - 2, w - 4 }, true);
    paint_more(popup, surface, r, n);
}
