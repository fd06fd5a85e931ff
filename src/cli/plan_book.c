/* Since when all name servers have shown the records of a plan: kept in a small file between runs of
 * plan --watch. */
#include "config.h"

#include "cli/cmd_plan.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STATE_MAX = 1 << 20 };

const mxs_plan_records *cli_plan_wanted(const struct mxs_plan *plan, size_t host)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].kind == MXS_STEP_PUBLISH || plan->steps.v[i].kind == MXS_STEP_RETIRE)
            return &plan->steps.v[i].sets[host];
    return NULL;
}

static const char *state_file(struct cli *cli)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        return mxs_arena_printf(cli->arena, "%s/mxscope/plan", state);
    return home && *home ? mxs_arena_printf(cli->arena, "%s/.local/state/mxscope/plan", home) : NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The whole RRset counts: whatever changes in it, the clock starts anew. */
static const char *digest_of(struct cli *cli, const mxs_plan_records *set)
{
    struct mxs_strs lines = { NULL, 0, 0 };
    const char *all = "";
    uint8_t digest[32];
    for (size_t i = 0; i < set->n; i++)
        *mxs_list_add(cli->arena, &lines) = mxs_tlsa_text(cli->arena, &set->v[i]);
    if (lines.n)
        qsort(lines.v, lines.n, sizeof *lines.v, by_text);
    for (size_t i = 0; i < lines.n; i++)
        all = mxs_arena_printf(cli->arena, "%s%s\n", all, lines.v[i]);
    mxs_digest_sha256(mxs_bytes_str(all), digest);
    return mxs_hex(cli->arena, mxs_bytes(digest, 16));
}

/* Calls for each line "OWNER DIGEST SINCE"; gives the text without the owner's line. */
static const char *without(struct cli *cli, const char *owner, const char *digest, int64_t *since)
{
    const char *path = state_file(cli), *kept = "";
    struct mxs_bytes text;
    if (!path || mxs_file_read(cli->arena, path, STATE_MAX, &text, NULL) != MXS_OK)
        return kept;
    for (const char *p = (const char *)text.p, *end; *p; p = *end ? end + 1 : end) {
        char name[300], key[80];
        long long at;
        end = p + strcspn(p, "\n");
        const char *line = mxs_arena_strndup(cli->arena, p, (size_t)(end - p));
        if (sscanf(line, "%299s %79s %lld", name, key, &at) != 3)
            continue;
        if (!mxs_ascii_equal(name, owner))
            kept = mxs_arena_printf(cli->arena, "%s%s\n", kept, line);
        else if (strcmp(key, digest) == 0)
            *since = at;
    }
    return kept;
}

bool cli_plan_since(struct cli *cli, const struct mxs_plan *plan, int64_t *since)
{
    int64_t latest = 0;
    for (size_t h = 0; h < plan->hosts.n; h++) {
        const mxs_plan_records *set = cli_plan_wanted(plan, h);
        int64_t at = 0;
        if (!plan->hosts.v[h].touched || !set)
            continue;
        without(cli, plan->hosts.v[h].owner, digest_of(cli, set), &at);
        if (!at || at > plan->input->now)
            return false;
        latest = at > latest ? at : latest;
    }
    *since = latest;
    return latest > 0;
}

static void make_folders(struct cli *cli, const char *path)
{
    char *copy = mxs_arena_strdup(cli->arena, path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(copy, 0700); /* what cannot be made shows when the file is written */
        *slash = '/';
    }
}

enum mxs_err cli_plan_note(struct cli *cli, const struct mxs_plan *plan, size_t host, int64_t since,
                           struct mxs_why *why)
{
    const mxs_plan_records *set = cli_plan_wanted(plan, host);
    const char *path = state_file(cli), *owner = plan->hosts.v[host].owner;
    int64_t was = 0;
    if (!plan->hosts.v[host].touched || !set)
        return MXS_OK;
    if (!path)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "--watch: nowhere to keep since when: set XDG_STATE_HOME or HOME");
    const char *digest = digest_of(cli, set), *text = without(cli, owner, digest, &was);
    if (since)
        text = mxs_arena_printf(cli->arena, "%s%s %s %lld\n", text, owner, digest,
                                (long long)(was && was < since ? was : since));
    make_folders(cli, path);
    return mxs_file_write(path, mxs_bytes_str(text), 0600, why);
}
