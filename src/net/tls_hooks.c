/* What GnuTLS calls while it runs on the session's coroutine: bytes in and out with the record tap,
 * the handshake hook, the key log.
 *
 * The hook sees message bodies decrypted, both directions. Incoming bytes are copied before GnuTLS
 * looks at them (it consumes a ticket's), and reported after, which is where the walk may stop: a
 * stop before would show a message whose version is not known yet. Outgoing ones are reported before
 * they are queued. Getters of GnuTLS lag behind in hooks, so nothing but the version is asked. */
#include "config.h"

#include "net/tls_room.h"

#include "facts/tls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

enum {
    HEADER = 5,
    RECORD_MAX = 16384 + 2048 /* RFC 5246 6.2.3; TLS 1.3 allows less */
};

/* --- the record tap --- */

static void tap(const struct mxs_tls_stream *s, enum mxs_dir dir, const uint8_t *p, size_t n)
{
    if (n && s->observer.record)
        s->observer.record(s->observer.data, dir, mxs_bytes(p, n));
}

static size_t record_size(const uint8_t *p)
{
    return HEADER + ((size_t)p[3] << 8 | p[4]);
}

static bool is_record(const uint8_t *p)
{
    return p[0] >= 20 && p[0] <= 24 && p[1] == 3 && record_size(p) <= HEADER + RECORD_MAX;
}

/* GnuTLS reads a header, then its fragment; whole records go to the tap. */
static void tap_in(struct mxs_tls_stream *s, const uint8_t *p, size_t n)
{
    if (mxs_buf_add(&s->in, p, n) != MXS_OK)
        return;
    while (s->in.n >= HEADER && is_record(s->in.p) && s->in.n >= record_size(s->in.p)) {
        size_t size = record_size(s->in.p);
        tap(s, MXS_DIR_IN, s->in.p, size);
        mxs_buf_take(&s->in, size);
    }
}

void mxs_tls_flush_tap(struct mxs_tls_stream *s)
{
    struct mxs_stream *below = s->stream.below;
    uint8_t more[512];
    size_t n = 0; /* GnuTLS gave up after a header's worth: the line it belongs to says more */
    bool odd = s->in.n && !(s->in.n >= HEADER && is_record(s->in.p));
    if (odd && below->ops->pending(below) > 0 &&
        below->ops->read(below, more, sizeof more, &n, 0, NULL) == MXS_OK)
        mxs_buf_add(&s->in, more, n);
    tap(s, MXS_DIR_IN, s->in.p, s->in.n);
    mxs_buf_clear(&s->in);
}

static void tap_out(const struct mxs_tls_stream *s, const uint8_t *p, size_t n)
{
    while (n >= HEADER && record_size(p) <= n) {
        size_t size = record_size(p);
        tap(s, MXS_DIR_OUT, p, size);
        p += size;
        n -= size;
    }
    tap(s, MXS_DIR_OUT, p, n);
}

/* --- transport --- */

static int64_t deadline(const struct mxs_tls_stream *s)
{
    return s->deadline ? s->deadline + mxs_coro_held(s->stream.coro) - s->held : 0;
}

static void tell_closed(struct mxs_tls_stream *s)
{
    s->stream.closed = s->stream.below->closed;
    if (!s->told_closed && s->observer.closed && s->stream.closed != MXS_CLOSE_NONE)
        s->observer.closed(s->observer.data, s->stream.closed);
    s->told_closed = true;
}

static ssize_t pull(gnutls_transport_ptr_t ptr, void *p, size_t max)
{
    struct mxs_tls_stream *s = ptr;
    struct mxs_stream *below = s->stream.below;
    size_t n = 0;
    if (s->io.err == MXS_OK &&
        below->ops->read(below, p, max, &n, deadline(s), &s->io) == MXS_OK) {
        tap_in(s, p, n);
        return (ssize_t)n;
    }
    if (s->io.err == MXS_ERR_CLOSED)
        tell_closed(s);
    gnutls_transport_set_errno(s->session, ECONNRESET);
    return -1;
}

/* The whole flight in one write, as GnuTLS hands it over: on the wire it looks as usual. A peer that is
 * gone may have said why: that is read next, and the read then meets the close. */
static ssize_t push(gnutls_transport_ptr_t ptr, const giovec_t *v, int n)
{
    struct mxs_tls_stream *s = ptr;
    struct mxs_stream *below = s->stream.below;
    struct mxs_buf flight;
    mxs_buf_init(&flight, SIZE_MAX / 2);
    for (int i = 0; i < n; i++)
        mxs_buf_add(&flight, v[i].iov_base, v[i].iov_len);
    tap_out(s, flight.p, flight.n);
    if (s->observer.flight)
        s->observer.flight(s->observer.data, flight.n);
    struct mxs_why why = s->io;
    if (why.err == MXS_OK)
        below->ops->write(below, flight.p, flight.n, deadline(s), &why);
    size_t size = flight.n;
    mxs_buf_fini(&flight);
    if (why.err == MXS_OK || why.err == MXS_ERR_CLOSED)
        return (ssize_t)size;
    s->io = why;
    gnutls_transport_set_errno(s->session, ECONNRESET);
    return -1;
}

