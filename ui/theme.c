#include "config.h"

#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

#define B UI_ATTR_BOLD
#define D UI_ATTR_DIM
#define R UI_ATTR_REVERSE
#define U UI_ATTR_UNDERLINE

/* Green, yellow and red are kept for state; blue and violet are the lanes of client and server. */
static const struct ui_look dark[UI_STYLE_COUNT] = {
    [UI_STYLE_NORMAL] = { -1, -1, -1, 0 },
    [UI_STYLE_DIM] = { 245, -1, -1, 0 },
    [UI_STYLE_STRONG] = { -1, -1, -1, B },
    [UI_STYLE_HEADING] = { 110, -1, 6, B },
    [UI_STYLE_RULE] = { 239, -1, -1, 0 },
    [UI_STYLE_TITLE] = { 249, -1, -1, 0 },
    [UI_STYLE_TITLE_ON] = { 117, -1, 6, B },
    [UI_STYLE_BAR] = { 252, 236, -1, 0 },
    [UI_STYLE_BAR_STRONG] = { 231, 236, -1, B },
    [UI_STYLE_BAR_OK] = { 114, 236, -1, B },
    [UI_STYLE_BAR_WARN] = { 221, 236, -1, B },
    [UI_STYLE_BAR_BAD] = { 210, 236, -1, B },
    [UI_STYLE_TAB] = { 246, -1, -1, 0 },
    [UI_STYLE_TAB_ON] = { 16, 110, -1, B },
    [UI_STYLE_KEY] = { 117, 236, -1, B },
    [UI_STYLE_KEY_TEXT] = { 250, 236, -1, 0 },
    [UI_STYLE_OK] = { 114, -1, 2, 0 },
    [UI_STYLE_WARN] = { 221, -1, 3, 0 },
    [UI_STYLE_BAD] = { 210, -1, 1, B },
    [UI_STYLE_OUT] = { 117, -1, 6, 0 },
    [UI_STYLE_IN] = { 183, -1, 5, 0 },
    [UI_STYLE_FIELD] = { 110, -1, 6, 0 },
    [UI_STYLE_NOTE] = { 180, -1, 3, 0 },
    [UI_STYLE_MARK] = { 16, 117, -1, B },
    [UI_STYLE_MATCH] = { 16, 221, -1, 0 },
    [UI_STYLE_PROMPT] = { 231, -1, -1, B },
    [UI_STYLE_ERROR] = { 210, -1, 1, B },
};

static const struct ui_look light[UI_STYLE_COUNT] = {
    [UI_STYLE_NORMAL] = { -1, -1, -1, 0 },
    [UI_STYLE_DIM] = { 242, -1, -1, 0 },
    [UI_STYLE_STRONG] = { -1, -1, -1, B },
    [UI_STYLE_HEADING] = { 24, -1, 4, B },
    [UI_STYLE_RULE] = { 250, -1, -1, 0 },
    [UI_STYLE_TITLE] = { 240, -1, -1, 0 },
    [UI_STYLE_TITLE_ON] = { 25, -1, 4, B },
    [UI_STYLE_BAR] = { 237, 254, -1, 0 },
    [UI_STYLE_BAR_STRONG] = { 16, 254, -1, B },
    [UI_STYLE_BAR_OK] = { 22, 254, -1, B },
    [UI_STYLE_BAR_WARN] = { 94, 254, -1, B },
    [UI_STYLE_BAR_BAD] = { 124, 254, -1, B },
    [UI_STYLE_TAB] = { 240, -1, -1, 0 },
    [UI_STYLE_TAB_ON] = { 231, 25, -1, B },
    [UI_STYLE_KEY] = { 25, 254, -1, B },
    [UI_STYLE_KEY_TEXT] = { 238, 254, -1, 0 },
    [UI_STYLE_OK] = { 28, -1, 2, 0 },
    [UI_STYLE_WARN] = { 130, -1, 5, B },
    [UI_STYLE_BAD] = { 160, -1, 1, B },
    [UI_STYLE_OUT] = { 25, -1, 4, 0 },
    [UI_STYLE_IN] = { 90, -1, 5, 0 },
    [UI_STYLE_FIELD] = { 24, -1, 4, 0 },
    [UI_STYLE_NOTE] = { 94, -1, 5, 0 },
    [UI_STYLE_MARK] = { 231, 25, -1, B },
    [UI_STYLE_MATCH] = { 16, 221, -1, 0 },
    [UI_STYLE_PROMPT] = { 16, -1, -1, B },
    [UI_STYLE_ERROR] = { 160, -1, 1, B },
};

