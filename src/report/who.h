/* Verifiers in few words: "Postfix dane, dane-only; ~Gmail", each product once. */
#ifndef MXSCOPE_SRC_REPORT_WHO_H
#define MXSCOPE_SRC_REPORT_WHO_H

#include "judge/profile.h"

struct mxs_who_product {
    const char *product; /* "Postfix", with ~ in front when nobody measured it */
    struct mxs_strs modes;
};

struct mxs_who {
    struct mxs_arena *arena;
    const struct mxs_profiles *profiles; /* NULL: names as they are */
    MXS_LIST(struct mxs_who_product) products;
    size_t n; /* verifiers */
};

void mxs_who_add(struct mxs_who *who, const char *verifier);
const char *mxs_who_text(const struct mxs_who *who); /* "" when nobody is in it; in the arena */

/* What senders do next, as paragraphs: who delivers in cleartext and when, whose mail waits, whose comes
 * back. Empty kinds are left out. */
struct mxs_who_then {
    const char *title; /* "CLEARTEXT at once:" */
    bool cleartext;
    struct mxs_who who;
};
enum { MXS_WHO_THENS = 4 };
/* Fills out in the order of harm. */
void mxs_who_thens(struct mxs_arena *arena, const struct mxs_profiles *profiles,
                   const struct mxs_verdict *verdict, struct mxs_who_then out[MXS_WHO_THENS]);

/* What senders write about the refusal at their first attempt, those together that write the same; those of
 * whom nobody knows are left out. */
struct mxs_who_log {
    struct mxs_who who;
    struct mxs_strs lines;
};
struct mxs_who_logs {
    MXS_LIST(struct mxs_who_log) v;
};
void mxs_who_logs(struct mxs_arena *arena, const struct mxs_profiles *profiles,
                  const struct mxs_verdict *verdict, struct mxs_who_logs *out);

#endif
