/* X.509 trust anchors. Indexed by raw subject without importing each certificate, since a bundle has
 * 140 and a verdict needs one (DESIGN 8). */
#ifndef MXSCOPE_SRC_JUDGE_STORE_H
#define MXSCOPE_SRC_JUDGE_STORE_H

#include "facts/cert.h"

struct mxs_store;

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
size_t mxs_store_size(struct mxs_store *store); /* loads */
const char *mxs_store_error(const struct mxs_store *store); /* NULL */

#endif
