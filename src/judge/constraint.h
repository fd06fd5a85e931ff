/* Name constraints of CAs (RFC 5280 4.2.1.10) for the name forms that mail servers have: dNSName,
 * directoryName, iPAddress. */
#ifndef MXSCOPE_SRC_JUDGE_CONSTRAINT_H
#define MXSCOPE_SRC_JUDGE_CONSTRAINT_H

#include "facts/cert.h"

/* False: cert has so many names and ca so many subtrees that nobody compares them all. A peer may show
 * both; OpenSSL refuses such a pair too (NAME_CHECK_MAX). */
bool mxs_constraint_bounded(const struct mxs_cert *ca, const struct mxs_cert *cert);

/* NULL when every name of cert is within what ca permits and outside what it excludes; else the name
 * that is not (in arena). cn: a CN stands for a DNS name where there is no DNS-ID. A constraint that
 * cannot be read allows nothing. */
const char *mxs_constraint_breach(struct mxs_arena *arena, const struct mxs_cert *ca,
                                  const struct mxs_cert *cert, bool cn);

#endif
