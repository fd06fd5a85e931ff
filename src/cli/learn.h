/* mxscope learn: the rooms behind the subcommand. */
#ifndef MXSCOPE_SRC_CLI_LEARN_H
#define MXSCOPE_SRC_CLI_LEARN_H

#include "cli/whatif.h"
#include "cli/world.h"

#include "journal/record.h"
#include "learn/progress.h"
#include "ui/ui.h"

/* A lesson being played: its worlds, one after the other. */
struct cli_class {
    struct cli *cli;
    const struct mxs_lesson *lesson;
    const char *session;          /* FILE.mxs that became the lesson; NULL */
    struct cli run;               /* the command line as the act's lines change it */
    struct cli_world world;
    bool open;
    struct mxs_journal *recorded; /* of an act that is a recorded session */
    struct mxs_record_header header;
    const char *target;           /* of an act of the lab */
    struct ui_plan_options plan;
    struct cli_futures futures;   /* open once a claim has asked for it */
    struct mxs_claim_futures claims;
    const char *state;            /* the progress file; NULL: nowhere to keep it */
    struct mxs_progress progress;
};

/* learn_world.c: the world of an act, after the one before was closed. */
enum mxs_err cli_class_act(struct cli_class *class, size_t act, struct mxs_why *why);
void cli_class_close(struct cli_class *class);
/* What lessons may name: the lab's faults, the verifiers with their profiles. */
struct mxs_lesson_known cli_lesson_known(struct cli *cli);

/* learn_text.c: the lesson as text, its walks had, its answers proved. */
enum mxs_err cli_class_text(struct cli_class *class, struct mxs_buf *out, struct mxs_why *why);

/* learn_progress.c */
enum mxs_err cli_progress_read(struct cli *cli, const char **path, struct mxs_progress *out,
                               struct mxs_why *why);
/* Creates the folders it needs. NULL path: nothing is kept. */
enum mxs_err cli_progress_write(const char *path, const struct mxs_progress *progress,
                                struct mxs_why *why);

/* What the walk proved of one step. */
struct cli_proof {
    bool there; /* the walk came to its moment */
    int right;
    const char **rows; /* of the card, their values filled in */
};
/* learn_doc.c: the lesson as a document to hand out: cards, questions, the proved answers, and what to
 * take home; in the arena of the command line. */
struct mxs_doc;
struct mxs_glossary;
struct mxs_doc *cli_class_doc(struct cli_class *class, const struct mxs_glossary *glossary,
                              const struct cli_proof *proofs, const bool *met);

#endif
