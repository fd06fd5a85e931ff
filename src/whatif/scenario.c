#include "config.h"

#include "whatif/scenario.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ini_lines.h"
#include "base/text.h"
#include "whatif/change_rows.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILE_MAX = 256 * 1024,
    FOLDERS_MAX = 100,
    SCENARIOS_MAX = 2000,
    CHANGES_MAX = 1000 /* of one scenario, those of `after` included: they may double at each step */
};

struct entry { /* one scenario as it was written */
    struct mxs_scenario s;
    const char *file, *after; /* after: the ids, as written */
    unsigned after_line;
    struct mxs_changes own, own_before; /* without those of `after` */
    enum { UNLINKED, LINKING, LINKED } state;
};

struct mxs_scenarios {
    struct mxs_arena *arena;
    const struct mxs_catalog *catalog;
    MXS_LIST(struct entry *) entries;      /* in order of group, then of id */
};

struct line { /* a key with its value, continuation lines joined */
    const char *section, *name, *value;
    unsigned number;
};

struct reading {
    struct mxs_scenarios *all;
    const char *file;
    struct mxs_ini_lines in;
    MXS_LIST(struct line) lines;
    struct mxs_why *why;
    enum mxs_err err;
};

/* --- the file, line by line --------------------------------------------------------------------- */

static enum mxs_err bad_line(struct reading *r, unsigned line, const char *text)
{
    return r->err = mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s:%u: %s", r->file, line, text);
}

static int on_key(void *data, const char *section, const char *name, const char *value)
{
    struct reading *r = data;
    struct mxs_arena *arena = r->all->arena;
    const char *clean = mxs_text_clean(arena, mxs_bytes_str(value));
    struct line *last = r->lines.n ? &r->lines.v[r->lines.n - 1] : NULL;
    if (r->in.indented && last && strcmp(last->name, name) == 0)
        last->value = mxs_arena_printf(arena, "%s%s%s", last->value, *last->value ? " " : "", clean);
    else
        *mxs_list_add(arena, &r->lines) =
            (struct line){ mxs_arena_strdup(arena, section),
                           mxs_text_clean(arena, mxs_bytes_str(name)), clean,
                           r->in.line };
    return 1;
}

static enum mxs_err read_lines(struct reading *r)
{
    int line = ini_parse_stream(mxs_ini_line, &r->in, on_key, r);
    if (r->in.fault)
        return bad_line(r, r->in.line, r->in.fault);
    return line ? bad_line(r, (unsigned)line, "neither [scenario], [changes], [before] nor KEY = VALUE")
                : MXS_OK;
}

/* --- keys ----------------------------------------------------------------------------------------- */

static enum mxs_err fault(struct reading *r, const struct line *l, const char *text)
{
    return r->err = mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s:%u: %s", r->file, l->number, text);
}

static enum mxs_err set_date(struct reading *r, struct entry *e, const struct line *l)
{
    if (mxs_time_parse(l->value, &e->s.at) == MXS_OK)
        return MXS_OK;
    return fault(r, l, mxs_arena_printf(r->all->arena,
                                        "\"%.40s\" is no date (YYYY-MM-DD, or left out: any day)",
                                        l->value));
}

static enum mxs_err set_role(struct reading *r, struct entry *e, const struct line *l)
{
    static const struct mxs_name roles[] = { { MXS_SCENARIO_ANY, "any" },
                                             { MXS_SCENARIO_SERVER, "server" },
                                             { MXS_SCENARIO_CLIENT, "client" }, { 0, NULL } };
    int role = mxs_name_value(roles, l->value);
    if (role < 0)
        return fault(r, l, "role: one of any, server, client");
    e->s.role = (enum mxs_scenario_role)role;
    return MXS_OK;
}

static enum mxs_err set_certainty(struct reading *r, struct entry *e, const struct line *l)
{
    static const char *const words[] = { "exact", "about", "announced", "conflict", "unverified" };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (strcmp(words[i], l->value) == 0) {
            e->s.certainty = words[i];
            return MXS_OK;
        }
    return fault(r, l, "certainty: one of exact, about, announced, conflict, unverified");
}

static enum mxs_err set_history(struct reading *r, struct entry *e, const struct line *l)
{
    e->s.history = strcmp(l->value, "yes") == 0;
    return e->s.history || strcmp(l->value, "no") == 0 ? MXS_OK : fault(r, l, "history: yes or no");
}

