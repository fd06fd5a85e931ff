#include "config.h"

#include "whatif/remedy_room.h"

#include <ini.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini_lines.h"
#include "whatif/change.h"

enum { FILE_MAX = 256 * 1024 };

struct reading {
    struct mxs_remedies *all;
    const struct mxs_catalog *catalog;
    const char *file;
    struct mxs_ini_lines in;
    struct mxs_why *why;
    enum mxs_err err;
};

static int bad(struct reading *r, const char *text)
{
    if (!r->err)
        r->err = mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s:%u: %.180s", r->file, r->in.line, text);
    r->in.stop = true;
    return 0;
}

static struct mxs_product *product(struct mxs_remedies *all, const char *key, size_t n)
{
    for (size_t i = 0; i < all->products.n; i++)
        if (strlen(all->products.v[i].key) == n && memcmp(all->products.v[i].key, key, n) == 0)
            return &all->products.v[i];
    return NULL;
}

static int product_key(struct reading *r, const char *name, const char *value)
{
    static const char suffix[] = "-version";
    struct mxs_arena *arena = r->all->arena;
    size_t n = strlen(name), s = sizeof suffix - 1;
    if (n > s && strcmp(name + n - s, suffix) == 0) {
        struct mxs_product *p = product(r->all, name, n - s);
        if (!p)
            return bad(r, "a version of a product that is not named above");
        p->version = mxs_arena_strdup(arena, value);
        return 1;
    }
    struct mxs_product *p = mxs_list_add(arena, &r->all->products);
    *p = (struct mxs_product){ .key = mxs_arena_strdup(arena, name),
                               .name = mxs_arena_strdup(arena, value) };
    return 1;
}

/* --- one remedy --- */

static const struct mxs_name roles[] = { { MXS_SCENARIO_SERVER, "server" },
                                         { MXS_SCENARIO_CLIENT, "client" }, { 0, NULL } };
static const struct mxs_name receivers[] = { { MXS_RECEIVERS_IGNORE, "ignore" },
                                             { MXS_RECEIVERS_PIN, "pin" }, { 0, NULL } };
static const struct mxs_name mends[] = { { 0, "refusal" }, { 1, "cleartext" }, { 0, NULL } };
static const struct mxs_name senders[] = { { 1, "require-tls" }, { 0, NULL } };
static const struct mxs_name spares[] = { { 1, "yes" }, { 0, "no" }, { 0, NULL } };
static const struct mxs_name sides[] = { { 0, "yours" }, { 1, "theirs" }, { 0, NULL } };

static const struct {
    const char *name;
    size_t at; /* of a text in struct mxs_remedy */
} texts[] = {
    { "title", offsetof(struct mxs_remedy, title) }, { "about", offsetof(struct mxs_remedy, about) },
    { "source", offsetof(struct mxs_remedy, source) }, { "side", offsetof(struct mxs_remedy, side) },
};

/* Texts go on in indented lines; false: name is none of them. */
static bool text_key(struct reading *r, struct mxs_remedy *m, const char *name, const char *value)
{
    for (size_t i = 0; i < MXS_COUNT(texts); i++) {
        const char *old;
        if (strcmp(name, texts[i].name) != 0)
            continue;
        memcpy(&old, (char *)m + texts[i].at, sizeof old);
        if (r->in.indented && old)
            value = mxs_arena_printf(r->all->arena, "%s %s", old, value);
        else
            value = mxs_arena_strdup(r->all->arena, value);
        memcpy((char *)m + texts[i].at, &value, sizeof value);
        return true;
    }
    return false;
}

/* A word of a table into *out; -1: name is no such key, 0: a word that is none. */
static int word_key(struct reading *r, struct mxs_remedy *m, const char *name, const char *value)
{
    const struct mxs_name *table = strcmp(name, "role") == 0        ? roles
                                   : strcmp(name, "receivers") == 0 ? receivers
                                   : strcmp(name, "mends") == 0     ? mends
                                   : strcmp(name, "senders") == 0   ? senders
                                   : strcmp(name, "spare") == 0     ? spares
                                                                    : NULL;
    int n = table ? mxs_name_value(table, value) : 0;
    if (!table)
        return -1;
    if (n < 0)
        return bad(r, mxs_arena_printf(r->all->arena, "%s: unknown word '%.40s'", name, value));
    if (table == roles)
        m->role = (enum mxs_scenario_role)n;
    else if (table == receivers)
        m->receivers = (enum mxs_receivers)n;
    else if (table == mends)
        m->mends_cleartext = n;
    else if (table == spares)
        m->spare = n;
    else
        m->require_tls = n;
    return 1;
}

