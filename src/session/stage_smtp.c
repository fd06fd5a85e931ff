/* The SMTP stages: connect, banner, EHLO, STARTTLS, AUTH EXTERNAL, MAIL, RCPT, QUIT. Limits in seconds are
 * those of RFC 5321 4.5.3.2; where it gives none, what senders commonly wait. */
#include "config.h"

#include "session/stage_smtp.h"

#include "base/text.h"
#include "net/tls_stream.h"

#include <string.h>
#include <unistd.h>

enum {
    CONNECT_S = 30,
    BANNER_S = 300,
    EHLO_S = 300,
    STARTTLS_S = 300,
    AUTH_S = 300,
    MAIL_S = 300,
    RCPT_S = 300,
    QUIT_S = 10,
    REPLY_MAX = (MXS_SMTP_LINES_MAX + 1) * MXS_SMTP_LINE_MAX
};

/* --- connect, banner --- */

static void new_dialogue(struct mxs_walk *walk, struct mxs_probe *probe)
{
    probe->smtp = MXS_NEW(walk->arena, struct mxs_smtp);
    mxs_buf_init(&probe->smtp->in, REPLY_MAX);
}

enum mxs_err mxs_stage_connect(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct mxs_socket_options to = { .address = probe->address, .port = probe->port,
                                     .source = walk->options->source };
    struct mxs_why reason = { MXS_OK, "" };
    const char *local = NULL, *remote;
    mxs_walk_connect_to(walk, probe->host, probe->port, &to.address, &to.port);
    remote = mxs_arena_printf(walk->arena, strchr(to.address, ':') ? "[%s]:%u" : "%s:%u",
                              to.address, to.port);
    mxs_walk_waiting(walk, "the connection", 0);
    enum mxs_err err = mxs_socket_connect(walk->coro, walk->loop, &to,
                                          mxs_walk_deadline(walk, CONNECT_S), &probe->stream,
                                          &reason);
    mxs_walk_waited(walk);
    if (!err)
        mxs_socket_names(probe->stream, walk->arena, &local, &remote);
    mxs_walk_emit(walk, probe, MXS_EVENT_CONNECT, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "local", local }, { "remote", remote },
                            { "error", err ? reason.text : NULL }),
                  "%s %s%s%s", err ? "no connection to" : "connected to", remote, err ? ": " : "",
                  err ? reason.text : "");
    if (err == MXS_ERR_UNSUPPORTED) /* nothing is known of the server */
        probe->end = MXS_END_LOCAL_REFUSAL;
    if (err)
        return mxs_stage_fail(walk, why, err, err == MXS_ERR_UNSUPPORTED ? "not-from-here" : NULL,
                              "%s: %s", remote, reason.text);
    probe->connected = true;
    new_dialogue(walk, probe);
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", remote);
    return MXS_OK;
}

/* RFC 5321 4.3.1: 220, or 554. Another 2xx is wrong, but says the same. */
enum mxs_err mxs_stage_banner(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    const struct mxs_smtp_reply *reply = &probe->smtp->reply;
    enum mxs_err err = mxs_smtp_await(walk, probe, "the banner", BANNER_S, false, why);
    if (err)
        return err;
    if (reply->code / 100 != 2)
        return mxs_smtp_refused(walk, probe, why);
    mxs_stage_say(walk, reply->code == 220 ? MXS_STAGE_OK : MXS_STAGE_WARNING, "%s",
                  mxs_smtp_reply_text(walk, reply));
    return MXS_OK;
}

/* --- EHLO --- */

/* RFC 5321 4.1.1.1: our domain name, else an address literal. */
static const char *own_name(struct mxs_walk *walk, const struct mxs_probe *probe)
{
    char name[256] = "";
    const char *local, *remote;
    struct mxs_stream *socket = probe->stream;
    if (walk->options->ehlo)
        return walk->options->ehlo;
    if (gethostname(name, sizeof name - 1) == 0 && strchr(name, '.'))
        return mxs_arena_strdup(walk->arena, name);
    while (socket->below)
        socket = socket->below;
    mxs_socket_names(socket, walk->arena, &local, &remote);
    if (!local)
        return "localhost";
    if (*local == '[') /* "[2001:db8::1]:25" */
        return mxs_arena_printf(walk->arena, "[IPv6:%.*s", (int)(strchr(local, ']') - local),
                                local + 1);
    return mxs_arena_printf(walk->arena, "[%.*s]", (int)(strchr(local, ':') - local), local);
}

