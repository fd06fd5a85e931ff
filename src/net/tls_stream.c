/* TLS as a stream: set-up, handshake, reading and writing, closing. The callbacks are in tls_hooks.c. */
#include "config.h"

#include "net/tls_room.h"

#include "facts/tls.h"

#include <stdlib.h>
#include <string.h>

enum {
    MESSAGE_MAX = 256 * 1024,
    RECORD_ROOM = 64 * 1024,
    ODD_SUSPECT = 8, /* in a row; GnuTLS gives up on alerts at some such number by itself */
    ODD_MAX = 100
};

static struct mxs_tls_stream *of(struct mxs_stream *s)
{
    return (struct mxs_tls_stream *)s;
}

/* --- alerts and errors --- */

static void alert(struct mxs_tls_stream *s, enum mxs_dir dir, unsigned level, unsigned code)
{
    if (s->observer.alert)
        s->observer.alert(s->observer.data, dir, level, code, s->finished_sent);
}

static const char *alert_name(unsigned code)
{
    const char *name = mxs_tls_alert_name(code);
    return name ? name : "unassigned";
}

/* A code of GnuTLS that is no success: reports what the peer said, tells whether to go on. */
static bool harmless(struct mxs_tls_stream *s, int rc)
{
    if (rc == GNUTLS_E_WARNING_ALERT_RECEIVED)
        alert(s, MXS_DIR_IN, GNUTLS_AL_WARNING, gnutls_alert_get(s->session));
    if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        s->alert = (int)gnutls_alert_get(s->session);
        alert(s, MXS_DIR_IN, GNUTLS_AL_FATAL, (unsigned)s->alert);
    }
    if (rc == GNUTLS_E_REHANDSHAKE && s->handshaken) { /* RFC 5246 7.4.1.1: we may decline */
        mxs_tls_report(s, MXS_DIR_IN, MXS_TLS_HELLO_REQUEST, (struct mxs_bytes){ NULL, 0 });
        alert(s, MXS_DIR_OUT, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
        gnutls_alert_send(s->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
    }
    bool again = rc < 0 && !gnutls_error_is_fatal(rc) && s->io.err == MXS_OK;
    s->odd += s->handshaken || rc != GNUTLS_E_AGAIN; /* else one more record of a long message */
    return again && s->odd < ODD_MAX && !mxs_coro_cancelled(s->stream.coro);
}

/* An alert of ours, which GnuTLS does not send by itself; only while the peer may still hear it. */
static void send_alert(struct mxs_tls_stream *s, int rc)
{
    int level = 0, code = gnutls_error_to_alert(rc, &level);
    if (s->alert >= 0 || s->io.err || code < 0)
        return;
    alert(s, MXS_DIR_OUT, (unsigned)level, (unsigned)code);
    gnutls_alert_send(s->session, (gnutls_alert_level_t)level, (gnutls_alert_description_t)code);
}

static void notified(struct mxs_tls_stream *s)
{
    s->stream.closed = MXS_CLOSE_NOTIFY;
    alert(s, MXS_DIR_IN, GNUTLS_AL_WARNING, GNUTLS_A_CLOSE_NOTIFY);
    if (!s->told_closed && s->observer.closed)
        s->observer.closed(s->observer.data, MXS_CLOSE_NOTIFY);
    s->told_closed = true;
}

/* The reason of a fatal code: first what the stream below said, then the peer's alert, then ours. */
static enum mxs_err fail(struct mxs_tls_stream *s, int rc, bool *local, struct mxs_why *why)
{
    const char *text;
    *local = false;
    mxs_tls_flush_tap(s);
    if (mxs_coro_cancelled(s->stream.coro))
        return mxs_why_set(why, MXS_ERR_CANCELLED, "stopped by the operator");
    if (s->io.err)
        return mxs_why_set(why, s->io.err, "%s", s->io.text);
    if (s->alert >= 0)
        return mxs_why_set(why, MXS_ERR_TLS, "the server sent alert %s (%d)",
                           alert_name((unsigned)s->alert), s->alert);
    if (rc == GNUTLS_E_SESSION_EOF) {
        notified(s);
        return mxs_why_set(why, MXS_ERR_CLOSED, "the server sent close_notify");
    }
    if (!gnutls_error_is_fatal(rc) || s->odd > ODD_SUSPECT) /* harmless ones without end */
        return mxs_why_set(why, MXS_ERR_TLS, "too many alerts or tickets in a row");
    *local = mxs_tls_error(rc, &text);
    send_alert(s, rc);
    return mxs_why_set(why, *local ? MXS_ERR_LIMIT : MXS_ERR_TLS, "%s (%s)", text,
                       gnutls_strerror_name(rc) ? gnutls_strerror_name(rc) : "?");
}

/* --- the stream --- */

static void begin(struct mxs_tls_stream *s, int64_t deadline)
{
    s->deadline = deadline;
    s->held = mxs_coro_held(s->stream.coro);
    if (s->io.err == MXS_ERR_TIMEOUT) /* that wait is over, the stream is not */
        s->io = (struct mxs_why){ MXS_OK, "" };
}

static enum mxs_err tls_read(struct mxs_stream *stream, uint8_t *buf, size_t max, size_t *n,
                             int64_t deadline, struct mxs_why *why)
{
    struct mxs_tls_stream *s = of(stream);
    ssize_t rc;
    bool local;
    begin(s, deadline);
    s->odd = 0;
    do
        rc = gnutls_record_recv(s->session, buf, max);
    while (rc < 0 && harmless(s, (int)rc));
    if (rc > 0) {
        *n = (size_t)rc;
        return MXS_OK;
    }
    return fail(s, rc == 0 ? GNUTLS_E_SESSION_EOF : (int)rc, &local, why);
}

static enum mxs_err tls_write(struct mxs_stream *stream, const uint8_t *p, size_t n,
                              int64_t deadline, struct mxs_why *why)
{
    struct mxs_tls_stream *s = of(stream);
    bool local;
    begin(s, deadline);
    while (n > 0) {
        ssize_t rc = gnutls_record_send(s->session, p, n);
        if (rc < 0 && !harmless(s, (int)rc))
            return fail(s, (int)rc, &local, why);
        p += rc > 0 ? rc : 0;
        n -= rc > 0 ? (size_t)rc : 0;
    }
    return MXS_OK;
}

static size_t tls_pending(struct mxs_stream *stream)
{
    return gnutls_record_check_pending(of(stream)->session) +
           stream->below->ops->pending(stream->below);
}

static void tls_close(struct mxs_stream *stream)
{
    struct mxs_tls_stream *s = of(stream);
    if (s->session)
        gnutls_deinit(s->session);
    if (s->own_context)
        mxs_tls_context_free(s->context);
    mxs_buf_fini(&s->in);
    mxs_buf_fini(&s->message);
    stream->below->ops->close(stream->below);
    free(s);
}

static const struct mxs_stream_ops tls_ops = { "tls", tls_read, tls_write, tls_pending, tls_close };

void mxs_tls_bye(struct mxs_stream *stream)
{
    struct mxs_tls_stream *s = of(stream);
    if (s->io.err || s->alert >= 0)
        return;
    alert(s, MXS_DIR_OUT, GNUTLS_AL_WARNING, GNUTLS_A_CLOSE_NOTIFY);
    gnutls_bye(s->session, GNUTLS_SHUT_WR);
}

/* --- set-up --- */

static enum mxs_err set_priority(struct mxs_tls_stream *s, const struct mxs_tls_options *o,
                                 struct mxs_why *why)
{
    gnutls_priority_t *shared = &s->context->priorities[o->offer];
    const char *at = o->priority;
    if (o->priority && gnutls_priority_set_direct(s->session, o->priority, &at) < 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "priority string: not understood at \"%.60s\"", at);
    if (o->priority)
        return MXS_OK;
    if (!*shared && gnutls_priority_init2(shared, mxs_tls_priority_of(o->offer), &at, 0) < 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "the offer is not understood at \"%.60s\"", at);
    gnutls_priority_set(s->session, *shared);
    return MXS_OK;
}

static int set_alpn(gnutls_session_t session, const struct mxs_strs *names)
{
    gnutls_datum_t v[16];
    unsigned n = 0;
    for (; n < names->n && n < MXS_COUNT(v); n++)
        v[n] = (gnutls_datum_t){ (unsigned char *)(uintptr_t)names->v[n],
                                 (unsigned)strlen(names->v[n]) };
    return n ? gnutls_alpn_set_protocols(session, v, n, 0) : 0;
}

static enum mxs_err set_up(struct mxs_tls_stream *s, const struct mxs_tls_options *o,
                           struct mxs_why *why)
{
    s->context = o->context;
    s->without_cert = o->without_cert;
    s->offer = o->offer;
    s->priority = o->priority;
    s->own_context = !o->context;
    if (!o->context &&
        mxs_tls_context_new(o->client_cert_pem, o->client_key_pem, &s->context, why) != MXS_OK)
        return why->err;
    int rc = gnutls_init(&s->session, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_NO_SIGNAL);
    if (rc >= 0)
        rc = gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, s->context->credentials);
    if (rc >= 0 && o->sni)
        rc = gnutls_server_name_set(s->session, GNUTLS_NAME_DNS, o->sni, strlen(o->sni));
    if (rc >= 0)
        rc = set_alpn(s->session, &o->alpn);
    if (rc < 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "TLS set-up: %s", gnutls_strerror(rc));
    gnutls_handshake_set_max_packet_length(s->session, o->message_max ? o->message_max
                                                                      : MESSAGE_MAX);
    gnutls_handshake_set_timeout(s->session, GNUTLS_INDEFINITE_TIMEOUT);
    mxs_tls_hooks_set(s);
    return set_priority(s, o, why);
}

