/* What the subcommands that walk, judge or replay stand on: clock, engine, lab, trust store. */
#ifndef MXSCOPE_SRC_CLI_WORLD_H
#define MXSCOPE_SRC_CLI_WORLD_H

#include "cli/cli.h"

#include "facts/catalog.h"
#include "journal/fold.h"
#include "judge/assess.h"
#include "judge/profile.h"
#include "judge/senders.h"
#include "judge/store.h"
#include "lab/lab.h"
#include "session/session.h"

struct cli_world {
    const struct mxs_clock *clock;
    struct mxs_engine *engine; /* NULL until cli_world_network */
    struct mxs_lab *lab;       /* NULL without --lab */
    struct mxs_loop *loop;     /* of lab and engine, with --lab */
    struct mxs_store *store;
    struct mxs_crls crls; /* of --crl */
    int64_t seen;         /* when the evidence was gathered */
    struct mxs_profiles *profiles; /* NULL: not needed */
    struct mxs_senders *senders;   /* NULL: not installed */
    struct mxs_catalog_loader catalog;
    struct mxs_assess_options assess;
};

/* Clock, date and trust store; a wrong --trust-store is told here. */
enum mxs_err cli_world_open(struct cli *cli, struct cli_world *world, struct mxs_why *why);
/* This store from now on, with the CRLs of --crl; the one of before is freed. */
void cli_world_store(struct cli_world *world, struct mxs_store *store);
/* The engine, and the lab with --lab; fills cli->session with what the lab says of itself. */
enum mxs_err cli_world_network(struct cli *cli, struct cli_world *world, struct mxs_why *why);
/* The store becomes the anchors that the recorded verdicts used, unless --trust-store names others. */
struct mxs_record_header;
void cli_recorded_anchors(struct cli *cli, struct cli_world *world,
                          const struct mxs_record_header *header);
/* Says on standard error when the recorded session named another version of the CA catalog than ours. */
void cli_recorded_catalog(struct cli *cli, struct cli_world *world,
                          const struct mxs_record_header *header);
/* The lab's name server as dig is told: "@127.0.0.1 -p 5300". NULL without a lab. */
const char *cli_lab_dns(struct cli *cli, const struct mxs_lab *lab);
void cli_world_close(struct cli_world *world);

/* --- output.c --- */

/* A journal with what was made of it. */
struct cli_result {
    struct mxs_journal *journal;
    struct mxs_evidence *evidence;
    struct mxs_assessment *assessment;
    struct mxs_catalog_loader *catalog; /* of the world */
    const struct mxs_profiles *profiles;
};

void cli_result_make(struct cli_world *world, struct mxs_journal *journal, struct cli_result *out);
void cli_result_free(struct cli_result *result); /* the journal stays */
/* Text or JSON into out. */
void cli_report(struct cli *cli, const struct cli_result *result, struct mxs_buf *out);
/* What --anonymise puts before everything that is written; it has learned the evidence (NULL: nothing
 * yet). NULL without --anonymise. */
struct mxs_anon *cli_anon(struct cli *cli, const struct mxs_evidence *evidence);
/* The files of --html and --markdown from a document: a session's, or one of a command's own. */
struct mxs_doc;
/* One of them is standard output: the text stays away. */
bool cli_on_stdout(const struct cli *cli);
enum mxs_err cli_document(struct cli *cli, struct mxs_doc *doc, struct mxs_why *why);
enum mxs_err cli_handouts(struct cli *cli, const struct cli_result *result, struct mxs_why *why);
/* The files of --record, --pcap, --html and --markdown. */
enum mxs_err cli_files(struct cli *cli, struct cli_world *world, const struct cli_result *result,
                       struct mxs_why *why);
/* --keylog and $SSLKEYLOGFILE: appends each line of the journal as it comes. NULL path is fine. */
enum mxs_err cli_keylog(struct cli *cli, struct mxs_journal *journal, struct mxs_why *why);

#endif
