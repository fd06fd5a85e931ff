/* What the files of the TLS stream share; nobody else includes it. */
#ifndef MXSCOPE_SRC_NET_TLS_ROOM_H
#define MXSCOPE_SRC_NET_TLS_ROOM_H

#include "net/tls_stream.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

enum { MXS_TLS_OFFERS = 3 };

struct mxs_tls_context {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priorities[MXS_TLS_OFFERS]; /* by offer; NULL until one is needed */
    gnutls_priority_t signing[MXS_TLS_OFFERS];    /* the same with every signature algorithm */
    gnutls_pcert_st *chain; /* our certificates, leaf first */
    unsigned n;
    gnutls_privkey_t key;
};

struct mxs_tls_stream {
    struct mxs_stream stream; /* first */
    gnutls_session_t session;
    struct mxs_tls_context *context;
    bool own_context, without_cert;
    struct mxs_tls_observer observer;
    int64_t deadline, held; /* of the call under way; held: mxs_coro_held when it began */
    struct mxs_why io;      /* why the stream below failed; err MXS_OK: it did not */
    struct mxs_buf in;      /* bytes of the record that is arriving, for the tap */
    struct mxs_buf message; /* body of the incoming message between its two hooks */
    bool handshaken, finished_sent, told_closed, changed_keys;
    bool asked;             /* the server asked for a certificate */
    bool shown, sign_any;   /* ours goes out; see mxs_tls_sign_with */
    enum mxs_offer offer;
    const char *priority;   /* the operator's, borrowed for the handshake; NULL: the offer's */
    int alert;              /* code of the peer's fatal alert, -1 */
    unsigned odd;           /* tickets, warnings and the like in a row, bounded */
};

/* tls_hooks.c: callbacks of GnuTLS, on the coroutine */
void mxs_tls_hooks_set(struct mxs_tls_stream *s);
/* Tells the observer of a message; GnuTLS has no hook for HelloRequest. */
void mxs_tls_report(const struct mxs_tls_stream *s, enum mxs_dir dir, unsigned type,
                    struct mxs_bytes body);
/* Bytes that were no record: shown to the tap as they are. */
void mxs_tls_flush_tap(struct mxs_tls_stream *s);

/* tls_context.c: the choice of our certificate, as GnuTLS asks for it */
int mxs_tls_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                   gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp,
                   unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags);

/* GnuTLS holds in one list what the server may sign with (the offer) and what we may. any: from here on
 * every algorithm, as for our own signature, which only the server's request bounds (RFC 8446 4.3.2). */
void mxs_tls_sign_with(struct mxs_tls_stream *s, bool any);

/* tls_error.c: what a fatal code of GnuTLS means; true: our own library or a limit of ours ended what
 * other clients would have finished. text is for why. */
bool mxs_tls_error(int code, const char **text);

#endif
