/* Inside the catalog: from JSON texts to a catalog. All files are opened first, then read in passes
 * (families, CAs, certificates, what refers to them), so that files may refer to each other. */
#ifndef MXSCOPE_SRC_FACTS_CATALOG_READ_H
#define MXSCOPE_SRC_FACTS_CATALOG_READ_H

#include "facts/catalog.h"

#include <jansson.h>

struct mxs_catalog_file {
    const char *name;
    struct mxs_bytes text;
    json_t *root;
};

struct mxs_catalog_files {
    struct mxs_catalog *catalog;
    MXS_LIST(struct mxs_catalog_file) files;
};

enum mxs_err mxs_catalog_file_open(struct mxs_catalog_files *files, const char *name,
                                   struct mxs_bytes text, struct mxs_why *why);
enum mxs_err mxs_catalog_files_read(struct mxs_catalog_files *files, struct mxs_why *why);
void mxs_catalog_files_close(struct mxs_catalog_files *files);

#endif
