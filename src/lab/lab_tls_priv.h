/* Shared by identity and handshake. */
#ifndef MXSCOPE_SRC_LAB_LAB_TLS_PRIV_H
#define MXSCOPE_SRC_LAB_LAB_TLS_PRIV_H

#include "lab/lab_tls.h"

#include <gnutls/gnutls.h>

struct mxs_lab_identity {
    const struct mxs_lab_host_plan *host;
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    gnutls_datum_t ticket_key;
};

#endif
