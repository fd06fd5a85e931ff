/* Rebuilt chains: which key signs a certificate, and with what algorithm. */
#include "config.h"

#include "whatif/rebuild_room.h"

#include <string.h>

#include "base/der.h"
#include "facts/cert_parse.h"
#include "base/text.h"

static bool try_cert(const struct mxs_cert *cert, const struct mxs_cert *issuer,
                     struct mxs_bytes *spki)
{
    if (!mxs_bytes_equal(cert->issuer_raw, issuer->subject_raw) || !mxs_cert_signed_by(cert, issuer))
        return false;
    *spki = issuer->spki;
    return true;
}

static struct mxs_bytes find_true_signer(const struct mxs_rebuild_job *j, const struct mxs_cert *cert)
{
    struct mxs_bytes spki = { NULL, 0 };
    for (size_t i = 0; j->known && i < j->known->n; i++)
        if (try_cert(cert, j->known->certs[i], &spki))
            return spki;
    for (size_t i = 0; i < j->n; i++)
        if (j->prints[i].cert && try_cert(cert, j->prints[i].cert, &spki))
            return spki;
    for (size_t i = 0; j->known && i < j->known->n_spkis; i++)
        if (mxs_cert_signed_by_spki(cert, j->known->spkis[i]))
            return j->known->spkis[i];
    return spki;
}

/* The key that truly signed a certificate, of those that are known; n 0. */
static struct mxs_bytes true_signer(const struct mxs_rebuild_job *j, const struct mxs_cert *cert)
{
    struct mxs_rebuild *rb = j->rb;
    if (cert->identity)
        return cert->identity->signer_spki;
    for (size_t i = 0; i < rb->signers.n; i++)
        if (memcmp(rb->signers.v[i].cert, cert->sha256, 32) == 0)
            return rb->signers.v[i].spki;
    struct mxs_bytes spki = find_true_signer(j, cert);
    if (spki.n) {
        struct mxs_rebuild_signer *known = mxs_list_add(rb->arena, &rb->signers);
        memcpy(known->cert, cert->sha256, 32);
        known->spki = mxs_arena_bytes(rb->arena, spki);
    }
    return spki;
}

struct mxs_bytes mxs_rebuild_spki(const struct mxs_blueprint *p)
{
    if (!p->cert)
        return p->catalog->ca->spki;
    return p->cert->identity ? p->cert->identity->spki : p->cert->spki;
}

const struct mxs_key *mxs_rebuild_new_key(const struct mxs_rebuild_job *j, const struct mxs_blueprint *p)
{
    struct mxs_keypool *pool = j->rb->pool;
    struct mxs_bytes spki = mxs_rebuild_spki(p);
    const char *kind = p->key_kind ? p->key_kind : mxs_key_kind(mxs_keypool_for(pool, spki));
    const char *label = mxs_arena_printf(j->arena, "new %u of %s", p->key_number,
                                         mxs_hex(j->arena, spki));
    return mxs_keypool_labelled(pool, kind, mxs_bytes_str(label));
}

/* The stand-in of the true signer's key; a CA of the chain that gets a new key signs with that. */
static void stand_in(struct mxs_rebuild_job *j)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->prints[i].edits & MXS_EDIT_KEY &&
            mxs_bytes_equal(mxs_rebuild_spki(&j->prints[i]), j->signer_spki)) {
            j->signer = mxs_rebuild_new_key(j, &j->prints[i]);
            j->signer_spki = mxs_key_spki(j->signer);
            return;
        }
    j->signer = mxs_keypool_for(j->rb->pool, j->signer_spki);
}

/* Of the kind that the certificate's signature says, told apart by the issuer's name and key id. */
static const struct mxs_key *unknown_signer(const struct mxs_rebuild_job *j, const struct mxs_cert *cert)
{
    struct mxs_bytes parts[] = { cert->issuer_raw, cert->aki };
    struct mxs_bytes label = mxs_der_wrap(j->arena, MXS_DER_SEQUENCE, parts, 2);
    const char *a = cert->signature_algorithm;
    const char *kind = strncmp(a, "ECDSA", 5) != 0 ? (strncmp(a, "Ed", 2) == 0 ? a : "RSA-2048")
                       : strstr(a, "384")          ? "ECDSA-P384"
                                                   : "ECDSA-P256";
    return mxs_keypool_labelled(j->rb->pool, kind, label);
}

void mxs_rebuild_find_signer(struct mxs_rebuild_job *j)
{
    const struct mxs_blueprint *p = j->print;
    if (p->edits & MXS_EDIT_SELF_SIGN) {
        j->signer = j->key;
        j->signer_spki = p->edits & MXS_EDIT_KEY ? mxs_key_spki(j->key) : j->true_spki;
        return;
    }
    if (p->edits & MXS_EDIT_ISSUER)
        j->signer_spki = p->issuer.spki;
    else if (!p->cert)
        j->signer_spki = p->catalog->issuer ? p->catalog->issuer->spki : mxs_bytes(NULL, 0);
    else
        j->signer_spki = true_signer(j, p->cert);
    if (j->signer_spki.n)
        stand_in(j);
    else if (p->cert)
        j->signer = unknown_signer(j, p->cert);
    else
        j->signer = mxs_keypool_labelled(j->rb->pool, "RSA-2048", p->catalog->issuer_raw);
}

void mxs_rebuild_use_algorithm(struct mxs_rebuild_job *j, const char *name)
{
    struct mxs_bytes id = mxs_signature_identifier(j->arena, name);
    j->algorithm = name;
    j->tbs.algorithm = id.n ? id : j->tbs.algorithm;
}

void mxs_rebuild_choose_algorithm(struct mxs_rebuild_job *j)
{
    const char *had = j->print->cert ? j->print->cert->signature_algorithm
                                     : j->print->catalog->signature_algorithm;
    const char *kind = mxs_key_kind(j->signer);
    size_t family = strcspn(kind, "-"); /* "RSA", "ECDSA", "Ed25519" */
    if (strncmp(had, kind, family) == 0 && mxs_signature_number(had, kind) > 0)
        j->algorithm = had;
    else
        mxs_rebuild_use_algorithm(j, mxs_key_algorithm(j->signer));
}
