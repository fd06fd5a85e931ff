/* A capture file made from the journal (pcapng, draft-ietf-opsawg-pcapng): the payload is what was on
 * the wire, IP and TCP headers are synthetic, since nobody listened on an interface. The TLS secrets
 * stand in a Decryption Secrets Block, so that one file opens decrypted. */
#include "config.h"

#include "report/report.h"

#include <arpa/inet.h>
#include <string.h>

enum { /* block and option numbers of the format */
    BLOCK_IDB = 1, BLOCK_EPB = 6, BLOCK_DSB = 10, BLOCK_SHB = 0x0a0d0d0a,
    OPT_END = 0, OPT_COMMENT = 1, OPT_USERAPPL = 4,
    LINKTYPE_RAW = 101, SECRETS_TLS = 0x544c534b,
};
enum { SEGMENT_MAX = 32768, CLIENT_PORT = 49152 };
enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

/* --- little-endian blocks --- */

static void put16(struct mxs_buf *out, unsigned v)
{
    uint8_t b[2] = { (uint8_t)v, (uint8_t)(v >> 8) };
    mxs_buf_add(out, b, 2);
}

static void put32(struct mxs_buf *out, uint32_t v)
{
    put16(out, v & 0xffff);
    put16(out, v >> 16);
}

static void padded(struct mxs_buf *out, const void *p, size_t n)
{
    mxs_buf_add(out, p, n);
    mxs_buf_add(out, "\0\0\0", (4 - n % 4) % 4);
}

static void option(struct mxs_buf *out, unsigned code, const char *text)
{
    size_t n = strlen(text);
    put16(out, code);
    put16(out, (unsigned)n);
    padded(out, text, n);
}

static void block(struct mxs_buf *out, uint32_t type, const struct mxs_buf *body)
{
    uint32_t total = (uint32_t)body->n + 12;
    if (mxs_buf_room(out) < total) { /* never half a block */
        out->max = out->n;
        return;
    }
    put32(out, type);
    put32(out, total);
    mxs_buf_add(out, body->p, body->n);
    put32(out, total);
}

static void section_header(struct mxs_buf *out)
{
    struct mxs_buf body;
    mxs_buf_init(&body, 4096);
    put32(&body, 0x1a2b3c4d);
    put16(&body, 1);
    put16(&body, 0);
    put32(&body, 0xffffffff); /* the section's length is not told */
    put32(&body, 0xffffffff);
    option(&body, OPT_COMMENT, "Payload as seen by mxscope; IP and TCP headers are synthetic.");
    option(&body, OPT_USERAPPL, PACKAGE_STRING);
    put32(&body, OPT_END);
    block(out, BLOCK_SHB, &body);
    mxs_buf_clear(&body);
    put16(&body, LINKTYPE_RAW);
    put16(&body, 0);
    put32(&body, 0); /* no snap length */
    block(out, BLOCK_IDB, &body);
    mxs_buf_fini(&body);
}

/* All key log lines of the journal, ahead of the packets they are for. */
static void secrets(struct mxs_buf *out, const struct mxs_journal *journal)
{
    struct mxs_buf lines, body;
    mxs_buf_init(&lines, 1 << 20);
    mxs_buf_init(&body, (1 << 20) + 64);
    for (size_t i = 0; i < mxs_journal_count(journal); i++) {
        const struct mxs_event *event = mxs_journal_at(journal, i);
        if (event->kind != MXS_EVENT_KEYLOG || mxs_buf_room(&lines) < event->data.n + 1)
            continue;
        mxs_buf_add(&lines, event->data.p, event->data.n);
        if (event->data.n && event->data.p[event->data.n - 1] != '\n')
            mxs_buf_putc(&lines, '\n');
    }
    if (lines.n) {
        put32(&body, SECRETS_TLS);
        put32(&body, (uint32_t)lines.n);
        padded(&body, lines.p, lines.n);
        block(out, BLOCK_DSB, &body);
    }
    mxs_buf_fini(&lines);
    mxs_buf_fini(&body);
}

/* --- one connection --- */

struct flow {
    struct mxs_buf *out;
    int64_t base_us; /* wall clock of the journal's start */
    bool v6;
    uint8_t addr[2][16]; /* ours, the peer's */
    unsigned port[2];
    uint32_t seq[2];
    bool open, closed;
};

static void put_be(uint8_t *p, uint32_t v, size_t n)
{
    while (n--) {
        p[n] = (uint8_t)v;
        v >>= 8;
    }
}

