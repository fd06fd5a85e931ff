/* The rows of the table of words, for claim.c. */
#ifndef MXSCOPE_SRC_LEARN_CLAIM_WORDS_H
#define MXSCOPE_SRC_LEARN_CLAIM_WORDS_H

#include "learn/claim.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct mxs_claim_word {
    const char *word;
    /* Whether the words behind the colon may stand there; NULL: any may. */
    bool (*knows)(const struct mxs_lesson_known *known, const struct mxs_claim_term *term);
    const char *what; /* "no WHAT is called .." */
    bool value;       /* NAME=VALUE is needed */
    /* One of these: about an event, about a session with its judgements, about the rest. */
    bool (*event)(const struct mxs_claim_term *term, const struct mxs_event *event);
    bool (*session)(const struct mxs_claim_term *term, const struct mxs_host_facts *host,
                    const struct mxs_session_facts *session,
                    const struct mxs_session_assessment *judged);
    bool (*rest)(const struct mxs_claim_term *term, const struct mxs_claim_facts *facts);
};

const struct mxs_claim_word *mxs_claim_words(size_t *n);

/* claim_future.c: what scenarios and the planner say. */
bool mxs_claim_whatif(const struct mxs_claim_term *term, const struct mxs_claim_facts *facts);
bool mxs_claim_knows_whatif(const struct mxs_lesson_known *known, const struct mxs_claim_term *term);
bool mxs_claim_plan(const struct mxs_claim_term *term, const struct mxs_claim_facts *facts);
bool mxs_claim_knows_plan(const struct mxs_lesson_known *known, const struct mxs_claim_term *term);

/* @HOST or @N behind the term; without it any session will do. */
bool mxs_claim_session_is(const struct mxs_claim_term *term, const struct mxs_host_facts *host,
                          uint32_t session);
/* Whether the verdict comes to that channel or action; "unknown" is the action that nobody came to. */
bool mxs_claim_comes_to(const struct mxs_verdict *verdict, const char *what);
/* The same of what the sender does in the end about a receiver's refusal. */
bool mxs_claim_then(const struct mxs_verdict *verdict, const char *sender_what);
bool mxs_claim_is_outcome(const char *what);

/* Of words and numbers in terms. */
static inline bool same(const char *a, const char *b)
{
    return a && b && mxs_ascii_equal(a, b);
}

static inline bool number_is(const char *text, long n)
{
    char *end;
    return strtol(text, &end, 10) == n && end != text && !*end;
}

static inline bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == 0;
}

#endif
