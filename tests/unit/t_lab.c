/* The lab from a client's side: SMTP, TLS and HTTPS over real sockets, clean and broken. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "lab/lab.h"
#include "net/policy_fetch.h"
#include "net/tls_stream.h"
#include "tests/unit/coro_test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A client works through a script on a coroutine:
 *   "< 220 text"  expects a line that begins so      "> EHLO me"  sends a line
 *   "<< STARTTLS" expects a whole reply with it       "<! STARTTLS" expects a whole reply without it
 *   "tls"         a handshake that must succeed       "tls!"        one that must fail
 *   "close"       the server must close, in order or not            "glued" bytes wait behind a line
 *   "silent"      nothing comes for a moment                         */
struct client {
    struct mxs_loop *loop;
    struct mxs_coro *coro;
    struct mxs_arena *arena;
    const struct mxs_lab_info *info;
    const char *host;
    unsigned port;
    const char *const *script;
    struct mxs_tls_options tls;
    struct mxs_tls_observer observer;
    struct mxs_stream *s;
    struct mxs_buf in, certificate; /* in: unread text; certificate: the server's message */
    unsigned messages;              /* bits: incoming handshake messages */
    int alert;                      /* the peer's, or -1 */
    bool client_cert_asked;
    char failure[256];
};

enum { SECONDS = 1000000 };

static int64_t soon(const struct client *c)
{
    return mxs_loop_now(c->loop) + 20 * SECONDS;
}

static void failed(struct client *c, const char *step, const char *got)
{
    if (!c->failure[0])
        snprintf(c->failure, sizeof c->failure, "\"%s\": %s", step, got);
}

static void on_message(void *data, enum mxs_dir dir, unsigned type, unsigned version,
                       enum mxs_epoch epoch, struct mxs_bytes body)
{
    struct client *c = data;
    (void)version;
    (void)epoch;
    if (dir != MXS_DIR_IN)
        return;
    c->messages |= type < 32 ? 1u << type : 0;
    c->client_cert_asked = c->client_cert_asked || type == 13;
    if (type == 11) {
        mxs_buf_clear(&c->certificate);
        mxs_buf_add(&c->certificate, body.p, body.n);
    }
}

static void on_alert(void *data, enum mxs_dir dir, unsigned level, unsigned code,
                     bool after_finished)
{
    struct client *c = data;
    (void)after_finished;
    if (dir == MXS_DIR_IN && level == 2)
        c->alert = (int)code;
}

static bool read_more(struct client *c, int64_t deadline)
{
    uint8_t chunk[2048];
    size_t n = 0;
    return c->s && c->s->ops->read(c->s, chunk, sizeof chunk, &n, deadline, NULL) == MXS_OK &&
           mxs_buf_add(&c->in, chunk, n) == MXS_OK;
}

static const char *read_line(struct client *c)
{
    const uint8_t *end;
    while (!(end = c->in.n ? memchr(c->in.p, '\n', c->in.n) : NULL))
        if (!read_more(c, soon(c)))
            return NULL;
    size_t n = (size_t)(end - c->in.p);
    const char *line = mxs_arena_strndup(c->arena, c->in.p, n);
    mxs_buf_take(&c->in, n + 1);
    return line;
}

static const char *read_reply(struct client *c)
{
    const char *all = "", *line;
    do {
        line = read_line(c);
        if (!line)
            return NULL;
        all = mxs_arena_printf(c->arena, "%s%s\n", all, line);
    } while (strlen(line) > 3 && line[3] == '-');
    return all;
}

static void expect_line(struct client *c, const char *step)
{
    const char *line = read_line(c);
    if (!line || strncmp(line, step + 2, strlen(step + 2)) != 0)
        failed(c, step, line ? line : "no line");
}

static void expect_reply(struct client *c, const char *step)
{
    const char *reply = read_reply(c);
    bool want = step[1] == '<';
    if (!reply || (strstr(reply, step + 3) != NULL) != want)
        failed(c, step, reply ? reply : "no reply");
}

static void send_line(struct client *c, const char *step)
{
    const char *line = mxs_arena_printf(c->arena, "%s\r\n", step + 2);
    if (!c->s || c->s->ops->write(c->s, (const uint8_t *)line, strlen(line), soon(c), NULL))
        failed(c, step, "cannot send");
}

