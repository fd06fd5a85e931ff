#include "config.h"

#include "facts/wire.h"

#include <stdio.h>

#include "base/text.h"

enum { HEX_SHOWN = 48, TEXT_SHOWN = 512, NAMES_SHOWN = 3 };

struct mxs_wire mxs_wire_root(struct mxs_arena *arena, const char *name, struct mxs_bytes body)
{
    struct mxs_wire w = { arena, mxs_field_new(arena, name), mxs_cursor(body) };
    w.at->len = body.n;
    return w;
}

size_t mxs_wire_left(const struct mxs_wire *w)
{
    return w->c.bad ? 0 : mxs_cursor_left(&w->c);
}

bool mxs_wire_more(const struct mxs_wire *w)
{
    return mxs_wire_left(w) > 0;
}

void mxs_wire_malformed(struct mxs_wire *w, const char *expected)
{
    if (!w->c.bad)
        mxs_field_malformed(w->arena, w->at, mxs_cursor_offset(&w->c), expected);
    w->c.bad = true;
}

/* True when n octets can be read; else the node is marked once. */
static bool has(struct mxs_wire *w, const char *name, size_t n)
{
    if (w->c.bad)
        return false;
    if (n <= mxs_cursor_left(&w->c))
        return true;
    mxs_wire_malformed(w, mxs_arena_printf(w->arena, "%s: %zu octets expected, %zu left", name, n,
                                           mxs_cursor_left(&w->c)));
    return false;
}

uint32_t mxs_wire_uint(struct mxs_wire *w, const char *name, size_t bytes)
{
    if (!has(w, name, bytes))
        return 0;
    size_t off = mxs_cursor_offset(&w->c);
    uint32_t v = mxs_cursor_uint(&w->c, bytes);
    mxs_field_addf(w->arena, w->at, name, off, bytes, "%u", (unsigned)v);
    return v;
}

uint32_t mxs_wire_named(struct mxs_wire *w, const char *name, size_t bytes, mxs_wire_name_fn fn)
{
    if (!has(w, name, bytes))
        return 0;
    size_t off = mxs_cursor_offset(&w->c);
    uint32_t v = mxs_cursor_uint(&w->c, bytes);
    const char *known = fn(v);
    const char *shown = known ? known : "unknown";
    const char *text = bytes == 1 ? mxs_arena_printf(w->arena, "%s (%u)", shown, (unsigned)v)
                                  : mxs_arena_printf(w->arena, "%s (0x%04x)", shown, (unsigned)v);
    struct mxs_field *f = mxs_field_add(w->arena, w->at, name, off, bytes, text);
    f->flags = known ? 0 : MXS_FIELD_UNKNOWN;
    return v;
}

static const char *hex_text(struct mxs_arena *arena, struct mxs_bytes b)
{
    const char *hex = mxs_hex(arena, mxs_bytes(b.p, b.n < HEX_SHOWN ? b.n : HEX_SHOWN));
    return b.n <= HEX_SHOWN ? hex : mxs_arena_printf(arena, "%s... (%zu octets)", hex, b.n);
}

struct mxs_bytes mxs_wire_hex(struct mxs_wire *w, const char *name, size_t n)
{
    if (!has(w, name, n))
        return mxs_bytes(NULL, 0);
    size_t off = mxs_cursor_offset(&w->c);
    struct mxs_bytes b = mxs_cursor_take(&w->c, n);
    mxs_field_add(w->arena, w->at, name, off, n, hex_text(w->arena, b));
    return b;
}

struct mxs_bytes mxs_wire_text(struct mxs_wire *w, const char *name, size_t n)
{
    if (!has(w, name, n))
        return mxs_bytes(NULL, 0);
    size_t off = mxs_cursor_offset(&w->c);
    struct mxs_bytes b = mxs_cursor_take(&w->c, n);
    mxs_field_add(w->arena, w->at, name, off, n, mxs_text_clip(w->arena, b, TEXT_SHOWN));
    return b;
}

struct mxs_bytes mxs_wire_opaque(struct mxs_wire *w, const char *name, size_t n)
{
    if (!has(w, name, n))
        return mxs_bytes(NULL, 0);
    size_t off = mxs_cursor_offset(&w->c);
    struct mxs_bytes b = mxs_cursor_take(&w->c, n);
    mxs_field_addf(w->arena, w->at, name, off, n, "%zu octets", n);
    return b;
}

