#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/tls.h"
#include "lib/peer.h"
#include "net/tls_stream.h"

/* One set of certificates for all tests. */
struct certs {
    struct pki_cert ca, rsa[3], ec[3], client[2];
    char *client_pem, *key_pem, *rsa_key_pem;
};

struct world {
    const struct certs *certs;
    struct mxs_loop *loop;
    struct mxs_arena *arena;
    struct peer *peer;
    struct peer_tls server;
    struct mxs_tls_options options;
    struct mxs_stream *stream;
    struct mxs_coro *coro;
    int64_t timeout;
    bool pause; /* at each message */
    unsigned pauses;
    const char *abort_at; /* cancel when the log ends so */
    /* results: no assertion may longjmp out of a coroutine */
    enum mxs_err shake, err;
    struct mxs_why why;
    bool local;
    struct mxs_buf log, got;
    unsigned records_in, records_out, keys, bad_records;
    enum mxs_close_how told;
    const char *sent_why;
};

static int setup(void **state)
{
    struct world *world = mxs_alloc(sizeof *world);
    world->certs = *state;
    world->loop = mxs_loop_new(mxs_clock_real());
    world->arena = mxs_arena_new();
    world->timeout = 3600 * INT64_C(1000000);
    world->server = (struct peer_tls){ .chains = { world->certs->rsa, world->certs->ec } };
    world->options.sni = "mx.test";
    mxs_buf_init(&world->log, 1 << 20);
    mxs_buf_init(&world->got, 1 << 20);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    const struct certs *certs = world->certs;
    if (world->stream)
        world->stream->ops->close(world->stream);
    mxs_coro_free(world->coro);
    peer_free(world->peer);
    mxs_buf_fini(&world->got);
    mxs_buf_fini(&world->log);
    mxs_loop_free(world->loop);
    mxs_arena_free(world->arena);
    free(world);
    *state = (void *)(uintptr_t)certs;
    return 0;
}

/* --- the observer writes a log: ">ClientHello <ServerHello+h <alert42! .." --- */

static void stop(struct world *world)
{
    struct mxs_bytes log = mxs_buf_bytes(&world->log);
    size_t n = world->abort_at ? strlen(world->abort_at) : 0;
    world->pauses++;
    if (n && log.n >= n && memcmp(log.p + log.n - n, world->abort_at, n) == 0)
        mxs_coro_cancel(world->coro);
    else if (world->pause)
        mxs_coro_hold(world->coro);
}

static char arrow(enum mxs_dir dir)
{
    return dir == MXS_DIR_OUT ? '>' : '<';
}

static void on_record(void *data, enum mxs_dir dir, struct mxs_bytes record)
{
    struct world *world = data;
    bool whole = record.n >= 5 && record.n == 5u + (record.p[3] << 8 | record.p[4]);
    world->bad_records += !whole;
    *(dir == MXS_DIR_OUT ? &world->records_out : &world->records_in) += 1;
}

static void on_message(void *data, enum mxs_dir dir, unsigned type, unsigned version,
                       enum mxs_epoch epoch, struct mxs_bytes body)
{
    struct world *world = data;
    const char *name = mxs_tls_message_name(type);
    mxs_buf_printf(&world->log, " %c%s", arrow(dir), name ? name : "?");
    mxs_buf_printf(&world->log, "%s", epoch == MXS_EPOCH_HANDSHAKE     ? "+h"
                                      : epoch == MXS_EPOCH_APPLICATION ? "+a" : "");
    if (type == MXS_TLS_SERVER_HELLO)
        mxs_buf_printf(&world->log, "(%s)", mxs_tls_version_name(version));
    if (type == MXS_TLS_NEW_SESSION_TICKET && body.n < 50)
        mxs_buf_puts(&world->log, "(consumed)");
    stop(world);
}

static void on_alert(void *data, enum mxs_dir dir, unsigned level, unsigned code, bool after)
{
    struct world *world = data;
    mxs_buf_printf(&world->log, " %calert%u%s%s", arrow(dir), code, level == 2 ? "!" : "",
                   after ? "+late" : "");
    stop(world);
}