static void do_tls(struct client *c, const char *step)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_stream *below = c->s;
    bool local, want = step[3] != '!';
    c->s = NULL;
    enum mxs_err err = mxs_tls_client(below, &c->tls, &c->observer, soon(c), &c->s, &local, &why);
    if ((err == MXS_OK) != want)
        failed(c, step, err ? why.text : "it succeeded");
    if (c->s && strcmp(step, "tls late") == 0) { /* a refusal behind our Finished */
        if (read_more(c, soon(c)))
            failed(c, step, "no refusal came");
        c->s->ops->close(c->s);
        c->s = NULL;
    }
}

static void expect_close(struct client *c, const char *step)
{
    while (read_more(c, soon(c)))
        mxs_buf_clear(&c->in);
    if (c->s && c->s->closed == MXS_CLOSE_NONE)
        failed(c, step, "still open");
}

static void do_step(struct client *c, const char *step)
{
    if (strncmp(step, "< ", 2) == 0)
        expect_line(c, step);
    else if (step[0] == '<')
        expect_reply(c, step);
    else if (step[0] == '>')
        send_line(c, step);
    else if (strncmp(step, "tls", 3) == 0)
        do_tls(c, step);
    else if (strcmp(step, "close") == 0)
        expect_close(c, step);
    else if (strcmp(step, "glued") == 0 && c->in.n == 0)
        failed(c, step, "nothing behind the line");
    else if (strcmp(step, "silent") == 0 && read_more(c, mxs_loop_now(c->loop) + SECONDS / 5))
        failed(c, step, "something came");
}

static void run(struct mxs_coro *self, void *data)
{
    struct client *c = data;
    const struct mxs_lab_connect *row = NULL;
    struct mxs_why why = { MXS_OK, "" };
    for (size_t i = 0; i < c->info->connect_to.n && !row; i++)
        if (strcmp(c->info->connect_to.v[i].host, c->host) == 0 &&
            c->info->connect_to.v[i].port == c->port)
            row = &c->info->connect_to.v[i];
    if (!row) {
        failed(c, c->host, "not in connect_to");
        return;
    }
    struct mxs_socket_options to = { .address = *row->address ? row->address : "127.0.0.1",
                                     .port = row->to_port };
    c->coro = self;
    if (mxs_socket_connect(self, c->loop, &to, soon(c), &c->s, &why))
        failed(c, "connect", why.text);
    for (const char *const *step = c->script; *step && !c->failure[0]; step++)
        do_step(c, *step);
    if (c->s)
        c->s->ops->close(c->s);
}

/* --- a lab and its clients --- */

struct world {
    struct mxs_arena *arena;
    struct mxs_loop *loop;
    struct mxs_lab *lab;
};

static void world_open(struct world *w, const char *fault)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_lab_options options = { .listen = NULL };
    w->arena = mxs_arena_new();
    w->loop = mxs_loop_new(mxs_clock_real());
    if (fault)
        *mxs_list_add(w->arena, &options.faults) = fault;
    if (mxs_lab_new(w->loop, mxs_clock_real(), &options, &w->lab, &why))
        fail_msg("%s", why.text);
}

static void world_close(struct world *w)
{
    mxs_lab_free(w->lab);
    mxs_loop_free(w->loop);
    mxs_arena_free(w->arena);
}

static struct client *client_new(struct world *w, const char *host, unsigned port,
                                 const char *const *script)
{
    struct client *c = MXS_NEW(w->arena, struct client);
    c->loop = w->loop;
    c->arena = w->arena;
    c->info = mxs_lab_info(w->lab);
    c->host = host;
    c->port = port;
    c->script = script;
    c->alert = -1;
    c->tls.sni = host;
    c->observer = (struct mxs_tls_observer){ .data = c, .message = on_message, .alert = on_alert };
    mxs_buf_init(&c->in, 1 << 16);
    mxs_buf_init(&c->certificate, 1 << 20);
    return c;
}

static void client_run(struct client *c)
{
    coro_test(c->loop, run, c);
    mxs_buf_fini(&c->in);
    if (c->failure[0])
        fail_msg("%s:%u %s", c->host, c->port, c->failure);
}

static void talk(struct world *w, const char *host, unsigned port, const char *const *script)
{
    struct client *c = client_new(w, host, port, script);
    client_run(c);
    mxs_buf_fini(&c->certificate);
}

