/* What a walk may be told: the options of mxscope(1) that concern the network. Filled by cli from
 * words and config; strings are borrowed and outlive the engine. */
#ifndef MXSCOPE_SRC_SESSION_OPTIONS_H
#define MXSCOPE_SRC_SESSION_OPTIONS_H

#include "facts/evidence.h"

/* --connect-to HOST:PORT:ADDR:PORT; host "" = any, address "" = as resolved, port 0 = any / same */
struct mxs_connect_to {
    const char *host, *address;
    unsigned port, to_port;
};

struct mxs_session_options {
    const char *resolver;     /* --resolver; NULL: the system's */
    const char *trust_anchor; /* DNSSEC; NULL: the system's root.key */
    const char *ca_file;      /* X.509 roots for the policy fetch; NULL: the system's */
    MXS_LIST(struct mxs_connect_to) connect_to;
    const char *source;
    int family;               /* 0, 4, 6 */
    enum mxs_tls_mode tls;
    bool offer_all;           /* probe RSA and ECDSA besides (default for check of a domain) */
    enum mxs_offer offer;     /* when not offer_all */
    const char *ehlo;         /* NULL: our host name, else an address literal */
    const char *sni;          /* NULL: by the rules (RFC 7672 8.1, RFC 8461 7.1); "none" */
    bool sni_trial;           /* one more session per host, without SNI */
    const char *priority;
    struct mxs_bytes client_cert_pem, client_key_pem;
    bool client_cert_trial;   /* with and without */
    const char *auth_external; /* NULL: no AUTH; "" or an authzid */
    const char *mail_from, *rcpt_to;
    int timeout;              /* seconds for each wait; 0: the limits of RFC 5321 4.5.3.2, at most 60 */
    unsigned per_host;        /* concurrent sessions to one address; 0 = 1 */
    bool share;               /* a session is had once for all walks of the engine (batch) */
    bool no_records;          /* leave TLS records out of the journal (batch: nobody looks at them) */
    bool keylog;              /* put key log lines into the journal */
    bool no_policy;           /* skip the policy fetch */
    bool insecure_tlsa;       /* ask for TLSA records in unsigned zones too, to show that they are idle */
    bool zones;               /* ask DS and DNSKEY of each zone cut (the DNSSEC chain of trust) */
};

#endif
