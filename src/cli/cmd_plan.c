#include "config.h"

#include "cli/cmd_plan.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/text.h"
#include "report/anon.h"
#include "report/doc.h"
#include "report/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, OUT_MAX = 16 << 20, FROM_MAX = 64 << 20, LINE_MAX_BYTES = 4096 };

/* --- what is coming -------------------------------------------------------------------------------- */

typedef enum mxs_err reader(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                            struct mxs_plan_next *out, struct mxs_why *why);

static enum mxs_err read_with(struct cli *cli, const char *path, reader *read,
                              struct mxs_plan_next *next, struct mxs_why *why)
{
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(cli->arena, path, FILE_MAX, &text, why);
    return err ? err : read(cli->arena, path, text, next, why);
}

static enum mxs_err read_acme(struct cli *cli, struct mxs_plan_next *next, struct mxs_why *why)
{
    const char *given = cli->plan.acme, *colon = strchr(given, ':');
    struct mxs_bytes text;
    if (!colon || !colon[1])
        return mxs_why_set(why, MXS_ERR_USAGE, "--acme: certbot:FILE, acme.sh:FILE or dehydrated:FILE, "
                           "not '%s'", given);
    const char *kind = mxs_arena_strndup(cli->arena, given, (size_t)(colon - given));
    enum mxs_err err = mxs_file_read(cli->arena, colon + 1, FILE_MAX, &text, why);
    return err ? err : mxs_plan_acme(cli->arena, kind, colon + 1, text, next, why);
}

enum mxs_err cli_plan_next(struct cli *cli, struct mxs_plan_next *next, struct mxs_why *why)
{
    const struct cli_plan *p = &cli->plan;
    const struct { const char *path; reader *read; } files[] = {
        { p->next_key, mxs_plan_next_key }, { p->next_cert, mxs_plan_next_cert },
        { p->next_csr, mxs_plan_next_csr },
    };
    enum mxs_err err = MXS_OK;
    unsigned n = 0;
    *next = (struct mxs_plan_next){ .issuer = p->next_issuer };
    for (size_t i = 0; i < MXS_COUNT(files) && err == MXS_OK; i++)
        if (files[i].path) {
            n++;
            err = read_with(cli, files[i].path, files[i].read, next, why);
        }
    if (err == MXS_OK && n > 1)
        err = mxs_why_set(why, MXS_ERR_USAGE, "--next-key, --next-cert and --next-csr exclude each other");
    if (err == MXS_OK && p->acme)
        err = read_acme(cli, next, why);
    return err;
}

static bool said_next(const struct cli_plan *p)
{
    return p->next_key || p->next_cert || p->next_csr || p->acme || p->next_issuer;
}

static enum mxs_err need_next(struct cli *cli, struct mxs_plan_next *next, struct mxs_why *why)
{
    const char *scheme = cli->plan.scheme;
    bool issuers = scheme && mxs_plan_scheme_parse(scheme) == MXS_PLAN_TA;
    if (!said_next(&cli->plan) && !issuers)
        return mxs_why_set(why, MXS_ERR_USAGE, "what comes next? --next-key, --next-cert, --next-csr, "
                           "--next-issuer or --acme (see mxscope plan --help)");
    return cli_plan_next(cli, next, why);
}

/* --- this command again ---------------------------------------------------------------------------- */

static const char *quoted(struct cli *cli, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./_-[]";
    if (*word && strspn(word, plain) == strlen(word) && !strchr(word, '['))
        return word;
    const char *out = "'";
    for (const char *p = word; *p; p++)
        out = *p == '\'' ? mxs_arena_printf(cli->arena, "%s'\\''", out)
                         : mxs_arena_printf(cli->arena, "%s%c", out, *p);
    return mxs_arena_printf(cli->arena, "%s'", out);
}

/* Options that say how to print, or that belong to this run alone. 1: and so does the next word. */
static int dropped(const char *word)
{
    static const struct { const char *name; int argument; } words[] = {
        { "--json", 0 },  { "--nsupdate", 0 }, { "--no-color", 0 }, { "--ascii", 0 },
        { "--watch", 0 }, { "--may-deploy", 0 }, { "-v", 0 }, { "-q", 0 }, { "--record", 1 },
        { "--markdown", 1 }, { "--html", 1 }, { "--anonymise", 0 },
        { "--at", 1 },    { "--window", 1 },   { "--from", 1 },   { "--scheme", 1 },
    };
    for (size_t i = 0; i < MXS_COUNT(words); i++) {
        size_t n = strlen(words[i].name);
        if (strncmp(word, words[i].name, n) == 0 && (word[n] == 0 || (word[n] == '=' && n > 2)))
            return words[i].argument && word[n] == 0 ? 1 : 0;
    }
    return -1;
}

