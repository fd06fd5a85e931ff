/* What the files of the rebuild share (rebuild.h has the idea). */
#ifndef MXSCOPE_SRC_WHATIF_REBUILD_ROOM_H
#define MXSCOPE_SRC_WHATIF_REBUILD_ROOM_H

#include "whatif/rebuild.h"
#include "whatif/tbs.h"

struct mxs_replica { /* of one TBSCertificate under one key */
    uint8_t id[32];
    const struct mxs_cert *cert; /* without identity; NULL: an empty slot */
};

struct mxs_rebuild_signer { /* which true key signed which true certificate: checked once */
    uint8_t cert[32];
    struct mxs_bytes spki;
};

struct mxs_rebuild {
    struct mxs_arena *arena;
    struct mxs_keypool *pool;
    struct mxs_replica *replicas; /* open addressing; cap is a power of two */
    size_t n, cap;
    size_t n_signed;
    MXS_LIST(const struct mxs_key *) used; /* for mxs_rebuild_key_pem */
    MXS_LIST(struct mxs_rebuild_signer) signers;
};

/* What is known of the certificate that is being made. */
struct mxs_rebuild_job {
    struct mxs_rebuild *rb;
    struct mxs_arena *arena; /* for what is done with when the certificate is there */
    const struct mxs_blueprint *print;
    const struct mxs_rebuild_known *known;
    const struct mxs_blueprint *prints; /* of the whole chain */
    size_t n;
    struct mxs_tbs tbs;
    struct mxs_bytes true_spki, signer_spki; /* signer n 0: nobody knows */
    const struct mxs_key *key, *signer;
    const char *algorithm;
};

/* rebuild_signer.c */
struct mxs_bytes mxs_rebuild_spki(const struct mxs_blueprint *print); /* the true key, before edits */
const struct mxs_key *mxs_rebuild_new_key(const struct mxs_rebuild_job *j,
                                          const struct mxs_blueprint *print);
void mxs_rebuild_find_signer(struct mxs_rebuild_job *j); /* wants key and true_spki */
/* The algorithm of the original where the signing key can do it, else the key's usual one. */
void mxs_rebuild_choose_algorithm(struct mxs_rebuild_job *j);
void mxs_rebuild_use_algorithm(struct mxs_rebuild_job *j, const char *name);

/* rebuild_replica.c: the certificate of this TBS under this key, from the cache or made. NULL: the key
 * cannot sign so. `really` false: with a signature that nobody will check. */
const struct mxs_cert *mxs_rebuild_replica(struct mxs_rebuild *rb, const struct mxs_tbs *tbs,
                                           const struct mxs_key *signer, const char *algorithm,
                                           bool really);

#endif
