/* Stepping: where a walk stops, what the operator sees and may change there. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "session/walk.h" /* the current stage of a walk that stands */
#include "walk/world.h"

#define S(...) (const char *const[]){ __VA_ARGS__, NULL }
#define HELLO "> 220 mx.test ESMTP\r\n", "< EHLO client.test", "> 250-mx.test\r\n250 STARTTLS\r\n"

static int setup(void **state)
{
    *state = world_new(*state);
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    const struct world_certs *certs = world->certs;
    world_free(world);
    *state = (void *)(uintptr_t)certs;
    return 0;
}

/* Runs until the walk stands or is done. */
static enum mxs_walk_state settle(struct world *world)
{
    for (;;) {
        enum mxs_walk_state state = mxs_walk_status(world->walk).state;
        if (state == MXS_WALK_PAUSED || state == MXS_WALK_DONE)
            return state;
        mxs_engine_run_once(world->engine, -1);
    }
}

static const struct mxs_event *last(const struct world *world)
{
    return mxs_journal_at(world->journal, mxs_journal_count(world->journal) - 1);
}

static void starts_paused(void **state)
{
    struct world *world = *state;
    world_open(world, S("wait"));
    assert_int_equal(mxs_walk_status(world->walk).state, MXS_WALK_NEW);
    mxs_walk_pause(world->walk);
    mxs_walk_start(world->walk);
    assert_int_equal(settle(world), MXS_WALK_PAUSED);
    assert_int_equal(last(world)->kind, MXS_EVENT_WALK);
    assert_int_equal(mxs_journal_count(world->journal), 1);
}

/* Every event that a step stops at, in a whole session with TLS 1.3 and a client certificate. */
static void steps(void **state)
{
    static const char *const wanted[] = {
        "walk", "host", "address", "probe", "policy/note", "connect/connect", "banner/smtp<",
        "ehlo/edit", "ehlo/smtp<", "starttls/edit", "starttls/smtp<", "client-hello/edit",
        "client-hello/handshake>", "client-hello/flight", "server-hello/handshake<",
        "server-hello/ccs>", "server-hello/flight", "server-hello/ccs<",
        "encrypted-extensions/handshake<", "certificate-request/handshake<",
        "certificate-request/client-cert>", "certificate/handshake<",
        "certificate-verify/handshake<", "finished/handshake<", "finished/handshake>",
        "finished/handshake>", "finished/handshake>", "finished/flight", "ehlo-tls/edit",
        "ehlo-tls/handshake<", "ehlo-tls/handshake<", "ehlo-tls/smtp<",
        "client-verdict/client-verdict", "quit/edit", "quit/smtp<", "quit/alert>", "quit/close",
        "probe-end",
    };
    struct world *world = *state;
    size_t n = 0, seen = 0;
    world->tls.ask = PEER_ASK;
    world->options.client_cert_pem = mxs_bytes_str(world->certs->client_pem);
    world->options.client_key_pem = mxs_bytes_str(world->certs->client_key_pem);
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_walk_pause(world->walk);
    mxs_walk_start(world->walk);
    for (; settle(world) == MXS_WALK_PAUSED && n < MXS_COUNT(wanted); n++) {
        const struct mxs_event *event = last(world);
        const char *stage = mxs_stage_name(world->walk->stage);
        char text[80];
        bool new_one = event->seq > seen && event->kind != MXS_EVENT_STAGE &&
                       event->kind != MXS_EVENT_RECORD;
        const char *kind = mxs_walk_editable(world->walk) ? "edit"
                           : new_one ? mxs_event_kind_name(event->kind) : "flight";
        snprintf(text, sizeof text, "%s%s%s%s", stage ? stage : "", stage ? "/" : "", kind,
                 strcmp(kind, "edit") == 0 || strcmp(kind, "flight") == 0 ? ""
                 : event->dir == MXS_DIR_OUT                              ? ">"
                 : event->dir == MXS_DIR_IN                               ? "<" : "");
        if (strcmp(text, wanted[n]) != 0) {
            world_dump(world);
            fail_msg("stop %zu: wanted %s, got %s", n, wanted[n], text);
        }
        seen = event->seq;
        mxs_walk_step(world->walk);
    }
    assert_int_equal(n, MXS_COUNT(wanted));
    assert_int_equal(settle(world), MXS_WALK_DONE);
    assert_int_equal(world_session(world, 1)->end, MXS_END_DONE);
}

