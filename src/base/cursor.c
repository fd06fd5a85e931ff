#include "config.h"

#include "base/cursor.h"

uint32_t mxs_cursor_uint(struct mxs_cursor *c, size_t bytes)
{
    struct mxs_bytes b = mxs_cursor_take(c, bytes);
    uint32_t v = 0;
    for (size_t i = 0; i < b.n; i++)
        v = v << 8 | b.p[i];
    return v;
}

struct mxs_bytes mxs_cursor_take(struct mxs_cursor *c, size_t n)
{
    if (c->bad || n > mxs_cursor_left(c)) {
        c->bad = true;
        c->p = c->end;
        return mxs_bytes(c->end, 0);
    }
    struct mxs_bytes b = mxs_bytes(c->p, n);
    c->p += n;
    return b;
}

struct mxs_cursor mxs_cursor_vector(struct mxs_cursor *c, size_t length_bytes)
{
    size_t n = mxs_cursor_uint(c, length_bytes);
    struct mxs_bytes b = mxs_cursor_take(c, n);
    return (struct mxs_cursor){ c->base, b.p, b.n ? b.p + b.n : b.p, c->bad };
}
