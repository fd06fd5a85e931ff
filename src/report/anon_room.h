/* What learning (anon_learn.c), numbers (anon.c) and replacing (anon_text.c) share. */
#ifndef MXSCOPE_SRC_REPORT_ANON_ROOM_H
#define MXSCOPE_SRC_REPORT_ANON_ROOM_H

#include "report/anon.h"

enum mxs_anon_kind { /* each counts for itself */
    MXS_ANON_DOMAIN, MXS_ANON_HOST, MXS_ANON_IPV4, MXS_ANON_IPV6, MXS_ANON_MAILBOX, MXS_ANON_DIGEST,
    MXS_ANON_ORGANIZATION, MXS_ANON_UNIT, MXS_ANON_NAME, MXS_ANON_PLACE, MXS_ANON_OTHER,
    MXS_ANON_KINDS
};

struct mxs_anon_entry {
    enum mxs_anon_kind kind;
    const char *key; /* lower case */
    unsigned n;      /* 1.. within its kind */
};

struct mxs_anon_phrase { /* words that are replaced wherever they stand as words */
    const char *words, *as;
    bool spaced; /* of several words or labels: looked for before anything else */
    bool strict; /* too short or too common: only behind '=' or as the whole text, case matters */
};

struct mxs_anon {
    struct mxs_arena *arena;
    const struct mxs_catalog *catalog;
    struct mxs_anon_entry **table; /* open addressing */
    size_t used, size;
    unsigned counts[MXS_ANON_KINDS];
    MXS_LIST(struct mxs_anon_phrase) phrases; /* longest first */
    struct mxs_strs domains;                  /* learned, lower case */
    struct mxs_strs digests;                  /* learned, lower case */
    struct mxs_strs taken;                    /* documentation addresses that are somebody's here */
    const char **open;                        /* hex of the catalog, sorted */
    size_t n_open;
};

/* The number of a key, given at its first sight. */
unsigned mxs_anon_number(struct mxs_anon *anon, enum mxs_anon_kind kind, const char *key);
bool mxs_anon_knows(struct mxs_anon *anon, enum mxs_anon_kind kind, const char *key); /* it has one */
/* The learned domain of a lower-case name, or a guess; a part of name. */
const char *mxs_anon_domain_of(const struct mxs_anon *anon, const char *name);
bool mxs_anon_is_mapped(const char *name); /* what stands for another already */
bool mxs_anon_is_taken(const struct mxs_anon *anon, const char *address);
bool mxs_anon_is_open(const struct mxs_anon *anon, const char *digits); /* the catalog has it: nobody's */
/* The name to use; name is lower case, without a dot at its end. */
const char *mxs_anon_host(struct mxs_anon *anon, struct mxs_arena *arena, const char *name);
/* NULL: it stays. */
const char *mxs_anon_address(struct mxs_anon *anon, struct mxs_arena *arena, const char *address);
/* Hex digits of the same number; NULL: they stay. digits is lower case. */
const char *mxs_anon_digest(struct mxs_anon *anon, struct mxs_arena *arena, const char *digits);
bool mxs_anon_is_host(const char *s, size_t n); /* looks like one: two labels and a top-level domain */

#endif
