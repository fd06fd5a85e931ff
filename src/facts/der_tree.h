/* Field trees of DER: every node knows its octets, wherever the DER stands inside an event's data. */
#ifndef MXSCOPE_SRC_FACTS_DER_TREE_H
#define MXSCOPE_SRC_FACTS_DER_TREE_H

#include "base/der.h"
#include "facts/field.h"

struct mxs_der_tree {
    struct mxs_arena *arena;
    const uint8_t *start; /* the first octet of the outermost value .. */
    size_t base;          /* .. and where it stands inside the event's data */
};

/* A child for the whole value, header included. */
struct mxs_field *mxs_der_add(const struct mxs_der_tree *t, struct mxs_field *parent,
                              const char *name, const struct mxs_der *value, const char *text);
/* A child for any slice of the DER. */
struct mxs_field *mxs_der_add_slice(const struct mxs_der_tree *t, struct mxs_field *parent,
                                    const char *name, struct mxs_bytes slice, const char *text);
/* Hex of a value's body, long ones clipped; BOOLEAN as true or false, OID dotted, small INTEGER. */
const char *mxs_der_hex(struct mxs_arena *arena, struct mxs_bytes octets);
const char *mxs_der_bool(const struct mxs_der *value);
const char *mxs_der_oid_text(struct mxs_arena *arena, const struct mxs_der *value);
const char *mxs_der_number(struct mxs_arena *arena, const struct mxs_der *value);
/* "name (1.2.3)" or "1.2.3". */
const char *mxs_der_oid_named(struct mxs_arena *arena, const struct mxs_der *value,
                              const char *(*name)(const char *dotted));
/* RFC 3339, or the raw text when it is no time of RFC 5280. */
const char *mxs_der_time_text(struct mxs_arena *arena, const struct mxs_der *value);
void mxs_der_malformed(const struct mxs_der_tree *t, struct mxs_field *parent, const uint8_t *at,
                       const char *expected);

/* The kind and text of a GeneralName (RFC 5280 4.2.1.6) as one child: "dNSName" "mx.example.org". */
struct mxs_field *mxs_der_general_name(const struct mxs_der_tree *t, struct mxs_field *parent,
                                       const struct mxs_der *name);
/* All of a SEQUENCE OF GeneralName that c is in. */
void mxs_der_general_names(const struct mxs_der_tree *t, struct mxs_field *parent,
                           struct mxs_cursor c);
/* An AlgorithmIdentifier: "RSA-SHA256", with its OID and parameters below. */
void mxs_der_algorithm(const struct mxs_der_tree *t, struct mxs_field *parent, const char *field,
                       const struct mxs_der *value, const char *text);
/* A Name, with its attributes below. */
void mxs_der_name(const struct mxs_der_tree *t, struct mxs_field *parent, const char *field,
                  const struct mxs_der *value);
/* Extensions: the SEQUENCE OF, with a child for each. */
void mxs_der_extensions(const struct mxs_der_tree *t, struct mxs_field *parent,
                        const struct mxs_der *list);

#endif
