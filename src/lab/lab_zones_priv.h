/* Shared by those who make the zones, look up in them and reply. */
#ifndef MXSCOPE_SRC_LAB_LAB_ZONES_PRIV_H
#define MXSCOPE_SRC_LAB_LAB_ZONES_PRIV_H

#include "lab/lab_zones.h"

#include <ldns/ldns.h>
#undef dprintf /* ldns's debug macro hides POSIX's function */

struct mxs_lab_zone {
    const struct mxs_lab_zone_plan *plan;
    ldns_rdf *apex;
    ldns_dnssec_zone *zone;
    ldns_key *ksk, *zsk; /* NULL for an unsigned zone */
    ldns_rr *ksk_rr;
    ldns_key_list *keys; /* both; owns them */
};

struct mxs_lab_zones {
    const struct mxs_lab_plan *plan;
    struct mxs_lab_zone *v; /* as in the plan: parents before children */
    size_t n;
    struct mxs_lab_span span;    /* of good signatures */
    struct mxs_lab_span expired; /* of those that are out of date */
    struct mxs_lab_span expiring; /* of those that will soon be */
};

/* An answer in the making. */
struct mxs_lab_answer {
    const struct mxs_lab_zones *zones;
    ldns_pkt *pkt;
    bool dnssec;   /* the client wants RRSIG and NSEC */
    bool insecure; /* an unsigned zone took part */
    int bogus;     /* what a validator would say of it: an EDE code (RFC 8914), 0 = nothing */
};

/* The plan's rule of this kind for owner and type; NULL. */
const struct mxs_lab_dns_rule *mxs_lab_rule(const struct mxs_lab_answer *a, const ldns_rdf *owner,
                                            ldns_rr_type type, int how);
/* Fills answer and authority of a->pkt, and what a validator would say. */
void mxs_lab_lookup(struct mxs_lab_answer *a, const ldns_rdf *qname, ldns_rr_type qtype);

#endif
