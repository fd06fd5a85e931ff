#include "config.h"

#include "cli/cli.h"

#include "base/file.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* inih cuts a line at its buffer's size without a word, so the reader below watches for that. */
struct reader {
    struct cli *cli;
    const char *at, *end;
    unsigned line, long_line; /* long_line: the first that did not fit, 0 */
    struct mxs_why why;       /* of the first line that was refused */
};

static char *read_line(char *buf, int size, void *data)
{
    struct reader *r = data;
    if (r->at == r->end)
        return NULL;
    const char *nl = memchr(r->at, '\n', (size_t)(r->end - r->at));
    size_t whole = (size_t)((nl ? nl + 1 : r->end) - r->at);
    size_t n = whole < (size_t)size ? whole : (size_t)size - 1;
    memcpy(buf, r->at, n);
    buf[n] = 0;
    r->at += whole;
    r->line++;
    if (n < whole && !r->long_line)
        r->long_line = r->line;
    return buf;
}

/* Names that are no options of the command line (mxscope.conf(5)). */
static const struct {
    const char *name;
    size_t offset;
    bool list;
} config_only[] = {
    { "bind", offsetof(struct cli, binds), true },
    { "mine", offsetof(struct cli, mine), true },
    { "theme", offsetof(struct cli, theme), false },
};

static bool own_name(struct cli *cli, const char *name, const char *value)
{
    for (size_t i = 0; i < MXS_COUNT(config_only); i++) {
        if (strcmp(config_only[i].name, name) != 0)
            continue;
        void *member = (char *)cli + config_only[i].offset;
        const char *copy = mxs_arena_strdup(cli->arena, value);
        if (config_only[i].list)
            *mxs_list_add(cli->arena, (struct mxs_strs *)member) = copy;
        else
            *(const char **)member = copy;
        return true;
    }
    return false;
}

static int on_pair(void *data, const char *section, const char *name, const char *value)
{
    struct reader *r = data;
    if (r->why.err) /* the first reason stays */
        return 0;
    if (*section)
        mxs_why_set(&r->why, MXS_ERR_SYNTAX, "sections have no meaning here: [%s]", section);
    else if (!own_name(r->cli, name, value))
        cli_set(r->cli, name, value, &r->why);
    return r->why.err == MXS_OK;
}

enum mxs_err cli_config_read(struct cli *cli, const char *path, struct mxs_why *why)
{
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(cli->arena, path, 1 << 20, &text, why);
    if (err)
        return err;
    struct reader r = { .cli = cli, .at = (const char *)text.p,
                        .end = (const char *)text.p + text.n };
    int bad = ini_parse_stream(read_line, &r, on_pair, &r);
    if (r.long_line && (bad == 0 || (unsigned)bad >= r.long_line))
        return mxs_why_set(why, MXS_ERR_LIMIT,
                           "%s:%u: line longer than 198 bytes", path,
                           r.long_line);
    if (bad)
        return mxs_why_set(why, r.why.err ? r.why.err : MXS_ERR_SYNTAX, "%s:%d: %s", path, bad,
                           r.why.err ? r.why.text : "not NAME = VALUE");
    return MXS_OK;
}

const char *cli_config_default(struct cli *cli)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *path = NULL;
    if (base && *base == '/') /* the XDG specification: relative ones are ignored */
        path = mxs_arena_printf(cli->arena, "%s/mxscope/config", base);
    else if (home && *home)
        path = mxs_arena_printf(cli->arena, "%s/.config/mxscope/config", home);
    return path && access(path, F_OK) == 0 ? path : NULL;
}
