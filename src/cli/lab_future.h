/* mxscope lab --session FILE [--scenario S]: what a recorded session, or its future, is served as. */
#ifndef MXSCOPE_SRC_CLI_LAB_FUTURE_H
#define MXSCOPE_SRC_CLI_LAB_FUTURE_H

#include "cli/whatif.h"
#include "lab/lab_future.h"

/* In cli->arena. note: what is served, in a line for standard error. Errors name the option, the file, or
 * why the scenario does not apply. */
enum mxs_err cli_lab_future(struct cli *cli, struct mxs_lab_future *out, const char **note,
                            struct mxs_why *why);

#endif
