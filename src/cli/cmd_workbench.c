#include "config.h"

#include "cli/batch.h"
#include "cli/cmd_plan.h"
#include "cli/screen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum mxs_err usable(const struct cli *cli, struct mxs_why *why)
{
    if (cli->lab && cli->words.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "--lab brings its own target");
    if (!cli->lab && cli->words.n == 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "no target (try mxscope --help)");
    if (cli->words.n > 1)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "one target at a time (mxscope check takes several)");
    return MXS_OK;
}

static const char *lab_help(struct cli *cli, const struct mxs_lab_info *info)
{
    return mxs_arena_printf(cli->arena,
                            "--resolver %s --trust-anchor %s --trust-store %s", info->resolver,
                            info->trust_anchor, info->ca_file);
}

struct hook {
    struct cli *cli;
    struct cli_world *world;
};

static enum mxs_err on_journal(void *data, struct mxs_journal *journal, struct mxs_why *why)
{
    struct hook *hook = data;
    return cli_keylog(hook->cli, journal, why);
}

static enum mxs_err on_end(void *data, struct mxs_journal *journal, struct mxs_why *why)
{
    struct hook *hook = data;
    struct cli_result result;
    cli_result_make(hook->world, journal, &result);
    enum mxs_err err = cli_files(hook->cli, hook->world, &result, why);
    cli_result_free(&result);
    return err;
}

int cli_screen(struct cli *cli, struct cli_world *world, const struct ui_options *more)
{
    struct mxs_why why = { 0 };
    struct ui_options options = *more;
    struct hook hook = { cli, world };
    struct ui_plan_options plan;
    if (cli_plan_screen(cli, &plan, &why))
        return cli_fail(why.text);
    options.plan = &plan;
    options.engine = world->engine;
    options.clock = world->clock;
    options.assess = &world->assess;
    options.breaks = cli->breaks;
    options.ascii = cli->ascii;
    options.no_color = cli->no_color || (getenv("NO_COLOR") && *getenv("NO_COLOR"));
    options.mouse = false; /* the toggle is a key; --no-mouse confirms the default */
    options.theme = cli->theme;
    options.binds = cli->binds;
    options.mine = cli->mine;
    options.script = cli->script;
    options.record_path = cli->record;
    options.on_journal = on_journal;
    options.on_end = on_end;
    options.hook_data = &hook;
    options.words = cli->argv;
    options.catalog = &world->catalog;
    options.anon = cli_anon(cli, NULL);
    options.glossary = cli_data(cli->arena, "glossary");
    options.data.verifiers = cli_data(cli->arena, "verifiers");
    options.data.scenarios = cli_data(cli->arena, "scenarios");
    options.data.remedies = cli_data(cli->arena, "remedies");
    options.data.keys = cli_data(cli->arena, "keys/throw-away.pem");
    options.scenarios = cli->scenarios;
    options.history = cli->history;
    return ui_run(&options, &why) ? cli_fail(why.text) : 0;
}

static int screen(struct cli *cli, struct cli_world *world)
{
    struct ui_options options = { .target = cli->lab ? mxs_lab_info(world->lab)->domain
                                                     : cli->words.v[0],
                                  .paused = cli->step || cli->lab };
    if (cli->lab)
        options.lab_help = lab_help(cli, mxs_lab_info(world->lab));
    options.lab_dns = cli_lab_dns(cli, world->lab);
    return cli_screen(cli, world, &options);
}

int cli_workbench(struct cli *cli)
{
    struct cli_world world = { 0 };
    struct mxs_why why = { 0 };
    enum mxs_err err = usable(cli, &why);
    err = err ? err : cli_world_open(cli, &world, &why);
    err = err ? err : cli_world_network(cli, &world, &why);
    int status = err                             ? cli_fail(why.text)
                 : cli->json || !isatty(STDOUT_FILENO) ? cli_batch(cli, &world)
                                                 : screen(cli, &world);
    cli_world_close(&world);
    return status;
}
