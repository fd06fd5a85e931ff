/* And then: what each kind of sender does about a receiver's refusal of its client certificate, at once
 * and on the retry. A refused certificate can end in mail in cleartext: that is what the removal of the
 * clientAuth EKU can really cost. */
#ifndef MXSCOPE_SRC_WHATIF_FALLBACK_H
#define MXSCOPE_SRC_WHATIF_FALLBACK_H

#include "judge/profile.h"

/* How this verdict turned the sender away; -1: it did not, or nobody knows. */
int mxs_fallback_refusal(const struct mxs_verdict *receiver, unsigned tls_version);

/* Fills verdict->then, for a receiver's verdict that refuses: one row for each sender profile that
 * presents client certificates (tools do not count). Others: the list stays empty. */
void mxs_fallback(const struct mxs_judge *judge, const struct mxs_profiles *profiles,
                  struct mxs_verdict *verdict);

#endif
