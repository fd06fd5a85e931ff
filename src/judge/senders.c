#include "config.h"

#include "judge/senders.h"

#include "base/file.h"
#include "facts/catalog_json.h"

#include <string.h>

enum { FILE_MAX = 1024 * 1024 };

static void read_enforcement(struct mxs_json_in *in, json_t *o, struct mxs_enforcement *e)
{
    mxs_json_keys(in, o, "what a sender enforces", "what from until certainty note source");
    e->what = mxs_json_word(in, o, "what", "dane mta-sts tls tlsa-limit", true);
    e->from = mxs_json_date(in, o, "from", INT64_MIN);
    e->until = mxs_json_date(in, o, "until", INT64_MAX);
    e->certainty = mxs_json_word(in, o, "certainty", "documented observed unverified", true);
    e->note = mxs_json_str(in, o, "note", false);
    e->source = mxs_json_str(in, o, "source", true);
}

static void read_sender(struct mxs_json_in *in, json_t *o, struct mxs_senders *senders)
{
    size_t i;
    json_t *row;
    struct mxs_large_sender *s = mxs_list_add(in->arena, &senders->v);
    mxs_json_keys(in, o, "a sender", "id name operator verifier match enforces");
    s->id = mxs_json_str(in, o, "id", true);
    s->name = mxs_json_str(in, o, "name", true);
    s->operator = mxs_json_str(in, o, "operator", true);
    s->verifier = mxs_json_str(in, o, "verifier", false);
    s->match = mxs_json_list(in, o, "match", NULL);
    json_array_foreach(mxs_json_array(in, o, "enforces"), i, row)
        read_enforcement(in, row, mxs_list_add(in->arena, &s->enforces));
    for (size_t k = 0; k + 1 < senders->v.n && !in->err; k++)
        if (strcmp(senders->v.v[k].id, s->id) == 0)
            mxs_json_fail(in, s->id, "the sender \"%s\" stands twice", s->id);
}

static enum mxs_err load_file(struct mxs_senders *senders, const char *path, struct mxs_why *why)
{
    struct mxs_bytes text;
    json_error_t error;
    size_t i;
    json_t *row;
    enum mxs_err err = mxs_file_read(senders->arena, path, FILE_MAX, &text, why);
    if (err)
        return err;
    json_t *root = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: %s", path, error.line, error.text);
    struct mxs_json_in in = { senders->arena, path, text, why, MXS_OK };
    mxs_json_keys(&in, root, "a file of senders", "schema as_of senders");
    mxs_json_word(&in, root, "schema", "mxscope.senders/1", true);
    const char *as_of = mxs_json_str(&in, root, "as_of", true);
    if (as_of && strcmp(as_of, senders->as_of) > 0)
        senders->as_of = as_of;
    json_array_foreach(mxs_json_array(&in, root, "senders"), i, row)
        if (!in.err)
            read_sender(&in, row, senders);
    json_decref(root);
    return in.err;
}

enum mxs_err mxs_senders_load(const char *folder, struct mxs_senders **out, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_senders *senders = MXS_NEW(arena, struct mxs_senders);
    struct mxs_strs paths = { 0 };
    senders->arena = arena;
    senders->as_of = "";
    enum mxs_err err = mxs_file_list(arena, folder, ".json", &paths, why);
    for (size_t i = 0; i < paths.n && !err; i++)
        err = load_file(senders, paths.v[i], why);
    *out = err ? NULL : senders;
    if (err)
        mxs_arena_free(arena);
    return err;
}

void mxs_senders_free(struct mxs_senders *senders)
{
    if (senders)
        mxs_arena_free(senders->arena);
}

/* --- who acts on what ------------------------------------------------------------------------- */

const char *mxs_finding_enforcement(const char *finding_id)
{
    static const struct {
        const char *finding, *what;
    } rows[] = {
        { "mx-bogus", "dane" },               { "address-bogus", "dane" },
        { "tlsa-error", "dane" },             { "tlsa-bogus", "dane" },
        { "tlsa-stale", "dane" },             { "tlsa-ca-not-in-chain", "dane" },
        { "tlsa-root-not-sent", "dane" },     { "tlsa-differs", "dane" },
        { "tlsa-path", "dane" },              { "tlsa-stronger-stale", "dane" },
        { "tlsa-without-starttls", "dane" },  { "tlsa-many", "tlsa-limit" },
        { "sts-mx-not-listed", "mta-sts" },   { "sts-certificate", "mta-sts" },
        { "sts-without-starttls", "mta-sts" }, { "starttls-absent", "tls" },
        { "starttls-refused", "tls" },        { "tls-plaintext", "tls" },
    };
    for (size_t i = 0; finding_id && i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].finding, finding_id) == 0)
            return rows[i].what;
    return NULL;
}

const struct mxs_enforcement *mxs_sender_enforces(const struct mxs_large_sender *sender,
                                                  const char *what, int64_t at)
{
    for (size_t i = 0; i < sender->enforces.n; i++) {
        const struct mxs_enforcement *e = &sender->enforces.v[i];
        if (strcmp(e->what, what) == 0 && at >= e->from && at < e->until)
            return e;
    }
    return NULL;
}

struct mxs_strs mxs_senders_against(struct mxs_arena *arena, const struct mxs_senders *senders,
                                    const char *finding_id, int64_t at)
{
    struct mxs_strs names = { 0 };
    const char *what = mxs_finding_enforcement(finding_id);
    for (size_t i = 0; what && senders && i < senders->v.n; i++)
        if (mxs_sender_enforces(&senders->v.v[i], what, at))
            *mxs_list_add(arena, &names) = mxs_arena_strdup(arena, senders->v.v[i].name);
    return names;
}
