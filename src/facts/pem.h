/* PEM (RFC 7468): the blocks of a text, with the line of what is wrong. */
#ifndef MXSCOPE_SRC_FACTS_PEM_H
#define MXSCOPE_SRC_FACTS_PEM_H

#include "base/arena.h"

struct mxs_pem {
    const char *name, *what; /* for messages: "chain.pem", "a certificate" */
    struct mxs_bytes text;
    size_t at;     /* start with 0 */
    unsigned line; /* of the line that was read last, 1-based */
};

struct mxs_pem_block {
    size_t label;         /* which of the labels */
    struct mxs_bytes der; /* in the arena */
    unsigned line;        /* of its BEGIN */
};

/* The next block with one of these labels ("CERTIFICATE", ..; NULL ends them); others are passed over.
 * False at the end; and with *err set to MXS_ERR_SYNTAX, with why "chain.pem:31: not a certificate
 * (base64 ends early)", for a block that is broken. */
bool mxs_pem_next(struct mxs_arena *arena, struct mxs_pem *pem, const char *const *labels,
                  struct mxs_pem_block *out, enum mxs_err *err, struct mxs_why *why);
/* One block as text, in the arena. */
char *mxs_pem_text(struct mxs_arena *arena, const char *label, struct mxs_bytes der);
/* The file holds DER itself: a SEQUENCE of the long form. */
bool mxs_pem_is_der(struct mxs_bytes text);

#endif
