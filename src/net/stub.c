#include "config.h"

#include "net/stub.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <ldns/ldns.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/text.h"
#include "facts/dns_names.h"
#include "facts/dns_wire.h"
#include "net/coro.h"

enum {
    UDP_SIZE = 1232,     /* what the DNS flag day of 2020 settled on: no fragments */
    RETRY_US = 1000000,  /* the first repetition of a UDP query, then twice as long */
    MESSAGE_MAX = 65535,
    EDNS_EDE = 15
};

enum { FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RA = 0x0080, FLAG_AD = 0x0020 };

struct ask {
    struct mxs_loop *loop;
    struct mxs_coro *self;
    struct mxs_arena *arena;
    const struct mxs_stub_question *q;
    int64_t deadline;
    struct mxs_why *why;
    const char *server;     /* for messages */
    struct mxs_bytes query;
    struct mxs_bytes reply; /* in arena */
};

/* --- the query --- */

static ldns_pkt *new_query(const struct mxs_stub_question *q, const char *name)
{
    ldns_rdf *owner = ldns_dname_new_frm_str(name);
    if (!owner)
        return NULL;
    uint16_t flags = (uint16_t)((q->recursion ? LDNS_RD : 0) | (q->authentic ? LDNS_AD : 0) |
                                (q->checking_disabled ? LDNS_CD : 0));
    ldns_pkt *pkt = ldns_pkt_query_new(owner, (ldns_rr_type)q->type, LDNS_RR_CLASS_IN, flags);
    if (!pkt) {
        ldns_rdf_deep_free(owner);
        return NULL;
    }
    /* Not by ldns, whose random numbers start up all of OpenSSL: a tenth of a check's time. */
    uint16_t id = 0;
    gnutls_rnd(GNUTLS_RND_NONCE, &id, sizeof id);
    ldns_pkt_set_id(pkt, id);
    ldns_pkt_set_edns_udp_size(pkt, UDP_SIZE);
    ldns_pkt_set_edns_do(pkt, q->dnssec);
    return pkt;
}

static enum mxs_err make_query(struct ask *ask)
{
    const char *name = ".";
    enum mxs_err err = strcmp(ask->q->name, ".") == 0
                           ? MXS_OK : mxs_dns_name(ask->arena, ask->q->name, &name, ask->why);
    if (err)
        return err;
    uint8_t *wire = NULL;
    size_t n = 0;
    ldns_pkt *pkt = new_query(ask->q, name);
    if (!pkt || ldns_pkt2wire(&wire, pkt, &n) != LDNS_STATUS_OK)
        err = mxs_why_set(ask->why, MXS_ERR_SYNTAX, "%.200s: not a name to ask for", name);
    else
        ask->query = mxs_arena_bytes(ask->arena, mxs_bytes(wire, n));
    LDNS_FREE(wire);
    ldns_pkt_free(pkt);
    return err;
}

/* --- sockets --- */

static enum mxs_err io_error(struct ask *ask, const char *what)
{
    return mxs_why_set(ask->why, MXS_ERR_IO, "%s: %s: %s", ask->server, what, strerror(errno));
}

static enum mxs_err wait_error(struct ask *ask, enum mxs_err err)
{
    return mxs_why_set(ask->why, err, "%s: %s", ask->server,
                       err == MXS_ERR_TIMEOUT ? "no answer in time" : "cancelled");
}