static void on_client_cert(void *data, enum mxs_client_sent sent, const char *why)
{
    static const char *const words[] = { "nothing", "empty", "certificate" };
    struct world *world = data;
    world->sent_why = why;
    mxs_buf_printf(&world->log, " [%s]", words[sent]);
    stop(world);
}

static void on_keylog(void *data, const char *line)
{
    struct world *world = data;
    char label[64];
    unsigned random = 0;
    world->keys += sscanf(line, "%63s %8x", label, &random) == 2;
}

static void on_closed(void *data, enum mxs_close_how how)
{
    ((struct world *)data)->told = how;
}

static void read_line(struct world *world)
{
    uint8_t chunk[256];
    size_t n = 0;
    do {
        world->err = world->stream->ops->read(world->stream, chunk, sizeof chunk, &n,
                                              mxs_loop_now(world->loop) + world->timeout,
                                              &world->why);
        if (world->err == MXS_OK)
            mxs_buf_add(&world->got, chunk, n);
    } while (world->err == MXS_OK && chunk[n - 1] != '\n');
}

static void client(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    struct mxs_tls_observer observer = { .data = world,
                                         .record = on_record,
                                         .message = on_message,
                                         .alert = on_alert,
                                         .client_cert = on_client_cert,
                                         .keylog = on_keylog,
                                         .closed = on_closed };
    struct mxs_socket_options to = { .address = "127.0.0.1", .port = peer_port(world->peer) };
    struct mxs_stream *socket;
    int64_t deadline = mxs_loop_now(world->loop) + world->timeout;
    world->err = mxs_socket_connect(self, world->loop, &to, deadline, &socket, &world->why);
    if (world->err)
        return;
    world->shake = mxs_tls_client(socket, &world->options, &observer, deadline, &world->stream,
                                  &world->local, &world->why);
    if (world->shake)
        return;
    world->stream->ops->write(world->stream, (const uint8_t *)"EHLO me\r\n", 9, 0, NULL);
    read_line(world);
}

static const char *const friendly[] = { "tls", "< EHLO", "> 250 hi\r\n", "drain", NULL };

static const char *go(struct world *world, const char *const *script)
{
    world->peer = peer_new(world->loop, script, &world->server);
    world->coro = mxs_coro_new(world->loop, client, world);
    mxs_coro_resume(world->coro);
    while (!mxs_coro_done(world->coro) && mxs_loop_run_once(world->loop, -1))
        if (world->pause)
            mxs_coro_wake(world->coro);
    assert_true(mxs_coro_done(world->coro));
    return mxs_buf_str(&world->log);
}

static void handshake_13(void **state)
{
    struct world *world = *state;
    const char *log = go(world, friendly);
    assert_int_equal(world->shake, MXS_OK);
    assert_int_equal(world->err, MXS_OK);
    assert_string_equal(mxs_buf_str(&world->got), "250 hi\r\n");
    assert_string_equal(log, " >ClientHello <ServerHello(TLS1.3) <EncryptedExtensions+h"
                             " <Certificate+h <CertificateVerify+h <Finished+h >Finished+h"
                             " [nothing] <NewSessionTicket+a <NewSessionTicket+a");
    assert_true(world->keys >= 4);
    mxs_tls_bye(world->stream);
    assert_memory_equal(mxs_buf_str(&world->log) + strlen(log) - 13, " >alert0+late", 13);
}

static void handshake_12(void **state)
{
    struct world *world = *state;
    world->server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_string_equal(log, " >ClientHello <ServerHello(TLS1.2) <Certificate"
                             " <ServerKeyExchange <ServerHelloDone >ClientKeyExchange"
                             " >Finished+a <NewSessionTicket <Finished+a [nothing]");
    assert_int_equal(world->keys, 1);
}

