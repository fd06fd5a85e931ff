/* The TLS server side of scripted peers. */
#ifndef MXSCOPE_TESTS_LIB_PEER_TLS_H
#define MXSCOPE_TESTS_LIB_PEER_TLS_H

#include "lib/peer.h"

#include <gnutls/gnutls.h>

/* The new stream owns below, also on failure (NULL). */
struct mxs_stream *peer_tls_accept(struct mxs_stream *below, const struct peer_tls *options);
gnutls_session_t peer_tls_session(struct mxs_stream *s);

/* Ends the TCP connection under s with a reset when it is closed. */
void peer_make_rst(struct mxs_stream *s);

#endif