static int change_key(struct reading *r, struct mxs_remedy *m, const char *value)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_change *change = mxs_list_add(r->all->arena, &m->changes.list);
    if (mxs_change_parse(r->all->arena, value, r->catalog, change, &why) != MXS_OK)
        return bad(r, why.text);
    change->file = r->file;
    change->line = r->in.line;
    return 1;
}

static int line_key(struct reading *r, struct mxs_remedy *m, const char *name, const char *value)
{
    struct mxs_arena *arena = r->all->arena;
    const struct mxs_product *p = product(r->all, name, strlen(name));
    struct mxs_remedy_lines *lines = NULL;
    if (!p)
        return bad(r, mxs_arena_printf(arena, "'%.40s' is neither a key of a remedy nor a product",
                                       name));
    for (size_t i = 0; i < m->config.n && !lines; i++)
        if (strcmp(m->config.v[i].product, p->name) == 0)
            lines = &m->config.v[i];
    if (!lines) {
        lines = mxs_list_add(arena, &m->config);
        lines->product = p->name;
        lines->version = p->version;
    }
    /* "|" keeps the white space behind it */
    *mxs_list_add(arena, &lines->lines) = mxs_arena_strdup(arena, value + (*value == '|'));
    return 1;
}

static struct mxs_remedy *remedy(struct mxs_remedies *all, const char *id)
{
    size_t n = all->v.n;
    if (n && strcmp(all->v.v[n - 1].id, id) == 0)
        return &all->v.v[n - 1];
    struct mxs_remedy *m = mxs_list_add(all->arena, &all->v);
    m->id = mxs_arena_strdup(all->arena, id);
    return m;
}

static int on_key(void *data, const char *section, const char *name, const char *value)
{
    struct reading *r = data;
    if (strcmp(section, "products") == 0)
        return product_key(r, name, value);
    if (!*section)
        return bad(r, "a key before the first [section]");
    struct mxs_remedy *m = remedy(r->all, section);
    if (text_key(r, m, name, value))
        return 1;
    if (strcmp(name, "change") == 0)
        return change_key(r, m, value);
    int word = word_key(r, m, name, value);
    return word >= 0 ? word : line_key(r, m, name, value);
}

static enum mxs_err complete(struct reading *r, const struct mxs_remedy *m)
{
    bool does = m->changes.list.n || m->receivers || m->require_tls;
    const char *missing = !m->title ? "title" : !m->about ? "about" : !m->source ? "source"
                          : !m->side || mxs_name_value(sides, m->side) < 0 ? "side (yours or theirs)"
                          : !does ? "change, receivers or senders" : NULL;
    return missing ? mxs_why_set(r->why, MXS_ERR_SYNTAX, "%.120s: [%.60s] has no %s", r->file, m->id,
                                 missing)
                   : MXS_OK;
}

static enum mxs_err load_file(struct reading *r)
{
    size_t first = r->all->v.n;
    enum mxs_err err = mxs_file_read(r->all->arena, r->file, FILE_MAX, &r->in.text, r->why);
    if (err)
        return err;
    int line = ini_parse_stream(mxs_ini_line, &r->in, on_key, r);
    if (r->in.fault)
        bad(r, r->in.fault);
    if (!r->err && line) {
        r->in.line = (unsigned)line;
        bad(r, "neither [section] nor KEY = VALUE");
    }
    for (size_t i = first; i < r->all->v.n && !r->err; i++)
        r->err = complete(r, &r->all->v.v[i]);
    return r->err;
}

enum mxs_err mxs_remedies_load(const char *folder, const struct mxs_catalog *catalog,
                               struct mxs_remedies **out, struct mxs_why *why)
{
    struct mxs_remedies *all = mxs_alloc(sizeof *all);
    struct mxs_strs files = { NULL, 0, 0 };
    *out = NULL;
    all->arena = mxs_arena_new();
    enum mxs_err err = mxs_file_list(all->arena, folder, ".ini", &files, why);
    for (size_t i = 0; i < files.n && !err; i++) {
        struct reading r = { .all = all, .catalog = catalog, .file = files.v[i], .why = why };
        err = load_file(&r);
    }
    if (err) {
        mxs_remedies_free(all);
        return err;
    }
    *out = all;
    return MXS_OK;
}

void mxs_remedies_free(struct mxs_remedies *remedies)
{
    if (!remedies)
        return;
    mxs_arena_free(remedies->arena);
    free(remedies);
}
