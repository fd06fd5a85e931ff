/* All scenarios: read from folders, in order, each with the changes of those that it comes after. */
#include "config.h"

#include "whatif/scenario_room.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

enum {
    FOLDERS_MAX = 100,
    CHANGES_MAX = 1000 /* of one scenario, those of `after` included: they may double at each step */
};

/* What comes for everybody stands before what people propose and what may fail; other groups last. */
static const char *const groups[] = { "eku/", "rollover/", "renewal/", "trust/", "reaction/", "failure/" };

static size_t rank(const char *id)
{
    size_t i = 0;
    while (i < MXS_COUNT(groups) && strncmp(id, groups[i], strlen(groups[i])) != 0)
        i++;
    return i;
}

static bool stands_behind(const char *a, const char *b)
{
    size_t ra = rank(a), rb = rank(b);
    return ra != rb ? ra > rb : strcmp(a, b) > 0;
}

static void insert(struct mxs_scenarios *all, struct mxs_scenario_entry *e)
{
    *mxs_list_add(all->arena, &all->entries) = e;
    for (size_t i = all->entries.n - 1;
         i > 0 && stands_behind(all->entries.v[i - 1]->s.id, e->s.id); i--) {
        all->entries.v[i] = all->entries.v[i - 1];
        all->entries.v[i - 1] = e;
    }
}

static enum mxs_err read_text(struct mxs_scenarios *all, const char *file, struct mxs_bytes text,
                              struct mxs_scenario_entry **out, struct mxs_why *why)
{
    struct mxs_scenario_entry *e = MXS_NEW(all->arena, struct mxs_scenario_entry);
    enum mxs_err err = mxs_scenario_read(all, file, text, e, why);
    if (!err) {
        insert(all, e);
        *out = e;
    }
    return err;
}

static struct mxs_scenario_entry *find(const struct mxs_scenarios *all, const char *id, size_t n)
{
    for (size_t i = 0; i < all->entries.n; i++)
        if (strlen(all->entries.v[i]->s.id) == n && memcmp(all->entries.v[i]->s.id, id, n) == 0)
            return all->entries.v[i];
    return NULL;
}

static bool join(struct mxs_arena *arena, struct mxs_changes *to, const struct mxs_changes *from)
{
    if (from->list.n > CHANGES_MAX - to->list.n)
        return false;
    for (size_t i = 0; i < from->list.n; i++)
        *mxs_list_add(arena, &to->list) = from->list.v[i];
    return true;
}

static enum mxs_err too_many(const struct mxs_scenario_entry *e, struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_LIMIT, "%.120s:%u: more than %d changes, those of \"after\" included",
                       e->file, e->after_line ? e->after_line : 1, CHANGES_MAX);
}

/* The changes of those that come first, then its own. */
static enum mxs_err link_entry(struct mxs_scenarios *all, struct mxs_scenario_entry *e, struct mxs_why *why)
{
    if (e->state == MXS_SCENARIO_LINKED)
        return MXS_OK;
    if (e->state == MXS_SCENARIO_LINKING)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.120s:%u: \"after\" comes back to %.60s: a cycle",
                           e->file, e->after_line, e->s.id);
    e->state = MXS_SCENARIO_LINKING;
    for (const char *p = e->after ? e->after : ""; p += strspn(p, " ,"), *p;) {
        size_t n = strcspn(p, " ,");
        struct mxs_scenario_entry *first = find(all, p, n);
        if (!first)
            return mxs_why_set(why, MXS_ERR_USAGE,
                               "%.120s:%u: after: no scenario is called \"%.*s\" (an id as in "
                               "mxscope whatif --list)", e->file, e->after_line, (int)(n < 60 ? n : 60),
                               p);
        enum mxs_err err = link_entry(all, first, why);
        if (err)
            return err;
        if (!join(all->arena, &e->s.changes, &first->s.changes) ||
            !join(all->arena, &e->s.before, &first->s.before))
            return too_many(e, why);
        p += n;
    }
    if (!join(all->arena, &e->s.changes, &e->own) || !join(all->arena, &e->s.before, &e->own_before))
        return too_many(e, why);
    e->state = MXS_SCENARIO_LINKED;
    return MXS_OK;
}