static uint32_t sum_words(const uint8_t *p, size_t n, uint32_t sum)
{
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
    return sum;
}

/* RFC 1071 */
static uint32_t checksum(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static size_t ip_header(const struct flow *f, int from, size_t payload, uint8_t *p)
{
    size_t n = f->v6 ? 16 : 4;
    memset(p, 0, 40);
    if (f->v6) {
        p[0] = 0x60;
        put_be(p + 4, (uint32_t)payload, 2);
        p[6] = IPPROTO_TCP;
        p[7] = 64;
        memcpy(p + 8, f->addr[from], n);
        memcpy(p + 24, f->addr[!from], n);
        return 40;
    }
    p[0] = 0x45;
    put_be(p + 2, (uint32_t)payload + 20, 2);
    p[6] = 0x40; /* don't fragment */
    p[8] = 64;
    p[9] = IPPROTO_TCP;
    memcpy(p + 12, f->addr[from], n);
    memcpy(p + 16, f->addr[!from], n);
    put_be(p + 10, checksum(sum_words(p, 20, 0)), 2);
    return 20;
}

static void tcp_header(const struct flow *f, int from, unsigned flags, const uint8_t *data,
                       size_t n, uint8_t *p)
{
    size_t len = f->v6 ? 16 : 4;
    memset(p, 0, 20);
    put_be(p, f->port[from], 2);
    put_be(p + 2, f->port[!from], 2);
    put_be(p + 4, f->seq[from], 4);
    put_be(p + 8, flags & TCP_ACK ? f->seq[!from] : 0, 4);
    p[12] = 5 << 4;
    p[13] = (uint8_t)flags;
    put_be(p + 14, 65535, 2);
    uint32_t sum = sum_words(f->addr[0], len, sum_words(f->addr[1], len, IPPROTO_TCP));
    sum = sum_words(p, 20, sum + 20 + (uint32_t)n); /* the header is even: the data follow on */
    put_be(p + 16, checksum(sum_words(data, n, sum)), 2);
}

static void packet(struct flow *f, int64_t t, int from, unsigned flags, struct mxs_bytes data)
{
    uint8_t head[64];
    struct mxs_buf body;
    size_t ip = ip_header(f, from, data.n + 20, head);
    uint64_t us = (uint64_t)(f->base_us + t);
    uint32_t n = (uint32_t)(ip + 20 + data.n);
    tcp_header(f, from, flags, data.p, data.n, head + ip);
    mxs_buf_init(&body, SEGMENT_MAX + 256);
    put32(&body, 0); /* interface */
    put32(&body, (uint32_t)(us >> 32));
    put32(&body, (uint32_t)us);
    put32(&body, n);
    put32(&body, n);
    mxs_buf_add(&body, head, ip + 20);
    padded(&body, data.p, data.n);
    block(f->out, BLOCK_EPB, &body);
    mxs_buf_fini(&body);
    f->seq[from] += (uint32_t)data.n + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
}

static void open_flow(struct flow *f, int64_t t)
{
    static const struct mxs_bytes none;
    if (f->open)
        return;
    f->open = true;
    packet(f, t, 0, TCP_SYN, none);
    packet(f, t, 1, TCP_SYN | TCP_ACK, none);
    packet(f, t, 0, TCP_ACK, none);
}

static void payload(struct flow *f, const struct mxs_event *event)
{
    int from = event->dir == MXS_DIR_IN;
    open_flow(f, event->t);
    for (size_t at = 0; at < event->data.n && !f->closed; at += SEGMENT_MAX) {
        size_t n = event->data.n - at < SEGMENT_MAX ? event->data.n - at : SEGMENT_MAX;
        packet(f, event->t, from, TCP_PSH | TCP_ACK, mxs_bytes(event->data.p + at, n));
    }
}

/* Both ends leave, the one that began it first. */
static void close_flow(struct flow *f, const struct mxs_event *event)
{
    static const struct mxs_bytes none;
    const char *by = mxs_event_attr(event, "by"), *how = mxs_event_attr(event, "how");
    int from = by && strcmp(by, "peer") == 0;
    if (!f->open || f->closed || (how && strcmp(how, "close-notify") == 0))
        return;
    f->closed = true;
    if (how && strcmp(how, "rst") == 0) {
        packet(f, event->t, from, TCP_RST | TCP_ACK, none);
        return;
    }
    packet(f, event->t, from, TCP_FIN | TCP_ACK, none);
    packet(f, event->t, !from, TCP_FIN | TCP_ACK, none);
    packet(f, event->t, from, TCP_ACK, none);
}

static void packets_of(struct flow *f, const struct mxs_event *event)
{
    bool tls = mxs_event_attr_int(event, "tls", 0) == 1;
    if (event->kind == MXS_EVENT_CONNECT && !mxs_event_attr(event, "error"))
        open_flow(f, event->t);
    else if ((event->kind == MXS_EVENT_SMTP && !tls) || event->kind == MXS_EVENT_RECORD ||
             event->kind == MXS_EVENT_GLUED)
        payload(f, event);
    else if (event->kind == MXS_EVENT_CLOSE || event->kind == MXS_EVENT_PROBE_END)
        close_flow(f, event); /* a session that ends in order says no more than close_notify */
}

/* The address of "192.0.2.1:25" or "[2001:db8::1]:25". */
static void endpoint(const char *text, bool v6, uint8_t *addr)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (!text)
        return;
    const char *from = text + (*text == '[');
    const char *end = *text == '[' ? strchr(text, ']') : strrchr(text, ':');
    size_t n = end ? (size_t)(end - from) : strlen(from);
    if (n < sizeof host)
        memcpy(host, from, n);
    inet_pton(v6 ? AF_INET6 : AF_INET, host, addr); /* leaves it as it was when it is none */
}

