/* The verbs of a scenario: one row each. A verb reads its words once, when the file is read, and edits a
 * draft of the future when the scenario runs. */
#ifndef MXSCOPE_SRC_WHATIF_CHANGE_H
#define MXSCOPE_SRC_WHATIF_CHANGE_H

#include "whatif/scenario.h"
#include "whatif/subject.h"

struct mxs_draft; /* the future in the making, whatif/draft.h */

struct mxs_change_kind {
    const char *verb;
    const char *usage;  /* "leaf|intermediates|all +EKU|-EKU|=EKU,.." for messages, man page and editor */
    const char *about;  /* one line */
    size_t min_words, max_words;
    /* Words are well-formed; NULL: nothing to check. catalog may be NULL. */
    enum mxs_err (*check)(const struct mxs_change *change, const struct mxs_catalog *catalog,
                          struct mxs_why *why);
    /* Edits. MXS_ERR_NOT_FOUND with why: it does not apply to this evidence, and why not. */
    enum mxs_err (*apply)(const struct mxs_change *change, struct mxs_draft *draft,
                          struct mxs_why *why);
    /* The evidence is already as it would be afterwards; NULL: never. */
    bool (*holds)(const struct mxs_change *change, const struct mxs_draft *draft);
};

const struct mxs_change_kind *mxs_change_kinds(size_t *n);

#endif
