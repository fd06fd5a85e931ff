#include "config.h"

#include "cli/whatif.h"

#include "base/file.h"
#include "base/text.h"
#include "whatif/export.h"

#include <string.h>
#include <sys/stat.h>

enum { KEYS_MAX = 1 << 20, KEEP_FOR = 32 };

/* The keys that come along are public: what leaves the program gets keys of its own. */
static enum mxs_err open_keys(struct cli *cli, struct cli_futures *out, struct mxs_why *why)
{
    bool leaves = cli->export_dir || cli->command->bit & CLI_LAB;
    const char *path = leaves ? NULL : cli_data(cli->arena, "keys/throw-away.pem");
    enum mxs_err err = path ? mxs_file_read(cli->arena, path, KEYS_MAX, &out->keys, why) : MXS_OK;
    if (err)
        return err;
    out->pool = mxs_keypool_new(out->keys);
    out->whatif.rebuild = mxs_rebuild_new(out->pool);
    out->whatif.own_keys = leaves;
    return MXS_OK;
}

static bool is_file(const char *word)
{
    size_t n = strlen(word);
    return n > 4 && strcmp(word + n - 4, ".ini") == 0;
}

static void choose(struct cli *cli, struct cli_futures *out, const struct mxs_scenario *scenario)
{
    for (size_t i = 0; i < out->chosen.n; i++)
        if (out->chosen.v[i] == scenario)
            return;
    *mxs_list_add(cli->arena, &out->chosen) = scenario;
}

/* --scenario is an id, a glob over ids, or a file. */
static enum mxs_err choose_word(struct cli *cli, struct cli_futures *out, const char *word,
                                struct mxs_why *why)
{
    const struct mxs_scenario *added;
    size_t before = out->chosen.n;
    if (is_file(word)) {
        enum mxs_err err = mxs_scenarios_add_file(out->scenarios, word, &added, why);
        if (err == MXS_OK)
            choose(cli, out, added);
        return err;
    }
    for (size_t i = 0; i < mxs_scenarios_count(out->scenarios); i++) {
        const struct mxs_scenario *s = mxs_scenarios_at(out->scenarios, i);
        if (mxs_glob(word, s->id))
            choose(cli, out, s);
    }
    return out->chosen.n > before
               ? MXS_OK
               : mxs_why_set(why, MXS_ERR_USAGE, "--scenario: none is named '%.80s' (mxscope whatif "
                             "--list; a file ends in .ini)", word);
}

static enum mxs_err choose_all(struct cli *cli, struct cli_futures *out, struct mxs_why *why)
{
    for (size_t i = 0; i < cli->scenarios.n; i++) {
        enum mxs_err err = choose_word(cli, out, cli->scenarios.v[i], why);
        if (err)
            return err;
    }
    for (size_t i = 0; !cli->scenarios.n && i < mxs_scenarios_count(out->scenarios); i++) {
        const struct mxs_scenario *s = mxs_scenarios_at(out->scenarios, i);
        if (!s->history || cli->history)
            choose(cli, out, s);
    }
    out->named = cli->scenarios.n || cli->all;
    return out->chosen.n ? MXS_OK
                         : mxs_why_set(why, MXS_ERR_NOT_FOUND, "%.200s: no scenario is in it",
                                       cli_data(cli->arena, "scenarios"));
}

/* What lines of configuration can name; a folder of roots or "none" is no file to add one to. */
static void own_files(const struct cli *cli, struct mxs_own_files *out)
{
    struct stat st;
    *out = (struct mxs_own_files){
        .cert = cli->client_cert, .key = cli->client_key ? cli->client_key : cli->client_cert,
        .server_cert = cli->like_server_cert, .server_key = cli->like_server_key,
        .roots = cli->trust_store && stat(cli->trust_store, &st) == 0 && S_ISREG(st.st_mode)
                     ? cli->trust_store : NULL,
    };
}

enum mxs_err cli_futures_open(struct cli *cli, struct cli_world *world, struct cli_futures *out,
                              struct mxs_why *why)
{
    const char *remedies = cli_data(cli->arena, "remedies");
    *out = (struct cli_futures){ .whatif = { .catalog = mxs_catalog_get(&world->catalog),
                                             .options = &world->assess } };
    own_files(cli, &out->whatif.files);
    if (!out->whatif.catalog && world->catalog.why.err)
        return mxs_why_set(why, world->catalog.why.err, "%s", world->catalog.why.text);
    enum mxs_err err = mxs_scenarios_load(cli_data(cli->arena, "scenarios"), out->whatif.catalog,
                                          &out->scenarios, why);
    err = err ? err : choose_all(cli, out, why);
    if (err == MXS_OK && remedies)
        err = mxs_remedies_load(remedies, out->whatif.catalog, &out->remedies, why);
    return err ? err : open_keys(cli, out, why);
}

enum mxs_err cli_futures_export(const struct cli_futures *futures, const struct mxs_matrix *matrix,
                                const char *folder, size_t *exported, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    MXS_LIST(struct mxs_overlay) overlays = { NULL, 0, 0 };
    for (size_t i = 0; i < matrix->rows.n; i++) { /* the branches of one scenario stand together */
        const struct mxs_overlay *o = matrix->rows.v[i].overlay;
        if (!o->why_not && (!i || o != matrix->rows.v[i - 1].overlay))
            *mxs_list_add(arena, &overlays) = *o;
    }
    enum mxs_err err = overlays.n ? mxs_export(arena, &futures->whatif, overlays.v, overlays.n, folder,
                                               NULL, why)
                                  : MXS_OK;
    *exported += overlays.n;
    mxs_arena_free(arena);
    return err;
}

void cli_futures_close(struct cli_futures *futures)
{
    mxs_rebuild_free(futures->whatif.rebuild);
    mxs_keypool_free(futures->pool);
    mxs_remedies_free(futures->remedies);
    mxs_scenarios_free(futures->scenarios);
}

void cli_futures_next(struct cli_futures *futures)
{
    if (++futures->used % KEEP_FOR)
        return;
    mxs_rebuild_free(futures->whatif.rebuild);
    mxs_keypool_free(futures->pool);
    futures->pool = mxs_keypool_new(futures->keys);
    futures->whatif.rebuild = mxs_rebuild_new(futures->pool);
}
