/* TLSA records, as presentation form and as RDATA. */
#include "config.h"

#include "facts/tlsa.h"
#include "fuzz/fuzz.h"

static void check(struct mxs_arena *arena, struct mxs_tlsa *tlsa)
{
    struct mxs_tlsa again;
    fuzz_clean(mxs_tlsa_text(arena, tlsa));
    FUZZ_MUST(tlsa->usable == (tlsa->unusable_reason == NULL));
    FUZZ_MUST(mxs_tlsa_text_parse(arena, mxs_tlsa_text(arena, tlsa), &again, NULL) == MXS_OK ||
              tlsa->data.n == 0);
    mxs_tlsa_judge_usable(tlsa, true);
    mxs_tlsa_judge_usable(tlsa, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_rr rr = { .owner = "_25._tcp.mx.example.org", .type = 52, .ttl = 3600,
                         .rdata = mxs_bytes(data, size) };
    struct mxs_tlsa tlsa;
    struct mxs_why why = { 0 };
    if (mxs_tlsa_parse(arena, &rr, &tlsa))
        check(arena, &tlsa);
    if (mxs_tlsa_text_parse(arena, fuzz_text(arena, data, size), &tlsa, &why) == MXS_OK)
        check(arena, &tlsa);
    else
        fuzz_clean(why.text);
    mxs_arena_free(arena);
    return 0;
}
