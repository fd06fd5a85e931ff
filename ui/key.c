#include "config.h"

#include "ui/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mxs_name names[] = {
    { UI_KEY_UP, "Up" },         { UI_KEY_DOWN, "Down" },      { UI_KEY_LEFT, "Left" },
    { UI_KEY_RIGHT, "Right" },   { UI_KEY_HOME, "Home" },      { UI_KEY_END, "End" },
    { UI_KEY_PAGE_UP, "PgUp" },  { UI_KEY_PAGE_DOWN, "PgDn" }, { UI_KEY_DELETE, "Del" },
    { UI_KEY_BACKSPACE, "BS" },  { UI_KEY_TAB, "Tab" },        { UI_KEY_BACK_TAB, "S-Tab" },
    { UI_KEY_ENTER, "Enter" },   { UI_KEY_ESCAPE, "Esc" },     { ' ', "Space" },
    { 0, NULL },
};

int ui_key_of_text(const char *s, size_t *used)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    int cp = n == 1 ? p[0] : p[0] & (0xff >> (n + 1));
    if (n == 0)
        return UI_KEY_NONE;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return UI_KEY_NONE;
        cp = cp << 6 | (p[i] & 0x3f);
    }
    *used = n;
    return cp;
}

int ui_key_parse(const char *name)
{
    int key = mxs_name_value(names, name);
    size_t used = 0;
    if (key != -1)
        return key;
    if (name[0] == '^' && name[1] >= 'A' && name[1] <= 'Z' && !name[2])
        return name[1] - 'A' + 1;
    if (name[0] == 'F' && name[1]) {
        char *end = NULL;
        long n = strtol(name + 1, &end, 10);
        return *end == 0 && n >= 1 && n <= 12 ? UI_KEY_F1 + (int)n - 1 : UI_KEY_NONE;
    }
    key = ui_key_of_text(name, &used);
    return key && name[used] == 0 ? key : UI_KEY_NONE;
}

size_t ui_key_text(int key, char out[5])
{
    unsigned cp = (unsigned)key;
    size_t n = 0;
    if (key < 0x20 || key == 0x7f || (key >= 0x80 && key < 0xa0) || key >= UI_KEY_UP)
        n = 0;
    else if (cp < 0x80)
        out[n++] = (char)cp;
    else {
        n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        for (size_t i = n; i-- > 1; cp >>= 6)
            out[i] = (char)(0x80 | (cp & 0x3f));
        out[0] = (char)((0xf00 >> n) | cp);
    }
    out[n] = 0;
    return n;
}

const char *ui_key_name(int key, char out[12])
{
    const char *name = mxs_name_of(names, key);
    if (name)
        snprintf(out, 12, "%s", name);
    else if (key >= UI_KEY_F1 && key <= UI_KEY_F12)
        snprintf(out, 12, "F%d", key - UI_KEY_F1 + 1);
    else if (key >= 1 && key <= 26)
        snprintf(out, 12, "^%c", 'A' + key - 1);
    else if (ui_key_text(key, out) == 0)
        snprintf(out, 12, "?");
    return out;
}