static const char *this_command(struct cli *cli)
{
    const char *out = "mxscope";
    for (size_t i = 1; i < cli->argv.n; i++) {
        int drop = dropped(cli->argv.v[i]);
        if (drop < 0)
            out = mxs_arena_printf(cli->arena, "%s %s", out, quoted(cli, cli->argv.v[i]));
        else
            i += (size_t)drop;
    }
    if (cli->from && cli->words.n)
        out = mxs_arena_printf(cli->arena, "%s %s", out, quoted(cli, cli->words.v[0]));
    return out;
}

/* --- one plan -------------------------------------------------------------------------------------- */

static struct mxs_plan_report report_of(struct cli *cli, const struct mxs_plan_result *result,
                                        const char *subject)
{
    const char *host = mxs_arena_printf(cli->arena, "[%s]", result->plan->hosts.v[0].facts->host);
    const char *target = cli->words.n ? cli->words.v[0] : host;
    return (struct mxs_plan_report){
        .result = result, .subject = subject, .watch = this_command(cli),
        .verify = mxs_arena_printf(cli->arena, "mxscope check --verifier rfc/dane %s",
                                   quoted(cli, target)),
        .color = cli_color(cli, STDOUT_FILENO), .ascii = cli->ascii, .verbose = cli->verbose,
        .quiet = cli->quiet,
    };
}

static enum mxs_err print(struct cli *cli, const struct mxs_plan_report *report, struct mxs_buf *out)
{
    enum mxs_err err = cli->json             ? mxs_report_plan_json(report, out)
                       : cli->plan.nsupdate  ? mxs_report_plan_nsupdate(report, out)
                       : cli_on_stdout(cli)  ? MXS_OK
                                             : mxs_report_plan_text(report, out);
    mxs_anon_buf(cli->anon, out, 0);
    return err;
}

static int show(struct cli *cli, struct cli_world *world, const struct mxs_plan_result *result,
                const char *subject)
{
    struct mxs_buf out;
    if (cli->plan.watch)
        return cli_plan_watch(cli, world, result);
    mxs_buf_init(&out, OUT_MAX);
    struct mxs_plan_report report = report_of(cli, result, subject);
    struct mxs_why why = { 0 };
    enum mxs_err err = print(cli, &report, &out);
    int status = err ? cli_fail("the plan is too large")
                     : cli_out(&out, result->proved ? 0 : cli_exit(MXS_STATUS_CRITICAL));
    if ((cli->html || cli->markdown) && cli_document(cli, mxs_report_plan_doc(&report), &why))
        status = cli_fail(why.text);
    mxs_buf_fini(&out);
    return status;
}

/* What the words say besides what is coming. */
static void set_words(const struct cli *cli, struct mxs_plan_input *in)
{
    const char *window = cli->plan.window, *slash = window ? strchr(window, '/') : NULL;
    in->ttl = cli->plan.ttl ? (uint32_t)strtoul(cli->plan.ttl, NULL, 10) : 0;
    in->scheme = cli->plan.scheme ? (enum mxs_plan_scheme)mxs_plan_scheme_parse(cli->plan.scheme)
                                  : MXS_PLAN_AUTO;
    if (!window)
        return;
    mxs_time_parse(slash ? mxs_arena_strndup(cli->arena, window, (size_t)(slash - window)) : window,
                   &in->window_from);
    if (slash)
        mxs_time_parse(slash + 1, &in->window_until);
}

static enum mxs_err throw_away_keys(struct cli *cli, struct mxs_bytes *out, struct mxs_why *why)
{
    const char *path = cli_data(cli->arena, "keys/throw-away.pem");
    return path ? mxs_file_read(cli->arena, path, FILE_MAX, out, why) : MXS_OK;
}