static void step_stages(void **state)
{
    static const enum mxs_stage wanted[] = {
        MXS_STAGE_MTA_STS, MXS_STAGE_POLICY, MXS_STAGE_CONNECT, MXS_STAGE_BANNER, MXS_STAGE_EHLO,
        MXS_STAGE_STARTTLS, MXS_STAGE_CLIENT_HELLO, MXS_STAGE_SERVER_HELLO,
        MXS_STAGE_ENCRYPTED_EXTENSIONS, MXS_STAGE_CERTIFICATE, MXS_STAGE_CERTIFICATE_VERIFY,
        MXS_STAGE_FINISHED, MXS_STAGE_EHLO_TLS, MXS_STAGE_CLIENT_VERDICT, MXS_STAGE_QUIT,
    };
    struct world *world = *state;
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_walk_step_stage(world->walk);
    mxs_walk_start(world->walk);
    for (size_t i = 0; i < MXS_COUNT(wanted); i++) {
        assert_int_equal(settle(world), MXS_WALK_PAUSED);
        if (mxs_walk_status(world->walk).stage != wanted[i])
            fail_msg("wanted %s, got %s", mxs_stage_name(wanted[i]),
                     mxs_stage_name(mxs_walk_status(world->walk).stage));
        mxs_walk_step_stage(world->walk);
    }
    assert_int_equal(settle(world), MXS_WALK_DONE);
}

static void breakpoints(void **state)
{
    static const enum mxs_stage places[] = { MXS_STAGE_CONNECT, MXS_STAGE_CLIENT_HELLO,
                                             MXS_STAGE_CERTIFICATE, MXS_STAGE_MAIL };
    struct world *world = *state;
    world->options.mail_from = "a@client.test";
    world_open(world, S(HELLO, "starttls", "smtp"));
    for (size_t i = 0; i < MXS_COUNT(places); i++)
        mxs_walk_break(world->walk, places[i], true);
    mxs_walk_break(world->walk, MXS_STAGE_QUIT, true);
    mxs_walk_break(world->walk, MXS_STAGE_QUIT, false);
    mxs_walk_break(world->walk, MXS_STAGE_AUTH, true); /* is skipped, so nothing stops there */
    assert_true(mxs_walk_has_break(world->walk, MXS_STAGE_MAIL));
    assert_false(mxs_walk_has_break(world->walk, MXS_STAGE_QUIT));
    mxs_walk_start(world->walk);
    for (size_t i = 0; i < MXS_COUNT(places); i++) {
        assert_int_equal(settle(world), MXS_WALK_PAUSED);
        assert_int_equal(mxs_walk_status(world->walk).stage, places[i]);
        if (places[i] == MXS_STAGE_CONNECT) /* nothing has left yet */
            assert_int_equal(peer_connections(world->peer), 0);
        if (places[i] == MXS_STAGE_MAIL)
            assert_string_equal(mxs_walk_editable(world->walk), "MAIL FROM:<a@client.test>");
        mxs_walk_continue(world->walk);
    }
    assert_int_equal(settle(world), MXS_WALK_DONE);
}

/* --- editing --- */

static void run_to(struct world *world, enum mxs_stage stage)
{
    mxs_walk_break(world->walk, stage, true);
    mxs_walk_start(world->walk);
    assert_int_equal(settle(world), MXS_WALK_PAUSED);
    assert_int_equal(mxs_walk_status(world->walk).stage, stage);
}

