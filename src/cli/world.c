#include "config.h"

#include "cli/world.h"

#include "cli/like.h"

#include "base/file.h"
#include "base/text.h"
#include "judge/profile.h"
#include "net/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CRL_FILE_MAX = 64 << 20 };

/* The workbench comes up: without a terminal its forms print the report of check. */
static bool on_screen(const struct cli *cli)
{
    return (cli->command->bit & (CLI_WORKBENCH | CLI_REPLAY)) && !cli->json && isatty(STDOUT_FILENO);
}

/* Only where a verdict may ask for them or a view shows them: a plain check pays nothing. */
static enum mxs_err load_profiles(struct cli *cli, struct cli_world *world, struct mxs_why *why)
{
    const char *directory = cli_data(cli->arena, "verifiers");
    bool judging = cli->command->bit & (CLI_VERIFY | CLI_WHATIF | CLI_PLAN) || on_screen(cli);
    if (!directory || !(judging || cli->client_cert || cli->verifiers.n || cli->list ||
                        cli->like_verifier || cli->own.n))
        return MXS_OK;
    enum mxs_err err = mxs_profiles_load(directory, &world->profiles, why);
    for (size_t i = cli->own.n; i-- && !err;) { /* each goes to the front */
        const struct cli_own_profile *own = &cli->own.v[i];
        err = mxs_profiles_add(world->profiles, own->name, own->base, own->keys.v, own->keys.n, why);
    }
    world->assess.profiles = world->profiles;
    return err;
}

static bool is_verifier(const struct cli_world *world, const char *pattern)
{
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    for (size_t i = 0; i < n; i++)
        if (mxs_glob(pattern, rows[i].name))
            return true;
    for (size_t i = 0; world->profiles && i < mxs_profiles_count(world->profiles); i++)
        if (mxs_glob(pattern, mxs_profiles_at(world->profiles, i)->name))
            return true;
    return false;
}

/* A name that no verifier has is a typing mistake, not "nothing to say". */
static enum mxs_err named_verifiers_exist(const struct cli *cli, const struct cli_world *world,
                                          struct mxs_why *why)
{
    for (size_t i = 0; i < cli->verifiers.n; i++)
        if (!is_verifier(world, cli->verifiers.v[i]))
            return mxs_why_set(why, MXS_ERR_USAGE, "--verifier: no verifier is named '%s' (mxscope "
                               "verify --list)", cli->verifiers.v[i]);
    return MXS_OK;
}

/* Shown first: an operator's own settings, then what `mine =` of the config names. */
static void put_first(struct cli *cli, struct cli_world *world)
{
    if (cli->own.n)
        *mxs_list_add(cli->arena, &world->assess.first) = "mine/*";
    for (size_t i = 0; i < cli->mine.n; i++)
        *mxs_list_add(cli->arena, &world->assess.first) = cli->mine.v[i];
}

/* The level of --like counts as named, and what its settings make of it; no profile and no RFC for it:
 * every verifier is asked. A what-if asks all others too. */
static void add_like(struct cli *cli, const struct cli_world *world)
{
    if (cli->command->bit & CLI_WHATIF)
        return;
    for (size_t i = 0; cli->like_verifier && i < cli->own.n; i++)
        *mxs_list_add(cli->arena, &cli->verifiers) = cli->own.v[i].name;
    const char *product = cli->like_verifier;
    const char *name = product && is_verifier(world, product) ? product : cli->like_rfc;
    if (name)
        *mxs_list_add(cli->arena, &cli->verifiers) = name;
}

/* What a system without the package lacks and a bundle brings (tools/make-bundle); NULL: neither. */
static const char *brought(struct cli *cli, const char *system, const char *name)
{
    return access(system, R_OK) == 0 ? NULL : cli_data(cli->arena, name);
}

static const char *brought_roots(struct cli *cli)
{
    return brought(cli, "/etc/ssl/certs/ca-certificates.crt", "ca-certificates.crt");
}

void cli_world_store(struct cli_world *world, struct mxs_store *store)
{
    mxs_store_free(world->store);
    world->store = world->assess.store = store;
    for (size_t i = 0; i < world->crls.list.n; i++)
        mxs_store_add_crl(store, world->crls.list.v[i]);
    mxs_store_set_crls_seen(store, world->seen);
}

static enum mxs_err read_crls(struct cli *cli, struct cli_world *world, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < cli->crl_files.n && !err; i++) {
        struct mxs_bytes text;
        err = mxs_file_read(cli->arena, cli->crl_files.v[i], CRL_FILE_MAX, &text, why);
        err = err ? err : mxs_crl_read(cli->arena, cli->crl_files.v[i], text, &world->crls, why);
    }
    return err;
}

