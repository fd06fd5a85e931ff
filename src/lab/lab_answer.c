/* Answers from the signed zones, RFC 1034 4.3.2 with RFC 4035 3.1 for what proves an absence. */
#include "config.h"

#include "lab/lab_zones_priv.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define ALIAS_MAX 12

static bool within(const ldns_rdf *name, const ldns_rdf *apex)
{
    return ldns_dname_compare(name, apex) == 0 || ldns_dname_is_subdomain(name, apex);
}

/* The deepest zone that holds the name; a DS belongs to the parent's side (RFC 4035 3.1.4.1). */
static const struct mxs_lab_zone *zone_of(const struct mxs_lab_zones *zones, const ldns_rdf *name,
                                          ldns_rr_type type)
{
    const struct mxs_lab_zone *best = &zones->v[0];
    for (size_t i = 1; i < zones->n; i++) {
        const struct mxs_lab_zone *zone = &zones->v[i];
        if (!within(name, zone->apex) ||
            (type == LDNS_RR_TYPE_DS && ldns_dname_compare(name, zone->apex) == 0))
            continue;
        if (ldns_dname_label_count(zone->apex) > ldns_dname_label_count(best->apex))
            best = zone;
    }
    return best;
}

const struct mxs_lab_dns_rule *mxs_lab_rule(const struct mxs_lab_answer *a, const ldns_rdf *owner,
                                            ldns_rr_type type, int how)
{
    const struct mxs_lab_plan *plan = a->zones->plan;
    ldns_rdf *lower = ldns_rdf_clone(owner);
    ldns_dname2canonical(lower);
    char *name = ldns_rdf2str(lower);
    const struct mxs_lab_dns_rule *hit = NULL;
    ldns_rdf_deep_free(lower);
    for (size_t i = 0; i < plan->dns.n && name && !hit; i++) {
        const struct mxs_lab_dns_rule *rule = &plan->dns.v[i];
        if (rule->how == how && (rule->type == 0 || rule->type == (int)type) &&
            mxs_glob(rule->owner, name))
            hit = rule;
    }
    free(name);
    return hit;
}

/* Is there a rule that breaks what is signed? It is noted, for those who ask without CD: they
 * get what a validating resolver would give them. */
static bool breaks(struct mxs_lab_answer *a, const ldns_rdf *owner, ldns_rr_type type, int how)
{
    static const int codes[] = { [MXS_LAB_DNS_BADSIG] = LDNS_EDE_DNSSEC_BOGUS,
                                 [MXS_LAB_DNS_EXPIRED] = LDNS_EDE_SIGNATURE_EXPIRED,
                                 [MXS_LAB_DNS_NOSIG] = LDNS_EDE_RRSIGS_MISSING,
                                 [MXS_LAB_DNS_NODENIAL] = LDNS_EDE_NSEC_MISSING,
                                 [MXS_LAB_DNS_WILDREPLAY] = LDNS_EDE_DNSSEC_BOGUS,
                                 [MXS_LAB_DNS_FOREIGN] = LDNS_EDE_DNSSEC_BOGUS };
    bool hit = mxs_lab_rule(a, owner, type, how) != NULL;
    if (hit)
        a->bogus = codes[how];
    return hit;
}

/* --- the zone's tree --- */

static const ldns_dnssec_name *node(const struct mxs_lab_zone *zone, const ldns_rdf *name)
{
    ldns_rbnode_t *n = ldns_rbtree_search(zone->zone->names, name);
    return n ? n->data : NULL;
}

/* The last name before this one in canonical order: its NSEC covers it. */
static ldns_rbnode_t *before(const struct mxs_lab_zone *zone, const ldns_rdf *name)
{
    ldns_rbnode_t *n = NULL;
    ldns_rbtree_find_less_equal(zone->zone->names, name, &n);
    return n;
}

/* An empty non-terminal is not in the tree, but its successor lies below it. */
static bool is_empty(const struct mxs_lab_zone *zone, const ldns_rdf *name)
{
    ldns_rbnode_t *n = before(zone, name);
    n = n ? ldns_rbtree_next(n) : NULL;
    return n && n != LDNS_RBTREE_NULL &&
           ldns_dname_is_subdomain(((const ldns_dnssec_name *)n->data)->name, name);
}

static const ldns_dnssec_rrsets *rrset(const ldns_dnssec_name *name, ldns_rr_type type)
{
    const ldns_dnssec_rrsets *set = name->rrsets;
    while (set && set->type != type)
        set = set->next;
    return set;
}

/* --- filling the packet --- */

