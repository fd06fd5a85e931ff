/* What `mxscope plan` and `mxscope plan --watch` share. */
#ifndef MXSCOPE_SRC_CLI_CMD_PLAN_H
#define MXSCOPE_SRC_CLI_CMD_PLAN_H

#include "cli/evidence.h"
#include "ui/ui.h"
#include "whatif/plan.h"

/* What the words say of the next key, certificate, issuer; all empty where they say nothing. */
enum mxs_err cli_plan_next(struct cli *cli, struct mxs_plan_next *next, struct mxs_why *why);
/* The same for the workbench's view Plan. */
enum mxs_err cli_plan_screen(struct cli *cli, struct ui_plan_options *out, struct mxs_why *why);

/* Whether the records that the plan publishes are out, everywhere and for long enough. world has its
 * engine. Gives the exit status. */
int cli_plan_watch(struct cli *cli, struct cli_world *world, const struct mxs_plan_result *result);

/* Since when the records that the plan publishes have been seen at every name server, by what --watch
 * wrote down. False when it wrote nothing. */
bool cli_plan_since(struct cli *cli, const struct mxs_plan *plan, int64_t *since);

#endif
