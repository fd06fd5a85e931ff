/* A TBSCertificate (RFC 5280 4.1.2) as parts that can be exchanged one by one. Everything that is not
 * exchanged stays byte for byte: GnuTLS's own calls append and re-encode names and cannot remove an
 * extension. */
#ifndef MXSCOPE_SRC_WHATIF_TBS_H
#define MXSCOPE_SRC_WHATIF_TBS_H

#include "facts/catalog.h"

struct mxs_tbs_extension {
    const char *oid;
    struct mxs_bytes whole; /* n 0: dropped */
};

struct mxs_tbs {
    struct mxs_bytes version, serial, algorithm, issuer, validity, subject, spki, unique_ids;
    MXS_LIST(struct mxs_tbs_extension) extensions;
};

/* From a certificate; false when its TBSCertificate cannot be taken apart. */
bool mxs_tbs_of_cert(struct mxs_arena *arena, const struct mxs_cert *cert, struct mxs_tbs *out);
/* From the facts of the catalog; false when it has no extensions or an unknown algorithm. */
bool mxs_tbs_of_catalog(struct mxs_arena *arena, const struct mxs_catalog_cert *cert,
                        struct mxs_tbs *out);
/* A new one: v3, empty subject and issuer, no extensions. */
void mxs_tbs_new(struct mxs_arena *arena, unsigned serial, struct mxs_tbs *out);
/* The DER; n 0 when a bound was passed. */
struct mxs_bytes mxs_tbs_build(struct mxs_arena *arena, const struct mxs_tbs *tbs);

void mxs_tbs_set_validity(struct mxs_arena *arena, struct mxs_tbs *tbs, int64_t not_before,
                          int64_t not_after);
/* Names or dotted OIDs; none drops the extension: an empty one is illegal (RFC 5280 4.2.1.12).
 * MXS_ERR_USAGE with why for an unknown name. */
enum mxs_err mxs_tbs_set_eku(struct mxs_arena *arena, struct mxs_tbs *tbs,
                             const struct mxs_strs *eku, struct mxs_why *why);
/* n 0 drops the extension. Only where there is one already, unless add. */
void mxs_tbs_set_aki(struct mxs_arena *arena, struct mxs_tbs *tbs, struct mxs_bytes key_id, bool add);
/* From the key that stands in it (RFC 7093 2.1). */
void mxs_tbs_set_ski(struct mxs_arena *arena, struct mxs_tbs *tbs);
/* After a new key: the SKI follows it where there is one, and keyEncipherment is left to RSA. */
void mxs_tbs_fit_key(struct mxs_arena *arena, struct mxs_tbs *tbs, bool rsa);
void mxs_tbs_drop_encipherment(struct mxs_arena *arena, struct mxs_tbs *tbs);
/* Subject: one CN, or empty when cn is NULL. SAN: these DNS names, critical where the subject is empty
 * (RFC 5280 4.2.1.6). */
void mxs_tbs_set_names(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *cn,
                       const struct mxs_strs *dns);
/* The one certificate policy, dotted: what class of validation it claims (CA/B BR 7.1.6.1). */
void mxs_tbs_set_policy(struct mxs_arena *arena, struct mxs_tbs *tbs, const char *oid);
void mxs_tbs_set_ca(struct mxs_arena *arena, struct mxs_tbs *tbs);
void mxs_tbs_drop(struct mxs_tbs *tbs, const char *oid);

/* Name ::= one RDN, CN, as UTF8String. */
struct mxs_bytes mxs_tbs_name(struct mxs_arena *arena, const char *cn);

#endif
