#include "config.h"

#include "whatif/rebuild.h"

#include "base/der.h"
#include "base/text.h"
#include "facts/cert_parse.h"
#include "whatif/tbs.h"

#include <string.h>

enum { FIRST_CAP = 64 };

struct replica { /* of one TBSCertificate under one key */
    uint8_t id[32];
    const struct mxs_cert *cert; /* without identity; NULL: an empty slot */
};

struct signer { /* which true key signed which true certificate: checked once */
    uint8_t cert[32];
    struct mxs_bytes spki;
};

struct mxs_rebuild {
    struct mxs_arena *arena;
    struct mxs_keypool *pool;
    struct replica *replicas; /* open addressing; cap is a power of two */
    size_t n, cap;
    size_t n_signed;
    MXS_LIST(const struct mxs_key *) used; /* for mxs_rebuild_key_pem */
    MXS_LIST(struct signer) signers;
};

/* What is known of the certificate that is being made. */
struct job {
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

/* --- replicas --------------------------------------------------------------------------------- */

static struct replica *slot(struct replica *replicas, size_t cap, const uint8_t id[32])
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
        struct replica *bigger = mxs_alloc(cap * sizeof *bigger);
        for (size_t i = 0; i < rb->cap; i++)
            if (rb->replicas[i].cert)
                *slot(bigger, cap, rb->replicas[i].id) = rb->replicas[i];
        mxs_realloc(rb->replicas, 0);
        rb->replicas = bigger;
        rb->cap = cap;
    }
    struct replica *r = slot(rb->replicas, rb->cap, id);
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

static struct mxs_bytes certificate(struct mxs_arena *arena, struct mxs_bytes tbs,
                                    struct mxs_bytes algorithm, struct mxs_bytes signature)
{
    struct mxs_bytes parts[] = { tbs, algorithm, mxs_der_put_bits(arena, signature) };
    return mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3);
}

/* The certificate of this TBS under this key, from the cache or made. */
static const struct mxs_cert *replicate(struct mxs_rebuild *rb, const struct mxs_tbs *tbs,
                                        const struct mxs_key *signer, const char *algorithm,
                                        bool really)
{
    static const uint8_t unsigned_bits[64];
    uint8_t id[32];
    const struct mxs_cert *cert = NULL;
    struct mxs_arena *scratch = mxs_arena_new();
    struct mxs_bytes raw = mxs_tbs_build(scratch, tbs), signature;
    replica_id(raw, mxs_key_spki(signer), really, id);
    const struct replica *r = slot(rb->replicas, rb->cap, id);
    if (!r->cert && raw.n) {
        signature = really ? mxs_key_sign(scratch, signer, algorithm, raw)
                           : mxs_bytes(unsigned_bits, sizeof unsigned_bits);
        rb->n_signed += really;
        struct mxs_bytes der = certificate(scratch, raw, tbs->algorithm, signature);
        if (signature.n && mxs_cert_parse(rb->arena, der, &cert, NULL) == MXS_OK)
            remember(rb, id, cert);
    } else {
        cert = r->cert;
    }
    mxs_arena_free(scratch);
    return cert;
}

/* --- who signs -------------------------------------------------------------------------------- */

static bool try_cert(const struct mxs_cert *cert, const struct mxs_cert *issuer,
                     struct mxs_bytes *spki)
{
    if (!mxs_bytes_equal(cert->issuer_raw, issuer->subject_raw) || !mxs_cert_signed_by(cert, issuer))
        return false;
    *spki = issuer->spki;
    return true;
}

static struct mxs_bytes find_true_signer(const struct job *j, const struct mxs_cert *cert)
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
static struct mxs_bytes true_signer(const struct job *j, const struct mxs_cert *cert)
{
    struct mxs_rebuild *rb = j->rb;
    if (cert->identity)
        return cert->identity->signer_spki;
    for (size_t i = 0; i < rb->signers.n; i++)
        if (memcmp(rb->signers.v[i].cert, cert->sha256, 32) == 0)
            return rb->signers.v[i].spki;
    struct mxs_bytes spki = find_true_signer(j, cert);
    if (spki.n) {
        struct signer *known = mxs_list_add(rb->arena, &rb->signers);
        memcpy(known->cert, cert->sha256, 32);
        known->spki = mxs_arena_bytes(rb->arena, spki);
    }
    return spki;
}

static struct mxs_bytes spki_of_print(const struct mxs_blueprint *p)
{
    if (!p->cert)
        return p->catalog->ca->spki;
    return p->cert->identity ? p->cert->identity->spki : p->cert->spki;
}

static const struct mxs_key *new_key(const struct job *j, const struct mxs_blueprint *p)
{
    struct mxs_keypool *pool = j->rb->pool;
    struct mxs_bytes spki = spki_of_print(p);
    const char *kind = p->key_kind ? p->key_kind : mxs_key_kind(mxs_keypool_for(pool, spki));
    const char *label = mxs_arena_printf(j->arena, "new %u of %s", p->key_number,
                                         mxs_hex(j->arena, spki));
    return mxs_keypool_labelled(pool, kind, mxs_bytes_str(label));
}

