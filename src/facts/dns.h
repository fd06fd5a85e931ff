/* DNS answers as facts: an RRset with its security state, and the field tree of the packet.
 * Packets are libunbound's rebuilt answer packets, or wire bytes of our own stub query. */
#ifndef MXSCOPE_SRC_FACTS_DNS_H
#define MXSCOPE_SRC_FACTS_DNS_H

#include "facts/field.h"

/* Absent, insecure, unusable, bogus, could-not-look are five different things (RFC 7672 2.1, 2.2).
 * ABSENT: denial of existence, secure or not (see mxs_dns_answer.denial_secure). ERROR: SERVFAIL,
 * timeout, any rcode but 0 and 3. UNSUPPORTED: a DS exists, all of its algorithms unknown here. */
enum mxs_security {
    MXS_SECURITY_NONE, /* not looked up */
    MXS_SECURITY_SECURE,
    MXS_SECURITY_INSECURE,
    MXS_SECURITY_BOGUS,
    MXS_SECURITY_ERROR,
    MXS_SECURITY_ABSENT,
    MXS_SECURITY_UNSUPPORTED
};
const char *mxs_security_name(enum mxs_security security); /* NULL for NONE */
enum mxs_security mxs_security_parse(const char *name);    /* NONE when unknown */
/* One state for the A and AAAA lookups of a host. One that failed or was bogus taints the host (RFC 7672
 * 2.1.2, 2.2.2): it wins, bogus before error. Else only answers with data count, unsupported before
 * insecure before secure; one that was not asked, or is absent, leaves the word to the other. */
enum mxs_security mxs_security_both(enum mxs_security a, enum mxs_security aaaa);

struct mxs_rr {
    const char *owner; /* lower case, without the trailing dot; "." for the root */
    uint16_t type;
    uint32_t ttl;
    struct mxs_bytes rdata; /* wire form, names uncompressed */
    const char *text;       /* presentation form of the RDATA, sanitised */
};

/* How `why` begins when not even the trust anchor could be reached: nothing was learned of the name that
 * was asked for, and its owner is not to blame. Goes with ERROR. */
#define MXS_DNS_UNAVAILABLE "DNSSEC is not available here: "
/* The same for a resolver that answers nothing, not even for the root; then the resolver and how. */
#define MXS_DNS_SILENT "the resolver does not answer: "

struct mxs_dns_answer {
    const char *qname; /* as asked, lower case A-labels, no trailing dot */
    uint16_t qtype;
    int rcode;
    enum mxs_security security;
    bool denial_secure;    /* with ABSENT: the denial was DNSSEC-secure */
    const char *why;       /* why bogus, or which error; NULL */
    const char *canonname; /* the fully CNAME-expanded name; NULL when there was no alias */
    MXS_LIST(struct mxs_rr) rrs; /* the answer section: CNAMEs first, then RRs of qtype */
    uint32_t ttl;          /* the smallest TTL in the answer, 0 if none */
    int64_t us;            /* how long it took; the asker's */
    struct mxs_bytes packet;
};

const char *mxs_dns_type_name(uint16_t type); /* "MX", "TYPE65280" style is the caller's affair: NULL */
uint16_t mxs_dns_type_parse(const char *name); /* 0 when unknown */

/* Fills rcode, canonname, rrs, ttl and packet from a packet; the verdict fields and us are the caller's.
 * Bytes that are no packet: MXS_ERR_SYNTAX. Everything is copied into the arena. */
enum mxs_err mxs_dns_parse(struct mxs_arena *arena, struct mxs_bytes packet,
                           struct mxs_dns_answer *out);
/* The field tree of a packet: header, question, answer, authority, additional; RRSIG dates, key tags
 * and algorithms by name, EDNS with EDE (RFC 8914). Never fails: what is broken is marked. */
struct mxs_field *mxs_dns_fields(struct mxs_arena *arena, struct mxs_bytes packet);

/* The first Extended DNS Error of a packet (RFC 8914): a resolver's own word on why it failed. */
struct mxs_dns_ede {
    unsigned code;
    const char *name; /* "DNSSEC Bogus"; NULL when unassigned */
    const char *text; /* EXTRA-TEXT, sanitised; NULL */
};
bool mxs_dns_ede(struct mxs_arena *arena, struct mxs_bytes packet, struct mxs_dns_ede *out);

/* All RRSIGs of a packet, in order: who signed what, until when. */
struct mxs_dns_rrsig {
    const char *owner, *signer; /* lower case */
    uint16_t type_covered;
    unsigned algorithm, key_tag;
    uint32_t original_ttl;
    int64_t inception, expiration; /* seconds since 1970 */
};
struct mxs_dns_rrsigs {
    struct mxs_dns_rrsig *v;
    size_t n, cap;
};
struct mxs_dns_rrsigs mxs_dns_signatures(struct mxs_arena *arena, struct mxs_bytes packet);
/* How long a cache may keep what the packet says, or denies: seconds, 0 when it does not tell. */
uint32_t mxs_dns_kept(struct mxs_arena *arena, struct mxs_bytes packet);
/* "ECDSAP256SHA256"; NULL when unassigned. */
const char *mxs_dns_algorithm_name(unsigned algorithm);

/* RDATA of the types we act on. False when malformed. Names: lower case, no trailing dot. */
bool mxs_dns_mx(struct mxs_arena *arena, const struct mxs_rr *rr, unsigned *preference,
                const char **host); /* host "." is a null MX (RFC 7505) */
bool mxs_dns_address(struct mxs_arena *arena, const struct mxs_rr *rr, const char **address);
bool mxs_dns_txt(struct mxs_arena *arena, const struct mxs_rr *rr,
                 struct mxs_bytes *joined); /* strings concatenated without spaces */
bool mxs_dns_caa(struct mxs_arena *arena, const struct mxs_rr *rr, const char **text);

/* A host name for the wire: U-labels to A-labels (IDNA2008, UTS 46), lower case, trailing dot
 * stripped; refuses empty labels and what is too long. The reason goes into why. */
enum mxs_err mxs_dns_name(struct mxs_arena *arena, const char *name, const char **out,
                          struct mxs_why *why);

#endif
