/* Where a learner's progress is kept: $XDG_STATE_HOME/mxscope/lessons. */
#include "config.h"

#include "cli/learn.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_MAX = 256 * 1024 };

/* The XDG base directories: only absolute paths count. NULL when nothing says where. */
static const char *place(struct mxs_arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/')
        return mxs_arena_printf(arena, "%s/mxscope/lessons", state);
    return home && *home == '/' ? mxs_arena_printf(arena, "%s/.local/state/mxscope/lessons", home)
                                : NULL;
}

enum mxs_err cli_progress_read(struct cli *cli, const char **path, struct mxs_progress *out,
                               struct mxs_why *why)
{
    struct mxs_bytes text = { 0 };
    *out = (struct mxs_progress){ .arena = cli->arena };
    *path = place(cli->arena);
    if (!*path || (access(*path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)))
        return MXS_OK;
    enum mxs_err err = mxs_file_read(cli->arena, *path, STATE_MAX, &text, why);
    return err ? err : mxs_progress_parse(cli->arena, *path, text, out, why);
}

static void make_folders(const char *path)
{
    char *folder = mxs_strdup(path);
    for (char *p = folder + 1; (p = strchr(p, '/')); *p++ = '/') {
        *p = 0;
        mkdir(folder, 0700); /* what is missing at the end is told by the write */
    }
    free(folder);
}

enum mxs_err cli_progress_write(const char *path, const struct mxs_progress *progress,
                                struct mxs_why *why)
{
    struct mxs_buf out;
    if (!path)
        return MXS_OK;
    mxs_buf_init(&out, STATE_MAX);
    mxs_progress_print(progress, &out);
    make_folders(path);
    enum mxs_err err = mxs_file_write(path, mxs_buf_bytes(&out), 0600, why);
    mxs_buf_fini(&out);
    return err;
}
