/* The glossary: log lines, alerts, stages and words of the field, as data (share/glossary/NAME.json),
 * and the search of a pasted text in it. Findings explain themselves from findings.def and are
 * entries too. */
#ifndef MXSCOPE_SRC_JUDGE_GLOSSARY_H
#define MXSCOPE_SRC_JUDGE_GLOSSARY_H

#include "base/arena.h"

struct mxs_entry {
    const char *id;    /* "postfix/not-trusted", "finding/connect-refused" */
    const char *kind;  /* "log" "alert" "stage" "word" "tls-rpt" "finding" "sender" */
    const char *title, *side, *means, *look; /* side and look may be NULL */
    const char *rfc, *lesson;                /* or NULL */
    struct mxs_strs match; /* what a text must contain, '*' for anything, ASCII case ignored */
};

struct mxs_glossary; /* immutable after loading */

/* Reads every *.json of a directory and adds the findings. Errors: "FILE:LINE: reason". */
enum mxs_err mxs_glossary_load(const char *directory, struct mxs_glossary **out,
                               struct mxs_why *why);
/* Adds large senders as entries of kind "sender", who enforces what with note and source. */
struct mxs_senders;
void mxs_glossary_add_senders(struct mxs_glossary *glossary, const struct mxs_senders *senders);
void mxs_glossary_free(struct mxs_glossary *glossary); /* NULL is fine */
size_t mxs_glossary_count(const struct mxs_glossary *glossary);
const struct mxs_entry *mxs_glossary_at(const struct mxs_glossary *glossary, size_t index);
/* By id, with or without its first part ("finding/"); NULL. */
const struct mxs_entry *mxs_glossary_find(const struct mxs_glossary *glossary, const char *id);

/* The entry that explains a text best: an exact id, else the one with the longest matching pattern;
 * words and stages match only whole words. NULL when nothing matches. */
const struct mxs_entry *mxs_glossary_explain(const struct mxs_glossary *glossary,
                                             const char *text);
/* The nearest by shared letter triples, for "did you mean": NULL when nothing is near. */
const struct mxs_entry *mxs_glossary_nearest(const struct mxs_glossary *glossary,
                                             const char *text);

#endif
