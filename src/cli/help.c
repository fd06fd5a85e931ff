#include "config.h"

#include "cli/cli.h"

#include "report/wrap.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80, TEXT_AT = 28 };

static void option_row(struct mxs_buf *out, const struct cli_option *o)
{
    char left[96], letter[8] = "", name[64] = "";
    if (o->letter)
        snprintf(letter, sizeof letter, "-%c", o->letter);
    if (o->name && o->arg && o->arg[0] == '[') /* "[X]": --name[=X] */
        snprintf(name, sizeof name, "--%s[=%s", o->name, o->arg + 1);
    else if (o->name)
        snprintf(name, sizeof name, "--%s%s%s", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
    snprintf(left, sizeof left, "  %s%s%s", letter, o->letter && o->name ? ", " : "", name);
    size_t n = strlen(left);
    mxs_buf_puts(out, left);
    if (n + 2 > TEXT_AT)
        mxs_buf_printf(out, "\n%*s", TEXT_AT, "");
    else
        mxs_buf_printf(out, "%*s", (int)(TEXT_AT - n), "");
    mxs_wrap(out, o->help, TEXT_AT, TEXT_AT, WIDTH);
}

static void group_rows(struct mxs_buf *out, const struct cli_command *command,
                       const struct cli_group *group)
{
    bool titled = false;
    for (const struct cli_option *o = cli_options; o->set; o++) {
        if (o->group != group->letter || !(o->commands & command->bit))
            continue;
        if (!titled)
            mxs_buf_printf(out, "\n%s:\n", group->title);
        titled = true;
        option_row(out, o);
    }
}

static void commands(struct mxs_buf *out)
{
    mxs_buf_puts(out, "\nCommands (each has --help):\n");
    for (const struct cli_command *c = cli_commands + 1; c->run; c++) {
        mxs_buf_printf(out, "  %-9s", c->name);
        mxs_wrap(out, c->summary, 11, 11, WIDTH);
    }
}

void cli_help(const struct cli_command *command, struct mxs_buf *out)
{
    mxs_buf_printf(out, "Usage: mxscope %s%s[OPTIONS] %s\n\n", command->name ? command->name : "",
                   command->name ? " " : "", command->synopsis);
    mxs_wrap(out, command->summary, 0, 0, WIDTH);
    if (command->more) {
        mxs_buf_putc(out, '\n');
        mxs_wrap(out, command->more, 0, 0, WIDTH);
    }
    if (!command->name)
        commands(out);
    for (const struct cli_group *group = cli_groups; group->letter; group++)
        group_rows(out, command, group);
    mxs_buf_puts(out, "\nExit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. "
                      "Manual: mxscope(1).\n");
}
