/* Runs a fuzz target without a fuzzer: every seed as it is, cut at every length, and changed in ways
 * that are the same in each run. */
#include "config.h"

#include <dirent.h>
#include <stdint.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

enum { SEEDS_MAX = 512, SEED_OCTETS_MAX = 1 << 20, CUTS = 256, MUTATIONS = 300 };

struct seeds {
    const char *names[SEEDS_MAX];
    struct mxs_bytes data[SEEDS_MAX];
    size_t n;
};

static uint32_t next_random(uint32_t *state) /* xorshift32 */
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* From a heap block of exactly n octets, so that ASan sees a read past the end. */
static void run(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void cut(struct mxs_bytes seed)
{
    size_t step = seed.n / CUTS + 1;
    for (size_t n = 0; n < seed.n; n += step)
        run(seed.p, n);
}

/* One change of a block of *n octets with room for max. */
static void mutate(uint8_t *p, size_t *n, size_t max, const struct seeds *seeds, uint32_t *random)
{
    static const uint8_t odd[] = { 0x00, 0x01, 0x7f, 0x80, 0xff, '\n', '\r', ' ' };
    size_t at = *n ? next_random(random) % *n : 0, len = next_random(random) % 16 + 1;
    struct mxs_bytes other = seeds->data[next_random(random) % seeds->n];
    switch (next_random(random) % 6) {
    case 0: /* a bit */
        if (*n)
            p[at] ^= (uint8_t)(1u << next_random(random) % 8);
        break;
    case 1:
        if (*n)
            p[at] = odd[next_random(random) % sizeof odd];
        break;
    case 2: /* octets more */
        if (*n + len <= max) {
            memmove(p + at + len, p + at, *n - at);
            memset(p + at, odd[next_random(random) % sizeof odd], len);
            *n += len;
        }
        break;
    case 3: /* octets less */
        len = len < *n - at ? len : *n - at;
        memmove(p + at, p + at + len, *n - at - len);
        *n -= len;
        break;
    case 4: /* the rest of another seed */
        if (at < other.n && at <= max) {
            *n = other.n < max ? other.n : max;
            memcpy(p + at, other.p + at, *n - at);
        }
        break;
    default: /* octets again, elsewhere */
        if (*n > len)
            memmove(p + at % (*n - len), p + next_random(random) % (*n - len), len);
    }
}

static void mutations(struct mxs_bytes seed, const struct seeds *seeds, uint32_t *random)
{
    size_t max = seed.n + 4096;
    uint8_t *p = malloc(max);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t n = seed.n;
        memcpy(p, seed.p, n);
        for (uint32_t k = next_random(random) % 4 + 1; k; k--)
            mutate(p, &n, max, seeds, random);
        run(p, n);
    }
    free(p);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool load(struct mxs_arena *arena, const char *folder, struct seeds *seeds)
{
    struct mxs_why why;
    DIR *dir = opendir(folder);
    if (!dir)
        return false;
    for (struct dirent *entry; (entry = readdir(dir)) && seeds->n < SEEDS_MAX;)
        if (entry->d_name[0] != '.')
            seeds->names[seeds->n++] = mxs_arena_printf(arena, "%s/%s", folder, entry->d_name);
    closedir(dir);
    /* The order of a folder differs between file systems; the mutations must not. */
    qsort(seeds->names, seeds->n, sizeof *seeds->names, by_name);
    for (size_t i = 0; i < seeds->n; i++)
        if (mxs_file_read(arena, seeds->names[i], SEED_OCTETS_MAX, &seeds->data[i], &why)) {
            fprintf(stderr, "%s\n", why.text);
            return false;
        }
    return seeds->n > 0;
}

/* fuzz_NAME [FILE...]: without files, the seeds of NAME. */
int main(int argc, char **argv)
{
    static struct seeds seeds;
    struct mxs_arena *arena = mxs_arena_new();
    const char *name = strstr(argv[0], "fuzz_"), *srcdir = getenv("srcdir");
    for (const char *next; name && (next = strstr(name + 5, "fuzz_"));)
        name = next;
    const char *folder = mxs_arena_printf(arena, "%s/tests/fuzz/seeds/%s", srcdir ? srcdir : ".",
                                          name ? name + 5 : "");
    uint32_t random = 0x6d787363;
    for (int i = 1; i < argc; i++) {
        seeds.names[seeds.n] = argv[i];
        if (mxs_file_read(arena, argv[i], SEED_OCTETS_MAX, &seeds.data[seeds.n++], NULL))
            return 2;
    }
    if (argc < 2 && !load(arena, folder, &seeds)) {
        fprintf(stderr, "no seeds in %s\n", folder);
        return 1;
    }
    for (size_t i = 0; i < seeds.n; i++)
        run(seeds.data[i].p, seeds.data[i].n);
    for (size_t i = 0; argc < 2 && i < seeds.n; i++) {
        cut(seeds.data[i]);
        mutations(seeds.data[i], &seeds, &random);
    }
    mxs_arena_free(arena);
    return 0;
}
