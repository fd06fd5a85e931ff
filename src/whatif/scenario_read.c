/* One scenario: a file of lines KEY = VALUE, each checked where it stands. */
#include "config.h"

#include "whatif/scenario_room.h"

#include <ini.h>
#include <string.h>

#include "base/clock.h"
#include "base/ini_lines.h"
#include "base/text.h"
#include "whatif/change_rows.h"

struct line { /* a key with its value, continuation lines joined */
    const char *section, *name, *value;
    unsigned number;
};

struct reading {
    const struct mxs_scenarios *all;
    const char *file;
    struct mxs_ini_lines in;
    MXS_LIST(struct line) lines;
    struct mxs_why *why;
};

/* --- the file, line by line --------------------------------------------------------------------- */

static enum mxs_err bad_line(struct reading *r, unsigned line, const char *text)
{
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s:%u: %s", r->file, line, text);
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
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s:%u: %s", r->file, l->number, text);
}

static enum mxs_err set_date(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
{
    if (mxs_time_parse(l->value, &e->s.at) == MXS_OK)
        return MXS_OK;
    return fault(r, l, mxs_arena_printf(r->all->arena,
                                        "\"%.40s\" is no date (YYYY-MM-DD, or left out: any day)",
                                        l->value));
}

static enum mxs_err set_role(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
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

static enum mxs_err set_certainty(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
{
    static const char *const words[] = { "exact", "about", "announced", "conflict", "unverified" };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (strcmp(words[i], l->value) == 0) {
            e->s.certainty = words[i];
            return MXS_OK;
        }
    return fault(r, l, "certainty: one of exact, about, announced, conflict, unverified");
}

static enum mxs_err set_history(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
{
    e->s.history = strcmp(l->value, "yes") == 0;
    return e->s.history || strcmp(l->value, "no") == 0 ? MXS_OK : fault(r, l, "history: yes or no");
}

static enum mxs_err set_family(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
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
static enum mxs_err set_issuers(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
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

static enum mxs_err set_after(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
{
    (void)r;
    e->after = l->value;
    e->after_line = l->number;
    return MXS_OK;
}

static const struct {
    const char *name;
    size_t at; /* of a text, when set is NULL */
    enum mxs_err (*set)(struct reading *r, struct mxs_scenario_entry *e, const struct line *l);
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

static enum mxs_err set_key(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
{
    const char *names = "";
    enum mxs_err err = stands_once(r, l);
    if (err)
        return err;
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
        return mxs_why_set(r->why, MXS_ERR_USAGE, "%.120s:%u: %s", r->file, l->number,
                                    why.text);
    change.file = r->file;
    change.line = l->number;
    *mxs_list_add(r->all->arena, &to->list) = change;
    return MXS_OK;
}

static enum mxs_err take_line(struct reading *r, struct mxs_scenario_entry *e, const struct line *l)
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

static enum mxs_err complete(struct reading *r, struct mxs_scenario_entry *e)
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
    if (r->all->entries.n >= MXS_SCENARIOS_MAX)
        return bad_line(r, 1, "too many scenarios");
    return MXS_OK;
}

enum mxs_err mxs_scenario_read(const struct mxs_scenarios *all, const char *file, struct mxs_bytes text,
                               struct mxs_scenario_entry *out, struct mxs_why *why)
{
    struct reading r = { .all = all, .file = mxs_arena_strdup(all->arena, file), .in.text = text,
                         .why = why };
    out->file = r.file;
    out->s.at = MXS_CATALOG_ALWAYS;
    if (text.n > MXS_SCENARIO_FILE_MAX)
        return bad_line(&r, 1, "longer than a scenario can be");
    enum mxs_err err = read_lines(&r);
    for (size_t i = 0; i < r.lines.n && !err; i++)
        err = take_line(&r, out, &r.lines.v[i]);
    return err ? err : complete(&r, out);
}
