/* Claims: what a lesson says of a walk, as words that are true or false of its journal, evidence and
 * assessment, and of what scenarios and the planner make of these. An answer is right because its claim
 * holds, a goal is met for the same reason, and a step stops the walk where its moment comes. The words
 * stand in the table of claim_words.c and in mxscope-lesson(5). */
#ifndef MXSCOPE_SRC_LEARN_CLAIM_H
#define MXSCOPE_SRC_LEARN_CLAIM_H

#include "journal/journal.h"
#include "judge/assess.h"
#include "whatif/plan.h"
#include "whatif/scenario.h"

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

/* What the claims about the future are asked of: the matrix and the planner, on the walk's evidence. */
struct mxs_claim_futures {
    const struct mxs_scenarios *scenarios;
    struct mxs_whatif whatif;
    const struct mxs_plan_next *next; /* what a rollover is planned for; NULL: nothing is known of it */
};

struct mxs_claim_facts { /* evidence, assessment, futures may be NULL: what needs them does not hold */
    const struct mxs_journal *journal;
    const struct mxs_evidence *evidence;
    const struct mxs_assessment *assessment;
    /* Asked only by a claim that needs it, since scenarios take time to read; gives NULL where there are
     * none. What it gives lives as long as the facts. */
    const struct mxs_claim_futures *(*futures)(void *data);
    void *data;
};

/* Names only the caller knows; a NULL function checks nothing. */
struct mxs_lesson_known {
    bool (*fault)(void *data, const char *name);
    bool (*verifier)(void *data, const char *name);
    bool (*scenario)(void *data, const char *name);
    bool (*view)(void *data, const char *name);
    bool (*card)(void *data, const char *id); /* an entry of the glossary */
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
