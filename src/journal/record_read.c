#include "config.h"

#include "journal/record.h"

#include "base/lines.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

/* A journal's largest event is a handshake message at its limit, in base64. */
enum { FILE_MAX = 256 << 20, LINE_MAX_BYTES = 8 << 20, ATTRS_MAX = 64 };

struct reader {
    const char *path;
    struct mxs_lines *lines;
    struct mxs_arena *arena;   /* the caller's, for the header */
    struct mxs_arena *scratch; /* one line */
    struct mxs_why *why;
    struct mxs_record_header *header;
};

static enum mxs_err wrong(const struct reader *r, enum mxs_err err, const char *what)
{
    return mxs_why_set(r->why, err, "%s:%lu: %s", r->path, mxs_lines_number(r->lines), what);
}

/* A member as sanitised text; NULL when it is null, missing or no string. A recorded file comes from
 * anywhere: its texts reach a terminal like those of a peer. */
static char *text(struct mxs_arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? mxs_text_clean(arena, mxs_bytes_str(json_string_value(value)))
                                 : NULL;
}

static enum mxs_err load(const struct reader *r, struct mxs_bytes line, json_t **out)
{
    json_error_t error;
    *out = json_loadb((const char *)line.p, line.n, JSON_REJECT_DUPLICATES, &error);
    if (*out && !json_is_object(*out)) {
        json_decref(*out);
        return wrong(r, MXS_ERR_SYNTAX, "not a JSON object");
    }
    if (*out)
        return MXS_OK;
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%lu:%d: not JSON (%s)", r->path,
                       mxs_lines_number(r->lines), error.column,
                       mxs_text_clip(r->scratch, mxs_bytes_str(error.text), 120));
}

/* --- the header --- */

static enum mxs_err schema(const struct reader *r, const json_t *o)
{
    static const char ours[] = "mxscope.session/";
    const char *name = json_string_value(json_object_get(o, "schema"));
    if (!name || strncmp(name, ours, sizeof ours - 1) != 0)
        return wrong(r, MXS_ERR_SYNTAX, "not a recorded session (no schema mxscope.session/1)");
    if (strcmp(name + sizeof ours - 1, "1") != 0)
        return mxs_why_set(r->why, MXS_ERR_UNSUPPORTED,
                           "%s:%lu: schema %s is newer than this program (mxscope.session/1)",
                           r->path, mxs_lines_number(r->lines),
                           mxs_text_clip(r->scratch, mxs_bytes_str(name), 60));
    return MXS_OK;
}

static enum mxs_err instant(const struct reader *r, const json_t *o, const char *name, int64_t *out)
{
    const char *value = json_string_value(json_object_get(o, name));
    if (value && mxs_time_parse(value, out) == MXS_OK)
        return MXS_OK;
    return wrong(r, MXS_ERR_SYNTAX,
                 mxs_arena_printf(r->scratch, "\"%s\" is not an RFC 3339 time", name));
}

static enum mxs_err anchors(const struct reader *r, const json_t *o, struct mxs_chain *chain)
{
    const json_t *list = json_object_get(o, "anchors");
    for (size_t i = 0; i < json_array_size(list) && i < 1000; i++) {
        const char *b64 = json_string_value(json_array_get(list, i));
        const struct mxs_cert *cert;
        struct mxs_bytes der;
        if (!b64 || mxs_base64_parse(r->arena, b64, strlen(b64), &der) ||
            mxs_cert_parse(r->arena, der, &cert, NULL))
            return wrong(r, MXS_ERR_SYNTAX,
                         mxs_arena_printf(r->scratch, "anchor %zu is not a certificate", i + 1));
        *mxs_list_add(r->arena, &chain->certs) = cert;
    }
    return MXS_OK;
}

static enum mxs_err header_of(const struct reader *r, const json_t *o, struct mxs_record_header *h)
{
    const json_t *options = json_object_get(o, "options");
    enum mxs_err err = schema(r, o);
    if (err)
        return err;
    h->version = text(r->arena, o, "version");
    h->target = text(r->arena, o, "target");
    h->catalog = text(r->arena, o, "catalog");
    h->public_roots = json_is_true(json_object_get(o, "public_roots"));
    json_int_t events = json_integer_value(json_object_get(o, "events"));
    h->events = events > 0 ? (uint64_t)events : 0;
    for (size_t i = 0; i < json_array_size(options) && i < 1000; i++) {
        const char *word = json_string_value(json_array_get(options, i));
        *mxs_list_add(r->arena, &h->options) =
            mxs_text_clean(r->arena, mxs_bytes_str(word ? word : ""));
    }
    err = instant(r, o, "started", &h->started);
    err = err ? err : instant(r, o, "at", &h->at);
    return err ? err : anchors(r, o, &h->anchors);
}

/* --- events --- */

/* "name": "value" pairs; what is no string is left out. */
static size_t attributes(struct mxs_arena *arena, json_t *o, struct mxs_attr *attrs, size_t max)
{
    const char *name;
    json_t *value;
    size_t n = 0;
    json_object_foreach(json_object_get(o, "attributes"), name, value)
        if (n < max && json_is_string(value))
            attrs[n++] = (struct mxs_attr){
                mxs_text_clean(arena, mxs_bytes_str(name)),
                mxs_text_clean(arena, mxs_bytes_str(json_string_value(value)))
            };
    return n;
}

