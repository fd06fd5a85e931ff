/* Claims: what a lesson says of a walk, as words that are true or false of its journal, evidence and
 * assessment. An answer is right because its claim holds, a goal is met for the same reason, and a
 * step stops the walk where its moment comes. The words stand in the table of claim.c and in
 * mxscope-lesson(5). */
#ifndef MXSCOPE_SRC_LEARN_CLAIM_H
#define MXSCOPE_SRC_LEARN_CLAIM_H

#include "journal/journal.h"
#include "judge/assess.h"

struct mxs_claim_word; /* a row of the table */

struct mxs_claim_term { /* [!]WORD:NAME[=VALUE][@HOST|@N] */
    const struct mxs_claim_word *word;
    const char *name, *value; /* value NULL: none given */
    const char *of;           /* "mx1.lab.test", "2", or NULL: any session */
    bool no;                  /* the term must not hold */
};

struct mxs_claim {
    const char *text; /* as written; NULL: nothing is claimed */
    MXS_LIST(struct mxs_claim_term) terms; /* all must hold */
};

struct mxs_claim_facts { /* evidence and assessment may be NULL: what needs them does not hold */
    const struct mxs_journal *journal;
    const struct mxs_evidence *evidence;
    const struct mxs_assessment *assessment;
};

/* Names only the caller knows; a NULL function checks nothing. */
struct mxs_lesson_known {
    bool (*fault)(void *data, const char *name);
    bool (*verifier)(void *data, const char *name);
    void *data;
};

/* Reads terms parted by blanks. MXS_ERR_SYNTAX, why without a place: "no finding is called xyz". */
enum mxs_err mxs_claim_parse(struct mxs_arena *arena, const char *text,
                             const struct mxs_lesson_known *known, struct mxs_claim *out,
                             struct mxs_why *why);
bool mxs_claim_holds(const struct mxs_claim *claim, const struct mxs_claim_facts *facts);

/* The moment at which a walk is to stop. */
struct mxs_moment {
    enum { MXS_MOMENT_HERE, MXS_MOMENT_EVENT, MXS_MOMENT_END } kind;
    struct mxs_claim claim; /* EVENT: one term about an event */
};

/* "start" (where it stands), "end", or one term about an event. */
enum mxs_err mxs_moment_parse(struct mxs_arena *arena, const char *text,
                              const struct mxs_lesson_known *known, struct mxs_moment *out,
                              struct mxs_why *why);
/* The number of events up to and with the first one from `from` on at which the moment comes; false:
 * not yet. */
bool mxs_moment_find(const struct mxs_moment *moment, const struct mxs_claim_facts *facts,
                     size_t from, size_t *upto);

#endif
