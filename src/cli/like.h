/* --like: the settings of an operator's own mail server. */
#ifndef MXSCOPE_SRC_CLI_LIKE_H
#define MXSCOPE_SRC_CLI_LIKE_H

#include "cli/cli.h"

/* Fills what the words left open from the files of --like; names what it ignores on standard error. */
enum mxs_err cli_like(struct cli *cli, struct mxs_why *why);

#endif
