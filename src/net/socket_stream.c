/* TCP as a stream. A watch keeps reading into a bounded buffer while the coroutine is elsewhere
 * (paused, computing), so that what the peer sent before it closed or reset is still there to read. */
#include "config.h"

#include "net/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_MAX = 256 * 1024, READ_MAX = 16 * 1024 };

struct socket_stream {
    struct mxs_stream stream; /* first */
    struct mxs_watch *watch;
    int fd, error; /* errno of a reset */
    struct mxs_buf in;
};

static struct socket_stream *of(struct mxs_stream *s)
{
    return (struct socket_stream *)s;
}

/* The watch asks only for what fits: a full buffer leaves the rest to TCP's window. */
static void set_watch(struct socket_stream *s)
{
    bool want = s->stream.closed == MXS_CLOSE_NONE && mxs_buf_room(&s->in) > 0;
    mxs_watch_events(s->watch, want ? POLLIN : 0);
}

/* Takes what the kernel has, without waiting. */
static void drain(struct socket_stream *s)
{
    uint8_t chunk[READ_MAX];
    while (s->stream.closed == MXS_CLOSE_NONE && mxs_buf_room(&s->in) > 0) {
        size_t room = mxs_buf_room(&s->in);
        ssize_t n = recv(s->fd, chunk, room < sizeof chunk ? room : sizeof chunk, 0);
        if (n > 0) {
            mxs_buf_add(&s->in, chunk, (size_t)n);
        } else if (n == 0) {
            s->stream.closed = MXS_CLOSE_FIN;
        } else if (errno != EINTR) {
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                return;
            s->error = errno;
            s->stream.closed = MXS_CLOSE_RST;
        }
    }
}

static void on_readable(void *data, short revents)
{
    struct socket_stream *s = data;
    (void)revents;
    drain(s);
    set_watch(s);
}

static enum mxs_err closed(const struct socket_stream *s, struct mxs_why *why)
{
    if (s->stream.closed == MXS_CLOSE_FIN)
        return mxs_why_set(why, MXS_ERR_CLOSED, "the peer closed the connection");
    return mxs_why_set(why, MXS_ERR_CLOSED, "the connection broke: %s", strerror(s->error));
}

/* The reason of a wait that ended without its event. */
static enum mxs_err waited(enum mxs_err err, const char *for_what, struct mxs_why *why)
{
    return mxs_why_set(why, err, err == MXS_ERR_TIMEOUT ? "timed out %s" : "stopped while %s",
                       for_what);
}

static enum mxs_err socket_read(struct mxs_stream *stream, uint8_t *buf, size_t max, size_t *n,
                                int64_t deadline, struct mxs_why *why)
{
    struct socket_stream *s = of(stream);
    drain(s);
    while (s->in.n == 0) {
        if (stream->closed != MXS_CLOSE_NONE)
            return closed(s, why);
        mxs_watch_events(s->watch, 0); /* this coroutine waits itself */
        enum mxs_err err = mxs_coro_wait_fd(stream->coro, s->fd, POLLIN, deadline);
        set_watch(s);
        if (err)
            return waited(err, "waiting for the peer", why);
        drain(s);
    }
    *n = s->in.n < max ? s->in.n : max;
    memcpy(buf, s->in.p, *n);
    mxs_buf_take(&s->in, *n);
    if (s->in.n == 0 && s->in.cap > READ_MAX)
        mxs_buf_fini(&s->in);
    set_watch(s);
    return MXS_OK;
}

/* A write that fails says nothing of what the peer sent before: the reads still give that. */
static enum mxs_err socket_write(struct mxs_stream *stream, const uint8_t *p, size_t n,
                                 int64_t deadline, struct mxs_why *why)
{
    struct socket_stream *s = of(stream);
    while (n > 0) {
        ssize_t sent = send(s->fd, p, n, MSG_NOSIGNAL);
        if (sent >= 0) {
            p += sent;
            n -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            enum mxs_err err = mxs_coro_wait_fd(stream->coro, s->fd, POLLOUT, deadline);
            if (err)
                return waited(err, "sending", why);
        } else if (errno != EINTR) {
            s->error = errno;
            drain(s);
            if (stream->closed == MXS_CLOSE_NONE)
                stream->closed = MXS_CLOSE_RST;
            set_watch(s);
            return mxs_why_set(why, MXS_ERR_CLOSED, "cannot send: %s", strerror(s->error));
        }
    }
    return MXS_OK;
}

static size_t socket_pending(struct mxs_stream *stream)
{
    return of(stream)->in.n;
}

static void socket_close(struct mxs_stream *stream)
{
    struct socket_stream *s = of(stream);
    mxs_watch_free(s->watch);
    close(s->fd);
    mxs_buf_fini(&s->in);
    free(s);
}

static const struct mxs_stream_ops socket_ops = { "socket", socket_read, socket_write,
                                                  socket_pending, socket_close };

