/* Fatal codes of GnuTLS: whose fault, in our words. */
#include "config.h"

#include "net/tls_room.h"

static const struct {
    int code;
    bool local;
    const char *text; /* NULL: GnuTLS's own */
} rows[] = {
    /* Checks of GnuTLS that other libraries do not make, or make otherwise. */
    { GNUTLS_E_HANDSHAKE_TOO_LARGE, true, "a handshake message is larger than our limit" },
    { GNUTLS_E_KEY_USAGE_VIOLATION, true,
      "the certificate's key usage does not allow what the server does with its key" },
    { GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, true, NULL },
    { GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE, true, NULL },
    { GNUTLS_E_UNKNOWN_PK_ALGORITHM, true, "the certificate's key is of a kind GnuTLS does not know" },
    { GNUTLS_E_ECC_UNSUPPORTED_CURVE, true, NULL },
    { GNUTLS_E_INSUFFICIENT_SECURITY, true, NULL },
    { GNUTLS_E_DH_PRIME_UNACCEPTABLE, true,
      "the server's Diffie-Hellman prime is smaller than GnuTLS accepts" },
    { GNUTLS_E_PK_INVALID_PUBKEY_PARAMS, true, NULL },
    { GNUTLS_E_PK_INVALID_PUBKEY, true, NULL },
    { GNUTLS_E_INCOMPATIBLE_SIG_WITH_KEY, true, NULL },
    { GNUTLS_E_CERTIFICATE_ERROR, true, "GnuTLS cannot use the server's certificate" },
    { GNUTLS_E_CERTIFICATE_LIST_UNSORTED, true, NULL },
    { GNUTLS_E_NO_CERTIFICATE_FOUND, false, "the server sent no certificate" },
    { GNUTLS_E_ASN1_ELEMENT_NOT_FOUND, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_ASN1_DER_ERROR, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_ASN1_DER_OVERFLOW, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_ASN1_TAG_ERROR, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_ASN1_VALUE_NOT_VALID, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_ASN1_GENERIC_ERROR, true, "GnuTLS cannot parse the server's certificate" },
    { GNUTLS_E_UNWANTED_ALGORITHM, true, "an algorithm is needed that our offer leaves out" },
    { GNUTLS_E_MEMORY_ERROR, true, NULL },
    { GNUTLS_E_INTERNAL_ERROR, true, NULL },
    { GNUTLS_E_USER_ERROR, true, "stopped" },
    /* Faults of the peer that deserve better words. */
    { GNUTLS_E_UNSUPPORTED_VERSION_PACKET, false,
      "the server chose a TLS version that was not offered" },
    { GNUTLS_E_UNEXPECTED_PACKET_LENGTH, false, "the server's bytes are not a TLS record" },
    { GNUTLS_E_UNEXPECTED_PACKET, false, "an unexpected TLS record" },
    { GNUTLS_E_RECORD_OVERFLOW, false, "the server's bytes are not a TLS record, or it is too long" },
    { GNUTLS_E_UNEXPECTED_HANDSHAKE_PACKET, false, "a handshake message out of its order" },
    { GNUTLS_E_DECRYPTION_FAILED, false, "a record that does not decrypt" },
    { GNUTLS_E_PK_SIG_VERIFY_FAILED, false,
      "the server's handshake signature is wrong: it has not the certificate's key" },
    { GNUTLS_E_PREMATURE_TERMINATION, false, "the connection ended without close_notify" },
};

bool mxs_tls_error(int code, const char **text)
{
    *text = gnutls_strerror(code);
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (rows[i].code == code) {
            *text = rows[i].text ? rows[i].text : *text;
            return rows[i].local;
        }
    return false;
}
