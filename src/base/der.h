/* DER (X.690): a reader that keeps exact slices, and a writer that builds from the inside out. Both
 * are strict and bounded: definite minimal lengths of at most four octets, tag numbers below 31. */
#ifndef MXSCOPE_SRC_BASE_DER_H
#define MXSCOPE_SRC_BASE_DER_H

#include "base/arena.h"
#include "base/cursor.h"

enum { /* identifier octets */
    MXS_DER_BOOLEAN = 0x01,
    MXS_DER_INTEGER = 0x02,
    MXS_DER_BIT_STRING = 0x03,
    MXS_DER_OCTET_STRING = 0x04,
    MXS_DER_NULL = 0x05,
    MXS_DER_OID = 0x06,
    MXS_DER_ENUMERATED = 0x0a,
    MXS_DER_UTF8_STRING = 0x0c,
    MXS_DER_PRINTABLE_STRING = 0x13,
    MXS_DER_T61_STRING = 0x14,
    MXS_DER_IA5_STRING = 0x16,
    MXS_DER_UTC_TIME = 0x17,
    MXS_DER_GENERALIZED_TIME = 0x18,
    MXS_DER_UNIVERSAL_STRING = 0x1c,
    MXS_DER_BMP_STRING = 0x1e,
    MXS_DER_SEQUENCE = 0x30,
    MXS_DER_SET = 0x31,
    MXS_DER_CONTEXT = 0x80,             /* | number: [n] IMPLICIT of a primitive type */
    MXS_DER_CONTEXT_CONSTRUCTED = 0xa0, /* | number: [n] EXPLICIT, or IMPLICIT of a constructed one */

    MXS_DER_MAX = 1 << 24 /* octets of one value; a certificate message is never longer */
};

struct mxs_der { /* one value, borrowed from what was read */
    unsigned tag;
    struct mxs_bytes whole, body; /* with and without its header */
};

/* --- reading: as with mxs_cursor, a fault sets c->bad and everything after gives false --------- */

/* The next value; false at the end (c->bad stays as it was) and on a fault (c->bad is set). */
bool mxs_der_next(struct mxs_cursor *c, struct mxs_der *out);
/* The next value, which must have this tag; else a fault. */
bool mxs_der_expect(struct mxs_cursor *c, unsigned tag, struct mxs_der *out);
/* The next value if it has this tag; else false, nothing is read and nothing is a fault. */
bool mxs_der_optional(struct mxs_cursor *c, unsigned tag, struct mxs_der *out);
/* The tag of the next value, 0 at the end. */
unsigned mxs_der_peek(const struct mxs_cursor *c);
/* A cursor over a value's body; offsets stay those of c. */
struct mxs_cursor mxs_der_enter(const struct mxs_cursor *c, const struct mxs_der *value);

/* "2.5.29.37"; NULL when malformed. body: contents of an OBJECT IDENTIFIER. */
const char *mxs_der_oid(struct mxs_arena *arena, struct mxs_bytes body);
/* UTCTime (RFC 5280 4.1.2.5.1: 1950..2049) or GeneralizedTime in Zulu, seconds since 1970. */
bool mxs_der_time(const struct mxs_der *value, int64_t *wall);
/* A non-negative INTEGER or ENUMERATED below 2^31; -1 when it is none. */
long mxs_der_small(struct mxs_bytes body);
/* BIT STRING contents: the bits without the octet of unused bits; false when malformed. */
bool mxs_der_bits(struct mxs_bytes body, struct mxs_bytes *bits, unsigned *unused);

/* What is signed: certificates (RFC 5280 4.1) and CRLs (5.1) have this outer structure. All borrowed. */
struct mxs_der_signed {
    struct mxs_der tbs;
    struct mxs_cursor inside; /* at the first field of tbs */
    struct mxs_bytes algorithm, signature;
};
/* NULL, or the name of the part that is wrong, a string constant. */
const char *mxs_der_signed(struct mxs_bytes der, struct mxs_der_signed *out);

/* --- writing: values in the arena; n 0 when a bound was passed or a part had n 0 by a fault ----- */

/* One value with the parts' octets, in order, as its body. */
struct mxs_bytes mxs_der_wrap(struct mxs_arena *arena, unsigned tag, const struct mxs_bytes *parts,
                              size_t n);
struct mxs_bytes mxs_der_value(struct mxs_arena *arena, unsigned tag, struct mxs_bytes body);
/* From dotted text; n 0 when that is no OID. */
struct mxs_bytes mxs_der_put_oid(struct mxs_arena *arena, const char *dotted);
/* UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). */
struct mxs_bytes mxs_der_put_time(struct mxs_arena *arena, int64_t wall);
struct mxs_bytes mxs_der_put_small(struct mxs_arena *arena, unsigned value); /* INTEGER */
/* BIT STRING with no unused bits. */
struct mxs_bytes mxs_der_put_bits(struct mxs_arena *arena, struct mxs_bytes bits);

#endif
