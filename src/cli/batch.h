/* Walks of many targets on one engine, each reported as it finishes. */
#ifndef MXSCOPE_SRC_CLI_BATCH_H
#define MXSCOPE_SRC_CLI_BATCH_H

#include "cli/world.h"

/* Targets are the lab's domain, cli->words and the lines of --from; gives the exit status. */
int cli_batch(struct cli *cli, struct cli_world *world);

#endif
