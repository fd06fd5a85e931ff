/* The same program in another of its modes: what a receiver is that starts to ask, or a sender that
 * starts to insist on TLS. Which mode that is follows from the profiles' rules, by no list of names. */
#ifndef MXSCOPE_SRC_WHATIF_SEAT_H
#define MXSCOPE_SRC_WHATIF_SEAT_H

#include "judge/profile.h"

enum mxs_receivers {
    MXS_RECEIVERS_AS_THEY_ARE,
    MXS_RECEIVERS_ASK,     /* for a client certificate */
    MXS_RECEIVERS_REQUIRE, /* one */
    MXS_RECEIVERS_IGNORE,  /* they know the sender by SASL or address, and ask for none */
    MXS_RECEIVERS_PIN      /* they have its fingerprint or key on file, and no chain counts */
};

/* The mode of p's program that does so: p itself when it does already, NULL when there is none. */
const struct mxs_profile *mxs_seat_receiver(const struct mxs_profiles *profiles,
                                            const struct mxs_profile *p, enum mxs_receivers mode);
/* The mode of a sender that never goes on in cleartext, alike otherwise; NULL. */
const struct mxs_profile *mxs_seat_requires_tls(const struct mxs_profiles *profiles,
                                                const struct mxs_profile *p);

#endif