struct mxs_wire mxs_wire_vector(struct mxs_wire *w, const char *name, size_t length_bytes)
{
    struct mxs_wire inner = *w;
    size_t off = mxs_cursor_offset(&w->c);
    if (!has(w, name, length_bytes)) {
        /* A node that hangs nowhere, so that the caller may go on as if. */
        inner.at = mxs_field_new(w->arena, name);
        inner.c = (struct mxs_cursor){ w->c.base, w->c.end, w->c.end, true };
        return inner;
    }
    size_t n = mxs_cursor_uint(&w->c, length_bytes), left = mxs_cursor_left(&w->c);
    inner.at = mxs_field_add(w->arena, w->at, name, off, 0, NULL);
    if (n > left)
        mxs_field_malformed(w->arena, inner.at, off,
                            mxs_arena_printf(w->arena, "%zu octets announced, %zu left", n, left));
    struct mxs_bytes b = mxs_cursor_take(&w->c, n < left ? n : left);
    w->c.bad = n > left;
    inner.c = (struct mxs_cursor){ w->c.base, b.p, b.p + b.n, false };
    inner.at->len = length_bytes + b.n;
    return inner;
}

struct mxs_bytes mxs_wire_vector_hex(struct mxs_wire *w, const char *name, size_t length_bytes)
{
    struct mxs_wire v = mxs_wire_vector(w, name, length_bytes);
    struct mxs_bytes b = mxs_cursor_take(&v.c, mxs_wire_left(&v));
    v.at->value = b.n ? hex_text(w->arena, b) : "empty";
    return b;
}

struct mxs_bytes mxs_wire_vector_text(struct mxs_wire *w, const char *name, size_t length_bytes)
{
    struct mxs_wire v = mxs_wire_vector(w, name, length_bytes);
    struct mxs_bytes b = mxs_cursor_take(&v.c, mxs_wire_left(&v));
    v.at->value = mxs_text_clip(w->arena, b, TEXT_SHOWN);
    return b;
}

const char *mxs_wire_join(struct mxs_arena *arena, const char *so_far, size_t n, const char *next)
{
    if (n >= NAMES_SHOWN || !next)
        return so_far;
    return n && so_far ? mxs_arena_printf(arena, "%s, %s", so_far, next) : next;
}

const char *mxs_wire_join_end(struct mxs_arena *arena, const char *so_far, size_t n)
{
    if (n <= NAMES_SHOWN || !so_far)
        return so_far;
    return mxs_arena_printf(arena, "%s and %zu more", so_far, n - NAMES_SHOWN);
}

void mxs_wire_vector_named(struct mxs_wire *w, const char *name, size_t length_bytes,
                           const char *item, size_t bytes, mxs_wire_name_fn fn)
{
    struct mxs_wire v = mxs_wire_vector(w, name, length_bytes);
    const char *list = "empty";
    size_t n = 0;
    for (; mxs_wire_more(&v); n++) {
        const char *known = fn(mxs_wire_named(&v, item, bytes, fn));
        if (v.c.bad)
            break;
        list = mxs_wire_join(w->arena, list, n, known ? known : "unknown");
    }
    v.at->value = mxs_wire_join_end(w->arena, list, n);
}

struct mxs_wire mxs_wire_begin(struct mxs_wire *w, const char *name)
{
    struct mxs_wire inner = *w;
    inner.at = mxs_field_add(w->arena, w->at, name, mxs_cursor_offset(&w->c), 0, NULL);
    return inner;
}

void mxs_wire_close(struct mxs_wire *w, const struct mxs_wire *inner)
{
    w->c = inner->c;
    inner->at->len = mxs_cursor_offset(&w->c) - inner->at->off;
}

void mxs_wire_end(struct mxs_wire *w)
{
    size_t left = mxs_wire_left(w), off = mxs_cursor_offset(&w->c);
    if (left == 0)
        return;
    w->at->flags |= MXS_FIELD_MALFORMED;
    struct mxs_field *f = mxs_field_addf(w->arena, w->at, "malformed", off, left,
                                         "%zu octets behind the end", left);
    f->flags = MXS_FIELD_MALFORMED;
    mxs_cursor_take(&w->c, left);
}