static struct mxs_bytes pem(struct world *w, const char *path)
{
    struct mxs_bytes b = { NULL, 0 };
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_file_read(w->arena, path, 1 << 20, &b, &why))
        fail_msg("%s", why.text);
    return b;
}

/* --- clean --- */

static void dialogue(void **state)
{
    (void)state;
    static const char *const clear[] = {
        "< 220 mx1.lab.test ESMTP", "> MAIL FROM:<a@b.test>", "< 503 ", "> EHLO me.test",
        "<< 250-STARTTLS", "> NOOP", "< 250 ", "> VRFY x", "< 252 ", "> WHAT", "< 500 ",
        "> RCPT TO:<x@lab.test>", "< 503 ", "> MAIL FROM:a", "< 501 ", "> mail from:<a@b.test>",
        "< 250 2.1.0", "> RCPT TO:<x@lab.test>", "< 250 2.1.5", "> DATA", "< 451 ", "> RSET",
        "< 250 ", "> DATA", "< 503 ", "> EHLO", "< 501 ", "> HELO me.test", "< 250 mx1",
        "> AUTH PLAIN", "< 503 ", "> QUIT", "< 221 ", "close", NULL
    };
    static const char *const inside[] = {
        "< 220 ", "> EHLO me.test", "<< STARTTLS", "> STARTTLS", "< 220 ", "tls",
        "> MAIL FROM:<a@b.test>", "< 503 ", "> EHLO me.test", "<! STARTTLS", "> STARTTLS",
        "< 503 ", "> QUIT", "< 221 ", "close", NULL
    };
    static const char *const pipelined[] = {
        "< 220 ", "> EHLO me.test\r\nNOOP\r\nMAIL FROM:<>\r\nRCPT TO:<x@lab.test>\r\nQUIT",
        "<< PIPELINING", "< 250 2.0.0", "< 250 2.1.0", "< 250 2.1.5", "< 221 ", "close", NULL
    };
    struct world w;
    world_open(&w, NULL);
    talk(&w, "mx1.lab.test", 25, clear);
    talk(&w, "mx1.lab.test", 25, inside);
    talk(&w, "mx2.lab.test", 25, inside);
    talk(&w, "mx1.lab.test", 25, pipelined);
    world_close(&w);
}

static const char *const starttls[] = { "< 220 ", "> EHLO me.test", "<< STARTTLS", "> STARTTLS",
                                        "< 220 ", "tls", NULL };

/* rsaEncryption (RFC 8017) stands in a key of RSA alone: the issuers' keys are P-256. */
static bool is_rsa(const struct client *c)
{
    static const uint8_t oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1 };
    return memmem(c->certificate.p, c->certificate.n, oid, sizeof oid) != NULL;
}

static void offers(void **state)
{
    (void)state;
    static const struct {
        enum mxs_offer offer;
        const char *priority;
        bool rsa;
    } rows[] = {
        { MXS_OFFER_RSA, NULL, true },
        { MXS_OFFER_ECDSA, NULL, false },
    };
    struct world w;
    world_open(&w, NULL);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct client *c = client_new(&w, "mx1.lab.test", 25, starttls);
        c->tls.offer = rows[i].offer;
        client_run(c);
        assert_int_equal(is_rsa(c), rows[i].rsa);
        assert_false(c->client_cert_asked);
        mxs_buf_fini(&c->certificate);
    }
    struct client *c = client_new(&w, "mx2.lab.test", 25, starttls);
    client_run(c);
    assert_true(c->client_cert_asked);
    mxs_buf_fini(&c->certificate);
    world_close(&w);
}

static void submission(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "tls", "< 220 submit.lab.test", "> EHLO me.test", "<< AUTH EXTERNAL",
        "> MAIL FROM:<a@b.test>", "< 530 ", "> AUTH PLAIN =", "< 504 ", "> AUTH EXTERNAL",
        "< 334 ", "> *", "< 501 ", "> AUTH EXTERNAL =", "< 235 ", "> MAIL FROM:<a@b.test>",
        "< 250 ", NULL
    };
    static const char *const no[] = { "tls", "< 220 ", "> EHLO me.test", "<! AUTH",
                                      "> AUTH EXTERNAL =", "< 535 ", NULL };
    static const char *const clear[] = { "< 220 ", "> EHLO me.test", "<! AUTH",
                                         "> MAIL FROM:<a@b.test>", "< 530 ", "> AUTH EXTERNAL =",
                                         "< 503 ", NULL };
    struct world w;
    world_open(&w, NULL);
    const struct mxs_lab_info *info = mxs_lab_info(w.lab);
    const struct {
        const char *cert, *key;
        unsigned port;
        const char *const *script;
    } rows[] = {
        { info->client_cert, info->client_key, 465, yes },
        { info->server_only_cert, info->server_only_key, 465, no },
        { NULL, NULL, 465, no },
        { NULL, NULL, 587, clear },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct client *c = client_new(&w, "submit.lab.test", rows[i].port, rows[i].script);
        if (rows[i].cert) {
            c->tls.client_cert_pem = pem(&w, rows[i].cert);
            c->tls.client_key_pem = pem(&w, rows[i].key);
        }
        client_run(c);
        mxs_buf_fini(&c->certificate);
    }
    world_close(&w);
}

