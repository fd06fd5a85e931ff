/* Files of --chain, --pin and --trust-store. */
#include "config.h"

#include "facts/cert.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_chain chain = { 0 };
    struct mxs_why why = { 0 };
    if (mxs_cert_pem(arena, "chain.pem", mxs_bytes(data, size), &chain, &why) == MXS_OK) {
        FUZZ_MUST(chain.certs.n > 0);
    } else {
        FUZZ_MUST(strncmp(why.text, "chain.pem", 9) == 0);
        fuzz_clean(why.text);
    }
    mxs_arena_free(arena);
    return 0;
}
