#include "config.h"

#include "cli/screen.h"

#include "journal/record.h"

#include <string.h>
#include <unistd.h>

void cli_recorded_anchors(struct cli *cli, struct cli_world *world,
                          const struct mxs_record_header *header)
{
    world->seen = header->started;
    mxs_store_set_crls_seen(world->store, world->seen);
    if (cli->trust_store)
        return;
    cli_world_store(world, mxs_store_new("none"));
    world->assess.public_roots = header->public_roots;
    for (size_t i = 0; i < header->anchors.certs.n; i++)
        mxs_store_add(world->store, header->anchors.certs.v[i]);
}

void cli_recorded_catalog(struct cli *cli, struct cli_world *world,
                          const struct mxs_record_header *header)
{
    if (header->unknown)
        cli_fail(mxs_arena_printf(cli->arena, "note: %s, kept as a note (%llu of them)", header->unknown,
                                  (unsigned long long)header->n_unknown));
    const struct mxs_catalog *ours = header->catalog ? mxs_catalog_get(&world->catalog) : NULL;
    if (ours && strcmp(ours->version, header->catalog) != 0)
        cli_fail(mxs_arena_printf(cli->arena, "note: recorded with CA catalog %s, judged with %s",
                                  header->catalog, ours->version));
}

static int report(struct cli *cli, struct cli_world *world, struct mxs_journal *journal)
{
    struct cli_result result;
    struct mxs_buf out;
    struct mxs_why why = { 0 };
    mxs_buf_init(&out, 256 << 20);
    cli_result_make(world, journal, &result);
    cli_report(cli, &result, &out);
    int status = cli_out(&out, cli_exit(result.assessment->status));
    if (cli_files(cli, world, &result, &why))
        status = cli_fail(why.text);
    cli_result_free(&result);
    mxs_buf_fini(&out);
    return status;
}

int cli_replay(struct cli *cli)
{
    struct cli_world world = { 0 };
    struct mxs_record_header header;
    struct mxs_why why = { 0 };
    if (cli->words.n != 1)
        return cli_fail("replay takes one FILE (see mxscope replay --help)");
    enum mxs_err err = cli_world_open(cli, &world, &why);
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    err = err ? err : mxs_record_read(cli->words.v[0], cli->arena, &header, journal, &why);
    int status;
    if (err) {
        status = cli_fail(why.text);
    } else {
        world.assess.at = cli->at_given ? cli->at : header.at;
        cli_recorded_anchors(cli, &world, &header);
        cli_recorded_catalog(cli, &world, &header);
        status = cli->json || !isatty(STDOUT_FILENO)
                     ? report(cli, &world, journal)
                     : cli_screen(cli, &world, &(struct ui_options){ .journal = journal });
    }
    mxs_journal_free(journal);
    cli_world_close(&world);
    return status;
}