static enum mxs_err read_file(struct mxs_scenarios *all, const char *file, struct mxs_scenario_entry **out,
                              struct mxs_why *why)
{
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(all->arena, file, MXS_SCENARIO_FILE_MAX, &text, why);
    return err ? err : read_text(all, file, text, out, why);
}

static enum mxs_err read_folder(struct mxs_scenarios *all, const char *folder, struct mxs_why *why)
{
    struct mxs_strs files = { 0 };
    struct mxs_scenario_entry *e;
    enum mxs_err err = mxs_file_list(all->arena, folder, ".ini", &files, why);
    for (size_t i = 0; i < files.n && !err; i++)
        err = read_file(all, files.v[i], &e, why);
    return err;
}

static enum mxs_err read_folders(struct mxs_scenarios *all, const char *folder, struct mxs_why *why)
{
    struct dirent **names = NULL;
    struct stat st;
    enum mxs_err err = MXS_OK;
    int n = scandir(folder, &names, NULL, alphasort);
    if (n < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        const char *path = mxs_arena_printf(all->arena, "%s/%s", folder, names[i]->d_name);
        if (!err && i < FOLDERS_MAX && names[i]->d_name[0] != '.' && stat(path, &st) == 0 &&
            S_ISDIR(st.st_mode))
            err = read_folder(all, path, why);
        free(names[i]);
    }
    free(names);
    return err ? err : read_folder(all, folder, why);
}

enum mxs_err mxs_scenarios_load(const char *folder, const struct mxs_catalog *catalog,
                                struct mxs_scenarios **out, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_scenarios *all = MXS_NEW(arena, struct mxs_scenarios);
    *all = (struct mxs_scenarios){ .arena = arena, .catalog = catalog };
    enum mxs_err err = folder ? read_folders(all, folder, why) : MXS_OK;
    for (size_t i = 0; i < all->entries.n && !err; i++)
        err = link_entry(all, all->entries.v[i], why);
    if (err)
        mxs_arena_free(arena);
    *out = err ? NULL : all;
    return err;
}

void mxs_scenarios_free(struct mxs_scenarios *scenarios)
{
    if (scenarios)
        mxs_arena_free(scenarios->arena);
}

/* A file that cannot be linked leaves nothing behind. */
static enum mxs_err added_entry(struct mxs_scenarios *all, struct mxs_scenario_entry *e, enum mxs_err err,
                                const struct mxs_scenario **added, struct mxs_why *why)
{
    *added = NULL;
    if (err)
        return err;
    err = link_entry(all, e, why);
    if (!err) {
        *added = &e->s;
        return MXS_OK;
    }
    for (size_t i = 0, n = 0; i < all->entries.n; i++)
        if (all->entries.v[i] != e)
            all->entries.v[n++] = all->entries.v[i];
    all->entries.n--;
    return err;
}

enum mxs_err mxs_scenarios_add_file(struct mxs_scenarios *all, const char *file,
                                    const struct mxs_scenario **added, struct mxs_why *why)
{
    struct mxs_scenario_entry *e = NULL;
    enum mxs_err err = read_file(all, file, &e, why);
    return added_entry(all, e, err, added, why);
}

enum mxs_err mxs_scenarios_add_text(struct mxs_scenarios *all, const char *name,
                                    struct mxs_bytes text, const struct mxs_scenario **added,
                                    struct mxs_why *why)
{
    struct mxs_scenario_entry *e = NULL;
    enum mxs_err err = read_text(all, name, text, &e, why);
    return added_entry(all, e, err, added, why);
}

size_t mxs_scenarios_count(const struct mxs_scenarios *scenarios)
{
    return scenarios->entries.n;
}

const struct mxs_scenario *mxs_scenarios_at(const struct mxs_scenarios *scenarios, size_t index)
{
    return index < scenarios->entries.n ? &scenarios->entries.v[index]->s : NULL;
}

const struct mxs_scenario *mxs_scenario_find(const struct mxs_scenarios *scenarios, const char *id)
{
    const struct mxs_scenario_entry *e = find(scenarios, id, strlen(id));
    return e ? &e->s : NULL;
}
