/* A simulated future as files that real mail servers can be set up with (whatif --export). */
#ifndef MXSCOPE_SRC_WHATIF_EXPORT_H
#define MXSCOPE_SRC_WHATIF_EXPORT_H

#include "whatif/overlay.h"

/* Into folder/, a new or an empty one: for each overlay that applies a folder named as its scenario, "/"
 * as "-", and in it "before" and "after" (several branches: "after-1", "after-2", ..), each with
 *
 *     chain.pem    leaf and CA certificates as served       } not where no certificate is shown
 *     key.pem      the leaf's private key, mode 0600        }
 *     roots.pem    the trust anchors that it led to before and leads to now, where there are any
 *     crls.pem     CRLs of the CAs, as receivers that look have them, where there are any
 *     tlsa.txt     the TLSA records, made for these certificates, where there are any
 *     mta-sts.txt  the policy, where there is one
 *     README       what it is, and the date to test it at
 *
 * whatif->own_keys must be set, and its keys must not be those of share/keys, which everybody has:
 * MXS_ERR_USAGE else. MXS_ERR_IO with why for a folder that is not empty or cannot be written.
 * written: the folders with a chain, in arena; may be NULL. */
enum mxs_err mxs_export(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                        const struct mxs_overlay *overlays, size_t n, const char *folder,
                        struct mxs_strs *written, struct mxs_why *why);

/* The texts themselves, for the lab. Empty lists and NULL where there is nothing. before: a chain whose
 * anchors count too, or NULL. In arena. */
struct mxs_exported {
    char *chain, *key, *roots, *crls, *policy; /* PEM, text */
    MXS_LIST(struct mxs_tlsa) tlsa;     /* for the certificates of chain */
};
enum mxs_err mxs_export_texts(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                              const struct mxs_future *future, const struct mxs_chain *before,
                              struct mxs_exported *out, struct mxs_why *why);

#endif
