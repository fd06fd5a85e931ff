#include "config.h"

#include "cli/cli.h"

int cli_workbench(struct cli *cli)
{
    if (!cli->lab && cli->words.n == 0)
        return cli_fail("no target (try mxscope --help)");
    if (cli->words.n > 1)
        return cli_fail("one target at a time (mxscope check takes several)");
    return cli_fail("the walk is not part of this build yet");
}
