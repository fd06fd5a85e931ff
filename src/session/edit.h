/* What the operator may change of a ClientHello before it is built, as one line:
 * "sni=.. versions=.. groups=.. alpn=.. priority=..". */
#ifndef MXSCOPE_SRC_SESSION_EDIT_H
#define MXSCOPE_SRC_SESSION_EDIT_H

#include "net/tls_stream.h"

/* The line for what would be sent, in arena. */
const char *mxs_hello_text(struct mxs_arena *arena, const struct mxs_tls_options *options);
/* Reads a line onto options (sni, alpn, priority; the rest stays). Words that are missing stay as they
 * were. MXS_ERR_SYNTAX or USAGE with why for what is not understood. */
enum mxs_err mxs_hello_parse(struct mxs_arena *arena, const char *text,
                             struct mxs_tls_options *options, struct mxs_why *why);

#endif