/* GnuTLS asks before some reads whether one would wait; ours waits by itself. */
static int pull_timeout(gnutls_transport_ptr_t ptr, unsigned ms)
{
    (void)ptr;
    (void)ms;
    return 1;
}

/* --- messages --- */

static bool hello(unsigned type)
{
    return type == MXS_TLS_CLIENT_HELLO || type == MXS_TLS_SERVER_HELLO ||
           type == MXS_TLS_HELLO_RETRY_REQUEST;
}

/* TLS 1.2 has one set of keys, from ChangeCipherSpec on: Finished is the first message under it. */
static enum mxs_epoch epoch(const struct mxs_tls_stream *s, unsigned type, unsigned version)
{
    if (s->handshaken)
        return MXS_EPOCH_APPLICATION;
    if (version >= MXS_TLS_1_3)
        return hello(type) ? MXS_EPOCH_CLEAR : MXS_EPOCH_HANDSHAKE;
    return type == MXS_TLS_FINISHED ? MXS_EPOCH_APPLICATION : MXS_EPOCH_CLEAR;
}

/* The negotiated version as on the wire; 0 before the ServerHello. */
static unsigned negotiated(const struct mxs_tls_stream *s, unsigned type)
{
    static const struct mxs_name versions[] = {
        { GNUTLS_TLS1_0, "\3\1" }, { GNUTLS_TLS1_1, "\3\2" }, { GNUTLS_TLS1_2, "\3\3" },
        { GNUTLS_TLS1_3, "\3\4" }, { 0, NULL },
    };
    const char *wire = mxs_name_of(versions, (int)gnutls_protocol_get_version(s->session));
    if (type == MXS_TLS_CLIENT_HELLO || !wire)
        return 0;
    return (unsigned)wire[0] << 8 | (unsigned)wire[1];
}

void mxs_tls_report(const struct mxs_tls_stream *s, enum mxs_dir dir, unsigned type,
                    struct mxs_bytes body)
{
    unsigned version = negotiated(s, type);
    if (s->observer.message)
        s->observer.message(s->observer.data, dir, type, version, epoch(s, type, version), body);
}

static int hook(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                const gnutls_datum_t *msg)
{
    struct mxs_tls_stream *s = gnutls_session_get_ptr(session);
    if (type == GNUTLS_HANDSHAKE_HELLO_RETRY_REQUEST) /* a number of its own, above any on the wire */
        type = MXS_TLS_HELLO_RETRY_REQUEST;
    if (incoming && when == GNUTLS_HOOK_PRE) {
        mxs_buf_clear(&s->message);
        mxs_buf_add(&s->message, msg->data, msg->size);
    } else if (incoming) {
        if (s->shown) /* from Certificate to Finished the server signs (TLS 1.3) */
            mxs_tls_sign_with(s, type != MXS_TLS_CERTIFICATE && type != MXS_TLS_CERTIFICATE_VERIFY);
        mxs_tls_report(s, MXS_DIR_IN, type, mxs_buf_bytes(&s->message));
    } else if (when == GNUTLS_HOOK_PRE) {
        mxs_tls_report(s, MXS_DIR_OUT, type, mxs_bytes(msg->data, msg->size));
    } else if (type == MXS_TLS_FINISHED) {
        s->finished_sent = true;
    }
    return mxs_coro_cancelled(s->stream.coro) ? GNUTLS_E_USER_ERROR : 0;
}

/* --- key log --- */

static void hex(struct mxs_buf *out, const gnutls_datum_t *d)
{
    mxs_buf_putc(out, ' ');
    for (unsigned i = 0; i < d->size; i++)
        mxs_buf_printf(out, "%02x", d->data[i]);
}

/* Set on every session, wanted or not: without one GnuTLS writes $SSLKEYLOGFILE by itself. */
static int keylog(gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
    struct mxs_tls_stream *s = gnutls_session_get_ptr(session);
    gnutls_datum_t client = { NULL, 0 }, server = { NULL, 0 };
    struct mxs_buf line;
    if (!s->observer.keylog)
        return 0;
    gnutls_session_get_random(session, &client, &server);
    mxs_buf_init(&line, 1024);
    mxs_buf_puts(&line, label);
    hex(&line, &client);
    hex(&line, secret);
    s->observer.keylog(s->observer.data, mxs_buf_str(&line));
    gnutls_memset(line.p, 0, line.n);
    mxs_buf_fini(&line);
    return 0;
}

void mxs_tls_hooks_set(struct mxs_tls_stream *s)
{
    gnutls_session_set_ptr(s->session, s);
    gnutls_transport_set_ptr(s->session, s);
    gnutls_transport_set_pull_function(s->session, pull);
    gnutls_transport_set_vec_push_function(s->session, push);
    gnutls_transport_set_pull_timeout_function(s->session, pull_timeout);
    gnutls_handshake_set_hook_function(s->session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, hook);
    gnutls_session_set_keylog_function(s->session, keylog);
}
