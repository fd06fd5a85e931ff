/* Rebuilt chains: replicas, each made and signed once, and what a CA of theirs signs beside. */
#include "config.h"

#include "whatif/rebuild_room.h"

#include <string.h>

#include "base/der.h"
#include "facts/cert_parse.h"

static struct mxs_replica *slot(struct mxs_replica *replicas, size_t cap, const uint8_t id[32])
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof at; i++)
        at = at << 8 | id[i];
    for (at &= cap - 1; replicas[at].cert; at = (at + 1) & (cap - 1))
        if (memcmp(replicas[at].id, id, 32) == 0)
            break;
    return &replicas[at];
}

static void remember(struct mxs_rebuild *rb, const uint8_t id[32], const struct mxs_cert *cert)
{
    if ((rb->n + 1) * 4 > rb->cap * 3) {
        size_t cap = rb->cap * 2;
        struct mxs_replica *bigger = mxs_alloc(cap * sizeof *bigger);
        for (size_t i = 0; i < rb->cap; i++)
            if (rb->replicas[i].cert)
                *slot(bigger, cap, rb->replicas[i].id) = rb->replicas[i];
        mxs_realloc(rb->replicas, 0);
        rb->replicas = bigger;
        rb->cap = cap;
    }
    struct mxs_replica *r = slot(rb->replicas, rb->cap, id);
    memcpy(r->id, id, 32);
    r->cert = cert;
    rb->n++;
}

static void replica_id(struct mxs_bytes tbs, struct mxs_bytes spki, bool sign, uint8_t id[32])
{
    uint8_t digests[65];
    mxs_digest_sha256(tbs, digests);
    mxs_digest_sha256(spki, digests + 32);
    digests[64] = sign;
    mxs_digest_sha256(mxs_bytes(digests, sizeof digests), id);
}

/* A Certificate or a CertificateList (RFC 5280 4.1, 5.1). */
static struct mxs_bytes signed_der(struct mxs_arena *arena, struct mxs_bytes tbs,
                                   struct mxs_bytes algorithm, struct mxs_bytes signature)
{
    struct mxs_bytes parts[] = { tbs, algorithm, mxs_der_put_bits(arena, signature) };
    return mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3);
}

const struct mxs_cert *mxs_rebuild_replica(struct mxs_rebuild *rb, const struct mxs_tbs *tbs,
                                           const struct mxs_key *signer, const char *algorithm,
                                           bool really)
{
    static const uint8_t unsigned_bits[64];
    uint8_t id[32];
    const struct mxs_cert *cert = NULL;
    struct mxs_arena *scratch = mxs_arena_new();
    struct mxs_bytes raw = mxs_tbs_build(scratch, tbs), signature;
    replica_id(raw, mxs_key_spki(signer), really, id);
    const struct mxs_replica *r = slot(rb->replicas, rb->cap, id);
    if (!r->cert && raw.n) {
        signature = really ? mxs_key_sign(scratch, signer, algorithm, raw)
                           : mxs_bytes(unsigned_bits, sizeof unsigned_bits);
        rb->n_signed += really;
        struct mxs_bytes der = signed_der(scratch, raw, tbs->algorithm, signature);
        if (signature.n && mxs_cert_parse(rb->arena, der, &cert, NULL) == MXS_OK)
            remember(rb, id, cert);
    } else {
        cert = r->cert;
    }
    mxs_arena_free(scratch);
    return cert;
}

/* --- CRLs ------------------------------------------------------------------------------------- */

static const struct mxs_crl *sign_crl(struct mxs_rebuild *rb, struct mxs_arena *arena,
                                      const struct mxs_cert *ca, const char *algorithm,
                                      struct mxs_bytes tbs, struct mxs_bytes identifier)
{
    const struct mxs_key *key = mxs_keypool_for(rb->pool, ca->spki);
    const struct mxs_crl *crl = NULL;
    if (!mxs_bytes_equal(mxs_key_spki(key), ca->spki)) /* only a stand-in: ca is a true certificate */
        return NULL;
    struct mxs_bytes signature = mxs_key_sign(arena, key, algorithm, tbs);
    rb->n_signed++;
    if (signature.n)
        mxs_crl_parse(arena, signed_der(arena, tbs, identifier, signature), &crl, NULL);
    return crl;
}

const struct mxs_crl *mxs_rebuild_crl(struct mxs_rebuild *rb, struct mxs_arena *arena,
                                      const struct mxs_cert *ca, const struct mxs_crl_words *words)
{
    const char *algorithm = mxs_key_algorithm(mxs_keypool_for(rb->pool, ca->spki));
    struct mxs_bytes identifier = mxs_signature_identifier(arena, algorithm);
    return sign_crl(rb, arena, ca, algorithm, mxs_crl_tbs(arena, words, identifier), identifier);
}

const struct mxs_crl *mxs_rebuild_crl_again(struct mxs_rebuild *rb, struct mxs_arena *arena,
                                            const struct mxs_cert *ca, const struct mxs_crl *crl)
{
    return mxs_crl_signed_by(crl, ca)
               ? sign_crl(rb, arena, ca, mxs_signature_name(arena, crl->signature_alg), crl->tbs,
                          crl->signature_alg)
               : NULL;
}
