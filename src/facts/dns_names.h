/* Names of DNS numbers: RR types, rcodes, DNSSEC algorithms, extended errors. */
#ifndef MXSCOPE_SRC_FACTS_DNS_NAMES_H
#define MXSCOPE_SRC_FACTS_DNS_NAMES_H

#include "facts/dns.h"

enum { /* types the code acts on */
    MXS_DNS_A = 1,
    MXS_DNS_NS = 2,
    MXS_DNS_CNAME = 5,
    MXS_DNS_SOA = 6,
    MXS_DNS_MX = 15,
    MXS_DNS_TXT = 16,
    MXS_DNS_AAAA = 28,
    MXS_DNS_DNAME = 39,
    MXS_DNS_OPT = 41,
    MXS_DNS_DS = 43,
    MXS_DNS_RRSIG = 46,
    MXS_DNS_NSEC = 47,
    MXS_DNS_DNSKEY = 48,
    MXS_DNS_NSEC3 = 50,
    MXS_DNS_TLSA = 52,
    MXS_DNS_ANY = 255,
    MXS_DNS_CAA = 257,

    MXS_DNS_EDNS_EDE = 15 /* an EDNS option */
};

/* NULL when the table has no such number. */
const char *mxs_dns_rcode_name(int rcode);             /* "NXDOMAIN" */
const char *mxs_dns_class_name(unsigned dns_class);    /* "IN" */
const char *mxs_dns_ede_name(unsigned code);           /* "DNSSEC Bogus" (RFC 8914 5.2) */
const char *mxs_dns_edns_name(unsigned option);        /* "COOKIE" */
/* The type's name, or "TYPE65280" (RFC 3597 5) in the arena. */
const char *mxs_dns_type_text(struct mxs_arena *arena, uint16_t type);

#endif
