/* X.501 names: text and field tree of a DER Name. */
#ifndef MXSCOPE_SRC_FACTS_DN_H
#define MXSCOPE_SRC_FACTS_DN_H

#include "facts/der_tree.h"

/* RFC 4514 text, the last RDN first, escaped, then sanitised: "CN=R12,O=Let's Encrypt,C=US". "" for
 * the empty name, NULL when name is no DER Name. name: with its SEQUENCE header. */
const char *mxs_dn_text(struct mxs_arena *arena, struct mxs_bytes name);
/* In wire order, as OpenSSL prints it: "C=US, CN=R12", "C = US, CN = R12" (XN_FLAG_ONELINE of
 * X509_NAME_print_ex(3)), "/C=US/CN=R12" (X509_NAME_oneline(3)). "" for what is no DER Name. */
enum mxs_dn_style { MXS_DN_COMMAS, MXS_DN_SPACED, MXS_DN_SLASHES };
const char *mxs_dn_styled(struct mxs_arena *arena, struct mxs_bytes name, enum mxs_dn_style style);
/* The value of the last attribute of this dotted type in the name, sanitised; NULL. */
const char *mxs_dn_attribute(struct mxs_arena *arena, struct mxs_bytes name, const char *oid);
/* A child of parent for each attribute, in wire order. */
void mxs_dn_fields(const struct mxs_der_tree *t, struct mxs_bytes name, struct mxs_field *parent);
/* A DER string of any of the X.520 types as sanitised UTF-8; hex after '#' when it is none. */
const char *mxs_dn_string(struct mxs_arena *arena, const struct mxs_der *value);

#endif
