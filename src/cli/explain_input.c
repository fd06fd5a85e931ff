#include "config.h"

#include "cli/explain.h"

#include <jansson.h>
#include <string.h>
#define ZLIB_CONST /* next_in points at const */
#include <zlib.h>

#include "base/buf.h"
#include "base/text.h"

enum { UNPACKED_MAX = 64 * 1024 * 1024, LINE_SHOWN = 400, SESSIONS_MAX = 1000000000 };

static const char *text(struct mxs_arena *arena, const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return json_is_string(v)
        ? mxs_text_clip(arena, mxs_bytes(json_string_value(v), json_string_length(v)), LINE_SHOWN)
        : NULL;
}

/* Sessions of a day; what is no such number counts as the nearest one, so that sums do not overflow. */
static long count(const json_t *object, const char *name)
{
    json_int_t n = json_integer_value(json_object_get(object, name));
    return n < 0 ? 0 : n > SESSIONS_MAX ? SESSIONS_MAX : (long)n;
}

static enum mxs_err gunzip(const char *name, struct mxs_bytes in, struct mxs_buf *out,
                           struct mxs_why *why)
{
    uint8_t block[16384];
    z_stream z = { .next_in = in.p, .avail_in = (uInt)in.n };
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: cannot unpack", name);
    int rc = Z_OK;
    enum mxs_err err = MXS_OK;
    while (rc == Z_OK && !err) {
        z.next_out = block;
        z.avail_out = sizeof block;
        rc = inflate(&z, Z_NO_FLUSH);
        err = mxs_buf_add(out, block, sizeof block - z.avail_out);
    }
    inflateEnd(&z);
    if (err)
        return mxs_why_set(why, err, "%s: unpacks to more than %d MiB", name, UNPACKED_MAX >> 20);
    return rc == Z_STREAM_END ? MXS_OK
                              : mxs_why_set(why, MXS_ERR_SYNTAX, "%s: the gzip data end early", name);
}

static void report_details(struct mxs_arena *arena, const json_t *policy, struct explain_input *out)
{
    const json_t *details = json_object_get(policy, "failure-details");
    const char *domain = text(arena, json_object_get(policy, "policy"), "policy-domain");
    for (size_t i = 0; i < json_array_size(details); i++) {
        const json_t *d = json_array_get(details, i);
        const char *mx = text(arena, d, "receiving-mx-hostname");
        const char *type = text(arena, d, "result-type"), *code = text(arena, d, "failure-reason-code");
        const char *where = mx ? mx : domain;
        long n = count(d, "failed-session-count");
        if (code && *code && where)
            where = mxs_arena_printf(arena, "%s: %s", where, code);
        *mxs_list_add(arena, &out->items) = (struct explain_item){
            type ? type : "validation-failure", where, n ? n : 1 };
    }
}

/* RFC 8460 4.4: organisation, period, policies with their failures. */
static enum mxs_err report_parse(struct mxs_arena *arena, const json_t *root,
                                 struct explain_input *out)
{
    const json_t *policies = json_object_get(root, "policies");
    const json_t *range = json_object_get(root, "date-range");
    const char *from = text(arena, range, "start-datetime");
    const char *who = text(arena, root, "organization-name");
    long good = 0, bad = 0;
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = json_array_get(policies, i);
        const json_t *summary = json_object_get(policy, "summary");
        good += count(summary, "total-successful-session-count");
        bad += count(summary, "total-failure-session-count");
        report_details(arena, policy, out);
    }
    out->heading = mxs_arena_printf(arena, "TLS report by %s from %s: %ld sessions succeeded, %ld failed",
                                    who ? who : "somebody", from ? from : "an unknown day", good, bad);
    return MXS_OK;
}

static void queue_entry(struct mxs_arena *arena, const json_t *entry, struct explain_input *out)
{
    const json_t *recipients = json_object_get(entry, "recipients");
    for (size_t i = 0; i < json_array_size(recipients); i++) {
        const json_t *r = json_array_get(recipients, i);
        const char *reason = text(arena, r, "delay_reason"), *address = text(arena, r, "address");
        const char *at = address ? strrchr(address, '@') : NULL;
        if (reason)
            *mxs_list_add(arena, &out->items) =
                (struct explain_item){ reason, at ? at + 1 : address, 1 };
    }
}

static void queue_heading(struct mxs_arena *arena, size_t n, struct explain_input *out)
{
    out->heading = mxs_arena_printf(arena, "Mail queue: %zu message%s", n, n == 1 ? "" : "s");
}

