/* TLS 1.2 (RFC 5246) and 1.3 (RFC 8446) messages as facts: names of the IANA numbers, field trees of
 * every handshake message, and the few values the walk and the judges use. Input is the body of a
 * handshake message, without its 4-byte header, as it was on the wire. */
#ifndef MXSCOPE_SRC_FACTS_TLS_H
#define MXSCOPE_SRC_FACTS_TLS_H

#include "facts/field.h"

enum mxs_tls_type { /* handshake types the code acts on */
    MXS_TLS_HELLO_REQUEST = 0,
    MXS_TLS_CLIENT_HELLO = 1,
    MXS_TLS_SERVER_HELLO = 2,
    MXS_TLS_NEW_SESSION_TICKET = 4,
    MXS_TLS_HELLO_RETRY_REQUEST = 6, /* in events; on the wire it is a ServerHello */
    MXS_TLS_ENCRYPTED_EXTENSIONS = 8,
    MXS_TLS_CERTIFICATE = 11,
    MXS_TLS_SERVER_KEY_EXCHANGE = 12,
    MXS_TLS_CERTIFICATE_REQUEST = 13,
    MXS_TLS_SERVER_HELLO_DONE = 14,
    MXS_TLS_CERTIFICATE_VERIFY = 15,
    MXS_TLS_CLIENT_KEY_EXCHANGE = 16,
    MXS_TLS_FINISHED = 20,
    MXS_TLS_CERTIFICATE_STATUS = 22,
    MXS_TLS_KEY_UPDATE = 24
};

enum { MXS_TLS_1_0 = 0x0301, MXS_TLS_1_1 = 0x0302, MXS_TLS_1_2 = 0x0303, MXS_TLS_1_3 = 0x0304 };

/* IANA names; NULL when the registry (as of the table's date) has none. */
const char *mxs_tls_version_name(unsigned version); /* "TLS1.3" */
const char *mxs_tls_message_name(unsigned type);    /* "ClientHello" */
const char *mxs_tls_extension_name(unsigned type);  /* "server_name" */
const char *mxs_tls_cipher_name(unsigned suite);    /* "TLS_AES_128_GCM_SHA256" */
const char *mxs_tls_group_name(unsigned group);     /* "x25519" */
const char *mxs_tls_scheme_name(unsigned scheme);   /* "ecdsa_secp256r1_sha256" */
const char *mxs_tls_alert_name(unsigned code);      /* "certificate_required" */
const char *mxs_tls_record_name(unsigned type);     /* "handshake" */

/* Field tree of a handshake message. version: the negotiated one once known (0x0304, 0x0303 ..), 0
 * before the ServerHello. It decides the form of Certificate, CertificateRequest, ticket. */
struct mxs_field *mxs_tls_message_fields(struct mxs_arena *arena, unsigned type, unsigned version,
                                         struct mxs_bytes body);
struct mxs_field *mxs_tls_alert_fields(struct mxs_arena *arena, struct mxs_bytes body);
/* A record with its 5-byte header; the fragment only as a length. */
struct mxs_field *mxs_tls_record_fields(struct mxs_arena *arena, struct mxs_bytes record);

struct mxs_tls_hello {  /* of a ClientHello or ServerHello */
    bool retry;         /* HelloRetryRequest (RFC 8446 4.1.3) */
    unsigned version;   /* negotiated (ServerHello) or highest offered (ClientHello) */
    unsigned cipher;    /* ServerHello */
    unsigned group;     /* key_share group, 0 when absent */
    const char *sni;    /* ClientHello, sanitised; NULL */
    const char *alpn;   /* ServerHello of 1.2, the first protocol; NULL */
    bool early_data, session_ticket, extended_master_secret;
};
bool mxs_tls_hello_parse(struct mxs_arena *arena, unsigned type, struct mxs_bytes body,
                         struct mxs_tls_hello *out); /* false: malformed */

/* EncryptedExtensions: the ALPN protocol chosen, sanitised; NULL when none. */
const char *mxs_tls_alpn(struct mxs_arena *arena, struct mxs_bytes encrypted_extensions);

struct mxs_tls_certificate_request {
    struct mxs_strs authorities;          /* RFC 4514 DNs, sanitised */
    MXS_LIST(uint16_t) signature_schemes; /* signature_algorithms */
    MXS_LIST(uint8_t) types;              /* 1.2 certificate_types */
    size_t oid_filters;
};
bool mxs_tls_certificate_request_parse(struct mxs_arena *arena, unsigned version,
                                       struct mxs_bytes body,
                                       struct mxs_tls_certificate_request *out);

struct mxs_tls_certificates {
    MXS_LIST(struct mxs_bytes) der;  /* slices into body, leaf first; empty = no certificate sent */
    struct mxs_bytes ocsp;           /* staple of the leaf (1.3 entry extension), n 0 when absent */
    size_t scts;                     /* SCTs in entry extensions */
};
bool mxs_tls_certificates_parse(struct mxs_arena *arena, unsigned version, struct mxs_bytes body,
                                struct mxs_tls_certificates *out);

/* CertificateVerify (1.2 and 1.3) or the signature inside ServerKeyExchange (1.2): its scheme, 0. */
unsigned mxs_tls_signature_scheme(unsigned type, unsigned version, struct mxs_bytes body);
/* ServerKeyExchange of 1.2 with a named curve: the group; 0. */
unsigned mxs_tls_key_exchange_group(struct mxs_bytes body);

#endif
