/* A cursor over wire bytes, big-endian. Reading past the end sets `bad` and gives zeroes, so that a
 * decoder checks once at the end of a structure, not at each field. */
#ifndef MXSCOPE_SRC_BASE_CURSOR_H
#define MXSCOPE_SRC_BASE_CURSOR_H

#include "base/base.h"

struct mxs_cursor {
    const uint8_t *base; /* offset 0 of the enclosing message, for byte ranges */
    const uint8_t *p, *end;
    bool bad;
};

static inline struct mxs_cursor mxs_cursor(struct mxs_bytes b)
{
    return (struct mxs_cursor){ b.p, b.p, b.n ? b.p + b.n : b.p, false }; /* p may be NULL */
}

static inline size_t mxs_cursor_left(const struct mxs_cursor *c)
{
    return (size_t)(c->end - c->p);
}

static inline size_t mxs_cursor_offset(const struct mxs_cursor *c)
{
    return (size_t)(c->p - c->base);
}

uint32_t mxs_cursor_uint(struct mxs_cursor *c, size_t bytes); /* 1..4 bytes */
struct mxs_bytes mxs_cursor_take(struct mxs_cursor *c, size_t n);
/* A TLS vector (RFC 8446 3.4) with a length of 1..3 bytes: a cursor over its body; the byte ranges
 * stay those of the enclosing message. A length that runs past the end sets bad on both. */
struct mxs_cursor mxs_cursor_vector(struct mxs_cursor *c, size_t length_bytes);

#endif
