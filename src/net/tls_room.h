/* What the files of the TLS stream share; nobody else includes it. */
#ifndef MXSCOPE_SRC_NET_TLS_ROOM_H
#define MXSCOPE_SRC_NET_TLS_ROOM_H

#include "net/tls_stream.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

/* Our certificate and key, as GnuTLS wants them; n 0: none. */
struct mxs_tls_identity {
    gnutls_pcert_st *chain;
    unsigned n;
    gnutls_privkey_t key;
};

struct mxs_tls_stream {
    struct mxs_stream stream; /* first */
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct mxs_tls_identity identity;
    struct mxs_tls_observer observer;
    int64_t deadline, held; /* of the call under way; held: mxs_coro_held when it began */
    struct mxs_why io;      /* why the stream below failed; err MXS_OK: it did not */
    struct mxs_buf in;      /* bytes of the record that is arriving, for the tap */
    struct mxs_buf message; /* body of the incoming message between its two hooks */
    bool handshaken, finished_sent, told_closed, changed_keys;
    bool asked;             /* the server asked for a certificate */
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

/* tls_identity.c */
enum mxs_err mxs_tls_identity_load(struct mxs_tls_identity *identity, struct mxs_bytes cert_pem,
                                   struct mxs_bytes key_pem, struct mxs_why *why);
void mxs_tls_identity_fini(struct mxs_tls_identity *identity);
int mxs_tls_identity_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                            gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp,
                            unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags);

/* tls_error.c: what a fatal code of GnuTLS means; true: our own library or a limit of ours ended what
 * other clients would have finished (DESIGN 5.11). text is for why. */
bool mxs_tls_error(int code, const char **text);

#endif
