#include "config.h"

#include "base/base.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    mxs_oom_fn fn;
    void *data;
} oom;

void mxs_oom_hook(mxs_oom_fn fn, void *data)
{
    oom.fn = fn;
    oom.data = data;
}

_Noreturn void mxs_out_of_memory(void)
{
    if (oom.fn)
        oom.fn(oom.data);
    fputs("mxscope: out of memory\n", stderr);
    _Exit(3);
}

static void *have(void *p)
{
    if (!p)
        mxs_out_of_memory();
    return p;
}

void *mxs_alloc(size_t n)
{
    return have(calloc(1, n ? n : 1));
}

void *mxs_realloc(void *p, size_t n)
{
    if (n == 0) {
        free(p);
        return NULL;
    }
    return have(realloc(p, n));
}

char *mxs_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(mxs_alloc(n), s, n);
}

enum mxs_err mxs_why_set(struct mxs_why *why, enum mxs_err err, const char *fmt, ...)
{
    if (why) {
        va_list args;
        va_start(args, fmt);
        vsnprintf(why->text, sizeof why->text, fmt, args);
        va_end(args);
        mxs_text_mask(why->text); /* a file name or a word in it may hold anything */
        why->err = err;
    }
    return err;
}

struct mxs_bytes mxs_bytes_str(const char *s)
{
    return mxs_bytes(s, s ? strlen(s) : 0);
}

bool mxs_bytes_equal(struct mxs_bytes a, struct mxs_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

const char *mxs_name_of(const struct mxs_name *table, int value)
{
    for (; table->name; table++)
        if (table->value == value)
            return table->name;
    return NULL;
}

int mxs_name_value(const struct mxs_name *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table->value;
    return -1;
}
