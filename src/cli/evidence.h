/* EVIDENCE of verify, whatif and plan (mxscope(1), Evidence): a live target, a recorded session, or files and
 * words. */
#ifndef MXSCOPE_SRC_CLI_EVIDENCE_H
#define MXSCOPE_SRC_CLI_EVIDENCE_H

#include "cli/world.h"

struct cli_given {
    struct mxs_evidence *evidence; /* of the journal, or in cli->arena */
    struct mxs_journal *journal;   /* NULL for files and words */
    bool folded;                   /* evidence was made from the journal */
};

/* Reads or walks what the command line names. At most one of the three ways: else MXS_ERR_USAGE. A
 * recorded session brings its anchors and its date, unless --trust-store and --at say otherwise.
 * Errors name the file and line, or the option. Free with cli_given_free. */
enum mxs_err cli_evidence(struct cli *cli, struct cli_world *world, struct cli_given *out,
                          struct mxs_why *why);
void cli_given_free(struct cli_given *given);

/* --role client: what was seen of a server is what it shows when it sends. Its own TLSA records then say
 * nothing of where it sends to, and are forgotten. */
void cli_evidence_as_client(struct mxs_evidence *evidence);
/* Files and words alone. */
enum mxs_err cli_evidence_words(struct cli *cli, struct mxs_evidence **out, struct mxs_why *why);

#endif
