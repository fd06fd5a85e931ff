/* A growing buffer with a mandatory maximum. Everything that comes off a wire passes one. */
#ifndef MXSCOPE_SRC_BASE_BUF_H
#define MXSCOPE_SRC_BASE_BUF_H

#include "base/base.h"

struct mxs_buf {
    uint8_t *p; /* owned; NULL while empty. Not NUL-terminated, see mxs_buf_str */
    size_t n, cap, max;
};

void mxs_buf_init(struct mxs_buf *buf, size_t max);
void mxs_buf_fini(struct mxs_buf *buf); /* frees and empties; the buffer may be used again */
void mxs_buf_clear(struct mxs_buf *buf);

/* MXS_ERR_LIMIT, and nothing appended, when it would exceed max. */
enum mxs_err mxs_buf_add(struct mxs_buf *buf, const void *p, size_t n);
enum mxs_err mxs_buf_puts(struct mxs_buf *buf, const char *s);
enum mxs_err mxs_buf_putc(struct mxs_buf *buf, char c);
enum mxs_err mxs_buf_printf(struct mxs_buf *buf, const char *fmt, ...) MXS_PRINTF(2, 3);

size_t mxs_buf_room(const struct mxs_buf *buf); /* what still fits */
void mxs_buf_take(struct mxs_buf *buf, size_t n); /* drops the first n bytes */
const char *mxs_buf_str(struct mxs_buf *buf); /* NUL-terminated view, valid until the next change */
struct mxs_bytes mxs_buf_bytes(const struct mxs_buf *buf);

#endif
