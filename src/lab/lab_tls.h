/* The server's side of TLS on a stream, and the ways in which a server can break off. */
#ifndef MXSCOPE_SRC_LAB_LAB_TLS_H
#define MXSCOPE_SRC_LAB_LAB_TLS_H

#include "lab/lab_pki.h"
#include "net/stream.h"

/* What one host shows and asks; made once, shared by its connections. */
struct mxs_lab_identity;
enum mxs_err mxs_lab_identity_new(const struct mxs_lab_host_plan *host,
                                  const struct mxs_lab_pki *pki, struct mxs_lab_identity **out,
                                  struct mxs_why *why);
void mxs_lab_identity_free(struct mxs_lab_identity *identity);

struct mxs_lab_tls_result {
    bool client_cert;     /* one was shown */
    bool client_verified; /* its CA is trusted for clients, it is in date, its EKU allows it */
    int broke_off;        /* enum mxs_lab_end: as the plan wanted; NONE: an accident */
};

/* The handshake over `below`. OK: *out is the TLS stream, which owns below. Else *out is NULL and
 * `below` is still the caller's: to be reset where broke_off says so, else closed. */
enum mxs_err mxs_lab_tls_accept(struct mxs_stream *below, const struct mxs_lab_identity *identity,
                                int64_t deadline, struct mxs_stream **out,
                                struct mxs_lab_tls_result *result, struct mxs_why *why);

/* A close that the peer sees as a reset (whatever is above the socket is freed too). */
void mxs_lab_reset(struct mxs_stream *s);
/* Reads and forgets until the peer closes or the deadline: so that nothing of what was sent is
 * lost to a reset. */
void mxs_lab_linger(struct mxs_stream *s, int64_t deadline);

#endif