static void hello_retry(void **state)
{
    struct world *world = *state;
    world->server.priority = "NORMAL:-GROUP-ALL:+GROUP-SECP521R1";
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_memory_equal(log, " >ClientHello <HelloRetryRequest >ClientHello <ServerHello(TLS1.3)"
                             " <EncryptedExtensions+h", 88);
}

static void paused_everywhere(void **state)
{
    struct world *world = *state;
    world->pause = true;
    world->server.ask = PEER_ASK;
    go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_string_equal(mxs_buf_str(&world->got), "250 hi\r\n");
    assert_true(world->pauses >= 11);
}

static void one_byte_reads(void **state)
{
    static const char *const script[] = { "tls", "trickle", "> 250 hi\r\n", "drain", NULL };
    struct world *world = *state;
    go(world, script);
    assert_int_equal(world->err, MXS_OK);
    assert_string_equal(mxs_buf_str(&world->got), "250 hi\r\n");
}

static void with_client_cert(struct world *world)
{
    world->options.client_cert_pem = mxs_bytes_str(world->certs->client_pem);
    world->options.client_key_pem = mxs_bytes_str(world->certs->key_pem);
}

/* The server names a CA that did not issue ours: GnuTLS by itself would send nothing. */
static void client_cert_sent(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.ask = PEER_ASK;
    world->server.ca = world->certs->rsa;
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " <CertificateRequest+h"));
    assert_non_null(strstr(log, " [certificate] <Certificate+h <CertificateVerify+h <Finished+h"
                                " >Certificate+h >CertificateVerify+h >Finished+h"));
}

static void client_cert_sent_12(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
    world->server.ask = PEER_ASK;
    world->server.ca = world->certs->rsa;
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " [certificate] <ServerHelloDone >Certificate >ClientKeyExchange"
                                " >CertificateVerify >Finished+a"));
}

static void client_cert_empty(void **state)
{
    struct world *world = *state;
    world->server.ask = PEER_ASK;
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " [empty] <Certificate+h <CertificateVerify+h <Finished+h"
                                " >Certificate+h >Finished+h"));
    assert_string_equal(world->sent_why, "we have no client certificate");
}

/* No signature algorithm of the server fits our key: sending could only fail. */
static void client_cert_unfit(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.ask = PEER_ASK;
    world->server.priority = "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256";
    const char *log = go(world, friendly);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " [empty]"));
    assert_string_equal(world->sent_why, "no signature algorithm of the server fits our key");
}

static void reset(struct world *world)
{
    if (world->stream)
        world->stream->ops->close(world->stream);
    world->stream = NULL;
    mxs_coro_free(world->coro);
    world->coro = NULL;
    peer_free(world->peer);
    world->peer = NULL;
    mxs_buf_clear(&world->log);
}

/* An offer restricts the server's signatures, not ours: a key of every kind signs under each. */
static void client_cert_any_key(void **state)
{
    static const struct {
        enum mxs_offer offer;
        const char *priority; /* ours */
    } offers[] = {
        { MXS_OFFER_ANY, NULL },
        { MXS_OFFER_RSA, NULL },
        { MXS_OFFER_ECDSA, NULL },
        { MXS_OFFER_ANY, "NORMAL:-SIGN-ALL:+SIGN-RSA-SHA256:+SIGN-RSA-PSS-RSAE-SHA256" },
    };
    static const struct pki_spec keys[] = {
        { .name = "client.test", .rsa = true },
        { .name = "client.test", .ed25519 = true },
        { .name = "client.test" },
    };
    struct world *world = *state;
    world->server.ask = PEER_ASK;
    for (size_t i = 0; i < MXS_COUNT(keys) * MXS_COUNT(offers) * 2; i++) {
        size_t offer = i / 2 % MXS_COUNT(offers);
        struct pki_cert cert = pki_make(&keys[i / 2 / MXS_COUNT(offers)], &world->certs->ca);
        char *pem = pki_cert_pem(&cert), *key_pem = pki_key_pem(&cert);
        world->options.client_cert_pem = mxs_bytes_str(pem);
        world->options.client_key_pem = mxs_bytes_str(key_pem);
        world->options.offer = offers[offer].offer;
        world->options.priority = offers[offer].priority;
        world->server.priority = i % 2 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : NULL;
        const char *log = go(world, friendly);
        if (world->err || !strstr(log, " >CertificateVerify"))
            fail_msg("key %zu, offer %zu, %s: %s (%s)", i / 2 / MXS_COUNT(offers), offer,
                     i % 2 ? "1.2" : "1.3", log, world->why.text);
        reset(world);
        free(pem);
        free(key_pem);
        pki_free(&cert);
    }
    world->options.client_cert_pem.n = 0;
    go(world, friendly);
}

