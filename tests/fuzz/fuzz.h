/* What the fuzz targets share. A target is LLVMFuzzerTestOneInput in fuzz_<name>.c; its seeds are in
 * seeds/<name>/. With --enable-fuzzing (clang) it is linked with libFuzzer, else with replay_main.c,
 * which replays the seeds and fixed mutations of them, so that `make check` runs every target. */
#ifndef MXSCOPE_TESTS_FUZZ_FUZZ_H
#define MXSCOPE_TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold for every input; not assert(), which may be compiled out. */
#define FUZZ_MUST(condition)                                                        \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

/* Nothing that moves a cursor or starts an escape sequence may be in a text for a screen. */
static inline void fuzz_clean(const char *text)
{
    for (; text && *text; text++)
        FUZZ_MUST((unsigned char)*text >= 0x20 && *text != 0x7f);
}

/* The shape of every field tree: ranges inside the n octets, sound links, clean texts. */
static inline void fuzz_tree(const struct mxs_field *root, size_t n)
{
    FUZZ_MUST(root && root->name && !root->parent);
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        FUZZ_MUST(f->name != NULL);
        if (f->off > n || f->len > n - f->off) {
            fprintf(stderr, "field \"%s\": %zu octets at %zu of %zu\n", f->name, f->len, f->off, n);
            abort();
        }
        FUZZ_MUST(!f->child || f->child->parent == f);
        FUZZ_MUST(!f->last || !f->last->next);
        fuzz_clean(f->name);
        fuzz_clean(f->value);
    }
}

/* Input as a NUL-terminated text in arena, cut at its first NUL. */
static inline const char *fuzz_text(struct mxs_arena *arena, const uint8_t *data, size_t size)
{
    return mxs_arena_strndup(arena, data, strnlen((const char *)data, size));
}

#endif
