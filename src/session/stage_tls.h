/* What the TLS stages share: stage_tls.c runs GnuTLS, tls_watch.c turns what it does into stages and
 * events. */
#ifndef MXSCOPE_SRC_SESSION_STAGE_TLS_H
#define MXSCOPE_SRC_SESSION_STAGE_TLS_H

#include "net/tls_stream.h"
#include "session/walk.h"

/* Lives in the walk's arena: alerts and tickets come as long as the stream does. */
struct mxs_tls {
    struct mxs_walk *walk;
    struct mxs_probe *probe;
    struct mxs_tls_options options;
    unsigned version; /* negotiated; 0 before the ServerHello */
    bool visited[MXS_STAGE_COUNT];
    bool got;          /* the message of the current stage was seen */
    bool record_since; /* a record came in after the last message */
    bool done;         /* the handshake */
    size_t records, record_bytes, message_bytes; /* seen so far */
    int64_t left;      /* when the stage before ended */
    const char *rubbish; /* first bytes that were no TLS; NULL */
};

/* The observer of the handshake and of what comes behind it; t is borrowed as long as the stream lives. */
struct mxs_tls_observer mxs_tls_watch(struct mxs_tls *t);
/* Into the stage whose message was due: the handshake ends there when it ends now. */
void mxs_tls_enter_due(struct mxs_tls *t);
/* After a handshake: the stages that it had no message for, each with its reason. */
void mxs_tls_skip_unvisited(struct mxs_tls *t);
/* The session in the walk's evidence; NULL when it is not known there. */
const struct mxs_session_facts *mxs_tls_facts(const struct mxs_tls *t);

#endif
