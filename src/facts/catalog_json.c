#include "config.h"

#include "facts/catalog_json.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* jansson keeps no places, so the line is that of the offending word itself. */
static unsigned line_of(struct mxs_bytes text, const char *anchor)
{
    char quoted[160];
    unsigned line = 1;
    int n = anchor ? snprintf(quoted, sizeof quoted, "\"%s\"", anchor) : 0;
    if (n <= 0 || (size_t)n >= sizeof quoted)
        return 0;
    for (size_t i = 0; i + (size_t)n <= text.n; i++) {
        if (memcmp(text.p + i, quoted, (size_t)n) == 0)
            return line;
        line += text.p[i] == '\n';
    }
    return 0;
}

bool mxs_json_fail(struct mxs_json_in *in, const char *anchor, const char *fmt, ...)
{
    char reason[256];
    unsigned line = line_of(in->text, anchor);
    va_list args;
    if (in->err)
        return false;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    in->err = line ? mxs_why_set(in->why, MXS_ERR_SYNTAX, "%s:%u: %s", in->name, line, reason)
                   : mxs_why_set(in->why, MXS_ERR_SYNTAX, "%s: %s", in->name, reason);
    return false;
}

bool mxs_json_keys(struct mxs_json_in *in, json_t *object, const char *what, const char *allowed)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return mxs_json_fail(in, NULL, "%s is no object", what);
    json_object_foreach(object, key, value)
        if (!mxs_word_in(allowed, key))
            return mxs_json_fail(in, key, "unknown key \"%s\" of %s; allowed are: %s",
                                 mxs_text_clip(in->arena, mxs_bytes_str(key), 40), what, allowed);
    return !in->err;
}

static json_t *member(struct mxs_json_in *in, json_t *object, const char *key, bool need)
{
    json_t *value = in->err ? NULL : json_object_get(object, key);
    if (json_is_null(value))
        value = NULL;
    if (!value && need)
        mxs_json_fail(in, json_string_value(json_object_get(object, "id")), "\"%s\" is missing", key);
    return value;
}

/* As it stands in the file: for values that are parsed, never shown. */
static const char *raw_str(struct mxs_json_in *in, json_t *object, const char *key, bool need)
{
    json_t *value = member(in, object, key, need);
    if (value && !json_is_string(value))
        mxs_json_fail(in, key, "\"%s\" is no text", key);
    return json_string_value(value);
}

const char *mxs_json_str(struct mxs_json_in *in, json_t *object, const char *key, bool need)
{
    const char *s = raw_str(in, object, key, need);
    return s ? mxs_text_clean(in->arena, mxs_bytes_str(s)) : NULL;
}

const char *mxs_json_word(struct mxs_json_in *in, json_t *object, const char *key,
                          const char *allowed, bool need)
{
    const char *s = mxs_json_str(in, object, key, need);
    if (s && !mxs_word_in(allowed, s))
        mxs_json_fail(in, s, "\"%s\" is \"%s\", not one of: %s", key, s, allowed);
    return s;
}

struct mxs_bytes mxs_json_hexes(struct mxs_json_in *in, json_t *object, const char *key, size_t size)
{
    struct mxs_bytes b = { NULL, 0 };
    const char *s = raw_str(in, object, key, size > 0);
    if (s && (mxs_hex_parse(in->arena, s, &b) != MXS_OK || (size && b.n != size)))
        mxs_json_fail(in, s, "\"%s\" is not %s hex digits", key,
                      size ? mxs_arena_printf(in->arena, "%zu", size * 2) : "an even number of");
    return in->err ? mxs_bytes(NULL, 0) : b;
}

struct mxs_bytes mxs_json_base64(struct mxs_json_in *in, json_t *object, const char *key, bool need)
{
    struct mxs_bytes b = { NULL, 0 };
    const char *s = raw_str(in, object, key, need);
    if (s && mxs_base64_parse(in->arena, s, strlen(s), &b) != MXS_OK)
        mxs_json_fail(in, key, "\"%s\" is not base64", key);
    return in->err ? mxs_bytes(NULL, 0) : b;
}

int64_t mxs_json_date(struct mxs_json_in *in, json_t *object, const char *key, int64_t missing)
{
    int64_t wall = missing;
    const char *s = mxs_json_str(in, object, key, false);
    if (s && mxs_time_parse(s, &wall) != MXS_OK)
        mxs_json_fail(in, s, "\"%s\" is \"%s\", not a date (YYYY-MM-DD)", key, s);
    return wall;
}

bool mxs_json_flag(struct mxs_json_in *in, json_t *object, const char *key)
{
    json_t *value = member(in, object, key, false);
    if (value && !json_is_boolean(value))
        mxs_json_fail(in, key, "\"%s\" is neither true nor false", key);
    return json_is_true(value);
}

long mxs_json_number(struct mxs_json_in *in, json_t *object, const char *key, long missing)
{
    json_t *value = member(in, object, key, false);
    if (!value)
        return missing;
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 0 || n > 1000000000)
        mxs_json_fail(in, key, "\"%s\" is no number of 0..1000000000", key);
    return (long)n;
}

struct mxs_strs mxs_json_list(struct mxs_json_in *in, json_t *object, const char *key,
                              const char *allowed)
{
    struct mxs_strs list = { 0 };
    size_t i;
    json_t *item;
    json_array_foreach(mxs_json_array(in, object, key), i, item) {
        const char *s = json_string_value(item);
        if (!s || (allowed && !mxs_word_in(allowed, s)))
            mxs_json_fail(in, s ? s : key, "\"%s\" lists %s%s%s", key, s ? s : "what is no text",
                          allowed ? "; allowed are: " : "", allowed ? allowed : "");
        else
            *mxs_list_add(in->arena, &list) = mxs_text_clean(in->arena, mxs_bytes_str(s));
    }
    return list;
}

json_t *mxs_json_array(struct mxs_json_in *in, json_t *object, const char *key)
{
    json_t *value = member(in, object, key, false);
    if (value && !json_is_array(value))
        mxs_json_fail(in, key, "\"%s\" is no list", key);
    return in->err ? NULL : value;
}
