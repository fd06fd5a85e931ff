/* --client-cert-trial: two sessions with one address, without our certificate and with it, and which
 * receivers' profiles would have done what was seen. */
#ifndef MXSCOPE_SRC_JUDGE_TRIAL_H
#define MXSCOPE_SRC_JUDGE_TRIAL_H

#include "judge/verifier.h"

struct mxs_profiles;

enum mxs_trial_state {
    MXS_TRIAL_NOT_ASKED, /* neither session was asked for one */
    MXS_TRIAL_NOT_NEEDED, /* asked; without one the session came as far as it was to go */
    MXS_TRIAL_NEEDED
};
const char *mxs_trial_state_name(enum mxs_trial_state state); /* "asked, not needed" */

struct mxs_trial_fit {
    const char *profile;
    enum mxs_grade grade;
    bool exact; /* with the trust store and list assumed; false: with others of its operator's */
};

struct mxs_trial {
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *without, *with;
    enum mxs_trial_state state;
    const char *without_end, *with_end; /* in words: "accepted", "refused by alert 116", .. */
    MXS_LIST(struct mxs_trial_fit) fits; /* exact ones first, then by grade, then by name */
};

/* with: the judge of the session that showed the certificate. False: it has no session without one
 * beside it, or one of the two did not reach TLS. out lives in with->arena. */
bool mxs_trial_of(const struct mxs_judge *with, const struct mxs_profiles *profiles,
                  struct mxs_trial *out);

#endif
