/* MTA-STS (RFC 8461) and TLSRPT (RFC 8460): the TXT records and the names in a policy. */
#include "config.h"

#include "facts/sts.h"

#include "base/text.h"

#include <string.h>

enum { ID_MAX = 32, EXT_NAME_MAX = 32 };

static const struct mxs_name modes[] = {
    { MXS_STS_NONE, "none" },
    { MXS_STS_TESTING, "testing" },
    { MXS_STS_ENFORCE, "enforce" },
    { 0, NULL },
};

const char *mxs_sts_mode_name(enum mxs_sts_mode mode)
{
    return mxs_name_of(modes, (int)mode);
}

static bool is_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool begins(struct mxs_bytes b, const char *prefix)
{
    size_t n = strlen(prefix);
    return b.n >= n && memcmp(b.p, prefix, n) == 0;
}

static struct mxs_bytes trim(struct mxs_bytes b)
{
    while (b.n && (b.p[0] == ' ' || b.p[0] == '\t'))
        b = mxs_bytes(b.p + 1, b.n - 1);
    while (b.n && (b.p[b.n - 1] == ' ' || b.p[b.n - 1] == '\t'))
        b.n--;
    return b;
}

/* What stands before the next separator, without white space around it; *rest moves behind it. */
static struct mxs_bytes cut(struct mxs_bytes *rest, char separator)
{
    if (rest->n == 0) /* p may be NULL */
        return *rest;
    const uint8_t *at = memchr(rest->p, separator, rest->n);
    size_t n = at ? (size_t)(at - rest->p) : rest->n, skip = at ? n + 1 : n;
    struct mxs_bytes item = mxs_bytes(rest->p, n);
    *rest = mxs_bytes(rest->p + skip, rest->n - skip);
    return trim(item);
}

/* The one record that begins with version; NULL and the reason when there is none or several
 * (RFC 8461 3.1, RFC 8460 3: others are dropped, several are as good as none). */
static const struct mxs_bytes *only_record(const struct mxs_bytes *records, size_t n,
                                           const char *version, const char **reason)
{
    const struct mxs_bytes *found = NULL;
    *reason = "none";
    for (size_t i = 0; i < n; i++) {
        if (!begins(records[i], version))
            continue;
        *reason = found ? "several" : NULL;
        if (found)
            return NULL;
        found = &records[i];
    }
    return found;
}

/* sts-ext-name "=" sts-ext-value, tlsrpt-extension: names and values of the ABNF. */
static bool extension_fits(struct mxs_bytes field)
{
    struct mxs_bytes value = field;
    struct mxs_bytes name = cut(&value, '=');
    if (name.n == 0 || name.n > EXT_NAME_MAX || !is_alnum(name.p[0]) || value.n == 0)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!is_alnum(name.p[i]) && !memchr("_-.", name.p[i], 3))
            return false;
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] <= 0x20 || value.p[i] > 0x7e || value.p[i] == '=')
            return false;
    return true;
}

static bool id_fits(struct mxs_bytes id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!is_alnum(id.p[i]))
            return false;
    return id.n >= 1 && id.n <= ID_MAX;
}

void mxs_sts_txt_parse(struct mxs_arena *arena, const struct mxs_bytes *records, size_t n,
                       struct mxs_sts_txt *out)
{
    *out = (struct mxs_sts_txt){ 0 };
    const struct mxs_bytes *record = only_record(records, n, "v=STSv1;", &out->reason);
    if (!record)
        return;
    struct mxs_bytes rest = *record;
    cut(&rest, ';');
    while (rest.n) {
        struct mxs_bytes field = cut(&rest, ';');
        struct mxs_bytes id = begins(field, "id=") ? mxs_bytes(field.p + 3, field.n - 3)
                                                   : mxs_bytes(NULL, 0);
        if (id.p && !out->id) { /* of duplicates the first wins */
            out->id = mxs_text_clip(arena, id, 2 * ID_MAX);
            if (!id_fits(id))
                out->reason = "bad-id";
        } else if (!id.p && !extension_fits(field) && (field.n || rest.n)) {
            out->reason = out->reason ? out->reason : "bad-field";
        }
    }
    if (!out->id)
        out->reason = "no-id";
    out->valid = !out->reason;
}

/* --- TLSRPT ----------------------------------------------------------------------------------- */

static bool uri_fits(struct mxs_bytes uri)
{
    const char *scheme = begins(uri, "mailto:") ? "mailto:" : "https://";
    if (!begins(uri, scheme) || uri.n == strlen(scheme))
        return false;
    for (size_t i = 0; i < uri.n; i++)
        if (uri.p[i] <= 0x20 || uri.p[i] > 0x7e || uri.p[i] == '!')
            return false;
    return scheme[0] == 'h' || memchr(uri.p, '@', uri.n) != NULL;
}

void mxs_tlsrpt_parse(struct mxs_arena *arena, const struct mxs_bytes *records, size_t n,
                      struct mxs_tlsrpt *out)
{
    *out = (struct mxs_tlsrpt){ 0 };
    bool seen = false;
    const struct mxs_bytes *record = only_record(records, n, "v=TLSRPTv1;", &out->reason);
    struct mxs_bytes rest = record ? *record : mxs_bytes(NULL, 0);
    cut(&rest, ';');
    while (rest.n) {
        struct mxs_bytes field = cut(&rest, ';');
        if (!begins(field, "rua=") || seen)
            continue;
        struct mxs_bytes list = mxs_bytes(field.p + 4, field.n - 4);
        for (seen = true; list.n;) {
            struct mxs_bytes uri = cut(&list, ',');
            if (uri_fits(uri))
                *mxs_list_add(arena, &out->rua) = mxs_text_clean(arena, uri);
        }
    }
    if (record && out->rua.n == 0)
        out->reason = seen ? "bad-rua" : "no-rua";
    out->valid = !out->reason;
}

/* --- names ------------------------------------------------------------------------------------ */

bool mxs_sts_mx_match(const char *pattern, const char *host)
{
    char bare[256];
    size_t n = strlen(host);
    if (n == 0 || n >= sizeof bare)
        return false;
    memcpy(bare, host, n + 1);
    if (bare[n - 1] == '.')
        bare[n - 1] = 0;
    if (pattern[0] != '*' || pattern[1] != '.')
        return mxs_ascii_equal(pattern, bare);
    const char *dot = strchr(bare, '.'); /* exactly one label stands for the star */
    return dot && dot != bare && mxs_ascii_equal(pattern + 2, dot + 1);
}
