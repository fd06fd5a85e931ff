/* Files, read whole and bounded. */
#ifndef MXSCOPE_SRC_BASE_FILE_H
#define MXSCOPE_SRC_BASE_FILE_H

#include "base/arena.h"

/* Reads path ("-" is standard input) into the arena; NUL-terminated behind n. A file over max bytes
 * is MXS_ERR_LIMIT, a missing one MXS_ERR_IO; why names file and reason. */
enum mxs_err mxs_file_read(struct mxs_arena *arena, const char *path, size_t max,
                           struct mxs_bytes *out, struct mxs_why *why);

/* The regular files of a folder whose name ends with suffix, in order of name, at most 1000; the paths
 * in arena. A missing folder is MXS_ERR_IO. */
enum mxs_err mxs_file_list(struct mxs_arena *arena, const char *folder, const char *suffix,
                           struct mxs_strs *out, struct mxs_why *why);

/* Writes a new file under a temporary name, then renames it over path, or over the file that a symbolic
 * link there leads to, so that an interrupted write loses nothing. mode as in open(2), less the umask.
 * What is no regular file (a device, a pipe) is written to and never replaced. "-" is standard output. */
enum mxs_err mxs_file_write(const char *path, struct mxs_bytes data, unsigned mode,
                            struct mxs_why *why);

#endif
