/* Inside the certificate room: what cert.c, cert_ext.c, cert_key.c and cert_fields.c share. */
#ifndef MXSCOPE_SRC_FACTS_CERT_PARSE_H
#define MXSCOPE_SRC_FACTS_CERT_PARSE_H

#include "base/der.h"
#include "facts/cert.h"

struct mxs_cert_extension {
    const char *oid;
    bool critical;
    struct mxs_der whole, oid_value, critical_value, octets; /* critical_value.tag 0: absent */
};

/* The next Extension of the SEQUENCE OF that c is in; false at the end or, with c->bad, where it
 * breaks. */
bool mxs_cert_extension_next(struct mxs_arena *arena, struct mxs_cursor *c,
                             struct mxs_cert_extension *out);
/* Fills the facts that extensions carry. A broken one sets cert->malformed. MXS_ERR_SYNTAX when the
 * list itself is broken or names one twice (RFC 5280 4.2). */
enum mxs_err mxs_cert_extensions_parse(struct mxs_arena *arena, struct mxs_cert *cert,
                                       struct mxs_why *why);

/* "RSA-2048", "ECDSA-P256", "Ed25519", a dotted OID; NULL when spki is no SubjectPublicKeyInfo. */
const char *mxs_spki_name(struct mxs_arena *arena, struct mxs_bytes spki);
/* "RSA-SHA256", "RSA-PSS-SHA256", .. of an AlgorithmIdentifier; a dotted OID; NULL when malformed. */
const char *mxs_signature_name(struct mxs_arena *arena, struct mxs_bytes algorithm);
/* What is weak about these names, or NULL. */
const char *mxs_key_weak(struct mxs_arena *arena, const char *key);
const char *mxs_signature_weak(const char *algorithm);

/* True when the key in spki made signature over data. algorithm: the AlgorithmIdentifier. */
bool mxs_signature_good(struct mxs_bytes spki, struct mxs_bytes algorithm, struct mxs_bytes data,
                        struct mxs_bytes signature);

/* The AlgorithmIdentifier of a name ("RSA-SHA256"); n 0 when its parameters are not fixed. */
struct mxs_bytes mxs_signature_identifier(struct mxs_arena *arena, const char *name);
/* GnuTLS's number for a name, -1 when it has none; key: the signer's ("RSA-2048"), which decides
 * between its two forms of RSA-PSS. */
int mxs_signature_number(const char *name, const char *key);

/* "192.0.2.1", "2001:db8::1", with a mask "192.0.2.0/24"; NULL for other lengths. */
const char *mxs_cert_address_text(struct mxs_arena *arena, struct mxs_bytes octets);

#endif
