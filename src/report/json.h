/* The JSON, piece by piece: mxscope.report/1 is made of these, and so are verdicts/1, whatif/1
 * and plan/1. Members come in a fixed order; what is not known is null, never left out. */
#ifndef MXSCOPE_SRC_REPORT_JSON_H
#define MXSCOPE_SRC_REPORT_JSON_H

#include "base/buf.h"
#include "facts/catalog.h"
#include "judge/assess.h"

#include <jansson.h>

/* Text that should be clean UTF-8 and is made so; NULL gives null. */
json_t *mxs_json_text(const char *s);
json_t *mxs_json_texts(const struct mxs_strs *list); /* an array */
json_t *mxs_json_hex(struct mxs_bytes b);            /* lower case; n 0 gives null */
json_t *mxs_json_time(int64_t wall);                 /* RFC 3339 UTC */

/* CHAIN, VERDICT, FINDING; the `tlsa` and `tlsa_matches` members. */
/* null when empty. catalog may be NULL: then no CA is named. */
json_t *mxs_json_chain(const struct mxs_chain *chain, struct mxs_catalog_loader *catalog);
json_t *mxs_json_verdict(const struct mxs_verdict *verdict);
/* One that the same document has already: what senders log is null. */
json_t *mxs_json_verdict_again(const struct mxs_verdict *verdict);
json_t *mxs_json_finding(const struct mxs_finding *finding);
json_t *mxs_json_tlsa(const struct mxs_host_facts *host);
json_t *mxs_json_tlsa_matches(const struct mxs_session_assessment *session); /* NULL gives [] */

/* Appends the object as one line with its newline and releases it. MXS_ERR_LIMIT when out is full. */
enum mxs_err mxs_json_line(json_t *object, struct mxs_buf *out);

#endif