/* TLS 1.3: our handshake succeeds before the server has judged (RFC 8446 4.4.2.4). */
static void client_cert_refused_13(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.ask = PEER_ASK;
    world->server.refuse = 43;
    const char *log = go(world, friendly);
    assert_int_equal(world->shake, MXS_OK);
    assert_int_equal(world->err, MXS_ERR_TLS);
    assert_string_equal(world->why.text, "the server sent alert unsupported_certificate (43)");
    assert_non_null(strstr(log, " <alert43!+late"));
}

static void client_cert_refused_12(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
    world->server.ask = PEER_ASK;
    world->server.refuse = 43;
    go(world, friendly);
    assert_int_equal(world->shake, MXS_ERR_TLS);
    assert_false(world->local);
    assert_null(world->stream);
    assert_string_equal(world->why.text, "the server sent alert unsupported_certificate (43)");
}

static void client_cert_demanded(void **state)
{
    struct world *world = *state;
    world->server.ask = PEER_DEMAND;
    const char *log = go(world, friendly);
    assert_int_equal(world->shake, MXS_OK);
    assert_int_equal(world->err, MXS_ERR_TLS);
    assert_non_null(strstr(log, " [empty]"));
    assert_string_equal(world->why.text, "the server sent alert certificate_required (116)");
}

static void bare_close_after(void **state)
{
    struct world *world = *state;
    with_client_cert(world);
    world->server.ask = PEER_ASK;
    world->server.refuse_silently = true;
    go(world, friendly);
    assert_int_equal(world->shake, MXS_OK);
    assert_int_equal(world->err, MXS_ERR_CLOSED);
    assert_true(world->told == MXS_CLOSE_FIN || world->told == MXS_CLOSE_RST);
}

static void close_notify(void **state)
{
    static const char *const script[] = { "tls", "< EHLO", "notify", NULL };
    struct world *world = *state;
    const char *log = go(world, script);
    assert_int_equal(world->err, MXS_ERR_CLOSED);
    assert_int_equal(world->stream->closed, MXS_CLOSE_NOTIFY);
    assert_int_equal(world->told, MXS_CLOSE_NOTIFY);
    assert_non_null(strstr(log, " <alert0+late"));
}

static void key_update(void **state)
{
    static const char *const script[] = { "tls", "< EHLO", "keyupdate", "> 250 hi\r\n", "drain",
                                          NULL };
    struct world *world = *state;
    const char *log = go(world, script);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " <KeyUpdate+a"));
}

/* We decline (RFC 5246 7.4.1.1) and go on. */
static void hello_request(void **state)
{
    static const char *const script[] = { "tls", "< EHLO", "hellorequest", "> 250 hi\r\n", "drain",
                                          NULL };
    struct world *world = *state;
    world->server.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
    const char *log = go(world, script);
    assert_int_equal(world->err, MXS_OK);
    assert_non_null(strstr(log, " <HelloRequest+a"));
    assert_non_null(strstr(log, " >alert100"));
}

