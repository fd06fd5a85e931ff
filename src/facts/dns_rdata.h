/* RDATA as fields: one table row per RR type says what its octets mean. */
#ifndef MXSCOPE_SRC_FACTS_DNS_RDATA_H
#define MXSCOPE_SRC_FACTS_DNS_RDATA_H

#include "facts/dns_wire.h"

/* Adds the fields of the RR's RDATA under parent; types without a row give their octets in hex. */
void mxs_dns_rdata_fields(struct mxs_arena *arena, struct mxs_bytes packet,
                          const struct mxs_dns_span *span, struct mxs_field *parent);

/* RFC 4034 appendix B. rdata: of a DNSKEY. */
unsigned mxs_dns_key_tag(struct mxs_bytes rdata);

#endif