static void say_keywords(struct mxs_walk *walk, const struct mxs_smtp_reply *ehlo)
{
    const char *text = "";
    for (size_t i = 1; i < ehlo->lines.n; i++) {
        const char *line = ehlo->lines.v[i];
        text = mxs_arena_printf(walk->arena, "%s%s%.*s", text, i > 1 ? " " : "",
                                (int)strcspn(line, " "), line);
        if (strlen(text) > 200)
            break;
    }
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", *text ? text : "no extensions");
}

/* RFC 5321 3.2: a server that does not recognise EHLO gets HELO, so 500 and 502; 4.1.4 lets a server
 * for which EHLO "is not acceptable" say 501 or 550 as well, and old ones say other things. So every
 * permanent reply but 521, which speaks of the host and not of the command (RFC 7504 3). A transient one
 * says to come back. Inside TLS the server has shown before that it knows EHLO. */
static bool wants_helo(const struct mxs_smtp *smtp)
{
    return smtp->reply.code / 100 == 5 && smtp->reply.code != 521 && !smtp->tls;
}

/* A server that goes instead of answering has answered before: the reply to EHLO ended the session. */
static enum mxs_err helo(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    const struct mxs_smtp_reply refusal = probe->smtp->reply;
    const char *line = mxs_arena_printf(walk->arena, "HELO %s", own_name(walk, probe));
    enum mxs_err err = mxs_smtp_command(walk, probe, "HELO", line, false, EHLO_S, why);
    if (err == MXS_ERR_CLOSED && probe->smtp->closed) {
        probe->smtp->reply = refusal;
        return mxs_smtp_refused(walk, probe, why);
    }
    if (err)
        return err;
    if (probe->smtp->reply.code / 100 != 2)
        return mxs_smtp_refused(walk, probe, why);
    mxs_stage_say(walk, MXS_STAGE_WARNING, "EHLO refused, HELO accepted: no extensions");
    return MXS_OK;
}

static enum mxs_err ehlo(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct mxs_smtp *smtp = probe->smtp;
    const char *line = mxs_arena_printf(walk->arena, "EHLO %s", own_name(walk, probe));
    smtp->ehlo = (struct mxs_smtp_reply){ 0 };
    enum mxs_err err = mxs_smtp_command(walk, probe, "EHLO", line, false, EHLO_S, why);
    if (err)
        return err;
    if (wants_helo(smtp))
        return helo(walk, probe, why);
    if (smtp->reply.code / 100 != 2)
        return mxs_smtp_refused(walk, probe, why);
    smtp->ehlo = smtp->reply;
    say_keywords(walk, &smtp->ehlo);
    return MXS_OK;
}

enum mxs_err mxs_stage_ehlo(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    return ehlo(walk, probe, why);
}

enum mxs_err mxs_stage_ehlo_tls(struct mxs_walk *walk, struct mxs_probe *probe,
                                struct mxs_why *why)
{
    enum mxs_err err = ehlo(walk, probe, why);
    if (!err && mxs_smtp_keyword(&probe->smtp->ehlo, "STARTTLS")) /* RFC 3207 4.2 */
        mxs_walk_note(walk, probe, "starttls-again", "STARTTLS is offered again inside TLS");
    return err;
}

/* --- STARTTLS --- */

/* RFC 3207 4.2: what stands behind the 220 came before TLS and may be an attacker's. It is
 * shown, never parsed. */
static void check_glued(struct mxs_walk *walk, struct mxs_probe *probe)
{
    struct mxs_bytes rest = mxs_smtp_take_rest(walk, probe);
    if (!rest.n)
        return;
    mxs_walk_emit(walk, probe, MXS_EVENT_GLUED, MXS_DIR_IN, rest, NULL, 0,
                  "%zu octets glued behind the 220: %s", rest.n,
                  mxs_text_clip(walk->arena, rest, 80));
    mxs_stage_say(walk, MXS_STAGE_WARNING, "%zu octets glued behind the 220, discarded", rest.n);
}

