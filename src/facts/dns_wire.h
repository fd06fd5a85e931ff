/* Walking a DNS packet (RFC 1035 4.1) with the byte range of each RR. ldns decodes RRs but keeps no
 * offsets; this walker finds the RRs, ldns then prints each (mxs_dns_rr_text). */
#ifndef MXSCOPE_SRC_FACTS_DNS_WIRE_H
#define MXSCOPE_SRC_FACTS_DNS_WIRE_H

#include "facts/dns.h"

enum { MXS_DNS_HEADER = 12, MXS_DNS_PACKET_MAX = 65535, MXS_DNS_CLASS_IN = 1 };

enum mxs_dns_section { /* order in the packet */
    MXS_DNS_QUESTION,
    MXS_DNS_ANSWER,
    MXS_DNS_AUTHORITY,
    MXS_DNS_ADDITIONAL,
    MXS_DNS_SECTION_COUNT
};

struct mxs_dns_header {
    uint16_t id, flags;
    uint16_t count[MXS_DNS_SECTION_COUNT];
};

struct mxs_dns_span { /* one RR, or one question (then ttl and rdata are 0) */
    enum mxs_dns_section section;
    const char *owner; /* as on the wire, without the trailing dot; "." for the root */
    uint16_t type, class;
    uint32_t ttl;
    size_t off, len;               /* of the whole RR */
    size_t fixed;                  /* offset of TYPE, behind the owner */
    size_t rdata_off, rdata_len;
};

struct mxs_dns_walk {
    struct mxs_arena *arena;
    struct mxs_bytes packet;
    struct mxs_dns_header header;
    size_t off;                    /* of the next RR */
    enum mxs_dns_section section;  /* of the next RR */
    unsigned index;                /* of the next RR in its section */
    bool bad;                      /* the packet ended early or a name is malformed */
};

/* Reads the header; false when there is none. */
bool mxs_dns_walk_init(struct mxs_dns_walk *walk, struct mxs_arena *arena,
                       struct mxs_bytes packet);
/* The next question or RR; false at the end and, with walk->bad, where the packet breaks. */
bool mxs_dns_walk_next(struct mxs_dns_walk *walk, struct mxs_dns_span *out);

/* The name at *off in presentation form (RFC 1035 5.1), wire case, without the trailing dot, "." for
 * the root; *off moves behind it. NULL when it is malformed. Compression pointers must point
 * backwards, so that no packet can make a loop. */
const char *mxs_dns_wire_name(struct mxs_arena *arena, struct mxs_bytes packet, size_t *off);

/* rdata uncompressed and in presentation form, by ldns. False when ldns refuses it. */
bool mxs_dns_rr_decode(struct mxs_arena *arena, struct mxs_bytes packet,
                       const struct mxs_dns_span *span, struct mxs_rr *out);

#endif
