/* The workbench without a terminal: a hand-made journal, keys and scripts in, screens as text out. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/store.h"
#include "ui/actions.h"
#include "ui/workbench.h"
#include "ui_keys.h"

struct draft {
    uint32_t session;
    enum mxs_stage stage;
    enum mxs_event_kind kind;
    enum mxs_dir dir;
    int64_t t;
    const char *summary, *data, *attrs[16];
};

#define NONE MXS_STAGE_NONE

static const struct draft drafts[] = {
    { 0, NONE, MXS_EVENT_WALK, MXS_DIR_NONE, 10, "walk lab.test", NULL,
      { "target", "lab.test", "name", "lab.test", "port", "25", "kind", "domain" } },
    { 0, MXS_STAGE_MX, MXS_EVENT_DNS, MXS_DIR_IN, 5200, "MX lab.test: mx1, mx2", NULL,
      { "qname", "lab.test", "qtype", "MX", "purpose", "mx", "security", "secure" } },
    { 0, MXS_STAGE_MX, MXS_EVENT_MX, MXS_DIR_NONE, 5210, "mx1.lab.test", NULL,
      { "host", "mx1.lab.test", "preference", "10" } },
    { 0, MXS_STAGE_MX, MXS_EVENT_MX, MXS_DIR_NONE, 5215, "mx2.lab.test", NULL,
      { "host", "mx2.lab.test", "preference", "20" } },
    { 0, MXS_STAGE_ADDRESS, MXS_EVENT_DNS, MXS_DIR_IN, 8900, "A mx2.lab.test: 192.0.2.2", NULL,
      { "qname", "mx2.lab.test", "qtype", "A", "purpose", "address", "security", "secure", "host",
        "mx2.lab.test" } },
    { 1, NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, 31000, "mx1.lab.test 192.0.2.1:25 any", NULL,
      { "host", "mx1.lab.test", "address", "192.0.2.1", "port", "25", "offer", "any" } },
    { 1, MXS_STAGE_BANNER, MXS_EVENT_SMTP, MXS_DIR_IN, 33000, "220 mx1.lab.test ESMTP",
      "220 mx1.lab.test ESMTP\r\n", { "code", "220" } },
    { 1, MXS_STAGE_BANNER, MXS_EVENT_STAGE, MXS_DIR_NONE, 33010, "220", NULL,
      { "status", "ok", "us", "2000" } },
    { 1, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_OUT, 33100, "EHLO mxscope.test",
      "EHLO mxscope.test\r\n", { NULL } },
    { 1, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_IN, 34600, "250 mx1.lab.test, STARTTLS",
      "250-mx1.lab.test\r\n250 STARTTLS\r\n", { "code", "250", "ehlo", "1" } },
    { 1, MXS_STAGE_EHLO_TLS, MXS_EVENT_SMTP, MXS_DIR_OUT, 40100, "QUIT", "QUIT\r\n",
      { "tls", "1" } },
    { 1, MXS_STAGE_QUIT, MXS_EVENT_PROBE_END, MXS_DIR_NONE, 41000, "done", NULL,
      { "end", "done" } },
    { 2, NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, 42000, "mx2.lab.test 192.0.2.2:25 rsa", NULL,
      { "host", "mx2.lab.test", "address", "192.0.2.2", "port", "25", "offer", "rsa" } },
    { 2, MXS_STAGE_BANNER, MXS_EVENT_SMTP, MXS_DIR_IN, 12043000, "554 no mail here",
      "554 no mail here\r\n", { "code", "554" } },
    { 2, MXS_STAGE_BANNER, MXS_EVENT_STAGE, MXS_DIR_NONE, 12043200, "554 no mail here", NULL,
      { "status", "failed", "us", "12000000" } },
    { 2, MXS_STAGE_BANNER, MXS_EVENT_PROBE_END, MXS_DIR_NONE, 12043300, "554 at the banner", NULL,
      { "end", "reply", "reply", "554", "error", "554 no mail here" } },
    { 0, NONE, MXS_EVENT_WALK_END, MXS_DIR_NONE, 12043400, "walk ended", NULL, { NULL } },
};

static void append(struct mxs_journal *journal, const struct draft *d)
{
    struct mxs_attr attrs[8];
    size_t n = 0;
    for (size_t i = 0; i + 1 < MXS_COUNT(d->attrs) && d->attrs[i]; i += 2)
        attrs[n++] = (struct mxs_attr){ d->attrs[i], d->attrs[i + 1] };
    struct mxs_event event = { .t = d->t, .session = d->session, .stage = d->stage,
                               .kind = d->kind, .dir = d->dir, .summary = d->summary,
                               .data = mxs_bytes_str(d->data), .attrs = attrs, .n_attrs = n };
    mxs_journal_append(journal, &event);
}

struct bench {
    struct mxs_clock clock;
    struct mxs_journal *journal;
    struct mxs_assess_options assess;
    struct ui_options options;
    struct ui ui;
    struct mxs_arena *arena;
};

static void open_bench(struct bench *b, int rows, int cols)
{
    struct mxs_why why = { MXS_OK, "" };
    assert_int_equal(ui_open(&b->ui, &b->options, &why), MXS_OK);
    ui_resize(&b->ui, rows, cols);
    while (ui_work(&b->ui))
        ;
    ui_paint(&b->ui);
}

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    setlocale(LC_CTYPE, "C.UTF-8");
    b->clock = mxs_clock_frozen(mxs_time_utc(2026, 11, 22, 0, 0, 0));
    b->journal = mxs_journal_new(&b->clock);
    for (size_t i = 0; i < MXS_COUNT(drafts); i++)
        append(b->journal, &drafts[i]);
    b->assess = (struct mxs_assess_options){ .at = b->clock.frozen, .store = mxs_store_new("none") };
    b->options = (struct ui_options){ .journal = b->journal, .clock = &b->clock,
                                      .assess = &b->assess, .theme = "dark" };
    b->arena = mxs_arena_new();
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    if (b->ui.keymap.arena)
        ui_close(&b->ui);
    mxs_store_free(b->assess.store);
    mxs_journal_free(b->journal);
    mxs_arena_free(b->arena);
    free(b);
    return 0;
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

static const char *row(struct bench *b, int n)
{
    const char *text = screen(b);
    for (; n > 0; n--)
        text = strchr(text, '\n') + 1;
    return mxs_arena_strndup(b->arena, text, strcspn(text, "\n"));
}

static void assert_has(const char *text, const char *needle)
{
    if (!strstr(text, needle))
        fail_msg("\"%s\" is not in:\n%s", needle, text);
}

static void assert_lacks(const char *text, const char *needle)
{
    if (strstr(text, needle))
        fail_msg("\"%s\" is in:\n%s", needle, text);
}

static void overview_tells_the_answer_first(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    assert_has(row(b, 0), " lab.test  mx1.lab.test  192.0.2.1:25  any");
    assert_has(row(b, 0), "recorded");
    assert_has(row(b, 3), " CRITICAL  mx2.lab.test [192.0.2.2]");
    const char *text = screen(b);
    assert_has(text, "mx1.lab.test 192.0.2.1 ");
    assert_has(text, "FAIL");
    assert_has(text, "? Help");
    keys(&b->ui, "j Enter"); /* the second session */
    assert_int_equal(b->ui.model.session, 2);
    text = screen(b);
    assert_has(text, "◀ 554 no mail here");
    assert_has(text, "A mx2.lab.test: 192.0.2.2");
    assert_lacks(text, "EHLO"); /* of session 1 */
    keys(&b->ui, "q");
    assert_has(row(b, 3), "CRITICAL");
    assert_false(b->ui.quit);
    keys(&b->ui, "q");
    assert_true(b->ui.quit);
}

