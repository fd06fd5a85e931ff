#include "config.h"

#include "cli/lab_future.h"

#include "base/text.h"
#include "cli/evidence.h"

#include <stdlib.h>
#include <string.h>

/* All that a session shows is served: each host, each kind of key, and what its client showed. Where the
 * scenario does not apply, as it was seen. */

struct making {
    struct cli *cli;
    const struct cli_futures *futures;
    struct mxs_subjects subjects;
    const char *branch;   /* behind the "#"; NULL */
    const char *why_not;  /* of the first subject that it does not apply to */
    bool applied;
    const char *served, *seen; /* names, for the note */
    struct mxs_lab_future *out;
    struct mxs_why *why;
};

static const char *with(struct mxs_arena *arena, const char *list, const char *word)
{
    return list ? mxs_arena_printf(arena, "%s, %s", list, word) : word;
}

/* --- which subjects --- */

/* By its number, or by a part of its name. */
static bool is_meant(const char *word, size_t i, const char *name)
{
    struct mxs_arena *arena = mxs_arena_new();
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    const char *part = mxs_arena_printf(arena, "*%s*", mxs_ascii_lower(arena, word));
    bool meant = *word && !*end ? number == i + 1 : mxs_glob(part, mxs_ascii_lower(arena, name));
    mxs_arena_free(arena);
    return meant;
}

static enum mxs_err choose(struct making *m, const char *word)
{
    struct mxs_subjects all = m->subjects;
    const char *there = NULL;
    memset(&m->subjects, 0, sizeof m->subjects);
    for (size_t i = 0; i < all.list.n; i++) {
        const char *name = all.list.v[i].name;
        there = with(m->cli->arena, there, mxs_arena_printf(m->cli->arena, "%zu %s", i + 1, name));
        if (!word || is_meant(word, i, name))
            *mxs_list_add(m->cli->arena, &m->subjects.list) = all.list.v[i];
    }
    if (!all.list.n)
        return mxs_why_set(m->why, MXS_ERR_NOT_FOUND, "%.200s: no mail server was reached in it",
                           m->cli->evidence.session);
    return m->subjects.list.n ? MXS_OK
                              : mxs_why_set(m->why, MXS_ERR_USAGE, "--subject: none is '%.60s'; there "
                                            "are: %s", word, there);
}

/* --- which way --- */

static enum mxs_err no_branch(struct making *m, const struct mxs_overlay *o)
{
    const char *ways = NULL;
    for (size_t i = 0; i < o->futures.n; i++) {
        const char *name = o->futures.v[i].branch;
        ways = with(m->cli->arena, ways, mxs_arena_printf(m->cli->arena, "#%zu %s", i + 1,
                                                          name ? name : "the only way"));
    }
    return mxs_why_set(m->why, MXS_ERR_USAGE, "--scenario: %s has no way '%.60s'; there are: %s",
                       o->scenario->id, m->branch, ways);
}

static enum mxs_err pick(struct making *m, const struct mxs_overlay *o, size_t *at)
{
    for (*at = 0; m->branch && *at < o->futures.n; ++*at) {
        const char *name = o->futures.v[*at].branch;
        if (is_meant(m->branch, *at, name ? name : ""))
            return MXS_OK;
    }
    return m->branch ? no_branch(m, o) : MXS_OK;
}

static const char *way(struct making *m, const struct mxs_overlay *o, size_t at)
{
    struct mxs_arena *arena = m->cli->arena;
    const char *branch = o->futures.v[at].branch;
    if (o->direction == MXS_BACKWARD)
        return "it has happened already, so what is served is how it was";
    if (!branch)
        return o->scenario->title;
    return mxs_arena_printf(arena, "%s, %s (#%zu of %zu ways)", o->scenario->title, branch, at + 1,
                            o->futures.n);
}

/* --- one subject --- */

/* What was seen is served under keys of ours. */
static enum mxs_err as_seen(struct making *m, const struct mxs_subject *subject, struct mxs_future *out)
{
    struct mxs_changes none = { 0 };
    const struct mxs_assess_options *o = m->futures->whatif.options;
    struct mxs_future seen = { .evidence = subject->evidence, .host = subject->host,
                               .session = subject->session, .store = o->store, .at = o->at };
    m->seen = with(m->cli->arena, m->seen, subject->name);
    return mxs_overlay_changes(m->cli->arena, &m->futures->whatif, &seen, &none, out, m->why);
}

