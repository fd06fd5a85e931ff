/* What every floor stands on: byte slices, error codes, the reason of an error.
 *
 * Memory: allocation never fails towards the caller. When memory runs out the
 * hook below is called once (the workbench restores the terminal there) and the
 * process ends with status 3. Everything that a peer can make grow is bounded
 * long before that (see buf.h). */
#ifndef MXSCOPE_SRC_BASE_BASE_H
#define MXSCOPE_SRC_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MXS_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MXS_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Built with AddressSanitizer: gcc says so by a macro, clang by a feature. */
#if defined(__SANITIZE_ADDRESS__)
#define MXS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MXS_ASAN 1
#endif
#endif

/* A borrowed slice of bytes; p may be NULL when n is 0. Lives as long as its owner says. */
struct mxs_bytes {
    const uint8_t *p;
    size_t n;
};

enum mxs_err {
    MXS_OK = 0,
    MXS_ERR_LIMIT,       /* a bound of ours was reached */
    MXS_ERR_SYNTAX,      /* bytes that are not what they should be */
    MXS_ERR_IO,          /* errno of a file or socket; the text names it */
    MXS_ERR_TIMEOUT,     /* our deadline passed */
    MXS_ERR_CANCELLED,   /* the operator stopped it */
    MXS_ERR_CLOSED,      /* the peer closed */
    MXS_ERR_NOT_FOUND,
    MXS_ERR_UNSUPPORTED,
    MXS_ERR_USAGE,       /* the caller's words are off */
    MXS_ERR_TLS,         /* a fatal answer of the TLS library; the text names it */
    MXS_ERR_DNS
};

/* The reason of an error in one line: "chain.pem:31: not a certificate (base64 ends early)". */
struct mxs_why {
    enum mxs_err err;
    char text[320];
};

/* Sets *why (which may be NULL) and returns err, so that callers write
 * `return mxs_why_set(why, MXS_ERR_SYNTAX, "...")`. */
enum mxs_err mxs_why_set(struct mxs_why *why, enum mxs_err err, const char *fmt, ...)
    MXS_PRINTF(3, 4);

/* What runs when memory is exhausted, before the process ends; NULL clears it. Set once by the
 * program, so the only mutable file-scope state of the engine. */
typedef void (*mxs_oom_fn)(void *data);
void mxs_oom_hook(mxs_oom_fn fn, void *data);

/* For memory that is not malloc'ed (a mapping that failed): runs the hook, ends the process. */
_Noreturn void mxs_out_of_memory(void);

/* malloc family that never returns NULL (see above). mxs_realloc(p, 0) frees and returns NULL. */
void *mxs_alloc(size_t n); /* zeroed */
void *mxs_realloc(void *p, size_t n);
char *mxs_strdup(const char *s);

static inline struct mxs_bytes mxs_bytes(const void *p, size_t n)
{
    return (struct mxs_bytes){ p, n };
}

struct mxs_bytes mxs_bytes_str(const char *s); /* without the NUL; NULL gives the empty slice */
bool mxs_bytes_equal(struct mxs_bytes a, struct mxs_bytes b);

/* A row of a table that gives enum values or protocol numbers their names; ends with name NULL. */
struct mxs_name {
    int value;
    const char *name;
};

/* NULL when the table has no such value. */
const char *mxs_name_of(const struct mxs_name *table, int value);
/* -1 when the table has no such name (exact case). */
int mxs_name_value(const struct mxs_name *table, const char *name);

#endif
