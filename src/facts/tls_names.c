#include "config.h"

#include "facts/tls_names.h"

#include "facts/tls.h"

/* The IANA registries "TLS Parameters", "TLS ExtensionType Values" and their sub-registries as of
 * 2025-10, with the drafts that are met in the field. */

#define NAMES(table) static const struct mxs_name table[]

bool mxs_tls_is_grease(unsigned value)
{
    return value <= 0xffff && (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

NAMES(versions) = {
    { 0x0002, "SSL2.0" }, { 0x0300, "SSL3.0" }, { 0x0301, "TLS1.0" },  { 0x0302, "TLS1.1" },
    { 0x0303, "TLS1.2" }, { 0x0304, "TLS1.3" }, { 0xfeff, "DTLS1.0" }, { 0xfefd, "DTLS1.2" },
    { 0xfefc, "DTLS1.3" }, { 0, NULL },
};

NAMES(messages) = {
    { 0, "HelloRequest" },
    { 1, "ClientHello" },
    { 2, "ServerHello" },
    { 3, "HelloVerifyRequest" },
    { 4, "NewSessionTicket" },
    { 5, "EndOfEarlyData" },
    { 6, "HelloRetryRequest" },
    { 8, "EncryptedExtensions" },
    { 9, "RequestConnectionId" },
    { 10, "NewConnectionId" },
    { 11, "Certificate" },
    { 12, "ServerKeyExchange" },
    { 13, "CertificateRequest" },
    { 14, "ServerHelloDone" },
    { 15, "CertificateVerify" },
    { 16, "ClientKeyExchange" },
    { 17, "ClientCertificateRequest" },
    { 20, "Finished" },
    { 21, "CertificateURL" },
    { 22, "CertificateStatus" },
    { 23, "SupplementalData" },
    { 24, "KeyUpdate" },
    { 25, "CompressedCertificate" },
    { 26, "EKTKey" },
    { 67, "NextProtocol" },
    { 254, "MessageHash" },
    { 0, NULL },
};

NAMES(extensions) = {
    { 0, "server_name" },
    { 1, "max_fragment_length" },
    { 2, "client_certificate_url" },
    { 3, "trusted_ca_keys" },
    { 4, "truncated_hmac" },
    { 5, "status_request" },
    { 6, "user_mapping" },
    { 7, "client_authz" },
    { 8, "server_authz" },
    { 9, "cert_type" },
    { 10, "supported_groups" },
    { 11, "ec_point_formats" },
    { 12, "srp" },
    { 13, "signature_algorithms" },
    { 14, "use_srtp" },
    { 15, "heartbeat" },
    { 16, "application_layer_protocol_negotiation" },
    { 17, "status_request_v2" },
    { 18, "signed_certificate_timestamp" },
    { 19, "client_certificate_type" },
    { 20, "server_certificate_type" },
    { 21, "padding" },
    { 22, "encrypt_then_mac" },
    { 23, "extended_master_secret" },
    { 24, "token_binding" },
    { 25, "cached_info" },
    { 26, "tls_lts" },
    { 27, "compress_certificate" },
    { 28, "record_size_limit" },
    { 29, "pwd_protect" },
    { 30, "pwd_clear" },
    { 31, "password_salt" },
    { 32, "ticket_pinning" },
    { 33, "tls_cert_with_extern_psk" },
    { 34, "delegated_credential" },
    { 35, "session_ticket" },
    { 36, "TLMSP" },
    { 37, "TLMSP_proxying" },
    { 38, "TLMSP_delegate" },
    { 39, "supported_ekt_ciphers" },
    { 41, "pre_shared_key" },
    { 42, "early_data" },
    { 43, "supported_versions" },
    { 44, "cookie" },
    { 45, "psk_key_exchange_modes" },
    { 47, "certificate_authorities" },
    { 48, "oid_filters" },
    { 49, "post_handshake_auth" },
    { 50, "signature_algorithms_cert" },
    { 51, "key_share" },
    { 52, "transparency_info" },
    { 53, "connection_id (deprecated)" },
    { 54, "connection_id" },
    { 55, "external_id_hash" },
    { 56, "external_session_id" },
    { 57, "quic_transport_parameters" },
    { 58, "ticket_request" },
    { 59, "dnssec_chain" },
    { 60, "sequence_number_encryption_algorithms" },
    { 61, "rrc" },
    { 62, "tls_flags" },
    { 13172, "next_protocol_negotiation" },
    { 17513, "application_settings (old)" },
    { 17613, "application_settings" },
    { 30032, "channel_id" },
    { 64768, "ech_outer_extensions" },
    { 65037, "encrypted_client_hello" },
    { 65281, "renegotiation_info" },
    { 65445, "quic_transport_parameters (draft)" },
    { 65486, "encrypted_server_name (draft)" },
    { 0, NULL },
};

NAMES(groups) = {
    { 1, "sect163k1" },
    { 2, "sect163r1" },
    { 3, "sect163r2" },
    { 4, "sect193r1" },
    { 5, "sect193r2" },
    { 6, "sect233k1" },
    { 7, "sect233r1" },
    { 8, "sect239k1" },
    { 9, "sect283k1" },
    { 10, "sect283r1" },
    { 11, "sect409k1" },
    { 12, "sect409r1" },
    { 13, "sect571k1" },
    { 14, "sect571r1" },
    { 15, "secp160k1" },
    { 16, "secp160r1" },
    { 17, "secp160r2" },
    { 18, "secp192k1" },
    { 19, "secp192r1" },
    { 20, "secp224k1" },
    { 21, "secp224r1" },
    { 22, "secp256k1" },
    { 23, "secp256r1" },
    { 24, "secp384r1" },
    { 25, "secp521r1" },
    { 26, "brainpoolP256r1" },
    { 27, "brainpoolP384r1" },
    { 28, "brainpoolP512r1" },
    { 29, "x25519" },
    { 30, "x448" },
    { 31, "brainpoolP256r1tls13" },
    { 32, "brainpoolP384r1tls13" },
    { 33, "brainpoolP512r1tls13" },
    { 34, "GC256A" },
    { 35, "GC256B" },
    { 36, "GC256C" },
    { 37, "GC256D" },
    { 38, "GC512A" },
    { 39, "GC512B" },
    { 40, "GC512C" },
    { 41, "curveSM2" },
    { 256, "ffdhe2048" },
    { 257, "ffdhe3072" },
    { 258, "ffdhe4096" },
    { 259, "ffdhe6144" },
    { 260, "ffdhe8192" },
    { 512, "MLKEM512" },
    { 513, "MLKEM768" },
    { 514, "MLKEM1024" },
    { 4587, "SecP256r1MLKEM768" },
    { 4588, "X25519MLKEM768" },
    { 4589, "SecP384r1MLKEM1024" },
    { 4590, "curveSM2MLKEM768" },
    { 25497, "X25519Kyber768Draft00" },
    { 25498, "SecP256r1Kyber768Draft00" },
    { 65281, "arbitrary_explicit_prime_curves" },
    { 65282, "arbitrary_explicit_char2_curves" },
    { 0, NULL },
};

/* TLS 1.2 built them from a hash and a signature octet (RFC 5246 7.4.1.4.1); its pairs without a
 * name in the registry get one of the same make. */
NAMES(schemes) = {
    { 0x0101, "rsa_pkcs1_md5" },
    { 0x0102, "dsa_md5" },
    { 0x0201, "rsa_pkcs1_sha1" },
    { 0x0202, "dsa_sha1" },
    { 0x0203, "ecdsa_sha1" },
    { 0x0301, "rsa_pkcs1_sha224" },
    { 0x0302, "dsa_sha224" },
    { 0x0303, "ecdsa_sha224" },
    { 0x0401, "rsa_pkcs1_sha256" },
    { 0x0402, "dsa_sha256" },
    { 0x0403, "ecdsa_secp256r1_sha256" },
    { 0x0420, "rsa_pkcs1_sha256_legacy" },
    { 0x0501, "rsa_pkcs1_sha384" },
    { 0x0502, "dsa_sha384" },
    { 0x0503, "ecdsa_secp384r1_sha384" },
    { 0x0520, "rsa_pkcs1_sha384_legacy" },
    { 0x0601, "rsa_pkcs1_sha512" },
    { 0x0602, "dsa_sha512" },
    { 0x0603, "ecdsa_secp521r1_sha512" },
    { 0x0620, "rsa_pkcs1_sha512_legacy" },
    { 0x0704, "eccsi_sha256" },
    { 0x0705, "iso_ibs1" },
    { 0x0706, "iso_ibs2" },
    { 0x0707, "iso_chinese_ibs" },
    { 0x0708, "sm2sig_sm3" },
    { 0x0709, "gostr34102012_256a" },
    { 0x070a, "gostr34102012_256b" },
    { 0x070b, "gostr34102012_256c" },
    { 0x070c, "gostr34102012_256d" },
    { 0x070d, "gostr34102012_512a" },
    { 0x070e, "gostr34102012_512b" },
    { 0x070f, "gostr34102012_512c" },
    { 0x0804, "rsa_pss_rsae_sha256" },
    { 0x0805, "rsa_pss_rsae_sha384" },
    { 0x0806, "rsa_pss_rsae_sha512" },
    { 0x0807, "ed25519" },
    { 0x0808, "ed448" },
    { 0x0809, "rsa_pss_pss_sha256" },
    { 0x080a, "rsa_pss_pss_sha384" },
    { 0x080b, "rsa_pss_pss_sha512" },
    { 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" },
    { 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" },
    { 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
    { 0x0840, "gostr34102012_256" },
    { 0x0841, "gostr34102012_512" },
    { 0x0904, "mldsa44" },
    { 0x0905, "mldsa65" },
    { 0x0906, "mldsa87" },
    { 0x0911, "slhdsa_sha2_128s" },
    { 0x0912, "slhdsa_sha2_128f" },
    { 0x0913, "slhdsa_sha2_192s" },
    { 0x0914, "slhdsa_sha2_192f" },
    { 0x0915, "slhdsa_sha2_256s" },
    { 0x0916, "slhdsa_sha2_256f" },
    { 0x0917, "slhdsa_shake_128s" },
    { 0x0918, "slhdsa_shake_128f" },
    { 0x0919, "slhdsa_shake_192s" },
    { 0x091a, "slhdsa_shake_192f" },
    { 0x091b, "slhdsa_shake_256s" },
    { 0x091c, "slhdsa_shake_256f" },
    { 0, NULL },
};

NAMES(records) = {
    { 20, "change_cipher_spec" }, { 21, "alert" },     { 22, "handshake" },
    { 23, "application_data" },   { 24, "heartbeat" }, { 25, "tls12_cid" },
    { 26, "ACK" },                { 27, "return_routability_check" },
    { 0, NULL },
};

NAMES(compressions) = { { 0, "null" }, { 1, "DEFLATE" }, { 64, "LZS" }, { 0, NULL } };
NAMES(name_types) = { { 0, "host_name" }, { 0, NULL } };
NAMES(fragment_lengths) = { { 1, "512 octets" }, { 2, "1024 octets" }, { 3, "2048 octets" },
                            { 4, "4096 octets" }, { 0, NULL } };
NAMES(status_types) = { { 1, "ocsp" }, { 2, "ocsp_multi" }, { 0, NULL } };
NAMES(point_formats) = { { 0, "uncompressed" }, { 1, "ansiX962_compressed_prime" },
                         { 2, "ansiX962_compressed_char2" }, { 0, NULL } };
NAMES(curve_types) = { { 1, "explicit_prime" }, { 2, "explicit_char2" }, { 3, "named_curve" },
                       { 0, NULL } };
NAMES(heartbeats) = { { 1, "peer_allowed_to_send" }, { 2, "peer_not_allowed_to_send" },
                      { 0, NULL } };
NAMES(certificate_types) = { { 0, "X509" }, { 1, "OpenPGP" }, { 2, "RawPublicKey" },
                             { 3, "1609Dot2" }, { 0, NULL } };
NAMES(client_certificate_types) = {
    { 1, "rsa_sign" },          { 2, "dss_sign" },          { 3, "rsa_fixed_dh" },
    { 4, "dss_fixed_dh" },      { 5, "rsa_ephemeral_dh" },  { 6, "dss_ephemeral_dh" },
    { 20, "fortezza_dms" },     { 64, "ecdsa_sign" },       { 65, "rsa_fixed_ecdh" },
    { 66, "ecdsa_fixed_ecdh" }, { 67, "gost_sign256" },     { 68, "gost_sign512" },
    { 0, NULL },
};
NAMES(certificate_compressions) = { { 1, "zlib" }, { 2, "brotli" }, { 3, "zstd" }, { 0, NULL } };
/* with the GREASE values of RFC 8701 2 */
NAMES(psk_modes) = { { 0, "psk_ke" }, { 1, "psk_dhe_ke" }, { 0x0b, "GREASE" }, { 0x2a, "GREASE" },
                     { 0x49, "GREASE" }, { 0x68, "GREASE" }, { 0x87, "GREASE" },
                     { 0xa6, "GREASE" }, { 0xc5, "GREASE" }, { 0xe4, "GREASE" }, { 0, NULL } };
NAMES(key_updates) = { { 0, "update_not_requested" }, { 1, "update_requested" }, { 0, NULL } };
NAMES(alert_levels) = { { 1, "warning" }, { 2, "fatal" }, { 0, NULL } };
NAMES(srtps) = { { 1, "SRTP_AES128_CM_HMAC_SHA1_80" }, { 2, "SRTP_AES128_CM_HMAC_SHA1_32" },
                 { 5, "SRTP_NULL_HMAC_SHA1_80" }, { 6, "SRTP_NULL_HMAC_SHA1_32" },
                 { 7, "SRTP_AEAD_AES_128_GCM" }, { 8, "SRTP_AEAD_AES_256_GCM" }, { 0, NULL } };
NAMES(hashes) = { { 0, "none" }, { 1, "md5" }, { 2, "sha1" }, { 3, "sha224" }, { 4, "sha256" },
                  { 5, "sha384" }, { 6, "sha512" }, { 8, "intrinsic" }, { 0, NULL } };
NAMES(signatures) = { { 0, "anonymous" }, { 1, "rsa" }, { 2, "dsa" }, { 3, "ecdsa" },
                      { 7, "ed25519" }, { 8, "ed448" }, { 0, NULL } };

/* A registry whose numbers have GREASE values (RFC 8701) falls back to that. */
#define LOOKUP(function, table)                            \
    const char *function(unsigned value)                   \
    {                                                      \
        return mxs_name_of(table, (int)value);             \
    }
#define LOOKUP_GREASE(function, table)                                    \
    const char *function(unsigned value)                                  \
    {                                                                     \
        const char *name = mxs_name_of(table, (int)value);                \
        return name ? name : mxs_tls_is_grease(value) ? "GREASE" : NULL;  \
    }

LOOKUP_GREASE(mxs_tls_version_name, versions)
LOOKUP(mxs_tls_message_name, messages)
LOOKUP_GREASE(mxs_tls_extension_name, extensions)
LOOKUP_GREASE(mxs_tls_group_name, groups)
LOOKUP_GREASE(mxs_tls_scheme_name, schemes)
LOOKUP(mxs_tls_record_name, records)
LOOKUP(mxs_tls_compression_name, compressions)
LOOKUP(mxs_tls_name_type_name, name_types)
LOOKUP(mxs_tls_fragment_length_name, fragment_lengths)
LOOKUP(mxs_tls_status_type_name, status_types)
LOOKUP(mxs_tls_point_format_name, point_formats)
LOOKUP(mxs_tls_curve_type_name, curve_types)
LOOKUP(mxs_tls_heartbeat_name, heartbeats)
LOOKUP(mxs_tls_certificate_type_name, certificate_types)
LOOKUP(mxs_tls_client_certificate_type_name, client_certificate_types)
LOOKUP(mxs_tls_certificate_compression_name, certificate_compressions)
LOOKUP(mxs_tls_psk_mode_name, psk_modes)
LOOKUP(mxs_tls_key_update_name, key_updates)
LOOKUP(mxs_tls_alert_level_name, alert_levels)
LOOKUP(mxs_tls_srtp_name, srtps)
LOOKUP(mxs_tls_hash_name, hashes)
LOOKUP(mxs_tls_signature_name, signatures)