static void push(struct mxs_lab_answer *a, ldns_pkt_section section, const ldns_rr *rr,
                 const ldns_rdf *owner)
{
    ldns_rr *copy = ldns_rr_clone(rr);
    if (owner) {
        ldns_rdf_deep_free(ldns_rr_owner(copy));
        ldns_rr_set_owner(copy, ldns_rdf_clone(owner));
    }
    if (!ldns_pkt_push_rr(a->pkt, section, copy))
        ldns_rr_free(copy);
}

static void push_all(struct mxs_lab_answer *a, ldns_pkt_section section, const ldns_dnssec_rrs *rrs,
                     const ldns_rdf *owner)
{
    for (; rrs; rrs = rrs->next)
        push(a, section, rrs->rr, owner);
}

static void push_flipped(struct mxs_lab_answer *a, ldns_pkt_section section,
                         const ldns_dnssec_rrs *sigs,
                         const ldns_rdf *owner)
{
    for (; sigs; sigs = sigs->next) {
        ldns_rr *bad = ldns_rr_clone(sigs->rr);
        ldns_rdf *signature = ldns_rr_rrsig_sig(bad);
        ldns_rdf_data(signature)[ldns_rdf_size(signature) / 2] ^= 0x55;
        push(a, section, bad, owner);
        ldns_rr_free(bad);
    }
}

/* The RRset signed anew, with these times, by a zone's KSK or ZSK: the other is told to stand
 * aside (a list of one key cannot be taken apart again in ldns 1.8.3). */
static void push_signed(struct mxs_lab_answer *a, ldns_pkt_section section,
                        const ldns_dnssec_rrs *rrs,
                        const struct mxs_lab_zone *signer, const struct mxs_lab_span *span)
{
    bool keys = ldns_rr_get_type(rrs->rr) == LDNS_RR_TYPE_DNSKEY;
    ldns_key *key = keys ? signer->ksk : signer->zsk, *other = keys ? signer->zsk : signer->ksk;
    ldns_rr_list *set = ldns_rr_list_new();
    uint32_t from = ldns_key_inception(key), to = ldns_key_expiration(key);
    for (; rrs; rrs = rrs->next)
        ldns_rr_list_push_rr(set, rrs->rr);
    ldns_key_set_use(other, false);
    ldns_key_set_inception(key, (uint32_t)span->from);
    ldns_key_set_expiration(key, (uint32_t)span->to);
    ldns_rr_list *sigs = ldns_sign_public(set, signer->keys);
    ldns_key_set_inception(key, from);
    ldns_key_set_expiration(key, to);
    ldns_key_set_use(other, true);
    for (size_t i = 0; sigs && i < ldns_rr_list_rr_count(sigs); i++)
        push(a, section, ldns_rr_list_rr(sigs, i), NULL);
    ldns_rr_list_deep_free(sigs);
    ldns_rr_list_free(set);
}

/* Another signed zone. */
static const struct mxs_lab_zone *foreign(const struct mxs_lab_zones *zones,
                                          const struct mxs_lab_zone *zone)
{
    for (size_t i = zones->n; i-- > 0;)
        if (&zones->v[i] != zone && zones->v[i].keys)
            return &zones->v[i];
    return zone;
}

static void push_sigs(struct mxs_lab_answer *a, ldns_pkt_section section,
                      const struct mxs_lab_zone *zone,
                      const ldns_dnssec_rrsets *set, const ldns_rdf *owner)
{
    const ldns_rdf *name = owner ? owner : ldns_rr_owner(set->rrs->rr);
    if (!zone->keys) { /* such a zone may hold RRSIG lines: an algorithm that nobody here has */
        a->insecure = true;
        push_all(a, section, a->dnssec ? set->signatures : NULL, owner);
        return;
    }
    bool nosig = breaks(a, name, set->type, MXS_LAB_DNS_NOSIG);
    bool flipped = breaks(a, name, set->type, MXS_LAB_DNS_BADSIG);
    bool expired = breaks(a, name, set->type, MXS_LAB_DNS_EXPIRED);
    bool strange = breaks(a, name, set->type, MXS_LAB_DNS_FOREIGN);
    bool expiring = mxs_lab_rule(a, name, set->type, MXS_LAB_DNS_EXPIRING); /* breaks nothing yet */
    if (!a->dnssec || nosig)
        return;
    if (flipped)
        push_flipped(a, section, set->signatures, owner);
    else if (expired || expiring || strange)
        push_signed(a, section, set->rrs, strange ? foreign(a->zones, zone) : zone,
                    expired    ? &a->zones->expired
                    : expiring ? &a->zones->expiring : &a->zones->span);
    else
        push_all(a, section, set->signatures, owner);
}

