#include "config.h"

#include "ui/slider.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* Ticks stand at the middles of n equal parts, a date between two ticks between them. */
static int column(int width, const struct ui_slider *s, int64_t at)
{
    size_t before = 0;
    bool on = false;
    for (size_t i = 0; i < s->n && s->ticks[i] <= at; i++) {
        on = s->ticks[i] == at;
        before += !on;
    }
    int64_t places = (int64_t)s->n * 2, place = (int64_t)before * 2 + on;
    int x = places ? (int)(place * (width - 1) / places) : width / 2;
    return x < 0 ? 0 : x < width ? x : width - 1;
}

int ui_slider_column(int width, const struct ui_slider *slider)
{
    return column(width, slider, slider->at);
}

void ui_slider_line(struct ui_line *line, int width, const struct ui_slider *slider, bool ascii)
{
    char *run = mxs_arena_alloc(line->arena, (size_t)width * 4 + 1), *p = run;
    const char *rule = ui_glyph(ascii, UI_GLYPH_HLINE), *tick = ui_glyph(ascii, UI_GLYPH_TEE_DOWN);
    bool *ticked = mxs_arena_alloc(line->arena, (size_t)width + 1);
    for (size_t i = 0; i < slider->n; i++)
        ticked[column(width, slider, slider->ticks[i])] = true;
    for (int x = 0; x < width; x++) {
        const char *sign = ticked[x] ? tick : rule;
        memcpy(p, sign, strlen(sign));
        p += strlen(sign);
    }
    ui_line_at(line, 0, width, UI_STYLE_RULE, run);
    ui_line_at(line, column(width, slider, slider->today), 1, UI_STYLE_NORMAL,
               ui_glyph(ascii, UI_GLYPH_TODAY));
    ui_line_at(line, column(width, slider, slider->at), 1, UI_STYLE_MARK,
               ui_glyph(ascii, UI_GLYPH_DISC));
}

void ui_slider_years(struct ui_line *line, int width, const struct ui_slider *slider)
{
    enum { YEAR_W = 4 };
    int free_from = 0;
    char last[YEAR_W + 1] = "";
    for (size_t i = 0; i < slider->n; i++) {
        char *year = mxs_time_text(line->arena, slider->ticks[i]);
        int x = column(width, slider, slider->ticks[i]);
        year[strlen(year) < YEAR_W ? strlen(year) : YEAR_W] = 0;
        if (strcmp(year, last) == 0 || x < free_from || x + YEAR_W > width)
            continue;
        memcpy(last, year, strlen(year) + 1);
        ui_line_at(line, x, YEAR_W, UI_STYLE_DIM, year);
        free_from = x + YEAR_W + 1;
    }
}

int64_t ui_slider_step(const struct ui_slider *slider, int by)
{
    int64_t to = slider->at;
    for (size_t i = 0; i < slider->n; i++) {
        int64_t tick = slider->ticks[i];
        if (by > 0 && tick > slider->at)
            return tick;
        if (by < 0 && tick < slider->at)
            to = tick;
    }
    return to;
}
