#include "config.h"

#include "lib/peer_tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct server {
    struct mxs_stream stream; /* first */
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    const struct peer_tls *options;
    gnutls_datum_t ticket_key;
    bool stopped;
};

static struct server *of(struct mxs_stream *s)
{
    return (struct server *)s;
}

void peer_make_rst(struct mxs_stream *s)
{
    struct linger now = { 1, 0 };
    while (s->below)
        s = s->below;
    setsockopt(mxs_socket_fd(s), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static ssize_t pull(gnutls_transport_ptr_t ptr, void *p, size_t max)
{
    struct server *s = ptr;
    size_t n = 0;
    enum mxs_err err =
        s->stopped ? MXS_ERR_CANCELLED
                   : s->stream.below->ops->read(s->stream.below, p, max, &n, 0, NULL);
    if (err == MXS_OK)
        return (ssize_t)n;
    gnutls_transport_set_errno(s->session, ECONNRESET);
    return err == MXS_ERR_CLOSED ? 0 : -1;
}

static ssize_t push(gnutls_transport_ptr_t ptr, const void *p, size_t n)
{
    struct server *s = ptr;
    if (s->stream.below->ops->write(s->stream.below, p, n, 0, NULL) == MXS_OK)
        return (ssize_t)n;
    gnutls_transport_set_errno(s->session, ECONNRESET);
    return -1;
}

static int ready(gnutls_transport_ptr_t ptr, unsigned ms)
{
    (void)ptr;
    (void)ms;
    return 1;
}

/* An outgoing message is flushed when the handshake is called again after the hook behind it said
 * EAGAIN; the next thing to do then fails. */
static int hook(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                const gnutls_datum_t *msg)
{
    struct server *s = gnutls_session_get_ptr(session);
    const struct peer_tls *o = s->options;
    (void)msg;
    if (s->stopped)
        return GNUTLS_E_USER_ERROR;
    if (when != GNUTLS_HOOK_POST || !o->stop || type != o->stop_type ||
        (incoming != 0) != o->stop_incoming)
        return 0;
    s->stopped = true;
    return incoming ? GNUTLS_E_USER_ERROR : GNUTLS_E_AGAIN;
}

static int judge(gnutls_session_t session)
{
    const struct server *s = gnutls_session_get_ptr(session);
    unsigned n = 0;
    gnutls_certificate_get_peers(session, &n);
    if (n == 0)
        return s->options->ask == PEER_DEMAND ? GNUTLS_E_NO_CERTIFICATE_FOUND : 0;
    return s->options->refuse || s->options->refuse_silently ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void add_chain(struct server *s, const struct pki_cert *chain)
{
    gnutls_x509_crt_t crts[64];
    unsigned n = 0;
    for (; chain[n].crt && n < MXS_COUNT(crts); n++)
        crts[n] = chain[n].crt;
    if (gnutls_certificate_set_x509_key(s->credentials, crts, (int)n, chain[0].key) < 0)
        abort();
}

static void set_up(struct server *s)
{
    const struct peer_tls *o = s->options;
    gnutls_init(&s->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
    if (!o->no_tickets && gnutls_session_ticket_key_generate(&s->ticket_key) >= 0)
        gnutls_session_ticket_enable_server(s->session, &s->ticket_key);
    gnutls_session_set_ptr(s->session, s);
    gnutls_certificate_allocate_credentials(&s->credentials);
    for (size_t i = 0; i < MXS_COUNT(o->chains); i++)
        if (o->chains[i])
            add_chain(s, o->chains[i]);
    gnutls_x509_crt_t ca = o->ca ? o->ca->crt : NULL;
    if (ca)
        gnutls_certificate_set_x509_trust(s->credentials, &ca, 1);
    gnutls_certificate_set_verify_function(s->credentials, judge);
    gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, s->credentials);
    if (gnutls_priority_set_direct(s->session, o->priority ? o->priority : "NORMAL", NULL) < 0)
        abort();
    gnutls_certificate_server_set_request(s->session, o->ask == PEER_DEMAND ? GNUTLS_CERT_REQUIRE
                                                      : o->ask ? GNUTLS_CERT_REQUEST
                                                               : GNUTLS_CERT_IGNORE);
    if (o->alpn) {
        gnutls_datum_t name = { (unsigned char *)(uintptr_t)o->alpn, (unsigned)strlen(o->alpn) };
        gnutls_alpn_set_protocols(s->session, &name, 1, 0);
    }
    gnutls_transport_set_ptr(s->session, s);
    gnutls_transport_set_pull_function(s->session, pull);
    gnutls_transport_set_push_function(s->session, push);
    gnutls_transport_set_pull_timeout_function(s->session, ready);
    gnutls_handshake_set_max_packet_length(s->session, 1 << 20);
    gnutls_handshake_set_hook_function(s->session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, hook);
}

static void refuse(const struct server *s, int rc)
{
    int level = GNUTLS_AL_FATAL;
    int code = s->options->refuse ? s->options->refuse : gnutls_error_to_alert(rc, &level);
    if (!s->options->refuse_silently)
        gnutls_alert_send(s->session, GNUTLS_AL_FATAL, (gnutls_alert_description_t)code);
}

static bool handshake(struct server *s)
{
    int rc;
    do
        rc = gnutls_handshake(s->session);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    if (rc < 0 && !s->stopped)
        refuse(s, rc);
    if (s->stopped && s->options->stop == PEER_STOP_RST)
        peer_make_rst(s->stream.below);
    return rc >= 0;
}

static enum mxs_err server_read(struct mxs_stream *stream, uint8_t *buf, size_t max, size_t *n,
                                int64_t deadline, struct mxs_why *why)
{
    ssize_t rc;
    (void)deadline;
    (void)why;
    do
        rc = gnutls_record_recv(of(stream)->session, buf, max);
    while (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED ||
           rc == GNUTLS_E_WARNING_ALERT_RECEIVED);
    *n = rc > 0 ? (size_t)rc : 0;
    return rc > 0 ? MXS_OK : MXS_ERR_CLOSED;
}

static enum mxs_err server_write(struct mxs_stream *stream, const uint8_t *p, size_t n,
                                 int64_t deadline, struct mxs_why *why)
{
    (void)deadline;
    (void)why;
    while (n > 0) {
        ssize_t rc = gnutls_record_send(of(stream)->session, p, n);
        if (rc <= 0)
            return MXS_ERR_CLOSED;
        p += rc;
        n -= (size_t)rc;
    }
    return MXS_OK;
}

static size_t server_pending(struct mxs_stream *stream)
{
    return gnutls_record_check_pending(of(stream)->session);
}

static void server_close(struct mxs_stream *stream)
{
    struct server *s = of(stream);
    gnutls_deinit(s->session);
    gnutls_free(s->ticket_key.data);
    gnutls_certificate_free_credentials(s->credentials);
    stream->below->ops->close(stream->below);
    free(s);
}

static const struct mxs_stream_ops ops = { "test TLS server", server_read, server_write,
                                           server_pending, server_close };

struct mxs_stream *peer_tls_accept(struct mxs_stream *below, const struct peer_tls *options)
{
    struct server *s = mxs_alloc(sizeof *s);
    s->stream = (struct mxs_stream){ .ops = &ops, .below = below, .coro = below->coro };
    s->options = options;
    set_up(s);
    if (handshake(s))
        return &s->stream;
    server_close(&s->stream);
    return NULL;
}

gnutls_session_t peer_tls_session(struct mxs_stream *s)
{
    return of(s)->session;
}
