/* The door to the workbench. */
#ifndef MXSCOPE_SRC_CLI_SCREEN_H
#define MXSCOPE_SRC_CLI_SCREEN_H

#include "cli/world.h"

#include "ui/ui.h"

/* Runs it with what the words and the config say of the screen; `more` brings target or journal. */
int cli_screen(struct cli *cli, struct cli_world *world, const struct ui_options *more);

#endif
