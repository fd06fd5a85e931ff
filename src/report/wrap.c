#include "config.h"

#include "report/wrap.h"

#include <string.h>

static size_t columns(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((uint8_t)s[i] & 0xc0) != 0x80;
    return count;
}

size_t mxs_columns(const char *s)
{
    return columns(s, strlen(s));
}

void mxs_wrap(struct mxs_buf *out, const char *text, size_t now, size_t at, size_t width)
{
    for (bool first = true; *text; first = false) {
        size_t n = strcspn(text, " "), w = columns(text, n);
        if (!first && now + 1 + w > width) {
            mxs_buf_printf(out, "\n%*s", (int)at, "");
            now = at;
        } else if (!first) {
            mxs_buf_putc(out, ' ');
            now++;
        }
        mxs_buf_add(out, text, n);
        now += w;
        text += n + (text[n] == ' ');
    }
    mxs_buf_putc(out, '\n');
}
