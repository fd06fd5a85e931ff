/* A lesson: one or more walks of the lab (or of recorded sessions), parted into steps. Each step runs
 * the walk to a moment, names what to look at, and shows a card; a step may ask what comes next. Data
 * that anyone can write: share/lessons, mxscope-lesson(5). */
#ifndef MXSCOPE_SRC_LEARN_LESSON_H
#define MXSCOPE_SRC_LEARN_LESSON_H

#include "learn/claim.h"

enum { MXS_LESSON_ANSWERS = 4, MXS_LESSON_STEPS = 100 };

struct mxs_lesson_option { /* as on the command line, of those that a lesson may set */
    const char *name, *value;
    unsigned line; /* of the file */
};

/* A walk of its own: it begins with the lesson, and anew with each step that has a `lab:` line. */
struct mxs_lesson_act {
    struct mxs_strs faults;  /* of the lab; empty: the clean one */
    const char *session;     /* a recorded session instead, beside the lesson's file; NULL */
    const char *target;      /* NULL: the lab's domain */
    const char *certificate; /* what we show when asked: "client" "both" "server-only"; NULL: none */
    const char *next_key;    /* PEM beside the lesson's file, for Plan; NULL: nothing is known of it */
    MXS_LIST(struct mxs_lesson_option) options;
};

struct mxs_lesson_row { /* of a card: "happens", "checks", .. */
    const char *name, *text;
};

struct mxs_lesson_answer {
    const char *text;
    struct mxs_claim when; /* it is right when this holds */
};

struct mxs_lesson_step {
    unsigned line; /* of the file */
    const char *title;
    size_t act;
    struct mxs_moment run, reveal; /* where the walk stops: for the card, and once the answer shows */
    const char *view, *row;        /* a view's name or key, words of a row there; NULL */
    const char *shown_view, *shown_row; /* instead, once the answer shows; NULL: as before it */
    const char *explain;           /* a card of the glossary, "stage/ehlo"; NULL */
    MXS_LIST(struct mxs_lesson_row) card;
    const char *ask, *because;     /* the question; what is said to the right answer. NULL: none */
    struct mxs_lesson_answer answers[MXS_LESSON_ANSWERS];
    size_t n_answers;
};

struct mxs_lesson_goal {
    const char *text;
    struct mxs_claim when;
    size_t act; /* of whose walk it must hold */
};

struct mxs_lesson {
    struct mxs_arena *arena; /* owns all of it */
    const char *file, *id, *title, *goal;
    MXS_LIST(struct mxs_lesson_act) acts;   /* one at least */
    MXS_LIST(struct mxs_lesson_step) steps; /* one at least */
    MXS_LIST(struct mxs_lesson_goal) goals;
    const char *closing; /* the hand-out: what to take home */
};

/* Reads one lesson; MXS_ERR_SYNTAX, _LIMIT, _IO, _UNSUPPORTED (a newer version) with why
 * "FILE:LINE: ..". known may be NULL. */
enum mxs_err mxs_lesson_read(const char *path, const struct mxs_lesson_known *known,
                             struct mxs_lesson **out, struct mxs_why *why);
/* The same of a text; name is what errors call it. */
enum mxs_err mxs_lesson_parse(const char *name, struct mxs_bytes text,
                              const struct mxs_lesson_known *known, struct mxs_lesson **out,
                              struct mxs_why *why);
void mxs_lesson_free(struct mxs_lesson *lesson); /* NULL is fine */

/* The lessons of a folder in order of their file names. On error nothing is given. */
struct mxs_lessons {
    struct mxs_arena *arena;
    MXS_LIST(struct mxs_lesson *) v;
};
enum mxs_err mxs_lessons_load(const char *folder, const struct mxs_lesson_known *known,
                              struct mxs_lessons *out, struct mxs_why *why);
void mxs_lessons_free(struct mxs_lessons *lessons);
/* By number (1 ..), id, or what only one id begins with. MXS_ERR_NOT_FOUND with why. */
enum mxs_err mxs_lessons_find(const struct mxs_lessons *lessons, const char *word, size_t *index,
                              struct mxs_why *why);

/* A lesson about any recorded session: a step a stage that it has, with the stage's card, and
 * questions whose answers its journal and assessment decide. id and title as given. */
struct mxs_lesson *mxs_lesson_of_session(const char *path, const struct mxs_claim_facts *facts);

/* How many events belong to the step, its question revealed or not: the moments of its act's steps
 * come one after the other. False: the walk has not got there yet; then *upto is where it stands. */
bool mxs_lesson_stop(const struct mxs_lesson *lesson, size_t step, bool revealed,
                     const struct mxs_claim_facts *facts, size_t *upto);
/* Values that a row of a card may name in braces. {log:VERIFIER}: what it writes, by its verdict;
 * {remote}: where the walk connected to last. A value that is not there yet gives "..". */
struct mxs_lesson_values {
    const char *ca;  /* {ca}: a file with the lab's roots; NULL: none */
    const char *dns; /* {dns}: the lab's name server as dig is told, "@127.0.0.1 -p 5300"; NULL: none */
};
/* True when each name in braces is one of those. */
bool mxs_lesson_fills(const char *text, const struct mxs_lesson_known *known);
const char *mxs_lesson_fill(struct mxs_arena *arena, const char *text,
                            const struct mxs_claim_facts *facts,
                            const struct mxs_lesson_values *values);
/* The one answer whose claim holds (0 ..); -1: none does, or several do. */
int mxs_lesson_right(const struct mxs_lesson_step *step, const struct mxs_claim_facts *facts);

#endif
