/* Shared by the maker of the zones and the one who answers from them. */
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
};

#endif
