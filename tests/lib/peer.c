#include "config.h"

#include "lib/peer.h"
#include "lib/peer_tls.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    struct connection *next;
    struct peer *peer;
    struct mxs_coro *coro;
    struct mxs_stream *stream;
    struct mxs_buf in;
    int fd;
    bool trickle;
};

struct peer {
    struct mxs_loop *loop;
    const char *const *script;
    const struct peer_tls *tls;
    struct mxs_arena *arena;
    struct mxs_watch *watch;
    struct connection *connections;
    int fd;
    unsigned port, count, open, most;
    const char *trouble;
    struct mxs_buf heard;
};

/* A step gives false when the connection is over. */
struct step {
    const char *word;
    bool (*run)(struct connection *c, const char *arg);
};

static bool put(struct connection *c, const void *p, size_t n)
{
    const uint8_t *b = p;
    const struct mxs_stream_ops *ops = c->stream->ops;
    if (!c->trickle)
        return ops->write(c->stream, b, n, 0, NULL) == MXS_OK;
    for (size_t i = 0; i < n; i++)
        if (ops->write(c->stream, b + i, 1, 0, NULL) != MXS_OK ||
            mxs_coro_sleep(c->coro, 1) != MXS_OK)
            return false;
    return true;
}

static bool step_send(struct connection *c, const char *arg)
{
    return put(c, arg, strlen(arg));
}

static bool step_hex(struct connection *c, const char *arg)
{
    struct mxs_bytes b;
    return mxs_hex_parse(c->peer->arena, arg, &b) == MXS_OK && put(c, b.p, b.n);
}

/* The next line without its CRLF, in the peer's arena; NULL when the client closed. */
static const char *line(struct connection *c)
{
    uint8_t chunk[4096];
    for (;;) {
        size_t n = 0;
        uint8_t *end = c->in.n ? memchr(c->in.p, '\n', c->in.n) : NULL;
        if (end) {
            n = (size_t)(end - c->in.p);
            char *s = mxs_arena_strndup(c->peer->arena, c->in.p, n - (n && end[-1] == '\r'));
            mxs_buf_take(&c->in, n + 1);
            mxs_buf_printf(&c->peer->heard, "%s\n", s);
            return s;
        }
        if (c->stream->ops->read(c->stream, chunk, sizeof chunk, &n, 0, NULL) != MXS_OK ||
            mxs_buf_add(&c->in, chunk, n) != MXS_OK)
            return NULL;
    }
}

static void trouble(struct peer *peer, const char *want, const char *got)
{
    if (!peer->trouble)
        peer->trouble = mxs_arena_printf(peer->arena, "wanted %s, got %s", want,
                                         got ? got : "the end");
}

static bool step_expect(struct connection *c, const char *arg)
{
    const char *got = line(c);
    if (got && mxs_ascii_prefix(got, arg))
        return true;
    trouble(c->peer, arg, got);
    return false;
}

static bool step_drain(struct connection *c, const char *arg)
{
    (void)arg;
    while (line(c))
        ;
    return false;
}

static bool step_tls(struct connection *c, const char *arg)
{
    (void)arg;
    struct mxs_stream *below = c->stream;
    mxs_buf_clear(&c->in);
    c->stream = peer_tls_accept(below, c->peer->tls);
    return c->stream != NULL;
}

static bool step_starttls(struct connection *c, const char *arg)
{
    return step_expect(c, "STARTTLS") && step_send(c, "220 2.0.0 go ahead\r\n") &&
           step_tls(c, arg);
}

static bool step_smtp(struct connection *c, const char *arg)
{
    static const struct {
        const char *command, *reply;
    } answers[] = {
        { "EHLO", "250-mx.test\r\n250-AUTH EXTERNAL\r\n250 SIZE 1000000\r\n" },
        { "HELO", "250 mx.test\r\n" },
        { "AUTH", "235 2.7.0 ok\r\n" },
        { "MAIL", "250 2.1.0 ok\r\n" },
        { "RCPT", "250 2.1.5 ok\r\n" },
        { "QUIT", "221 2.0.0 bye\r\n" },
        { "", "500 5.5.1 what?\r\n" },
    };
    (void)arg;
    for (const char *got; (got = line(c));) {
        size_t i = 0;
        while (!mxs_ascii_prefix(got, answers[i].command))
            i++;
        if (!step_send(c, answers[i].reply) || mxs_ascii_prefix(got, "QUIT"))
            return false;
    }
    return false;
}

static bool step_alert(struct connection *c, const char *arg)
{
    int code = (int)strtol(arg, NULL, 10);
    gnutls_alert_send(peer_tls_session(c->stream), GNUTLS_AL_FATAL,
                      (gnutls_alert_description_t)code);
    return false;
}

static bool step_notify(struct connection *c, const char *arg)
{
    (void)arg;
    gnutls_bye(peer_tls_session(c->stream), GNUTLS_SHUT_WR);
    return false;
}