static void ladder_tree_and_bytes_go_together(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, "1 /");
    keys(&b->ui, "\"ehlo\" Enter");
    const char *text = screen(b);
    assert_has(text, " +100 us │─ EHLO mxscope.test");
    assert_has(text, "0000 45 48 4c 4f 20 6d 78 73  63 6f 70 65 2e 74 65 73  EHLO mxscope.tes");
    assert_has(text, "argument  mxscope.test");
    assert_has(text, "+5.5 ms ║─ QUIT"); /* inside TLS the lanes are double */
    keys(&b->ui, "Tab /");
    keys(&b->ui, "\"argument\" Enter");
    assert_int_equal(b->ui.surface.cells[19 * 80 + 5 + 15 + 1].style, UI_STYLE_NORMAL);
    struct mxs_buf styles;
    mxs_buf_init(&styles, 1 << 20);
    ui_surface_styles(&b->ui.surface, &styles);
    assert_non_null(strstr(mxs_buf_str(&styles), "MMMMMMMMMM")); /* its bytes are marked */
    mxs_buf_fini(&styles);
    keys(&b->ui, "B");
    assert_lacks(screen(b), "─ Bytes ─");
    keys(&b->ui, "\\");
    assert_lacks(screen(b), "Client and server");
    keys(&b->ui, "Esc Esc"); /* first the search, then the pane alone */
    assert_has(screen(b), "Client and server");
}

