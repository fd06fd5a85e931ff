/* The field tree: what a decoder makes of bytes. Every protocol unit (an SMTP reply, a DNS answer, a
 * handshake message, a certificate) becomes one tree; every view shows trees, none knows protocols.
 *
 * Nodes live in the arena given to the decoder and borrow nothing from the bytes: name is a string
 * constant or arena text, value is sanitised arena text (or NULL for a pure container). off and len
 * are the byte range inside the event's data; len 0 means "derived, no bytes of its own". */
#ifndef MXSCOPE_SRC_FACTS_FIELD_H
#define MXSCOPE_SRC_FACTS_FIELD_H

#include "base/arena.h"
#include "base/cursor.h"

enum mxs_field_flag {
    MXS_FIELD_MALFORMED = 1u << 0, /* the bytes end early or break their grammar */
    MXS_FIELD_UNKNOWN = 1u << 1,   /* a number no registry row names */
    MXS_FIELD_NOTE = 1u << 2,      /* an explanation of ours, not a field of the wire */
    MXS_FIELD_WARN = 1u << 3       /* well-formed, but deserves a look */
};

struct mxs_field {
    const char *name;
    const char *value;
    size_t off, len;
    unsigned flags;
    struct mxs_field *parent, *child, *last, *next;
};

struct mxs_field *mxs_field_new(struct mxs_arena *arena, const char *name);
/* Appends a child; value may be NULL. The parent's flags are not changed. */
struct mxs_field *mxs_field_add(struct mxs_arena *arena, struct mxs_field *parent, const char *name,
                                size_t off, size_t len, const char *value);
struct mxs_field *mxs_field_addf(struct mxs_arena *arena, struct mxs_field *parent,
                                 const char *name, size_t off, size_t len, const char *fmt, ...)
    MXS_PRINTF(6, 7);
/* A note of ours under parent. */
struct mxs_field *mxs_field_note(struct mxs_arena *arena, struct mxs_field *parent,
                                 const char *text);
/* Marks parent malformed and adds a child "malformed" whose value says what was expected. */
void mxs_field_malformed(struct mxs_arena *arena, struct mxs_field *parent, size_t off,
                         const char *expected);

/* Hangs a whole tree under parent, as its last child, with all byte ranges moved by shift: for units
 * inside others (a certificate in a handshake message), whose decoders know nothing of the outer. */
void mxs_field_adopt(struct mxs_field *parent, struct mxs_field *root, size_t shift);

/* Depth-first: the first node named name at or under root (path "a/b" for a child of a); NULL. */
const struct mxs_field *mxs_field_find(const struct mxs_field *root, const char *path);
/* The deepest node whose byte range holds offset; NULL when none. */
const struct mxs_field *mxs_field_at(const struct mxs_field *root, size_t offset);
/* Depth-first next node of the tree under root, NULL at the end. depth may be NULL. */
const struct mxs_field *mxs_field_walk(const struct mxs_field *root, const struct mxs_field *at,
                                       int *depth);

#endif
