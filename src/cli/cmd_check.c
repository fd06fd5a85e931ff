#include "config.h"

#include "cli/batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One journal has one file: these name a single walk. */
static const char *single_file(const struct cli *cli)
{
    return cli->record ? "--record" : cli->pcap ? "--pcap" : cli->html ? "--html"
                       : cli->markdown ? "--markdown" : NULL;
}

static enum mxs_err usable(const struct cli *cli, struct mxs_why *why)
{
    const char *single = single_file(cli);
    if (!cli->lab && !cli->from && cli->words.n == 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "no target (see mxscope check --help)");
    if (cli->lab && (cli->from || cli->words.n))
        return mxs_why_set(why, MXS_ERR_USAGE, "--lab brings its own target");
    if (single && (cli->from || cli->words.n > 1))
        return mxs_why_set(why, MXS_ERR_USAGE, "%s takes one target", single);
    return MXS_OK;
}

int cli_check(struct cli *cli)
{
    struct cli_world world = { 0 };
    struct mxs_why why = { 0 };
    enum mxs_err err = usable(cli, &why);
    err = err ? err : cli_world_open(cli, &world, &why);
    err = err ? err : cli_world_network(cli, &world, &why);
    int status = err ? cli_fail(why.text) : cli_batch(cli, &world);
    cli_world_close(&world);
    return status;
}
