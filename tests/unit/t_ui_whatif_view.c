/* What-if in the workbench, without a terminal: a recorded walk of the lab with a client certificate,
 * the scenarios, profiles and catalog that are shipped. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/record.h"
#include "judge/store.h"
#include "ui/actions.h"
#include "ui/view_whatif.h"
#include "ui/workbench.h"
#include "ui_keys.h"

struct bench {
    struct mxs_arena *arena;
    struct mxs_clock clock;
    struct mxs_journal *journal;
    struct mxs_assess_options assess;
    struct mxs_catalog_loader catalog;
    struct ui_options options;
    struct ui ui;
    const char *patterns[4];
};

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct mxs_record_header header;
    struct mxs_why why = { MXS_OK, "" };
    setlocale(LC_CTYPE, "C.UTF-8");
    b->arena = mxs_arena_new();
    b->journal = mxs_journal_new(mxs_clock_real());
    if (mxs_record_read(MXS_TEST_SESSIONS "/whatif.mxs", b->arena, &header, b->journal, &why))
        fail_msg("%s", why.text);
    b->clock = mxs_clock_frozen(header.at);
    b->catalog = (struct mxs_catalog_loader){ .folder = MXS_TEST_SHARE "/catalog" };
    b->assess = (struct mxs_assess_options){ .at = header.at, .store = mxs_store_new("none"),
                                             .public_roots = header.public_roots };
    for (size_t i = 0; i < header.anchors.certs.n; i++)
        mxs_store_add(b->assess.store, header.anchors.certs.v[i]);
    b->options = (struct ui_options){ .journal = b->journal, .clock = &b->clock,
                                      .assess = &b->assess, .theme = "dark",
                                      .catalog = &b->catalog };
    b->options.data.verifiers = MXS_TEST_SHARE "/verifiers";
    b->options.data.scenarios = MXS_TEST_SHARE "/scenarios";
    b->options.data.remedies = MXS_TEST_SHARE "/remedies";
    b->options.data.keys = MXS_TEST_SHARE "/keys/throw-away.pem";
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    if (b->ui.keymap.arena)
        ui_close(&b->ui);
    mxs_catalog_free(b->catalog.catalog);
    mxs_store_free(b->assess.store);
    mxs_journal_free(b->journal);
    mxs_arena_free(b->arena);
    free(b);
    return 0;
}

/* Only these, so that a test takes no longer than it must; NULL ends them. */
static void only(struct bench *b, const char *first, const char *second)
{
    b->patterns[0] = first;
    b->patterns[1] = second;
    b->options.scenarios = (struct mxs_strs){ b->patterns, second ? 2 : 1, 4 };
}

static void work(struct bench *b)
{
    while (ui_work(&b->ui))
        ;
    ui_paint(&b->ui);
    while (ui_work(&b->ui)) /* the remedies of the row that was painted */
        ;
    ui_paint(&b->ui);
}

static void open_bench(struct bench *b, int rows, int cols)
{
    struct mxs_why why = { MXS_OK, "" };
    if (ui_open(&b->ui, &b->options, &why) != MXS_OK)
        fail_msg("%s", why.text);
    ui_resize(&b->ui, rows, cols);
    work(b);
}

/* The matrix of the last subject: the client certificate. */
static void open_client(struct bench *b, int rows, int cols)
{
    open_bench(b, rows, cols);
    keys(&b->ui, "5");
    work(b);
    keys(&b->ui, "] ]");
    work(b);
}

