/* What is pasted into `mxscope explain`: log lines, a queue listing, TLS reports, gzip; and the
 * search of its texts in the glossary. */
#include "config.h"

#include "cli/explain.h"
#include "fuzz/fuzz.h"
#include "judge/glossary.h"

static struct mxs_glossary *glossary(void)
{
    static struct mxs_glossary *loaded;
    struct mxs_why why = { 0 };
    if (!loaded && mxs_glossary_load(MXS_BUILD_SHARE "/glossary", &loaded, &why)) {
        fprintf(stderr, "%s\n", why.text);
        abort();
    }
    return loaded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct explain_input input;
    struct mxs_why why = { 0 };
    if (explain_parse(arena, "input", mxs_bytes(data, size), &input, &why) == MXS_OK) {
        fuzz_clean(input.heading);
        for (size_t i = 0; i < input.items.n && i < 2; i++) {
            fuzz_clean(input.items.v[i].text);
            fuzz_clean(input.items.v[i].where);
            mxs_glossary_explain(glossary(), input.items.v[i].text);
            if (i == 0 && size < 100) /* it is slow */
                mxs_glossary_nearest(glossary(), input.items.v[i].text);
        }
    } else {
        FUZZ_MUST(strncmp(why.text, "input", 5) == 0);
        fuzz_clean(why.text);
    }
    mxs_arena_free(arena);
    return 0;
}
