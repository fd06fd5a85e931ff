/* DNSSEC trust anchor files, looked at before libunbound gets them: it takes an empty or foreign file
 * without a word and then calls every answer insecure. */
#ifndef MXSCOPE_SRC_NET_TRUST_ANCHOR_H
#define MXSCOPE_SRC_NET_TRUST_ANCHOR_H

#include "base/base.h"

/* path NULL: the system's root.key. Sets *found to the file that is used (path itself or a constant)
 * when it holds at least one DS or DNSKEY. Errors name file, line and reason. */
enum mxs_err mxs_trust_anchor_find(const char *path, const char **found, struct mxs_why *why);

#endif
