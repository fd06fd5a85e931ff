/* Signed Certificate Timestamps (RFC 6962 3.2, 3.3): in certificates, OCSP responses and the TLS
 * extension the list has one form. */
#ifndef MXSCOPE_SRC_FACTS_SCT_H
#define MXSCOPE_SRC_FACTS_SCT_H

#include "facts/field.h"

/* A child of parent for each SCT of a SignedCertificateTimestampList (with its 2 octets of length).
 * off: where list stands inside the event's data. The number of SCTs. */
size_t mxs_sct_list_fields(struct mxs_arena *arena, struct mxs_field *parent, struct mxs_bytes list,
                           size_t off);

#endif
