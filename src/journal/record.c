#include "config.h"

#include "journal/record.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 30 };

/* jansson takes only valid UTF-8; what a journal holds should be, and is made so. */
static json_t *text(struct mxs_arena *arena, const char *s)
{
    if (!s)
        return json_null();
    json_t *value = json_string(s);
    return value ? value : json_string(mxs_text_clean(arena, mxs_bytes_str(s)));
}

static char *dump(struct mxs_arena *arena, json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    char *copy = mxs_arena_strdup(arena, line ? line : "{}");
    free(line);
    json_decref(object);
    return copy;
}

char *mxs_record_line(struct mxs_arena *arena, const struct mxs_event *event)
{
    json_t *o = json_object(), *attrs = json_object();
    json_object_set_new(o, "seq", json_integer((json_int_t)event->seq));
    json_object_set_new(o, "t", json_integer(event->t));
    json_object_set_new(o, "stage", text(arena, mxs_stage_name(event->stage)));
    json_object_set_new(o, "kind", text(arena, mxs_event_kind_name(event->kind)));
    json_object_set_new(o, "direction", text(arena, mxs_dir_name(event->dir)));
    json_object_set_new(o, "summary", text(arena, event->summary));
    json_object_set_new(o, "data",
                        event->data.n ? json_string(mxs_base64(arena, event->data)) : json_null());
    json_object_set_new(o, "session", json_integer(event->session));
    for (size_t i = 0; i < event->n_attrs; i++)
        json_object_set_new(attrs, event->attrs[i].name, text(arena, event->attrs[i].value));
    json_object_set_new(o, "attributes", attrs);
    return dump(arena, o);
}

static char *header_line(struct mxs_arena *arena, const struct mxs_record_header *h, size_t events)
{
    json_t *o = json_object(), *options = json_array(), *anchors = json_array();
    json_object_set_new(o, "schema", json_string("mxscope.session/1"));
    json_object_set_new(o, "version", text(arena, h->version));
    json_object_set_new(o, "target", text(arena, h->target));
    json_object_set_new(o, "started", json_string(mxs_time_text(arena, h->started)));
    json_object_set_new(o, "at", json_string(mxs_time_text(arena, h->at)));
    json_object_set_new(o, "catalog", text(arena, h->catalog));
    for (size_t i = 0; i < h->options.n; i++)
        json_array_append_new(options, text(arena, h->options.v[i]));
    json_object_set_new(o, "options", options);
    for (size_t i = 0; i < h->anchors.certs.n; i++)
        json_array_append_new(anchors,
                              json_string(mxs_base64(arena, h->anchors.certs.v[i]->der)));
    json_object_set_new(o, "anchors", anchors);
    json_object_set_new(o, "public_roots", json_boolean(h->public_roots));
    json_object_set_new(o, "events", json_integer((json_int_t)events));
    return dump(arena, o);
}

enum mxs_err mxs_record_write(const char *path, const struct mxs_record_header *header,
                              const struct mxs_journal *journal, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_buf out;
    mxs_buf_init(&out, FILE_MAX);
    enum mxs_err err = mxs_buf_printf(&out, "%s\n", header_line(arena, header, mxs_journal_count(journal)));
    for (size_t i = 0; i < mxs_journal_count(journal) && err == MXS_OK; i++) {
        mxs_arena_free(arena); /* a line at a time: a journal may be long */
        arena = mxs_arena_new();
        err = mxs_buf_puts(&out, mxs_record_line(arena, mxs_journal_at(journal, i)));
        err = err ? err : mxs_buf_putc(&out, '\n');
    }
    if (err)
        err = mxs_why_set(why, err, "%s: the session is larger than %d bytes", path, FILE_MAX);
    else
        err = mxs_file_write(path, mxs_buf_bytes(&out), 0600, why);
    mxs_buf_fini(&out);
    mxs_arena_free(arena);
    return err;
}
