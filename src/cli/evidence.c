#include "config.h"

#include "cli/evidence.h"

#include "journal/record.h"

#include <string.h>

/* --- a recorded session --- */

static enum mxs_err from_session(struct cli *cli, struct cli_world *world, struct cli_given *out,
                                 struct mxs_why *why)
{
    struct mxs_record_header header;
    out->journal = mxs_journal_new(world->clock);
    enum mxs_err err = mxs_record_read(cli->evidence.session, cli->arena, &header, out->journal, why);
    if (err)
        return err;
    cli_recorded_anchors(cli, world, &header);
    cli_recorded_catalog(cli, world, &header);
    if (!cli->at_given)
        cli->at = world->assess.at = header.at;
    return MXS_OK;
}

/* --- a live target --- */

static enum mxs_err from_target(struct cli *cli, struct cli_world *world, struct cli_given *out,
                                struct mxs_why *why)
{
    struct mxs_walk *walk = NULL;
    enum mxs_err err = cli_world_network(cli, world, why);
    if (err)
        return err;
    if (world->lab && !cli->words.n)
        *mxs_list_add(cli->arena, &cli->words) = mxs_lab_info(world->lab)->domain;
    out->journal = mxs_journal_new(world->clock);
    err = cli_keylog(cli, out->journal, why);
    err = err ? err : mxs_walk_new(world->engine, cli->words.v[0], out->journal, &walk, why);
    if (err)
        return err;
    mxs_walk_start(walk);
    mxs_walk_finish(walk);
    mxs_walk_free(walk);
    return MXS_OK;
}

/* --- which of them --- */

static const char *word_given(const struct cli_evidence *e)
{
    const struct { const char *value, *name; } words[] = {
        { e->chain, "--chain" }, { e->host, "--host" },
        { e->domain, "--domain" }, { e->tlsa.n ? "" : NULL, "--tlsa" },
        { e->tlsa_security, "--tlsa-security" }, { e->mx_security, "--mx-security" },
        { e->address_security, "--address-security" }, { e->sts, "--sts" },
        { e->sts_cached, "--sts-cached" }, { e->sts_fetched, "--sts-fetched" },
        { e->starttls, "--starttls" }, { e->tls_version, "--tls-version" },
    };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (words[i].value)
            return words[i].name;
    return NULL;
}

void cli_evidence_as_client(struct mxs_evidence *ev)
{
    ev->client_role = true;
    for (size_t i = 0; i < ev->hosts.n; i++) {
        ev->hosts.v[i]->tlsa.n = 0;
        ev->hosts.v[i]->tlsa_security = MXS_SECURITY_ABSENT;
    }
}

enum mxs_err cli_evidence(struct cli *cli, struct cli_world *world, struct cli_given *out,
                          struct mxs_why *why)
{
    const char *word = word_given(&cli->evidence);
    bool target = cli->words.n > 0 || cli->lab, session = cli->evidence.session != NULL;
    *out = (struct cli_given){ NULL, NULL, false };
    if (!word && !target && !session)
        return mxs_why_set(why, MXS_ERR_USAGE, "no evidence: a TARGET, --session FILE or --chain FILE"
                           " (see mxscope %s --help)", cli->command->name);
    if (cli->words.n > 1)
        return mxs_why_set(why, MXS_ERR_USAGE, "one target at a time");
    if ((target && session) || (word && (target || session)))
        return mxs_why_set(why, MXS_ERR_USAGE, "%s and %s exclude each other",
                           word ? word : "--session", target ? "a TARGET" : "--session");
    if (word)
        return cli_evidence_words(cli, &out->evidence, why);
    enum mxs_err err = session ? from_session(cli, world, out, why)
                               : from_target(cli, world, out, why);
    if (err == MXS_OK) {
        out->evidence = mxs_fold_new(out->journal);
        out->folded = true;
        if (cli->evidence.role && strcmp(cli->evidence.role, "client") == 0)
            cli_evidence_as_client(out->evidence);
    }
    return err;
}

void cli_given_free(struct cli_given *given)
{
    if (given->folded)
        mxs_fold_free(given->evidence);
    mxs_journal_free(given->journal);
}
