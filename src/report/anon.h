/* Names, addresses and mailbox words replaced consistently, for what is handed out (--anonymise).
 *
 *   mx1.example.net         host-1.domain-1.example; service labels (_25._tcp, mta-sts) stay
 *   192.0.2.25, 2001:..     192.0.2.1, 2001:db8::1; loopback and documentation addresses stay, they
 *                           are nobody's (RFC 5737, RFC 3849)
 *   john@example.net        mailbox-1@domain-1.example
 *   O=Example Ltd           Organization 1 (OU: Unit, CN: Name, L, ST: Place, ..)
 *   digests, serials, keys  0001000000.. of the same length: certificate transparency logs and DNS
 *                           make a name of each
 *
 * Serial numbers below eight digits stay: they name nothing by themselves, and any number would match.
 * What stands in the CA catalog stays as it is: it is the CA's, not the operator's. Certificates of CAs
 * that the catalog does not know are taken for the operator's own. Countries, dates, ports, replies'
 * codes and product names stay.
 *
 * Learned names are found anywhere in a text; whatever looks like a host name, an address, a mailbox or
 * a digest is replaced even when nobody taught it. What was replaced once is left alone the next time,
 * so applying it twice is applying it once. */
#ifndef MXSCOPE_SRC_REPORT_ANON_H
#define MXSCOPE_SRC_REPORT_ANON_H

#include "base/buf.h"
#include "facts/catalog.h"
#include "facts/evidence.h"

struct mxs_anon;

/* catalog may be NULL: then no CA is known. It is borrowed. */
struct mxs_anon *mxs_anon_new(const struct mxs_catalog *catalog);
void mxs_anon_free(struct mxs_anon *anon); /* NULL is fine */

/* Takes names from the evidence, in its order; again as it grows. */
void mxs_anon_learn(struct mxs_anon *anon, const struct mxs_evidence *evidence);
/* One host name, even of one label: our own. NULL is fine. */
void mxs_anon_learn_host(struct mxs_anon *anon, const char *name);

/* The text with everything replaced: in arena, or the very text when nothing was. anon NULL: the text. */
const char *mxs_anon_text(struct mxs_anon *anon, struct mxs_arena *arena, const char *text);

/* All texts of a document. */
struct mxs_doc;
void mxs_anon_doc(struct mxs_anon *anon, struct mxs_doc *doc);
/* The same for what stands in out from octet `from` on, whatever its form. */
void mxs_anon_buf(struct mxs_anon *anon, struct mxs_buf *out, size_t from);

#endif