#define MONO(a) { -1, -1, -1, (a) }
static const struct ui_look mono[UI_STYLE_COUNT] = {
    [UI_STYLE_NORMAL] = MONO(0),        [UI_STYLE_DIM] = MONO(0),
    [UI_STYLE_STRONG] = MONO(B),        [UI_STYLE_HEADING] = MONO(B),
    [UI_STYLE_RULE] = MONO(0),          [UI_STYLE_TITLE] = MONO(0),
    [UI_STYLE_TITLE_ON] = MONO(B | U),  [UI_STYLE_BAR] = MONO(R),
    [UI_STYLE_BAR_STRONG] = MONO(R | B), [UI_STYLE_BAR_OK] = MONO(R | B),
    [UI_STYLE_BAR_WARN] = MONO(R | B),  [UI_STYLE_BAR_BAD] = MONO(R | B),
    [UI_STYLE_TAB] = MONO(0),           [UI_STYLE_TAB_ON] = MONO(R | B),
    [UI_STYLE_KEY] = MONO(R | B),       [UI_STYLE_KEY_TEXT] = MONO(R),
    [UI_STYLE_OK] = MONO(0),            [UI_STYLE_WARN] = MONO(B),
    [UI_STYLE_BAD] = MONO(B),           [UI_STYLE_OUT] = MONO(0),
    [UI_STYLE_IN] = MONO(0),            [UI_STYLE_FIELD] = MONO(0),
    [UI_STYLE_NOTE] = MONO(0),          [UI_STYLE_MARK] = MONO(R),
    [UI_STYLE_MATCH] = MONO(R | U),     [UI_STYLE_PROMPT] = MONO(B),
    [UI_STYLE_ERROR] = MONO(B),
};

static const struct ui_look dark_backings[UI_BACKING_COUNT] = {
    [UI_BACKING_SELECTED] = { -1, 24, -1, R }, [UI_BACKING_RESTING] = { -1, 236, -1, U },
};
static const struct ui_look light_backings[UI_BACKING_COUNT] = {
    [UI_BACKING_SELECTED] = { -1, 153, -1, R }, [UI_BACKING_RESTING] = { -1, 254, -1, U },
};
static const struct ui_look mono_backings[UI_BACKING_COUNT] = {
    [UI_BACKING_SELECTED] = MONO(R), [UI_BACKING_RESTING] = MONO(U),
};

static const struct ui_theme themes[] = {
    { "dark", true, dark, dark_backings },
    { "light", true, light, light_backings },
    { "mono", false, mono, mono_backings },
};

const struct ui_theme *ui_theme_find(const char *name)
{
    for (size_t i = 0; i < MXS_COUNT(themes); i++)
        if (strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return NULL;
}

const struct ui_theme *ui_theme_next(const struct ui_theme *theme)
{
    return &themes[(size_t)(theme - themes + 1) % MXS_COUNT(themes)];
}

const struct ui_theme *ui_theme_guess(const char *colorfgbg)
{
    const char *bg = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    long n = bg ? strtol(bg + 1, NULL, 10) : 0;
    return &themes[bg && (n == 7 || n == 15) ? 1 : 0];
}

struct ui_paint ui_theme_paint(const struct ui_theme *theme, enum ui_style style,
                               enum ui_backing backing, int colors)
{
    if (style == UI_STYLE_DIM && backing == UI_BACKING_SELECTED)
        style = UI_STYLE_NORMAL; /* grey on the bar is hard to read */
    bool rich = colors >= 256;
    const struct ui_look *look = &theme->looks[style], *under = &theme->backings[backing];
    if (colors < 8 || (!rich && look->bg != -1)) /* eight colours make no readable bars: reverse */
        look = &mono[style];
    struct ui_paint paint = { rich ? look->fg : look->fg8, rich ? look->bg : -1, look->attrs };
    if (backing == UI_BACKING_NONE)
        return paint;
    if (rich && paint.bg == -1) /* a mark of its own stays visible on the selected row */
        paint.bg = under->bg;
    if (!rich && backing == UI_BACKING_SELECTED)
        paint.fg = -1; /* reversed colours would be blocks */
    if (!rich || !theme->color)
        paint.attrs |= mono_backings[backing].attrs;
    return paint;
}

char ui_style_letter(enum ui_style style)
{
    static const char letters[] = {
#define X(id, letter) letter,
        UI_STYLES(X)
#undef X
    };
    return letters[style];
}
