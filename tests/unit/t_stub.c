/* The raw stub query against a server that behaves as the first label of the name says. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "facts/dns_names.h"
#include "net/stub.h"
#include "tests/unit/coro_test.h"

struct server {
    struct mxs_loop *loop;
    int udp, tcp, other, conn;
    struct mxs_watch *udp_watch, *tcp_watch, *conn_watch;
    struct mxs_endpoint endpoint;
    int seen; /* UDP queries */
    uint8_t flags[2]; /* of the last query */
    bool had_do;
};

static int bound(int type, unsigned port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static unsigned port_of(int fd)
{
    struct sockaddr_in a;
    socklen_t len = sizeof a;
    getsockname(fd, (struct sockaddr *)&a, &len);
    return ntohs(a.sin_port);
}

static const uint8_t a_rr[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7 };
static const uint8_t ede_opt[] = { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 22, 0, 10, 0, 1, 'c', 0, 15, 0, 7,
                                   0, 7, 'o', 'l', 'd', 0x1b, '!', 0, 15, 0, 2, 0, 9 };

/* Header and question of the query, with these flags, and one answer or none. */
static size_t reply(uint8_t *out, const uint8_t *q, unsigned flags, bool answer, bool ede)
{
    size_t n = 12;
    while (q[n])
        n += q[n] + 1u;
    n += 5;
    memcpy(out, q, n);
    out[2] = (uint8_t)(flags >> 8);
    out[3] = (uint8_t)flags;
    memset(out + 4, 0, 8);
    out[5] = 1;
    if (answer) {
        out[7] = 1;
        memcpy(out + n, a_rr, sizeof a_rr);
        n += sizeof a_rr;
    }
    if (ede) {
        out[11] = 1;
        memcpy(out + n, ede_opt, sizeof ede_opt);
        n += sizeof ede_opt;
    }
    return n;
}

static bool is(const uint8_t *q, const char *label)
{
    return q[12] == strlen(label) && memcmp(q + 13, label, q[12]) == 0;
}

struct peer {
    struct sockaddr_in a;
    socklen_t len;
};

static void send_udp(int fd, const uint8_t *p, size_t n, const struct peer *peer)
{
    if (sendto(fd, p, n, 0, (const struct sockaddr *)&peer->a, peer->len) < 0)
        print_message("sendto failed\n");
}

/* Wrong answers first; the right one comes behind them. */
static void mislead(struct server *s, const uint8_t *q, const struct peer *peer)
{
    uint8_t out[600];
    size_t n = reply(out, q, 0x8183, false, false); /* NXDOMAIN: it would show */
    if (is(q, "badid"))
        out[0] ^= 1;
    if (is(q, "badname"))
        out[14] ^= 1;
    if (is(q, "badtype"))
        out[n - 3] ^= 1;
    if (is(q, "query"))
        out[2] &= 0x7f;
    if (is(q, "short"))
        n = 11;
    if (is(q, "other") || is(q, "badid") || is(q, "badname") || is(q, "badtype") ||
        is(q, "query") || is(q, "short"))
        send_udp(is(q, "other") ? s->other : s->udp, out, n, peer);
}

static void on_udp(void *data, short revents)
{
    struct server *s = data;
    struct peer peer = { .len = sizeof peer.a };
    uint8_t q[600] = { 0 }, out[600];
    (void)revents;
    ssize_t got = recvfrom(s->udp, q, sizeof q - 1, 0, (struct sockaddr *)&peer.a, &peer.len);
    if (got < 17)
        return;
    s->seen++;
    memcpy(s->flags, q + 2, 2);
    s->had_do = got > 5 && (q[got - 4] & 0x80) != 0; /* OPT is last: TTL's third octet */
    if (is(q, "silent") || (is(q, "once") && s->seen == 1))
        return;
    mislead(s, q, &peer);
    if (is(q, "malformed")) {
        size_t n = reply(out, q, 0x8180, true, false);
        send_udp(s->udp, out, n - 3, &peer);
        return;
    }
    unsigned flags = is(q, "servfail") ? 0x8182 : is(q, "ad") ? 0x85a0 : 0x8180;
    bool big = is(q, "trunc") || is(q, "tcpclose");
    size_t n = reply(out, q, flags | (big ? 0x0200 : 0), flags != 0x8182 && !big,
                     is(q, "servfail"));
    if (is(q, "case"))
        out[13] = 'C';
    if (is(q, "noquestion"))
        out[5] = out[7] = 0, out[3] = 0x81, n = 12;
    send_udp(s->udp, out, n, &peer);
}

/* One octet of the answer at a time would need a timer; the two writes split it inside the length. */
static void on_conn(void *data, short revents)
{
    struct server *s = data;
    uint8_t q[600] = { 0 }, out[602];
    (void)revents;
    ssize_t got = recv(s->conn, q, sizeof q - 1, 0);
    if (got > 19 && !is(q + 2, "tcpclose")) {
        size_t n = reply(out + 2, q + 2, 0x8180, true, false);
        out[0] = (uint8_t)(n >> 8);
        out[1] = (uint8_t)n;
        send(s->conn, out, 1, MSG_NOSIGNAL);
        send(s->conn, out + 1, n + 1, MSG_NOSIGNAL);
    }
    mxs_watch_free(s->conn_watch);
    close(s->conn);
    s->conn = -1;
}

static void on_tcp(void *data, short revents)
{
    struct server *s = data;
    (void)revents;
    s->conn = accept(s->tcp, NULL, NULL);
    s->conn_watch = mxs_loop_watch(s->loop, s->conn, POLLIN, on_conn, s);
}

static int setup(void **state)
{
    struct server *s = mxs_alloc(sizeof *s);
    s->loop = mxs_loop_new(mxs_clock_real());
    s->tcp = -1;
    for (int i = 0; i < 50 && s->tcp < 0; i++) { /* the same port for both */
        if (i)
            close(s->udp);
        s->udp = bound(SOCK_DGRAM, 0);
        s->tcp = bound(SOCK_STREAM, port_of(s->udp));
    }
    if (s->tcp < 0 || listen(s->tcp, 5) != 0)
        return -1;
    s->other = bound(SOCK_DGRAM, 0);
    s->udp_watch = mxs_loop_watch(s->loop, s->udp, POLLIN, on_udp, s);
    s->tcp_watch = mxs_loop_watch(s->loop, s->tcp, POLLIN, on_tcp, s);
    mxs_endpoint_parse("127.0.0.1", port_of(s->udp), &s->endpoint, NULL);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct server *s = *state;
    close(s->udp);
    close(s->tcp);
    close(s->other);
    mxs_watch_free(s->udp_watch);
    mxs_watch_free(s->tcp_watch);
    mxs_loop_free(s->loop);
    mxs_realloc(s, 0);
    return 0;
}

struct run {
    struct server *server;
    struct mxs_arena *arena;
    struct mxs_stub_question question;
    int64_t timeout;
    enum mxs_err err;
    struct mxs_stub_answer answer;
    struct mxs_why why;
};

static void ask(struct mxs_coro *self, void *data)
{
    struct run *r = data;
    r->err = mxs_stub_ask(r->server->loop, self, r->arena, &r->question,
                          mxs_loop_now(r->server->loop) + r->timeout, &r->answer, &r->why);
}

static struct run asked(struct server *s, struct mxs_arena *arena, const char *name,
                        int64_t timeout)
{
    struct run r = { .server = s, .arena = arena, .timeout = timeout,
                     .question = { .server = s->endpoint, .name = name, .type = MXS_DNS_A,
                                   .recursion = true, .authentic = true, .dnssec = true } };
    s->seen = 0;
    coro_test(s->loop, ask, &r);
    return r;
}

static void answers(void **state)
{
    static const struct {
        const char *name;
        enum mxs_err err;
        int rcode;
        bool data, tcp;
    } rows[] = {
        { "plain.test", MXS_OK, 0, true, false },
        { "case.test", MXS_OK, 0, true, false },
        { "badid.test", MXS_OK, 0, true, false },
        { "badname.test", MXS_OK, 0, true, false },
        { "badtype.test", MXS_OK, 0, true, false },
        { "query.test", MXS_OK, 0, true, false },
        { "short.test", MXS_OK, 0, true, false },
        { "other.test", MXS_OK, 0, true, false },
        { "trunc.test", MXS_OK, 0, true, true },
        { "servfail.test", MXS_OK, 2, false, false },
        { "noquestion.test", MXS_OK, 1, false, false },
        { "tcpclose.test", MXS_ERR_CLOSED, 0, false, true },
        { "malformed.test", MXS_ERR_SYNTAX, 0, true, false },
        { "a..b", MXS_ERR_SYNTAX, 0, false, false },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct run r = asked(*state, arena, rows[i].name, 3000000);
        if (r.err != rows[i].err)
            fail_msg("%s: error %d: %s", rows[i].name, (int)r.err, r.why.text);
        if (r.err == MXS_OK) {
            if (r.answer.dns.rcode != rows[i].rcode || r.answer.tcp != rows[i].tcp)
                fail_msg("%s: rcode %d, tcp %d", rows[i].name, r.answer.dns.rcode, r.answer.tcp);
            assert_int_equal(r.answer.dns.rrs.n, rows[i].data ? 1 : 0);
            assert_int_equal(r.answer.dns.security, MXS_SECURITY_NONE);
        }
        mxs_arena_free(arena);
    }
}

static void flags_and_ede(void **state)
{
    struct server *s = *state;
    struct mxs_arena *arena = mxs_arena_new();
    struct run r = asked(s, arena, "ad.test", 3000000);
    assert_true(r.answer.authentic && r.answer.authoritative && r.answer.recursion);
    assert_int_equal(s->flags[0], 0x01); /* RD */
    assert_int_equal(s->flags[1], 0x20); /* AD: without it a resolver does not set it (RFC 6840 5.7) */
    assert_true(s->had_do);
    r = asked(s, arena, "plain.test", 3000000);
    assert_false(r.answer.authentic || r.answer.authoritative);
    assert_int_equal(r.answer.ede.n, 0);
    r = asked(s, arena, "servfail.test", 3000000);
    assert_int_equal(r.answer.ede.n, 2);
    assert_int_equal(r.answer.ede.v[0].code, 7);
    assert_string_equal(r.answer.ede.v[0].text, "old\\x1b!");
    assert_int_equal(r.answer.ede.v[1].code, 9);
    assert_string_equal(r.answer.ede.v[1].text, "");
    mxs_arena_free(arena);
}

static void silence(void **state)
{
    struct server *s = *state;
    struct mxs_arena *arena = mxs_arena_new();
    struct run r = asked(s, arena, "silent.test", 60000);
    assert_int_equal(r.err, MXS_ERR_TIMEOUT);
    assert_int_equal(s->seen, 1);
    r = asked(s, arena, "once.test", 5000000); /* repeated after a second */
    assert_int_equal(r.err, MXS_OK);
    assert_int_equal(s->seen, 2);
    mxs_arena_free(arena);
}

static void nobody_there(void **state)
{
    struct server *s = *state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_endpoint live = s->endpoint;
    int fd = bound(SOCK_DGRAM, 0);
    s->endpoint.port = port_of(fd);
    close(fd);
    struct run r = asked(s, arena, "plain.test", 2000000);
    assert_int_equal(r.err, MXS_ERR_IO); /* ICMP port unreachable, not a timeout */
    s->endpoint = live;
    mxs_arena_free(arena);
}

static void cancel(void **state)
{
    struct server *s = *state;
    struct run r = { .server = s, .arena = mxs_arena_new(), .timeout = 5000000,
                     .question = { .server = s->endpoint, .name = "silent.test", .type = 1 } };
    struct mxs_coro *coro = mxs_coro_new(s->loop, ask, &r);
    mxs_coro_resume(coro);
    mxs_loop_run_once(s->loop, 1000);
    mxs_coro_cancel(coro);
    assert_true(mxs_coro_done(coro));
    assert_int_equal(r.err, MXS_ERR_CANCELLED);
    mxs_coro_free(coro);
    mxs_arena_free(r.arena);
}

static void ede_hostile(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    uint8_t query[64] = { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'x', 0, 0, 1, 0, 1 }, packet[128];
    size_t n = reply(packet, query, 0x8182, false, true);
    for (size_t cut = 0; cut <= n; cut++) { /* every truncation; none may read past the end */
        struct mxs_stub_answer answer = { 0 };
        uint8_t *exact = mxs_alloc(cut + 1);
        memcpy(exact, packet, cut);
        exact = mxs_realloc(exact, cut ? cut : 1);
        mxs_stub_ede(arena, mxs_bytes(exact, cut), &answer);
        assert_true(answer.ede.n <= 2);
        assert_int_equal(answer.ede.n, cut == n ? 2 : 0); /* the RR is whole or not there */
        mxs_realloc(exact, 0);
    }
    mxs_arena_free(arena);
}

static void endpoints(void **state)
{
    (void)state;
    static const struct {
        const char *text, *address, *again;
        unsigned port;
    } rows[] = {
        { "192.0.2.1", "192.0.2.1", "192.0.2.1:53", 53 },
        { "192.0.2.1:5300", "192.0.2.1", "192.0.2.1:5300", 5300 },
        { "2001:db8::1", "2001:db8::1", "[2001:db8::1]:53", 53 },
        { "[2001:db8::1]:5300", "2001:db8::1", "[2001:db8::1]:5300", 5300 },
        { "[2001:db8::1]", "2001:db8::1", "[2001:db8::1]:53", 53 },
        { "192.0.2.1:0", NULL, NULL, 0 },     { "192.0.2.1:65536", NULL, NULL, 0 },
        { "192.0.2.1:", NULL, NULL, 0 },      { "192.0.2.1:5x", NULL, NULL, 0 },
        { "[2001:db8::1", NULL, NULL, 0 },    { "[2001:db8::1]x", NULL, NULL, 0 },
        { "dns.example.org", NULL, NULL, 0 }, { "", NULL, NULL, 0 },
        { "1.2.3", NULL, NULL, 0 },
    };
    struct mxs_arena *arena = mxs_arena_new();
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_endpoint ep;
        struct mxs_why why;
        enum mxs_err err = mxs_endpoint_parse(rows[i].text, 53, &ep, &why);
        if (err != (rows[i].address ? MXS_OK : MXS_ERR_USAGE))
            fail_msg("\"%s\": error %d", rows[i].text, (int)err);
        if (err)
            continue;
        assert_string_equal(ep.address, rows[i].address);
        assert_int_equal(ep.port, rows[i].port);
        assert_string_equal(mxs_endpoint_text(arena, &ep), rows[i].again);
    }
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers, setup, teardown),
        cmocka_unit_test_setup_teardown(flags_and_ede, setup, teardown),
        cmocka_unit_test_setup_teardown(silence, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_there, setup, teardown),
        cmocka_unit_test_setup_teardown(cancel, setup, teardown),
        cmocka_unit_test(ede_hostile),
        cmocka_unit_test(endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
