/* X.509 certificates as facts. Parsed once from DER, immutable, with raw slices for everything that
 * a judge or the rebuild compares byte for byte. */
#ifndef MXSCOPE_SRC_FACTS_CERT_H
#define MXSCOPE_SRC_FACTS_CERT_H

#include "facts/field.h"

enum mxs_eku { /* bits; any other OID is in eku_oids only */
    MXS_EKU_SERVER_AUTH = 1u << 0,
    MXS_EKU_CLIENT_AUTH = 1u << 1,
    MXS_EKU_ANY = 1u << 2,
    MXS_EKU_EMAIL = 1u << 3,
    MXS_EKU_OTHER = 1u << 4
};

enum mxs_ku { /* the bits of RFC 5280 4.2.1.3, bit 0 = digitalSignature */
    MXS_KU_DIGITAL_SIGNATURE = 1u << 0,
    MXS_KU_NON_REPUDIATION = 1u << 1,
    MXS_KU_KEY_ENCIPHERMENT = 1u << 2,
    MXS_KU_DATA_ENCIPHERMENT = 1u << 3,
    MXS_KU_KEY_AGREEMENT = 1u << 4,
    MXS_KU_KEY_CERT_SIGN = 1u << 5,
    MXS_KU_CRL_SIGN = 1u << 6
};

/* A certificate of a simulation stands for a true one that nobody can sign again: the same contents
 * under a throw-away key. What TLSA records, pins and reports compare is then this. */
struct mxs_cert_identity {
    struct mxs_bytes der;  /* n 0: only its digests are known */
    struct mxs_bytes spki;
    struct mxs_bytes signer_spki; /* the true key that signs it; n 0: not known */
    uint8_t sha256[32], sha512[64], spki_sha256[32], spki_sha512[64];
};

struct mxs_cert {
    struct mxs_bytes der;
    /* raw slices into der, header included unless said */
    struct mxs_bytes tbs, subject_raw, issuer_raw, spki, extensions_raw;
    struct mxs_bytes serial_raw; /* INTEGER contents */
    const char *subject, *issuer; /* RFC 4514 text, sanitised; "" when empty */
    const char *cn;               /* the last CN of the subject, sanitised; NULL */
    const char *serial;           /* hex */
    int64_t not_before, not_after;
    const char *key;                 /* "RSA-2048", "ECDSA-P256", "Ed25519" */
    const char *signature_algorithm; /* "RSA-SHA256", "ECDSA-SHA384" */
    unsigned version;                /* 1..3 */
    bool ca;                         /* basicConstraints cA */
    bool has_basic_constraints;
    int path_length;                 /* -1 when absent */
    bool has_eku, has_key_usage;
    unsigned eku, key_usage;         /* enum mxs_eku, enum mxs_ku bits */
    bool has_netscape_type;
    unsigned netscape_type;          /* bit 0: TLS client, bit 1: TLS server */
    struct mxs_strs eku_oids;        /* as in the certificate, dotted */
    struct mxs_strs san_dns;         /* sanitised; wire case kept */
    struct mxs_strs san_ip;          /* text */
    struct mxs_strs san_uri;         /* sanitised */
    bool has_san;
    struct mxs_strs policy_oids;
    const char *policy_oid;          /* the CA/B one that decides policy_class; NULL */
    const char *policy_class;        /* "DV" "OV" "IV" "EV"; NULL */
    struct mxs_bytes ski, aki;       /* key identifiers, n 0 when absent */
    bool has_name_constraints;
    struct mxs_strs crl_urls, ocsp_urls, issuer_urls;
    bool must_staple;                /* TLS feature 5 (RFC 7633) */
    uint8_t sha256[32], spki_sha256[32];
    bool self_issued;                /* subject_raw equals issuer_raw */
    const char *unknown_critical;    /* OID of the first critical extension we do not process; NULL */
    struct mxs_strs critical;        /* OIDs of the critical extensions */
    const char *malformed;           /* OID of the first extension whose contents are broken; NULL */
    const char *weak;                /* "SHA-1 signature", "RSA-1024 key", ..; NULL. Nobody checks the
                                        signature of a self-issued one, so only its key counts */
    struct mxs_bytes name_constraints; /* the extension's contents, n 0 when absent */
    struct mxs_bytes signature;      /* the signature's octets */
    struct mxs_bytes signature_alg;  /* AlgorithmIdentifier of the signature, with header */
    const struct mxs_cert_identity *identity; /* whom it stands for; NULL: itself */
};

struct mxs_chain {
    MXS_LIST(const struct mxs_cert *) certs; /* as served, leaf first */
};

/* Parses one DER certificate; der is copied into the arena. MXS_ERR_SYNTAX with why when it is no
 * certificate. */
enum mxs_err mxs_cert_parse(struct mxs_arena *arena, struct mxs_bytes der,
                            const struct mxs_cert **out, struct mxs_why *why);
/* All certificates of a PEM text in order; name is for messages ("chain.pem:31: ..."). No
 * certificate at all is MXS_ERR_SYNTAX. */
enum mxs_err mxs_cert_pem(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                          struct mxs_chain *out, struct mxs_why *why);
/* One certificate as PEM (RFC 7468 5). */
char *mxs_cert_to_pem(struct mxs_arena *arena, const struct mxs_cert *cert);
/* The field tree of one certificate, to the last extension, with byte ranges relative to base_off
 * (where the DER stands inside the enclosing event data). */
struct mxs_field *mxs_cert_fields(struct mxs_arena *arena, struct mxs_bytes der, size_t base_off);

/* What counts as this certificate: its identity, or itself (digests computed into *own). */
const struct mxs_cert_identity *mxs_cert_identity(const struct mxs_cert *cert,
                                                  struct mxs_cert_identity *own);

/* True when issuer's key made cert's signature. A certificate of a simulation also counts as signed
 * by its true signer, which a TLSA record may bring (2 0 0, 2 1 0). Cached nowhere here: judge/path
 * caches per pair. */
bool mxs_cert_signed_by(const struct mxs_cert *cert, const struct mxs_cert *issuer);
/* The same with a bare SubjectPublicKeyInfo (TLSA 2 1 0). */
bool mxs_cert_signed_by_spki(const struct mxs_cert *cert, struct mxs_bytes spki);

/* The names of the EKU and key usage bits that are set, in bit order ("serverAuth" ..); unknown EKUs
 * as dotted OIDs. */
struct mxs_strs mxs_cert_eku_names(struct mxs_arena *arena, const struct mxs_cert *cert);
struct mxs_strs mxs_cert_key_usage_names(struct mxs_arena *arena, const struct mxs_cert *cert);

/* SHA-256 / SHA-512 of bytes; out has 32 / 64 bytes. */
void mxs_digest_sha256(struct mxs_bytes data, uint8_t out[32]);
void mxs_digest_sha512(struct mxs_bytes data, uint8_t out[64]);

#endif