static void offers(void **state)
{
    static const struct {
        enum mxs_offer offer;
        bool rsa, ec, tls12;
        enum mxs_err shake;
    } rows[] = {
        { MXS_OFFER_RSA, true, true, false, MXS_OK },
        { MXS_OFFER_ECDSA, true, true, false, MXS_OK },
        { MXS_OFFER_RSA, false, true, false, MXS_ERR_TLS },
        { MXS_OFFER_ECDSA, true, false, false, MXS_ERR_TLS },
        { MXS_OFFER_RSA, true, true, true, MXS_OK },
        { MXS_OFFER_ECDSA, true, true, true, MXS_OK },
        { MXS_OFFER_RSA, false, true, true, MXS_ERR_TLS },
        { MXS_OFFER_ECDSA, true, false, true, MXS_ERR_TLS },
    };
    struct world *world = *state;
    const struct certs *certs = world->certs;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        world->options.offer = rows[i].offer;
        world->server.priority = rows[i].tls12 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : NULL;
        world->server.chains[0] = rows[i].rsa ? certs->rsa : NULL;
        world->server.chains[1] = rows[i].ec ? certs->ec : NULL;
        go(world, friendly);
        assert_int_equal(world->shake, rows[i].shake);
        assert_int_equal(world->bad_records, 0);
        if (rows[i].shake)
            assert_string_equal(world->why.text, "the server sent alert handshake_failure (40)");
        if (world->stream)
            world->stream->ops->close(world->stream);
        world->stream = NULL;
        mxs_coro_free(world->coro);
        world->coro = NULL;
        if (i + 1 < MXS_COUNT(rows))
            peer_free(world->peer);
    }
}

/* Our own limit, not the server's fault. */
static void too_large(void **state)
{
    struct world *world = *state;
    struct pki_cert huge[2] = { pki_make(&(struct pki_spec){ .name = "mx.test",
                                                             .padding = 300 * 1024 }, NULL),
                                { NULL, NULL } };
    world->server.chains[0] = huge;
    world->server.chains[1] = NULL;
    go(world, friendly);
    pki_free(&huge[0]);
    assert_int_equal(world->shake, MXS_ERR_LIMIT);
    assert_true(world->local);
    assert_memory_equal(world->why.text, "a handshake message is larger than our limit", 44);
}

static void long_but_fine(void **state)
{
    struct world *world = *state;
    struct pki_cert big[2] = { pki_make(&(struct pki_spec){ .name = "mx.test",
                                                            .padding = 140 * 1024 }, NULL),
                               { NULL, NULL } };
    world->server.chains[0] = big;
    world->server.chains[1] = NULL;
    go(world, friendly);
    pki_free(&big[0]);
    assert_int_equal(world->err, MXS_OK);
}

static void not_tls(void **state)
{
    static const char *const script[] = { "> 454 4.7.0 TLS not available\r\n", "drain", NULL };
    struct world *world = *state;
    world->peer = peer_new(world->loop, script, &world->server);
    world->coro = mxs_coro_new(world->loop, client, world);
    mxs_coro_resume(world->coro);
    while (!mxs_coro_done(world->coro) && mxs_loop_run_once(world->loop, -1))
        ;
    assert_int_equal(world->shake, MXS_ERR_TLS);
    assert_false(world->local);
    assert_int_equal(world->bad_records, 1); /* what came is shown to the tap as it is */
}

static void silent_server(void **state)
{
    static const char *const script[] = { "wait", NULL };
    struct world *world = *state;
    world->timeout = 20000;
    go(world, script);
    assert_int_equal(world->shake, MXS_ERR_TIMEOUT);
    assert_string_equal(mxs_buf_str(&world->log), " >ClientHello");
}

/* Stopping while GnuTLS is inside its handshake unwinds it; nothing leaks. */
static void aborted(void **state)
{
    static const char *const places[] = { ">ClientHello", "<Certificate+h", "[empty]",
                                          ">Finished+h" };
    struct world *world = *state;
    world->server.ask = PEER_ASK;
    for (size_t i = 0; i < MXS_COUNT(places); i++) {
        mxs_buf_clear(&world->log);
        world->abort_at = places[i];
        go(world, friendly);
        assert_int_equal(world->shake, MXS_ERR_CANCELLED);
        assert_null(world->stream);
        mxs_coro_free(world->coro);
        if (i + 1 < MXS_COUNT(places))
            peer_free(world->peer);
        world->coro = NULL;
    }
}