/* Run again, and the allocator may put another event where the one shown was. */
static void another_journal_shows_its_own_bytes(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, "1 / \"ehlo\" Enter");
    assert_has(screen(b), "argument  mxscope.test");
    struct mxs_event *event =
        (struct mxs_event *)(uintptr_t)mxs_journal_at(b->journal, b->ui.model.event - 1);
    event->data = mxs_bytes_str("EHLO other.test\r\n");
    b->ui.model.generation++;
    const char *text = (keys(&b->ui, "n"), screen(b));
    assert_has(text, "argument  other.test");
    assert_has(text, "0000 45 48 4c 4f 20 6f 74 68");
}

static void bytes_lead_to_fields(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, ":event 9");
    keys(&b->ui, "Tab Tab l l l l l l");
    struct ui_view *view = ui_view_now(&b->ui);
    assert_string_equal(view->panes[view->focus].title, "Bytes");
    assert_int_equal(b->ui.surface.cursor_x, 5 + 6 * 3); /* the cursor stands on byte 6 */
    keys(&b->ui, "h h h h h h");
    assert_int_equal(b->ui.surface.cursor_x, 5);
}

static void log_filters_and_leads_to_the_event(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, "7");
    assert_has(screen(b), "    17  12.043400     walk-end");
    keys(&b->ui, "f");
    keys(&b->ui, "\"554\" Enter");
    const char *text = screen(b);
    assert_has(text, "filter \"554\" 1/3");
    assert_lacks(text, "EHLO");
    keys(&b->ui, "Enter");
    assert_int_equal(b->ui.model.session, 2);
    assert_has(screen(b), "554 no mail here");
    keys(&b->ui, "q f Esc"); /* the filter is kept, and offered again */
    assert_has(screen(b), "filter \"554\"");
    keys(&b->ui, "Esc");
    assert_has(screen(b), "EHLO");
}

static void search_walks_through_matches(void **state)
{
    struct bench *b = *state;
    size_t at = 0;
    open_bench(b, 24, 80);
    keys(&b->ui, "7 /");
    keys(&b->ui, "\"lab.test\" Enter n n N");
    assert_true(ui_list_row(ui_focus(&b->ui), &at));
    assert_int_equal(at, 1);
    keys(&b->ui, "/");
    keys(&b->ui, "\"nowhere\" Enter");
    assert_has(row(b, 23), "\"nowhere\" is nowhere in this pane");
    assert_true(ui_list_row(ui_focus(&b->ui), &at));
    assert_int_equal(at, 1);
    keys(&b->ui, "/ Esc");
    assert_has(row(b, 23), "? Help");
}

static void help_lists_what_is_bound(void **state)
{
    struct bench *b = *state;
    static const char *binds[] = { "z maximise", "\\ none", "F2 theme light" };
    b->options.binds = (struct mxs_strs){ binds, 3, 3 };
    open_bench(b, 60, 100);
    keys(&b->ui, "?");
    const char *text = screen(b);
    assert_has(text, "Keys in Overview");
    assert_has(text, "s F5              step");
    assert_has(text, "this is a recorded session");
    assert_has(text, "z                 maximise");
    assert_has(text, "t F2              theme");
    keys(&b->ui, "q F2");
    assert_string_equal(b->ui.theme->name, "light");
    keys(&b->ui, "\\");
    assert_has(row(b, 59), "is not bound");
}

static void binds_are_checked(void **state)
{
    struct bench *b = *state;
    static const char *const bad[][2] = {
        { "F99 step", "bind: no key is called F99" },
        { "z dance", "bind: no action is called dance" },
        { "z", "is not KEY ACTION [ARG]" },
    };
    for (size_t i = 0; i < MXS_COUNT(bad); i++) {
        const char *binds[] = { bad[i][0] };
        struct mxs_why why = { MXS_OK, "" };
        b->options.binds = (struct mxs_strs){ binds, 1, 1 };
        assert_int_equal(ui_open(&b->ui, &b->options, &why), MXS_ERR_SYNTAX);
        assert_has(why.text, bad[i][1]);
    }
    b->ui.keymap.arena = NULL;
}

static void stepping_needs_a_walk(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    static const char *const stepping[] = { "s", "S", "c", "b", "e", "r", "x", "F5" };
    for (size_t i = 0; i < MXS_COUNT(stepping); i++) {
        keys(&b->ui, stepping[i]);
        assert_has(row(b, 23), "this is a recorded session");
    }
    assert_lacks(screen(b), "Stage"); /* and the bottom line does not offer it */
}

