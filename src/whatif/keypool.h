/* Throw-away keys for simulated chains. Each true key has one stand-in of its kind and size for as long
 * as the pool lives, so that replicas of a certificate come out alike in every scenario.
 *
 * RSA keys are slow to make (a fifth of a second for 4096 bits), so a pool may be given ready ones
 * (share/keys/throw-away.pem). These are public: good for judging in memory, never for what leaves the
 * program. A pool whose chains are exported or served makes its own. */
#ifndef MXSCOPE_SRC_WHATIF_KEYPOOL_H
#define MXSCOPE_SRC_WHATIF_KEYPOOL_H

#include "base/arena.h"

struct mxs_keypool;
struct mxs_key;

/* ready: PEM text with RSA private keys, or n 0; borrowed as long as the pool lives. */
struct mxs_keypool *mxs_keypool_new(struct mxs_bytes ready);
void mxs_keypool_free(struct mxs_keypool *pool); /* its keys end with it; NULL is fine */
bool mxs_keypool_public(const struct mxs_keypool *pool); /* it was given ready ones */

/* The stand-in of this true key; the key itself when it is one of the pool's. */
const struct mxs_key *mxs_keypool_for(struct mxs_keypool *pool, struct mxs_bytes spki);
/* A key of a kind ("RSA-2048", "ECDSA-P256"), by a label that tells it from others. */
const struct mxs_key *mxs_keypool_labelled(struct mxs_keypool *pool, const char *kind,
                                           struct mxs_bytes label);

const char *mxs_key_kind(const struct mxs_key *key);      /* what it is */
struct mxs_bytes mxs_key_spki(const struct mxs_key *key); /* its own */
/* It is not of the kind that was asked for, since that cannot be made here (ML-DSA, RSA-16384). */
bool mxs_key_substituted(const struct mxs_key *key);
/* A signature by the algorithm of this name ("RSA-SHA256"); n 0 when the key cannot. */
struct mxs_bytes mxs_key_sign(struct mxs_arena *arena, const struct mxs_key *key,
                              const char *algorithm, struct mxs_bytes data);
/* The algorithm to use when the wanted one does not fit the key: "RSA-SHA256", "ECDSA-SHA384", .. */
const char *mxs_key_algorithm(const struct mxs_key *key);
/* PKCS #8 PEM, for --export. */
char *mxs_key_pem(struct mxs_arena *arena, const struct mxs_key *key);

#endif
