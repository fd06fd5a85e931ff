/* Scenarios (mxscope-scenario(5)): a story with a date and a source, and an ordered list of changes to
 * evidence. Those that come along are share/scenarios, one file each; an operator's own work the same.
 *
 *     [scenario]
 *     id = rollover/r3-e1-to-r10-e5     ; folder/name of the file unless said
 *     title, story, date, certainty, source, family, issuers, role, history
 *     after = eku/..                    ; changes of another scenario come first (a cycle is an error)
 *     [changes]
 *     change = VERB WORDS..             ; in order; the verbs are the table of change.h
 *     [before]                          ; how it was, to run backward where the change has happened
 *     change = ..
 */
#ifndef MXSCOPE_SRC_WHATIF_SCENARIO_H
#define MXSCOPE_SRC_WHATIF_SCENARIO_H

#include "facts/catalog.h"

struct mxs_change_kind; /* a verb, whatif/change.h */

struct mxs_change {
    const struct mxs_change_kind *kind;
    struct mxs_strs words; /* behind the verb, checked against the kind when it was read */
    bool optional;         /* "try VERB ..": passed over where the evidence has no place for it */
    const char *text;      /* as written, for `changes` of JSON and the editor */
    const char *file;      /* for messages; NULL: made by the editor */
    unsigned line;
};
struct mxs_changes {
    MXS_LIST(struct mxs_change) list;
};

enum mxs_scenario_role { MXS_SCENARIO_ANY, MXS_SCENARIO_SERVER, MXS_SCENARIO_CLIENT };

struct mxs_scenario {
    const char *id, *title, *story;
    const char *source, *certainty; /* certainty as in the catalog: "exact" "announced" ..; NULL */
    int64_t at;                     /* when it happens; MXS_CATALOG_ALWAYS: whenever the operator likes */
    const char *family;             /* catalog family whose chains it is about; NULL: any */
    struct mxs_strs issuers;        /* CAs of the catalog whose leaves it is about; none: any */
    enum mxs_scenario_role role;    /* which side's certificate it is about */
    bool history;                   /* of the past: listed with --history only */
    struct mxs_changes changes, before;
};

/* In order of group (eku, rollover, renewal, trust, reaction, failure, others), then of id; immutable
 * after loading but for mxs_scenarios_add_file. */
struct mxs_scenarios;

/* Reads every *.ini below folder (one level of folders), NULL: none. catalog is borrowed: names of issuers
 * are checked against it (NULL: not). Errors: "FILE:LINE: reason", naming what is allowed. */
enum mxs_err mxs_scenarios_load(const char *folder, const struct mxs_catalog *catalog,
                                struct mxs_scenarios **out, struct mxs_why *why);
void mxs_scenarios_free(struct mxs_scenarios *scenarios); /* NULL is fine */
/* One more from a file of the operator's; *added belongs to scenarios. */
enum mxs_err mxs_scenarios_add_file(struct mxs_scenarios *scenarios, const char *file,
                                    const struct mxs_scenario **added, struct mxs_why *why);
/* From text: name is for messages. For tests, fuzzing and the editor. */
enum mxs_err mxs_scenarios_add_text(struct mxs_scenarios *scenarios, const char *name,
                                    struct mxs_bytes text, const struct mxs_scenario **added,
                                    struct mxs_why *why);

size_t mxs_scenarios_count(const struct mxs_scenarios *scenarios);
const struct mxs_scenario *mxs_scenarios_at(const struct mxs_scenarios *scenarios, size_t index);
const struct mxs_scenario *mxs_scenario_find(const struct mxs_scenarios *scenarios, const char *id);

/* One change from its words: "eku leaf -clientAuth". MXS_ERR_USAGE with why naming what is allowed. */
enum mxs_err mxs_change_parse(struct mxs_arena *arena, const char *text,
                              const struct mxs_catalog *catalog, struct mxs_change *out,
                              struct mxs_why *why);
/* The scenario as a file that mxs_scenarios_add_text reads again (the editor's save). In arena. */
char *mxs_scenario_text(struct mxs_arena *arena, const struct mxs_scenario *scenario);

#endif
