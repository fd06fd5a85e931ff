/* An arena: many small allocations, freed in one go. Facts, journals and assessments each live in
 * one; what is in it is immutable after it was built, and borrowed by everybody else. */
#ifndef MXSCOPE_SRC_BASE_ARENA_H
#define MXSCOPE_SRC_BASE_ARENA_H

#include "base/base.h"

struct mxs_arena;

struct mxs_arena *mxs_arena_new(void);
void mxs_arena_free(struct mxs_arena *arena); /* runs the deferred calls, last first; NULL is fine */

void *mxs_arena_alloc(struct mxs_arena *arena, size_t n); /* zeroed, aligned for anything */
void *mxs_arena_dup(struct mxs_arena *arena, const void *p, size_t n);
char *mxs_arena_strdup(struct mxs_arena *arena, const char *s); /* NULL gives NULL */
char *mxs_arena_strndup(struct mxs_arena *arena, const void *s, size_t n);
char *mxs_arena_printf(struct mxs_arena *arena, const char *fmt, ...) MXS_PRINTF(2, 3);
struct mxs_bytes mxs_arena_bytes(struct mxs_arena *arena, struct mxs_bytes b); /* a copy */

/* Calls fn(p) when the arena is freed: for objects of libraries that the arena's data hold. */
void mxs_arena_defer(struct mxs_arena *arena, void (*fn)(void *), void *p);

#define MXS_NEW(arena, type) ((type *)mxs_arena_alloc((arena), sizeof(type)))

/* Lists in an arena. Declare `MXS_LIST(struct mxs_mx) mx;` in a struct; it starts as zeroes.
 * mxs_list_add gives a pointer to a new zeroed element; earlier pointers into the list may move. */
#define MXS_LIST(type) \
    struct {           \
        type *v;       \
        size_t n, cap; \
    }
#define mxs_list_add(arena, list)                                                              \
    (mxs_list_grow((arena), (void **)&(list)->v, &(list)->n, &(list)->cap, sizeof *(list)->v), \
     &(list)->v[(list)->n - 1])

void mxs_list_grow(struct mxs_arena *arena, void **v, size_t *n, size_t *cap, size_t size);

/* The list that is met most. */
struct mxs_strs {
    const char **v;
    size_t n, cap;
};

#endif