static size_t skip_blanks(struct mxs_bytes bytes, size_t at)
{
    while (at < bytes.n && strchr(" \t\r\n", bytes.p[at]) && bytes.p[at])
        at++;
    return at;
}

static void line_item(struct mxs_arena *arena, struct mxs_bytes line, struct explain_input *out)
{
    while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' '))
        line.n--;
    if (line.n)
        *mxs_list_add(arena, &out->items) =
            (struct explain_item){ mxs_text_clip(arena, line, LINE_SHOWN), NULL, 1 };
}

/* Log lines, or one JSON object a line as postqueue -j prints them. */
static enum mxs_err lines_parse(struct mxs_arena *arena, struct mxs_bytes bytes,
                                struct explain_input *out)
{
    size_t queued = 0;
    for (size_t i = 0; i < bytes.n;) {
        const uint8_t *start = bytes.p + i, *end = memchr(start, '\n', bytes.n - i);
        size_t n = end ? (size_t)(end - start) : bytes.n - i;
        json_t *entry = *start == '{' ? json_loadb((const char *)start, n, 0, NULL) : NULL;
        if (json_is_array(json_object_get(entry, "recipients"))) {
            queue_entry(arena, entry, out);
            queued++;
        } else {
            line_item(arena, mxs_bytes(start, n), out);
        }
        json_decref(entry);
        i += n + 1;
    }
    if (queued)
        queue_heading(arena, queued, out);
    return MXS_OK;
}

/* Queue entries one after the other, each over as many lines as jq makes of it. */
static bool queue_parse(struct mxs_arena *arena, struct mxs_bytes bytes, struct explain_input *out)
{
    size_t queued = 0;
    for (size_t at = 0; (at = skip_blanks(bytes, at)) < bytes.n;) {
        json_error_t error;
        json_t *entry = json_loadb((const char *)bytes.p + at, bytes.n - at, JSON_DISABLE_EOF_CHECK,
                                   &error);
        bool is_entry = json_is_array(json_object_get(entry, "recipients"));
        if (is_entry)
            queue_entry(arena, entry, out);
        json_decref(entry);
        if (!is_entry)
            break;
        at += (size_t)error.position;
        queued++;
        if (skip_blanks(bytes, at) == bytes.n)
            queue_heading(arena, queued, out);
    }
    if (!out->heading)
        *out = (struct explain_input){ .heading = NULL };
    return out->heading;
}

/* It was meant as a report: an object over several lines, or one that calls itself so. */
static bool is_report(struct mxs_bytes bytes)
{
    size_t at = skip_blanks(bytes, 0), line = 0;
    while (at + line < bytes.n && bytes.p[at + line] != '\n')
        line++;
    return at < bytes.n && bytes.p[at] == '{' &&
           (line < 3 || memmem(bytes.p, bytes.n, "\"organization-name\"", 19) ||
            memmem(bytes.p, bytes.n, "\"policies\"", 10));
}

static enum mxs_err any_parse(struct mxs_arena *arena, const char *name, struct mxs_bytes bytes,
                              struct explain_input *out, struct mxs_why *why)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)bytes.p, bytes.n, 0, &error);
    enum mxs_err err;
    if (json_is_array(json_object_get(root, "policies")))
        err = report_parse(arena, root, out);
    else if (queue_parse(arena, bytes, out))
        err = MXS_OK;
    else if (!is_report(bytes))
        err = lines_parse(arena, bytes, out);
    else
        err = root ? mxs_why_set(why, MXS_ERR_SYNTAX,
                                 "%s:1: no TLS report: \"policies\" is no array (RFC 8460 4.4)", name)
                   : mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: no TLS report: %s", name, error.line,
                                 error.text);
    json_decref(root);
    return err;
}

enum mxs_err explain_parse(struct mxs_arena *arena, const char *name, struct mxs_bytes bytes,
                           struct explain_input *out, struct mxs_why *why)
{
    static const uint8_t magic[] = { 0x1f, 0x8b };
    struct mxs_buf unpacked;
    *out = (struct explain_input){ .heading = NULL };
    mxs_buf_init(&unpacked, UNPACKED_MAX);
    enum mxs_err err = MXS_OK;
    if (bytes.n > 2 && memcmp(bytes.p, magic, sizeof magic) == 0) {
        err = gunzip(name, bytes, &unpacked, why);
        bytes = mxs_buf_bytes(&unpacked);
    }
    if (!err)
        err = any_parse(arena, name, bytes, out, why);
    mxs_buf_fini(&unpacked);
    if (!err && out->items.n == 0 && !out->heading)
        err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s: nothing to explain in it", name);
    return err;
}