/* A connected socket takes packets from the asked address and port only. */
static enum mxs_err open_socket(struct ask *ask, int type, int *fd)
{
    struct sockaddr_storage to;
    socklen_t len;
    if (!mxs_endpoint_sockaddr(&ask->q->server, &to, &len))
        return mxs_why_set(ask->why, MXS_ERR_USAGE, "%s: no such interface here", ask->server);
    *fd = socket(to.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return io_error(ask, "socket");
    if (connect(*fd, (struct sockaddr *)&to, len) != 0 && errno != EINPROGRESS) {
        enum mxs_err err = io_error(ask, "connect");
        close(*fd);
        *fd = -1;
        return err;
    }
    return MXS_OK;
}

/* Is it the answer to our question? RFC 5452 9.1: id, name, type and class have to agree; of the name
 * only the case may differ. */
static bool matches(const struct ask *ask, struct mxs_bytes packet)
{
    const struct mxs_bytes *q = &ask->query;
    size_t end = MXS_DNS_HEADER, i;
    if (packet.n < MXS_DNS_HEADER || memcmp(packet.p, q->p, 2) != 0 || !(packet.p[2] & 0x80))
        return false;
    if (packet.p[4] == 0 && packet.p[5] == 0) /* FORMERR and such may leave the question out */
        return (packet.p[3] & 15) != 0;
    while (q->p[end])
        end += q->p[end] + 1u;
    end += 5;
    if (packet.n < end)
        return false;
    for (i = MXS_DNS_HEADER; i < end; i++) {
        uint8_t a = packet.p[i], b = q->p[i];
        bool letters = a >= 'A' && a <= 'Z' && b == a + 32; /* the query is lower case */
        if (a != b && !letters)
            return false;
    }
    return true;
}

static enum mxs_err udp_once(struct ask *ask, int fd, int64_t until)
{
    uint8_t buf[4096];
    if (send(fd, ask->query.p, ask->query.n, MSG_NOSIGNAL) < 0)
        return io_error(ask, "send");
    for (;;) {
        enum mxs_err err = mxs_coro_wait_fd(ask->self, fd, POLLIN, until);
        if (err)
            return err;
        ssize_t n = recv(fd, buf, sizeof buf, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n < 0)
            return io_error(ask, "no DNS server answers there");
        if (matches(ask, mxs_bytes(buf, (size_t)n))) {
            ask->reply = mxs_arena_bytes(ask->arena, mxs_bytes(buf, (size_t)n));
            return MXS_OK;
        }
    }
}

static enum mxs_err udp(struct ask *ask)
{
    int fd;
    int64_t pause = RETRY_US, now;
    enum mxs_err err = open_socket(ask, SOCK_DGRAM, &fd);
    if (err)
        return err;
    do {
        now = mxs_loop_now(ask->loop);
        bool last = now + pause >= ask->deadline;
        err = udp_once(ask, fd, last ? ask->deadline : now + pause);
        pause *= 2;
    } while (err == MXS_ERR_TIMEOUT && mxs_loop_now(ask->loop) < ask->deadline);
    close(fd);
    return err == MXS_ERR_TIMEOUT || err == MXS_ERR_CANCELLED ? wait_error(ask, err) : err;
}

/* --- TCP (RFC 7766 8: two octets of length before each message) --- */

static enum mxs_err tcp_write(struct ask *ask, int fd)
{
    uint8_t frame[600];
    size_t n = ask->query.n + 2, sent = 0;
    if (n > sizeof frame)
        return mxs_why_set(ask->why, MXS_ERR_LIMIT, "%s: query too long", ask->server);
    frame[0] = (uint8_t)(ask->query.n >> 8);
    frame[1] = (uint8_t)ask->query.n;
    memcpy(frame + 2, ask->query.p, ask->query.n);
    while (sent < n) {
        enum mxs_err err = mxs_coro_wait_fd(ask->self, fd, POLLOUT, ask->deadline);
        if (err)
            return wait_error(ask, err);
        ssize_t k = send(fd, frame + sent, n - sent, MSG_NOSIGNAL);
        if (k < 0 && errno != EAGAIN && errno != EINTR)
            return io_error(ask, "TCP");
        sent += k > 0 ? (size_t)k : 0;
    }
    return MXS_OK;
}

static enum mxs_err tcp_read(struct ask *ask, int fd, uint8_t *p, size_t want)
{
    for (size_t have = 0; have < want;) {
        enum mxs_err err = mxs_coro_wait_fd(ask->self, fd, POLLIN, ask->deadline);
        if (err)
            return wait_error(ask, err);
        ssize_t k = recv(fd, p + have, want - have, 0);
        if (k == 0)
            return mxs_why_set(ask->why, MXS_ERR_CLOSED, "%s: closed before the answer ended",
                               ask->server);
        if (k < 0 && errno != EAGAIN && errno != EINTR)
            return io_error(ask, "TCP");
        have += k > 0 ? (size_t)k : 0;
    }
    return MXS_OK;
}

static enum mxs_err tcp(struct ask *ask)
{
    int fd;
    uint8_t size[2];
    enum mxs_err err = open_socket(ask, SOCK_STREAM, &fd);
    if (err)
        return err;
    err = tcp_write(ask, fd);
    if (err == MXS_OK)
        err = tcp_read(ask, fd, size, sizeof size);
    if (err == MXS_OK) {
        size_t n = (size_t)size[0] << 8 | size[1];
        uint8_t *p = mxs_arena_alloc(ask->arena, n);
        err = tcp_read(ask, fd, p, n);
        ask->reply = mxs_bytes(p, n);
    }
    close(fd);
    if (err == MXS_OK && !matches(ask, ask->reply))
        return mxs_why_set(ask->why, MXS_ERR_SYNTAX, "%s: the answer is to another question",
                           ask->server);
    return err;
}

/* --- the answer --- */

static void ede_options(struct mxs_arena *arena, struct mxs_bytes options,
                        struct mxs_stub_answer *out)
{
    struct mxs_cursor c = mxs_cursor(options);
    while (mxs_cursor_left(&c) >= 4 && !c.bad) {
        uint32_t code = mxs_cursor_uint(&c, 2);
        struct mxs_bytes body = mxs_cursor_take(&c, mxs_cursor_uint(&c, 2));
        if (c.bad || code != EDNS_EDE || body.n < 2)
            continue;
        struct mxs_ede *ede = mxs_list_add(arena, &out->ede);
        ede->code = (unsigned)body.p[0] << 8 | body.p[1];
        ede->text = mxs_text_clip(arena, mxs_bytes(body.p + 2, body.n - 2), 300);
    }
}

void mxs_stub_ede(struct mxs_arena *arena, struct mxs_bytes packet, struct mxs_stub_answer *out)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    if (!mxs_dns_walk_init(&walk, arena, packet))
        return;
    while (mxs_dns_walk_next(&walk, &span))
        if (span.section == MXS_DNS_ADDITIONAL && span.type == MXS_DNS_OPT)
            ede_options(arena, mxs_bytes(packet.p + span.rdata_off, span.rdata_len), out);
}

