#include "config.h"

#include "whatif/rebuild_room.h"

#include <string.h>

#include "base/der.h"
#include "facts/cert_parse.h"

enum { FIRST_CAP = 64 };

struct mxs_rebuild *mxs_rebuild_new(struct mxs_keypool *pool)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_rebuild *rb = MXS_NEW(arena, struct mxs_rebuild);
    rb->arena = arena;
    rb->pool = pool;
    rb->cap = FIRST_CAP;
    rb->replicas = mxs_alloc(rb->cap * sizeof *rb->replicas);
    return rb;
}

void mxs_rebuild_free(struct mxs_rebuild *rb)
{
    if (rb) {
        mxs_realloc(rb->replicas, 0);
        mxs_arena_free(rb->arena);
    }
}

size_t mxs_rebuild_signed(const struct mxs_rebuild *rb)
{
    return rb->n_signed;
}

struct mxs_issuer mxs_issuer_of_ca(const struct mxs_catalog_ca *ca)
{
    return (struct mxs_issuer){ ca->subject_raw, ca->spki, ca->ski };
}

struct mxs_issuer mxs_issuer_of_cert(const struct mxs_cert *cert)
{
    struct mxs_bytes spki = cert->identity ? cert->identity->spki : cert->spki;
    return (struct mxs_issuer){ cert->subject_raw, spki, cert->ski };
}

/* --- edits ------------------------------------------------------------------------------------ */

static void edit_serial(struct mxs_rebuild_job *j)
{
    uint8_t digest[32];
    struct mxs_arena *arena = j->arena;
    struct mxs_bytes parts[] = { j->tbs.serial, j->tbs.validity, j->tbs.spki };
    mxs_digest_sha256(mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3), digest);
    digest[0] = (uint8_t)((digest[0] & 0x7f) | 1); /* positive, and no leading zero */
    j->tbs.serial = mxs_der_value(arena, MXS_DER_INTEGER, mxs_bytes(digest, 16));
}

static void edit_issuer(struct mxs_rebuild_job *j)
{
    const struct mxs_blueprint *p = j->print;
    struct mxs_arena *arena = j->arena;
    if (p->edits & MXS_EDIT_SELF_SIGN) {
        j->tbs.issuer = j->tbs.subject;
        mxs_tbs_set_aki(arena, &j->tbs, mxs_bytes(NULL, 0), false);
    } else if (p->edits & MXS_EDIT_ISSUER) {
        j->tbs.issuer = p->issuer.subject_raw;
        mxs_tbs_set_aki(arena, &j->tbs, p->issuer.ski, false);
    }
}

static enum mxs_err edit(struct mxs_rebuild_job *j, struct mxs_why *why)
{
    const struct mxs_blueprint *p = j->print;
    struct mxs_arena *arena = j->arena;
    if (p->edits & MXS_EDIT_DATES)
        mxs_tbs_set_validity(arena, &j->tbs, p->not_before, p->not_after);
    if (p->edits & MXS_EDIT_NAMES)
        mxs_tbs_set_names(arena, &j->tbs, p->cn, &p->dns);
    if (p->edits & MXS_EDIT_NO_SKI)
        mxs_tbs_drop(&j->tbs, "2.5.29.14");
    if (p->edits & MXS_EDIT_POLICY)
        mxs_tbs_set_policy(arena, &j->tbs, p->policy_oid);
    edit_issuer(j);
    j->tbs.spki = mxs_key_spki(j->key);
    if (p->edits & MXS_EDIT_KEY)
        mxs_tbs_fit_key(arena, &j->tbs, strncmp(mxs_key_kind(j->key), "RSA", 3) == 0);
    if (p->edits & MXS_EDIT_NO_KEY_ENCIPHERMENT)
        mxs_tbs_drop_encipherment(arena, &j->tbs);
    if (p->edits & MXS_EDIT_RENEW)
        edit_serial(j);
    return p->edits & MXS_EDIT_EKU ? mxs_tbs_set_eku(arena, &j->tbs, &p->eku, why) : MXS_OK;
}

/* --- identity --------------------------------------------------------------------------------- */

static void set_own(struct mxs_cert_identity *id, const struct mxs_cert *made)
{
    id->der = made->der;
    memcpy(id->sha256, made->sha256, sizeof id->sha256);
    mxs_digest_sha512(made->der, id->sha512);
}

/* Nothing is edited: it stands for the very certificate. */
static void set_true(struct mxs_cert_identity *id, const struct mxs_blueprint *p)
{
    struct mxs_cert_identity own;
    if (p->cert) {
        const struct mxs_cert_identity *was = mxs_cert_identity(p->cert, &own);
        id->der = was->der;
        memcpy(id->sha256, was->sha256, sizeof id->sha256);
        memcpy(id->sha512, was->sha512, sizeof id->sha512);
    } else {
        memcpy(id->sha256, p->catalog->sha256, sizeof id->sha256);
        memcpy(id->sha512, p->catalog->sha512, sizeof id->sha512);
    }
}

static const struct mxs_cert *identified(struct mxs_rebuild_job *j, const struct mxs_cert *made)
{
    struct mxs_arena *arena = j->rb->arena;
    struct mxs_cert *cert = mxs_arena_dup(arena, made, sizeof *made);
    struct mxs_cert_identity *id = MXS_NEW(arena, struct mxs_cert_identity);
    id->spki = j->print->edits & MXS_EDIT_KEY ? mxs_key_spki(j->key)
                                              : mxs_arena_bytes(arena, j->true_spki);
    mxs_digest_sha256(id->spki, id->spki_sha256);
    mxs_digest_sha512(id->spki, id->spki_sha512);
    id->signer_spki = mxs_arena_bytes(arena, j->signer_spki);
    if (j->print->edits)
        set_own(id, made);
    else
        set_true(id, j->print);
    cert->identity = id;
    return cert;
}

