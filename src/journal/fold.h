/* Events to evidence: the one way evidence comes into being, live and on replay. */
#ifndef MXSCOPE_SRC_JOURNAL_FOLD_H
#define MXSCOPE_SRC_JOURNAL_FOLD_H

#include "journal/journal.h"

/* An empty evidence that follows the journal: what is in it already is folded at once, later events
 * as they come. Owned by the caller; freed before the journal. */
struct mxs_evidence *mxs_fold_new(struct mxs_journal *journal);
void mxs_fold_free(struct mxs_evidence *evidence); /* its arena with it; NULL is fine */

/* One event onto the evidence. Unknown or contradictory events change nothing. */
void mxs_fold_event(struct mxs_evidence *evidence, const struct mxs_event *event);

#endif
