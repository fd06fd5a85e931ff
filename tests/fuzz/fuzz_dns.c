/* DNS packets. */
#include "config.h"

#include "facts/dns.h"
#include "fuzz/fuzz.h"

static void rdata(struct mxs_arena *arena, const struct mxs_rr *rr)
{
    const char *text = NULL;
    struct mxs_bytes joined;
    unsigned preference;
    fuzz_clean(rr->owner);
    fuzz_clean(rr->text);
    if (mxs_dns_mx(arena, rr, &preference, &text) || mxs_dns_address(arena, rr, &text) ||
        mxs_dns_caa(arena, rr, &text))
        fuzz_clean(text);
    mxs_dns_txt(arena, rr, &joined);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes b = mxs_bytes(data, size);
    struct mxs_dns_answer answer = { 0 };
    if (mxs_dns_parse(arena, b, &answer) == MXS_OK) {
        fuzz_clean(answer.canonname);
        for (size_t i = 0; i < answer.rrs.n; i++)
            rdata(arena, &answer.rrs.v[i]);
    }
    fuzz_tree(mxs_dns_fields(arena, b), size);
    mxs_arena_free(arena);
    return 0;
}
