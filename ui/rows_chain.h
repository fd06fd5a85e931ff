/* The chain as served: a row a certificate, what each may be used for, one certificate in words. */
#ifndef MXSCOPE_UI_ROWS_CHAIN_H
#define MXSCOPE_UI_ROWS_CHAIN_H

#include "ui/line.h"
#include "ui/model.h"

/* Tagged with depth + 1. */
void ui_chain_list(struct ui_lines *lines, int width, const struct ui_model *model);
void ui_chain_certificate(struct ui_lines *lines, int width, const struct ui_model *model,
                          const struct mxs_cert *cert);
/* The EKU table: leaf and each CA x serverAuth/clientAuth, what that makes of the chain by each rule
 * set, and the paths that were built. */
void ui_chain_uses(struct ui_lines *lines, int width, const struct ui_model *model, bool ascii);

/* The common name, else the first DNS name, else the subject. */
const char *ui_cert_name(const struct mxs_cert *cert);
/* "R12": the issuer's common name; the whole name when it has none. */
const char *ui_cert_issuer(struct mxs_arena *arena, const struct mxs_cert *cert);

#endif
