#include "config.h"

#include "facts/tls.h"

#include "facts/tls_names.h"
#include "facts/wire.h"

/* IANA "TLS Alerts" (RFC 8446 6, RFC 5246 7.2), without the _RESERVED that 1.3 put behind what only
 * older versions send; each with what it means to a mail operator. */
static const struct {
    uint8_t code;
    const char *name, *text;
} alerts[] = {
    { 0, "close_notify", "the sender will send no more; the orderly end (RFC 8446 6.1)" },
    { 10, "unexpected_message", "a message came that does not belong here (RFC 8446 6.2)" },
    { 20, "bad_record_mac", "a record did not decrypt: damaged, or other keys (RFC 8446 6.2)" },
    { 21, "decryption_failed", "a record did not decrypt; not sent any more (RFC 5246 7.2.2)" },
    { 22, "record_overflow", "a record was over the size limit (RFC 8446 6.2)" },
    { 30, "decompression_failure", "a record did not decompress (RFC 5246 7.2.2)" },
    { 40, "handshake_failure",
      "no common cipher suite, group or signature; in TLS 1.2 also a missing client certificate "
      "(RFC 8446 6.2)" },
    { 41, "no_certificate", "SSL 3.0: no certificate (RFC 6101)" },
    { 42, "bad_certificate", "a certificate was damaged, or its signature wrong (RFC 8446 6.2)" },
    { 43, "unsupported_certificate",
      "a certificate of a kind not accepted: often an extended key usage that does not fit "
      "(RFC 8446 6.2)" },
    { 44, "certificate_revoked", "a certificate was revoked (RFC 8446 6.2)" },
    { 45, "certificate_expired", "a certificate is expired or not yet valid (RFC 8446 6.2)" },
    { 46, "certificate_unknown", "a certificate is unacceptable for another reason "
                                 "(RFC 8446 6.2)" },
    { 47, "illegal_parameter", "a field had a forbidden value (RFC 8446 6.2)" },
    { 48, "unknown_ca", "no path to a trust anchor of the sender of this alert (RFC 8446 6.2)" },
    { 49, "access_denied", "the certificate is fine but not allowed here (RFC 8446 6.2)" },
    { 50, "decode_error", "a message did not decode (RFC 8446 6.2)" },
    { 51, "decrypt_error", "a signature or a Finished was wrong (RFC 8446 6.2)" },
    { 52, "too_many_cids_requested", "too many connection identifiers (RFC 9147)" },
    { 60, "export_restriction", "export ciphers: obsolete (RFC 2246)" },
    { 70, "protocol_version", "no common protocol version (RFC 8446 6.2)" },
    { 71, "insufficient_security", "the server wants stronger ciphers (RFC 8446 6.2)" },
    { 80, "internal_error", "a fault inside the sender of this alert (RFC 8446 6.2)" },
    { 86, "inappropriate_fallback", "a needless fallback to an older version (RFC 7507)" },
    { 90, "user_canceled", "cancelled for a reason that is no failure (RFC 8446 6.1)" },
    { 100, "no_renegotiation", "a renegotiation was declined (RFC 5246 7.2.2)" },
    { 109, "missing_extension", "an extension that must be there is missing (RFC 8446 6.2)" },
    { 110, "unsupported_extension", "an extension that was not offered (RFC 8446 6.2)" },
    { 111, "certificate_unobtainable", "a certificate URL gave nothing (RFC 6066)" },
    { 112, "unrecognized_name", "no server of the name in SNI (RFC 6066 3)" },
    { 113, "bad_certificate_status_response", "the stapled OCSP response was bad "
                                              "(RFC 6066 8)" },
    { 114, "bad_certificate_hash_value", "a certificate did not match its hash (RFC 6066)" },
    { 115, "unknown_psk_identity", "no such pre-shared key (RFC 8446 6.2)" },
    { 116, "certificate_required", "the server wants a client certificate, none was sent "
                                   "(RFC 8446 6.2)" },
    { 117, "general_error", "an error without a number of its own (draft-ietf-tls-rfc8446bis)" },
    { 120, "no_application_protocol", "no common ALPN protocol (RFC 7301 3.2)" },
    { 121, "ech_required", "Encrypted ClientHello was not used (draft-ietf-tls-esni)" },
};

static size_t find(unsigned code)
{
    size_t i = 0;
    while (i < MXS_COUNT(alerts) && alerts[i].code != code)
        i++;
    return i;
}

const char *mxs_tls_alert_name(unsigned code)
{
    size_t i = find(code);
    return i < MXS_COUNT(alerts) ? alerts[i].name : NULL;
}

const char *mxs_tls_alert_text(unsigned code)
{
    size_t i = find(code);
    return i < MXS_COUNT(alerts) ? alerts[i].text : NULL;
}

struct mxs_field *mxs_tls_alert_fields(struct mxs_arena *arena, struct mxs_bytes body)
{
    struct mxs_wire w = mxs_wire_root(arena, "alert", body);
    mxs_wire_named(&w, "level", 1, mxs_tls_alert_level_name);
    unsigned code = mxs_wire_named(&w, "description", 1, mxs_tls_alert_name);
    if (!w.c.bad) {
        const char *name = mxs_tls_alert_name(code), *text = mxs_tls_alert_text(code);
        w.at->value = name ? name : w.at->last->value;
        if (text)
            mxs_field_note(arena, w.at->last, text);
    }
    mxs_wire_end(&w);
    return w.at;
}

struct mxs_field *mxs_tls_record_fields(struct mxs_arena *arena, struct mxs_bytes record)
{
    struct mxs_wire w = mxs_wire_root(arena, "record", record);
    unsigned type = mxs_wire_named(&w, "type", 1, mxs_tls_record_name);
    mxs_wire_named(&w, "version", 2, mxs_tls_version_name);
    uint32_t length = mxs_wire_uint(&w, "length", 2);
    if (w.c.bad)
        return w.at;
    if (length > 16384 + 2048) { /* RFC 5246 6.2.3; 1.3 allows 256 octets only (RFC 8446 5.2) */
        w.at->last->flags |= MXS_FIELD_WARN;
        mxs_field_note(arena, w.at->last, "over the limit of 2^14 + 2048 octets (RFC 5246 6.2.3)");
    }
    w.at->value = mxs_tls_record_name(type);
    mxs_wire_opaque(&w, "fragment", length);
    mxs_wire_end(&w);
    return w.at;
}
