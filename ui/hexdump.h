/* Bytes as a list of rows: offset, hex, ASCII; one range marked. */
#ifndef MXSCOPE_UI_HEXDUMP_H
#define MXSCOPE_UI_HEXDUMP_H

#include "ui/list.h"

struct ui_hexdump {
    struct mxs_bytes bytes; /* borrowed */
    size_t mark_off, mark_len;
    int width;    /* columns to use; decides the bytes per row */
    bool ascii;
};

extern const struct ui_source ui_hexdump_source; /* data is a struct ui_hexdump */

size_t ui_hexdump_per_row(const struct ui_hexdump *dump); /* 4, 8 or 16 */
/* The row in which offset stands. */
size_t ui_hexdump_row(const struct ui_hexdump *dump, size_t offset);

#endif
