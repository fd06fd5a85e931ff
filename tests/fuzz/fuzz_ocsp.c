/* Stapled OCSP responses. */
#include "config.h"

#include "facts/ocsp.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes der = mxs_bytes(data, size);
    struct mxs_ocsp_response response;
    struct mxs_why why = { 0 };
    if (mxs_ocsp_parse(arena, der, &response, &why) == MXS_OK) {
        fuzz_clean(response.response_name);
        fuzz_clean(response.responder);
        for (size_t i = 0; i < response.singles.n; i++)
            fuzz_clean(response.singles.v[i].serial);
        for (size_t i = 0; i < response.certs.n; i++)
            mxs_ocsp_signed_by(&response, response.certs.v[i]);
    } else {
        FUZZ_MUST(why.text[0]);
        fuzz_clean(why.text);
    }
    fuzz_tree(mxs_ocsp_fields(arena, der, 0), size);
    mxs_arena_free(arena);
    return 0;
}
