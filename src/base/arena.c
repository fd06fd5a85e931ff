#include "config.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Chunks grow with their arena: there may be very many small ones. */
enum { CHUNK_MIN = 1024, CHUNK_MAX = 4096, ALIGN = _Alignof(max_align_t) };

struct chunk {
    struct chunk *next;
    size_t used, cap;
    max_align_t data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *);
    void *p;
};

struct mxs_arena {
    struct chunk *chunks;
    struct deferred *deferred;
    size_t size; /* handed out: chunks grow with it */
};

struct mxs_arena *mxs_arena_new(void)
{
    return mxs_alloc(sizeof(struct mxs_arena));
}

void mxs_arena_free(struct mxs_arena *arena)
{
    if (!arena)
        return;
    for (struct deferred *d = arena->deferred; d; d = d->next)
        d->fn(d->p);
    for (struct chunk *c = arena->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(arena);
}

static size_t aligned(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* A chunk with n octets free behind `used`, which is a multiple of align. */
static struct chunk *chunk_for(struct mxs_arena *arena, size_t n, size_t align)
{
    struct chunk *c = arena->chunks;
    size_t used = c ? aligned(c->used, align) : 0;
    if (c && used <= c->cap && c->cap - used >= n) {
        c->used = used;
        return c;
    }
    size_t chunk = arena->size < CHUNK_MIN   ? CHUNK_MIN
                   : arena->size > CHUNK_MAX ? CHUNK_MAX : arena->size;
    size_t cap = n > chunk / 4 ? n : chunk;
    c = mxs_alloc(sizeof *c + cap);
    c->cap = cap;
    if (cap == n && arena->chunks) { /* a large one of its own: keep filling the current chunk */
        c->next = arena->chunks->next;
        arena->chunks->next = c;
    } else {
        c->next = arena->chunks;
        arena->chunks = c;
    }
    return c;
}

static void *take(struct mxs_arena *arena, size_t n, size_t align)
{
    struct chunk *c = chunk_for(arena, n, align);
    void *p = (uint8_t *)c->data + c->used;
    c->used += n;
    arena->size += n;
    return p;
}

void *mxs_arena_alloc(struct mxs_arena *arena, size_t n)
{
    return take(arena, n ? aligned(n, ALIGN) : ALIGN, ALIGN);
}

void *mxs_arena_dup(struct mxs_arena *arena, const void *p, size_t n)
{
    void *copy = mxs_arena_alloc(arena, n);
    return n ? memcpy(copy, p, n) : copy;
}

char *mxs_arena_strndup(struct mxs_arena *arena, const void *s, size_t n)
{
    char *copy = take(arena, n + 1, 1); /* most of what an arena holds: they stand close */
    if (n)
        memcpy(copy, s, n);
    return copy;
}

char *mxs_arena_strdup(struct mxs_arena *arena, const char *s)
{
    return s ? mxs_arena_strndup(arena, s, strlen(s)) : NULL;
}

char *mxs_arena_printf(struct mxs_arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    size_t size = n < 0 ? 1 : (size_t)n + 1;
    char *s = take(arena, size, 1);
    vsnprintf(s, size, fmt, again);
    va_end(again);
    return s;
}

struct mxs_bytes mxs_arena_bytes(struct mxs_arena *arena, struct mxs_bytes b)
{
    uint8_t *copy = take(arena, b.n ? b.n : 1, 1);
    return mxs_bytes(b.n ? memcpy(copy, b.p, b.n) : copy, b.n);
}

void mxs_arena_defer(struct mxs_arena *arena, void (*fn)(void *), void *p)
{
    struct deferred *d = MXS_NEW(arena, struct deferred);
    *d = (struct deferred){ arena->deferred, fn, p };
    arena->deferred = d;
}

void mxs_list_grow(struct mxs_arena *arena, void **v, size_t *n, size_t *cap, size_t size)
{
    if (*n == *cap) {
        size_t more = *cap ? *cap * 2 : 4;
        void *bigger = mxs_arena_alloc(arena, more * size);
        if (*n)
            memcpy(bigger, *v, *n * size);
        *v = bigger;
        *cap = more;
    }
    (*n)++;
}
