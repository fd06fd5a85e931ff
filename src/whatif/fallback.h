/* And then: what each kind of sender does about a receiver's refusal of its client certificate, at once
 * and on the retry. A refused certificate can end in mail in cleartext: that is what the removal of the
 * clientAuth EKU can really cost. */
#ifndef MXSCOPE_SRC_WHATIF_FALLBACK_H
#define MXSCOPE_SRC_WHATIF_FALLBACK_H

#include "judge/assess.h"
#include "judge/profile.h"

/* How this verdict turned the sender away; false: it did not, or nobody knows. receiver: whose verdict it
 * is, NULL unknown. shown: the sender had shown a certificate. */
bool mxs_fallback_refusal(const struct mxs_profile *receiver, const struct mxs_verdict *verdict,
                          unsigned tls_version, bool shown, struct mxs_refused *out);

/* Fills verdict->then, for a receiver's verdict that refuses: one row for each sender profile that
 * presents client certificates (tools do not count). Others: the list stays empty. */
void mxs_fallback(const struct mxs_judge *judge, const struct mxs_profiles *profiles,
                  struct mxs_verdict *verdict);
/* The same for every verdict of an assessment. */
void mxs_fallback_all(struct mxs_assessment *assessment, const struct mxs_profiles *profiles);

#endif
