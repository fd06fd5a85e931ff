/* The CRLs of simulated CAs: made and signed for real, as their certificates are. */
#ifndef MXSCOPE_SRC_WHATIF_CRLS_H
#define MXSCOPE_SRC_WHATIF_CRLS_H

#include "judge/store.h"
#include "whatif/overlay.h"
#include "whatif/rebuild.h"

/* A list of each CA of a chain that was made here, its anchors in store included; the leaf's issuer comes
 * first. */
struct mxs_crls_plan {
    struct mxs_rebuild *rebuild;
    const struct mxs_chain *chain;
    struct mxs_store *store;
    int64_t this_update, next_update;
    struct mxs_chain revoked;       /* who is on the list of its issuer */
    bool only_its_issuer;           /* no list of the others */
};
void mxs_crls_make(struct mxs_arena *arena, const struct mxs_crls_plan *plan, struct mxs_crls *out);

/* It is on a list that store has. */
bool mxs_crls_name(struct mxs_store *store, const struct mxs_cert *cert);

/* What receivers hold in a future whose chain was made here, signed by the keys that are exported; where
 * nobody said, lists without anybody on them that count for a week. */
void mxs_crls_of_future(struct mxs_arena *arena, struct mxs_rebuild *rebuild,
                        const struct mxs_future *future, struct mxs_crls *out);

#endif
