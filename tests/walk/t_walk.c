/* How sessions end: each row is a server that does one thing wrong (or right), the stage that was
 * reached, and why it ended. No row may hang: the limits of the walk end it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/tls.h"
#include "walk/world.h"

#define S(...) (const char *const[]){ __VA_ARGS__, NULL }
#define HELLO "> 220 mx.test ESMTP\r\n", "< EHLO client.test", "> 250-mx.test\r\n250 STARTTLS\r\n"
#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

enum { ASK = 1, DEMAND = 2, OURS = 4, SHORT = 8, MAILS = 16, AUTH = 32, IMPLICIT = 64, CLEAR = 128 };

struct row {
    const char *name;
    const char *const *script;
    enum mxs_stage reached;
    enum mxs_end end;
    int reply;
    const char *error; /* in the session's error; NULL: none */
    int flags;
    const char *priority; /* of the server */
    int refuse;           /* alert; -1: bare close */
};

static struct world *open_row(const struct world_certs *certs, const struct row *row)
{
    struct world *world = world_new(certs);
    world->tls.priority = row->priority;
    world->tls.ask = row->flags & DEMAND ? PEER_DEMAND : row->flags & ASK ? PEER_ASK : PEER_ASK_NOT;
    world->tls.refuse = row->refuse > 0 ? row->refuse : 0;
    world->tls.refuse_silently = row->refuse < 0;
    world->options.timeout = row->flags & SHORT ? 1 : 0;
    world->options.tls = row->flags & IMPLICIT ? MXS_TLS_IMPLICIT
                         : row->flags & CLEAR ? MXS_TLS_NONE : MXS_TLS_AUTO;
    if (row->flags & OURS) {
        world->options.client_cert_pem = mxs_bytes_str(certs->client_pem);
        world->options.client_key_pem = mxs_bytes_str(certs->client_key_pem);
    }
    if (row->flags & MAILS) {
        world->options.mail_from = "a@client.test";
        world->options.rcpt_to = "b@mx.test";
    }
    world->options.auth_external = row->flags & AUTH ? "user" : NULL;
    world_open(world, row->script);
    return world;
}

static bool matches(const struct world *world, const struct row *row)
{
    const struct mxs_session_facts *s = world_session(world, 1);
    const struct mxs_event *last =
        mxs_journal_at(world->journal, mxs_journal_count(world->journal) - 1);
    if (!s || last->kind != MXS_EVENT_WALK_END || !world_event(world, 1, MXS_EVENT_PROBE_END, NULL))
        return false;
    if (world->peer && peer_connections(world->peer) != 1)
        return false;
    return s->reached == row->reached && s->end == row->end && s->reply == row->reply &&
           (row->error ? s->error && strstr(s->error, row->error) : !s->error);
}

static void check_row(const struct world *world, const struct row *row)
{
    const struct mxs_session_facts *s = world_session(world, 1);
    if (matches(world, row))
        return;
    world_dump(world);
    fail_msg("%s: wanted %s %s %d \"%s\", got %s %s %d \"%s\"", row->name,
             mxs_stage_name(row->reached), mxs_end_name(row->end), row->reply,
             row->error ? row->error : "", s ? mxs_stage_name(s->reached) : "-",
             s ? mxs_end_name(s->end) : "-", s ? s->reply : 0, s && s->error ? s->error : "");
}

static void run_rows(void **state, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct world *world = open_row(*state, &rows[i]);
        mxs_walk_finish(world->walk);
        check_row(world, &rows[i]);
        world_free(world);
    }
}

/* --- before TLS --- */

