/* What `mxscope explain` reads: pasted words, log lines, a postqueue -j listing, an RFC 8460 report. */
#ifndef MXSCOPE_SRC_CLI_EXPLAIN_H
#define MXSCOPE_SRC_CLI_EXPLAIN_H

#include "base/arena.h"

/* One thing to explain. */
struct explain_item {
    const char *text;  /* what the glossary is asked with, sanitised */
    const char *where; /* the MX, the recipient's domain; NULL */
    long count;        /* failed sessions, queued messages; 1 for a line */
};

struct explain_input {
    const char *heading; /* "TLS report of .. for ..", "mail queue, N messages"; NULL for log lines */
    MXS_LIST(struct explain_item) items;
};

/* Tells by the bytes what it is; gzip is opened first (RFC 8460 5.1). MXS_ERR_SYNTAX and MXS_ERR_LIMIT
 * with why. name is for messages. */
enum mxs_err explain_parse(struct mxs_arena *arena, const char *name, struct mxs_bytes bytes,
                           struct explain_input *out, struct mxs_why *why);

#endif
