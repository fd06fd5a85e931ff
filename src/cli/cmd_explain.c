/* mxscope explain: what a finding, an alert or a pasted log line means, and whose fault it is. */
#include "config.h"

#include "cli/cli.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/explain.h"
#include "judge/glossary.h"
#include "judge/senders.h"
#include "report/json.h"
#include "report/wrap.h"

enum { INPUT_MAX = 16 * 1024 * 1024, OUTPUT_MAX = 8 * 1024 * 1024, WIDTH = 80, TEXT_AT = 10,
       PLACES_SHOWN = 5, PASTED_MAX = 200 };

/* All items with the same explanation; lines that nothing explains are one group. */
struct group {
    const struct mxs_entry *entry; /* NULL: unknown */
    const char *text;              /* the first one's */
    struct mxs_strs places;        /* distinct */
    long count;
};

/* What explains. */
struct desk {
    struct mxs_glossary *glossary;
    struct mxs_senders *senders; /* NULL: not installed */
};

struct groups {
    MXS_LIST(struct group) v;
};

static void note_place(struct mxs_arena *arena, struct group *g, const char *where)
{
    if (!where)
        return;
    for (size_t i = 0; i < g->places.n; i++)
        if (mxs_ascii_equal(g->places.v[i], where))
            return;
    *mxs_list_add(arena, &g->places) = where;
}

static struct group *group_of(struct mxs_arena *arena, struct groups *groups,
                              const struct mxs_entry *entry, const struct explain_item *item)
{
    for (size_t i = 0; i < groups->v.n; i++) {
        struct group *g = &groups->v.v[i];
        bool line = !item->where && !g->places.n;
        if (g->entry == entry && (entry || line || strcmp(g->text, item->text) == 0))
            return g;
    }
    struct group *g = mxs_list_add(arena, &groups->v);
    g->entry = entry;
    g->text = item->text;
    return g;
}

static void row(struct mxs_buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    mxs_buf_printf(out, "  %-*s", TEXT_AT - 2, name);
    mxs_wrap(out, text, TEXT_AT, TEXT_AT, WIDTH);
}

static void places_row(struct cli *cli, const struct group *g, struct mxs_buf *out)
{
    const char *list = "";
    for (size_t i = 0; i < g->places.n && i < PLACES_SHOWN; i++)
        list = mxs_arena_printf(cli->arena, "%s%s%s", list, i ? ", " : "", g->places.v[i]);
    if (g->places.n > PLACES_SHOWN)
        list = mxs_arena_printf(cli->arena, "%s and %zu more", list, g->places.n - PLACES_SHOWN);
    if (g->places.n)
        row(out, "Where", mxs_arena_printf(cli->arena, "%s (%ld time%s)", list, g->count,
                                            g->count == 1 ? "" : "s"));
}

static struct mxs_strs enforced_by(struct cli *cli, const struct desk *desk, const struct mxs_entry *e)
{
    struct mxs_strs none = { NULL, 0, 0 };
    int64_t now = mxs_clock_real()->wall(mxs_clock_real());
    return e && strcmp(e->kind, "finding") == 0
               ? mxs_senders_against(cli->arena, desk->senders, e->title, now) : none;
}

static void entry_text(struct cli *cli, const struct desk *desk, const struct group *g,
                       struct mxs_buf *out)
{
    const struct mxs_entry *e = g->entry;
    mxs_wrap(out, e->title, 0, 2, WIDTH);
    if (strcmp(e->kind, "log") == 0 && !g->places.n)
        row(out, "Seen", g->count > 1
                ? mxs_arena_printf(cli->arena, "%ld times, first: %s", g->count, g->text) : g->text);
    places_row(cli, g, out);
    row(out, strcmp(e->kind, "stage") ? "Whose" : "Note", e->side);
    row(out, "Means", e->means);
    row(out, "Look", e->look);
    struct mxs_strs enforcers = enforced_by(cli, desk, e);
    if (enforcers.n)
        row(out, "Senders", mxs_arena_printf(cli->arena, "enforced by %s",
                                              mxs_text_joined(cli->arena, &enforcers, ", ")));
    row(out, "Rule", e->rfc);
    row(out, "Lesson", e->lesson ? mxs_arena_printf(cli->arena, "mxscope learn %s", e->lesson) : NULL);
    mxs_buf_putc(out, '\n');
}

static void unknown_text(struct cli *cli, const struct desk *desk, const struct group *g,
                         struct mxs_buf *out)
{
    const struct mxs_entry *near = mxs_glossary_nearest(desk->glossary, g->text);
    bool more = g->count > 1 && !g->places.n;
    mxs_wrap(out, mxs_arena_printf(cli->arena, "Not known: %s", g->text), 0, 2, WIDTH);
    row(out, "Seen", more ? mxs_arena_printf(cli->arena, "as the first of %ld lines, none of them known",
                                             g->count) : NULL);
    places_row(cli, g, out);
    if (near)
        row(out, "Nearest", mxs_arena_printf(cli->arena, "%s (mxscope explain %s)", near->title, near->id));
    mxs_buf_putc(out, '\n');
}

static void group_json(struct cli *cli, const struct desk *desk, const struct group *g,
                       struct mxs_buf *out)
{
    const struct mxs_entry *e = g->entry;
    json_t *o = json_object();
    json_object_set_new(o, "schema", json_string("mxscope.explain/1"));
    json_object_set_new(o, "text", mxs_json_text(g->text));
    json_object_set_new(o, "count", json_integer(g->count));
    json_object_set_new(o, "where", mxs_json_texts(&g->places));
    json_object_set_new(o, "id", mxs_json_text(e ? e->id : NULL));
    json_object_set_new(o, "title", mxs_json_text(e ? e->title : NULL));
    json_object_set_new(o, "side", mxs_json_text(e ? e->side : NULL));
    json_object_set_new(o, "means", mxs_json_text(e ? e->means : NULL));
    json_object_set_new(o, "look", mxs_json_text(e ? e->look : NULL));
    json_object_set_new(o, "rfc", mxs_json_text(e ? e->rfc : NULL));
    json_object_set_new(o, "lesson", mxs_json_text(e ? e->lesson : NULL));
    struct mxs_strs enforcers = enforced_by(cli, desk, e);
    json_object_set_new(o, "enforced_by", mxs_json_texts(&enforcers));
    mxs_json_line(o, out);
}

