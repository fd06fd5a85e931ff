/* EHLO answers: keywords and their parameters. */
#include "config.h"

#include "facts/smtp.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes b = mxs_bytes(data, size);
    struct mxs_smtp_reply reply;
    size_t used;
    fuzz_tree(mxs_smtp_reply_fields(arena, b, true), size);
    if (mxs_smtp_reply_parse(arena, b, &reply, &used, NULL) == MXS_OK) {
        fuzz_clean(mxs_smtp_keyword(&reply, "SIZE"));
        if (mxs_smtp_keyword_has(&reply, "AUTH", "EXTERNAL"))
            FUZZ_MUST(mxs_smtp_keyword(&reply, "AUTH") != NULL);
    }
    mxs_arena_free(arena);
    return 0;
}
