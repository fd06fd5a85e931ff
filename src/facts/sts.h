/* MTA-STS (RFC 8461) and TLSRPT (RFC 8460) texts as facts. */
#ifndef MXSCOPE_SRC_FACTS_STS_H
#define MXSCOPE_SRC_FACTS_STS_H

#include "facts/field.h"

enum mxs_sts_mode { MXS_STS_MODE_UNKNOWN, MXS_STS_NONE, MXS_STS_TESTING, MXS_STS_ENFORCE };
const char *mxs_sts_mode_name(enum mxs_sts_mode mode); /* "none" ..; NULL for UNKNOWN */

/* A fault in a text: what and where; several may stand in one policy. id is stable:
 * "no-version", "bad-mode", "unknown-key", "mx-is-address", "no-mx", "bad-max-age", ... */
struct mxs_sts_fault {
    const char *id, *text;
    unsigned line; /* 1-based; 0 = the whole text */
};

struct mxs_sts_policy {
    bool valid; /* by the grammar of RFC 8461 3.2 */
    enum mxs_sts_mode mode;
    struct mxs_strs mx; /* patterns, lower case */
    int64_t max_age;    /* seconds, -1 when absent or wrong */
    MXS_LIST(struct mxs_sts_fault) faults;
};

/* Bytes of the HTTP body, at most 64 KiB looked at (RFC 8461 3.3). */
void mxs_sts_policy_parse(struct mxs_arena *arena, struct mxs_bytes body,
                          struct mxs_sts_policy *out);
struct mxs_field *mxs_sts_policy_fields(struct mxs_arena *arena, struct mxs_bytes body);

/* The TXT records at _mta-sts.<domain> (RFC 8461 3.1). valid: exactly one record begins with
 * "v=STSv1;" and its syntax is right. */
struct mxs_sts_txt {
    bool valid;
    const char *id;     /* NULL when there is none */
    const char *reason; /* why not valid: "none", "several", "no-id", "bad-id"; NULL */
};
void mxs_sts_txt_parse(struct mxs_arena *arena, const struct mxs_bytes *records, size_t n,
                       struct mxs_sts_txt *out);

struct mxs_tlsrpt {
    bool valid;
    struct mxs_strs rua;
    const char *reason; /* "none", "several", "no-rua", "bad-rua"; NULL */
};
void mxs_tlsrpt_parse(struct mxs_arena *arena, const struct mxs_bytes *records, size_t n,
                      struct mxs_tlsrpt *out);

/* RFC 8461 4.1: exact, or "*.d" with exactly one label left of d. */
bool mxs_sts_mx_match(const char *pattern, const char *host);

#endif
