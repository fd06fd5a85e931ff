#include "config.h"

#include "ui/hexdump.h"
#include "ui/veil.h"

static int offset_width(const struct ui_hexdump *dump)
{
    return dump->bytes.n > 0x10000 ? 6 : 4;
}

/* offset, a blank, three columns a byte with a gap in the middle, a blank, the characters */
static int columns_for(const struct ui_hexdump *dump, size_t per_row)
{
    return offset_width(dump) + 1 + (int)per_row * 3 + 2 + (int)per_row;
}

size_t ui_hexdump_per_row(const struct ui_hexdump *dump)
{
    return dump->width >= columns_for(dump, 16) ? 16 : dump->width >= columns_for(dump, 8) ? 8 : 4;
}

size_t ui_hexdump_row(const struct ui_hexdump *dump, size_t offset)
{
    return offset / ui_hexdump_per_row(dump);
}

static size_t hex_count(void *data)
{
    struct ui_hexdump *dump = data;
    size_t per = ui_hexdump_per_row(dump);
    return (dump->bytes.n + per - 1) / per;
}

static bool marked(const struct ui_hexdump *dump, size_t at)
{
    return at >= dump->mark_off && at - dump->mark_off < dump->mark_len;
}

static void hex_line(void *data, size_t row, int width, struct ui_line *line)
{
    struct ui_hexdump *dump = data;
    size_t per = ui_hexdump_per_row(dump), from = row * per;
    int x = offset_width(dump) + 1, text_x = x + (int)per * 3 + 1 + (per > 4);
    (void)width;
    ui_line_addf(line, UI_STYLE_DIM, "%0*zx", offset_width(dump), from);
    for (size_t i = 0; i < per && from + i < dump->bytes.n; i++) {
        uint8_t byte = dump->bytes.p[from + i];
        bool mark = marked(dump, from + i), next = mark && i + 1 < per && marked(dump, from + i + 1);
        bool plain = byte >= 0x20 && byte < 0x7f && !ui_veiled();
        enum ui_style hex = mark ? UI_STYLE_MARK : UI_STYLE_NORMAL;
        enum ui_style chr = mark ? UI_STYLE_MARK : plain ? UI_STYLE_NORMAL : UI_STYLE_DIM;
        int at = x + (int)i * 3 + (per > 4 && i >= per / 2);
        int w = next ? (per > 4 && i + 1 == per / 2 ? 4 : 3) : 2;
        const char *gap = w == 4 ? "  " : w == 3 ? " " : "";
        ui_line_at(line, at, w, hex, /* bytes hold names */
                   ui_veiled() ? mxs_arena_printf(line->arena, "..%s", gap)
                               : mxs_arena_printf(line->arena, "%02x%s", byte, gap));
        ui_line_at(line, text_x + (int)i, 1, chr,
                   plain ? mxs_arena_printf(line->arena, "%c", byte)
                         : ui_glyph(dump->ascii, UI_GLYPH_DOT));
    }
}

const struct ui_source ui_hexdump_source = { hex_count, hex_line, NULL, NULL };
