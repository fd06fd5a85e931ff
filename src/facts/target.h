/* TARGET words (mxscope(1), Targets): the next-hop syntax of Postfix. */
#ifndef MXSCOPE_SRC_FACTS_TARGET_H
#define MXSCOPE_SRC_FACTS_TARGET_H

#include "base/arena.h"

enum mxs_tls_mode { MXS_TLS_AUTO, MXS_TLS_STARTTLS, MXS_TLS_IMPLICIT, MXS_TLS_NONE };
enum mxs_target_kind { MXS_TARGET_DOMAIN, MXS_TARGET_HOST, MXS_TARGET_ADDRESS };

struct mxs_target {
    const char *text; /* as given */
    enum mxs_target_kind kind;
    const char *name; /* A-labels, lower case, or the address text */
    unsigned port;    /* default 25 */
    bool port_given;
};

/* `example.org`, `example.org:587`, `[mx1.example.org]`, `[192.0.2.25]:25`, `[2001:db8::25]`. */
enum mxs_err mxs_target_parse(struct mxs_arena *arena, const char *text, struct mxs_target *out,
                              struct mxs_why *why);

#endif