struct fetch {
    struct world *w;
    struct mxs_policy_fetch_options options;
    struct mxs_policy_answer answer;
};

static void run_fetch(struct mxs_coro *self, void *data)
{
    struct fetch *f = data;
    mxs_policy_fetch(f->w->loop, self, f->w->arena, &f->options,
                     mxs_loop_now(f->w->loop) + 10 * SECONDS, &f->answer);
}

static void policy(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        int status;
        const char *error_id, *in_body;
        size_t certificates;
    } rows[] = {
        { NULL, 200, NULL, "mode: enforce\r\nmx: mx1.lab.test\r\n", 3 },
        { "sts-redirect", 301, "redirect", NULL, 3 },
        { "sts-not-found", 404, "status", NULL, 3 },
        { "sts-oversize", 200, "too-large", NULL, 3 },
        { "sts-cert-expired", 0, "certificate", NULL, 3 },
        { "sts-cert-wrong-name", 0, "certificate", NULL, 3 },
        { "sts-host-down", 0, "connect", NULL, 0 },
        { "sts-typo", 200, NULL, "nmx: mx1.lab.test", 3 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world w;
        struct fetch f = { .w = &w };
        world_open(&w, rows[i].fault);
        const struct mxs_lab_info *info = mxs_lab_info(w.lab);
        const struct mxs_lab_connect *row = &info->connect_to.v[info->connect_to.n - 1];
        *mxs_list_add(w.arena, &f.options.addresses) = row->address;
        f.options.host = row->host;
        f.options.port = row->to_port;
        f.options.ca_file = info->ca_file;
        coro_test(w.loop, run_fetch, &f);
        const char *name = rows[i].fault ? rows[i].fault : "clean";
        const char *got = f.answer.error_id ? f.answer.error_id : "none";
        const char *want = rows[i].error_id ? rows[i].error_id : "none";
        if (strcmp(got, want) != 0 || f.answer.status != rows[i].status)
            fail_msg("%s: %d %s (%s), not %d %s", name, f.answer.status, got,
                     f.answer.error ? f.answer.error : "", rows[i].status, want);
        assert_int_equal(f.answer.certificates.n, rows[i].certificates);
        if (rows[i].in_body)
            assert_non_null(memmem(f.answer.body.p, f.answer.body.n, rows[i].in_body,
                                   strlen(rows[i].in_body)));
        world_close(&w);
    }
}

/* --- broken --- */

static void replies(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        const char *script[10];
    } rows[] = {
        { "starttls-stripped", { "< 220 ", "> EHLO me", "<! STARTTLS" } },
        { "starttls-refused", { "< 220 ", "> EHLO me", "<< STARTTLS", "> STARTTLS", "< 554 " } },
        { "starttls-454", { "< 220 ", "> EHLO me", "<< STARTTLS", "> STARTTLS", "< 454 " } },
        { "starttls-glued", { "< 220 ", "> STARTTLS", "< 220 ", "glued" } },
        { "starttls-plaintext", { "< 220 ", "> STARTTLS", "< 220 ", "> NOOP", "< 250 " } },
        { "starttls-421", { "< 220 ", "> STARTTLS", "< 421 ", "close" } },
        { "connect-reset", { "close" } },
        { "banner-silent", { "silent" } },
        { "banner-delay", { "silent", "< 220 " } },
        { "banner-554", { "< 554 ", "> QUIT", "< 221 " } },
        { "banner-421", { "< 421 ", "close" } },
        { "banner-http", { "< HTTP/1.1 400", "< \r", "close" } },
        { "ehlo-421", { "< 220 ", "> EHLO me", "< 421 ", "close" } },
        { "ehlo-silent", { "< 220 ", "> EHLO me", "silent" } },
        { "ehlo-closed", { "< 220 ", "> EHLO me", "close" } },
        { "ehlo-endless", { "< 220 ", "> EHLO me", "< 250-X", "< 250-X", "< 250-X" } },
        { "ehlo-broken", { "< 220 ", "> EHLO me", "< 250-mx.lab", "< 250-SIZE", "< 251 " } },
        { "tls10-only", { "< 220 ", "> STARTTLS", "< 220 ", "tls" } },
        { "starttls-stripped", { "< 220 ", "> STARTTLS", "< 220 ", "tls" } },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world w;
        world_open(&w, rows[i].fault);
        talk(&w, "mx1.lab.test", 25, rows[i].script);
        world_close(&w);
    }
}