static enum mxs_err data_of(const struct reader *r, const json_t *o, struct mxs_bytes *out)
{
    const json_t *value = json_object_get(o, "data");
    if (!value || json_is_null(value))
        return MXS_OK;
    if (!json_is_string(value) ||
        mxs_base64_parse(r->scratch, json_string_value(value), json_string_length(value), out))
        return wrong(r, MXS_ERR_SYNTAX, "\"data\" is not base64");
    return MXS_OK;
}

static enum mxs_err kind_of(const struct reader *r, const json_t *o, struct mxs_event *event,
                            struct mxs_attr *attrs)
{
    const char *kind = text(r->scratch, o, "kind"), *dir = text(r->scratch, o, "direction");
    const char *stage = text(r->scratch, o, "stage");
    if (!kind)
        return wrong(r, MXS_ERR_SYNTAX, "an event without \"kind\"");
    int value = mxs_event_kind_parse(kind);
    event->kind = value < 0 ? MXS_EVENT_NOTE : (enum mxs_event_kind)value;
    if (value < 0) { /* of a newer program: shown, not understood */
        if (!r->header->n_unknown++)
            r->header->unknown = mxs_arena_printf(r->arena, "%s:%lu: event of unknown kind \"%s\"",
                                                  r->path, mxs_lines_number(r->lines),
                                                  mxs_text_clip(r->scratch, mxs_bytes_str(kind), 60));
        attrs[event->n_attrs++] = (struct mxs_attr){ "id", "unknown-kind" };
        attrs[event->n_attrs++] = (struct mxs_attr){ "kind", kind };
    }
    event->stage = stage ? mxs_stage_parse(stage) : MXS_STAGE_NONE;
    event->dir = !dir                        ? MXS_DIR_NONE
                 : strcmp(dir, "out") == 0 ? MXS_DIR_OUT
                 : strcmp(dir, "in") == 0  ? MXS_DIR_IN
                                           : MXS_DIR_NONE;
    return MXS_OK;
}

static enum mxs_err event_of(const struct reader *r, json_t *o, struct mxs_journal *journal)
{
    struct mxs_attr attrs[ATTRS_MAX + 2];
    struct mxs_event event = { 0 };
    const json_t *seq = json_object_get(o, "seq"), *t = json_object_get(o, "t");
    json_int_t session = json_integer_value(json_object_get(o, "session"));
    if (!json_is_integer(seq) || !json_is_integer(t))
        return wrong(r, MXS_ERR_SYNTAX, "an event without \"seq\" or \"t\"");
    if ((uint64_t)json_integer_value(seq) != mxs_journal_count(journal) + 1)
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%lu: event %lld where %zu is expected",
                           r->path, mxs_lines_number(r->lines),
                           (long long)json_integer_value(seq), mxs_journal_count(journal) + 1);
    if (session < 0 || session > UINT32_MAX || json_integer_value(t) < 0)
        return wrong(r, MXS_ERR_SYNTAX, "\"session\" or \"t\" is out of range");
    enum mxs_err err = kind_of(r, o, &event, attrs);
    err = err ? err : data_of(r, o, &event.data);
    if (err)
        return err;
    event.t = json_integer_value(t);
    event.session = (uint32_t)session;
    event.summary = text(r->scratch, o, "summary");
    event.n_attrs += attributes(r->scratch, o, attrs + event.n_attrs, ATTRS_MAX);
    event.attrs = attrs;
    mxs_journal_append(journal, &event);
    return MXS_OK;
}

static enum mxs_err line_of(struct reader *r, struct mxs_bytes line,
                            struct mxs_record_header *header, struct mxs_journal *journal)
{
    json_t *o;
    if (line.n == 0)
        return wrong(r, MXS_ERR_SYNTAX, "empty line");
    enum mxs_err err = load(r, line, &o);
    if (err)
        return err;
    if (mxs_lines_number(r->lines) > 1) {
        err = event_of(r, o, journal);
    } else {
        err = header_of(r, o, header);
        if (err == MXS_OK)
            mxs_journal_set_started(journal, header->started);
    }
    json_decref(o);
    return err;
}

/* At the end of the file. */
static enum mxs_err complete(const struct reader *r, const struct mxs_record_header *header,
                             const struct mxs_journal *journal)
{
    unsigned long lines = mxs_lines_number(r->lines);
    size_t events = mxs_journal_count(journal);
    if (!lines)
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s: empty, not a recorded session", r->path);
    if (header->events && events != header->events)
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%lu: ends behind event %zu, the header says %llu",
                           r->path, lines, events, (unsigned long long)header->events);
    return MXS_OK;
}

enum mxs_err mxs_record_read(const char *path, struct mxs_arena *arena,
                             struct mxs_record_header *header, struct mxs_journal *journal,
                             struct mxs_why *why)
{
    struct reader r = { .path = path, .arena = arena, .why = why };
    if (strcmp(path, "-") == 0)
        r.path = "standard input";
    struct mxs_bytes line;
    *header = (struct mxs_record_header){ 0 };
    r.header = header;
    enum mxs_err err = mxs_lines_open(path, FILE_MAX, LINE_MAX_BYTES, &r.lines, why);
    if (err)
        return err;
    while ((err = mxs_lines_next(r.lines, &line, why)) == MXS_OK) {
        r.scratch = mxs_arena_new();
        err = line_of(&r, line, header, journal);
        mxs_arena_free(r.scratch);
        if (err)
            break;
    }
    if (err == MXS_ERR_NOT_FOUND)
        err = complete(&r, header, journal);
    mxs_lines_close(r.lines);
    return err;
}