static const char *screen(struct bench *b)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    ui_paint(&b->ui);
    assert_int_equal(ui_surface_text(&b->ui.surface, &out), MXS_OK);
    char *text = mxs_arena_strdup(b->arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

static const char *row_with(struct bench *b, const char *needle)
{
    const char *text = screen(b), *at = strstr(text, needle);
    if (!at)
        fail_msg("\"%s\" is not in:\n%s", needle, text);
    while (at > text && at[-1] != '\n')
        at--;
    return mxs_arena_strndup(b->arena, at, strcspn(at, "\n"));
}

static void assert_has(const char *text, const char *needle)
{
    if (!strstr(text, needle))
        fail_msg("\"%s\" is not in:\n%.6000s", needle, text);
}

static void assert_lacks(const char *text, const char *needle)
{
    if (strstr(text, needle))
        fail_msg("\"%s\" is in:\n%s", needle, text);
}

static struct ui_whatif *whatif(struct bench *b)
{
    return b->ui.model.whatif;
}

/* The matrix is begun; what cannot be read is the end. */
static void until_ready(struct bench *b)
{
    while (whatif(b)->state != UI_WHATIF_READY && ui_work(&b->ui)) {
    }
    if (whatif(b)->state != UI_WHATIF_READY)
        fail_msg("no matrix: %s", whatif(b)->why.text);
}

static void the_debate_is_on_one_screen(void **state)
{
    struct bench *b = *state;
    only(b, "eku/chrome-leaf", "eku/intermediates-server-only");
    open_client(b, 60, 200);
    assert_has(screen(b), "our client certificate, shown to mx1.lab.test");
    const char *row = row_with(b, "eku/intermediates-server-only");
    assert_has(row, "! eku/"); /* CRITICAL, read without colour */
    assert_has(row, "ok→REJECT");
    assert_has(row, "ok→CLEAR!");
    assert_has(row, "[acc]"); /* and whoever never asked does not notice */
    keys(&b->ui, "f");
    keys(&b->ui, "\"openssl/server/require\" Enter");
    work(b);
    keys(&b->ui, "G Enter");
    const char *text = screen(b);
    assert_has(text, "openssl/server/require");
    assert_has(text, "before    accept, verified");
    assert_has(text, "after     handshake-failure");
    assert_has(text, "CLEARTEXT at");
    assert_has(text, "alert 43 unsupported_certificate");
    assert_has(text, "measured, OpenSSL");
    assert_has(text, "at fault");
    keys(&b->ui, "G"); /* the box is longer than the screen */
    assert_has(screen(b), "- EKU      serverAuth clientAuth");
    assert_has(screen(b), "+ EKU      serverAuth");
    keys(&b->ui, "g /");
    keys(&b->ui, "\"What to do\" Enter");
    assert_has(screen(b), "What to do (each was judged: it helps)");
}

static void a_healthy_cell_blames_nobody(void **state)
{
    struct bench *b = *state;
    only(b, "failure/expired", NULL);
    open_bench(b, 43, 132);
    keys(&b->ui, "5");
    work(b);
    keys(&b->ui, ":filter rfc/dane");
    assert_has(screen(b), "both      deliver, verified");
    assert_has(screen(b), "about     the leaf ");
    assert_lacks(screen(b), "at fault");
}

static void the_help_says_what_cells_mean(void **state)
{
    struct bench *b = *state;
    only(b, "failure/expired", NULL);
    open_client(b, 24, 80);
    keys(&b->ui, "?");
    assert_has(screen(b), "CLEAR!  REFUSED, CLEAR!  refused, and some sender then uses cleartext");
    assert_has(screen(b), "~                           before a cell that was not measured");
    keys(&b->ui, "q");
}

static void alike_share_a_column_until_enter_splits_it(void **state)
{
    struct bench *b = *state;
    only(b, "eku/intermediates-server-only", "failure/expired");
    open_client(b, 60, 200);
    const struct ui_grid_entry *entry = ui_view_whatif_selected(ui_view_now(&b->ui));
    assert_non_null(entry);
    const char *text = screen(b);
    assert_has(text, "▸");
    assert_lacks(text, "▾");
    keys(&b->ui, "g h h h h h h h h");
    keys(&b->ui, "Enter");
    text = screen(b);
    assert_has(text, "[▾]");
    keys(&b->ui, "Enter");
    assert_lacks(screen(b), "▾");
}

static void the_filter_takes_rows_or_columns(void **state)
{
    struct bench *b = *state;
    only(b, "eku/*", "failure/*");
    open_bench(b, 43, 132);
    keys(&b->ui, "5");
    work(b);
    keys(&b->ui, ":filter failure/starttls");
    assert_lacks(screen(b), "eku/");
    row_with(b, "failure/starttls-stripped");
    keys(&b->ui, ":filter postfix/smtp/dane");
    const char *text = screen(b);
    assert_has(text, "eku/intermediates-server-only"); /* all rows, these verifiers */
    assert_lacks(text, "columns ");
    assert_lacks(text, "exim");
    keys(&b->ui, "Esc");
    assert_has(screen(b), "columns ");
}

static void the_slider_rests_on_known_dates(void **state)
{
    struct bench *b = *state;
    only(b, "failure/expired", NULL);
    open_client(b, 43, 132);
    int64_t start = b->ui.model.assess.at;
    unsigned run = whatif(b)->run;
    keys(&b->ui, "d");
    assert_string_equal(ui_view_now(&b->ui)->panes[ui_view_now(&b->ui)->focus].title,
                        "our client certificate, shown to mx1.lab.test  3 of 3");
    keys(&b->ui, "Right");
    assert_true(b->ui.model.assess.at > start);
    work(b);
    assert_true(whatif(b)->run > run);
    assert_has(screen(b), "2026-11-30  the leaf has expired");
    keys(&b->ui, "Left Left");
    work(b);
    assert_true(b->ui.model.assess.at < start);
    keys(&b->ui, "d ^U");
    keys(&b->ui, "\"2027-03-15\" Enter");
    assert_int_equal(b->ui.model.assess.at, mxs_time_utc(2027, 3, 15, 0, 0, 0));
    keys(&b->ui, ":at 2026-11-22");
    assert_int_equal(b->ui.model.assess.at, mxs_time_utc(2026, 11, 22, 0, 0, 0));
}

static void changes_are_made_undone_saved_and_read_back(void **state)
{
    struct bench *b = *state;
    char path[] = "/tmp/mxs-scenario-XXXXXX", line[128];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    only(b, "failure/expired", NULL);
    open_client(b, 60, 200);
    keys(&b->ui, ":change eku leaf =emailProtection");
    work(b);
    assert_has(row_with(b, "own/changes"), "REJECT");
    keys(&b->ui, ":change dance all night");
    assert_has(screen(b), "change: ");
    assert_int_equal(whatif(b)->own.changes.list.n, 1);
    keys(&b->ui, "+");
    assert_has(screen(b), "Yours so far");
    keys(&b->ui, "/");
    keys(&b->ui, "\"judge\" Enter Enter"); /* the verb, then its words */
    assert_has(screen(b), "change: date");
    keys(&b->ui, "\"2027-01-05\" Enter");
    work(b);
    assert_int_equal(whatif(b)->own.changes.list.n, 2);
    assert_has(screen(b), "- judged as of: 2026-11-22");
    keys(&b->ui, "u");
    work(b);
    assert_int_equal(whatif(b)->own.changes.list.n, 1);
    snprintf(line, sizeof line, ":write scenario %s", path);
    keys(&b->ui, line);
    keys(&b->ui, "u");
    work(b);
    assert_lacks(screen(b), "own/changes");
    keys(&b->ui, "u"); /* nothing left: said, not done */
    assert_has(screen(b), "there is no change of yours");
    snprintf(line, sizeof line, ":whatif %s", path);
    keys(&b->ui, line);
    work(b);
    const char *id = mxs_arena_printf(b->arena, "own/%s", strrchr(path, '/') + 1);
    assert_has(row_with(b, id), "REJECT");
    const struct ui_grid_entry *entry = ui_view_whatif_selected(ui_view_now(&b->ui));
    assert_non_null(entry);
    assert_string_equal(entry->row->scenario->id, id);
    unlink(path);
}

static void a_scenario_is_a_place_to_begin(void **state)
{
    struct bench *b = *state;
    only(b, "failure/expired", NULL);
    open_client(b, 43, 132);
    keys(&b->ui, "+ Enter"); /* "Begin with the changes of failure/expired" */
    work(b);
    assert_int_equal(whatif(b)->own.changes.list.n, 1);
    row_with(b, "own/changes");
    keys(&b->ui, ":write scenario /nowhere/at/all.ini");
    assert_has(screen(b), "/nowhere/at/all.ini");
}

static bool is_there(struct bench *b, const char *folder, const char *name)
{
    return access(mxs_arena_printf(b->arena, "%s/%s", folder, name), R_OK) == 0;
}

static void a_future_is_written(void **state)
{
    struct bench *b = *state;
    char folder[] = "/tmp/mxs-future-XXXXXX";
    assert_non_null(mkdtemp(folder));
    only(b, "eku/intermediates-server-only", "eku/digicert");
    open_client(b, 43, 132);
    keys(&b->ui, mxs_arena_printf(b->arena, ":write future %s", folder));
    assert_has(screen(b), "future written to");
    assert_true(is_there(b, folder, "eku-intermediates-server-only/before/chain.pem"));
    assert_true(is_there(b, folder, "eku-intermediates-server-only/after/key.pem"));
    keys(&b->ui, mxs_arena_printf(b->arena, ":write future %s", folder)); /* never over another one */
    assert_has(screen(b), folder);
    assert_lacks(screen(b), "future written to");
    keys(&b->ui, "G");
    keys(&b->ui, ":write future /tmp/mxs-future-never");
    assert_has(screen(b), "eku/digicert does not apply: ");
    assert_int_equal(system(mxs_arena_printf(b->arena, "rm -r '%s'", folder)), 0);
}

static void history_and_single_scenarios_are_asked_for(void **state)
{
    struct bench *b = *state;
    open_bench(b, 43, 132);
    keys(&b->ui, "5");
    work(b);
    size_t before = whatif(b)->n_chosen;
    keys(&b->ui, "H");
    work(b);
    assert_true(whatif(b)->n_chosen > before);
    keys(&b->ui, "H");
    work(b);
    assert_int_equal(whatif(b)->n_chosen, before);
    keys(&b->ui, ":whatif rollover/x3-to-r3"); /* of the past, shown all the same */
    work(b);
    assert_int_equal(whatif(b)->n_chosen, before + 1);
    const struct ui_grid_entry *entry = ui_view_whatif_selected(ui_view_now(&b->ui));
    assert_non_null(entry);
    assert_string_equal(entry->row->scenario->id, "rollover/x3-to-r3");
    keys(&b->ui, ":whatif nowhere/*");
    assert_has(screen(b), "no scenario is called nowhere/*");
}

static void at_rest_the_view_says_why(void **state)
{
    struct bench *b = *state;
    b->options.data.scenarios = "/nowhere/at/all";
    open_bench(b, 24, 80);
    keys(&b->ui, "5");
    assert_has(screen(b), "Reading scenarios");
    work(b);
    assert_has(screen(b), "What-if cannot start.");
    assert_has(screen(b), "/nowhere/at/all");
    keys(&b->ui, "Enter j k l h d Esc [ ] E q u H");
    keys(&b->ui, ":whatif eku/any-ca");
    keys(&b->ui, ":change eku leaf -clientAuth");
    assert_has(screen(b), "/nowhere/at/all");
}

static void without_evidence_there_is_no_matrix(void **state)
{
    struct bench *b = *state;
    struct mxs_journal *full = b->journal;
    b->options.journal = mxs_journal_new(mxs_clock_real());
    open_bench(b, 24, 80);
    keys(&b->ui, "5");
    work(b);
    assert_has(screen(b), "Nothing was seen that a scenario could change.");
    keys(&b->ui, "Enter j k l h d Esc [ ] E q q q +");
    keys(&b->ui, ":change eku leaf -clientAuth");
    keys(&b->ui, "u u");
    ui_close(&b->ui);
    b->ui.keymap.arena = NULL;
    mxs_journal_free(b->options.journal);
    b->options.journal = full;
}

static void every_size_and_sign(void **state)
{
    struct bench *b = *state;
    static const int sizes[][2] = { { 24, 80 }, { 10, 40 }, { 43, 132 }, { 60, 200 }, { 25, 500 },
                                    { 9, 80 },  { 24, 50 }, { 1, 1 },    { 120, 41 } };
    b->options.ascii = true;
    only(b, "eku/*", "rollover/cross-signs-reissued");
    open_bench(b, 24, 80);
    keys(&b->ui, "5");
    work(b);
    for (size_t s = 0; s < MXS_COUNT(sizes); s++) {
        ui_resize(&b->ui, sizes[s][0], sizes[s][1]);
        keys(&b->ui, "G l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l l Enter q "
                "Tab \\ \\ S-Tab g Enter Enter h h d Right Left Tab f Esc k j PgUp Home E q +");
        keys(&b->ui, "q");
        work(b);
        b->ui.quit = false;
        assert_in_range(b->ui.surface.cursor_x, 0, sizes[s][1] - 1);
        assert_in_range(b->ui.surface.cursor_y, 0, sizes[s][0] - 1);
        for (const char *p = screen(b); *p; p++)
            assert_true((unsigned char)*p < 0x80);
    }
}

/* Of this process alone: others on the machine do not count. */
static int64_t cpu_us(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* As the loop does: a painting only where something changed. */
static void until_rest(struct bench *b)
{
    while (ui_work(&b->ui) || b->ui.dirty)
        if (b->ui.dirty)
            ui_paint(&b->ui);
}

static const char *shown_now(struct bench *b)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    assert_int_equal(ui_surface_text(&b->ui.surface, &out), MXS_OK);
    char *text = mxs_arena_strdup(b->arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

static void what_cannot_be_read_is_said(void **state)
{
    struct bench *b = *state;
    char folder[] = "/tmp/mxs-broken-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *file = mxs_arena_printf(b->arena, "%s/bad.ini", folder);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    assert_true(fputs("[broken]\nno key\n", out) >= 0);
    assert_int_equal(fclose(out), 0);
    b->options.data.verifiers = folder;
    open_bench(b, 24, 100);
    keys(&b->ui, "5");
    until_rest(b);
    assert_has(shown_now(b), "What-if cannot start.");
    assert_has(shown_now(b), "bad.ini:");
    assert_int_equal(remove(file), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* --- scripts that wait --- */

static const char *run_script(struct bench *b, const char *text)
{
    struct mxs_why why = { MXS_OK, "" };
    assert_int_equal(ui_script_parse(&b->ui.script, "s", text, &why), MXS_OK);
    for (int i = 0; i < 1000000 && !b->ui.quit; i++)
        ui_work(&b->ui);
    assert_true(b->ui.quit);
    return b->ui.failed.text;
}

/* A screen too small for the matrix has nothing new to show of it. */
static void a_small_screen_rests(void **state)
{
    struct bench *b = *state;
    only(b, "failure/expired", NULL);
    open_bench(b, 24, 80);
    ui_resize(&b->ui, 5, 20);
    assert_string_equal(run_script(b, "5\n:wait idle\n:quit\n"), "");
}

static bool never_rests(struct ui_view *view, bool *changed)
{
    (void)view;
    *changed = true;
    return false;
}

static bool always_anew(struct ui_view *view, bool *changed)
{
    *changed = false;
    view->model->whatif->run++;
    return true;
}

/* A view that is old as soon as it is painted, or begins anew each time, ends the script with its name. */
static void wait_for(struct bench *b, bool (*idle)(struct ui_view *, bool *))
{
    only(b, "failure/expired", NULL);
    open_bench(b, 24, 80);
    keys(&b->ui, "5");
    work(b);
    struct ui_view_ops ops = *ui_view_now(&b->ui)->ops;
    ops.idle = idle;
    ui_view_now(&b->ui)->ops = &ops;
    assert_string_equal(run_script(b, "j\n:wait idle\n:quit\n"),
                        "script:2: view what-if does not come to rest");
    ui_view_now(&b->ui)->ops = &ui_view_whatif;
}

static void a_wait_without_rest_ends(void **state)
{
    wait_for(*state, never_rests);
}

static void a_wait_that_begins_anew_ends(void **state)
{
    wait_for(*state, always_anew);
}

/* A key press to a painted screen takes 16 ms at most at 100,000 events, also while a matrix is
 * computed. A key may find the loop inside a slice of work, so that counts too. The assertion leaves
 * room for slow machines and sanitizers. */
static void no_key_waits_for_the_matrix(void **state)
{
    struct bench *b = *state;
    struct mxs_event event = { .t = 1, .session = 1, .stage = MXS_STAGE_EHLO,
                               .kind = MXS_EVENT_SMTP, .dir = MXS_DIR_IN, .summary = "250 line" };
    for (int i = 0; i < 100000; i++)
        mxs_journal_append(b->journal, &event);
    b->options.history = true;
    open_bench(b, 60, 200);
    keys(&b->ui, "5");
    until_ready(b);
    static const char *const pressed[] = { "d", "Right", "Right", "Tab", "j", "l", "PgDn", "h",
                                           "S-Tab", "Right", "Tab", "G", "k", "]", "[", "g" };
    int64_t worst_key = 0, worst_slice = 0;
    unsigned run = whatif(b)->run, steps = whatif(b)->steps, worked = 0;
    for (size_t n = 0; n < 8 * MXS_COUNT(pressed); n++) {
        int64_t before = cpu_us();
        ui_work(&b->ui);
        int64_t slice = cpu_us();
        keys(&b->ui, pressed[n % MXS_COUNT(pressed)]);
        int64_t key = cpu_us();
        worked += whatif(b)->steps != steps;
        steps = whatif(b)->steps;
        worst_slice = slice - before > worst_slice ? slice - before : worst_slice;
        worst_key = key - slice > worst_key ? key - slice : worst_key;
    }
    print_message("%u runs in %u slices at 100,000 events: worst key %d us, worst slice %d us\n",
                  whatif(b)->run - run, worked, (int)worst_key, (int)worst_slice);
    assert_true(whatif(b)->run - run > 20);
    assert_true(worked > 20);
    assert_true(worst_key < 160000);
    assert_true(worst_slice < 400000);
}

/* A run that is dropped does not end: the next begins anew. */
static void a_moved_date_drops_the_run(void **state)
{
    struct bench *b = *state;
    open_bench(b, 43, 132);
    keys(&b->ui, "5");
    while (whatif(b)->state != UI_WHATIF_READY)
        assert_true(ui_whatif_work(whatif(b), 0)); /* a step at a time */
    for (int i = 0; i < 20; i++)
        assert_true(ui_whatif_work(whatif(b), 0));
    size_t done = whatif(b)->matrix->steps_done;
    assert_in_range(done, 15, 25);
    assert_has(screen(b), "judging ");
    unsigned run = whatif(b)->run;
    keys(&b->ui, "d Right");
    ui_model_update(&b->ui.model);
    assert_true(ui_whatif_work(whatif(b), 0));
    assert_true(whatif(b)->run > run);
    assert_true(whatif(b)->matrix->steps_done <= 1);
    work(b);
    assert_int_equal(whatif(b)->matrix->steps_done, whatif(b)->matrix->steps_total);
    assert_lacks(screen(b), "judging ");
}

/* Between a new run and its first painting the rows on the screen are gone. */
static void keys_before_the_next_painting_find_nothing(void **state)
{
    struct bench *b = *state;
    static const char *const commands[] = { "history on", "filter eku", "down", "enter", "right",
                                            "history off", "search any", "next", "copy", "last",
                                            "whatif eku/any-ca", "explain", "close", "up",
                                            "session +1", "filter dane", "left", "enter",
                                            "change renew new-key", "search own", "undo",
                                            "write future /tmp/mxs-future-never" };
    open_client(b, 43, 132);
    for (size_t i = 0; i < 4 * MXS_COUNT(commands); i++) {
        ui_command(&b->ui, commands[i % MXS_COUNT(commands)]);
        if (i % 3 == 0)
            ui_whatif_work(whatif(b), 0);
        if (i % 7 == 0)
            ui_model_set_date(&b->ui.model, b->assess.at + (int64_t)i * 86400);
        if (i % 5 == 0)
            ui_paint(&b->ui);
    }
    work(b);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_debate_is_on_one_screen),
        TEST(a_healthy_cell_blames_nobody),
        TEST(the_help_says_what_cells_mean),
        TEST(alike_share_a_column_until_enter_splits_it),
        TEST(the_filter_takes_rows_or_columns),
        TEST(the_slider_rests_on_known_dates),
        TEST(changes_are_made_undone_saved_and_read_back),
        TEST(a_scenario_is_a_place_to_begin),
        TEST(a_future_is_written),
        TEST(history_and_single_scenarios_are_asked_for),
        TEST(at_rest_the_view_says_why),
        TEST(without_evidence_there_is_no_matrix),
        TEST(every_size_and_sign),
        TEST(no_key_waits_for_the_matrix),
        TEST(a_moved_date_drops_the_run),
        TEST(keys_before_the_next_painting_find_nothing),
        TEST(what_cannot_be_read_is_said),
        TEST(a_small_screen_rests),
        TEST(a_wait_without_rest_ends),
        TEST(a_wait_that_begins_anew_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