enum mxs_err cli_plan_screen(struct cli *cli, struct ui_plan_options *out, struct mxs_why *why)
{
    struct mxs_plan_input in = { 0 };
    *out = (struct ui_plan_options){ .any = said_next(&cli->plan) };
    set_words(cli, &in);
    out->scheme = in.scheme;
    out->ttl = in.ttl;
    out->window_from = in.window_from;
    out->window_until = in.window_until;
    enum mxs_err err = throw_away_keys(cli, &out->keys, why);
    return err ? err : cli_plan_next(cli, &out->next, why);
}

static int plan_in(struct cli *cli, struct cli_world *world, struct mxs_keypool *pool)
{
    struct cli_given given = { NULL, NULL, false };
    struct mxs_plan_input in = { 0 };
    struct mxs_plan_result result;
    struct mxs_why why = { 0 };
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_rebuild *rebuild = mxs_rebuild_new(pool);
    enum mxs_err err = need_next(cli, &in.next, &why);
    err = err ? err : cli_evidence(cli, world, &given, &why);
    set_words(cli, &in);
    in.now = cli->at; /* a recorded session brings its date */
    cli_anon(cli, given.evidence);
    struct mxs_whatif whatif = { .catalog = err ? NULL : mxs_catalog_get(&world->catalog),
                                 .options = &world->assess, .rebuild = rebuild };
    in.evidence = given.evidence;
    in.whatif = &whatif;
    err = err ? err : mxs_plan_search(arena, &in, &result, &why);
    if (err == MXS_OK && cli_plan_since(cli, result.plan, &in.seen_since))
        err = mxs_plan_search(arena, &in, &result, &why); /* again, with what the watch knows */
    int status = err ? cli_fail(why.text) : show(cli, world, &result, given.evidence->target);
    cli_given_free(&given);
    mxs_rebuild_free(rebuild);
    mxs_arena_free(arena);
    return status;
}

static int plan_one(struct cli *cli, struct mxs_keypool *pool)
{
    struct cli_world world = { 0 };
    struct mxs_why why = { 0 };
    enum mxs_err err = cli_world_open(cli, &world, &why);
    int status = err ? cli_fail(why.text) : plan_in(cli, &world, pool);
    cli_world_close(&world);
    return status;
}

/* --- one or many ----------------------------------------------------------------------------------- */

static int worse(int a, int b)
{
    static const int order[] = { 2, 3, 1, 0 };
    for (size_t i = 0; i < MXS_COUNT(order); i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return 0;
}

/* One after the other: a domain's servers are asked once each, and nobody is in a hurry. */
static int plan_many(struct cli *cli, struct mxs_keypool *pool)
{
    struct mxs_lines *lines;
    struct mxs_bytes line;
    struct mxs_why why = { 0 };
    int status = 0;
    enum mxs_err err = mxs_lines_open(cli->from, FROM_MAX, LINE_MAX_BYTES, &lines, &why);
    if (err)
        return cli_fail(why.text);
    while ((err = mxs_lines_next(lines, &line, &why)) == MXS_OK) {
        const char *word = mxs_text_clip(cli->arena, line, LINE_MAX_BYTES);
        word += strspn(word, " \t");
        if (!*word || *word == '#')
            continue;
        cli->words.n = 0;
        *mxs_list_add(cli->arena, &cli->words) = word;
        status = worse(status, plan_one(cli, pool));
    }
    mxs_lines_close(lines);
    return err == MXS_ERR_NOT_FOUND ? status : cli_fail(why.text);
}

static enum mxs_err usable(const struct cli *cli, struct mxs_why *why)
{
    const struct cli_plan *p = &cli->plan;
    if (cli->json + p->nsupdate > 1)
        return mxs_why_set(why, MXS_ERR_USAGE, "--json and --nsupdate exclude each other");
    if ((p->may_deploy || p->servers.n) && !p->watch)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s needs --watch",
                           p->may_deploy ? "--may-deploy" : "--server");
    if (cli->from && cli->words.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "--from and a TARGET exclude each other");
    return MXS_OK;
}

int cli_plan(struct cli *cli)
{
    struct mxs_why why = { 0 };
    struct mxs_bytes keys = { NULL, 0 };
    enum mxs_err err = usable(cli, &why);
    err = err ? err : throw_away_keys(cli, &keys, &why);
    if (err)
        return cli_fail(why.text);
    struct mxs_keypool *pool = mxs_keypool_new(keys);
    int status = cli->from ? plan_many(cli, pool) : plan_one(cli, pool);
    mxs_keypool_free(pool);
    return status;
}