static void edits_a_line(void **state)
{
    struct world *world = *state;
    struct mxs_why why;
    world_open(world, S("> 220 hi\r\n", "< EHLO other.test", "> 450 no\r\n", "< QUIT",
                        "> 221 bye\r\n"));
    assert_int_equal(mxs_walk_edit(world->walk, "EHLO x", &why), MXS_ERR_USAGE);
    run_to(world, MXS_STAGE_EHLO);
    assert_string_equal(mxs_walk_editable(world->walk), "EHLO client.test");
    assert_int_equal(mxs_walk_edit(world->walk, "EHLO x\r\nMAIL", &why), MXS_ERR_SYNTAX);
    assert_string_equal(why.text, "a command is one line: line break at character 7");
    assert_int_equal(mxs_walk_edit(world->walk, "EHLO first", &why), MXS_OK);
    assert_int_equal(mxs_walk_edit(world->walk, "EHLO other.test", &why), MXS_OK);
    assert_string_equal(mxs_walk_editable(world->walk), "EHLO other.test");
    mxs_walk_continue(world->walk);
    assert_int_equal(settle(world), MXS_WALK_DONE);
    assert_null(peer_trouble(world->peer));
    const struct mxs_event *edit = world_event(world, 1, MXS_EVENT_EDIT, NULL);
    assert_non_null(edit);
    assert_string_equal(mxs_event_attr(edit, "what"), "EHLO");
    assert_string_equal(mxs_event_attr(edit, "from"), "EHLO client.test");
    assert_string_equal(mxs_event_attr(edit, "to"), "EHLO other.test");
}

static void edits_the_hello(void **state)
{
    struct world *world = *state;
    struct mxs_why why;
    world->tls.alpn = "smtp";
    world_open(world, S(HELLO, "starttls", "smtp"));
    run_to(world, MXS_STAGE_CLIENT_HELLO);
    const char *text = mxs_walk_editable(world->walk);
    assert_memory_equal(text, "sni=none versions=1.3,1.2", 25);
    assert_non_null(strstr(text, " priority=NORMAL:%COMPAT"));
    assert_int_equal(mxs_walk_edit(world->walk, "sni=x nope=1", &why), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_walk_edit(world->walk, "versions=9.9", &why), MXS_ERR_USAGE);
    assert_int_equal(mxs_walk_edit(world->walk, "priority=NOPE", &why), MXS_ERR_USAGE);
    assert_int_equal(
        mxs_walk_edit(world->walk, "sni=other.test versions=1.2 groups=x25519 alpn=smtp,x", &why),
        MXS_OK);
    mxs_walk_continue(world->walk);
    assert_int_equal(settle(world), MXS_WALK_DONE);
    const struct mxs_session_facts *s = world_session(world, 1);
    assert_int_equal(s->end, MXS_END_DONE);
    assert_string_equal(s->tls.sni, "other.test");
    assert_int_equal(s->tls.version, 0x0303);
    assert_int_equal(s->tls.group, 29); /* x25519 */
    assert_string_equal(s->tls.alpn, "smtp");
}

/* --- the world goes on while the walk stands --- */

static void seen_while_paused(void **state)
{
    struct world *world = *state;
    world_open(world, S("> 220 hi\r\n", "> 421 4.4.2 bored\r\n"));
    run_to(world, MXS_STAGE_EHLO);
    while (!mxs_walk_status(world->walk).peer_closed)
        mxs_engine_run_once(world->engine, -1);
    struct mxs_walk_status status = mxs_walk_status(world->walk);
    assert_int_equal(status.state, MXS_WALK_PAUSED);
    mxs_walk_continue(world->walk);
    assert_int_equal(settle(world), MXS_WALK_DONE);
    assert_int_equal(world_session(world, 1)->reply, 421); /* the word is not lost in the close */
}

