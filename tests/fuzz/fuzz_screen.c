/* Every view of a recorded session, which may come from anybody: nothing of it reaches the screen as
 * anything but text, whatever keys are pressed. */
#include "config.h"

#include <locale.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "journal/record.h"
#include "judge/store.h"
#include "ui/workbench.h"

static void check_screen(struct ui *ui)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    ui_paint(ui);
    FUZZ_MUST(ui_surface_text(&ui->surface, &out) == MXS_OK);
    for (char *line = (char *)out.p, *end = line + out.n, *next; line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        FUZZ_MUST(next != NULL);
        *next++ = 0;
        fuzz_clean(line);
    }
    mxs_buf_fini(&out);
    FUZZ_MUST(ui->surface.cursor_y >= 0 && ui->surface.cursor_y < ui->surface.rows);
    FUZZ_MUST(ui->surface.cursor_x >= 0 && ui->surface.cursor_x < ui->surface.cols);
}

static void press(struct ui *ui)
{
    static const int keys[] = { 'j', UI_KEY_ENTER, 'E', 'q', UI_KEY_TAB, 'G', 'l', 'B', UI_KEY_TAB,
                                'k', UI_KEY_ENTER, '\\', 'E', 'q', '\\', ']', 'N' };
    for (size_t v = 0; v < ui_views_n; v++) {
        ui_key(ui, ui_views[v]->key);
        check_screen(ui);
        for (size_t i = 0; i < MXS_COUNT(keys); i++) {
            ui_key(ui, keys[i]);
            check_screen(ui);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct mxs_record_header header = { 0 };
    struct mxs_clock clock = mxs_clock_frozen(1795305192);
    int fd = memfd_create("fuzz_screen", 0);
    FUZZ_MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    setlocale(LC_CTYPE, "C.UTF-8");
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_journal *journal = mxs_journal_new(&clock);
    mxs_record_read(path, arena, &header, journal, NULL); /* what could be read is shown */
    struct mxs_assess_options assess = { .at = clock.frozen, .store = mxs_store_new("none") };
    struct ui_options options = { .journal = journal, .clock = &clock, .assess = &assess,
                                  .theme = "dark" };
    struct ui ui;
    FUZZ_MUST(ui_open(&ui, &options, NULL) == MXS_OK);
    ui_resize(&ui, 24, 80);
    ui_work(&ui);
    check_screen(&ui);
    press(&ui);
    ui_close(&ui);
    mxs_store_free(assess.store);
    mxs_journal_free(journal);
    mxs_arena_free(arena);
    close(fd);
    return 0;
}
