/* Judges a chain by one rule set: "server good" or "client bad REASON@DEPTH ..". */
#include "config.h"

#include "base/file.h"
#include "judge/path.h"

#include <stdio.h>
#include <stdlib.h>

static void load(struct mxs_arena *arena, const char *path, struct mxs_chain *out)
{
    struct mxs_bytes pem;
    struct mxs_why why;
    if (mxs_file_read(arena, path, 1 << 20, &pem, &why) || mxs_cert_pem(arena, path, pem, out, &why)) {
        fprintf(stderr, "%s\n", why.text);
        exit(1);
    }
}

static void judge(struct mxs_arena *arena, const struct mxs_paths *paths,
                  const struct mxs_ruleset *rules, enum mxs_purpose purpose, int64_t at)
{
    struct mxs_path_choice c = mxs_paths_choose(arena, paths, rules, purpose, at);
    printf("%s %s", purpose == MXS_PURPOSE_SERVER ? "server" : "client",
           c.path && !c.reasons.n ? "good" : "bad");
    for (size_t i = 0; i < c.reasons.n; i++)
        printf(" %s@%d", c.reasons.v[i].id, c.reasons.v[i].depth);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct mxs_arena *arena = mxs_arena_new();
    const struct mxs_ruleset *rules = argc == 5 ? mxs_ruleset(argv[1]) : NULL;
    if (!rules) {
        fprintf(stderr, "usage: paths RULES EPOCH CHAIN.pem STORE.pem\n");
        return 1;
    }
    struct mxs_chain chain = { { NULL, 0, 0 } };
    struct mxs_store *store = mxs_store_new(argv[4]);
    struct mxs_signatures *signatures = mxs_signatures_new();
    struct mxs_paths paths = { .truncated = false };
    load(arena, argv[3], &chain);
    struct mxs_path_query query = { &chain, store, NULL, 0 };
    mxs_paths_build(arena, signatures, &query, &paths);
    judge(arena, &paths, rules, MXS_PURPOSE_SERVER, strtoll(argv[2], NULL, 10));
    judge(arena, &paths, rules, MXS_PURPOSE_CLIENT, strtoll(argv[2], NULL, 10));
    mxs_signatures_free(signatures);
    mxs_store_free(store);
    mxs_arena_free(arena);
    return 0;
}
