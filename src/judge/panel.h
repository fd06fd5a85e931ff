/* The verifiers that judge one session, one by one: what an assessment runs through at once, and a
 * what-if matrix a cell at a time. */
#ifndef MXSCOPE_SRC_JUDGE_PANEL_H
#define MXSCOPE_SRC_JUDGE_PANEL_H

#include "judge/assess.h"
#include "judge/verifier.h"

struct mxs_profile;

struct mxs_panel_seat {
    const char *name;
    enum mxs_role role;
    const struct mxs_verifier *rfc;    /* one of the two */
    const struct mxs_profile *profile;
};

struct mxs_panel {
    MXS_LIST(struct mxs_panel_seat) seats; /* options' first, then rfc/, senders, receivers */
};

/* Those that apply to judge's session and that options ask for (its profiles, its verifiers). Senders
 * judge a server's certificate; receivers one that a client shows: in evidence of a sending server, or
 * where the walk showed one. out's list is in judge->arena. */
void mxs_panel_of(const struct mxs_judge *judge, const struct mxs_assess_options *options,
                  struct mxs_panel *out);
/* One verdict, in judge->arena; out is set whole. judge may show another session than the one the panel
 * was made for: the same verifier asked again of another evidence. */
void mxs_panel_judge(const struct mxs_judge *judge, const struct mxs_panel_seat *seat,
                     struct mxs_verdict *out);

#endif