/* --- the chain -------------------------------------------------------------------------------- */

static void remember_key(struct mxs_rebuild *rb, const struct mxs_key *key)
{
    for (size_t i = 0; i < rb->used.n; i++)
        if (rb->used.v[i] == key)
            return;
    *mxs_list_add(rb->arena, &rb->used) = key;
}

/* With another algorithm where the key cannot do the first one after all (RSA-SHA256 by a key that is
 * for PSS only). */
static const struct mxs_cert *sign(struct mxs_rebuild_job *j, bool really)
{
    const struct mxs_cert *made = mxs_rebuild_replica(j->rb, &j->tbs, j->signer, j->algorithm, really);
    if (!made) {
        mxs_rebuild_use_algorithm(j, mxs_key_algorithm(j->signer));
        made = mxs_rebuild_replica(j->rb, &j->tbs, j->signer, j->algorithm, really);
    }
    remember_key(j->rb, j->key);
    return made ? identified(j, made) : NULL;
}

static enum mxs_err make_one(struct mxs_rebuild_job *j, const struct mxs_cert **out, struct mxs_why *why)
{
    const struct mxs_blueprint *p = j->print;
    if (!(p->cert ? mxs_tbs_of_cert(j->arena, p->cert, &j->tbs)
                  : mxs_tbs_of_catalog(j->arena, p->catalog, &j->tbs)))
        return mxs_why_set(why, MXS_ERR_USAGE, "it cannot be taken apart");
    j->true_spki = mxs_rebuild_spki(p);
    j->key = p->edits & MXS_EDIT_KEY ? mxs_rebuild_new_key(j, p)
                                     : mxs_keypool_for(j->rb->pool, j->true_spki);
    mxs_rebuild_find_signer(j);
    mxs_rebuild_choose_algorithm(j);
    enum mxs_err err = edit(j, why);
    if (err)
        return err;
    *out = sign(j, true);
    return *out ? MXS_OK : mxs_why_set(why, MXS_ERR_USAGE, "a key of kind %s cannot sign it",
                                       mxs_key_kind(j->signer));
}

enum mxs_err mxs_rebuild_chain(struct mxs_rebuild *rb, struct mxs_arena *arena,
                               const struct mxs_blueprint *prints, size_t n,
                               const struct mxs_rebuild_known *known, struct mxs_chain *out,
                               struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n && !err; i++) {
        struct mxs_rebuild_job j = { .rb = rb, .arena = mxs_arena_new(), .print = &prints[i],
                                     .known = known, .prints = prints, .n = n };
        struct mxs_why inner = { MXS_OK, "" };
        const struct mxs_cert *cert = NULL;
        err = make_one(&j, &cert, &inner);
        mxs_arena_free(j.arena);
        if (err)
            mxs_why_set(why, err, "certificate %zu: %s", i, inner.text);
        else
            *mxs_list_add(arena, &out->certs) = cert;
    }
    return err;
}

const struct mxs_cert *mxs_rebuild_anchor(struct mxs_rebuild *rb, const struct mxs_cert *anchor,
                                          bool signs)
{
    struct mxs_blueprint print = { .cert = anchor };
    struct mxs_rebuild_job j = { .rb = rb, .arena = mxs_arena_new(), .print = &print,
                                 .prints = &print, .n = 1 };
    const struct mxs_cert *made = NULL;
    if (mxs_tbs_of_cert(j.arena, anchor, &j.tbs)) {
        j.true_spki = j.signer_spki = mxs_rebuild_spki(&print);
        j.key = j.signer = mxs_keypool_for(rb->pool, j.true_spki);
        j.tbs.spki = mxs_key_spki(j.key);
        mxs_rebuild_choose_algorithm(&j);
        made = sign(&j, signs);
    }
    mxs_arena_free(j.arena);
    return made;
}

const struct mxs_cert *mxs_rebuild_private_ca(struct mxs_rebuild *rb, const char *cn,
                                              const char *kind, int64_t not_before,
                                              int64_t not_after)
{
    struct mxs_arena *arena = mxs_arena_new();
    const struct mxs_key *key = mxs_keypool_labelled(rb->pool, kind, mxs_bytes_str(cn));
    struct mxs_tbs tbs;
    mxs_tbs_new(arena, 1, &tbs);
    tbs.algorithm = mxs_signature_identifier(arena, mxs_key_algorithm(key));
    tbs.issuer = tbs.subject = mxs_tbs_name(arena, cn);
    tbs.spki = mxs_key_spki(key);
    mxs_tbs_set_validity(arena, &tbs, not_before, not_after);
    mxs_tbs_set_ca(arena, &tbs);
    mxs_tbs_set_ski(arena, &tbs);
    remember_key(rb, key);
    const struct mxs_cert *cert = mxs_rebuild_replica(rb, &tbs, key, mxs_key_algorithm(key), true);
    mxs_arena_free(arena);
    return cert;
}

/* --- export ----------------------------------------------------------------------------------- */

char *mxs_rebuild_key_pem(struct mxs_rebuild *rb, struct mxs_arena *arena,
                          const struct mxs_cert *cert)
{
    for (size_t i = 0; i < rb->used.n; i++)
        if (mxs_bytes_equal(mxs_key_spki(rb->used.v[i]), cert->spki))
            return mxs_key_pem(arena, rb->used.v[i]);
    return NULL;
}

struct mxs_bytes mxs_rebuild_stand_in(struct mxs_rebuild *rb, struct mxs_bytes spki)
{
    return mxs_key_spki(mxs_keypool_for(rb->pool, spki));
}

bool mxs_rebuild_public(const struct mxs_rebuild *rb)
{
    return mxs_keypool_public(rb->pool);
}
