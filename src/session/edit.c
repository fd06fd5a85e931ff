#include "config.h"

#include "session/edit.h"

#include "base/text.h"

#include <string.h>

static const char *priority_of(const struct mxs_tls_options *options)
{
    return options->priority ? options->priority : mxs_tls_priority_of(options->offer);
}

const char *mxs_hello_text(struct mxs_arena *arena, const struct mxs_tls_options *options)
{
    const char *versions, *groups, *priority = priority_of(options);
    mxs_tls_priority_lists(arena, priority, &versions, &groups);
    return mxs_arena_printf(arena, "sni=%s versions=%s groups=%s alpn=%s priority=%s",
                            options->sni ? options->sni : "none", versions, groups,
                            options->alpn.n ? mxs_text_joined(arena, &options->alpn, ",") : "none", priority);
}

/* The words of a line while it is read. */
struct hello {
    const char *sni, *versions, *groups, *alpn, *priority; /* NULL: not given */
};

static const struct {
    const char *key;
    size_t offset;
} keys[] = {
    { "sni", offsetof(struct hello, sni) },           { "versions", offsetof(struct hello, versions) },
    { "groups", offsetof(struct hello, groups) },     { "alpn", offsetof(struct hello, alpn) },
    { "priority", offsetof(struct hello, priority) },
};

static enum mxs_err take_word(const char *word, struct hello *hello, struct mxs_why *why)
{
    for (size_t i = 0; i < MXS_COUNT(keys); i++) {
        size_t n = strlen(keys[i].key);
        if (strncmp(word, keys[i].key, n) != 0 || word[n] != '=')
            continue;
        *(const char **)(void *)((char *)hello + keys[i].offset) = word + n + 1;
        return MXS_OK;
    }
    return mxs_why_set(why, MXS_ERR_SYNTAX,
                       "\"%.40s\": sni=, versions=, groups=, alpn= or priority= expected", word);
}

static enum mxs_err take_words(struct mxs_arena *arena, const char *text, struct hello *hello,
                               struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    while (!err && *(text += strspn(text, " \t"))) {
        size_t n = strcspn(text, " \t");
        err = take_word(mxs_arena_strndup(arena, text, n), hello, why);
        text += n;
    }
    return err;
}

static void split(struct mxs_arena *arena, const char *text, struct mxs_strs *out)
{
    *out = (struct mxs_strs){ 0 };
    if (strcmp(text, "none") == 0)
        return;
    while (*(text += strspn(text, ","))) {
        size_t n = strcspn(text, ",");
        *mxs_list_add(arena, out) = mxs_arena_strndup(arena, text, n);
        text += n;
    }
}

static char *upper(struct mxs_arena *arena, const char *s)
{
    char *copy = mxs_arena_strdup(arena, s);
    for (char *p = copy; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
    return copy;
}

/* ":-VERS-ALL:+VERS-TLS1.3:.." for a list that differs from what the priority string gives anyway. */
static const char *restrict_to(struct mxs_arena *arena, const char *priority, const char *kind,
                               const char *prefix, const char *list)
{
    struct mxs_strs names;
    split(arena, list, &names);
    const char *text = mxs_arena_printf(arena, "%s:-%s-ALL", priority, kind);
    for (size_t i = 0; i < names.n; i++)
        text = mxs_arena_printf(arena, "%s:+%s-%s%s", text, kind, prefix,
                                upper(arena, names.v[i]));
    return text;
}

static const char *compose(struct mxs_arena *arena, const struct hello *hello,
                           const struct mxs_tls_options *options)
{
    const char *base = hello->priority ? hello->priority : priority_of(options);
    const char *priority = base, *versions, *groups;
    if (!mxs_tls_priority_lists(arena, base, &versions, &groups))
        return base;
    if (hello->versions && strcmp(hello->versions, versions) != 0)
        priority = restrict_to(arena, priority, "VERS", "TLS", hello->versions);
    if (hello->groups && strcmp(hello->groups, groups) != 0)
        priority = restrict_to(arena, priority, "GROUP", "", hello->groups);
    return priority;
}

enum mxs_err mxs_hello_parse(struct mxs_arena *arena, const char *text,
                             struct mxs_tls_options *options, struct mxs_why *why)
{
    struct hello hello = { 0 };
    enum mxs_err err = take_words(arena, text, &hello, why);
    if (err)
        return err;
    const char *priority = compose(arena, &hello, options);
    err = mxs_tls_priority_check(priority, why);
    if (err)
        return err;
    if (strcmp(priority, priority_of(options)) != 0)
        options->priority = priority;
    if (hello.sni)
        options->sni = *hello.sni && strcmp(hello.sni, "none") != 0 ? hello.sni : NULL;
    if (hello.alpn)
        split(arena, hello.alpn, &options->alpn);
    return MXS_OK;
}
