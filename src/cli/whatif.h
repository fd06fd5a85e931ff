/* What the what-if stands on: catalog, scenarios, remedies, keys and the chains that were made. */
#ifndef MXSCOPE_SRC_CLI_WHATIF_H
#define MXSCOPE_SRC_CLI_WHATIF_H

#include "cli/world.h"
#include "whatif/remedy.h"

struct cli_futures {
    struct mxs_scenarios *scenarios;
    struct mxs_remedies *remedies; /* NULL: none are installed */
    struct mxs_keypool *pool;
    struct mxs_bytes keys;   /* ready ones for the pool */
    unsigned used;           /* evidence that the replicas were made for */
    struct mxs_whatif whatif;
    MXS_LIST(const struct mxs_scenario *) chosen; /* by --scenario; else all that are not history */
    bool named;                                   /* by --scenario or --all: say why one does not apply */
};

/* Needs an open world. Errors name the file and line, or the option. */
enum mxs_err cli_futures_open(struct cli *cli, struct cli_world *world, struct cli_futures *out,
                              struct mxs_why *why);
/* The futures of a matrix that was run to its end, as whatif/export.h says; adds to exported how many
 * scenarios apply. Where none does, there is no folder. */
enum mxs_err cli_futures_export(const struct cli_futures *futures, const struct mxs_matrix *matrix,
                                const char *folder, size_t *exported, struct mxs_why *why);
/* Between two evidences of many: lets go of replicas and keys now and then. */
void cli_futures_next(struct cli_futures *futures);
void cli_futures_close(struct cli_futures *futures);

#endif