static enum mxs_err set_family(struct reading *r, struct entry *e, const struct line *l)
{
    struct mxs_arena *arena = r->all->arena;
    const struct mxs_catalog *c = r->all->catalog;
    const char *known = "";
    e->s.family = l->value;
    if (!c || mxs_catalog_family(c, l->value))
        return MXS_OK;
    for (size_t i = 0; i < c->families.n; i++)
        known = mxs_arena_printf(arena, "%s%s%s", known, i ? ", " : "", c->families.v[i]->id);
    return fault(r, l, mxs_arena_printf(arena, "family \"%.40s\" is not in the catalog: one of %s",
                                        l->value, known));
}

/* Names with commas between them. */
static enum mxs_err set_issuers(struct reading *r, struct entry *e, const struct line *l)
{
    struct mxs_arena *arena = r->all->arena;
    struct mxs_why why;
    for (const char *p = l->value; *p;) {
        size_t n = strcspn(p += strspn(p, " "), ",");
        const char *name = mxs_arena_strndup(arena, p, n);
        p += n + (p[n] == ',');
        if (r->all->catalog && mxs_change_ca_known(r->all->catalog, name, &why))
            return fault(r, l, mxs_arena_printf(arena, "issuers: %s", why.text));
        *mxs_list_add(arena, &e->s.issuers) = name;
    }
    return e->s.issuers.n ? MXS_OK : fault(r, l, "issuers: names of CAs, with commas between them");
}

static enum mxs_err set_after(struct reading *r, struct entry *e, const struct line *l)
{
    (void)r;
    e->after = l->value;
    e->after_line = l->number;
    return MXS_OK;
}

static const struct {
    const char *name;
    size_t at; /* of a text, when set is NULL */
    enum mxs_err (*set)(struct reading *r, struct entry *e, const struct line *l);
} keys[] = {
    { "id", offsetof(struct mxs_scenario, id), NULL },
    { "title", offsetof(struct mxs_scenario, title), NULL },
    { "story", offsetof(struct mxs_scenario, story), NULL },
    { "source", offsetof(struct mxs_scenario, source), NULL },
    { "date", 0, set_date },         { "certainty", 0, set_certainty },
    { "family", 0, set_family },     { "role", 0, set_role },
    { "history", 0, set_history },   { "after", 0, set_after },
    { "issuers", 0, set_issuers },
};

/* Which of two values was meant, nobody knows. */
static enum mxs_err stands_once(struct reading *r, const struct line *l)
{
    for (const struct line *other = r->lines.v; other < l; other++)
        if (strcmp(other->section, l->section) == 0 && strcmp(other->name, l->name) == 0)
            return fault(r, l, mxs_arena_printf(r->all->arena, "%.40s stands in line %u already: each key "
                                                "once", l->name, other->number));
    return MXS_OK;
}

static enum mxs_err set_key(struct reading *r, struct entry *e, const struct line *l)
{
    const char *names = "";
    if (stands_once(r, l) != MXS_OK)
        return r->err;
    for (size_t i = 0; i < MXS_COUNT(keys); i++) {
        if (strcmp(keys[i].name, l->name) == 0) {
            if (keys[i].set)
                return keys[i].set(r, e, l);
            memcpy((char *)&e->s + keys[i].at, &l->value, sizeof l->value);
            return MXS_OK;
        }
        names = mxs_arena_printf(r->all->arena, "%s%s%s", names, i ? ", " : "", keys[i].name);
    }
    return fault(r, l, mxs_arena_printf(r->all->arena, "unknown key \"%.40s\": one of %s", l->name,
                                        names));
}

static enum mxs_err add_change(struct reading *r, struct mxs_changes *to, const struct line *l)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_change change;
    if (strcmp(l->name, "change") != 0)
        return fault(r, l, "[changes] and [before] have lines \"change = VERB ..\" only");
    if (mxs_change_parse(r->all->arena, l->value, r->all->catalog, &change, &why) != MXS_OK)
        return r->err = mxs_why_set(r->why, MXS_ERR_USAGE, "%.120s:%u: %s", r->file, l->number,
                                    why.text);
    change.file = r->file;
    change.line = l->number;
    *mxs_list_add(r->all->arena, &to->list) = change;
    return MXS_OK;
}

static enum mxs_err take_line(struct reading *r, struct entry *e, const struct line *l)
{
    if (strcmp(l->section, "scenario") == 0)
        return set_key(r, e, l);
    if (strcmp(l->section, "changes") == 0)
        return add_change(r, &e->own, l);
    if (strcmp(l->section, "before") == 0)
        return add_change(r, &e->own_before, l);
    return fault(r, l, "this stands in no section of [scenario], [changes], [before]");
}

