#include "config.h"

#include "base/file.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIST_MAX = 1000 };

static enum mxs_err failed(struct mxs_why *why, const char *path)
{
    return mxs_why_set(why, MXS_ERR_IO, "%s: %s", path, strerror(errno));
}

static enum mxs_err read_all(int fd, const char *path, struct mxs_buf *buf, struct mxs_why *why)
{
    uint8_t block[16384];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(why, path);
        if (n == 0)
            return MXS_OK;
        if (mxs_buf_add(buf, block, (size_t)n))
            return mxs_why_set(why, MXS_ERR_LIMIT, "%s: larger than %zu bytes", path, buf->max);
    }
}

enum mxs_err mxs_file_read(struct mxs_arena *arena, const char *path, size_t max,
                           struct mxs_bytes *out, struct mxs_why *why)
{
    bool std = strcmp(path, "-") == 0;
    int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return failed(why, path);
    struct mxs_buf buf;
    mxs_buf_init(&buf, max);
    enum mxs_err err = read_all(fd, path, &buf, why);
    if (err == MXS_OK)
        *out = mxs_bytes(mxs_arena_strndup(arena, buf.p, buf.n), buf.n);
    mxs_buf_fini(&buf);
    if (!std)
        close(fd);
    return err;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum mxs_err mxs_file_list(struct mxs_arena *arena, const char *folder, const char *suffix,
                           struct mxs_strs *out, struct mxs_why *why)
{
    struct stat st;
    DIR *dir = opendir(folder);
    size_t tail = strlen(suffix);
    if (!dir)
        return failed(why, folder);
    for (struct dirent *e; (e = readdir(dir)) && out->n < LIST_MAX;) {
        size_t n = strlen(e->d_name);
        if (e->d_name[0] == '.' || n <= tail || strcmp(e->d_name + n - tail, suffix) != 0)
            continue;
        const char *path = mxs_arena_printf(arena, "%s/%s", folder, e->d_name);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
            *mxs_list_add(arena, out) = path;
    }
    closedir(dir);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_name);
    return MXS_OK;
}

static bool write_all(int fd, struct mxs_bytes data)
{
    for (size_t done = 0; done < data.n;) {
        ssize_t n = write(fd, data.p + done, data.n - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* What open(2) would give a new file. */
static mode_t umasked(unsigned mode)
{
    mode_t mask = umask(077);
    umask(mask);
    return (mode_t)mode & ~mask;
}

/* A device, a pipe, /dev/stdout: there is no file to replace. */
static enum mxs_err write_through(const char *path, struct mxs_bytes data, struct mxs_why *why)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool ok = fd >= 0 && write_all(fd, data);
    enum mxs_err err = ok ? MXS_OK : failed(why, path);
    if (fd >= 0 && close(fd) != 0 && err == MXS_OK)
        err = failed(why, path);
    return err;
}

static enum mxs_err replace(const char *path, struct mxs_bytes data, unsigned mode,
                            struct mxs_why *why)
{
    size_t n = strlen(path) + 8;
    char *temp = mxs_alloc(n);
    snprintf(temp, n, "%s.XXXXXX", path);
    enum mxs_err err = MXS_OK;
    int fd = mkstemp(temp);
    if (fd < 0)
        err = failed(why, path);
    else {
        bool ok = write_all(fd, data) && fchmod(fd, umasked(mode)) == 0;
        if (close(fd) != 0 || !ok || rename(temp, path) != 0) {
            err = failed(why, path);
            unlink(temp);
        }
    }
    mxs_realloc(temp, 0);
    return err;
}

enum mxs_err mxs_file_write(const char *path, struct mxs_bytes data, unsigned mode,
                            struct mxs_why *why)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, data) ? MXS_OK : failed(why, "standard output");
    bool there = stat(path, &st) == 0;
    if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return write_through(path, data, why);
    char *target = there ? realpath(path, NULL) : NULL; /* behind a symbolic link */
    enum mxs_err err = replace(target ? target : path, data, mode, why);
    free(target);
    return err;
}
