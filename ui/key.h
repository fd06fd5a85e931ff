/* Keys as numbers: a character is its code point, ^A..^Z are 1..26, the others are named here. */
#ifndef MXSCOPE_UI_KEY_H
#define MXSCOPE_UI_KEY_H

#include "base/base.h"

enum ui_key {
    UI_KEY_NONE = 0,
    UI_KEY_UP = 0x110000, /* above every code point */
    UI_KEY_DOWN,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_DELETE,
    UI_KEY_BACKSPACE,
    UI_KEY_TAB,
    UI_KEY_BACK_TAB,
    UI_KEY_ENTER,
    UI_KEY_ESCAPE,
    UI_KEY_F1,
    UI_KEY_F12 = UI_KEY_F1 + 11,
    UI_KEY_MOUSE, /* term.c says where */
    UI_KEY_RESIZE
};

/* "q", "^L", "F5", "PgUp", "Space", "Tab", "S-Tab", "Enter", "Esc", "Up" .. ; UI_KEY_NONE when it is
 * no key's name. */
int ui_key_parse(const char *name);
/* out has at least 12 bytes; returns it. */
const char *ui_key_name(int key, char out[12]);
/* A character key as UTF-8; 0 bytes when key is no printable character. out has 5 bytes. */
size_t ui_key_text(int key, char out[5]);
/* The code point of the UTF-8 character at s, *used its bytes; 0 when it is none. */
int ui_key_of_text(const char *s, size_t *used);

#endif