static void every_view_at_every_size(void **state)
{
    struct bench *b = *state;
    static const int sizes[][2] = { { 24, 80 }, { 10, 40 }, { 43, 132 }, { 60, 200 }, { 25, 500 },
                                    { 9, 80 },  { 24, 39 }, { 1, 1 },    { 200, 41 } };
    open_bench(b, 24, 80);
    for (size_t s = 0; s < MXS_COUNT(sizes); s++) {
        ui_resize(&b->ui, sizes[s][0], sizes[s][1]);
        for (size_t v = 0; v < ui_views_n; v++) {
            char key[] = { ui_views[v]->key, 0 };
            keys(&b->ui, key);
            keys(&b->ui, "Tab j Enter E q \\ Tab k l h B G g PgDn PgUp \\ S-Tab n ] [ ? q d Esc");
            b->ui.quit = false;
            b->ui.n_back = 0;
            assert_in_range(b->ui.surface.cursor_x, 0, sizes[s][1] - 1);
            assert_in_range(b->ui.surface.cursor_y, 0, sizes[s][0] - 1);
        }
    }
}

static void sessions_are_walked(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    assert_int_equal(b->ui.model.session, 1);
    keys(&b->ui, "]");
    assert_int_equal(b->ui.model.session, 2);
    keys(&b->ui, "]");
    assert_has(row(b, 23), "this is the last session");
    keys(&b->ui, "[ [");
    assert_has(row(b, 23), "this is the first session");
    keys(&b->ui, ":session 9");
    assert_has(row(b, 23), "there is no session 9");
}

static void prompts_edit_and_remember(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, ":view nothing");
    assert_has(row(b, 23), "there is no view nothing");
    keys(&b->ui, "7 f");
    keys(&b->ui, "\"banxner\" Left Left Left BS End Enter");
    assert_string_equal(ui_focus(&b->ui)->filter, "banner");
    keys(&b->ui, "f ^U");
    keys(&b->ui, "\"x\" Enter f ^U Up Up Enter");
    assert_string_equal(ui_focus(&b->ui)->filter, "banner");
    keys(&b->ui, "f ^U Enter");
    assert_string_equal(ui_focus(&b->ui)->filter, "");
}

static void scripts_are_checked_before_they_run(void **state)
{
    static const char *const bad[][2] = {
        { "s\n:dance now\n", "f:2: no command is called dance" },
        { "# x\n\nTab Tub\n", "f:3: no key is called Tub" },
        { "\"abc\n", "f:1: a quote without end" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(bad); i++) {
        struct ui_script script;
        struct mxs_why why = { MXS_OK, "" };
        assert_int_equal(ui_script_parse(&script, "f", bad[i][0], &why), MXS_ERR_SYNTAX);
        assert_string_equal(why.text, bad[i][1]);
        ui_script_fini(&script);
    }
}

static void scripts_write_screens(void **state)
{
    struct bench *b = *state;
    char path[] = "/tmp/mxs-script-XXXXXX", line[128];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    open_bench(b, 24, 80);
    snprintf(line, sizeof line, "1\n:wait done\n:save-screen %s\n:quit\n7\n", path);
    struct mxs_why why = { MXS_OK, "" };
    assert_int_equal(ui_script_parse(&b->ui.script, "s", line, &why), MXS_OK);
    while (!b->ui.quit)
        assert_true(ui_work(&b->ui));
    assert_string_equal(ui_view_now(&b->ui)->ops->name, "session"); /* nothing ran after quit */
    FILE *f = fopen(path, "r");
    char text[8192] = "";
    assert_non_null(f);
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    unlink(path);
    assert_has(text, "◀ 250-mx1.lab.test ");
    assert_has(text, "         │◀ 250 STARTTLS ");
}

static void writing_asks_before_it_overwrites(void **state)
{
    struct bench *b = *state;
    char path[] = "/tmp/mxs-write-XXXXXX", keys_line[128], text[64] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "mine", 4), 4);
    close(fd);
    open_bench(b, 24, 80);
    snprintf(keys_line, sizeof keys_line, "w G Enter ^U \"%s\" Enter", path);
    keys(&b->ui, keys_line);
    assert_has(screen(b), "Overwrite it");
    keys(&b->ui, "Enter");
    assert_has(row(b, 23), "nothing written");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fread(text, 1, sizeof text - 1, f), 4);
    fclose(f);
    assert_string_equal(text, "mine");
    keys(&b->ui, keys_line);
    keys(&b->ui, "Down Enter");
    assert_has(row(b, 23), "screen written to");
    keys(&b->ui, ":write screen /nowhere/at/all");
    assert_has(row(b, 23), "/nowhere/at/all");
    unlink(path);
}