/* The peer stands at the address and port that the walk meant (--connect-to may have led elsewhere), so
 * that readers know the protocol by the port. */
static bool flow_of(struct flow *f, const struct mxs_journal *journal,
                    const struct mxs_session_facts *s)
{
    f->v6 = s->address && strchr(s->address, ':');
    if (!s->address || inet_pton(f->v6 ? AF_INET6 : AF_INET, s->address, f->addr[1]) != 1)
        return false;
    f->port[0] = CLIENT_PORT + s->id % (65536 - CLIENT_PORT);
    f->port[1] = s->port;
    f->addr[0][0] = f->v6 ? 0 : 127;
    f->addr[0][f->v6 ? 15 : 3] = 1;
    for (size_t i = (size_t)s->first_seq; i < (size_t)s->last_seq; i++) {
        const struct mxs_event *event = mxs_journal_at(journal, i);
        if (event && event->session == s->id && event->kind == MXS_EVENT_CONNECT)
            endpoint(mxs_event_attr(event, "local"), f->v6, f->addr[0]);
    }
    return true;
}

struct flows {
    struct flow *v;
    uint32_t *ids; /* of their sessions */
    size_t n;
};

static void collect(const struct mxs_report *report, struct mxs_buf *out, struct flows *flows,
                    struct mxs_arena *arena)
{
    const struct mxs_evidence *ev = report->evidence;
    size_t n = 0;
    for (size_t i = 0; i < ev->hosts.n; i++)
        n += ev->hosts.v[i]->sessions.n;
    flows->v = mxs_arena_alloc(arena, n * sizeof *flows->v);
    flows->ids = mxs_arena_alloc(arena, n * sizeof *flows->ids);
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++) {
            const struct mxs_session_facts *s = ev->hosts.v[i]->sessions.v[k];
            struct flow *f = &flows->v[flows->n];
            *f = (struct flow){ .out = out, .base_us = ev->started * 1000000 };
            if (s->first_seq && flow_of(f, report->journal, s))
                flows->ids[flows->n++] = s->id;
        }
}

/* In the journal's order, which is that of time: sessions that ran beside each other stand so. */
static void packets(const struct mxs_report *report, struct mxs_buf *out)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct flows flows = { NULL, NULL, 0 };
    size_t at = 0; /* the flow of the event before: mostly of the next one too */
    collect(report, out, &flows, arena);
    for (size_t i = 0; flows.n && i < mxs_journal_count(report->journal); i++) {
        const struct mxs_event *event = mxs_journal_at(report->journal, i);
        for (size_t k = 0; k < flows.n && flows.ids[at] != event->session; k++)
            at = k;
        if (flows.ids[at] == event->session)
            packets_of(&flows.v[at], event);
    }
    mxs_arena_free(arena);
}

enum mxs_err mxs_report_pcapng(const struct mxs_report *report, struct mxs_buf *out)
{
    size_t max = out->max;
    section_header(out);
    if (report->journal) {
        secrets(out, report->journal);
        packets(report, out);
    }
    bool full = out->max != max;
    out->max = max;
    return full ? MXS_ERR_LIMIT : MXS_OK;
}