static void push_rrset(struct mxs_lab_answer *a, ldns_pkt_section section,
                       const struct mxs_lab_zone *zone,
                       const ldns_dnssec_rrsets *set, const ldns_rdf *owner)
{
    push_all(a, section, set->rrs, owner);
    push_sigs(a, section, zone, set, owner);
}

static void push_nsec(struct mxs_lab_answer *a, const ldns_dnssec_name *name)
{
    if (!a->dnssec || !name || !name->nsec)
        return;
    const ldns_rr_list *had = ldns_pkt_authority(a->pkt);
    for (size_t i = 0; i < ldns_rr_list_rr_count(had); i++) {
        const ldns_rr *rr = ldns_rr_list_rr(had, i);
        if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_NSEC &&
            ldns_dname_compare(ldns_rr_owner(rr), name->name) == 0)
            return; /* one record may prove two things */
    }
    push(a, LDNS_SECTION_AUTHORITY, name->nsec, NULL);
    push_all(a, LDNS_SECTION_AUTHORITY, name->nsec_signatures, NULL);
}

static void push_covering(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone,
                          const ldns_rdf *name)
{
    ldns_rbnode_t *n = before(zone, name);
    push_nsec(a, n ? n->data : NULL);
}

/* SOA and the proof that the type or the name is absent (RFC 4035 3.1.3). */
static bool deny(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone, const ldns_rdf *qname,
                 ldns_rr_type qtype)
{
    const ldns_dnssec_rrsets *soa = rrset(node(zone, zone->apex), LDNS_RR_TYPE_SOA);
    push_rrset(a, LDNS_SECTION_AUTHORITY, zone, soa, NULL);
    return !breaks(a, qname, qtype, MXS_LAB_DNS_NODENIAL);
}

/* --- one step of the lookup --- */

static ldns_rdf *wildcard_of(const ldns_rdf *encloser)
{
    ldns_rdf *star = ldns_dname_new_frm_str("*");
    ldns_rdf *name = ldns_dname_cat_clone(star, encloser);
    ldns_rdf_deep_free(star);
    return name;
}

/* The closest name above that exists (RFC 4592 3.3.1); the caller's. */
static ldns_rdf *encloser_of(const struct mxs_lab_zone *zone, const ldns_rdf *name)
{
    ldns_rdf *up = ldns_dname_left_chop(name);
    while (up && !node(zone, up) && !is_empty(zone, up)) {
        ldns_rdf *next = ldns_dname_left_chop(up);
        ldns_rdf_deep_free(up);
        up = next;
    }
    return up;
}

/* What the lookup goes on with: the target of the alias, owned, or NULL. */
static ldns_rdf *found(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone,
                       const ldns_dnssec_name *name, const ldns_rdf *qname, ldns_rr_type qtype,
                       bool wild)
{
    const ldns_dnssec_rrsets *set = rrset(name, qtype);
    const ldns_dnssec_rrsets *alias = set ? NULL : rrset(name, LDNS_RR_TYPE_CNAME);
    if (set || alias)
        push_rrset(a, LDNS_SECTION_ANSWER, zone, set ? set : alias, wild ? qname : NULL);
    else if (deny(a, zone, qname, qtype))
        push_nsec(a, name);
    if (wild && !breaks(a, qname, qtype, MXS_LAB_DNS_NODENIAL))
        push_covering(a, zone, qname);
    return alias ? ldns_rdf_clone(ldns_rr_rdf(alias->rrs->rr, 0)) : NULL;
}

/* RFC 6672 2.2: the labels before the DNAME's owner, then its target. */
static ldns_rdf *substitute(const ldns_rdf *qname, const ldns_rdf *owner, const ldns_rdf *target)
{
    size_t prefix = ldns_rdf_size(qname) - ldns_rdf_size(owner);
    size_t n = prefix + ldns_rdf_size(target);
    uint8_t wire[LDNS_MAX_DOMAINLEN];
    if (n > sizeof wire)
        return NULL;
    memcpy(wire, ldns_rdf_data(qname), prefix);
    memcpy(wire + prefix, ldns_rdf_data(target), ldns_rdf_size(target));
    return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, n, wire);
}

