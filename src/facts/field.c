#include "config.h"

#include "facts/field.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct mxs_field *mxs_field_new(struct mxs_arena *arena, const char *name)
{
    struct mxs_field *f = MXS_NEW(arena, struct mxs_field);
    f->name = name;
    return f;
}

struct mxs_field *mxs_field_add(struct mxs_arena *arena, struct mxs_field *parent, const char *name,
                                size_t off, size_t len, const char *value)
{
    struct mxs_field *f = mxs_field_new(arena, name);
    f->value = value;
    f->off = off;
    f->len = len;
    f->parent = parent;
    if (parent->last)
        parent->last->next = f;
    else
        parent->child = f;
    parent->last = f;
    return f;
}

struct mxs_field *mxs_field_addf(struct mxs_arena *arena, struct mxs_field *parent,
                                 const char *name, size_t off, size_t len, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return mxs_field_add(arena, parent, name, off, len, mxs_arena_strdup(arena, text));
}

struct mxs_field *mxs_field_note(struct mxs_arena *arena, struct mxs_field *parent, const char *text)
{
    struct mxs_field *f = mxs_field_add(arena, parent, "note", parent->off, 0, text);
    f->flags = MXS_FIELD_NOTE;
    return f;
}

void mxs_field_malformed(struct mxs_arena *arena, struct mxs_field *parent, size_t off,
                         const char *expected)
{
    parent->flags |= MXS_FIELD_MALFORMED;
    mxs_field_add(arena, parent, "malformed", off, 0, expected)->flags = MXS_FIELD_MALFORMED;
}

const struct mxs_field *mxs_field_walk(const struct mxs_field *root, const struct mxs_field *at,
                                       int *depth)
{
    int ignored = 0;
    depth = depth ? depth : &ignored;
    if (at->child) {
        ++*depth;
        return at->child;
    }
    for (; at != root; at = at->parent, --*depth)
        if (at->next)
            return at->next;
    return NULL;
}

void mxs_field_adopt(struct mxs_field *parent, struct mxs_field *root, size_t shift)
{
    struct mxs_field *f = root;
    while (f) { /* as mxs_field_walk, on nodes that may be changed */
        f->off += shift;
        if (f->child) {
            f = f->child;
            continue;
        }
        while (f != root && !f->next)
            f = f->parent;
        f = f == root ? NULL : f->next;
    }
    root->parent = parent;
    if (parent->last)
        parent->last->next = root;
    else
        parent->child = root;
    parent->last = root;
}

static const struct mxs_field *find_name(const struct mxs_field *root, const char *name, size_t n)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        if (f->name && strlen(f->name) == n && memcmp(f->name, name, n) == 0)
            return f;
    return NULL;
}

const struct mxs_field *mxs_field_find(const struct mxs_field *root, const char *path)
{
    while (root) {
        size_t n = strcspn(path, "/");
        root = find_name(root, path, n);
        if (!path[n])
            return root;
        path += n + 1;
    }
    return NULL;
}

const struct mxs_field *mxs_field_at(const struct mxs_field *root, size_t offset)
{
    const struct mxs_field *best = NULL;
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        if (f->len && offset >= f->off && offset - f->off < f->len && (!best || f->len <= best->len))
            best = f;
    return best;
}
