/* Certificate revocation lists. */
#include "config.h"

#include "facts/crl.h"
#include "fuzz/fuzz.h"

static struct mxs_cert issuer_of(const struct mxs_crl *crl)
{
    return (struct mxs_cert){ .issuer_raw = crl->issuer_raw, .subject_raw = crl->issuer_raw,
                              .serial_raw = mxs_bytes("\1", 1), .crl_urls = crl->points };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_crls crls = { { NULL, 0, 0 } };
    struct mxs_why why = { 0 };
    if (mxs_crl_read(arena, "f", mxs_bytes(data, size), &crls, &why) != MXS_OK) {
        FUZZ_MUST(why.text[0]);
        fuzz_clean(why.text);
    }
    for (size_t i = 0; i < crls.list.n; i++) {
        const struct mxs_crl *crl = crls.list.v[i], *again = NULL;
        struct mxs_cert cert = issuer_of(crl);
        fuzz_clean(crl->issuer);
        FUZZ_MUST(crl->n <= crl->revoked.n);
        mxs_crl_covers(crl, &cert);
        mxs_crl_revoked(crl, &cert);
        mxs_crl_signed_by(crl, &cert);
        FUZZ_MUST(mxs_crl_parse(arena, crl->der, &again, NULL) == MXS_OK && again->n == crl->n);
    }
    mxs_arena_free(arena);
    return 0;
}