static void stopped_by_server(void **state)
{
    static const struct {
        unsigned type;
        bool incoming;
    } rows[] = {
        { MXS_TLS_CLIENT_HELLO, true },  { MXS_TLS_SERVER_HELLO, false },
        { MXS_TLS_CERTIFICATE, false },  { MXS_TLS_CERTIFICATE_VERIFY, false },
    };
    struct world *world = *state;
    for (size_t i = 0; i < 2 * MXS_COUNT(rows); i++) {
        world->server.stop = i % 2 ? PEER_STOP_RST : PEER_STOP_CLOSE;
        world->server.stop_type = rows[i / 2].type;
        world->server.stop_incoming = rows[i / 2].incoming;
        go(world, friendly);
        assert_int_equal(world->shake, MXS_ERR_CLOSED);
        assert_int_equal(world->told, i % 2 ? MXS_CLOSE_RST : MXS_CLOSE_FIN);
        mxs_coro_free(world->coro);
        world->coro = NULL;
        if (i + 1 < 2 * MXS_COUNT(rows))
            peer_free(world->peer);
    }
}

static void words(void **state)
{
    struct world *world = *state;
    struct mxs_why why;
    static const char *const none[] = { NULL };
    world->peer = peer_new(world->loop, none, NULL);
    assert_int_equal(mxs_tls_priority_check("NORMAL:%COMPAT", &why), MXS_OK);
    assert_int_equal(mxs_tls_priority_check("NORMAL:+NOPE", &why), MXS_ERR_USAGE);
    assert_string_equal(why.text, "priority string: not understood at \"+NOPE\"");
    struct mxs_tls_context *context;
    struct mxs_bytes cert = mxs_bytes_str(world->certs->client_pem);
    assert_int_equal(
        mxs_tls_context_new(cert, mxs_bytes_str(world->certs->key_pem), &context, &why), MXS_OK);
    mxs_tls_context_free(context);
    assert_int_equal(
        mxs_tls_context_new(cert, mxs_bytes_str(world->certs->rsa_key_pem), &context, &why),
        MXS_ERR_USAGE);
    assert_null(context);
    assert_int_equal(mxs_tls_context_new(mxs_bytes_str("nonsense"), (struct mxs_bytes){ 0 },
                                         &context, &why),
                     MXS_ERR_SYNTAX);
}

static int group_setup(void **state)
{
    struct certs *c = mxs_alloc(sizeof *c);
    c->ca = pki_make(&(struct pki_spec){ .name = "Test CA", .ca = true }, NULL);
    c->rsa[0] = pki_make(&(struct pki_spec){ .name = "mx.test", .rsa = true }, &c->ca);
    c->ec[0] = pki_make(&(struct pki_spec){ .name = "mx.test" }, &c->ca);
    c->client[0] = pki_make(&(struct pki_spec){ .name = "client.test" }, &c->ca);
    c->client_pem = pki_cert_pem(&c->client[0]);
    c->key_pem = pki_key_pem(&c->client[0]);
    c->rsa_key_pem = pki_key_pem(&c->rsa[0]);
    *state = c;
    return 0;
}

static int group_teardown(void **state)
{
    struct certs *c = *state;
    pki_free(&c->ca);
    pki_free(&c->rsa[0]);
    pki_free(&c->ec[0]);
    pki_free(&c->client[0]);
    free(c->client_pem);
    free(c->key_pem);
    free(c->rsa_key_pem);
    free(c);
    return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(handshake_13), T(handshake_12), T(hello_retry), T(paused_everywhere), T(one_byte_reads),
        T(client_cert_sent), T(client_cert_sent_12), T(client_cert_empty), T(client_cert_unfit),
        T(client_cert_any_key), T(client_cert_refused_13), T(client_cert_refused_12),
        T(client_cert_demanded),
        T(bare_close_after), T(close_notify), T(key_update), T(hello_request), T(offers),
        T(too_large), T(long_but_fine), T(not_tls), T(silent_server), T(aborted),
        T(stopped_by_server), T(words),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