/* folder/name of the file */
static const char *id_of(struct mxs_arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/'), *from = slash;
    while (from && from > file && from[-1] != '/')
        from--;
    from = from && from < slash ? from : slash ? slash + 1 : file;
    size_t n = strlen(from);
    return mxs_arena_strndup(arena, from, n > 4 && strcmp(from + n - 4, ".ini") == 0 ? n - 4 : n);
}

static enum mxs_err complete(struct reading *r, struct entry *e)
{
    const struct mxs_scenario *known;
    e->s.id = e->s.id && *e->s.id ? e->s.id : id_of(r->all->arena, r->file);
    if (!e->s.title || !*e->s.title)
        return bad_line(r, 1, "it has no title: [scenario] needs \"title = ..\"");
    if (!e->own.list.n && !e->after)
        return bad_line(r, 1, "it changes nothing: [changes] needs a line \"change = ..\"");
    known = mxs_scenario_find(r->all, e->s.id);
    if (known)
        return bad_line(r, 1, mxs_arena_printf(r->all->arena, "the id %.60s is taken: \"%.80s\"",
                                               e->s.id, known->title));
    if (r->all->entries.n >= SCENARIOS_MAX)
        return bad_line(r, 1, "too many scenarios");
    return MXS_OK;
}

/* --- all of them ------------------------------------------------------------------------------------ */

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

static void insert(struct mxs_scenarios *all, struct entry *e)
{
    *mxs_list_add(all->arena, &all->entries) = e;
    for (size_t i = all->entries.n - 1;
         i > 0 && stands_behind(all->entries.v[i - 1]->s.id, e->s.id); i--) {
        all->entries.v[i] = all->entries.v[i - 1];
        all->entries.v[i - 1] = e;
    }
}

static enum mxs_err read_text(struct mxs_scenarios *all, const char *file, struct mxs_bytes text,
                              struct entry **out, struct mxs_why *why)
{
    struct reading r = { .all = all, .file = mxs_arena_strdup(all->arena, file), .in.text = text,
                         .why = why };
    struct entry *e = MXS_NEW(all->arena, struct entry);
    e->file = r.file;
    e->s.at = MXS_CATALOG_ALWAYS;
    if (text.n > FILE_MAX)
        return bad_line(&r, 1, "longer than a scenario can be");
    enum mxs_err err = read_lines(&r);
    for (size_t i = 0; i < r.lines.n && !err; i++)
        err = take_line(&r, e, &r.lines.v[i]);
    err = err ? err : complete(&r, e);
    if (!err) {
        insert(all, e);
        *out = e;
    }
    return err;
}

static struct entry *find(const struct mxs_scenarios *all, const char *id, size_t n)
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

static enum mxs_err too_many(const struct entry *e, struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_LIMIT, "%.120s:%u: more than %d changes, those of \"after\" included",
                       e->file, e->after_line ? e->after_line : 1, CHANGES_MAX);
}

/* The changes of those that come first, then its own. */
static enum mxs_err link_entry(struct mxs_scenarios *all, struct entry *e, struct mxs_why *why)
{
    if (e->state == LINKED)
        return MXS_OK;
    if (e->state == LINKING)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.120s:%u: \"after\" comes back to %.60s: a cycle",
                           e->file, e->after_line, e->s.id);
    e->state = LINKING;
    for (const char *p = e->after ? e->after : ""; p += strspn(p, " ,"), *p;) {
        size_t n = strcspn(p, " ,");
        struct entry *first = find(all, p, n);
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
    e->state = LINKED;
    return MXS_OK;
}

static enum mxs_err read_file(struct mxs_scenarios *all, const char *file, struct entry **out,
                              struct mxs_why *why)
{
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(all->arena, file, FILE_MAX, &text, why);
    return err ? err : read_text(all, file, text, out, why);
}

static enum mxs_err read_folder(struct mxs_scenarios *all, const char *folder, struct mxs_why *why)
{
    struct mxs_strs files = { 0 };
    struct entry *e;
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
static enum mxs_err added_entry(struct mxs_scenarios *all, struct entry *e, enum mxs_err err,
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
    struct entry *e = NULL;
    enum mxs_err err = read_file(all, file, &e, why);
    return added_entry(all, e, err, added, why);
}

enum mxs_err mxs_scenarios_add_text(struct mxs_scenarios *all, const char *name,
                                    struct mxs_bytes text, const struct mxs_scenario **added,
                                    struct mxs_why *why)
{
    struct entry *e = NULL;
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
    const struct entry *e = find(scenarios, id, strlen(id));
    return e ? &e->s : NULL;
}