static int print(struct cli *cli, const struct desk *desk, const char *heading,
                 const struct groups *groups)
{
    struct mxs_buf out;
    bool known = groups->v.n == 0;
    mxs_buf_init(&out, OUTPUT_MAX);
    if (heading && !cli->json)
        mxs_buf_printf(&out, "%s\n\n", heading);
    for (size_t i = 0; i < groups->v.n; i++) {
        const struct group *g = &groups->v.v[i];
        known |= g->entry != NULL;
        if (cli->json)
            group_json(cli, desk, g, &out);
        else if (g->entry)
            entry_text(cli, desk, g, &out);
        else if (groups->v.n == 1 || g->places.n) /* among known lines others are passed over */
            unknown_text(cli, desk, g, &out);
    }
    int status = cli_out(&out, known ? 0 : CLI_UNKNOWN);
    mxs_buf_fini(&out);
    return status;
}

static enum mxs_err read_input(struct cli *cli, struct explain_input *input, struct mxs_why *why)
{
    const char *words = cli->words.v[0];
    struct mxs_bytes bytes;
    if (strcmp(words, "-") == 0) {
        enum mxs_err err = mxs_file_read(cli->arena, "-", INPUT_MAX, &bytes, why);
        return err ? err : explain_parse(cli->arena, "standard input", bytes, input, why);
    }
    for (size_t i = 1; i < cli->words.n; i++)
        words = mxs_arena_printf(cli->arena, "%s %s", words, cli->words.v[i]);
    if (strspn(words, "0123456789") == strlen(words)) /* what people remember of an alert */
        words = mxs_arena_printf(cli->arena, "alert %s", words);
    return explain_parse(cli->arena, "the words", mxs_bytes_str(words), input, why);
}

/* A pasted line that a terminal or a mail program broke in two: what neither half says, both may. Puts
 * them into item then. NULL: they do not. */
static const struct mxs_entry *wrapped(struct cli *cli, const struct desk *desk,
                                       struct explain_item *item, const struct explain_item *next)
{
    static const char *const joints[] = { " ", "" }; /* broken at a blank, or within a word */
    const char *rest = next->text + strspn(next->text, " \t");
    bool lines = !item->where && !next->where && !mxs_glossary_explain(desk->glossary, rest);
    for (size_t i = 0; lines && i < MXS_COUNT(joints); i++) {
        const char *whole = mxs_arena_printf(cli->arena, "%s%s%s", item->text, joints[i], rest);
        const struct mxs_entry *entry = mxs_glossary_explain(desk->glossary, whole);
        if (entry) {
            item->text = whole;
            return entry;
        }
    }
    return NULL;
}

static int explain(struct cli *cli, const struct desk *desk)
{
    struct explain_input input;
    struct mxs_why why = { 0 };
    struct groups groups = { { NULL, 0, 0 } };
    if (read_input(cli, &input, &why))
        return cli_fail(why.text);
    for (size_t i = 0; i < input.items.n; i++) {
        struct explain_item item = input.items.v[i];
        const struct mxs_entry *entry = mxs_glossary_explain(desk->glossary, item.text);
        if (!entry && i + 1 < input.items.n && input.items.n <= PASTED_MAX)
            entry = wrapped(cli, desk, &item, &input.items.v[i + 1]);
        i += item.text != input.items.v[i].text;
        struct group *g = group_of(cli->arena, &groups, entry, &item);
        g->count += item.count;
        note_place(cli->arena, g, item.where);
    }
    return print(cli, desk, input.heading, &groups);
}

static int list(struct cli *cli, const struct desk *desk)
{
    const struct mxs_glossary *glossary = desk->glossary;
    struct mxs_buf out;
    mxs_buf_init(&out, OUTPUT_MAX);
    for (size_t i = 0; i < mxs_glossary_count(glossary); i++) {
        const struct mxs_entry *e = mxs_glossary_at(glossary, i);
        mxs_buf_printf(&out, "%-32s %s\n", e->id, strcmp(e->kind, "finding") ? e->title : "");
    }
    int status = cli_out(&out, 0);
    (void)cli;
    mxs_buf_fini(&out);
    return status;
}

int cli_explain(struct cli *cli)
{
    struct desk desk = { NULL, NULL };
    struct mxs_why why = { 0 };
    const char *directory = cli_data(cli->arena, "glossary");
    const char *senders = cli_data(cli->arena, "senders");
    if (!directory)
        return cli_fail("share/glossary: not found (set MXSCOPE_DATA)");
    if (!cli->words.n && !cli->list)
        return cli_fail("explain what? (a finding, an alert, a log line, or - for standard input; --list)");
    enum mxs_err err = mxs_glossary_load(directory, &desk.glossary, &why);
    if (!err && senders)
        err = mxs_senders_load(senders, &desk.senders, &why);
    if (!err && desk.senders)
        mxs_glossary_add_senders(desk.glossary, desk.senders);
    int status = err ? cli_fail(why.text) : cli->list ? list(cli, &desk) : explain(cli, &desk);
    mxs_glossary_free(desk.glossary);
    mxs_senders_free(desk.senders);
    return status;
}
