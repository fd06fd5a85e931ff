#include "config.h"

#include "lab/lab_tls_priv.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct tls {
    struct mxs_stream stream;
    const struct mxs_lab_identity *identity;
    gnutls_session_t session;
    int64_t deadline;
    enum mxs_err err; /* of the stream below */
    struct mxs_why why;
    bool armed, struck; /* the planned end: at the next message; done */
    int stop_at;        /* handshake message, -1: none */
};

static const struct mxs_name messages[] = {
    { GNUTLS_HANDSHAKE_CLIENT_HELLO, "client-hello" },
    { GNUTLS_HANDSHAKE_SERVER_HELLO, "server-hello" },
    { GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS, "encrypted-extensions" },
    { GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST, "certificate-request" },
    { GNUTLS_HANDSHAKE_CERTIFICATE_PKT, "certificate" },
    { GNUTLS_HANDSHAKE_CERTIFICATE_VERIFY, "certificate-verify" },
    { GNUTLS_HANDSHAKE_FINISHED, "finished" },
    { 0, NULL }
};

/* --- the records, on the stream below --- */

static ssize_t pull(gnutls_transport_ptr_t ptr, void *buf, size_t max)
{
    struct tls *tls = ptr;
    struct mxs_stream *below = tls->stream.below;
    size_t n = 0;
    if (tls->struck) { /* what still runs of the handshake ends here */
        gnutls_transport_set_errno(tls->session, EIO);
        return -1;
    }
    tls->err = below->ops->read(below, buf, max, &n, tls->deadline, &tls->why);
    if (tls->err == MXS_OK)
        return (ssize_t)n;
    gnutls_transport_set_errno(tls->session, EIO);
    return tls->err == MXS_ERR_CLOSED && below->closed == MXS_CLOSE_FIN ? 0 : -1;
}

static ssize_t push(gnutls_transport_ptr_t ptr, const void *buf, size_t n)
{
    struct tls *tls = ptr;
    struct mxs_stream *below = tls->stream.below;
    if (tls->struck)
        return (ssize_t)n;
    tls->err = below->ops->write(below, buf, n, tls->deadline, &tls->why);
    if (tls->err == MXS_OK)
        return (ssize_t)n;
    gnutls_transport_set_errno(tls->session, EIO);
    return -1;
}

/* Pull waits by itself, so there is always something to read, or an end. */
static int pull_timeout(gnutls_transport_ptr_t ptr, unsigned ms)
{
    (void)ptr;
    (void)ms;
    return 1;
}

/* Never to $SSLKEYLOGFILE: the library would write every session of the process there. */
static int no_keylog(gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
    (void)session;
    (void)label;
    (void)secret;
    return 0;
}

/* --- the stream above --- */

static struct tls *of(struct mxs_stream *s)
{
    return (struct tls *)s;
}

static enum mxs_err failed(struct tls *tls, long rc, struct mxs_why *why)
{
    if (tls->err)
        return mxs_why_set(why, tls->err, "%s", tls->why.text);
    if (rc == GNUTLS_E_PREMATURE_TERMINATION)
        return mxs_why_set(why, MXS_ERR_CLOSED, "closed without close_notify");
    return mxs_why_set(why, MXS_ERR_TLS, "%s", gnutls_strerror((int)rc));
}

static enum mxs_err tls_read(struct mxs_stream *s, uint8_t *buf, size_t max, size_t *n,
                             int64_t deadline, struct mxs_why *why)
{
    struct tls *tls = of(s);
    ssize_t rc;
    tls->deadline = deadline;
    do
        rc = gnutls_record_recv(tls->session, buf, max);
    while (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED);
    if (rc > 0) {
        *n = (size_t)rc;
        return MXS_OK;
    }
    if (rc < 0)
        return failed(tls, rc, why);
    s->closed = MXS_CLOSE_NOTIFY;
    return mxs_why_set(why, MXS_ERR_CLOSED, "close_notify");
}

static enum mxs_err tls_write(struct mxs_stream *s, const uint8_t *p, size_t n, int64_t deadline,
                              struct mxs_why *why)
{
    struct tls *tls = of(s);
    tls->deadline = deadline;
    while (n > 0) {
        ssize_t rc = gnutls_record_send(tls->session, p, n);
        if (rc < 0 && rc != GNUTLS_E_AGAIN && rc != GNUTLS_E_INTERRUPTED)
            return failed(tls, rc, why);
        p += rc > 0 ? rc : 0;
        n -= rc > 0 ? (size_t)rc : 0;
    }
    return MXS_OK;
}

static size_t tls_pending(struct mxs_stream *s)
{
    return gnutls_record_check_pending(of(s)->session);
}

