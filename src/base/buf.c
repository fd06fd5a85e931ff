#include "config.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mxs_buf_init(struct mxs_buf *buf, size_t max)
{
    *buf = (struct mxs_buf){ .max = max };
}

void mxs_buf_fini(struct mxs_buf *buf)
{
    free(buf->p);
    mxs_buf_init(buf, buf->max);
}

void mxs_buf_clear(struct mxs_buf *buf)
{
    buf->n = 0;
}

/* Room for n bytes and the NUL of mxs_buf_str. */
static void reserve(struct mxs_buf *buf, size_t n)
{
    size_t need = buf->n + n + 1;
    if (need <= buf->cap)
        return;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < need)
        cap *= 2;
    buf->p = mxs_realloc(buf->p, cap);
    buf->cap = cap;
}

enum mxs_err mxs_buf_add(struct mxs_buf *buf, const void *p, size_t n)
{
    if (n > mxs_buf_room(buf))
        return MXS_ERR_LIMIT;
    reserve(buf, n);
    if (n)
        memcpy(buf->p + buf->n, p, n);
    buf->n += n;
    return MXS_OK;
}

enum mxs_err mxs_buf_puts(struct mxs_buf *buf, const char *s)
{
    return mxs_buf_add(buf, s, strlen(s));
}

enum mxs_err mxs_buf_putc(struct mxs_buf *buf, char c)
{
    return mxs_buf_add(buf, &c, 1);
}

enum mxs_err mxs_buf_printf(struct mxs_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    enum mxs_err err = n < 0 || (size_t)n > mxs_buf_room(buf) ? MXS_ERR_LIMIT : MXS_OK;
    if (err == MXS_OK) {
        reserve(buf, (size_t)n);
        vsnprintf((char *)buf->p + buf->n, (size_t)n + 1, fmt, again);
        buf->n += (size_t)n;
    }
    va_end(again);
    return err;
}

size_t mxs_buf_room(const struct mxs_buf *buf)
{
    return buf->max - buf->n;
}

void mxs_buf_take(struct mxs_buf *buf, size_t n)
{
    if (n < buf->n)
        memmove(buf->p, buf->p + n, buf->n - n);
    buf->n = n < buf->n ? buf->n - n : 0;
}

const char *mxs_buf_str(struct mxs_buf *buf)
{
    reserve(buf, 0);
    buf->p[buf->n] = 0;
    return (const char *)buf->p;
}

struct mxs_bytes mxs_buf_bytes(const struct mxs_buf *buf)
{
    return mxs_bytes(buf->p, buf->n);
}
