/* Name constraints of CAs (RFC 5280 4.2.1.10) for the name forms that mail servers have: dNSName,
 * directoryName, iPAddress, uniformResourceIdentifier. */
#ifndef MXSCOPE_SRC_JUDGE_CONSTRAINT_H
#define MXSCOPE_SRC_JUDGE_CONSTRAINT_H

#include "facts/cert.h"
#include "judge/ruleset.h"

/* False: cert has so many names and ca so many subtrees that nobody compares them all. A peer may show
 * both; OpenSSL refuses such a pair too (NAME_CHECK_MAX). */
bool mxs_constraint_bounded(const struct mxs_cert *ca, const struct mxs_cert *cert);

struct mxs_breach {
    const char *name; /* that lies outside; NULL: none */
    bool excluded;    /* inside what the CA excludes, not outside what it permits */
};

/* Whether every name of cert is within what ca permits and outside what it excludes; the name is in arena.
 * leaf: a CN stands for a DNS name where there is no DNS-ID and the rules say so. A constraint that cannot
 * be read allows nothing. */
struct mxs_breach mxs_constraint_breach(struct mxs_arena *arena, const struct mxs_ruleset *rules,
                                        const struct mxs_cert *ca, const struct mxs_cert *cert, bool leaf);

#endif
