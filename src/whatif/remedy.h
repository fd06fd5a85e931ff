/* What to do about a cell that got worse. A remedy is a section of share/remedies: when it helps, whose
 * side it is on, its lines of configuration, and the changes that say what it does. It is offered only
 * after the judges have confirmed it.
 *
 *     [products]
 *     postfix = Postfix               ; what lines of that key are for
 *     postfix-version = 3.7.11        ; they were tried with this one
 *     [ID]
 *     title, about, source
 *     side = yours | theirs
 *     role = server | client          ; whose certificate it is about
 *     mends = refusal | cleartext     ; what gets well; default refusal
 *     change = VERB WORDS..           ; laid over the future, in order (mxscope-scenario(5))
 *     receivers = ignore | pin        ; they work in that mode of their program
 *     senders = require-tls           ; and so do senders
 *     spare = yes                     ; offered only for what no other one mends
 *     PRODUCT = a line                ; repeatable; a "|" in front keeps white space. {host}, {tlsa} ..
 *                                     ; are filled in (remedy_lines.c has them all); {NAME|WORDS} gives
 *                                     ; WORDS where the evidence does not know, and a comment says so
 */
#ifndef MXSCOPE_SRC_WHATIF_REMEDY_H
#define MXSCOPE_SRC_WHATIF_REMEDY_H

#include "whatif/matrix.h"
#include "whatif/seat.h"

struct mxs_remedy_lines {
    const char *product;      /* "Postfix", "Exim", "DNS" */
    const char *version;      /* of the product that the lines were tried with; NULL */
    struct mxs_strs lines;    /* placeholders filled: names, TLSA data */
};

struct mxs_remedy {
    const char *id, *title, *about;
    const char *side;         /* "yours" "theirs" */
    enum mxs_scenario_role role;
    bool mends_cleartext;     /* the refusal stays, but no mail goes out in cleartext for it */
    enum mxs_receivers receivers;
    bool require_tls;         /* senders work in a mode that insists on TLS */
    bool spare;               /* only for what no other one mends */
    struct mxs_changes changes;
    MXS_LIST(struct mxs_remedy_lines) config;
    const char *source;       /* RFC or where it was measured */
};

struct mxs_remedies; /* all of them, immutable */

/* Reads *.ini of a folder, in order of name. Errors: "FILE:LINE: reason". */
enum mxs_err mxs_remedies_load(const char *folder, const struct mxs_catalog *catalog,
                               struct mxs_remedies **out, struct mxs_why *why);
void mxs_remedies_free(struct mxs_remedies *remedies); /* NULL is fine */
size_t mxs_remedies_count(const struct mxs_remedies *remedies);
const struct mxs_remedy *mxs_remedies_at(const struct mxs_remedies *remedies, size_t index);

struct mxs_offered {          /* a remedy that the judges confirmed for a row */
    const struct mxs_remedy *remedy;
    MXS_LIST(struct mxs_remedy_lines) config; /* filled */
    struct mxs_matrix_cell *cells; /* one per seat: before = after of the row; after = with the remedy
                                      where it had got worse, else the same */
    size_t helped;            /* cells that got worse by the scenario and are well with the remedy */
};
struct mxs_offers {
    MXS_LIST(struct mxs_offered) list; /* those that help most first */
};

/* For one row that was judged to its end. In arena. */
void mxs_remedies_offer(struct mxs_arena *arena, const struct mxs_remedies *remedies,
                        const struct mxs_matrix *matrix, const struct mxs_matrix_row *row,
                        struct mxs_offers *out);

#endif
