/* A TLS client stream over GnuTLS that reports every record, message, alert and choice to its
 * observer, and stops where the observer stops (it runs on the session's coroutine). It never
 * rejects a peer by itself: the chain is captured and judged afterwards. */
#ifndef MXSCOPE_SRC_NET_TLS_STREAM_H
#define MXSCOPE_SRC_NET_TLS_STREAM_H

#include "facts/evidence.h"
#include "net/stream.h"

/* Called on the coroutine's stack; each may yield (that is how stepping waits). NULL members are
 * skipped. Bytes are borrowed for the call. */
struct mxs_tls_observer {
    void *data;
    void (*record)(void *data, enum mxs_dir dir, struct mxs_bytes record);
    void (*message)(void *data, enum mxs_dir dir, unsigned type, unsigned version,
                    enum mxs_epoch epoch, struct mxs_bytes body);
    void (*alert)(void *data, enum mxs_dir dir, unsigned level, unsigned code, bool after_finished);
    void (*client_cert)(void *data, enum mxs_client_sent sent, const char *why);
    void (*flight)(void *data, size_t bytes); /* a flight is about to leave */
    void (*keylog)(void *data, const char *line);
    void (*closed)(void *data, enum mxs_close_how how); /* the peer closed, once */
};

/* What many sessions share: our certificate, credentials, parsed priority strings. */
struct mxs_tls_context;
/* cert_pem n 0: no certificate. Reads both texts and sees that they belong together; a single text may
 * hold both. */
enum mxs_err mxs_tls_context_new(struct mxs_bytes cert_pem, struct mxs_bytes key_pem,
                                 struct mxs_tls_context **out, struct mxs_why *why);
void mxs_tls_context_free(struct mxs_tls_context *context); /* after its sessions; NULL is fine */

struct mxs_tls_options {
    struct mxs_tls_context *context; /* NULL: one of its own, from the two texts below */
    bool without_cert;    /* the context's certificate is not shown */
    const char *sni;      /* NULL: none is sent */
    const char *priority; /* GnuTLS priority string; NULL: NORMAL:%COMPAT with `offer` applied */
    enum mxs_offer offer;
    struct mxs_strs alpn;
    struct mxs_bytes client_cert_pem, client_key_pem; /* n 0: none; only without a context */
    size_t message_max;   /* handshake message limit; 0 = 256 KiB */
};

/* The stream's reads give MXS_ERR_CLOSED with closed = NOTIFY after a close_notify, and MXS_ERR_TLS
 * after a fatal alert, which the observer was told of; so a server's late refusal of our certificate
 * shows in the first read. */

/* Runs the handshake over `below`, which the new stream owns from now on, also on failure. On failure
 * *out is NULL and why says what; `local` tells whether our own library ended it. */
enum mxs_err mxs_tls_client(struct mxs_stream *below, const struct mxs_tls_options *options,
                            const struct mxs_tls_observer *observer, int64_t deadline,
                            struct mxs_stream **out, bool *local, struct mxs_why *why);
/* The priority string of an offer. */
const char *mxs_tls_priority_of(enum mxs_offer offer);
/* What a priority string offers, highest preference first, comma-separated, in arena: "1.3,1.2" and
 * "x25519,secp256r1". False: it is not valid. */
bool mxs_tls_priority_lists(struct mxs_arena *arena, const char *priority, const char **versions,
                            const char **groups);
/* Checks a priority string without a connection: the reason and place in why. */
enum mxs_err mxs_tls_priority_check(const char *priority, struct mxs_why *why);
/* Sends close_notify if it can, without waiting for the peer's. */
void mxs_tls_bye(struct mxs_stream *s);

#endif