enum mxs_err mxs_stage_starttls(struct mxs_walk *walk, struct mxs_probe *probe,
                                struct mxs_why *why)
{
    struct mxs_smtp *smtp = probe->smtp;
    if (probe->mode == MXS_TLS_NONE)
        return mxs_stage_skip(walk, "not wanted (--tls=none)");
    if (!mxs_smtp_keyword(&smtp->ehlo, "STARTTLS"))
        return mxs_stage_fail(walk, why, MXS_ERR_NOT_FOUND, "starttls-absent",
                              "STARTTLS is not offered");
    enum mxs_err err = mxs_smtp_command(walk, probe, "STARTTLS", "STARTTLS", false, STARTTLS_S,
                                        why);
    if (err)
        return err;
    if (smtp->reply.code != 220)
        return mxs_smtp_refused(walk, probe, why);
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", mxs_smtp_reply_text(walk, &smtp->reply));
    check_glued(walk, probe);
    return MXS_OK;
}

/* --- after TLS --- */

/* RFC 4954 4: "=" is an empty initial response. */
static const char *auth_words(struct mxs_walk *walk)
{
    const char *authzid = walk->options->auth_external;
    return *authzid ? mxs_base64(walk->arena, mxs_bytes_str(authzid)) : "=";
}

enum mxs_err mxs_stage_auth(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct mxs_smtp *smtp = probe->smtp;
    if (!walk->options->auth_external)
        return mxs_stage_skip(walk, "not asked for (--auth)");
    if (!mxs_smtp_keyword_has(&smtp->ehlo, "AUTH", "EXTERNAL")) {
        mxs_stage_say(walk, MXS_STAGE_WARNING, "AUTH EXTERNAL is not offered");
        return MXS_OK;
    }
    const char *line = mxs_arena_printf(walk->arena, "AUTH EXTERNAL %s", auth_words(walk));
    enum mxs_err err = mxs_smtp_command(walk, probe, "AUTH EXTERNAL", line, true, AUTH_S, why);
    if (!err && smtp->reply.code == 334) /* it does not know initial responses */
        err = mxs_smtp_command(walk, probe, "AUTH EXTERNAL", auth_words(walk), true, AUTH_S, why);
    if (err)
        return err;
    if (smtp->reply.code / 100 != 2)
        return mxs_smtp_refused(walk, probe, why);
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", mxs_smtp_reply_text(walk, &smtp->reply));
    return MXS_OK;
}

static enum mxs_err envelope(struct mxs_walk *walk, struct mxs_probe *probe, const char *verb,
                             const char *address, int limit, struct mxs_why *why)
{
    const char *line = mxs_arena_printf(walk->arena, "%s:<%s>", verb, address);
    enum mxs_err err = mxs_smtp_command(walk, probe, verb, line, false, limit, why);
    if (err)
        return err;
    if (probe->smtp->reply.code / 100 != 2)
        return mxs_smtp_refused(walk, probe, why);
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", mxs_smtp_reply_text(walk, &probe->smtp->reply));
    return MXS_OK;
}

enum mxs_err mxs_stage_mail(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    const struct mxs_session_options *o = walk->options;
    if (!o->mail_from && !o->rcpt_to)
        return mxs_stage_skip(walk, "not asked for (--mail-from)");
    return envelope(walk, probe, "MAIL FROM", o->mail_from ? o->mail_from : "", MAIL_S, why);
}

enum mxs_err mxs_stage_rcpt(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    if (!walk->options->rcpt_to)
        return mxs_stage_skip(walk, "not asked for (--rcpt-to)");
    return envelope(walk, probe, "RCPT TO", walk->options->rcpt_to, RCPT_S, why);
}

/* The session has given all it had: nothing in QUIT makes it fail. */
enum mxs_err mxs_stage_quit(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct mxs_smtp *smtp = probe->smtp;
    enum mxs_err err = mxs_smtp_command(walk, probe, "QUIT", "QUIT", false, QUIT_S, why);
    if (err == MXS_ERR_CANCELLED)
        return err;
    probe->end = MXS_END_DONE;
    probe->reply = 0;
    if (err)
        mxs_stage_say(walk, MXS_STAGE_WARNING, "%s", why->text);
    else
        mxs_stage_say(walk, smtp->reply.code == 221 ? MXS_STAGE_OK : MXS_STAGE_WARNING, "%s",
                      mxs_smtp_reply_text(walk, &smtp->reply));
    if (smtp->tls && !smtp->closed)
        mxs_tls_bye(probe->stream);
    mxs_smtp_close_event(walk, probe, "us", smtp->tls ? MXS_CLOSE_NOTIFY : MXS_CLOSE_FIN);
    return MXS_OK;
}