static bool step_close(struct connection *c, const char *arg)
{
    (void)c;
    (void)arg;
    return false;
}

static bool step_rst(struct connection *c, const char *arg)
{
    (void)arg;
    peer_make_rst(c->stream);
    return false;
}

static bool step_wait(struct connection *c, const char *arg)
{
    uint8_t chunk[4096];
    size_t n;
    (void)arg;
    while (c->stream->ops->read(c->stream, chunk, sizeof chunk, &n, 0, NULL) == MXS_OK)
        ;
    return false;
}

static bool step_read(struct connection *c, const char *arg)
{
    uint8_t chunk[4096];
    size_t n;
    (void)arg;
    return c->stream->ops->read(c->stream, chunk, sizeof chunk, &n, 0, NULL) == MXS_OK;
}

static bool step_flood(struct connection *c, const char *arg)
{
    while (step_send(c, arg) && mxs_coro_sleep(c->coro, 1) == MXS_OK)
        ;
    return false;
}

static bool step_trickle(struct connection *c, const char *arg)
{
    (void)arg;
    return c->trickle = true;
}

static bool step_keyupdate(struct connection *c, const char *arg)
{
    (void)arg;
    return gnutls_session_key_update(peer_tls_session(c->stream), 0) >= 0;
}

static bool step_hellorequest(struct connection *c, const char *arg)
{
    (void)arg;
    return gnutls_rehandshake(peer_tls_session(c->stream)) >= 0;
}

static const struct step steps[] = {
    { "> ", step_send },      { "hex ", step_hex },      { "< ", step_expect },
    { "drain", step_drain },  { "starttls", step_starttls }, { "tls", step_tls },
    { "smtp", step_smtp },    { "alert ", step_alert },  { "notify", step_notify },
    { "close", step_close },  { "rst", step_rst },       { "wait", step_wait },
    { "flood ", step_flood }, { "trickle", step_trickle }, { "keyupdate", step_keyupdate },
    { "hellorequest", step_hellorequest }, { "read", step_read },
};

static bool run_step(struct connection *c, const char *text)
{
    for (size_t i = 0; i < MXS_COUNT(steps); i++)
        if (strncmp(text, steps[i].word, strlen(steps[i].word)) == 0)
            return steps[i].run(c, text + strlen(steps[i].word));
    trouble(c->peer, "a step", text);
    return false;
}

static void serve(struct mxs_coro *self, void *data)
{
    struct connection *c = data;
    c->stream = mxs_socket_wrap(self, c->peer->loop, c->fd);
    for (const char *const *s = c->peer->script; *s; s++)
        if (!run_step(c, *s))
            break;
    if (c->stream)
        c->stream->ops->close(c->stream);
    mxs_buf_fini(&c->in);
    c->peer->open--;
}

static void on_connection(void *data, short revents)
{
    struct peer *peer = data;
    (void)revents;
    int fd = accept(peer->fd, NULL, NULL);
    if (fd < 0)
        return;
    struct connection *c = mxs_alloc(sizeof *c);
    *c = (struct connection){ .next = peer->connections, .peer = peer, .fd = fd };
    mxs_buf_init(&c->in, 64 * 1024);
    peer->connections = c;
    peer->count++;
    peer->most = ++peer->open > peer->most ? peer->open : peer->most;
    c->coro = mxs_coro_new(peer->loop, serve, c);
    mxs_coro_resume(c->coro);
}

struct peer *peer_new(struct mxs_loop *loop, const char *const *script, const struct peer_tls *tls)
{
    struct peer *peer = mxs_alloc(sizeof *peer);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    *peer = (struct peer){ .loop = loop, .script = script, .tls = tls, .arena = mxs_arena_new() };
    mxs_buf_init(&peer->heard, 1 << 20);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || bind(peer->fd, (struct sockaddr *)&at, size) != 0 ||
        listen(peer->fd, 512) != 0 || getsockname(peer->fd, (struct sockaddr *)&at, &size) != 0)
        abort();
    peer->port = ntohs(at.sin_port);
    peer->watch = mxs_loop_watch(loop, peer->fd, POLLIN, on_connection, peer);
    return peer;
}

void peer_free(struct peer *peer)
{
    for (struct connection *c = peer->connections, *next; c; c = next) {
        next = c->next;
        if (!mxs_coro_done(c->coro))
            mxs_coro_cancel(c->coro);
        mxs_coro_free(c->coro);
        free(c);
    }
    mxs_watch_free(peer->watch);
    close(peer->fd);
    mxs_buf_fini(&peer->heard);
    mxs_arena_free(peer->arena);
    free(peer);
}

unsigned peer_port(const struct peer *peer)
{
    return peer->port;
}

unsigned peer_connections(const struct peer *peer)
{
    return peer->count;
}

unsigned peer_most(const struct peer *peer)
{
    return peer->most;
}

const char *peer_trouble(const struct peer *peer)
{
    return peer->trouble;
}

const char *peer_heard(struct peer *peer)
{
    return mxs_buf_str(&peer->heard);
}
