/* The what-if view's pure parts: which verifiers share a column, what a cell says, the slider. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "judge/profile.h"
#include "ui/groups.h"
#include "ui/slider.h"

/* Verdicts by a letter: v verified, e encrypted, c cleartext, d defer, b bounce, a accept, o accept
 * and verified, r reject, f handshake failure, x reject and then cleartext, ? unknown. A capital:
 * below measured. */
static struct mxs_verdict verdict(struct mxs_arena *arena, const char *name, char letter)
{
    static const struct {
        char letter;
        enum mxs_action action;
        enum mxs_channel channel;
        int verified;
    } rows[] = {
        { 'v', MXS_ACTION_DELIVER, MXS_CHANNEL_VERIFIED, 1 },
        { 'e', MXS_ACTION_DELIVER, MXS_CHANNEL_ENCRYPTED, 0 },
        { 'c', MXS_ACTION_DELIVER, MXS_CHANNEL_CLEARTEXT, 0 },
        { 'd', MXS_ACTION_DEFER, MXS_CHANNEL_NONE, 0 },
        { 'b', MXS_ACTION_BOUNCE, MXS_CHANNEL_NONE, 0 },
        { 'a', MXS_ACTION_ACCEPT, MXS_CHANNEL_NONE, 0 },
        { 'o', MXS_ACTION_ACCEPT, MXS_CHANNEL_NONE, 1 },
        { 'r', MXS_ACTION_REJECT, MXS_CHANNEL_NONE, 0 },
        { 'f', MXS_ACTION_HANDSHAKE_FAILURE, MXS_CHANNEL_NONE, 0 },
        { 'x', MXS_ACTION_REJECT, MXS_CHANNEL_NONE, 0 },
        { '?', MXS_ACTION_UNKNOWN, MXS_CHANNEL_NONE, -1 },
    };
    struct mxs_verdict v = { .verifier = name, .grade = MXS_GRADE_MEASURED, .alert = -1 };
    char low = letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (rows[i].letter == low) {
            v.action = rows[i].action;
            v.channel = rows[i].channel;
            v.verified = rows[i].verified;
        }
    v.role = strchr("aorfx", low) ? MXS_ROLE_RECEIVER : MXS_ROLE_SENDER;
    v.grade = low == '?' ? MXS_GRADE_UNKNOWN : low == letter ? MXS_GRADE_MEASURED : MXS_GRADE_SOURCE;
    if (low == 'x')
        *mxs_list_add(arena, &v.then) = (struct mxs_then){
            .sender = "postfix/smtp/may", .first = MXS_ACTION_DEFER,
            .later = MXS_ACTION_DELIVER, .channel = MXS_CHANNEL_CLEARTEXT
        };
    return v;
}

/* "ve" before and after; "v" the same both times; "." not judged yet. */
static struct mxs_matrix_cell cell(struct mxs_arena *arena, const char *name, const char *text)
{
    struct mxs_matrix_cell c = { .judged = text[0] != '.' };
    struct mxs_verdict *v = mxs_arena_alloc(arena, 2 * sizeof *v);
    if (!c.judged)
        return c;
    v[0] = verdict(arena, name, text[0]);
    v[1] = verdict(arena, name, text[1] ? text[1] : text[0]);
    c.before = &v[0];
    c.after = &v[1];
    c.changed = text[1] != 0;
    c.status = !c.changed || (text[0] == 'b' && text[1] == 'b') ? MXS_STATUS_OK
               : strchr("dbrfxcDBRFXC", text[1])            ? MXS_STATUS_CRITICAL
               : strchr("vo", text[1])                      ? MXS_STATUS_OK
                                                            : MXS_STATUS_WARNING;
    return c;
}

struct board {
    struct mxs_arena *arena;
    struct mxs_panel panel;
    const struct mxs_matrix_row *rows[8];
    size_t n;
};

static void seat(struct board *b, const char *name, const char *rules)
{
    struct mxs_profile *profile = NULL;
    if (rules) {
        profile = MXS_NEW(b->arena, struct mxs_profile);
        profile->name = name;
        *mxs_list_add(b->arena, &profile->keys) = (struct mxs_profile_key){ "rules", rules, 0 };
    }
    *mxs_list_add(b->arena, &b->panel.seats) =
        (struct mxs_panel_seat){ name, MXS_ROLE_SENDER, NULL, profile };
}

