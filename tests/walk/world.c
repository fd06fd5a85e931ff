#include "config.h"

#include "walk/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* Any anchor will do: targets are addresses, and nothing is resolved. */
static const char anchor_text[] =
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n";

struct world_certs *world_certs_new(void)
{
    struct world_certs *c = mxs_alloc(sizeof *c);
    c->ca = pki_make(&(struct pki_spec){ .name = "Test CA", .ca = true }, NULL);
    c->rsa[0] = pki_make(&(struct pki_spec){ .name = "mx.test", .rsa = true }, &c->ca);
    c->ec[0] = pki_make(&(struct pki_spec){ .name = "mx.test" }, &c->ca);
    c->client[0] = pki_make(&(struct pki_spec){ .name = "client.test" }, &c->ca);
    c->client_pem = pki_cert_pem(&c->client[0]);
    c->client_key_pem = pki_key_pem(&c->client[0]);
    return c;
}

void world_certs_free(struct world_certs *c)
{
    pki_free(&c->ca);
    pki_free(&c->rsa[0]);
    pki_free(&c->ec[0]);
    pki_free(&c->client[0]);
    free(c->client_pem);
    free(c->client_key_pem);
    free(c);
}

struct world *world_new(const struct world_certs *certs)
{
    struct world *world = mxs_alloc(sizeof *world);
    world->certs = certs;
    world->options.resolver = "127.0.0.1:1";
    world->options.ehlo = "client.test";
    world->tls.chains[0] = certs->rsa;
    world->tls.chains[1] = certs->ec;
    return world;
}

static void die(const char *what, const struct mxs_why *why)
{
    fprintf(stderr, "world: %s: %s\n", what, why->text);
    abort();
}

static void open_engine(struct world *world)
{
    char path[64];
    struct mxs_why why = { MXS_OK, "" };
    snprintf(path, sizeof path, "walk-anchor.%ld.tmp", (long)getpid());
    if (mxs_file_write(path, mxs_bytes_str(anchor_text), 0600, &why) != MXS_OK)
        die("anchor", &why);
    world->options.trust_anchor = path;
    if (mxs_engine_new(&world->options, mxs_clock_real(), &world->engine, &why) != MXS_OK)
        die("engine", &why);
    unlink(path);
    world->options.trust_anchor = NULL;
    world->journal = mxs_journal_new(mxs_clock_real());
    world->evidence = mxs_fold_new(world->journal);
}

void world_walk_to(struct world *world, unsigned port)
{
    char target[64];
    struct mxs_why why = { MXS_OK, "" };
    if (!world->engine)
        open_engine(world);
    snprintf(target, sizeof target, "[127.0.0.1]:%u", port);
    if (mxs_walk_new(world->engine, target, world->journal, &world->walk, &why) != MXS_OK)
        die("walk", &why);
}

void world_open(struct world *world, const char *const *script)
{
    open_engine(world);
    world->peer = peer_new(mxs_engine_loop(world->engine), script, &world->tls);
    world_walk_to(world, peer_port(world->peer));
}

void world_free(struct world *world)
{
    mxs_walk_free(world->walk);
    if (world->peer)
        peer_free(world->peer);
    mxs_engine_free(world->engine);
    mxs_fold_free(world->evidence);
    mxs_journal_free(world->journal);
    free(world);
}

const struct mxs_session_facts *world_session(const struct world *world, uint32_t n)
{
    return mxs_evidence_session(world->evidence, n, NULL);
}

const struct mxs_event *world_event(const struct world *world, uint32_t n, enum mxs_event_kind kind,
                                    const char *id)
{
    for (size_t i = 0; i < mxs_journal_count(world->journal); i++) {
        const struct mxs_event *event = mxs_journal_at(world->journal, i);
        const char *is = mxs_event_attr(event, "id");
        if (event->session == n && event->kind == kind && (!id || (is && strcmp(is, id) == 0)))
            return event;
    }
    return NULL;
}

size_t world_count(const struct world *world, enum mxs_event_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < mxs_journal_count(world->journal); i++)
        n += mxs_journal_at(world->journal, i)->kind == kind;
    return n;
}

void world_dump(const struct world *world)
{
    for (size_t i = 0; i < mxs_journal_count(world->journal); i++) {
        const struct mxs_event *event = mxs_journal_at(world->journal, i);
        const char *stage = mxs_stage_name(event->stage);
        const char *status = mxs_event_attr(event, "status");
        fprintf(stderr, "%4llu %9.3f s%u %-20s %-14s %-3s %s%s%s\n", (unsigned long long)event->seq,
                (double)event->t / 1000, event->session, stage ? stage : "-",
                mxs_event_kind_name(event->kind),
                event->dir == MXS_DIR_OUT ? ">" : event->dir == MXS_DIR_IN ? "<" : "",
                status ? status : "", status ? ": " : "", event->summary);
    }
}
