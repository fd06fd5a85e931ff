#include "config.h"

#include "journal/journal.h"

#include <stdlib.h>
#include <string.h>

struct subscriber {
    mxs_journal_fn fn;
    void *data;
};

enum { NAMES = 64 };

struct mxs_journal {
    const struct mxs_clock *clock;
    struct mxs_arena *arena;
    int64_t started_wall, started_mono;
    struct mxs_event **events; /* grows by malloc, not in the arena: it may become long */
    size_t n, cap;
    MXS_LIST(struct subscriber) subscribers;
    const char *names[NAMES]; /* of attributes, by hash: the same few again and again */
};

static const char *const kind_names[] = {
#define X(id, name) name,
    MXS_EVENT_KINDS(X)
#undef X
};

const char *mxs_event_kind_name(enum mxs_event_kind kind)
{
    return kind < MXS_EVENT_KIND_COUNT ? kind_names[kind] : NULL;
}

int mxs_event_kind_parse(const char *name)
{
    for (int i = 0; i < MXS_EVENT_KIND_COUNT; i++)
        if (strcmp(kind_names[i], name) == 0)
            return i;
    return -1;
}

const char *mxs_event_attr(const struct mxs_event *event, const char *name)
{
    for (size_t i = 0; i < event->n_attrs; i++)
        if (strcmp(event->attrs[i].name, name) == 0)
            return event->attrs[i].value;
    return NULL;
}

long mxs_event_attr_int(const struct mxs_event *event, const char *name, long missing)
{
    const char *value = mxs_event_attr(event, name);
    char *end = NULL;
    long n = value ? strtol(value, &end, 10) : 0;
    return value && end != value && *end == 0 ? n : missing;
}

struct mxs_journal *mxs_journal_new(const struct mxs_clock *clock)
{
    struct mxs_journal *journal = mxs_alloc(sizeof *journal);
    journal->clock = clock;
    journal->arena = mxs_arena_new();
    journal->started_wall = clock->wall(clock);
    journal->started_mono = clock->mono(clock);
    return journal;
}

void mxs_journal_free(struct mxs_journal *journal)
{
    if (!journal)
        return;
    free(journal->events);
    mxs_arena_free(journal->arena);
    free(journal);
}

struct mxs_arena *mxs_journal_arena(struct mxs_journal *journal)
{
    return journal->arena;
}

int64_t mxs_journal_started(const struct mxs_journal *journal)
{
    return journal->started_wall;
}

void mxs_journal_set_started(struct mxs_journal *journal, int64_t wall)
{
    journal->started_wall = wall;
}

void mxs_journal_subscribe(struct mxs_journal *journal, mxs_journal_fn fn, void *data)
{
    *mxs_list_add(journal->arena, &journal->subscribers) = (struct subscriber){ fn, data };
}

void mxs_journal_unsubscribe(struct mxs_journal *journal, mxs_journal_fn fn, void *data)
{
    size_t kept = 0;
    for (size_t i = 0; i < journal->subscribers.n; i++)
        if (journal->subscribers.v[i].fn != fn || journal->subscribers.v[i].data != data)
            journal->subscribers.v[kept++] = journal->subscribers.v[i];
    journal->subscribers.n = kept;
}

/* Batches hold hundreds of journals at once: a name is kept once while its slot is not taken. */
static const char *name_of(struct mxs_journal *journal, const char *name)
{
    unsigned hash = 0;
    for (const char *p = name; *p; p++)
        hash = hash * 31 + (unsigned char)*p;
    const char **slot = &journal->names[hash % NAMES];
    if (!*slot || strcmp(*slot, name) != 0)
        *slot = mxs_arena_strdup(journal->arena, name);
    return *slot;
}

static void copy_attrs(struct mxs_journal *journal, struct mxs_event *event,
                       const struct mxs_event *draft)
{
    size_t n = 0;
    for (size_t i = 0; i < draft->n_attrs; i++)
        n += draft->attrs[i].value != NULL; /* an unknown value is a missing attribute */
    struct mxs_attr *attrs = n ? mxs_arena_alloc(journal->arena, n * sizeof *attrs) : NULL;
    event->n_attrs = 0;
    for (size_t i = 0; i < draft->n_attrs; i++)
        if (draft->attrs[i].value)
            attrs[event->n_attrs++] = (struct mxs_attr){
                name_of(journal, draft->attrs[i].name),
                mxs_arena_strdup(journal->arena, draft->attrs[i].value)
            };
    event->attrs = attrs;
}

const struct mxs_event *mxs_journal_append(struct mxs_journal *journal,
                                           const struct mxs_event *draft)
{
    struct mxs_event *event = mxs_arena_dup(journal->arena, draft, sizeof *draft);
    event->seq = journal->n + 1;
    if (event->t == 0)
        event->t = journal->clock->mono(journal->clock) - journal->started_mono;
    if (event->t <= 0) /* 0 means "now": a recorded event must never say it */
        event->t = 1;
    event->summary = mxs_arena_strdup(journal->arena, draft->summary ? draft->summary : "");
    event->data = mxs_arena_bytes(journal->arena, draft->data);
    copy_attrs(journal, event, draft);
    if (journal->n == journal->cap) {
        journal->cap = journal->cap ? journal->cap * 2 : 256;
        journal->events = mxs_realloc(journal->events, journal->cap * sizeof *journal->events);
    }
    journal->events[journal->n++] = event;
    for (size_t i = 0; i < journal->subscribers.n; i++)
        journal->subscribers.v[i].fn(journal->subscribers.v[i].data, event);
    return event;
}

size_t mxs_journal_count(const struct mxs_journal *journal)
{
    return journal->n;
}

const struct mxs_event *mxs_journal_at(const struct mxs_journal *journal, size_t index)
{
    return index < journal->n ? journal->events[index] : NULL;
}

const struct mxs_event *mxs_journal_seq(const struct mxs_journal *journal, uint64_t seq)
{
    return seq ? mxs_journal_at(journal, (size_t)seq - 1) : NULL;
}