static void waits_in_words(void **state)
{
    struct world *world = *state;
    world_open(world, S("> 220 hi\r\n", "< EHLO", "wait"));
    mxs_walk_start(world->walk);
    struct mxs_walk_status status = mxs_walk_status(world->walk);
    while (status.stage != MXS_STAGE_EHLO || status.state != MXS_WALK_WAITING) {
        mxs_engine_run_once(world->engine, -1);
        status = mxs_walk_status(world->walk);
    }
    assert_string_equal(status.waiting_for, "the reply to EHLO");
    assert_int_equal(status.limit_us, 300 * INT64_C(1000000)); /* RFC 5321 4.5.3.2, not our patience */
    assert_int_equal(status.session, 1);
    const struct mxs_event *wait = last(world);
    assert_int_equal(wait->kind, MXS_EVENT_WAIT);
    assert_string_equal(mxs_event_attr(wait, "limit"), "300");
}

/* --- stopping --- */

/* At every place where it can stand: it unwinds, and the journal ends in order. */
static void stops_anywhere(void **state)
{
    const struct world_certs *certs = ((struct world *)*state)->certs;
    world_open(*state, S("wait"));
    for (size_t at = 0;; at++) {
        struct world *world = world_new(certs);
        world->tls.ask = PEER_ASK;
        world_open(world, S(HELLO, "starttls", "smtp"));
        mxs_walk_pause(world->walk);
        mxs_walk_start(world->walk);
        size_t n = 0;
        for (; n < at && settle(world) == MXS_WALK_PAUSED; n++)
            mxs_walk_step(world->walk);
        bool done = settle(world) == MXS_WALK_DONE;
        mxs_walk_stop(world->walk);
        assert_true(mxs_walk_done(world->walk));
        assert_int_equal(last(world)->kind, MXS_EVENT_WALK_END);
        assert_int_equal(world->evidence->cancelled, !done);
        if (world_session(world, 1) && !done && world_session(world, 1)->end != MXS_END_DONE)
            assert_int_equal(world_session(world, 1)->end, MXS_END_CANCELLED);
        world_free(world);
        if (done)
            break;
    }
}

static void stops_before_start(void **state)
{
    struct world *world = *state;
    world_open(world, S("wait"));
    mxs_walk_stop(world->walk);
    assert_true(mxs_walk_done(world->walk));
    assert_true(world->evidence->cancelled);
    assert_int_equal(peer_connections(world->peer), 0);
}

static void stops_while_waiting(void **state)
{
    struct world *world = *state;
    world_open(world, S("wait"));
    mxs_walk_start(world->walk);
    while (mxs_walk_status(world->walk).stage != MXS_STAGE_BANNER)
        mxs_engine_run_once(world->engine, -1);
    mxs_walk_stop(world->walk);
    assert_true(mxs_walk_done(world->walk));
    assert_int_equal(world_session(world, 1)->end, MXS_END_CANCELLED);
}

/* A subscriber runs on the walk's own stack; it may stop the walk. */
static void stop_at_ehlo(void *data, const struct mxs_event *event)
{
    struct world *world = data;
    if (event->kind == MXS_EVENT_SMTP && event->stage == MXS_STAGE_EHLO)
        mxs_walk_stop(world->walk);
}

static void stopped_by_a_subscriber(void **state)
{
    struct world *world = *state;
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_journal_subscribe(world->journal, stop_at_ehlo, world);
    mxs_walk_finish(world->walk);
    assert_true(mxs_walk_done(world->walk));
    assert_true(world->evidence->cancelled);
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

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(starts_paused), T(steps), T(step_stages), T(breakpoints), T(edits_a_line),
        T(edits_the_hello), T(seen_while_paused), T(waits_in_words), T(stops_anywhere),
        T(stops_before_start), T(stops_while_waiting), T(stopped_by_a_subscriber),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
