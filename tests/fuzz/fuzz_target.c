/* TARGET words. */
#include "config.h"

#include "facts/target.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    const char *text = fuzz_text(arena, data, size);
    struct mxs_target target, again;
    struct mxs_why why = { 0 };
    if (mxs_target_parse(arena, text, &target, &why) == MXS_OK) {
        FUZZ_MUST(target.name && *target.name && target.port >= 1 && target.port <= 65535);
        fuzz_clean(target.name);
        /* what came out is a target too, and the same one */
        char *canonical = malloc(strlen(target.name) + 16);
        snprintf(canonical, strlen(target.name) + 16,
                 target.kind == MXS_TARGET_DOMAIN ? "%s:%u" : "[%s]:%u", target.name,
                 target.port);
        FUZZ_MUST(mxs_target_parse(arena, canonical, &again, &why) == MXS_OK);
        FUZZ_MUST(strcmp(again.name, target.name) == 0 && again.kind == target.kind);
        free(canonical);
    } else {
        FUZZ_MUST(why.err == MXS_ERR_USAGE && why.text[0]);
        fuzz_clean(why.text);
    }
    mxs_arena_free(arena);
    return 0;
}
