/* Recorded sessions, mxscope.session/1: NDJSON, a header line, then one event a line 
 * (mxscope-session(5)). Reading is bounded, executes nothing, and names file and line of what is
 * wrong. AUTH words and private keys never reach a journal, so they cannot reach a file. */
#ifndef MXSCOPE_SRC_JOURNAL_RECORD_H
#define MXSCOPE_SRC_JOURNAL_RECORD_H

#include "journal/journal.h"

struct mxs_record_header {
    const char *version;     /* of mxscope */
    const char *target;      /* the first one */
    int64_t started, at;     /* wall clock; at = the instant judged */
    const char *catalog;     /* catalog version, NULL */
    struct mxs_strs options; /* the words given, secrets removed */
    struct mxs_chain anchors; /* X.509 trust anchors that the verdicts used */
    bool public_roots;        /* they are public authorities, not somebody's own */
    uint64_t events;          /* how many follow; 0: an older file, which does not say */
    const char *unknown;      /* "FILE:LINE: .." of the first event of unknown kind; NULL */
    uint64_t n_unknown;       /* kept as notes */
};

enum mxs_err mxs_record_write(const char *path, const struct mxs_record_header *header,
                              const struct mxs_journal *journal, struct mxs_why *why);
/* One event as a line of JSON without the newline (also the batch and log form). */
char *mxs_record_line(struct mxs_arena *arena, const struct mxs_event *event);

/* Reads path into the journal (subscribers see each event). Errors: MXS_ERR_SYNTAX "FILE:LINE: ...",
 * MXS_ERR_UNSUPPORTED for a newer schema, MXS_ERR_LIMIT. What was read before stays in the journal. */
enum mxs_err mxs_record_read(const char *path, struct mxs_arena *arena,
                             struct mxs_record_header *header, struct mxs_journal *journal,
                             struct mxs_why *why);

#endif
