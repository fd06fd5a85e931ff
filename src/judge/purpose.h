/* What a chain may be used for: as TLS server, as TLS client, by each rule set, and which certificate
 * stands in the way (RFC 5280 4.2.1.12; CA-level EKU is nested, by convention). Dates and trust are
 * other questions. */
#ifndef MXSCOPE_SRC_JUDGE_PURPOSE_H
#define MXSCOPE_SRC_JUDGE_PURPOSE_H

#include "judge/path.h"

struct mxs_usability {
    const struct mxs_ruleset *rules;
    enum mxs_purpose purpose; /* SERVER or CLIENT */
    bool usable;
    int depth;       /* of the certificate in the way, nearest the leaf; -1 when usable */
    const char *eku; /* the list found there: "serverAuth"; NULL when usable */
    const char *text; /* one sentence: depth, list found, role needed */
};

enum mxs_eku_grant { /* what one certificate's own EKU says of one purpose */
    MXS_EKU_UNRESTRICTED, /* no EKU extension */
    MXS_EKU_LISTED,
    MXS_EKU_BY_ANY,       /* anyExtendedKeyUsage only: libraries differ */
    MXS_EKU_NOT_LISTED
};
enum mxs_eku_grant mxs_eku_grant(const struct mxs_cert *cert, enum mxs_purpose purpose);

struct mxs_purpose_row { /* per certificate of the path, leaf first */
    const struct mxs_cert *cert;
    int depth;
    enum mxs_eku_grant server, client;
};

struct mxs_purposes {
    MXS_LIST(struct mxs_purpose_row) rows;
    MXS_LIST(struct mxs_usability) chain; /* each rule set x server, client */
    bool server_differs, client_differs;  /* the rule sets do not agree */
};

/* Over the candidate paths of a chain: usable when one of them is. Empty when there is no path. */
void mxs_purposes(struct mxs_arena *arena, const struct mxs_paths *paths, struct mxs_purposes *out);
/* NULL when there is none. rules: a rule set's name. */
const struct mxs_usability *mxs_purposes_find(const struct mxs_purposes *purposes,
                                              const char *rules, enum mxs_purpose purpose);

#endif