static void the_date_judged_moves(void **state)
{
    struct bench *b = *state;
    open_bench(b, 24, 80);
    keys(&b->ui, "d ^U");
    keys(&b->ui, "\"2027-03-15\" Enter");
    assert_int_equal(b->ui.model.assess.at, mxs_time_utc(2027, 3, 15, 0, 0, 0));
    ui_work(&b->ui);
    assert_int_equal(b->ui.model.assessment->at, mxs_time_utc(2027, 3, 15, 0, 0, 0));
    keys(&b->ui, ":date tomorrow");
    assert_has(row(b, 23), "is not like 2027-03-15");
    assert_int_equal(b->ui.model.assess.at, mxs_time_utc(2027, 3, 15, 0, 0, 0));
}

static void ascii_has_no_other_signs(void **state)
{
    struct bench *b = *state;
    b->options.ascii = true;
    open_bench(b, 43, 132);
    for (size_t v = 0; v < ui_views_n; v++) {
        char key[] = { ui_views[v]->key, 0 };
        keys(&b->ui, key);
        for (const char *p = screen(b); *p; p++)
            assert_true((unsigned char)*p < 0x80);
    }
    keys(&b->ui, "1");
    assert_has(screen(b), "|- EHLO mxscope.test ---");
    assert_has(screen(b), "#- QUIT");
}

static void clicks_do_what_keys_do(void **state)
{
    struct bench *b = *state;
    size_t at = 0;
    open_bench(b, 24, 80);
    ui_click(&b->ui, 1, 14, 0); /* the second tab */
    assert_string_equal(ui_view_now(&b->ui)->ops->name, "session");
    screen(b);
    ui_click(&b->ui, 5, 20, 0); /* a row of the ladder */
    screen(b);
    assert_true(ui_list_row(ui_focus(&b->ui), &at));
    assert_int_equal(at, 2);
    ui_click(&b->ui, 5, 60, 0); /* the other pane */
    assert_string_equal(ui_view_now(&b->ui)->panes[ui_view_now(&b->ui)->focus].title, "Fields");
    ui_click(&b->ui, 5, 20, 1); /* the wheel over the ladder */
    screen(b);
    assert_true(ui_list_row(ui_focus(&b->ui), &at));
    assert_int_equal(at, 5);
    keys(&b->ui, "?");
    ui_click(&b->ui, 0, 0, 0); /* outside the box */
    assert_null(b->ui.popup.arena);
    ui_click(&b->ui, 23, 79, 0);
    ui_click(&b->ui, 500, 500, -1);
}

/* A key press to a painted screen within 16 ms at 100,000 events, with room for slow
 * machines and sanitizers: what counts is that nothing walks all rows. */
static void long_journals_cost_no_time(void **state)
{
    struct bench *b = *state;
    const struct mxs_clock *clock = mxs_clock_real();
    struct draft d = { 1, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_IN, 50000, "250 line", "250 x\r\n",
                       { "code", "250" } };
    for (int i = 0; i < 100000; i++, d.t++)
        append(b->journal, &d);
    open_bench(b, 60, 200);
    static const char *const pressed[] = { "1", "G", "k", "PgUp", "7", "g", "j", "G", "n", "2", "0" };
    int64_t worst = 0;
    for (size_t i = 0; i < MXS_COUNT(pressed); i++) {
        keys(&b->ui, pressed[i]); /* the first look at a view may collect its rows */
        int64_t before = clock->mono(clock);
        keys(&b->ui, pressed[i]);
        int64_t took = clock->mono(clock) - before;
        worst = took > worst ? took : worst;
    }
    print_message("worst key at 100,000 events: %d us\n", (int)worst);
    assert_true(worst < 160000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(overview_tells_the_answer_first),
        TEST(ladder_tree_and_bytes_go_together),
        TEST(another_journal_shows_its_own_bytes),
        TEST(bytes_lead_to_fields),
        TEST(log_filters_and_leads_to_the_event),
        TEST(search_walks_through_matches),
        TEST(help_lists_what_is_bound),
        TEST(binds_are_checked),
        TEST(stepping_needs_a_walk),
        TEST(every_view_at_every_size),
        TEST(sessions_are_walked),
        TEST(prompts_edit_and_remember),
        cmocka_unit_test(scripts_are_checked_before_they_run),
        TEST(scripts_write_screens),
        TEST(writing_asks_before_it_overwrites),
        TEST(the_date_judged_moves),
        TEST(ascii_has_no_other_signs),
        TEST(clicks_do_what_keys_do),
        TEST(long_journals_cost_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
