/* A decoder that builds a field tree while it reads: a cursor, and the node under which fields are
 * added. The first read past the end marks that node malformed and sets c.bad; later reads of the
 * same level then add nothing and give zeroes, so decoders need no checks between fields. */
#ifndef MXSCOPE_SRC_FACTS_WIRE_H
#define MXSCOPE_SRC_FACTS_WIRE_H

#include "facts/field.h"

struct mxs_wire {
    struct mxs_arena *arena;
    struct mxs_field *at;
    struct mxs_cursor c;
};

/* Gives a number its registry's name; NULL when it has none. */
typedef const char *(*mxs_wire_name_fn)(unsigned value);

/* A new root over all of body. */
struct mxs_wire mxs_wire_root(struct mxs_arena *arena, const char *name, struct mxs_bytes body);

/* One field each; the value read. bytes is 1..4. */
uint32_t mxs_wire_uint(struct mxs_wire *w, const char *name, size_t bytes);
/* "TLS1.3 (0x0304)"; UNKNOWN when the registry has no name. */
uint32_t mxs_wire_named(struct mxs_wire *w, const char *name, size_t bytes, mxs_wire_name_fn fn);
/* Hex, of long ones only the first octets; text, sanitised and clipped; only a length. */
struct mxs_bytes mxs_wire_hex(struct mxs_wire *w, const char *name, size_t n);
struct mxs_bytes mxs_wire_text(struct mxs_wire *w, const char *name, size_t n);
struct mxs_bytes mxs_wire_opaque(struct mxs_wire *w, const char *name, size_t n);
size_t mxs_wire_left(const struct mxs_wire *w);

/* A vector with its length of 1..3 octets: a new node whose range includes the length, and a decoder
 * of what is inside. A length that runs past the end marks the node; what is there can still be
 * read. */
struct mxs_wire mxs_wire_vector(struct mxs_wire *w, const char *name, size_t length_bytes);
/* The same where the vector is nothing but hex, or text; gives its contents. */
struct mxs_bytes mxs_wire_vector_hex(struct mxs_wire *w, const char *name, size_t length_bytes);
struct mxs_bytes mxs_wire_vector_text(struct mxs_wire *w, const char *name, size_t length_bytes);
/* A vector of numbers with names: a child of each; the node's value lists the first ones. */
void mxs_wire_vector_named(struct mxs_wire *w, const char *name, size_t length_bytes,
                           const char *item, size_t bytes, mxs_wire_name_fn fn);

/* "x25519, secp256r1, x448 and 2 more": adds the name of item n (0..) to a list of which only the
 * first ones are shown; then, once, how many more there were. */
const char *mxs_wire_join(struct mxs_arena *arena, const char *so_far, size_t n, const char *next);
const char *mxs_wire_join_end(struct mxs_arena *arena, const char *so_far, size_t n);

/* A structure without a length: begin a node, read its members from the result, then end it. */
struct mxs_wire mxs_wire_begin(struct mxs_wire *w, const char *name);
void mxs_wire_close(struct mxs_wire *w, const struct mxs_wire *inner);

/* Octets that are left where a structure should have ended are marked. */
void mxs_wire_end(struct mxs_wire *w);
/* Marks the node; c.bad is set. */
void mxs_wire_malformed(struct mxs_wire *w, const char *expected);

/* More wanted, and something left? For loops over the items of a vector. */
bool mxs_wire_more(const struct mxs_wire *w);

#endif
