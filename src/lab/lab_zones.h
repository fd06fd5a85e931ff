/* The lab's signed zones in memory (ldns), and the answers a resolver gives from them: RA set,
 * all zones local, aliases followed across zones, DS from the parent's side. With CD everything
 * is given as it is, for clients that validate; without, AD and SERVFAIL as a validating
 * resolver would. */
#ifndef MXSCOPE_SRC_LAB_LAB_ZONES_H
#define MXSCOPE_SRC_LAB_LAB_ZONES_H

#include "lab/lab_pki.h"

struct mxs_lab_zones;

/* Where a host of the plan is, numeric; NULL: it is not served ("dns" is the name server
 * itself). */
typedef const char *(*mxs_lab_address_fn)(const void *data, const char *name);

/* Fills the braces of the plan's lines: {mx1} "A 127.0.0.1" by address(), {mx1-ec/1/1} TLSA data
 * with selector/matching type, {filler/3000} that many bytes of TXT, {random/32} bytes in hex,
 * {?mx2} nothing. A line of a host that is not served is left out. Keys are ECDSAP256SHA256, a
 * KSK and a ZSK each. */
enum mxs_err mxs_lab_zones_new(const struct mxs_lab_plan *plan, const struct mxs_lab_pki *pki,
                               const struct mxs_clock *clock, mxs_lab_address_fn address,
                               const void *data, struct mxs_lab_zones **out, struct mxs_why *why);
void mxs_lab_zones_free(struct mxs_lab_zones *zones);

/* The root's key: a DNSKEY line, and the same in the form of bind.keys for delv. */
const char *mxs_lab_zones_anchor(const struct mxs_lab_zones *zones, struct mxs_arena *arena,
                                 bool bind_form);

/* The answer in wire form. n 0: none is given (a dropped query, or bytes that are no query). */
struct mxs_bytes mxs_lab_zones_answer(const struct mxs_lab_zones *zones, struct mxs_arena *arena,
                                      struct mxs_bytes query, bool tcp);

#endif