static struct socket_stream *wrap(struct mxs_coro *self, struct mxs_loop *loop, int fd,
                                  size_t buffer_max)
{
    struct socket_stream *s = mxs_alloc(sizeof *s);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    s->stream = (struct mxs_stream){ .ops = &socket_ops, .coro = self };
    s->fd = fd;
    mxs_buf_init(&s->in, buffer_max ? buffer_max : BUFFER_MAX);
    s->watch = mxs_loop_watch(loop, fd, POLLIN, on_readable, s);
    return s;
}

struct mxs_stream *mxs_socket_wrap(struct mxs_coro *self, struct mxs_loop *loop, int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return &wrap(self, loop, fd, 0)->stream;
}

/* --- connecting --- */

static enum mxs_err numeric(const char *address, unsigned port, struct addrinfo **out,
                            struct mxs_why *why)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_STREAM };
    char service[16];
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(address, service, &hints, out) != 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s: not an IPv4 or IPv6 address", address);
    return MXS_OK;
}

static enum mxs_err bind_source(int fd, int family, const char *source, struct mxs_why *why)
{
    struct addrinfo *from = NULL;
    if (!source)
        return MXS_OK;
    enum mxs_err err = numeric(source, 0, &from, why);
    if (err)
        return err;
    if (from->ai_family != family)
        err = mxs_why_set(why, MXS_ERR_UNSUPPORTED, "source address %s is of another family",
                          source);
    else if (bind(fd, from->ai_addr, from->ai_addrlen) != 0)
        err = mxs_why_set(why, MXS_ERR_UNSUPPORTED, "source address %s: %s", source, strerror(errno));
    freeaddrinfo(from);
    return err;
}

static enum mxs_err finish_connect(struct mxs_coro *self, int fd, int64_t deadline,
                                   struct mxs_why *why)
{
    int error = 0;
    socklen_t size = sizeof error;
    enum mxs_err err = mxs_coro_wait_fd(self, fd, POLLOUT, deadline);
    if (err)
        return waited(err, "connecting", why);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    return error ? mxs_why_set(why, error == ETIMEDOUT ? MXS_ERR_TIMEOUT : MXS_ERR_IO, "%s",
                               strerror(error))
                 : MXS_OK;
}

/* What fails at once fails here: no route, no such family, no descriptor left. What comes back later may have
 * been said by anybody on the way. */
static enum mxs_err refused_here(int error, struct mxs_why *why)
{
    bool local = error == ENETUNREACH || error == EAFNOSUPPORT || error == EADDRNOTAVAIL ||
                 error == EACCES || error == EPERM || error == EMFILE || error == ENFILE;
    return mxs_why_set(why, local ? MXS_ERR_UNSUPPORTED : MXS_ERR_IO, "%s%s", strerror(error),
                       local ? " on this machine" : "");
}

static enum mxs_err connect_to(struct mxs_coro *self, const struct addrinfo *to,
                               const struct mxs_socket_options *options, int64_t deadline,
                               int *out, struct mxs_why *why)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return refused_here(errno, why);
    enum mxs_err err = bind_source(fd, to->ai_family, options->source, why);
    if (!err && connect(fd, to->ai_addr, to->ai_addrlen) != 0)
        err = errno == EINPROGRESS ? finish_connect(self, fd, deadline, why)
                                   : refused_here(errno, why);
    if (err)
        close(fd);
    else
        *out = fd;
    return err;
}

enum mxs_err mxs_socket_connect(struct mxs_coro *self, struct mxs_loop *loop,
                                const struct mxs_socket_options *options, int64_t deadline,
                                struct mxs_stream **out, struct mxs_why *why)
{
    struct addrinfo *to = NULL;
    int fd = -1;
    *out = NULL;
    enum mxs_err err = numeric(options->address, options->port, &to, why);
    if (err)
        return err;
    err = connect_to(self, to, options, deadline, &fd, why);
    freeaddrinfo(to);
    if (!err)
        *out = &wrap(self, loop, fd, options->buffer_max)->stream;
    return err;
}

/* --- what others ask --- */

int mxs_socket_fd(const struct mxs_stream *s)
{
    return ((const struct socket_stream *)s)->fd;
}

static const char *name(struct mxs_arena *arena, const struct sockaddr_storage *at, socklen_t size)
{
    char host[NI_MAXHOST], service[NI_MAXSERV];
    if (getnameinfo((const struct sockaddr *)at, size, host, sizeof host, service, sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return NULL;
    return mxs_arena_printf(arena, at->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, service);
}

void mxs_socket_names(const struct mxs_stream *s, struct mxs_arena *arena, const char **local,
                      const char **remote)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    int fd = mxs_socket_fd(s);
    *local = getsockname(fd, (struct sockaddr *)&at, &size) == 0 ? name(arena, &at, size) : NULL;
    size = sizeof at;
    *remote = getpeername(fd, (struct sockaddr *)&at, &size) == 0 ? name(arena, &at, size) : NULL;
}
