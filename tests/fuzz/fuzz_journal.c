/* Recorded sessions: the reader, the evidence that is folded from what it read, and the field trees
 * of the events. A file may come from anybody. */
#include "config.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "journal/fold.h"
#include "journal/record.h"

static void events(struct mxs_arena *arena, struct mxs_journal *journal)
{
    for (size_t i = 0; i < mxs_journal_count(journal); i++) {
        const struct mxs_event *event = mxs_journal_at(journal, i);
        fuzz_clean(event->summary);
        fuzz_tree(mxs_event_fields(arena, event), event->data.n);
        FUZZ_MUST(mxs_record_line(arena, event) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct mxs_why why = { 0 };
    struct mxs_record_header header = { 0 };
    struct mxs_clock clock = mxs_clock_frozen(1795305192);
    int fd = memfd_create("fuzz_journal", 0);
    FUZZ_MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_journal *journal = mxs_journal_new(&clock);
    struct mxs_evidence *evidence = mxs_fold_new(journal);
    if (mxs_record_read(path, arena, &header, journal, &why) != MXS_OK) {
        FUZZ_MUST(why.text[0]);
        fuzz_clean(why.text);
    }
    events(arena, journal);
    mxs_fold_free(evidence);
    mxs_journal_free(journal);
    mxs_arena_free(arena);
    close(fd);
    return 0;
}