/* "ve v . dd": a cell per seat; "-": a row that does not apply. */
static void row(struct board *b, const char *cells)
{
    struct mxs_matrix_row *r = MXS_NEW(b->arena, struct mxs_matrix_row);
    if (*cells != '-')
        r->cells = mxs_arena_alloc(b->arena, b->panel.seats.n * sizeof *r->cells);
    for (size_t i = 0; r->cells && i < b->panel.seats.n; i++) {
        char text[3] = "";
        size_t len = strcspn(cells, " ");
        assert_in_range(len, 1, 2);
        memcpy(text, cells, len);
        r->cells[i] = cell(b->arena, b->panel.seats.v[i].name, text);
        cells += len;
        cells += strspn(cells, " ");
    }
    b->rows[b->n++] = r;
}

/* "postfix/smtp, 3 | exim/smtp/default" */
static const char *grouped(struct board *b, const struct ui_grouping *how)
{
    struct ui_groups groups;
    char *text = mxs_arena_strdup(b->arena, "");
    size_t seats = 0;
    ui_groups_of(b->arena, &b->panel, b->rows, b->n, how, &groups);
    for (size_t i = 0; i < groups.list.n; i++) {
        text = mxs_arena_printf(b->arena, "%s%s%s", text, i ? " | " : "", groups.list.v[i].name);
        seats += groups.list.v[i].seats.n;
    }
    assert_true(seats <= b->panel.seats.n);
    return text;
}

static int setup(void **state)
{
    static struct board b;
    b = (struct board){ .arena = mxs_arena_new() };
    seat(&b, "rfc/dane", NULL);
    seat(&b, "postfix/smtp/may", "openssl-3.0");
    seat(&b, "postfix/smtp/dane", "openssl-3.0");
    seat(&b, "openssl/s_client/pkix", "openssl-3.0");
    seat(&b, "exim/smtp/default", "gnutls");
    seat(&b, "gnutls/cli/pkix", "gnutls");
    *state = &b;
    return 0;
}

static int teardown(void **state)
{
    mxs_arena_free(((struct board *)*state)->arena);
    return 0;
}

static const struct ui_grouping nothing;

static void before_anything_is_judged_all_are_alike(void **state)
{
    struct board *b = *state;
    assert_string_equal(grouped(b, &nothing), "all, 6");
    row(b, ". . . . . .");
    row(b, "-");
    assert_string_equal(grouped(b, &nothing), "all, 6");
}

static void columns_are_shared_by_answer(void **state)
{
    struct board *b = *state;
    row(b, "v e e e v v");
    assert_string_equal(grouped(b, &nothing), "rfc/dane +2 | OpenSSL family, 3");
    row(b, "vd ed ed e vd v");
    assert_string_equal(grouped(b, &nothing),
                        "rfc/dane +1 | postfix/smtp, 2 | openssl/s_client/pkix | gnutls/cli/pkix");
    row(b, "-"); /* a row that does not apply parts nobody */
    assert_string_equal(grouped(b, &nothing),
                        "rfc/dane +1 | postfix/smtp, 2 | openssl/s_client/pkix | gnutls/cli/pkix");
    row(b, "v e . e v v"); /* a matrix half done */
    assert_string_equal(grouped(b, &nothing),
                        "rfc/dane +1 | postfix/smtp/may | postfix/smtp/dane | "
                        "openssl/s_client/pkix | gnutls/cli/pkix");
}

