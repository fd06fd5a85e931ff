/* The stages of a walk, in order, with the names users meet. The one list of
 * stages: session/stages.c has a row for each, everything else asks this table. */
#ifndef MXSCOPE_SRC_FACTS_STAGE_H
#define MXSCOPE_SRC_FACTS_STAGE_H

#include "base/base.h"

/* X(enum suffix, name, scope, title)   scope: D = once per domain, H = per host, S = per session */
#define MXS_STAGES(X)                                                              \
    X(MX, "mx", 'D', "MX lookup")                                                  \
    X(ADDRESS, "address", 'H', "Address lookup")                                   \
    X(TLSA, "tlsa", 'H', "TLSA lookup")                                            \
    X(MTA_STS, "mta-sts", 'D', "MTA-STS TXT and policy")                           \
    X(POLICY, "policy", 'S', "What is expected")                                   \
    X(CONNECT, "connect", 'S', "TCP connection")                                   \
    X(BANNER, "banner", 'S', "SMTP banner")                                        \
    X(EHLO, "ehlo", 'S', "EHLO")                                                   \
    X(STARTTLS, "starttls", 'S', "STARTTLS")                                       \
    X(CLIENT_HELLO, "client-hello", 'S', "ClientHello")                            \
    X(SERVER_HELLO, "server-hello", 'S', "ServerHello")                            \
    X(ENCRYPTED_EXTENSIONS, "encrypted-extensions", 'S', "EncryptedExtensions")    \
    X(CERTIFICATE_REQUEST, "certificate-request", 'S', "CertificateRequest")       \
    X(CERTIFICATE, "certificate", 'S', "Certificate")                              \
    X(CERTIFICATE_VERIFY, "certificate-verify", 'S', "CertificateVerify")          \
    X(FINISHED, "finished", 'S', "Finished")                                       \
    X(EHLO_TLS, "ehlo-tls", 'S', "EHLO inside TLS")                                \
    X(CLIENT_VERDICT, "client-verdict", 'S', "Server's verdict on our certificate") \
    X(AUTH, "auth", 'S', "AUTH EXTERNAL")                                          \
    X(MAIL, "mail", 'S', "MAIL FROM")                                              \
    X(RCPT, "rcpt", 'S', "RCPT TO")                                                \
    X(QUIT, "quit", 'S', "QUIT")

enum mxs_stage {
#define X(id, name, scope, title) MXS_STAGE_##id,
    MXS_STAGES(X)
#undef X
    MXS_STAGE_COUNT,
    MXS_STAGE_NONE = MXS_STAGE_COUNT
};

const char *mxs_stage_name(enum mxs_stage stage);  /* NULL for MXS_STAGE_NONE */
const char *mxs_stage_title(enum mxs_stage stage); /* NULL for MXS_STAGE_NONE */
char mxs_stage_scope(enum mxs_stage stage);        /* 'D', 'H', 'S' */
enum mxs_stage mxs_stage_parse(const char *name);  /* MXS_STAGE_NONE when unknown */

enum mxs_stage_status { /* order is severity; NOT_REACHED prints as nothing */
    MXS_STAGE_NOT_REACHED,
    MXS_STAGE_SKIPPED,
    MXS_STAGE_OK,
    MXS_STAGE_WARNING,
    MXS_STAGE_FAILED
};
const char *mxs_stage_status_name(enum mxs_stage_status status); /* "skipped" "ok" ..; or NULL */
enum mxs_stage_status mxs_stage_status_parse(const char *name);

#endif
