/* The reply around an answer: flags, EDNS, truncation, and what a validating resolver makes of
 * it. */
#include "config.h"

#include "lab/lab_zones_priv.h"

#include <stdlib.h>

#define UDP_SIZE 1232 /* what we offer by EDNS, and never exceed */

static ldns_pkt *reply_to(const ldns_pkt *query, const ldns_rr *question)
{
    ldns_pkt *pkt = ldns_pkt_new();
    ldns_pkt_set_id(pkt, ldns_pkt_id(query));
    ldns_pkt_set_qr(pkt, true);
    ldns_pkt_set_rd(pkt, ldns_pkt_rd(query));
    ldns_pkt_set_ra(pkt, true);
    ldns_pkt_set_aa(pkt, !ldns_pkt_rd(query)); /* to who wants no recursion, the server of its zones */
    ldns_pkt_set_cd(pkt, ldns_pkt_cd(query));
    ldns_pkt_set_opcode(pkt, ldns_pkt_get_opcode(query));
    if (ldns_pkt_edns(query)) {
        ldns_pkt_set_edns_udp_size(pkt, UDP_SIZE);
        ldns_pkt_set_edns_do(pkt, ldns_pkt_edns_do(query));
    }
    ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, ldns_rr_clone(question));
    return pkt;
}

static struct mxs_bytes wire_of(struct mxs_arena *arena, const ldns_pkt *pkt)
{
    uint8_t *wire = NULL;
    size_t n = 0;
    if (ldns_pkt2wire(&wire, pkt, &n) != LDNS_STATUS_OK)
        return mxs_bytes(NULL, 0);
    struct mxs_bytes b = mxs_bytes(mxs_arena_dup(arena, wire, n), n);
    free(wire);
    return b;
}

static struct mxs_bytes truncated(struct mxs_arena *arena, const ldns_pkt *query,
                                  const ldns_rr *question)
{
    ldns_pkt *pkt = reply_to(query, question);
    ldns_pkt_set_tc(pkt, true);
    struct mxs_bytes b = wire_of(arena, pkt);
    ldns_pkt_free(pkt);
    return b;
}

static size_t udp_limit(const ldns_pkt *query)
{
    size_t n = ldns_pkt_edns(query) ? ldns_pkt_edns_udp_size(query) : 0;
    return n < 512 ? 512 : n > UDP_SIZE ? UDP_SIZE : n;
}

static void fill(struct mxs_lab_answer *a, const ldns_pkt *query, const ldns_rr *question)
{
    const ldns_rdf *qname = ldns_rr_owner(question);
    ldns_rr_type qtype = ldns_rr_get_type(question);
    if (ldns_pkt_get_opcode(query) != LDNS_PACKET_QUERY)
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_NOTIMPL);
    else if (ldns_rr_get_class(question) != LDNS_RR_CLASS_IN ||
             mxs_lab_rule(a, qname, qtype, MXS_LAB_DNS_REFUSED))
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_REFUSED);
    else if (mxs_lab_rule(a, qname, qtype, MXS_LAB_DNS_SERVFAIL))
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_SERVFAIL);
    else
        mxs_lab_lookup(a, qname, qtype);
}

/* RFC 8914: an option of the code alone. */
static void set_ede(ldns_pkt *pkt, int code)
{
    const uint8_t option[] = { 0, LDNS_EDNS_EDE, 0, 2, (uint8_t)(code >> 8), (uint8_t)code };
    ldns_pkt_set_edns_data(pkt,
                           ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, sizeof option, option));
}

/* As a validating resolver (RFC 4035 3.2.2, 3.2.3): who set CD gets the data as they are; of the
 * rest nobody gets what is bogus, and AD says that it is not. */
static void validate(struct mxs_lab_answer *a, const ldns_pkt *query, const ldns_rr *question)
{
    int rcode = ldns_pkt_get_rcode(a->pkt);
    bool asked = ldns_pkt_ad(query) || a->dnssec;
    if (ldns_pkt_cd(query) || (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN))
        return;
    if (!a->bogus || a->insecure) {
        ldns_pkt_set_ad(a->pkt, asked && !a->insecure && !a->bogus);
        return;
    }
    ldns_pkt_free(a->pkt);
    a->pkt = reply_to(query, question);
    ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_SERVFAIL);
    if (ldns_pkt_edns(query))
        set_ede(a->pkt, a->bogus);
}

static struct mxs_bytes answer(const struct mxs_lab_zones *zones, struct mxs_arena *arena,
                               const ldns_pkt *query, bool tcp)
{
    const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
    struct mxs_lab_answer a = { .zones = zones, .dnssec = ldns_pkt_edns_do(query) };
    const ldns_rdf *qname = ldns_rr_owner(question);
    ldns_rr_type qtype = ldns_rr_get_type(question);
    if (mxs_lab_rule(&a, qname, qtype, MXS_LAB_DNS_DROP))
        return mxs_bytes(NULL, 0);
    a.pkt = reply_to(query, question);
    fill(&a, query, question);
    validate(&a, query, question);
    struct mxs_bytes b = wire_of(arena, a.pkt);
    ldns_pkt_free(a.pkt);
    if (!tcp && (b.n > udp_limit(query) || mxs_lab_rule(&a, qname, qtype, MXS_LAB_DNS_TRUNCATE)))
        b = truncated(arena, query, question);
    return b;
}

struct mxs_bytes mxs_lab_zones_answer(const struct mxs_lab_zones *zones, struct mxs_arena *arena,
                                      struct mxs_bytes query, bool tcp)
{
    ldns_pkt *pkt = NULL;
    struct mxs_bytes b = { NULL, 0 };
    if (ldns_wire2pkt(&pkt, query.p, query.n) != LDNS_STATUS_OK)
        return b;
    if (!ldns_pkt_qr(pkt) && ldns_pkt_qdcount(pkt) == 1 &&
        ldns_rr_list_rr_count(ldns_pkt_question(pkt)) == 1)
        b = answer(zones, arena, pkt, tcp);
    ldns_pkt_free(pkt);
    return b;
}