/* close_notify goes out only where it needs no waiting: the peer may be gone. */
static void tls_close(struct mxs_stream *s)
{
    struct tls *tls = of(s);
    struct mxs_stream *below = s->below;
    if (s->closed != MXS_CLOSE_RST && !tls->struck && !mxs_coro_cancelled(s->coro)) {
        tls->deadline = 1; /* long past */
        gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    }
    gnutls_deinit(tls->session);
    mxs_realloc(tls, 0);
    if (below)
        below->ops->close(below);
}

static const struct mxs_stream_ops tls_ops = { "lab-tls", tls_read, tls_write, tls_pending,
                                               tls_close };

/* --- the planned end --- */

static void strike(struct tls *tls, int how, gnutls_alert_description_t alert)
{
    if (how == MXS_LAB_END_ALERT)
        gnutls_alert_send(tls->session, GNUTLS_AL_FATAL, alert);
    tls->struck = true; /* from here on nothing leaves any more */
}

/* Over a network the client's Finished and our alert pass each other: a client that only looks at its own
 * side is gone by then. On loopback it takes a pause to be so. */
static void refuse(struct tls *tls, gnutls_alert_description_t alert)
{
    const struct mxs_lab_host_plan *host = tls->identity->host;
    if (host->refuse_delay > 0)
        mxs_coro_sleep(tls->stream.coro, (int64_t)host->refuse_delay * 1000);
    strike(tls, host->refuse, alert);
}

/* An empty Certificate message of the client: in TLS 1.3 a context comes first (RFC 8446 4.4.2). */
static bool is_empty_certificate(gnutls_session_t session, const gnutls_datum_t *body)
{
    bool tls13 = gnutls_protocol_get_version(session) >= GNUTLS_TLS1_3;
    size_t at = tls13 ? 1 + (size_t)(body->size ? body->data[0] : 0) : 0;
    return at + 3 <= body->size && !body->data[at] && !body->data[at + 1] && !body->data[at + 2];
}

/* What OpenSSL servers send: 116 in TLS 1.3, 40 before (RFC 8446 4.4.2.4). */
static gnutls_alert_description_t missing_alert(gnutls_session_t session)
{
    return gnutls_protocol_get_version(session) >= GNUTLS_TLS1_3 ? GNUTLS_A_CERTIFICATE_REQUIRED
                                                                 : GNUTLS_A_HANDSHAKE_FAILURE;
}

/* Stops behind a message: its hook arms and interrupts, so that what was queued is flushed when
 * the handshake is called again; then the next message's keys are in place and its hook strikes.
 * Finished is flushed by itself; it and the tickets behind it are never interrupted, since
 * GnuTLS 3.7.9 would free a buffer twice: they run on, into nothing. */
static int hook(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                const gnutls_datum_t *body)
{
    struct tls *tls = gnutls_session_get_ptr(session);
    const struct mxs_lab_host_plan *host = tls->identity->host;
    bool tail = type == GNUTLS_HANDSHAKE_FINISHED || type == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET;
    int interrupt = tail ? 0 : GNUTLS_E_INTERRUPTED;
    if (tls->struck)
        return 0;
    if (tls->armed) {
        strike(tls, host->stop_how, GNUTLS_A_INTERNAL_ERROR);
        return interrupt;
    }
    if (incoming && when == GNUTLS_HOOK_PRE && type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT &&
        host->refuse && is_empty_certificate(session, body)) {
        refuse(tls, missing_alert(session));
        return interrupt;
    }
    bool ours = (type == GNUTLS_HANDSHAKE_CLIENT_HELLO) == (incoming != 0);
    if ((int)type != tls->stop_at || when != GNUTLS_HOOK_POST || !ours)
        return 0;
    tls->armed = true;
    if (incoming)
        strike(tls, host->stop_how, GNUTLS_A_HANDSHAKE_FAILURE);
    return interrupt;
}

/* --- the client's certificate --- */

static bool judge_client(gnutls_session_t session, unsigned *status)
{
    gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
                                      (unsigned char[]){ GNUTLS_KP_TLS_WWW_CLIENT }, 0 };
    *status = 0;
    return gnutls_certificate_verify_peers(session, &purpose, 1, status) >= 0 && *status == 0;
}