static unsigned flags_of(struct mxs_bytes packet)
{
    return (unsigned)packet.p[2] << 8 | packet.p[3];
}

static enum mxs_err read_answer(struct ask *ask, struct mxs_stub_answer *out)
{
    enum mxs_err err = mxs_dns_parse(ask->arena, ask->reply, &out->dns);
    if (err)
        return mxs_why_set(ask->why, err, "%s: the answer is malformed", ask->server);
    unsigned flags = flags_of(ask->reply);
    out->authoritative = flags & FLAG_AA;
    out->authentic = flags & FLAG_AD;
    out->recursion = flags & FLAG_RA;
    mxs_stub_ede(ask->arena, ask->reply, out);
    return MXS_OK;
}

enum mxs_err mxs_stub_ask(struct mxs_loop *loop, struct mxs_coro *self, struct mxs_arena *arena,
                          const struct mxs_stub_question *question, int64_t deadline,
                          struct mxs_stub_answer *out, struct mxs_why *why)
{
    struct ask ask = { .loop = loop, .self = self, .arena = arena, .q = question,
                       .deadline = deadline, .why = why,
                       .server = mxs_endpoint_text(arena, &question->server) };
    int64_t began = mxs_loop_now(loop);
    *out = (struct mxs_stub_answer){ .tcp = question->tcp };
    enum mxs_err err = make_query(&ask);
    if (err == MXS_OK && !question->tcp) {
        err = udp(&ask);
        out->tcp = err == MXS_OK && (flags_of(ask.reply) & FLAG_TC) != 0;
    }
    if (err == MXS_OK && out->tcp)
        err = tcp(&ask);
    if (err == MXS_OK)
        err = read_answer(&ask, out);
    out->dns.us = mxs_loop_now(loop) - began;
    return err;
}
