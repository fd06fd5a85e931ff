/* The server's verdict on our client certificate: a pure function over the events so far. In TLS 1.3 it
 * is known only after our Finished (an alert, a close, a ticket, a reply); in 1.2 inside the handshake.
 * It stays OPEN until something decides it. Folded by journal/fold through the
 * client-verdict events that the walk appends. */
#ifndef MXSCOPE_SRC_SESSION_CLIENT_VERDICT_H
#define MXSCOPE_SRC_SESSION_CLIENT_VERDICT_H

#include "journal/journal.h"

struct mxs_client_judgement {
    enum mxs_client_verdict verdict;
    const char *why; /* string constant or arena */
    int alert, reply; /* -1 / 0 when none */
};
struct mxs_client_judgement mxs_client_verdict(struct mxs_arena *arena,
                                               const struct mxs_journal *journal,
                                               uint32_t session);

#endif