static void what_counts_as_alike(void **state)
{
    static const struct {
        const char *a, *b;
        bool alike;
    } rows[] = {
        { "v", "v", true },   { "v", "e", false },  { "vd", "ed", false }, { "vd", "vd", true },
        { "v", "vv", false }, { "v", "V", false },  { "?", "?", true },    { "v", "?", false },
        { "d", "b", false },  { "a", "o", false },  { "ar", "ax", false }, { "ar", "af", false },
        { ".", ".", true },   { ".", "v", false },  { "D", "D", true },    { "ec", "ec", true },
    };
    struct board *b = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_matrix_cell x = cell(b->arena, "a/b/c", rows[i].a);
        struct mxs_matrix_cell y = cell(b->arena, "d/e/f", rows[i].b);
        if (ui_cells_alike(&x, &y) != rows[i].alike || ui_cells_alike(&y, &x) != rows[i].alike)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

static void an_rfc_needs_no_measuring(void **state)
{
    struct board *b = *state;
    struct mxs_matrix_cell x = cell(b->arena, "rfc/dane", "V");
    struct mxs_matrix_cell y = cell(b->arena, "exim/smtp/try-dane", "v");
    assert_true(ui_cells_alike(&x, &y));
}

static void groups_are_split_hidden_and_put_first(void **state)
{
    struct board *b = *state;
    row(b, "v e e e v v");
    bool alone[6] = { false, true, true, true }, hidden[6] = { true }, mine[6] = { false };
    mine[4] = true;
    assert_string_equal(grouped(b, &(struct ui_grouping){ .alone = alone }),
                        "rfc/dane +2 | postfix/smtp/may | postfix/smtp/dane | "
                        "openssl/s_client/pkix");
    assert_string_equal(grouped(b, &(struct ui_grouping){ .hidden = hidden, .mine = mine }),
                        "GnuTLS family, 2 | OpenSSL family, 3");
    memset(hidden, 1, sizeof hidden);
    assert_string_equal(grouped(b, &(struct ui_grouping){ .hidden = hidden }), "");
}

static void cells_read_without_colour(void **state)
{
    static const struct {
        const char *cell;
        int w;
        const char *utf8, *ascii;
        enum ui_style style;
    } rows[] = {
        { "v", 9, "verified", "verified", UI_STYLE_DIM },
        { "v", 7, "ok", "ok", UI_STYLE_DIM },
        { "v", 1, "v", "v", UI_STYLE_DIM },
        { "vd", 20, "verified→DEFER", "verified>DEFER", UI_STYLE_BAD },
        { "vd", 9, "ok→DEFER", "ok>DEFER", UI_STYLE_BAD },
        { "vd", 8, "ok→DEFER", "ok>DEFER", UI_STYLE_BAD },
        { "vd", 7, "v→D", "v>D", UI_STYLE_BAD },
        { "vd", 3, "v→D", "v>D", UI_STYLE_BAD },
        { "Vd", 9, "~ok→DEFER", "~ok>DEFER", UI_STYLE_BAD },
        { "VD", 8, "~v→D", "~v>D", UI_STYLE_BAD },
        { "ve", 9, "ok→enc", "ok>enc", UI_STYLE_WARN },
        { "ev", 9, "enc→ok", "enc>ok", UI_STYLE_OK },
        { "ee", 9, "enc→enc", "enc>enc", UI_STYLE_WARN },
        { "ec", 9, "enc→CLEAR", "enc>CLEAR", UI_STYLE_BAD },
        { "ec", 3, "e→C", "e>C", UI_STYLE_BAD },
        { "c", 9, "CLEARTEXT", "CLEARTEXT", UI_STYLE_WARN },
        { "c", 5, "CLEAR", "CLEAR", UI_STYLE_WARN },
        { "d", 9, "DEFER", "DEFER", UI_STYLE_DIM },
        { "db", 12, "DEFER→BOUNCE", "DEFER>BOUNCE", UI_STYLE_BAD },
        { "bb", 20, "BOUNCE→BOUNCE", "BOUNCE>BOUNCE", UI_STYLE_NORMAL },
        { "vb", 9, "ok→BOUNCE", "ok>BOUNCE", UI_STYLE_BAD },
        { "or", 9, "ok→REJECT", "ok>REJECT", UI_STYLE_BAD },
        { "af", 9, "acc→FAIL", "acc>FAIL", UI_STYLE_BAD },
        { "af", 20, "accepted→TLS FAIL", "accepted>TLS FAIL", UI_STYLE_BAD },
        { "ax", 10, "acc→CLEAR!", "acc>CLEAR!", UI_STYLE_BAD },
        { "ax", 3, "a→!", "a>!", UI_STYLE_BAD },
        { "x", 6, "CLEAR!", "CLEAR!", UI_STYLE_WARN },
        { "?", 9, "?", "?", UI_STYLE_DIM },
        { "v?", 9, "ok→?", "ok>?", UI_STYLE_DIM },
        { ".", 9, "·", ".", UI_STYLE_DIM },
    };
    struct board *b = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        for (int ascii = 0; ascii < 2; ascii++) {
            struct mxs_matrix_cell c = cell(b->arena, "exim/smtp/default", rows[i].cell);
            struct ui_cell_words words;
            ui_cell_words(&c, UI_CELL_WHOLE, rows[i].w, ascii, &words);
            assert_string_equal(mxs_arena_printf(b->arena, "%s%s%s%s", words.mark, words.before,
                                                 words.arrow, words.after),
                                ascii ? rows[i].ascii : rows[i].utf8);
            assert_int_equal(words.style, rows[i].style);
            assert_true(words.width <= rows[i].w);
        }
}

static const char *slid(struct mxs_arena *arena, int width, const struct ui_slider *slider)
{
    struct ui_surface s;
    struct ui_line line;
    struct mxs_buf out;
    ui_surface_init(&s, true);
    ui_surface_resize(&s, 1, width);
    ui_line_init(&line, arena);
    ui_slider_line(&line, width, slider, true);
    ui_line_paint(&line, &s, (struct ui_rect){ 0, 0, 1, width });
    mxs_buf_init(&out, 4096);
    ui_surface_text(&s, &out);
    char *text = mxs_arena_strdup(arena, mxs_buf_str(&out));
    text[strcspn(text, "\n")] = 0;
    mxs_buf_fini(&out);
    ui_surface_fini(&s);
    return text;
}

static void a_slider_rests_on_dates_and_between(void **state)
{
    struct board *b = *state;
    int64_t ticks[] = { mxs_time_utc(2026, 2, 11, 0, 0, 0), mxs_time_utc(2026, 7, 8, 0, 0, 0),
                        mxs_time_utc(2027, 3, 15, 0, 0, 0), mxs_time_utc(2040, 1, 1, 0, 0, 0) };
    struct ui_slider s = { ticks, 4, ticks[1], mxs_time_utc(2026, 11, 22, 0, 0, 0) };
    assert_string_equal(slid(b->arena, 17, &s), "--+---*-@-+---+--");
    s.at = ui_slider_step(&s, 1);
    assert_int_equal(s.at, ticks[2]);
    assert_string_equal(slid(b->arena, 17, &s), "--+---+-@-*---+--");
    s.at = s.today;
    assert_string_equal(slid(b->arena, 17, &s), "--+---+-*-+---+--");
    assert_int_equal(ui_slider_step(&s, -1), ticks[1]);
    assert_int_equal(ui_slider_step(&s, 1), ticks[2]);
    s.at = ticks[3];
    assert_int_equal(ui_slider_step(&s, 1), ticks[3]); /* held at the ends */
    s.at = ticks[0] - 5;
    assert_string_equal(slid(b->arena, 17, &s), "*-+---+-@-+---+--");
    assert_int_equal(ui_slider_step(&s, -1), s.at);
    s.at = ticks[3] + 5;
    assert_int_equal(ui_slider_column(17, &s), 16);
    s.n = 0;
    assert_int_equal(ui_slider_step(&s, 1), s.at);
    assert_string_equal(slid(b->arena, 10, &s), "-----*----");
}

static void years_stand_where_there_is_room(void **state)
{
    struct board *b = *state;
    int64_t ticks[40];
    for (int i = 0; i < 40; i++)
        ticks[i] = mxs_time_utc(2020 + i / 4, 1 + 3 * (i % 4), 1, 0, 0, 0);
    struct ui_slider s = { ticks, 40, ticks[0], ticks[0] };
    struct ui_line line;
    ui_line_init(&line, b->arena);
    ui_slider_years(&line, 40, &s);
    int free_from = 0;
    assert_true(line.spans.n >= 5);
    for (size_t i = 0; i < line.spans.n; i++) {
        assert_true(line.spans.v[i].x >= free_from);
        free_from = line.spans.v[i].x + 5;
    }
    assert_true(free_from <= 41);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(before_anything_is_judged_all_are_alike),
        TEST(columns_are_shared_by_answer),
        TEST(what_counts_as_alike),
        TEST(an_rfc_needs_no_measuring),
        TEST(groups_are_split_hidden_and_put_first),
        TEST(cells_read_without_colour),
        TEST(a_slider_rests_on_dates_and_between),
        TEST(years_stand_where_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
