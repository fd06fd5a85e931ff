/* Product profiles, as files of a folder. */
#include "config.h"

#include <unistd.h>

#include "fuzz/fuzz.h"
#include "judge/profile.h"

static char folder[] = "/tmp/fuzz_profile.XXXXXX";
static char path[sizeof folder + 8];

static void clean_up(void)
{
    unlink(path);
    rmdir(folder);
}

static void write_file(const uint8_t *data, size_t size)
{
    if (!path[0]) {
        FUZZ_MUST(mkdtemp(folder) != NULL);
        snprintf(path, sizeof path, "%s/a.ini", folder);
        atexit(clean_up);
    }
    FILE *f = fopen(path, "wb");
    FUZZ_MUST(f && fwrite(data, 1, size, f) == size);
    fclose(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_profiles *profiles = NULL;
    struct mxs_why why = { 0 };
    write_file(data, size);
    if (mxs_profiles_load(folder, &profiles, &why) == MXS_OK) {
        for (size_t i = 0; i < mxs_profiles_count(profiles); i++) {
            const struct mxs_profile *p = mxs_profiles_at(profiles, i);
            FUZZ_MUST(p->name && mxs_profile_find(profiles, p->name));
        }
    } else {
        FUZZ_MUST(!profiles && strncmp(why.text, folder, sizeof folder - 1) == 0);
        fuzz_clean(why.text);
    }
    mxs_profiles_free(profiles);
    return 0;
}
