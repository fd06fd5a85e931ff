/* MTA-STS policies and the TXT records of MTA-STS and TLSRPT. */
#include "config.h"

#include "facts/sts.h"
#include "fuzz/fuzz.h"

static void policy(struct mxs_arena *arena, struct mxs_bytes body)
{
    struct mxs_sts_policy out;
    mxs_sts_policy_parse(arena, body, &out);
    for (size_t i = 0; i < out.mx.n; i++) {
        fuzz_clean(out.mx.v[i]);
        mxs_sts_mx_match(out.mx.v[i], "mx1.example.org");
    }
    for (size_t i = 0; i < out.faults.n; i++)
        fuzz_clean(out.faults.v[i].text);
    if (out.valid)
        FUZZ_MUST(out.mode != MXS_STS_MODE_UNKNOWN && out.max_age >= 0);
    fuzz_tree(mxs_sts_policy_fields(arena, body), body.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes records[2] = { mxs_bytes(data, size), mxs_bytes(data, size / 2) };
    struct mxs_sts_txt txt;
    struct mxs_tlsrpt tlsrpt;
    policy(arena, records[0]);
    for (size_t n = 0; n <= 2; n++) {
        mxs_sts_txt_parse(arena, records, n, &txt);
        FUZZ_MUST(txt.valid == (txt.reason == NULL));
        fuzz_clean(txt.id);
        mxs_tlsrpt_parse(arena, records, n, &tlsrpt);
        FUZZ_MUST(tlsrpt.valid == (tlsrpt.reason == NULL));
        for (size_t i = 0; i < tlsrpt.rua.n; i++)
            fuzz_clean(tlsrpt.rua.v[i]);
    }
    mxs_arena_free(arena);
    return 0;
}
