/* What certificate revocation lists say of a path (RFC 5280 6.3). */
#ifndef MXSCOPE_SRC_JUDGE_CRL_H
#define MXSCOPE_SRC_JUDGE_CRL_H

#include "judge/path.h"

/* Adds what the CRLs of the path's store say of certificate i, as far as the rules look at them. */
void mxs_crl_judge(struct mxs_arena *arena, const struct mxs_path *path, const struct mxs_ruleset *rules,
                   int64_t at, size_t i, struct mxs_reasons *out);

#endif