enum mxs_err cli_world_open(struct cli *cli, struct cli_world *world, struct mxs_why *why)
{
    enum mxs_err err = cli_like(cli, why);
    const char *truth = cli->record       ? "--record"
                        : cli->pcap       ? "--pcap"
                        : cli->keylog     ? "--keylog"
                        : cli->export_dir ? "--export"
                                          : NULL;
    if (!err && cli->anonymise && truth)
        err = mxs_why_set(why, MXS_ERR_USAGE, "%s keeps the true bytes: not with --anonymise", truth);
    if (err)
        return err;
    world->clock = mxs_clock_real();
    if (!cli->at_given)
        cli->at = world->clock->wall(world->clock);
    world->seen = world->clock->wall(world->clock);
    world->assess = (struct mxs_assess_options){ .at = cli->at, .public_roots = !cli->trust_store,
                                                 .verifiers = cli->verifiers,
                                                 .revoked = mxs_catalog_revoked,
                                                 .revoked_data = &world->catalog };
    err = read_crls(cli, world, why);
    cli_world_store(world, mxs_store_new(cli->trust_store ? cli->trust_store : brought_roots(cli)));
    world->catalog = cli_catalog_loader(cli->arena);
    const char *senders = cli_data(cli->arena, "senders");
    if (!err && senders)
        err = mxs_senders_load(senders, &world->senders, why);
    world->assess.senders = world->senders;
    err = err ? err : load_profiles(cli, world, why);
    add_like(cli, world);
    put_first(cli, world);
    world->assess.verifiers = cli->verifiers;
    err = err ? err : named_verifiers_exist(cli, world, why);
    return err || !cli->trust_store ? err : mxs_store_load(world->store, why);
}

static bool is_file(const char *path)
{
    struct stat st;
    return path && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* What the lab says of itself takes the place of the world's resolver, anchor and roots; words that
 * were given still win. */
static void point_at_lab(struct cli *cli, struct cli_world *world)
{
    const struct mxs_lab_info *info = mxs_lab_info(world->lab);
    struct mxs_session_options *o = &cli->session;
    o->resolver = o->resolver ? o->resolver : info->resolver;
    o->trust_anchor = o->trust_anchor ? o->trust_anchor : info->trust_anchor;
    for (size_t i = 0; i < info->connect_to.n; i++) {
        const struct mxs_lab_connect *c = &info->connect_to.v[i];
        *mxs_list_add(cli->arena, &o->connect_to) =
            (struct mxs_connect_to){ c->host, c->address, c->port, c->to_port };
    }
    if (cli->trust_store)
        return;
    o->ca_file = info->ca_file;
    cli_world_store(world, mxs_store_new(info->ca_file));
    world->assess.public_roots = false;
}

static enum mxs_err start_lab(struct cli *cli, struct cli_world *world, struct mxs_why *why)
{
    struct mxs_lab_options options = { .faults = cli->lab_faults };
    world->loop = mxs_loop_new(world->clock);
    enum mxs_err err = mxs_lab_new(world->loop, world->clock, &options, &world->lab, why);
    if (err == MXS_OK) {
        world->assess.revoked = mxs_lab_revoked;
        world->assess.revoked_data = world->lab;
        point_at_lab(cli, world);
    }
    return err;
}

/* One that the lab made: whose, its name says (lab/lab_clean.c). */
static enum mxs_err show_certificate(struct cli *cli, const struct mxs_lab_info *info,
                                     struct mxs_why *why)
{
    bool both = strcmp(cli->lab_certificate, "both") == 0;
    bool own = strcmp(cli->lab_certificate, "client") == 0;
    cli->client_cert = own ? info->client_cert : both ? info->both_cert : info->server_only_cert;
    cli->client_key = own ? info->client_key : both ? info->both_key : info->server_only_key;
    return cli_client_cert(cli, why);
}

enum mxs_err cli_world_network(struct cli *cli, struct cli_world *world, struct mxs_why *why)
{
    const char *keylog = getenv("SSLKEYLOGFILE");
    enum mxs_err err = cli->lab_certificate ? MXS_OK : cli_client_cert(cli, why);
    if (err == MXS_OK && is_file(cli->trust_store))
        cli->session.ca_file = cli->trust_store;
    else if (!cli->trust_store && !cli->lab)
        cli->session.ca_file = brought_roots(cli);
    if (!cli->session.trust_anchor && !cli->lab)
        cli->session.trust_anchor = brought(cli, "/usr/share/dns/root.key", "root.key");
    if (err == MXS_OK && cli->lab)
        err = start_lab(cli, world, why);
    if (err == MXS_OK && world->lab && cli->lab_certificate)
        err = show_certificate(cli, mxs_lab_info(world->lab), why);
    cli->session.offer_all = !cli->offer_given;
    cli->session.share = cli->session.no_records = cli->from || cli->words.n > 1;
    cli->session.insecure_tlsa = !cli->session.share;
    /* The chain of trust is for who looks at it: the workbench, now or on a replay. */
    cli->session.zones = cli->record || (!cli->command->name && !cli->json &&
                                         isatty(STDOUT_FILENO));
    cli->session.keylog = cli->keylog || cli->pcap || (keylog && *keylog);
    if (err)
        return err;
    return world->loop ? mxs_engine_new_on(world->loop, &cli->session, world->clock,
                                           &world->engine, why)
                       : mxs_engine_new(&cli->session, world->clock, &world->engine, why);
}

const char *cli_lab_dns(struct cli *cli, const struct mxs_lab *lab)
{
    const char *resolver = lab ? mxs_lab_info(lab)->resolver : NULL;
    const char *colon = resolver ? strrchr(resolver, ':') : NULL;
    return colon ? mxs_arena_printf(cli->arena, "@%.*s -p %s", (int)(colon - resolver), resolver,
                                    colon + 1) : NULL;
}

void cli_world_close(struct cli_world *world)
{
    mxs_engine_free(world->engine);
    mxs_lab_free(world->lab);
    mxs_loop_free(world->loop);
    mxs_store_free(world->store);
    mxs_profiles_free(world->profiles);
    mxs_senders_free(world->senders);
    mxs_catalog_free(world->catalog.catalog);
}
