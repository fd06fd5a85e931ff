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

/* --- the book of the watch (plan_book.c): $XDG_STATE_HOME/mxscope/plan --- */

/* What has to be out at a host before anything is deployed; the plan's; NULL: nothing. */
const mxs_plan_records *cli_plan_wanted(const struct mxs_plan *plan, size_t host);
/* Writes down that the host's records are out since then, or earlier if it says so already; 0: they are
 * not. USAGE where there is no place to write, and the errors of mxs_file_write. */
enum mxs_err cli_plan_note(struct cli *cli, const struct mxs_plan *plan, size_t host, int64_t since,
                           struct mxs_why *why);
/* Since when the records that the plan publishes have been seen at every name server, by what --watch
 * wrote down. False when it wrote nothing. */
bool cli_plan_since(struct cli *cli, const struct mxs_plan *plan, int64_t *since);

#endif