static enum mxs_err handshake(struct mxs_tls_stream *s, bool *local, struct mxs_why *why)
{
    int rc;
    do
        rc = gnutls_handshake(s->session);
    while (rc < 0 && harmless(s, rc));
    if (rc < 0)
        return fail(s, rc, local, why);
    s->handshaken = true;
    if (!s->asked && s->observer.client_cert)
        s->observer.client_cert(s->observer.data, MXS_SENT_NOTHING, "the server did not ask");
    return MXS_OK;
}

enum mxs_err mxs_tls_client(struct mxs_stream *below, const struct mxs_tls_options *options,
                            const struct mxs_tls_observer *observer, int64_t deadline,
                            struct mxs_stream **out, bool *local, struct mxs_why *why)
{
    struct mxs_tls_stream *s = mxs_alloc(sizeof *s);
    s->stream = (struct mxs_stream){ .ops = &tls_ops, .below = below, .coro = below->coro };
    s->observer = *observer;
    s->alert = -1;
    mxs_buf_init(&s->in, RECORD_ROOM);
    mxs_buf_init(&s->message, options->message_max > MESSAGE_MAX ? options->message_max
                                                                 : MESSAGE_MAX);
    *out = NULL;
    *local = true;
    enum mxs_err err = set_up(s, options, why);
    begin(s, deadline);
    if (!err)
        err = handshake(s, local, why);
    if (err)
        tls_close(&s->stream);
    else
        *out = &s->stream;
    return err;
}
