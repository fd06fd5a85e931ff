/* The public PKI: a path to an anchor of the store, and the name (RFC 5280, RFC 9525). */
#ifndef MXSCOPE_SRC_JUDGE_WEBPKI_H
#define MXSCOPE_SRC_JUDGE_WEBPKI_H

#include "judge/verifier.h"

/* What stands against the session's chain by these rules, nearest the leaf first, the name last.
 * names NULL: no name is asked for. Nothing added: it is good. */
void mxs_webpki_judge(const struct mxs_judge *judge, const struct mxs_ruleset *rules,
                      enum mxs_purpose purpose, const struct mxs_strs *names,
                      struct mxs_reasons *out);

#endif
