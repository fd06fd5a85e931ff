/* Files of the CA catalog: the operator's own, too. */
#include "config.h"

#include "facts/catalog.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "catalog.json" };
    struct mxs_bytes text = mxs_bytes(data, size);
    struct mxs_catalog *catalog = NULL;
    struct mxs_why why = { 0 };
    if (mxs_catalog_read(names, &text, 1, &catalog, &why) == MXS_OK) {
        FUZZ_MUST(catalog != NULL);
        mxs_catalog_ca(catalog, "YR1");
    } else {
        FUZZ_MUST(!catalog && strncmp(why.text, "catalog.json", 12) == 0);
        fuzz_clean(why.text);
    }
    mxs_catalog_free(catalog);
    return 0;
}
