/* Prints the field trees of a recorded session's handshake messages and alerts, a node a line, for
 * the comparison with another decoder: M seq session direction kind type data, then
 * F depth name value offset length flags; parted by tabs (values are sanitised, so have none). */
#include "config.h"

#include <stdio.h>

#include "base/text.h"
#include "journal/record.h"

static void print_tree(const struct mxs_field *root)
{
    int depth = 0;
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, &depth))
        printf("F\t%d\t%s\t%s\t%zu\t%zu\t%u\n", depth, f->name, f->value ? f->value : "", f->off,
               f->len, f->flags);
}

static void print_event(struct mxs_arena *arena, const struct mxs_event *event)
{
    if (event->kind != MXS_EVENT_HANDSHAKE && event->kind != MXS_EVENT_ALERT)
        return;
    const char *type = mxs_event_attr(event, "type");
    printf("M\t%lu\t%u\t%s\t%s\t%s\t%s\n", (unsigned long)event->seq, (unsigned)event->session,
           mxs_dir_name(event->dir), mxs_event_kind_name(event->kind), type ? type : "",
           mxs_hex(arena, event->data));
    print_tree(mxs_event_fields(arena, event));
}

int main(int argc, char **argv)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_clock clock = mxs_clock_frozen(0);
    struct mxs_journal *journal = mxs_journal_new(&clock);
    struct mxs_record_header header = { 0 };
    struct mxs_why why = { 0 };
    if (argc != 2 || mxs_record_read(argv[1], arena, &header, journal, &why)) {
        fprintf(stderr, "trees: %s\n", argc == 2 ? why.text : "usage: trees FILE");
        return 1;
    }
    for (size_t i = 0; i < mxs_journal_count(journal); i++)
        print_event(arena, mxs_journal_at(journal, i));
    mxs_journal_free(journal);
    mxs_arena_free(arena);
    return 0;
}
