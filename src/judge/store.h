/* X.509 trust anchors, and the CRLs that go with them. Indexed by raw subject without importing each
 * certificate, since a bundle has 140 and a verdict needs one. */
#ifndef MXSCOPE_SRC_JUDGE_STORE_H
#define MXSCOPE_SRC_JUDGE_STORE_H

#include "facts/crl.h"

struct mxs_store;
struct mxs_signatures;

/* path: a PEM file, a directory of them, "none", or NULL for the system's store. Nothing is read yet. */
struct mxs_store *mxs_store_new(const char *path);
void mxs_store_free(struct mxs_store *store);
/* Reads the file or directory now, so that a wrong --trust-store is one clear line at the start. */
enum mxs_err mxs_store_load(struct mxs_store *store, struct mxs_why *why);
void mxs_store_add(struct mxs_store *store, const struct mxs_cert *anchor);

/* All anchors with this raw subject; loads on first use (a failed load counts as empty, see
 * mxs_store_error). The certificates belong to the store. */
size_t mxs_store_find(struct mxs_store *store, struct mxs_bytes subject_raw,
                      const struct mxs_cert **out, size_t max);
bool mxs_store_has(struct mxs_store *store, const struct mxs_cert *cert); /* the very certificate */
/* An anchor with this subject, as RFC 4514 text; NULL. */
const struct mxs_cert *mxs_store_names(struct mxs_store *store, const char *subject);
size_t mxs_store_size(struct mxs_store *store); /* loads */
const char *mxs_store_error(const struct mxs_store *store); /* NULL */
/* Signatures checked so far (judge/path.h): they live as long as the store, so that assessments of
 * the same chain do not check them again. */
struct mxs_signatures *mxs_store_signatures(const struct mxs_store *store);

/* A store that sees base's anchors, those found now and later, and its own additions; removals hide
 * base's from it alone. base outlives it and shares its signatures. */
struct mxs_store *mxs_store_derive(struct mxs_store *base);
/* Hides every anchor with this subject and key, whichever certificate carries them. */
void mxs_store_remove(struct mxs_store *store, const struct mxs_cert *anchor);

/* --- certificate revocation lists, beside the anchors as in the files of real programs --- */

void mxs_store_add_crl(struct mxs_store *store, const struct mxs_crl *crl);
/* From now on there is none: base's are hidden. */
void mxs_store_drop_crls(struct mxs_store *store);
/* A CA without a list here has a current one with nobody on it, as if nobody had said which there are. */
void mxs_store_set_crls_of_all(struct mxs_store *store);
bool mxs_store_crls_of_all(const struct mxs_store *store);
/* The day on which these lists were what verifiers held: one that counts then is taken to be replaced by its
 * CA in time, whatever the date of judging. Unless said, each counts for as long as it says. */
void mxs_store_set_crls_seen(struct mxs_store *store, int64_t day);
/* That day, of the lists that do count here; else `at`. */
int64_t mxs_store_crls_seen(const struct mxs_store *store, int64_t at);
/* Somebody said which CRLs there are. Else each CA is taken to have a current one with nobody on it. */
bool mxs_store_knows_crls(const struct mxs_store *store);
/* All of this issuer, in the order in which they were added; first: of those only that which was added
 * before all others, whoever issued it. They belong to the store. */
size_t mxs_store_find_crls(const struct mxs_store *store, struct mxs_bytes issuer_raw, bool first,
                           const struct mxs_crl **out, size_t max);

#endif
