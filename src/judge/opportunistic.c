#include "config.h"

#include "judge/verifier.h"

/* Any certificate will do, even an expired or self-signed one; without TLS the mail goes out in the
 * clear (RFC 3207 4.1, RFC 7435 3). */
void mxs_check_opportunistic(const struct mxs_judge *j, struct mxs_verdict *v)
{
    if (mxs_transport_settles(j, v, false, NULL))
        return;
    v->verified = 0;
    mxs_verdict_deliver(v, MXS_CHANNEL_ENCRYPTED);
}
