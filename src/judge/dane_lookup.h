/* Which TLSA names to ask, and what the answers mean (RFC 7672 2.2.2, 2.2.3): the pure part of the
 * DNS stages. session/stage_dns asks this room what to query next. */
#ifndef MXSCOPE_SRC_JUDGE_DANE_LOOKUP_H
#define MXSCOPE_SRC_JUDGE_DANE_LOOKUP_H

#include "facts/evidence.h"

/* True for the states that RFC 7672 2.1.1 calls a lookup error: the host counts as unreachable. */
bool mxs_dane_lookup_error(enum mxs_security security);

enum mxs_dane_step {
    MXS_DANE_ASK_CNAME, /* address insecure and an alias: ask the CNAME type of the host (2.1.3) */
    MXS_DANE_ASK_TLSA,  /* ask TLSA at `base` */
    MXS_DANE_DONE       /* tlsa_base_domain and tlsa_security of the host are settled */
};

struct mxs_dane_plan {
    enum mxs_dane_step step;
    const char *base; /* ASK_TLSA: the candidate base domain */
    /* DONE: BOGUS and ERROR mean that the host MUST be treated as unreachable (RFC 7672 2.1.2), also
     * where the CNAME query failed and no TLSA was asked. SECURE comes with the base domain. The others
     * (NONE = not asked, ABSENT, INSECURE, UNSUPPORTED) mean no DANE. A lookup error of the address
     * itself is not repeated here: address_security has it. */
    const char *tlsa_base_domain; /* NULL: DANE does not apply */
    enum mxs_security tlsa_security;
    const char *why; /* one line, a constant or borrowed from host; NULL */
};

/* From what is known of the host so far (addresses, canonname, cname_security, candidates) to the next
 * step. Call again after each answer has been folded in. */
struct mxs_dane_plan mxs_dane_lookup_next(const struct mxs_host_facts *host);

#endif
