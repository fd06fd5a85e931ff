/* Streams, stacked: socket < TLS < whatever comes next. Nobody asks "is TLS on?". Used from inside a
 * coroutine: read and write wait by yielding. A tap sees the bytes that cross a stream. */
#ifndef MXSCOPE_SRC_NET_STREAM_H
#define MXSCOPE_SRC_NET_STREAM_H

#include "base/buf.h"
#include "net/coro.h"

struct mxs_stream;

struct mxs_stream_ops {
    const char *name;
    /* At least one byte into buf, or: MXS_ERR_CLOSED (how by mxs_stream_close_how), TIMEOUT, CANCELLED,
     * IO, TLS, each with why. */
    enum mxs_err (*read)(struct mxs_stream *s, uint8_t *buf, size_t max, size_t *n,
                         int64_t deadline, struct mxs_why *why);
    enum mxs_err (*write)(struct mxs_stream *s, const uint8_t *p, size_t n, int64_t deadline,
                          struct mxs_why *why); /* all of it */
    /* Bytes that have arrived and were not read; for "glued" bytes and for the paused state. */
    size_t (*pending)(struct mxs_stream *s);
    void (*close)(struct mxs_stream *s); /* frees it and what is below it */
};

enum mxs_close_how { MXS_CLOSE_NONE, MXS_CLOSE_FIN, MXS_CLOSE_RST, MXS_CLOSE_NOTIFY };

struct mxs_stream {
    const struct mxs_stream_ops *ops;
    struct mxs_stream *below;
    struct mxs_coro *coro; /* the coroutine that uses it */
    enum mxs_close_how closed;
};

/* A TCP connection. While the coroutine is suspended the loop keeps reading into a bounded buffer, so
 * that a close or an alert is seen at once and not lost. Sets TCP_NODELAY. */
struct mxs_socket_options {
    const char *address; /* numeric */
    unsigned port;
    const char *source;  /* numeric, or NULL */
    size_t buffer_max;   /* bytes read ahead, 0 = 256 KiB */
};
/* TIMEOUT, CANCELLED; IO: refused or unreachable; UNSUPPORTED: it fails on this machine already (no route,
 * no IPv6, a wrong source address); USAGE: no address. */
enum mxs_err mxs_socket_connect(struct mxs_coro *self, struct mxs_loop *loop,
                                const struct mxs_socket_options *options, int64_t deadline,
                                struct mxs_stream **out, struct mxs_why *why);
/* For servers: wraps an accepted descriptor, which it owns from now on. */
struct mxs_stream *mxs_socket_wrap(struct mxs_coro *self, struct mxs_loop *loop, int fd);
int mxs_socket_fd(const struct mxs_stream *s);
/* "192.0.2.1:25" of the two ends, in arena. */
void mxs_socket_names(const struct mxs_stream *s, struct mxs_arena *arena, const char **local,
                      const char **remote);

#endif