/* The stand-in of the true signer's key; a CA of the chain that gets a new key signs with that. */
static void stand_in(struct job *j)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->prints[i].edits & MXS_EDIT_KEY &&
            mxs_bytes_equal(spki_of_print(&j->prints[i]), j->signer_spki)) {
            j->signer = new_key(j, &j->prints[i]);
            j->signer_spki = mxs_key_spki(j->signer);
            return;
        }
    j->signer = mxs_keypool_for(j->rb->pool, j->signer_spki);
}

/* Of the kind that the certificate's signature says, told apart by the issuer's name and key id. */
static const struct mxs_key *unknown_signer(const struct job *j, const struct mxs_cert *cert)
{
    struct mxs_bytes parts[] = { cert->issuer_raw, cert->aki };
    struct mxs_bytes label = mxs_der_wrap(j->arena, MXS_DER_SEQUENCE, parts, 2);
    const char *a = cert->signature_algorithm;
    const char *kind = strncmp(a, "ECDSA", 5) != 0 ? (strncmp(a, "Ed", 2) == 0 ? a : "RSA-2048")
                       : strstr(a, "384")          ? "ECDSA-P384"
                                                   : "ECDSA-P256";
    return mxs_keypool_labelled(j->rb->pool, kind, label);
}

static void find_signer(struct job *j)
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

static void use_algorithm(struct job *j, const char *name)
{
    struct mxs_bytes id = mxs_signature_identifier(j->arena, name);
    j->algorithm = name;
    j->tbs.algorithm = id.n ? id : j->tbs.algorithm;
}

/* The algorithm of the original where the signing key can do it, else the key's usual one. */
static void choose_algorithm(struct job *j)
{
    const char *had = j->print->cert ? j->print->cert->signature_algorithm
                                     : j->print->catalog->signature_algorithm;
    const char *kind = mxs_key_kind(j->signer);
    size_t family = strcspn(kind, "-"); /* "RSA", "ECDSA", "Ed25519" */
    if (strncmp(had, kind, family) == 0 && mxs_signature_number(had, kind) > 0)
        j->algorithm = had;
    else
        use_algorithm(j, mxs_key_algorithm(j->signer));
}

/* --- edits ------------------------------------------------------------------------------------ */

static void edit_serial(struct job *j)
{
    uint8_t digest[32];
    struct mxs_arena *arena = j->arena;
    struct mxs_bytes parts[] = { j->tbs.serial, j->tbs.validity, j->tbs.spki };
    mxs_digest_sha256(mxs_der_wrap(arena, MXS_DER_SEQUENCE, parts, 3), digest);
    digest[0] = (uint8_t)((digest[0] & 0x7f) | 1); /* positive, and no leading zero */
    j->tbs.serial = mxs_der_value(arena, MXS_DER_INTEGER, mxs_bytes(digest, 16));
}

static void edit_issuer(struct job *j)
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

static enum mxs_err edit(struct job *j, struct mxs_why *why)
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

static const struct mxs_cert *identified(struct job *j, const struct mxs_cert *made)
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
static const struct mxs_cert *sign(struct job *j, bool really)
{
    const struct mxs_cert *made = replicate(j->rb, &j->tbs, j->signer, j->algorithm, really);
    if (!made) {
        use_algorithm(j, mxs_key_algorithm(j->signer));
        made = replicate(j->rb, &j->tbs, j->signer, j->algorithm, really);
    }
    remember_key(j->rb, j->key);
    return made ? identified(j, made) : NULL;
}

static enum mxs_err make_one(struct job *j, const struct mxs_cert **out, struct mxs_why *why)
{
    const struct mxs_blueprint *p = j->print;
    if (!(p->cert ? mxs_tbs_of_cert(j->arena, p->cert, &j->tbs)
                  : mxs_tbs_of_catalog(j->arena, p->catalog, &j->tbs)))
        return mxs_why_set(why, MXS_ERR_USAGE, "it cannot be taken apart");
    j->true_spki = spki_of_print(p);
    j->key = p->edits & MXS_EDIT_KEY ? new_key(j, p) : mxs_keypool_for(j->rb->pool, j->true_spki);
    find_signer(j);
    choose_algorithm(j);
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
        struct job j = { .rb = rb, .arena = mxs_arena_new(), .print = &prints[i], .known = known,
                         .prints = prints, .n = n };
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
    struct job j = { .rb = rb, .arena = mxs_arena_new(), .print = &print, .prints = &print, .n = 1 };
    const struct mxs_cert *made = NULL;
    if (mxs_tbs_of_cert(j.arena, anchor, &j.tbs)) {
        j.true_spki = j.signer_spki = spki_of_print(&print);
        j.key = j.signer = mxs_keypool_for(rb->pool, j.true_spki);
        j.tbs.spki = mxs_key_spki(j.key);
        choose_algorithm(&j);
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
    const struct mxs_cert *cert = replicate(rb, &tbs, key, mxs_key_algorithm(key), true);
    mxs_arena_free(arena);
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
        mxs_crl_parse(arena, certificate(arena, tbs, identifier, signature), &crl, NULL);
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
