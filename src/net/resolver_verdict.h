/* What libunbound's result means, as a DNS answer with its security state. */
#ifndef MXSCOPE_SRC_NET_RESOLVER_VERDICT_H
#define MXSCOPE_SRC_NET_RESOLVER_VERDICT_H

#include "facts/dns.h"

struct ub_result;

/* ub_error and result as libunbound's callback got them; result may be NULL. answer has qname and
 * qtype; the rest is filled, in arena. True when not the domain, but the way to the trust anchor is
 * broken (a resolver that strips DNSSEC records, a stale anchor, a wrong clock): the security is then
 * ERROR, since nothing was learned of the domain. */
bool mxs_resolver_verdict(struct mxs_arena *arena, int ub_error, const struct ub_result *result,
                          struct mxs_dns_answer *answer);

/* The signer in the packet's answer section: of the first RRSIG whose algorithm this build's validator
 * does not know, else of the last RRSIG; NULL when there is none. */
const char *mxs_resolver_signer(struct mxs_arena *arena, struct mxs_bytes packet);
/* True when none of the answer's DS records could be used by the validator. */
bool mxs_resolver_ds_unknown(const struct mxs_dns_answer *ds);

#endif
