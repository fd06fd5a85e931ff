/* Names of the smaller IANA registries of TLS, for the decoders. NULL when a registry has none. The
 * ones that others use are in tls.h. */
#ifndef MXSCOPE_SRC_FACTS_TLS_NAMES_H
#define MXSCOPE_SRC_FACTS_TLS_NAMES_H

#include "base/base.h"

bool mxs_tls_is_grease(unsigned value); /* RFC 8701 2: 0x0a0a, 0x1a1a .. 0xfafa */

const char *mxs_tls_compression_name(unsigned method);          /* of hellos */
const char *mxs_tls_name_type_name(unsigned type);              /* of server_name */
const char *mxs_tls_fragment_length_name(unsigned code);        /* max_fragment_length */
const char *mxs_tls_status_type_name(unsigned type);            /* "ocsp" */
const char *mxs_tls_point_format_name(unsigned format);
const char *mxs_tls_curve_type_name(unsigned type);             /* "named_curve" */
const char *mxs_tls_heartbeat_name(unsigned mode);
const char *mxs_tls_certificate_type_name(unsigned type);       /* "X509" */
const char *mxs_tls_client_certificate_type_name(unsigned type); /* "rsa_sign" */
const char *mxs_tls_certificate_compression_name(unsigned algorithm);
const char *mxs_tls_psk_mode_name(unsigned mode);
const char *mxs_tls_key_update_name(unsigned request);
const char *mxs_tls_alert_level_name(unsigned level);
const char *mxs_tls_srtp_name(unsigned profile);
const char *mxs_tls_hash_name(unsigned hash);            /* of TLS 1.2 and SCTs */
const char *mxs_tls_signature_name(unsigned signature);  /* of TLS 1.2 and SCTs */

const char *mxs_tls_alert_text(unsigned code); /* what it means, in one sentence */

#endif
