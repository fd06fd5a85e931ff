#include "config.h"

#include "lab/lab_smtp_room.h"

#include "base/text.h"
#include "lab/lab_server.h"

#include <gnutls/crypto.h>

#include <string.h>

#define CONNECTIONS 64
#define LINE_MAX_BYTES 4096     /* RFC 5321 4.5.3.1.4 asks for 512, AUTH for 12288 at most */
#define WAIT_US INT64_C(300000000) /* RFC 5321 4.5.3.2.7 */
#define FLOOD_BYTES (64u << 20)

static int64_t deadline(const struct mxs_lab_talk *t)
{
    return mxs_loop_now(t->smtp->loop) + WAIT_US;
}

static void send_bytes(struct mxs_lab_talk *t, struct mxs_bytes b)
{
    if (!t->s || t->s->ops->write(t->s, b.p, b.n, deadline(t), NULL))
        t->over = true;
}

void mxs_lab_talk_reply(struct mxs_lab_talk *t, const char *text)
{
    send_bytes(t, mxs_bytes_str(mxs_arena_printf(t->arena, "%s\r\n", text)));
}

/* --- rules of the plan --- */

/* \r \n \0 in a rule's text; {host} is the host's own name. */
static struct mxs_bytes rule_bytes(const struct mxs_lab_talk *t, const struct mxs_lab_reply_rule *rule)
{
    static const char letters[] = "rn0";
    struct mxs_buf buf;
    mxs_buf_init(&buf, LINE_MAX_BYTES);
    for (const char *p = rule->text; p && *p; p++) {
        const char *escape = p[0] == '\\' && p[1] ? strchr(letters, p[1]) : NULL;
        if (strncmp(p, "{host}", 6) == 0) {
            mxs_buf_puts(&buf, t->host->host);
            p += 5;
        } else if (escape) {
            mxs_buf_putc(&buf, "\r\n\0"[escape - letters]);
            p++;
        } else {
            mxs_buf_putc(&buf, *p);
        }
    }
    if (!rule->raw && rule->text)
        mxs_buf_puts(&buf, "\r\n");
    struct mxs_bytes b = mxs_bytes(mxs_arena_strndup(t->arena, buf.p, buf.n), buf.n);
    mxs_buf_fini(&buf);
    return b;
}

static bool in_phase(const struct mxs_lab_talk *t, int phase)
{
    switch (phase) {
    case MXS_LAB_CLEAR:
        return !t->tls;
    case MXS_LAB_TLS:
        return t->tls;
    case MXS_LAB_REFUSED:
        return t->tls && !t->verified;
    default:
        return true;
    }
}

static const struct mxs_lab_reply_rule *rule_for(const struct mxs_lab_talk *t, const char *verb)
{
    bool connect = strcmp(verb, "CONNECT") == 0;
    for (size_t i = 0; i < t->host->rules.n; i++) {
        const struct mxs_lab_reply_rule *rule = &t->host->rules.v[i];
        bool any = strcmp(rule->verb, "*") == 0 && !connect;
        if ((any || mxs_ascii_equal(rule->verb, verb)) && in_phase(t, rule->phase))
            return rule;
    }
    return NULL;
}

static void flood(struct mxs_lab_talk *t, struct mxs_bytes b)
{
    struct mxs_buf many; /* a whole segment at a time */
    mxs_buf_init(&many, 65536);
    while (b.n > 0 && mxs_buf_add(&many, b.p, b.n) == MXS_OK)
        ;
    for (size_t sent = 0; sent < FLOOD_BYTES && !t->over && many.n > 0; sent += many.n)
        send_bytes(t, mxs_buf_bytes(&many));
    mxs_buf_fini(&many);
    t->over = true;
}

static bool read_more(struct mxs_lab_talk *t);

/* To the ClientHello: bytes that are no record of TLS. */
static void send_garbage(struct mxs_lab_talk *t)
{
    uint8_t junk[200];
    if (!read_more(t))
        return;
    gnutls_rnd(GNUTLS_RND_NONCE, junk, sizeof junk);
    junk[0] = 0x7f; /* whatever the rest is, no content type (RFC 8446 5.1) */
    send_bytes(t, mxs_bytes(junk, sizeof junk));
    t->over = true;
}

static void apply(struct mxs_lab_talk *t, const struct mxs_lab_reply_rule *rule)
{
    struct mxs_bytes b = rule_bytes(t, rule);
    if (rule->after == MXS_LAB_RESET) {
        mxs_lab_reset(t->s);
        t->s = NULL;
        t->over = true;
        return;
    }
    if (rule->after == MXS_LAB_FLOOD) {
        flood(t, b);
        return;
    }
    if (b.n > 0)
        send_bytes(t, b);
    if (rule->after == MXS_LAB_SILENT) {
        mxs_lab_linger(t->s, deadline(t));
        t->over = true;
    }
    if (rule->after == MXS_LAB_GARBAGE)
        send_garbage(t);
    t->over = t->over || rule->after == MXS_LAB_CLOSE;
}

/* --- TLS --- */

