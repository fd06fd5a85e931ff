/* What the decoders of TLS messages share; for facts/tls*.c. Each reads from w what its name says
 * and adds the fields; what is left over is the caller's affair. */
#ifndef MXSCOPE_SRC_FACTS_TLS_DECODE_H
#define MXSCOPE_SRC_FACTS_TLS_DECODE_H

#include "facts/tls.h"
#include "facts/wire.h"

/* Bodies of messages; version as in mxs_tls_message_fields. */
typedef void (*mxs_tls_decode_fn)(struct mxs_wire *w, unsigned version);
void mxs_tls_client_hello_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_server_hello_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_encrypted_extensions_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_certificate_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_certificate_request_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_certificate_status_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_server_key_exchange_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_client_key_exchange_decode(struct mxs_wire *w, unsigned version);
void mxs_tls_certificate_verify_decode(struct mxs_wire *w, unsigned version);

/* An extension block with its length. message: the handshake type it stands in (a HelloRetryRequest
 * is 6), since the forms differ. */
void mxs_tls_extensions_decode(struct mxs_wire *w, unsigned message);

/* A list of distinguished names, each with a length of two octets: "authorities". */
void mxs_tls_authorities_decode(struct mxs_wire *w);
/* An object identifier as DER in a vector with a length of one octet. */
void mxs_tls_oid_decode(struct mxs_wire *w, const char *name);
/* A list of signed certificate timestamps (RFC 6962 3.3) with its length. */
void mxs_tls_sct_list_decode(struct mxs_wire *w);
/* SignatureScheme and signature (1.2 and up), or the signature alone. */
void mxs_tls_signature_decode(struct mxs_wire *w, bool with_scheme);

/* A DN in RFC 4514 form, sanitised; NULL when it does not decode. */
const char *mxs_tls_dn_text(struct mxs_arena *arena, struct mxs_bytes der);

#endif
