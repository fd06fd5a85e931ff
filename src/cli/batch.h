/* Walks of many targets on one engine, each reported as it finishes. */
#ifndef MXSCOPE_SRC_CLI_BATCH_H
#define MXSCOPE_SRC_CLI_BATCH_H

#include "cli/world.h"

/* What is made of a finished walk, appended to out; gives its status. The journal stays the batch's. */
typedef enum mxs_status cli_batch_fn(struct cli *cli, struct cli_world *world,
                                     struct mxs_journal *journal, struct mxs_buf *out, void *data);

/* The same with another report than the one of check. */
int cli_batch_with(struct cli *cli, struct cli_world *world, cli_batch_fn *fn, void *data);
/* Targets are the lab's domain, cli->words and the lines of --from; gives the exit status. */
int cli_batch(struct cli *cli, struct cli_world *world);

#endif