void mxs_lab_talk_tls(struct mxs_lab_talk *t)
{
    struct mxs_lab_tls_result result;
    struct mxs_stream *tls = NULL;
    if (!mxs_lab_tls_accept(t->s, t->smtp->identity, deadline(t), &tls, &result, NULL)) {
        t->s = tls;
        t->tls = true;
        t->verified = result.client_verified;
        t->greeted = t->sender = t->recipient = false; /* RFC 3207 4.2 */
        return;
    }
    if (result.broke_off == MXS_LAB_END_RESET) {
        mxs_lab_reset(t->s);
        t->s = NULL;
    }
    t->over = true;
}

/* A rule may answer STARTTLS with a 220 of its own (with bytes glued to it): TLS follows then
 * too. */
static void after_rule(struct mxs_lab_talk *t, const char *verb, const struct mxs_lab_reply_rule *rule)
{
    if (!t->over && !t->tls && rule->after == MXS_LAB_GO_ON &&
        mxs_ascii_equal(verb, "STARTTLS") && strncmp(rule->text, "220", 3) == 0) {
        mxs_buf_clear(&t->in);
        mxs_lab_talk_tls(t);
    }
}

static void command(struct mxs_lab_talk *t, const char *line)
{
    size_t n = strcspn(line, " ");
    const char *verb = mxs_arena_strndup(t->arena, line, n), *args = line + n;
    args += strspn(args, " ");
    const struct mxs_lab_reply_rule *rule = rule_for(t, verb);
    if (rule) {
        apply(t, rule);
        after_rule(t, verb, rule);
        return;
    }
    if (!mxs_lab_talk_command(t, verb, args))
        mxs_lab_talk_reply(t, "500 5.5.2 Command not recognized");
}

/* --- the connection --- */

static bool read_more(struct mxs_lab_talk *t)
{
    uint8_t chunk[1024];
    size_t room = mxs_buf_room(&t->in), n = 0;
    if (room == 0 || t->s->ops->read(t->s, chunk, room < sizeof chunk ? room : sizeof chunk, &n,
                                     deadline(t), NULL)) {
        t->over = true;
        return false;
    }
    mxs_buf_add(&t->in, chunk, n);
    return true;
}

/* One line without its end; NULL when the connection is over or the line too long. */
const char *mxs_lab_talk_line(struct mxs_lab_talk *t)
{
    const uint8_t *end = NULL;
    while (!end) {
        end = t->in.n ? memchr(t->in.p, '\n', t->in.n) : NULL;
        if (!end && !read_more(t))
            return NULL;
    }
    size_t n = (size_t)(end - t->in.p);
    size_t text = n > 0 && end[-1] == '\r' ? n - 1 : n;
    const char *line = mxs_arena_strndup(t->arena, t->in.p, text);
    mxs_buf_take(&t->in, n + 1);
    return line;
}

static void greet(struct mxs_lab_talk *t)
{
    const struct mxs_lab_reply_rule *rule = rule_for(t, "CONNECT");
    if (t->host->banner_delay > 0)
        mxs_coro_sleep(t->s->coro, (int64_t)t->host->banner_delay * 1000);
    if (rule)
        apply(t, rule);
    else
        mxs_lab_talk_reply(t, mxs_arena_printf(t->arena, "220 %s ESMTP mxscope lab", t->host->host));
}

/* A new arena per command: a connection may stay open for a whole lesson. */
static void serve(struct mxs_lab_talk *t)
{
    while (!t->over) {
        mxs_arena_free(t->arena);
        t->arena = mxs_arena_new();
        const char *line = mxs_lab_talk_line(t);
        if (line)
            command(t, line);
    }
}

static void run(void *data, struct mxs_stream **stream, struct mxs_coro *self)
{
    (void)self;
    struct mxs_lab_smtp *smtp = data;
    struct mxs_lab_talk t = { .smtp = smtp, .host = smtp->host, .s = *stream, .arena = mxs_arena_new() };
    mxs_buf_init(&t.in, LINE_MAX_BYTES);
    if (smtp->implicit_tls)
        mxs_lab_talk_tls(&t);
    if (!t.over)
        greet(&t);
    serve(&t);
    mxs_buf_fini(&t.in);
    mxs_arena_free(t.arena);
    *stream = t.s;
}

struct mxs_lab_smtp *mxs_lab_smtp_new(struct mxs_loop *loop, int fd,
                                      const struct mxs_lab_host_plan *host,
                                      const struct mxs_lab_identity *identity, bool implicit_tls)
{
    struct mxs_lab_smtp *smtp = mxs_alloc(sizeof *smtp);
    *smtp = (struct mxs_lab_smtp){ .loop = loop, .host = host, .identity = identity,
                                   .implicit_tls = implicit_tls };
    smtp->server = mxs_lab_server_new(loop, fd, CONNECTIONS, run, smtp);
    return smtp;
}

void mxs_lab_smtp_free(struct mxs_lab_smtp *smtp)
{
    if (!smtp)
        return;
    mxs_lab_server_free(smtp->server);
    mxs_realloc(smtp, 0);
}