static ldns_rdf *redirected(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone,
                            const ldns_dnssec_rrsets *dname, const ldns_rdf *qname)
{
    const ldns_rr *rr = dname->rrs->rr;
    push_rrset(a, LDNS_SECTION_ANSWER, zone, dname, NULL);
    ldns_rdf *target = substitute(qname, ldns_rr_owner(rr), ldns_rr_rdf(rr, 0));
    if (!target) {
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_YXDOMAIN);
        return NULL;
    }
    ldns_rr *cname = ldns_rr_new_frm_type(LDNS_RR_TYPE_CNAME);
    ldns_rr_set_owner(cname, ldns_rdf_clone(qname));
    ldns_rr_set_ttl(cname, ldns_rr_ttl(rr));
    ldns_rdf_deep_free(ldns_rr_set_rdf(cname, ldns_rdf_clone(target), 0));
    push(a, LDNS_SECTION_ANSWER, cname, NULL);
    ldns_rr_free(cname);
    return target;
}

/* The name is not in the tree: an empty non-terminal, below a DNAME, a wildcard's, or nothing. */
static ldns_rdf *missing(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone,
                         const ldns_rdf *qname, ldns_rr_type qtype)
{
    if (is_empty(zone, qname)) {
        if (deny(a, zone, qname, qtype))
            push_covering(a, zone, qname);
        return NULL;
    }
    ldns_rdf *up = encloser_of(zone, qname), *star = wildcard_of(up), *target = NULL;
    const ldns_dnssec_name *above = node(zone, up), *wild = node(zone, star);
    const ldns_dnssec_rrsets *dname = above ? rrset(above, LDNS_RR_TYPE_DNAME) : NULL;
    if (dname)
        target = redirected(a, zone, dname, qname);
    else if (wild)
        target = found(a, zone, wild, qname, qtype, true);
    else {
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_NXDOMAIN);
        if (deny(a, zone, qname, qtype)) {
            push_covering(a, zone, qname);
            push_covering(a, zone, star);
        }
    }
    ldns_rdf_deep_free(star);
    ldns_rdf_deep_free(up);
    return target;
}

/* The attack of RFC 4035 5.3.4: the wildcard's RRset in place of an existing name's own. */
static const ldns_dnssec_name *replayed(struct mxs_lab_answer *a, const struct mxs_lab_zone *zone,
                                        const ldns_rdf *qname, ldns_rr_type qtype)
{
    if (!breaks(a, qname, qtype, MXS_LAB_DNS_WILDREPLAY))
        return NULL;
    ldns_rdf *up = ldns_dname_left_chop(qname), *star = wildcard_of(up);
    const ldns_dnssec_name *wild = node(zone, star);
    ldns_rdf_deep_free(star);
    ldns_rdf_deep_free(up);
    return wild && rrset(wild, qtype) ? wild : NULL;
}

static ldns_rdf *step(struct mxs_lab_answer *a, const ldns_rdf *qname, ldns_rr_type qtype)
{
    const struct mxs_lab_zone *zone = zone_of(a->zones, qname, qtype);
    const ldns_dnssec_name *name = node(zone, qname), *wild = replayed(a, zone, qname, qtype);
    if (wild) {
        push_rrset(a, LDNS_SECTION_ANSWER, zone, rrset(wild, qtype), qname);
        return NULL;
    }
    return name ? found(a, zone, name, qname, qtype, false) : missing(a, zone, qname, qtype);
}

static void lookup(struct mxs_lab_answer *a, const ldns_rdf *qname, ldns_rr_type qtype)
{
    ldns_rdf *name = ldns_rdf_clone(qname);
    for (int i = 0; name && i < ALIAS_MAX; i++) {
        ldns_rdf *next = step(a, name, qtype);
        ldns_rdf_deep_free(name);
        name = next;
    }
    if (name) /* aliases without end */
        ldns_pkt_set_rcode(a->pkt, LDNS_RCODE_SERVFAIL);
    ldns_rdf_deep_free(name);
}

/* A zone is as good as its keys: rules on DNSKEY and DS break all that is below. */
static void judge_keys(struct mxs_lab_answer *a, const ldns_rdf *qname, ldns_rr_type qtype)
{
    const struct mxs_lab_zone *zone = zone_of(a->zones, qname, qtype);
    static const int hows[] = { MXS_LAB_DNS_BADSIG, MXS_LAB_DNS_EXPIRED, MXS_LAB_DNS_NOSIG,
                                MXS_LAB_DNS_FOREIGN };
    for (size_t i = 0; i < MXS_COUNT(hows); i++)
        if (!breaks(a, zone->apex, LDNS_RR_TYPE_DNSKEY, hows[i]))
            breaks(a, zone->apex, LDNS_RR_TYPE_DS, hows[i]);
}

void mxs_lab_lookup(struct mxs_lab_answer *a, const ldns_rdf *qname, ldns_rr_type qtype)
{
    lookup(a, qname, qtype);
    judge_keys(a, qname, qtype);
}
