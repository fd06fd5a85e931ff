#include "config.h"

#include "lab/lab_server.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct talk {
    struct mxs_lab_server *server;
    struct talk *next;
    struct mxs_coro *coro;
    int fd;
};

struct mxs_lab_server {
    struct mxs_loop *loop;
    int fd;
    size_t n, max;
    mxs_lab_talk_fn talk;
    void *data;
    struct mxs_watch *watch;
    struct mxs_timer *sweep;
    struct talk *talks;
    bool closing;
};

static struct addrinfo *numeric(int type, const char *address, unsigned port)
{
    char service[16];
    struct addrinfo hints = { .ai_socktype = type,
                              .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
    struct addrinfo *info = NULL;
    snprintf(service, sizeof service, "%u", port);
    return getaddrinfo(address, service, &hints, &info) == 0 ? info : NULL;
}

static unsigned bound_port(int fd)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;
    char service[16] = "0";
    if (getsockname(fd, (struct sockaddr *)&sa, &n) == 0)
        getnameinfo((struct sockaddr *)&sa, n, NULL, 0, service, sizeof service, NI_NUMERICSERV);
    return (unsigned)strtoul(service, NULL, 10);
}

static bool take(int fd, int type, const struct addrinfo *info)
{
    int on = 1;
    if (info->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
           (type != SOCK_STREAM || listen(fd, 64) == 0);
}

int mxs_lab_bind(int type, const char *address, unsigned *port, struct mxs_why *why)
{
    struct addrinfo *info = numeric(type, address, *port);
    if (!info) {
        mxs_why_set(why, MXS_ERR_USAGE, "%s: not a numeric address", address);
        return -1;
    }
    int fd = socket(info->ai_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || !take(fd, type, info)) {
        mxs_why_set(why, MXS_ERR_IO, "lab: %s port %u: %s", address, *port, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    } else {
        *port = bound_port(fd);
    }
    freeaddrinfo(info);
    return fd;
}

/* A backlog of 0 takes one connection (Linux), a second is still on its way in: after both no
 * SYN is answered any more. */
enum mxs_err mxs_lab_deafen(int fd, int fill[2], struct mxs_why *why)
{
    struct sockaddr_storage to = { 0 };
    socklen_t n = sizeof to;
    if (listen(fd, 0) != 0 || getsockname(fd, (struct sockaddr *)&to, &n) != 0)
        return mxs_why_set(why, MXS_ERR_IO, "lab: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        fill[i] = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fill[i] < 0 || (connect(fill[i], (struct sockaddr *)&to, n) != 0 &&
                            errno != EINPROGRESS))
            return mxs_why_set(why, MXS_ERR_IO, "lab: %s", strerror(errno));
    }
    return MXS_OK;
}

bool mxs_lab_has_address(const char *address)
{
    unsigned port = 0;
    int fd = mxs_lab_bind(SOCK_DGRAM, address, &port, NULL);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* --- connections --- */

/* A coroutine cannot free itself: what ended is collected from the loop. */
static void on_sweep(void *data)
{
    struct mxs_lab_server *server = data;
    mxs_timer_free(server->sweep);
    server->sweep = NULL;
    for (struct talk **p = &server->talks; *p;) {
        struct talk *talk = *p;
        if (!mxs_coro_done(talk->coro)) {
            p = &talk->next;
            continue;
        }
        *p = talk->next;
        mxs_coro_free(talk->coro);
        mxs_realloc(talk, 0);
        server->n--;
    }
    if (server->watch)
        mxs_watch_events(server->watch, server->n < server->max ? POLLIN : 0);
}

static void run(struct mxs_coro *self, void *data)
{
    struct talk *talk = data;
    struct mxs_lab_server *server = talk->server;
    struct mxs_stream *stream = mxs_socket_wrap(self, server->loop, talk->fd);
    server->talk(server->data, &stream, self);
    if (stream)
        stream->ops->close(stream);
    if (!server->sweep && !server->closing)
        server->sweep = mxs_loop_timer(server->loop, 0, on_sweep, server);
}

static void on_accept(void *data, short revents)
{
    (void)revents;
    struct mxs_lab_server *server = data;
    int fd = accept4(server->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct talk *talk = mxs_alloc(sizeof *talk);
    *talk = (struct talk){ .server = server, .fd = fd, .next = server->talks };
    talk->coro = mxs_coro_new(server->loop, run, talk);
    server->talks = talk;
    server->n++;
    mxs_watch_events(server->watch, server->n < server->max ? POLLIN : 0);
    mxs_coro_resume(talk->coro);
}

struct mxs_lab_server *mxs_lab_server_new(struct mxs_loop *loop, int fd, size_t max,
                                          mxs_lab_talk_fn talk, void *data)
{
    struct mxs_lab_server *server = mxs_alloc(sizeof *server);
    *server = (struct mxs_lab_server){ .loop = loop, .fd = fd, .max = max, .talk = talk,
                                       .data = data };
    server->watch = mxs_loop_watch(loop, fd, POLLIN, on_accept, server);
    return server;
}

void mxs_lab_server_free(struct mxs_lab_server *server)
{
    if (!server)
        return;
    server->closing = true;
    for (struct talk *talk = server->talks, *next; talk; talk = next) {
        next = talk->next;
        mxs_coro_cancel(talk->coro);
        mxs_coro_free(talk->coro);
        mxs_realloc(talk, 0);
    }
    mxs_timer_free(server->sweep);
    mxs_watch_free(server->watch);
    close(server->fd);
    mxs_realloc(server, 0);
}
