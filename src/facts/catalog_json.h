/* Reading JSON objects of data files with messages that name file and line. The first fault of a
 * reader sticks: everything read after it gives nothing, so callers look once per object. */
#ifndef MXSCOPE_SRC_FACTS_CATALOG_JSON_H
#define MXSCOPE_SRC_FACTS_CATALOG_JSON_H

#include "base/arena.h"

#include <jansson.h>

struct mxs_json_in {
    struct mxs_arena *arena;
    const char *name;      /* of the file */
    struct mxs_bytes text; /* of the file, to find lines in */
    struct mxs_why *why;
    enum mxs_err err;
};

/* Records "FILE:LINE: .."; the line is where anchor first stands in quotes, the file alone when it is
 * NULL or nowhere. Always false. */
bool mxs_json_fail(struct mxs_json_in *in, const char *anchor, const char *fmt, ...)
    MXS_PRINTF(3, 4);

/* Every key of object must be among the words of allowed (separated by blanks). */
bool mxs_json_keys(struct mxs_json_in *in, json_t *object, const char *what, const char *allowed);

/* Members. need: the key must be there (else NULL, n 0 when it is missing or null). */
const char *mxs_json_str(struct mxs_json_in *in, json_t *object, const char *key, bool need);
/* One of the words of allowed (separated by blanks). */
const char *mxs_json_word(struct mxs_json_in *in, json_t *object, const char *key,
                          const char *allowed, bool need);
struct mxs_bytes mxs_json_hexes(struct mxs_json_in *in, json_t *object, const char *key, size_t size);
struct mxs_bytes mxs_json_base64(struct mxs_json_in *in, json_t *object, const char *key, bool need);
int64_t mxs_json_date(struct mxs_json_in *in, json_t *object, const char *key, int64_t missing);
bool mxs_json_flag(struct mxs_json_in *in, json_t *object, const char *key);
long mxs_json_number(struct mxs_json_in *in, json_t *object, const char *key, long missing);
/* A list of strings, each one of allowed when that is not NULL. */
struct mxs_strs mxs_json_list(struct mxs_json_in *in, json_t *object, const char *key,
                              const char *allowed);
/* An array of objects or arrays; NULL (an empty loop for json_array_foreach) when missing. */
json_t *mxs_json_array(struct mxs_json_in *in, json_t *object, const char *key);

#endif
