#include "config.h"

#include "base/lines.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mxs_lines {
    char *path;
    int fd;
    size_t file_max, total;
    struct mxs_buf buf; /* what was read and not yet given */
    size_t used, seen;  /* given to the caller; searched without finding an LF */
    unsigned long number;
    bool end;
};

enum mxs_err mxs_lines_open(const char *path, size_t file_max, size_t line_max,
                            struct mxs_lines **out, struct mxs_why *why)
{
    bool std = strcmp(path, "-") == 0;
    int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", path, strerror(errno));
    struct mxs_lines *lines = mxs_alloc(sizeof *lines);
    lines->path = mxs_strdup(std ? "standard input" : path);
    lines->fd = fd;
    lines->file_max = file_max;
    mxs_buf_init(&lines->buf, line_max + 2);
    *out = lines;
    return MXS_OK;
}

void mxs_lines_close(struct mxs_lines *lines)
{
    if (!lines)
        return;
    if (lines->fd != STDIN_FILENO)
        close(lines->fd);
    mxs_buf_fini(&lines->buf);
    free(lines->path);
    free(lines);
}

static enum mxs_err fill(struct mxs_lines *lines, struct mxs_why *why)
{
    uint8_t block[65536];
    size_t room = mxs_buf_room(&lines->buf);
    if (room == 0)
        return mxs_why_set(why, MXS_ERR_LIMIT, "%s:%lu: line longer than %zu bytes", lines->path,
                           lines->number + 1, lines->buf.max - 2);
    ssize_t n;
    do
        n = read(lines->fd, block, room < sizeof block ? room : sizeof block);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", lines->path, strerror(errno));
    lines->end = n == 0;
    lines->total += (size_t)n;
    if (lines->total > lines->file_max)
        return mxs_why_set(why, MXS_ERR_LIMIT, "%s: larger than %zu bytes", lines->path,
                           lines->file_max);
    return mxs_buf_add(&lines->buf, block, (size_t)n);
}

static enum mxs_err give(struct mxs_lines *lines, size_t n, bool lf, struct mxs_bytes *line)
{
    static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
    bool marked = lines->number++ == 0 && n >= sizeof mark && memcmp(lines->buf.p, mark, sizeof mark) == 0;
    size_t skip = marked ? sizeof mark : 0;
    lines->used = n + lf;
    lines->seen = 0;
    if (n > skip && lf && lines->buf.p[n - 1] == '\r')
        n--;
    *line = mxs_bytes(lines->buf.p + skip, n - skip);
    return MXS_OK;
}

enum mxs_err mxs_lines_next(struct mxs_lines *lines, struct mxs_bytes *line, struct mxs_why *why)
{
    mxs_buf_take(&lines->buf, lines->used);
    lines->used = 0;
    for (;;) {
        struct mxs_buf *b = &lines->buf;
        const uint8_t *lf = b->n > lines->seen
                                ? memchr(b->p + lines->seen, '\n', b->n - lines->seen) : NULL;
        if (lf)
            return give(lines, (size_t)(lf - b->p), true, line);
        if (lines->end)
            return b->n ? give(lines, b->n, false, line) : MXS_ERR_NOT_FOUND;
        lines->seen = b->n;
        enum mxs_err err = fill(lines, why);
        if (err)
            return err;
    }
}

unsigned long mxs_lines_number(const struct mxs_lines *lines)
{
    return lines->number;
}