static gnutls_alert_description_t alert_for(unsigned status)
{
    static const struct {
        unsigned bit;
        gnutls_alert_description_t alert;
    } rows[] = {
        { GNUTLS_CERT_PURPOSE_MISMATCH, GNUTLS_A_UNSUPPORTED_CERTIFICATE },
        { GNUTLS_CERT_EXPIRED, GNUTLS_A_CERTIFICATE_EXPIRED },
        { GNUTLS_CERT_SIGNER_NOT_FOUND, GNUTLS_A_UNKNOWN_CA },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (status & rows[i].bit)
            return rows[i].alert;
    return GNUTLS_A_BAD_CERTIFICATE;
}

/* Runs only when a certificate came. */
static int verify_client(gnutls_session_t session)
{
    struct tls *tls = gnutls_session_get_ptr(session);
    unsigned status;
    if (!tls->identity->host->refuse || judge_client(session, &status))
        return 0;
    refuse(tls, alert_for(status));
    return GNUTLS_E_CERTIFICATE_ERROR;
}

/* --- the handshake --- */

static int prepare(struct tls *tls)
{
    const struct mxs_lab_identity *identity = tls->identity;
    gnutls_session_t s;
    int rc = gnutls_init(&tls->session, GNUTLS_SERVER);
    if (rc < 0)
        return rc;
    s = tls->session;
    gnutls_session_set_ptr(s, tls);
    gnutls_session_set_keylog_function(s, no_keylog);
    gnutls_handshake_set_timeout(s, GNUTLS_INDEFINITE_TIMEOUT);
    gnutls_handshake_set_max_packet_length(s, 1 << 20);
    gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, hook);
    gnutls_session_set_verify_function(s, verify_client);
    gnutls_transport_set_ptr(s, tls);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, pull_timeout);
    gnutls_transport_set_push_function(s, push);
    if (identity->host->client_cert)
        gnutls_certificate_server_set_request(s, GNUTLS_CERT_REQUEST);
    gnutls_session_ticket_enable_server(s, &identity->ticket_key);
    rc = gnutls_priority_set(s, identity->priority);
    return rc < 0 ? rc
                  : gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, identity->credentials);
}

static int shake(struct tls *tls)
{
    int rc;
    do
        rc = gnutls_handshake(tls->session);
    while (rc < 0 && !tls->struck && !tls->err && !gnutls_error_is_fatal(rc));
    if (rc < 0 && !tls->struck && !tls->err && !tls->identity->host->mute)
        gnutls_alert_send_appropriate(tls->session, rc);
    if (rc >= 0 && tls->armed && !tls->struck) /* TLS 1.2 has nothing behind our Finished */
        strike(tls, tls->identity->host->stop_how, GNUTLS_A_INTERNAL_ERROR);
    return tls->struck ? GNUTLS_E_INTERRUPTED : rc;
}

static void fill(struct tls *tls, struct mxs_lab_tls_result *result)
{
    unsigned n = 0, status;
    result->client_cert = gnutls_certificate_get_peers(tls->session, &n) != NULL;
    result->client_verified = result->client_cert && judge_client(tls->session, &status);
}

/* A planned end: behind an alert the peer is left to close, so that the alert always arrives. */
static int break_off(struct tls *tls)
{
    const struct mxs_lab_host_plan *host = tls->identity->host;
    if (!tls->struck)
        return MXS_LAB_END_NONE;
    int how = tls->armed ? host->stop_how : host->refuse;
    if (how == MXS_LAB_END_ALERT)
        mxs_lab_linger(tls->stream.below, tls->deadline);
    return how;
}

enum mxs_err mxs_lab_tls_accept(struct mxs_stream *below, const struct mxs_lab_identity *identity,
                                int64_t deadline, struct mxs_stream **out,
                                struct mxs_lab_tls_result *result, struct mxs_why *why)
{
    const struct mxs_lab_host_plan *host = identity->host;
    struct tls *tls = mxs_alloc(sizeof *tls);
    *tls = (struct tls){ .stream = { &tls_ops, below, below->coro, MXS_CLOSE_NONE },
                         .identity = identity, .deadline = deadline, .stop_at = -1 };
    *result = (struct mxs_lab_tls_result){ false, false, MXS_LAB_END_NONE };
    *out = NULL;
    if (host->stop_at && host->stop_how)
        tls->stop_at = mxs_name_value(messages, host->stop_at);
    int rc = prepare(tls);
    if (rc >= 0)
        rc = shake(tls);
    if (rc >= 0) {
        fill(tls, result);
        *out = &tls->stream;
        return MXS_OK;
    }
    enum mxs_err err = failed(tls, rc, why);
    result->broke_off = break_off(tls);
    if (tls->session)
        gnutls_deinit(tls->session);
    mxs_realloc(tls, 0);
    return err;
}

void mxs_lab_reset(struct mxs_stream *s)
{
    struct mxs_stream *bottom = s;
    struct linger now = { 1, 0 };
    while (bottom->below)
        bottom = bottom->below;
    setsockopt(mxs_socket_fd(bottom), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    s->closed = MXS_CLOSE_RST;
    s->ops->close(s);
}

void mxs_lab_linger(struct mxs_stream *s, int64_t deadline)
{
    uint8_t junk[4096];
    size_t n;
    while (s->ops->read(s, junk, sizeof junk, &n, deadline, NULL) == MXS_OK)
        ;
}
