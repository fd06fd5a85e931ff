/* Re-issuing an observed chain under throw-away keys: the same names, extensions and
 * structure, byte for byte but for keys, signatures and what a blueprint edits; then it can be judged
 * for real. Replicas are kept by their TBSCertificate and signing key, so a scenario that touches the
 * leaf alone signs the leaf alone.
 *
 * Each result stands for a true certificate (mxs_cert.identity) as far as that is still true: its key
 * as long as the key is not edited, its digests as long as nothing is. */
#ifndef MXSCOPE_SRC_WHATIF_REBUILD_H
#define MXSCOPE_SRC_WHATIF_REBUILD_H

#include "facts/catalog.h"
#include "facts/crl.h"
#include "whatif/keypool.h"

/* Who signs: a true name and key. */
struct mxs_issuer {
    struct mxs_bytes subject_raw, spki;
    struct mxs_bytes ski; /* n 0: the child's AKI is dropped */
};
struct mxs_issuer mxs_issuer_of_ca(const struct mxs_catalog_ca *ca);
struct mxs_issuer mxs_issuer_of_cert(const struct mxs_cert *cert);

enum mxs_edit { /* bits: which members of a blueprint count */
    MXS_EDIT_EKU = 1u << 0,
    MXS_EDIT_DATES = 1u << 1,
    MXS_EDIT_NAMES = 1u << 2,
    MXS_EDIT_KEY = 1u << 3,
    MXS_EDIT_ISSUER = 1u << 4,
    MXS_EDIT_SELF_SIGN = 1u << 5, /* its own issuer, signed by its own key */
    MXS_EDIT_NO_SKI = 1u << 6,    /* as in profiles without a subject key identifier */
    MXS_EDIT_RENEW = 1u << 7,     /* issued again: another serial number, so other digests */
    MXS_EDIT_POLICY = 1u << 8,    /* another class of validation */
    MXS_EDIT_NO_KEY_ENCIPHERMENT = 1u << 9
};

/* One certificate to make: after a true one, or after the facts of the catalog. */
struct mxs_blueprint {
    const struct mxs_cert *cert;
    const struct mxs_catalog_cert *catalog; /* when cert is NULL */
    unsigned edits;                         /* enum mxs_edit */
    struct mxs_strs eku;                    /* names or OIDs; none drops the extension */
    int64_t not_before, not_after;
    const char *cn;                         /* NULL: an empty subject */
    struct mxs_strs dns;
    const char *key_kind;                   /* of the new key; NULL: the kind it has */
    unsigned key_number;                    /* tells new keys from each other */
    struct mxs_issuer issuer;
    const char *policy_oid;
};

/* Certificates whose keys may have signed the ones of the blueprints: what was served, and anchors. */
struct mxs_rebuild_known {
    const struct mxs_cert *const *certs;
    size_t n;
    const struct mxs_bytes *spkis; /* bare keys (TLSA 2 1 0) */
    size_t n_spkis;
};

struct mxs_rebuild;

/* pool is borrowed and outlives it. */
struct mxs_rebuild *mxs_rebuild_new(struct mxs_keypool *pool);
void mxs_rebuild_free(struct mxs_rebuild *rebuild); /* NULL is fine */

/* Makes the certificates of n blueprints, in order, into *out. The results live as long as rebuild; the
 * list is in arena. MXS_ERR_USAGE with why for a blueprint that cannot be made ("certificate 1: ..").
 *
 * A certificate is signed by the stand-in of the key that truly signed it, wherever that key is found:
 * by its edited issuer, by the catalog, or by trying what is known. A signer that nobody knows gets a
 * key of its own, so that what did not verify before does not verify afterwards. */
enum mxs_err mxs_rebuild_chain(struct mxs_rebuild *rebuild, struct mxs_arena *arena,
                               const struct mxs_blueprint *prints, size_t n,
                               const struct mxs_rebuild_known *known, struct mxs_chain *out,
                               struct mxs_why *why);

/* The replica of a trust anchor. Nobody checks an anchor's own signature, so it is only made when
 * sign is set (for export: 15 ms under RSA-4096). NULL when the anchor cannot be taken apart. */
const struct mxs_cert *mxs_rebuild_anchor(struct mxs_rebuild *rebuild, const struct mxs_cert *anchor,
                                          bool sign);

/* A self-signed CA that exists nowhere, for scenarios with a private CA: always the same one for the
 * same words. kind: "ECDSA-P256", .. */
const struct mxs_cert *mxs_rebuild_private_ca(struct mxs_rebuild *rebuild, const char *cn,
                                              const char *kind, int64_t not_before,
                                              int64_t not_after);

/* A CRL by a CA that was made here; NULL for any other, and when its key cannot sign. In arena. */
const struct mxs_crl *mxs_rebuild_crl(struct mxs_rebuild *rebuild, struct mxs_arena *arena,
                                      const struct mxs_cert *ca, const struct mxs_crl_words *words);
/* The same for a CRL that was seen: its contents under the key of ca; NULL also when another key of that
 * name signed it. */
const struct mxs_crl *mxs_rebuild_crl_again(struct mxs_rebuild *rebuild, struct mxs_arena *arena,
                                            const struct mxs_cert *ca, const struct mxs_crl *crl);

/* The private key of a certificate that was made here, PKCS #8 PEM; NULL for any other. */
char *mxs_rebuild_key_pem(struct mxs_rebuild *rebuild, struct mxs_arena *arena,
                          const struct mxs_cert *cert);
/* The key that stands in for a true one. */
struct mxs_bytes mxs_rebuild_stand_in(struct mxs_rebuild *rebuild, struct mxs_bytes spki);
/* Some of its keys may be ready ones, which everybody has. */
bool mxs_rebuild_public(const struct mxs_rebuild *rebuild);
/* Signatures made so far, for tests and bench. */
size_t mxs_rebuild_signed(const struct mxs_rebuild *rebuild);

#endif