/* A backward one has nothing to simulate but what was before. */
static enum mxs_err of_scenario(struct making *m, const struct mxs_subject *subject,
                                struct mxs_future *out)
{
    struct mxs_overlay o;
    size_t at = 0;
    mxs_overlay(m->cli->arena, &m->futures->whatif, subject, m->futures->chosen.v[0], &o);
    if (o.why_not) {
        m->why_not = m->why_not ? m->why_not : o.why_not;
        return as_seen(m, subject, out);
    }
    enum mxs_err err = pick(m, &o, &at);
    if (err)
        return err;
    m->applied = true;
    *out = o.direction == MXS_BACKWARD ? o.before : o.futures.v[at];
    m->served = with(m->cli->arena, m->served, mxs_arena_printf(m->cli->arena, "%s: %s", subject->name,
                                                                way(m, &o, at)));
    return MXS_OK;
}

static enum mxs_err add(struct making *m, const struct mxs_subject *subject)
{
    struct mxs_future future;
    enum mxs_err err = m->futures->chosen.n && m->cli->scenarios.n ? of_scenario(m, subject, &future)
                                                                   : as_seen(m, subject, &future);
    return err ? err : mxs_lab_future_add(m->cli->arena, &m->futures->whatif, &future,
                                          &subject->session->chain, m->out, m->why);
}

/* --- all of them --- */

static enum mxs_err one_scenario(const struct making *m)
{
    if (!m->cli->scenarios.n || m->futures->chosen.n == 1)
        return MXS_OK;
    return mxs_why_set(m->why, MXS_ERR_USAGE, "--scenario: one is served at a time, and %zu are named",
                       m->futures->chosen.n);
}

static const char *note_of(const struct making *m)
{
    struct mxs_arena *arena = m->cli->arena;
    const char *seen = m->seen ? mxs_arena_printf(arena, "%s: as it was seen", m->seen) : NULL;
    if (!m->served)
        return seen;
    const char *id = m->futures->chosen.v[0]->id;
    return seen ? mxs_arena_printf(arena, "%s; %s; %s", id, m->served, seen)
                : mxs_arena_printf(arena, "%s; %s", id, m->served);
}

static enum mxs_err simulate(struct making *m, const struct mxs_evidence *ev, const char **note)
{
    mxs_subjects_of(m->cli->arena, ev, false, &m->subjects);
    enum mxs_err err = one_scenario(m);
    err = err ? err : choose(m, m->cli->subject);
    for (size_t i = 0; i < m->subjects.list.n && !err; i++)
        err = add(m, &m->subjects.list.v[i]);
    if (!err && m->cli->scenarios.n && !m->applied)
        return mxs_why_set(m->why, MXS_ERR_USAGE, "%s does not apply: %s", m->futures->chosen.v[0]->id,
                           m->why_not);
    if (!err && !m->out->hosts.n && !m->out->client.pem)
        return mxs_why_set(m->why, MXS_ERR_USAGE, "nothing of it can be served");
    *note = note_of(m);
    return err;
}

/* "SCENARIO#WAY" apart. */
static const char *take_branch(struct cli *cli)
{
    const char *branch = NULL;
    for (size_t i = 0; i < cli->scenarios.n; i++) {
        const char *hash = strrchr(cli->scenarios.v[i], '#');
        if (!hash)
            continue;
        branch = hash + 1;
        cli->scenarios.v[i] = mxs_arena_strndup(cli->arena, cli->scenarios.v[i],
                                                (size_t)(hash - cli->scenarios.v[i]));
    }
    return branch;
}

enum mxs_err cli_lab_future(struct cli *cli, struct mxs_lab_future *out, const char **note,
                            struct mxs_why *why)
{
    struct cli_world world = { 0 };
    struct cli_futures futures = { 0 };
    struct cli_given given = { NULL, NULL, false };
    struct making m = { .cli = cli, .futures = &futures, .out = out, .why = why,
                        .branch = take_branch(cli) };
    if (cli->words.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "--session and faults exclude each other");
    *out = (struct mxs_lab_future){ .domain = NULL };
    enum mxs_err err = cli_world_open(cli, &world, why);
    err = err ? err : cli_futures_open(cli, &world, &futures, why);
    err = err ? err : cli_evidence(cli, &world, &given, why);
    err = err ? err : simulate(&m, given.evidence, note);
    cli_futures_close(&futures);
    cli_given_free(&given);
    cli_world_close(&world);
    return err;
}
