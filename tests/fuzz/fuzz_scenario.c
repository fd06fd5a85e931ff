/* Scenario files: an operator's own, or one that came by mail. */
#include "config.h"

#include "fuzz/fuzz.h"
#include "whatif/change.h"
#include "whatif/scenario.h"

static struct mxs_catalog *catalog;

static void free_catalog(void)
{
    mxs_catalog_free(catalog);
}

/* A small one, so that names are looked up. */
static void load_catalog(void)
{
    static const char text[] =
        "{\"schema\":\"mxscope.catalog/1\",\"families\":[{\"id\":\"ca\",\"title\":\"A CA\",\"kind\":"
        "\"ca\"}]}";
    static const char *const name = "catalog";
    struct mxs_bytes bytes = { (const uint8_t *)text, sizeof text - 1 };
    if (catalog)
        return;
    FUZZ_MUST(mxs_catalog_read(&name, &bytes, 1, &catalog, NULL) == MXS_OK);
    atexit(free_catalog);
}

/* What was read can be written and read again, and means the same. */
static void again(const struct mxs_scenario *s, const struct mxs_catalog *with)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_scenarios *all = NULL;
    const struct mxs_scenario *twin = NULL;
    const char *text = mxs_scenario_text(arena, s);
    FUZZ_MUST(mxs_scenarios_load(NULL, with, &all, NULL) == MXS_OK);
    if (mxs_scenarios_add_text(all, "again", mxs_bytes_str(text), &twin, NULL) == MXS_OK) {
        FUZZ_MUST(twin->changes.list.n == s->changes.list.n);
        FUZZ_MUST(twin->at == s->at && twin->role == s->role);
    }
    mxs_scenarios_free(all);
    mxs_arena_free(arena);
}

static void try_with(const uint8_t *data, size_t size, const struct mxs_catalog *with)
{
    struct mxs_scenarios *all = NULL;
    const struct mxs_scenario *s = NULL;
    struct mxs_why why = { MXS_OK, "" };
    FUZZ_MUST(mxs_scenarios_load(NULL, with, &all, NULL) == MXS_OK);
    if (mxs_scenarios_add_text(all, "fuzz", mxs_bytes(data, size), &s, &why) == MXS_OK) {
        FUZZ_MUST(s && s->title && s->id && mxs_scenario_find(all, s->id) == s);
        for (size_t i = 0; i < s->changes.list.n; i++) {
            const struct mxs_change *c = &s->changes.list.v[i];
            FUZZ_MUST(c->kind && c->words.n >= c->kind->min_words &&
                      c->words.n <= c->kind->max_words);
            fuzz_clean(c->text);
        }
        fuzz_clean(s->title);
        again(s, with);
    } else {
        FUZZ_MUST(!s && !mxs_scenarios_count(all) && strncmp(why.text, "fuzz:", 5) == 0);
        fuzz_clean(why.text);
    }
    mxs_scenarios_free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load_catalog();
    try_with(data, size, NULL);
    try_with(data, size, catalog);
    return 0;
}
