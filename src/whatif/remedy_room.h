/* What the files of remedies share. */
#ifndef MXSCOPE_SRC_WHATIF_REMEDY_ROOM_H
#define MXSCOPE_SRC_WHATIF_REMEDY_ROOM_H

#include "whatif/remedy.h"

struct mxs_product { /* a key of the lines in a file of remedies */
    const char *key, *name, *version;
};

struct mxs_remedies {
    struct mxs_arena *arena;
    MXS_LIST(struct mxs_product) products;
    MXS_LIST(struct mxs_remedy) v;
};

/* The remedy's lines for a future that it was laid over; from: the future without it. A line whose
 * placeholder has no value is left out, {tlsa} gives one line for each record to add. In arena. */
void mxs_remedy_fill(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                     const struct mxs_remedy *remedy, const struct mxs_future *from,
                     const struct mxs_future *with, struct mxs_offered *out);

#endif