/* The message after which the server ends the handshake is the last that came. */
static void stops(void **state)
{
    (void)state;
    static const char *const script[] = { "< 220 ", "> STARTTLS", "< 220 ", "tls!", NULL };
    static const char *const late[] = { "< 220 ", "> STARTTLS", "< 220 ", "tls late", NULL };
    enum { SH = 2, EE = 8, CR = 13, CERT = 11, CV = 15, FIN = 20 };
    static const struct {
        const char *message;
        unsigned last; /* incoming message type, 0: none */
    } rows[] = {
        { "client-hello", 0 }, { "server-hello", SH },   { "encrypted-extensions", EE },
        { "certificate", CERT }, { "certificate-request", CR }, { "certificate-verify", CV },
        { "finished", FIN },
    };
    static const unsigned order[] = { SH, EE, CR, CERT, CV, FIN };
    static const char *const hows[] = { "alert", "close", "reset" };
    for (size_t i = 0; i < MXS_COUNT(rows) * MXS_COUNT(hows); i++) {
        struct world w;
        const char *how = hows[i % 3], *message = rows[i / 3].message;
        char fault[64];
        snprintf(fault, sizeof fault, "%s-after-%s", how, message);
        world_open(&w, fault);
        struct client *c = client_new(&w, "mx1.lab.test", 25,
                                      rows[i / 3].last == FIN ? late : script);
        client_run(c);
        unsigned last = 0;
        for (size_t n = 0; n < MXS_COUNT(order); n++)
            if (c->messages & 1u << order[n])
                last = order[n];
        if (last != rows[i / 3].last || (c->alert >= 0) != (how[0] == 'a'))
            fail_msg("%s: last message %u, alert %d", fault, last, c->alert);
        mxs_buf_fini(&c->certificate);
        world_close(&w);
    }
}

