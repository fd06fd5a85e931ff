/* SMTP replies: the parser of what a server sends before anything is known of it. */
#include "config.h"

#include "facts/smtp.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes b = mxs_bytes(data, size);
    struct mxs_smtp_reply reply, again;
    struct mxs_why why = { 0 };
    size_t used = 0, unused;
    enum mxs_err err = mxs_smtp_reply_parse(arena, b, &reply, &used, &why);
    if (err == MXS_OK) {
        FUZZ_MUST(used > 0 && used <= size && reply.raw.n == used);
        FUZZ_MUST(reply.lines.n > 0 && reply.lines.n <= MXS_SMTP_LINES_MAX);
        for (size_t i = 0; i < reply.lines.n; i++)
            fuzz_clean(reply.lines.v[i]);
        fuzz_clean(reply.enhanced);
        /* an octet less is a reply that has not come whole */
        FUZZ_MUST(mxs_smtp_reply_parse(arena, mxs_bytes(data, used - 1), &again, &unused, &why) ==
                  MXS_ERR_NOT_FOUND);
        fuzz_tree(mxs_smtp_reply_fields(arena, reply.raw, false), used);
    } else {
        FUZZ_MUST(used == 0);
        FUZZ_MUST(err == MXS_ERR_NOT_FOUND || why.text[0]);
        fuzz_clean(why.text);
    }
    fuzz_tree(mxs_smtp_reply_fields(arena, b, false), size);
    fuzz_tree(mxs_smtp_command_fields(arena, b), size);
    mxs_arena_free(arena);
    return 0;
}
