/* A subject made of words (judge_words.h) and scenarios made of changes, laid for real: for the tests of
 * matrix, remedies and timeline. */
#ifndef MXSCOPE_TESTS_UNIT_WHATIF_WORLD_H
#define MXSCOPE_TESTS_UNIT_WHATIF_WORLD_H

#include "judge/profile.h"
#include "judge_words.h"
#include "whatif/matrix.h"

struct whatif_world {
    struct mxs_arena *arena;
    struct judge_words w;
    struct mxs_store *store;
    struct mxs_profiles *profiles;
    struct mxs_keypool *pool;
    struct mxs_scenarios *scenarios;
    struct mxs_assess_options options;
    struct mxs_whatif whatif;
    struct mxs_subject subject;
    const struct mxs_scenario *list[16];
    size_t n;
};

static inline void whatif_world_must(enum mxs_err err, const struct mxs_why *why)
{
    if (err) {
        fprintf(stderr, "%s\n", why->text);
        abort();
    }
}

static inline const char *whatif_world_source(struct mxs_arena *arena, const char *path)
{
    const char *srcdir = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/%s", srcdir ? srcdir : ".", path);
}

/* verifiers: n names or globs; the store has the root of the tests. */
static inline void whatif_world_make(struct whatif_world *w, const char *words,
                                     const char *const *verifiers, size_t n)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_bytes keys;
    *w = (struct whatif_world){ .arena = mxs_arena_new() };
    w->store = judge_store(w->arena, "root");
    whatif_world_must(mxs_profiles_load(whatif_world_source(w->arena, "share/verifiers"),
                                        &w->profiles, &why), &why);
    whatif_world_must(mxs_file_read(w->arena, whatif_world_source(w->arena, "share/keys/throw-away.pem"),
                                    1 << 20, &keys, &why), &why);
    whatif_world_must(mxs_scenarios_load(NULL, NULL, &w->scenarios, &why), &why);
    judge_words_make(&w->w, words, w->store);
    w->options = w->w.options;
    w->options.profiles = w->profiles;
    for (size_t i = 0; i < n; i++)
        *mxs_list_add(w->arena, &w->options.verifiers) = verifiers[i];
    w->pool = mxs_keypool_new(keys);
    w->whatif = (struct mxs_whatif){ .options = &w->options, .rebuild = mxs_rebuild_new(w->pool) };
    w->subject = (struct mxs_subject){ .name = "the subject", .evidence = &w->w.e.ev,
                                       .host = w->w.e.host, .session = w->w.s };
}

/* head: lines of [scenario]; changes: one line each, "\n" between. */
static inline void whatif_world_scenario(struct whatif_world *w, const char *head, const char *changes)
{
    struct mxs_why why = { MXS_OK, "" };
    const char *text = mxs_arena_printf(w->arena, "[scenario]\nid = t/s%zu\ntitle = Scenario %zu\n%s\n"
                                        "[changes]\n", w->n, w->n, head);
    char *copy = mxs_arena_strdup(w->arena, changes), *save = NULL;
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        text = mxs_arena_printf(w->arena, "%schange = %s\n", text, line);
    whatif_world_must(mxs_scenarios_add_text(w->scenarios, "test", mxs_bytes_str(text),
                                             &w->list[w->n], &why), &why);
    w->n++;
}

static inline void whatif_world_free(struct whatif_world *w)
{
    mxs_rebuild_free(w->whatif.rebuild);
    mxs_keypool_free(w->pool);
    mxs_scenarios_free(w->scenarios);
    mxs_profiles_free(w->profiles);
    judge_words_free(&w->w);
    mxs_store_free(w->store);
    mxs_arena_free(w->arena);
}

#endif
