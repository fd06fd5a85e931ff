/* What `mxscope plan` and `mxscope plan --watch` share. */
#ifndef MXSCOPE_SRC_CLI_CMD_PLAN_H
#define MXSCOPE_SRC_CLI_CMD_PLAN_H

#include "cli/evidence.h"
#include "whatif/plan.h"

/* Whether the records that the plan publishes are out, everywhere and for long enough. world has its
 * engine. Gives the exit status. */
int cli_plan_watch(struct cli *cli, struct cli_world *world, const struct mxs_plan_result *result);

/* Since when the records that the plan publishes have been seen at every name server, by what --watch
 * wrote down. False when it wrote nothing. */
bool cli_plan_since(struct cli *cli, const struct mxs_plan *plan, int64_t *since);

/* This command line again, quoted for a shell, with one more word; without --json, --window and the like. */
const char *cli_plan_command(struct cli *cli, const char *more);

#endif