static void before_tls(void **state)
{
    const struct row rows[] = {
        { "silence before the banner", S("wait"), MXS_STAGE_BANNER, MXS_END_TIMEOUT, 0,
          "the banner: timed out", SHORT, NULL, 0 },
        { "close before the banner", S("close"), MXS_STAGE_BANNER, MXS_END_CLOSED, 0,
          "the banner: the peer closed", 0, NULL, 0 },
        { "554 banner", S("> 554 5.7.1 no service for you\r\n", "< QUIT", "> 221 bye\r\n"), MXS_STAGE_BANNER,
          MXS_END_REPLY, 554, "554 5.7.1 no service for you", 0, NULL, 0 },
        { "421 banner", S("> 421 4.3.2 busy\r\n"), MXS_STAGE_BANNER, MXS_END_REPLY, 421,
          "421 4.3.2 busy", 0, NULL, 0 },
        { "another service", S("> SSH-2.0-OpenSSH_9.2\r\n", "wait"), MXS_STAGE_BANNER,
          MXS_END_PROTOCOL, 0, "an SSH server", 0, NULL, 0 },
        { "TLS at once", S("hex 160303004a", "wait"), MXS_STAGE_BANNER, MXS_END_PROTOCOL, 0,
          "TLS from the first byte", 0, NULL, 0 },
        { "wrong banner code", S("> 354 go\r\n", "wait"), MXS_STAGE_BANNER, MXS_END_PROTOCOL, 354,
          "unexpected reply 354 go", 0, NULL, 0 },
        { "a line without end", S("> 220 ", "flood xxxxxxxxxxxxxxxx"), MXS_STAGE_BANNER,
          MXS_END_PROTOCOL, 0, "a reply line without end", 0, NULL, 0 },
        { "a reply without end", S("> 220 hi\r\n", "< EHLO", "flood 250-more\r\n"), MXS_STAGE_EHLO,
          MXS_END_PROTOCOL, 0, "a reply without end", 0, NULL, 0 },
        { "a reply that stops", S("> 220 hi\r\n", "< EHLO", "> 250-mx.test\r\n250-SI", "close"),
          MXS_STAGE_EHLO, MXS_END_CLOSED, 0, "the peer closed", 0, NULL, 0 },
        { "421 at EHLO", S("> 220 hi\r\n", "< EHLO", "> 421 4.7.0 later\r\n"), MXS_STAGE_EHLO,
          MXS_END_REPLY, 421, "421 4.7.0 later", 0, NULL, 0 },
        { "550 at both", S("> 220 hi\r\n", "< EHLO", "> 550 5.7.1 no\r\n", "< HELO",
                           "> 550 5.7.1 not so either\r\n", "< QUIT", "> 221 b\r\n"),
          MXS_STAGE_EHLO, MXS_END_REPLY, 550, "550 5.7.1 not so either", 0, NULL, 0 },
        { "550 at EHLO, then gone", S("> 220 hi\r\n", "< EHLO", "> 550 5.7.1 no\r\n", "close"),
          MXS_STAGE_EHLO, MXS_END_REPLY, 550, "550 5.7.1 no", 0, NULL, 0 },
        { "521 at EHLO", S("> 220 hi\r\n", "< EHLO", "> 521 no mail here\r\n", "< QUIT",
                           "> 221 b\r\n"),
          MXS_STAGE_EHLO, MXS_END_REPLY, 521, "521 no mail here", 0, NULL, 0 },
        { "451 at EHLO", S("> 220 hi\r\n", "< EHLO", "> 451 4.3.0 later\r\n", "< QUIT",
                           "> 221 b\r\n"),
          MXS_STAGE_EHLO, MXS_END_REPLY, 451, "451 4.3.0 later", 0, NULL, 0 },
        { "HELO after 550", S("> 220 hi\r\n", "< EHLO", "> 550 what?\r\n", "< HELO client.test",
                              "> 250 hi\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_DONE, 0, "STARTTLS is not offered", 0, NULL, 0 },
        { "HELO after 554", S("> 220 hi\r\n", "< EHLO", "> 554 what?\r\n", "< HELO client.test",
                              "> 250 hi\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_DONE, 0, "STARTTLS is not offered", 0, NULL, 0 },
        { "reset at EHLO", S("> 220 hi\r\n", "< EHLO", "rst"), MXS_STAGE_EHLO, MXS_END_CLOSED, 0,
          "the connection broke", 0, NULL, 0 },
        { "only HELO", S("> 220 hi\r\n", "< EHLO", "> 502 what?\r\n", "< HELO client.test",
                         "> 250 hi\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_DONE, 0, "STARTTLS is not offered", 0, NULL, 0 },
        { "no STARTTLS", S("> 220 hi\r\n", "< EHLO", "> 250-mx.test\r\n250 SIZE\r\n", "< QUIT",
                           "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_DONE, 0, "STARTTLS is not offered", 0, NULL, 0 },
        { "STARTTLS 454", S(HELLO, "< STARTTLS", "> 454 4.7.0 not now\r\n", "< QUIT",
                            "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_REPLY, 454, "454 4.7.0 not now", 0, NULL, 0 },
        { "STARTTLS 501", S(HELLO, "< STARTTLS", "> 501 syntax\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_REPLY, 501, "501 syntax", 0, NULL, 0 },
        { "STARTTLS 421", S(HELLO, "< STARTTLS", "> 421 no\r\n"), MXS_STAGE_STARTTLS, MXS_END_REPLY,
          421, "421 no", 0, NULL, 0 },
        { "STARTTLS 250", S(HELLO, "< STARTTLS", "> 250 fine\r\n", "wait"), MXS_STAGE_STARTTLS,
          MXS_END_PROTOCOL, 250, "unexpected reply 250", 0, NULL, 0 },
        { "close at STARTTLS", S(HELLO, "< STARTTLS", "close"), MXS_STAGE_STARTTLS, MXS_END_CLOSED,
          0, "the peer closed", 0, NULL, 0 },
        { "silence at STARTTLS", S(HELLO, "< STARTTLS", "wait"), MXS_STAGE_STARTTLS,
          MXS_END_TIMEOUT, 0, "the reply to STARTTLS: timed out", SHORT, NULL, 0 },
        { "one byte at a time", S("trickle", HELLO, "< STARTTLS", "> 454 4.7.0 no\r\n", "< QUIT",
                                  "> 221 bye\r\n"),
          MXS_STAGE_STARTTLS, MXS_END_REPLY, 454, "454 4.7.0 no", 0, NULL, 0 },
        { "no TLS wanted", S("> 220 hi\r\n", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL,
          CLEAR | MAILS, NULL, 0 },
    };
    run_rows(state, rows, MXS_COUNT(rows));
}

/* Wrong, but understood: the session goes on, and the quirk is known. */
static void quirks(void **state)
{
    const struct {
        struct row row;
        unsigned quirk;
    } rows[] = {
        { { "bare LF", S("> 220 hi\n", "smtp"), MXS_STAGE_STARTTLS, MXS_END_DONE, 0,
            "STARTTLS is not offered", 0, NULL, 0 }, MXS_SMTP_BARE_LF },
        { { "NUL", S("hex 32323020006869000d0a", "smtp"), MXS_STAGE_STARTTLS, MXS_END_DONE, 0,
            "STARTTLS is not offered", 0, NULL, 0 }, MXS_SMTP_NUL },
        { { "codes differ", S("> 220-hi\r\n250 hi\r\n", "smtp"), MXS_STAGE_STARTTLS, MXS_END_DONE,
            0, "STARTTLS is not offered", 0, NULL, 0 }, MXS_SMTP_CODE_CHANGED },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world *world = open_row(*state, &rows[i].row);
        mxs_walk_finish(world->walk);
        check_row(world, &rows[i].row);
        assert_int_equal(world_session(world, 1)->smtp_quirks, rows[i].quirk);
        world_free(world);
    }
}

static void nobody_listens(void **state)
{
    const struct row row = { "nobody", S("wait"), MXS_STAGE_CONNECT, MXS_END_CONNECT, 0,
                             "Connection refused", 0, NULL, 0 };
    struct world *world = open_row(*state, &row);
    unsigned port = peer_port(world->peer);
    peer_free(world->peer);
    world->peer = NULL;
    mxs_walk_free(world->walk);
    world_walk_to(world, port);
    mxs_walk_finish(world->walk);
    check_row(world, &row);
    world_free(world);
}

/* What fails on this machine says nothing of the server. */
static void not_from_here(void **state)
{
    struct world *world = world_new(*state);
    world->options.source = "192.0.2.1"; /* nobody has it */
    world_walk_to(world, 25);
    mxs_walk_finish(world->walk);
    const struct mxs_session_facts *s = world_session(world, 1);
    assert_int_equal(s->reached, MXS_STAGE_CONNECT);
    assert_int_equal(s->end, MXS_END_LOCAL_REFUSAL);
    assert_non_null(strstr(s->error, "source address 192.0.2.1: "));
    assert_non_null(world_event(world, 1, MXS_EVENT_ERROR, "not-from-here"));
    world_free(world);
    world = world_new(*state);
    world->options.source = "::1"; /* then IPv4 is not tried at all */
    world_walk_to(world, 25);
    mxs_walk_finish(world->walk);
    assert_null(world_session(world, 1));
    assert_non_null(world_event(world, 0, MXS_EVENT_NOTE, "family"));
    world_free(world);
}

/* --- TLS --- */

static void tls_ends(void **state)
{
    const struct row rows[] = {
        { "all well, 1.3", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0,
          NULL, 0 },
        { "all well, 1.2", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0,
          TLS12, 0 },
        { "only TLS 1.0", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0,
          "NORMAL:-VERS-ALL:+VERS-TLS1.0", 0 },
        { "HelloRetryRequest", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL,
          0, "NORMAL:-GROUP-ALL:+GROUP-SECP521R1", 0 },
        { "RSA key exchange", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL,
          0, TLS12 ":-KX-ALL:+RSA", 0 },
        { "TLS from the first byte", S("tls", "> 220 hi\r\n", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE,
          0, NULL, IMPLICIT, NULL, 0 },
        { "no TLS where it should be", S("> 220 mx.test ESMTP\r\n", "wait"), MXS_STAGE_SERVER_HELLO,
          MXS_END_PROTOCOL, 0, "not TLS but \"220 mx.test ESMTP", IMPLICIT, NULL, 0 },
        { "plaintext instead of TLS", S(HELLO, "< STARTTLS", "> 220 go\r\n", "read",
                                        "> 454 4.7.0 no TLS\r\n", "wait"),
          MXS_STAGE_SERVER_HELLO, MXS_END_PROTOCOL, 0, "not TLS but \"454 4.7.0 no TLS", 0, NULL,
          0 },
        { "garbage instead of TLS", S(HELLO, "< STARTTLS", "> 220 go\r\n", "read",
                                      "hex 00112233445566778899aabbccddeeff", "wait"),
          MXS_STAGE_SERVER_HELLO, MXS_END_PROTOCOL, 0, "not TLS but", 0, NULL, 0 },
        { "silence instead of TLS", S(HELLO, "< STARTTLS", "> 220 go\r\n", "wait"),
          MXS_STAGE_SERVER_HELLO, MXS_END_TIMEOUT, 0, "timed out", SHORT, NULL, 0 },
        { "close instead of TLS", S(HELLO, "< STARTTLS", "> 220 go\r\n", "read", "close"),
          MXS_STAGE_SERVER_HELLO, MXS_END_CLOSED, 0, "the peer closed", 0, NULL, 0 },
        { "nothing in common", S(HELLO, "starttls", "smtp"), MXS_STAGE_SERVER_HELLO,
          MXS_END_ALERT, 0, "alert handshake_failure (40)", 0,
          TLS12 ":-KX-ALL:+SRP", 0 },
        { "EHLO refused inside TLS", S(HELLO, "starttls", "< EHLO", "> 550 no\r\n", "< QUIT",
                                       "> 221 bye\r\n"),
          MXS_STAGE_EHLO_TLS, MXS_END_REPLY, 550, "550 no", 0, NULL, 0 },
        { "421 at EHLO inside TLS", S(HELLO, "starttls", "< EHLO", "> 421 no\r\n"),
          MXS_STAGE_EHLO_TLS, MXS_END_REPLY, 421, "421 no", 0, NULL, 0 },
        { "close at EHLO inside TLS", S(HELLO, "starttls", "< EHLO", "close"), MXS_STAGE_EHLO_TLS,
          MXS_END_CLOSED, 0, "the peer closed", 0, NULL, 0 },
        { "close_notify at EHLO", S(HELLO, "starttls", "< EHLO", "notify"), MXS_STAGE_EHLO_TLS,
          MXS_END_CLOSED, 0, "close_notify", 0, NULL, 0 },
        { "alert at EHLO", S(HELLO, "starttls", "< EHLO", "alert 80"), MXS_STAGE_EHLO_TLS,
          MXS_END_ALERT, 0, "alert internal_error (80)", 0, NULL, 0 },
        { "silence inside TLS", S(HELLO, "starttls", "< EHLO", "wait"), MXS_STAGE_EHLO_TLS,
          MXS_END_TIMEOUT, 0, "timed out", SHORT, NULL, 0 },
        { "garbage inside TLS", S(HELLO, "starttls", "< EHLO", "> nonsense\r\n", "wait"),
          MXS_STAGE_EHLO_TLS, MXS_END_PROTOCOL, 0, "not an SMTP reply", 0, NULL, 0 },
    };
    run_rows(state, rows, MXS_COUNT(rows));
}

static void commands(void **state)
{
    const struct row rows[] = {
        { "mail and rcpt", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n",
                             "< MAIL FROM:<a@client.test>", "> 250 ok\r\n",
                             "< RCPT TO:<b@mx.test>", "> 250 ok\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, MAILS, NULL, 0 },
        { "454 at MAIL", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< MAIL",
                           "> 454 4.7.0 TLS_Clt\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_MAIL, MXS_END_REPLY, 454, "454 4.7.0 TLS_Clt", MAILS, NULL, 0 },
        { "421 at MAIL", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< MAIL",
                           "> 421 no\r\n"),
          MXS_STAGE_MAIL, MXS_END_REPLY, 421, "421 no", MAILS, NULL, 0 },
        { "550 at RCPT", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< MAIL", "> 250 ok\r\n",
                           "< RCPT", "> 550 5.7.1 no\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_RCPT, MXS_END_REPLY, 550, "550 5.7.1 no", MAILS, NULL, 0 },
        { "421 at RCPT", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< MAIL", "> 250 ok\r\n",
                           "< RCPT", "> 421 no\r\n"),
          MXS_STAGE_RCPT, MXS_END_REPLY, 421, "421 no", MAILS, NULL, 0 },
        { "421 at QUIT", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< QUIT",
                           "> 421 no\r\n"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0, NULL, 0 },
        { "close at QUIT", S(HELLO, "starttls", "< EHLO", "> 250 mx.test\r\n", "< QUIT"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0, NULL, 0 },
        { "AUTH EXTERNAL", S(HELLO, "starttls", "< EHLO", "> 250-mx\r\n250 AUTH EXTERNAL\r\n",
                             "< AUTH EXTERNAL dXNlcg==", "> 235 ok\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, AUTH, NULL, 0 },
        { "AUTH EXTERNAL asked back", S(HELLO, "starttls", "< EHLO",
                                        "> 250-mx\r\n250 AUTH PLAIN EXTERNAL\r\n", "< AUTH EXTERNAL",
                                        "> 334 \r\n", "< dXNlcg==", "> 235 ok\r\n", "< QUIT",
                                        "> 221 bye\r\n"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, AUTH, NULL, 0 },
        { "AUTH refused", S(HELLO, "starttls", "< EHLO", "> 250-mx\r\n250 AUTH EXTERNAL\r\n",
                            "< AUTH", "> 535 5.7.8 no\r\n", "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_AUTH, MXS_END_REPLY, 535, "535 5.7.8 no", AUTH, NULL, 0 },
        { "AUTH not offered", S(HELLO, "starttls", "< EHLO", "> 250-mx\r\n250 AUTH PLAIN\r\n",
                                "< QUIT", "> 221 bye\r\n"),
          MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, AUTH, NULL, 0 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world *world = open_row(*state, &rows[i]);
        mxs_walk_finish(world->walk);
        check_row(world, &rows[i]);
        if (peer_trouble(world->peer))
            fail_msg("%s: %s", rows[i].name, peer_trouble(world->peer));
        world_free(world);
    }
}

/* AUTH words never reach the journal. */
static void auth_redacted(void **state)
{
    const struct row row = { "AUTH", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0,
                             NULL, AUTH, NULL, 0 };
    struct world *world = open_row(*state, &row);
    mxs_walk_finish(world->walk);
    check_row(world, &row);
    assert_non_null(strstr(peer_heard(world->peer), "AUTH EXTERNAL dXNlcg=="));
    size_t redacted = 0;
    for (size_t i = 0; i < mxs_journal_count(world->journal); i++) {
        const struct mxs_event *event = mxs_journal_at(world->journal, i);
        redacted += mxs_event_attr(event, "redacted") != NULL;
        assert_null(strstr(event->summary, "dXNlcg"));
        if (event->kind == MXS_EVENT_SMTP)
            assert_null(memmem(event->data.p, event->data.n, "dXNlcg", 6));
    }
    assert_int_equal(redacted, 1);
    world_free(world);
}

/* --- the end at each handshake message --- */

static void stopped_at_messages(void **state)
{
    static const struct {
        unsigned type;
        bool incoming;
        enum mxs_stage reached;
        const char *priority;
    } rows[] = {
        { MXS_TLS_CLIENT_HELLO, true, MXS_STAGE_SERVER_HELLO, NULL },
        { MXS_TLS_SERVER_HELLO, false, MXS_STAGE_ENCRYPTED_EXTENSIONS, NULL },
        { MXS_TLS_ENCRYPTED_EXTENSIONS, false, MXS_STAGE_CERTIFICATE, NULL },
        { MXS_TLS_CERTIFICATE_REQUEST, false, MXS_STAGE_CERTIFICATE, NULL },
        { MXS_TLS_CERTIFICATE, false, MXS_STAGE_CERTIFICATE_VERIFY, NULL },
        { MXS_TLS_CERTIFICATE_VERIFY, false, MXS_STAGE_FINISHED, NULL },
        { MXS_TLS_FINISHED, false, MXS_STAGE_CLIENT_VERDICT, NULL },
        { MXS_TLS_FINISHED, true, MXS_STAGE_CLIENT_VERDICT, NULL },
        { MXS_TLS_CLIENT_HELLO, true, MXS_STAGE_SERVER_HELLO, TLS12 },
        { MXS_TLS_SERVER_HELLO, false, MXS_STAGE_CERTIFICATE, TLS12 },
        { MXS_TLS_CERTIFICATE, false, MXS_STAGE_CERTIFICATE_VERIFY, TLS12 },
        { MXS_TLS_SERVER_KEY_EXCHANGE, false, MXS_STAGE_FINISHED, TLS12 },
        { MXS_TLS_CERTIFICATE_REQUEST, false, MXS_STAGE_FINISHED, TLS12 },
        { MXS_TLS_SERVER_HELLO_DONE, false, MXS_STAGE_CLIENT_VERDICT, TLS12 },
        { MXS_TLS_CLIENT_KEY_EXCHANGE, true, MXS_STAGE_CLIENT_VERDICT, TLS12 },
        { MXS_TLS_FINISHED, true, MXS_STAGE_CLIENT_VERDICT, TLS12 },
        { MXS_TLS_FINISHED, false, MXS_STAGE_EHLO_TLS, TLS12 },
    };
    for (size_t i = 0; i < 2 * MXS_COUNT(rows); i++) {
        char name[64];
        bool rst = i % 2;
        snprintf(name, sizeof name, "%s at message %u %s, %s", rst ? "reset" : "close",
                 rows[i / 2].type, rows[i / 2].incoming ? "in" : "out",
                 rows[i / 2].priority ? "1.2" : "1.3");
        const struct row row = { name, S(HELLO, "starttls", "smtp"), rows[i / 2].reached,
                                 MXS_END_CLOSED, 0, rst ? "" : "the peer closed", ASK,
                                 rows[i / 2].priority, 0 };
        struct world *world = open_row(*state, &row);
        world->tls.stop = rst ? PEER_STOP_RST : PEER_STOP_CLOSE;
        world->tls.stop_type = rows[i / 2].type;
        world->tls.stop_incoming = rows[i / 2].incoming;
        mxs_walk_finish(world->walk);
        check_row(world, &row);
        const struct mxs_event *close = world_event(world, 1, MXS_EVENT_CLOSE, NULL);
        assert_non_null(close);
        assert_string_equal(mxs_event_attr(close, "by"), "peer");
        world_free(world);
    }
}

/* --- glued bytes --- */

static void glued(void **state)
{
    const struct row row = { "glued", S(HELLO, "< STARTTLS", "> 220 go\r\n250 evil\r\n", "tls",
                                        "smtp"),
                             MXS_STAGE_QUIT, MXS_END_DONE, 0, NULL, 0, NULL, 0 };
    struct world *world = open_row(*state, &row);
    mxs_walk_finish(world->walk);
    check_row(world, &row);
    const struct mxs_session_facts *s = world_session(world, 1);
    assert_int_equal(s->glued_bytes, 10);
    assert_int_equal(s->starttls, MXS_STARTTLS_OFFERED);
    assert_int_equal(s->stages[MXS_STAGE_STARTTLS].status, MXS_STAGE_WARNING);
    assert_true(s->tls.finished);
    const struct mxs_event *event = world_event(world, 1, MXS_EVENT_GLUED, NULL);
    assert_true(mxs_bytes_equal(event->data, mxs_bytes_str("250 evil\r\n")));
    world_free(world);
}

/* --- client certificates --- */

static void client_certificates(void **state)
{
    static const struct {
        const char *name;
        int flags, refuse;
        const char *priority;
        enum mxs_stage reached;
        enum mxs_end end;
        const char *error;
        enum mxs_client_verdict verdict;
        int alert, required;
    } rows[] = {
        { "asked, none, 1.3", ASK, 0, NULL, MXS_STAGE_QUIT, MXS_END_DONE, NULL, MXS_CLIENT_ACCEPTED,
          -1, 0 },
        { "asked, none, 1.2", ASK, 0, TLS12, MXS_STAGE_QUIT, MXS_END_DONE, NULL,
          MXS_CLIENT_ACCEPTED, -1, 0 },
        { "asked, sent, 1.3", ASK | OURS, 0, NULL, MXS_STAGE_QUIT, MXS_END_DONE, NULL,
          MXS_CLIENT_ACCEPTED, -1, -1 },
        { "asked, sent, 1.2", ASK | OURS, 0, TLS12, MXS_STAGE_QUIT, MXS_END_DONE, NULL,
          MXS_CLIENT_ACCEPTED, -1, -1 },
        { "demanded, none, 1.3", DEMAND, 0, NULL, MXS_STAGE_CLIENT_VERDICT, MXS_END_ALERT,
          "alert certificate_required (116)", MXS_CLIENT_REFUSED, 116, 1 },
        { "demanded, none, 1.2", DEMAND, 40, TLS12, MXS_STAGE_CLIENT_VERDICT, MXS_END_ALERT,
          "alert handshake_failure (40)", MXS_CLIENT_REFUSED, 40, 1 },
        { "refused, 1.3", ASK | OURS, 43, NULL, MXS_STAGE_CLIENT_VERDICT, MXS_END_ALERT,
          "alert unsupported_certificate (43)", MXS_CLIENT_REFUSED, 43, -1 },
        { "refused, 1.2", ASK | OURS, 43, TLS12, MXS_STAGE_CLIENT_VERDICT, MXS_END_ALERT,
          "alert unsupported_certificate (43)", MXS_CLIENT_REFUSED, 43, -1 },
        { "bare close, 1.3", ASK | OURS, -1, NULL, MXS_STAGE_CLIENT_VERDICT, MXS_END_CLOSED, "",
          MXS_CLIENT_REFUSED, -1, -1 },
        { "bare close, 1.2", ASK | OURS, -1, TLS12, MXS_STAGE_CLIENT_VERDICT, MXS_END_CLOSED, "",
          MXS_CLIENT_REFUSED, -1, -1 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct row row = { rows[i].name, S(HELLO, "starttls", "smtp"), rows[i].reached,
                                 rows[i].end, 0, rows[i].error, rows[i].flags, rows[i].priority,
                                 rows[i].refuse };
        struct world *world = open_row(*state, &row);
        mxs_walk_finish(world->walk);
        check_row(world, &row);
        const struct mxs_client_auth *auth = &world_session(world, 1)->tls.client_auth;
        assert_true(auth->requested);
        assert_int_equal(auth->sent, rows[i].flags & OURS ? MXS_SENT_CERTIFICATE : MXS_SENT_EMPTY);
        assert_int_equal(auth->verdict, rows[i].verdict);
        assert_int_equal(auth->alert, rows[i].alert);
        assert_int_equal(auth->required, rows[i].required);
        assert_int_equal(auth->reply, 0);
        world_free(world);
    }
}

/* Postfix smtpd_tls_req_ccert: the handshake succeeds, the first command gets 421. */
static void client_certificate_421(void **state)
{
    const struct row rows[] = {
        { "421, 1.3", S(HELLO, "starttls", "< EHLO", "> 421 4.7.1 untrusted\r\n"),
          MXS_STAGE_CLIENT_VERDICT, MXS_END_REPLY, 421, "421 4.7.1", ASK | OURS, NULL, 0 },
        { "421, 1.2", S(HELLO, "starttls", "< EHLO", "> 421 4.7.1 untrusted\r\n"),
          MXS_STAGE_CLIENT_VERDICT, MXS_END_REPLY, 421, "421 4.7.1", ASK | OURS, TLS12, 0 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world *world = open_row(*state, &rows[i]);
        mxs_walk_finish(world->walk);
        check_row(world, &rows[i]);
        const struct mxs_client_auth *auth = &world_session(world, 1)->tls.client_auth;
        assert_int_equal(auth->verdict, MXS_CLIENT_REFUSED);
        assert_int_equal(auth->reply, 421);
        assert_int_equal(auth->alert, -1);
        world_free(world);
    }
}

/* --- sizes --- */

static void forty_certificates(void **state)
{
    struct pki_cert chain[41];
    const struct row row = { "40", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0,
                             NULL, 0, NULL, 0 };
    for (int i = 39; i >= 0; i--) {
        char name[32];
        snprintf(name, sizeof name, i ? "CA %d" : "mx.test", i);
        chain[i] = pki_make(&(struct pki_spec){ .name = name, .ca = i > 0 },
                            i < 39 ? &chain[i + 1] : NULL);
    }
    chain[40] = (struct pki_cert){ NULL, NULL };
    struct world *world = world_new(*state);
    world->tls.chains[0] = chain;
    world->tls.chains[1] = NULL;
    world_open(world, row.script);
    mxs_walk_finish(world->walk);
    check_row(world, &row);
    assert_int_equal(world_session(world, 1)->chain.certs.n, 40);
    world_free(world);
    for (int i = 0; i < 40; i++)
        pki_free(&chain[i]);
}

static void message_over_the_limit(void **state)
{
    struct pki_cert huge[2] = { pki_make(&(struct pki_spec){ .name = "mx.test",
                                                             .padding = 300 * 1024 }, NULL),
                                { NULL, NULL } };
    const struct row row = { "over the limit", S(HELLO, "starttls", "smtp"), MXS_STAGE_CERTIFICATE,
                             MXS_END_LOCAL_REFUSAL, 0, "larger than our limit", 0, NULL, 0 };
    struct world *world = world_new(*state);
    world->tls.chains[0] = huge;
    world->tls.chains[1] = NULL;
    world_open(world, row.script);
    mxs_walk_finish(world->walk);
    check_row(world, &row);
    assert_non_null(world_event(world, 1, MXS_EVENT_ERROR, "local-refusal"));
    world_free(world);
    pki_free(&huge[0]);
}

/* --- floods --- */

/* A server that never stops sending ends at a bound of ours, and the journal stays small. */
static void floods(void **state)
{
    static const struct {
        const char *name, *hex;
        enum mxs_end end;
    } rows[] = {
        { "warning alerts", "15030300020170", MXS_END_PROTOCOL },
        { "empty handshake records", "1603030000", MXS_END_PROTOCOL },
        { "ChangeCipherSpec", "140303000101", MXS_END_PROTOCOL },
        { "a message in records of one octet", "160303000102", MXS_END_TIMEOUT },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        char step[1 << 14] = "hex ";
        size_t n = strlen(rows[i].hex);
        for (size_t at = 4; at + n + 1 < sizeof step; at += n)
            memcpy(step + at, rows[i].hex, n + 1);
        const struct row row = { rows[i].name, S(HELLO, "< STARTTLS", "> 220 go\r\n", "read", step,
                                                 step, step, step, step, step, step, step, "wait"),
                                 MXS_STAGE_SERVER_HELLO, rows[i].end, 0, "",
                                 rows[i].end == MXS_END_TIMEOUT ? SHORT : 0, NULL, 0 };
        struct world *world = open_row(*state, &row);
        mxs_walk_finish(world->walk);
        check_row(world, &row);
        assert_true(mxs_journal_count(world->journal) < 5000);
        world_free(world);
    }
}

/* --- several sessions --- */

static void certificate_trial(void **state)
{
    const struct row row = { "trial", S(HELLO, "starttls", "smtp"), MXS_STAGE_QUIT, MXS_END_DONE, 0,
                             NULL, ASK | OURS, NULL, 0 };
    struct world *world = world_new(*state);
    world->options.client_cert_trial = true;
    world_free(world);
    world = open_row(*state, &row);
    mxs_walk_free(world->walk);
    world->options.client_cert_trial = true;
    world_walk_to(world, peer_port(world->peer));
    mxs_walk_finish(world->walk);
    assert_false(world_session(world, 1)->client_certificate);
    assert_true(world_session(world, 2)->client_certificate);
    assert_int_equal(world_session(world, 1)->tls.client_auth.sent, MXS_SENT_EMPTY);
    assert_int_equal(world_session(world, 2)->tls.client_auth.sent, MXS_SENT_CERTIFICATE);
    assert_null(world_session(world, 3));
    world_free(world);
}

/* After a 421 nobody comes back at once. */
static void not_again_after_421(void **state)
{
    struct world *world = world_new(*state);
    world->options.offer_all = true;
    world_open(world, S("> 421 4.7.0 too many connections\r\n"));
    mxs_walk_finish(world->walk);
    assert_int_equal(peer_connections(world->peer), 1);
    assert_non_null(world_event(world, 0, MXS_EVENT_NOTE, "sessions-skipped"));
    world_free(world);
}

static void keylog(void **state)
{
    struct world *world = world_new(*state);
    world->options.keylog = true;
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_walk_finish(world->walk);
    assert_true(world_count(world, MXS_EVENT_KEYLOG) >= 4);
    const struct mxs_event *event = world_event(world, 1, MXS_EVENT_KEYLOG, NULL);
    assert_non_null(memmem(event->data.p, event->data.n, "TRAFFIC_SECRET", 14));
    assert_null(strchr(event->summary, ' ')); /* the label alone */
    world_free(world);
}

static int group_setup(void **state)
{
    *state = world_certs_new();
    return 0;
}

static int group_teardown(void **state)
{
    world_certs_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_tls),          cmocka_unit_test(quirks),
        cmocka_unit_test(nobody_listens),      cmocka_unit_test(not_from_here),
        cmocka_unit_test(tls_ends),
        cmocka_unit_test(commands),            cmocka_unit_test(auth_redacted),
        cmocka_unit_test(stopped_at_messages), cmocka_unit_test(glued),
        cmocka_unit_test(client_certificates), cmocka_unit_test(client_certificate_421),
        cmocka_unit_test(forty_certificates),  cmocka_unit_test(message_over_the_limit),
        cmocka_unit_test(floods),
        cmocka_unit_test(certificate_trial),   cmocka_unit_test(not_again_after_421),
        cmocka_unit_test(keylog),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
