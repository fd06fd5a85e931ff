#include "config.h"

#include "lab/lab_dns.h"

#include "lab/lab_server.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_MAX 32
#define TCP_IDLE_US 20000000 /* RFC 7766 6.2.3: a few seconds; a lesson may pause a client */

struct mxs_lab_dns {
    const struct mxs_lab_zones *zones; /* NULL until they are made: queries are dropped */
    int fd;
    struct mxs_watch *watch;
    struct mxs_loop *loop;
    struct mxs_lab_server *tcp;
};

static void on_udp(void *data, short revents)
{
    (void)revents;
    struct mxs_lab_dns *dns = data;
    uint8_t query[4096];
    struct sockaddr_storage peer;
    socklen_t peer_n = sizeof peer;
    ssize_t n = recvfrom(dns->fd, query, sizeof query, 0, (struct sockaddr *)&peer, &peer_n);
    if (n <= 0 || !dns->zones)
        return;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes reply =
        mxs_lab_zones_answer(dns->zones, arena, mxs_bytes(query, (size_t)n), false);
    if (reply.n > 0 &&
        sendto(dns->fd, reply.p, reply.n, 0, (struct sockaddr *)&peer, peer_n) < 0) {
        /* As with a lost packet: the client asks again. */
    }
    mxs_arena_free(arena);
}

/* All of n bytes, or false. */
static bool read_whole(struct mxs_stream *s, struct mxs_loop *loop, uint8_t *buf, size_t n)
{
    int64_t deadline = mxs_loop_now(loop) + TCP_IDLE_US;
    for (size_t done = 0, got = 0; done < n; done += got)
        if (s->ops->read(s, buf + done, n - done, &got, deadline, NULL))
            return false;
    return true;
}

static bool send_reply(const struct mxs_lab_dns *dns, struct mxs_stream *s,
                       struct mxs_arena *arena, struct mxs_bytes reply)
{
    uint8_t *frame = mxs_arena_alloc(arena, 2 + reply.n);
    if (reply.n == 0 || reply.n > 65535)
        return reply.n == 0;
    frame[0] = (uint8_t)(reply.n >> 8);
    frame[1] = (uint8_t)reply.n;
    memcpy(frame + 2, reply.p, reply.n);
    return s->ops->write(s, frame, 2 + reply.n, mxs_loop_now(dns->loop) + TCP_IDLE_US, NULL) ==
           MXS_OK;
}

/* RFC 1035 4.2.2: two bytes of length before each message. */
static void talk_tcp(void *data, struct mxs_stream **stream, struct mxs_coro *self)
{
    (void)self;
    struct mxs_lab_dns *dns = data;
    uint8_t head[2], query[4096];
    bool on = true;
    while (on && dns->zones && read_whole(*stream, dns->loop, head, 2)) {
        size_t n = (size_t)head[0] << 8 | head[1];
        if (n > sizeof query || !read_whole(*stream, dns->loop, query, n))
            return;
        struct mxs_arena *arena = mxs_arena_new();
        on = send_reply(dns, *stream, arena,
                        mxs_lab_zones_answer(dns->zones, arena, mxs_bytes(query, n), true));
        mxs_arena_free(arena);
    }
}

/* A port that is free for both; a free UDP port may be taken for TCP, so a few are tried. */
static bool bind_both(const char *address, unsigned *port, int fds[2], struct mxs_why *why)
{
    unsigned asked = *port;
    for (int tries = asked ? 1 : 20; tries > 0; tries--) {
        *port = asked;
        fds[0] = mxs_lab_bind(SOCK_DGRAM, address, port, why);
        if (fds[0] < 0)
            continue;
        fds[1] = mxs_lab_bind(SOCK_STREAM, address, port, why);
        if (fds[1] >= 0)
            return true;
        close(fds[0]);
    }
    return false;
}

enum mxs_err mxs_lab_dns_new(struct mxs_loop *loop, const char *address, unsigned *port,
                             struct mxs_lab_dns **out, struct mxs_why *why)
{
    struct mxs_why local;
    int fds[2];
    *out = NULL;
    if (!bind_both(address, port, fds, &local))
        return mxs_why_set(why, local.err, "%s", local.text);
    struct mxs_lab_dns *dns = mxs_alloc(sizeof *dns);
    dns->loop = loop;
    dns->fd = fds[0];
    dns->watch = mxs_loop_watch(loop, dns->fd, POLLIN, on_udp, dns);
    dns->tcp = mxs_lab_server_new(loop, fds[1], TCP_MAX, talk_tcp, dns);
    *out = dns;
    return MXS_OK;
}

void mxs_lab_dns_serve(struct mxs_lab_dns *dns, const struct mxs_lab_zones *zones)
{
    dns->zones = zones;
}

void mxs_lab_dns_free(struct mxs_lab_dns *dns)
{
    if (!dns)
        return;
    mxs_lab_server_free(dns->tcp);
    mxs_watch_free(dns->watch);
    close(dns->fd);
    mxs_realloc(dns, 0);
}
