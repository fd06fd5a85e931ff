/* What every walk test needs: an engine on a clock, certificates, and a walk to a scripted peer. */
#ifndef MXSCOPE_TESTS_WALK_WORLD_H
#define MXSCOPE_TESTS_WALK_WORLD_H

#include "journal/fold.h"
#include "lib/peer.h"
#include "session/session.h"

/* Made once per program: certificates with their keys. */
struct world_certs {
    struct pki_cert ca, rsa[3], ec[3], client[2];
    char *client_pem, *client_key_pem;
};
struct world_certs *world_certs_new(void);
void world_certs_free(struct world_certs *certs);

struct world {
    const struct world_certs *certs;
    struct mxs_session_options options;
    struct mxs_engine *engine;
    struct mxs_journal *journal;
    struct mxs_evidence *evidence; /* the test's own fold */
    struct peer *peer;
    struct peer_tls tls;           /* both kinds of certificate unless a test says otherwise */
    struct mxs_walk *walk;
};

/* options and tls may be changed until world_open. */
struct world *world_new(const struct world_certs *certs);
/* Starts engine and peer and makes the walk to it, not started. */
void world_open(struct world *world, const char *const *script);
/* A walk to 127.0.0.1 at a port. */
void world_walk_to(struct world *world, unsigned port);
void world_free(struct world *world);

/* Session n (1..) of the evidence; NULL. */
const struct mxs_session_facts *world_session(const struct world *world, uint32_t n);
/* The first event of a kind (and id, or NULL) in session n; NULL. */
const struct mxs_event *world_event(const struct world *world, uint32_t n, enum mxs_event_kind kind,
                                    const char *id);
size_t world_count(const struct world *world, enum mxs_event_kind kind);
/* Prints the journal to standard error: called before a test fails. */
void world_dump(const struct world *world);

#endif