static void client_certs(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        int cert; /* 0: none, 1: clientAuth, 2: serverAuth alone */
        int alert;
        const char *script[10];
    } rows[] = {
        { "client-cert-requested", 0, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls", "> NOOP", "< 250" } },
        { "client-cert-required", 0, 40, { "< 220 ", "> STARTTLS", "< 220 ", "tls!" } },
        { "client-cert-required", 2, 43, { "< 220 ", "> STARTTLS", "< 220 ", "tls!" } },
        { "client-cert-required", 1, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls" } },
        { "client-cert-late-alert", 0, 116, { "< 220 ", "> STARTTLS", "< 220 ", "tls late" } },
        { "client-cert-late-alert", 2, 43, { "< 220 ", "> STARTTLS", "< 220 ", "tls late" } },
        { "client-cert-late-alert", 1, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls", "> NOOP", "< 250" } },
        { "client-cert-late-close", 2, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls late" } },
        { "client-cert-421", 0, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls", "> EHLO me", "< 421 4.7.1 mx1.lab.test", "close" } },
        { "client-cert-421", 1, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls", "> EHLO me", "<< 250" } },
        { "client-cert-454", 0, -1, { "< 220 ", "> STARTTLS", "< 220 ", "tls", "> EHLO me", "<< 250", "> MAIL FROM:<>", "< 454 " } },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world w;
        world_open(&w, rows[i].fault);
        const struct mxs_lab_info *info = mxs_lab_info(w.lab);
        struct client *c = client_new(&w, "mx1.lab.test", 25, rows[i].script);
        if (rows[i].cert) {
            bool both = rows[i].cert == 1;
            c->tls.client_cert_pem = pem(&w, both ? info->client_cert : info->server_only_cert);
            c->tls.client_key_pem = pem(&w, both ? info->client_key : info->server_only_key);
        }
        client_run(c);
        if (c->alert != rows[i].alert)
            fail_msg("%s, certificate %d: alert %d, not %d", rows[i].fault, rows[i].cert, c->alert,
                     rows[i].alert);
        mxs_buf_fini(&c->certificate);
        world_close(&w);
    }
}

/* --- start and end --- */

static void files(void **state)
{
    (void)state;
    struct world w;
    struct stat st;
    world_open(&w, NULL);
    const struct mxs_lab_info *info = mxs_lab_info(w.lab);
    const char *const paths[] = { info->trust_anchor, info->delv_anchor, info->ca_file,
                                  info->client_cert, info->client_key, info->server_only_cert,
                                  info->server_only_key };
    char directory[64];
    snprintf(directory, sizeof directory, "%s", info->directory);
    for (size_t i = 0; i < MXS_COUNT(paths); i++) {
        assert_int_equal(stat(paths[i], &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    assert_int_equal(stat(directory, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    world_close(&w);
    assert_int_equal(stat(directory, &st), -1);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *fault, *listen;
        enum mxs_err err;
        const char *why;
    } rows[] = {
        { "nonsense", NULL, MXS_ERR_NOT_FOUND, "no fault \"nonsense\"" },
        { NULL, "0.0.0.0", MXS_ERR_USAGE, "0.0.0.0: name the one address" },
        { NULL, "192.0.2.1", MXS_ERR_IO, "192.0.2.1" },
        { NULL, "localhost", MXS_ERR_USAGE, "localhost: not a numeric address" },
    };
    struct mxs_loop *loop = mxs_loop_new(mxs_clock_real());
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_why why = { MXS_OK, "" };
        const char *faults[] = { rows[i].fault };
        struct mxs_lab_options options = { .faults = { faults, rows[i].fault != NULL, 1 },
                                           .listen = rows[i].listen };
        struct mxs_lab *lab;
        assert_int_equal(mxs_lab_new(loop, mxs_clock_real(), &options, &lab, &why), rows[i].err);
        assert_null(lab);
        assert_non_null(strstr(why.text, rows[i].why));
    }
    mxs_loop_free(loop);
}

/* Freed while clients are connected, in clear, in TLS and in the middle of a handshake: they see a
 * close, and nothing is left behind (the sanitizers look). */
static void left_open(void **state)
{
    (void)state;
    static const char *const scripts[][7] = {
        { "< 220 ", "close", NULL },
        { "< 220 ", "> STARTTLS", "< 220 ", "tls", "close", NULL },
        { "< 220 ", "> STARTTLS", "< 220 ", "close", NULL },
    };
    struct world w;
    struct client *clients[MXS_COUNT(scripts)];
    struct mxs_coro *coros[MXS_COUNT(scripts)];
    world_open(&w, NULL);
    for (size_t i = 0; i < MXS_COUNT(scripts); i++) {
        clients[i] = client_new(&w, "mx1.lab.test", 25, scripts[i]);
        coros[i] = mxs_coro_new(w.loop, run, clients[i]);
        mxs_coro_resume(coros[i]);
    }
    for (int64_t end = mxs_loop_now(w.loop) + SECONDS / 2; mxs_loop_now(w.loop) < end;)
        mxs_loop_run_once(w.loop, 50);
    for (size_t i = 0; i < MXS_COUNT(scripts); i++)
        assert_false(mxs_coro_done(coros[i]));
    mxs_lab_free(w.lab);
    w.lab = NULL;
    for (size_t i = 0; i < MXS_COUNT(scripts); i++) {
        while (!mxs_coro_done(coros[i]))
            mxs_loop_run_once(w.loop, -1);
        mxs_coro_free(coros[i]);
        mxs_buf_fini(&clients[i]->in);
        mxs_buf_fini(&clients[i]->certificate);
        if (clients[i]->failure[0])
            fail_msg("%s", clients[i]->failure);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialogue),     cmocka_unit_test(offers),  cmocka_unit_test(submission),
        cmocka_unit_test(policy),       cmocka_unit_test(replies), cmocka_unit_test(stops),
        cmocka_unit_test(client_certs), cmocka_unit_test(files),   cmocka_unit_test(refused),
        cmocka_unit_test(left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
