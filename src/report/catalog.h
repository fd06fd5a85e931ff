/* The CA catalog as text and JSON: what `catalog list` and `catalog show` print. */
#ifndef MXSCOPE_SRC_REPORT_CATALOG_H
#define MXSCOPE_SRC_REPORT_CATALOG_H

#include "base/buf.h"
#include "facts/catalog.h"

struct mxs_catalog_report {
    const struct mxs_catalog *catalog;
    int64_t at;     /* states are those of this instant */
    bool only_then; /* list: leave out what was not valid at that instant */
    unsigned width; /* columns of the text form; 0 = 80 */
};

/* Families and their CAs; family NULL: all. */
void mxs_catalog_list_text(const struct mxs_catalog_report *r,
                           const struct mxs_catalog_family *family, struct mxs_buf *out);
/* One mxscope.ca/1 a line. */
void mxs_catalog_list_json(const struct mxs_catalog_report *r,
                           const struct mxs_catalog_family *family, struct mxs_buf *out);

/* One CA with its key, certificates, periods and chains; cert not NULL: only that certificate of it. */
void mxs_catalog_ca_text(const struct mxs_catalog_report *r, const struct mxs_catalog_ca *ca,
                         const struct mxs_catalog_cert *cert, struct mxs_buf *out);
void mxs_catalog_ca_json(const struct mxs_catalog_report *r, const struct mxs_catalog_ca *ca,
                         const struct mxs_catalog_cert *cert, struct mxs_buf *out);
/* A family: its CAs, what is known of its profiles, and its dates; mxscope.ca-family/1. */
void mxs_catalog_family_text(const struct mxs_catalog_report *r,
                             const struct mxs_catalog_family *family, struct mxs_buf *out);
void mxs_catalog_family_json(const struct mxs_catalog_report *r,
                             const struct mxs_catalog_family *family, struct mxs_buf *out);

#endif
