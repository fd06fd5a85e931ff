/* DANE for SMTP: what the TLSA records say of the chain (RFC 7672, 7671, 6698). What products do
 * differently is data: struct mxs_dane_rules. */
#ifndef MXSCOPE_SRC_JUDGE_DANE_H
#define MXSCOPE_SRC_JUDGE_DANE_H

#include "judge/verifier.h"

enum mxs_dane_state { /* RFC 7672 2.2 */
    MXS_DANE_NONE,     /* does not apply: insecure, absent, not asked, an address literal */
    MXS_DANE_LOOKUP,   /* bogus, or could not look: never "no DANE" */
    MXS_DANE_UNUSABLE, /* secure, not one usable record: TLS required, nobody authenticated */
    MXS_DANE_USABLE
};

enum mxs_dane_usability { /* which records count at all */
    MXS_DANE_STRICT,  /* RFC 6698 4.1: known fields, digests of their length, Full(0) that parses */
    MXS_DANE_LENGTH,  /* the same, but Full(0) is not looked into (Exim) */
    MXS_DANE_ANYTHING /* any known usage and selector: what is odd just never matches (libdane) */
};

enum { /* reference identifiers for usage 2 */
    MXS_DANE_BASE = 1u << 0,    /* the TLSA base domain */
    MXS_DANE_HOST = 1u << 1,    /* the MX host as named */
    MXS_DANE_NEXTHOP = 1u << 2, /* the next-hop domain and its expanded form */
    MXS_DANE_NEXTHOP_SECURE = 1u << 3 /* the same where the MX records are secure (RFC 7672 3.2.2) */
};

struct mxs_dane_rules {
    const struct mxs_ruleset *path;  /* for usages 2 (and 0, 1) */
    enum mxs_dane_usability usability;
    unsigned names;    /* of the above */
    bool libdane;      /* GnuTLS: usage 2 asks for a match and for the leaf's issuer, not for a path */
    bool only_ee;      /* usages 0 and 2 are passed over */
    bool extend;       /* libdane: the local store completes the chain first */
    bool pkix_usages;  /* usages 0 and 1 are usable (not for SMTP: RFC 7672 3.1.3) */
    bool agility;      /* only the strongest digest of each (usage, selector): RFC 7671 9 */
    bool absent_full;  /* a `2 0 0` works without the authority being sent (RFC 7671 5.2) */
    bool absent_key;   /* and so does a `2 1 0` */
    bool ee_names;     /* names are checked for usage 3 too, against RFC 7671 5.1 */
    bool ta_names;     /* names are checked for usage 2 (RFC 7672 3.1.2) */
};
const struct mxs_dane_rules *mxs_dane_rules_rfc(void);

struct mxs_dane_record {
    bool usable;
    bool outshone; /* a stronger digest of the same usage and selector stands beside it */
    int depth;     /* of the served certificate that matches; the number of served certificates when
                      the record brings its own authority; -1 none */
    bool verifies;
    struct mxs_reasons reasons; /* it matches, yet does not verify */
};

struct mxs_dane_result {
    enum mxs_dane_state state;
    MXS_LIST(struct mxs_dane_record) records; /* one per host->tlsa, in order */
    int record; /* index of the first that verifies, or -1 */
    struct mxs_reasons reasons; /* why none does */
};

enum mxs_dane_state mxs_dane_state(const struct mxs_host_facts *host,
                                   const struct mxs_dane_rules *rules);
void mxs_dane_judge(const struct mxs_judge *judge, const struct mxs_dane_rules *rules,
                    struct mxs_dane_result *out);
/* Digest and selector only. False for selectors and matching types that RFC 6698 does not name. */
bool mxs_tlsa_matches(const struct mxs_tlsa *tlsa, const struct mxs_cert *cert);
/* The served certificate that the record means and matches (RFC 7671 5: usages 1 and 3 mean the
 * leaf, 0 and 2 a certificate above it); -1 none. */
int mxs_tlsa_depth(const struct mxs_tlsa *tlsa, const struct mxs_chain *chain);
/* The names a certificate under usage 2 has to carry one of. */
void mxs_dane_references(const struct mxs_judge *judge, const struct mxs_dane_rules *rules,
                         struct mxs_strs *out);
/* Usage 2 (and 0) as libdane judges it: dane_gnutls.c. */
void mxs_dane_libdane(const struct mxs_judge *judge, const struct mxs_dane_rules *rules,
                      const struct mxs_tlsa *tlsa, struct mxs_dane_record *out);
/* Whether the record counts under these rules. */
bool mxs_dane_counts(const struct mxs_tlsa *tlsa, const struct mxs_dane_rules *rules);
void mxs_dane_check_names(const struct mxs_judge *judge, const struct mxs_dane_rules *rules,
                          struct mxs_reasons *out);

#endif
