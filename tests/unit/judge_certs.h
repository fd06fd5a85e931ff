/* The fixed certificates of tests/certs/judge, by file name, and the instant they are judged at. */
#ifndef MXSCOPE_TESTS_UNIT_JUDGE_CERTS_H
#define MXSCOPE_TESTS_UNIT_JUDGE_CERTS_H

#include "base/clock.h"
#include "base/file.h"
#include "judge/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_AT "2026-12-01"

static inline int64_t judge_at(const char *date)
{
    int64_t at = 0;
    if (mxs_time_parse(date, &at) != MXS_OK) {
        fprintf(stderr, "%s is no date\n", date);
        abort();
    }
    return at;
}

static inline struct mxs_bytes judge_file(struct mxs_arena *arena, const char *folder,
                                          const char *name, const char *suffix)
{
    const char *srcdir = getenv("srcdir");
    struct mxs_why why;
    struct mxs_bytes out;
    char *path = mxs_arena_printf(arena, "%s/tests/certs/%s/%s%s", srcdir ? srcdir : ".", folder,
                                  name, suffix);
    if (mxs_file_read(arena, path, 1 << 20, &out, &why) != MXS_OK) {
        fprintf(stderr, "%s\n", why.text);
        abort();
    }
    return out;
}

static inline const struct mxs_cert *judge_cert(struct mxs_arena *arena, const char *name)
{
    struct mxs_chain chain = { { NULL, 0, 0 } };
    struct mxs_why why;
    if (mxs_cert_pem(arena, name, judge_file(arena, "judge", name, ".crt"), &chain, &why)) {
        fprintf(stderr, "%s\n", why.text);
        abort();
    }
    return chain.certs.v[0];
}

/* "good int root": a chain, leaf first; "" or "-" is none. */
static inline void judge_chain(struct mxs_arena *arena, const char *names, struct mxs_chain *out)
{
    *out = (struct mxs_chain){ { NULL, 0, 0 } };
    char *copy = mxs_arena_strdup(arena, names), *save = NULL;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
        if (strcmp(w, "-") != 0)
            *mxs_list_add(arena, &out->certs) = judge_cert(arena, w);
}

static inline struct mxs_store *judge_store(struct mxs_arena *arena, const char *names)
{
    struct mxs_store *store = mxs_store_new("none");
    struct mxs_chain chain;
    judge_chain(arena, names, &chain);
    for (size_t i = 0; i < chain.certs.n; i++)
        mxs_store_add(store, chain.certs.v[i]);
    return store;
}

#endif
