/* TLSA records as facts (RFC 6698 2.1): parsing and the usability test of RFC 7672 for SMTP. */
#ifndef MXSCOPE_SRC_FACTS_TLSA_H
#define MXSCOPE_SRC_FACTS_TLSA_H

#include "facts/dns.h"

struct mxs_tlsa {
    uint8_t usage, selector, matching_type;
    struct mxs_bytes data;
    uint32_t ttl;
    bool usable;                 /* for SMTP on port 25 (RFC 7672 3.1, RFC 6698 4.1) */
    const char *unusable_reason; /* string constant or arena; NULL when usable */
};

/* From RDATA; fills usable and unusable_reason. False only when shorter than its three octets. */
bool mxs_tlsa_parse(struct mxs_arena *arena, const struct mxs_rr *rr, struct mxs_tlsa *out);
/* From presentation form "3 1 1 AB12.."; white space inside the digest is fine. Out-of-range fields
 * are kept (and unusable); words that are no numbers or odd hex are MXS_ERR_SYNTAX with why. */
enum mxs_err mxs_tlsa_text_parse(struct mxs_arena *arena, const char *text, struct mxs_tlsa *out,
                                 struct mxs_why *why);
void mxs_tlsa_judge_usable(struct mxs_tlsa *tlsa, bool pkix_usages_allowed);
/* "3 1 1 27fa59.." full, lower case. */
char *mxs_tlsa_text(struct mxs_arena *arena, const struct mxs_tlsa *tlsa);
/* "_25._tcp.mx.example.org" */
char *mxs_tlsa_owner(struct mxs_arena *arena, unsigned port, const char *base_domain);

#endif
