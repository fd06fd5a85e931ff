/* Cells, lines, lists, trees, tables and key names: painted to text, without a terminal. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/hexdump.h"
#include "ui/key.h"
#include "ui/table.h"
#include "ui/tree.h"

static struct mxs_arena *arena;

static int setup(void **state)
{
    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8"); /* widths of characters */
    arena = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mxs_arena_free(arena);
    return 0;
}

static const char *screen(const struct ui_surface *surface, bool styles)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    enum mxs_err err = styles ? ui_surface_styles(surface, &out) : ui_surface_text(surface, &out);
    assert_int_equal(err, MXS_OK);
    char *text = mxs_arena_strdup(arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

static void put_cuts_and_clips(void **state)
{
    (void)state;
    static const struct {
        bool ascii;
        int x, w;
        const char *text, *want;
        int used;
    } rows[] = {
        { false, 0, 10, "hello", "hello\n", 5 },
        { false, 2, 10, "hello", "  hello\n", 5 },
        { false, 0, 4, "hello", "hel…\n", 4 },
        { true, 0, 4, "hello", "hel~\n", 4 },
        { false, 6, 10, "hello", "      h…\n", 2 }, /* the rectangle ends at 8 */
        { false, 8, 10, "hello", "\n", 0 },
        { false, 0, 8, "日本語", "日本語\n", 6 },
        { false, 0, 4, "日本語", "日…\n", 3 }, /* never half a sign */
        { true, 0, 8, "日本語", "??????\n", 6 },
        { false, 0, 8, "e\xcc\x81t\xc3\xa9", "e\xcc\x81t\xc3\xa9\n", 3 }, /* a combining accent */
        { true, 0, 8, "a→b", "a?b\n", 3 },
        { false, 0, 8, "a\x1b[1mb", "a?[1mb\n", 6 },
        { false, 0, 8, "a\xff\xc3z", "a??z\n", 4 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct ui_surface s;
        ui_surface_init(&s, rows[i].ascii);
        ui_surface_resize(&s, 1, 12);
        struct ui_rect r = { 0, 0, 1, 8 };
        assert_int_equal(ui_put(&s, r, rows[i].x, rows[i].w, UI_STYLE_NORMAL, rows[i].text),
                         rows[i].used);
        assert_string_equal(screen(&s, false), rows[i].want);
        ui_surface_fini(&s);
    }
}

static void wide_signs_never_leave_halves(void **state)
{
    (void)state;
    struct ui_surface s;
    ui_surface_init(&s, false);
    ui_surface_resize(&s, 1, 8);
    struct ui_rect r = { 0, 0, 1, 8 };
    ui_put(&s, r, 0, 8, UI_STYLE_NORMAL, "日本");
    ui_put(&s, r, 1, 1, UI_STYLE_NORMAL, "x");
    assert_string_equal(screen(&s, false), " x本\n");
    ui_put(&s, r, 2, 1, UI_STYLE_NORMAL, "y");
    assert_string_equal(screen(&s, false), " xy\n");
    ui_put(&s, (struct ui_rect){ 5, 0, 1, 8 }, 0, 8, UI_STYLE_NORMAL, "outside");
    ui_put(&s, (struct ui_rect){ 0, 6, 1, 8 }, 0, 8, UI_STYLE_NORMAL, "edge");
    assert_string_equal(screen(&s, false), " xy   e…\n");
    ui_surface_fini(&s);
}

static void matches_are_marked(void **state)
{
    (void)state;
    struct ui_surface s;
    ui_surface_init(&s, false);
    ui_surface_resize(&s, 1, 20);
    struct ui_rect r = { 0, 0, 1, 20 };
    ui_put(&s, r, 0, 20, UI_STYLE_OK, "250 Größe größe");
    ui_mark_matches(&s, r, "Größ");
    assert_string_equal(screen(&s, true), "OOOO////OO////O.....\n");
    ui_back(&s, r, UI_BACKING_SELECTED);
    assert_string_equal(screen(&s, true), "OOOO////OO////O#####\n");
    ui_surface_fini(&s);
}

/* --- lists --- */

struct numbers {
    size_t n;
    size_t built;
};

static size_t numbers_count(void *data)
{
    return ((struct numbers *)data)->n;
}

static void numbers_line(void *data, size_t row, int width, struct ui_line *line)
{
    (void)width;
    ((struct numbers *)data)->built++;
    ui_line_addf(line, UI_STYLE_NORMAL, "row %zu", row);
}

static bool numbers_heading(void *data, size_t row)
{
    (void)data;
    return row == 0 || row == 5;
}

static bool numbers_match(void *data, size_t row, const char *needle)
{
    char text[32];
    (void)data;
    snprintf(text, sizeof text, "row %zu", row);
    return ui_text_has(text, needle);
}

static const struct ui_source plain = { numbers_count, numbers_line, NULL, NULL };
static const struct ui_source headed = { numbers_count, numbers_line, NULL, numbers_heading };
static const struct ui_source quick = { numbers_count, numbers_line, numbers_match, NULL };

static const char *painted(struct ui_list *list, int h)
{
    struct ui_surface s;
    ui_surface_init(&s, false);
    ui_surface_resize(&s, h, 16);
    ui_list_paint(list, &s, (struct ui_rect){ 0, 0, h, 16 }, true);
    const char *text = screen(&s, false);
    ui_surface_fini(&s);
    return text;
}

static void list_scrolls_and_skips_headings(void **state)
{
    (void)state;
    struct numbers numbers = { .n = 8 };
    struct ui_list list;
    size_t row = 99;
    ui_list_init(&list, &headed, &numbers);
    assert_string_equal(painted(&list, 3), "row 0\nrow 1\nrow 2\n");
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 1);
    ui_list_move(&list, 3);
    ui_list_move(&list, 1); /* over the heading 5 */
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 6);
    assert_string_equal(painted(&list, 3), "row 4\nrow 5\nrow 6\n");
    ui_list_page(&list, -1);
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 4);
    ui_list_move(&list, -100);
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 1);
    assert_string_equal(painted(&list, 3), "row 0\nrow 1\nrow 2\n"); /* the heading is seen again */
    ui_list_last(&list);
    assert_string_equal(painted(&list, 3), "row 5\nrow 6\nrow 7\n");
    numbers.n = 2;
    assert_string_equal(painted(&list, 3), "row 0\nrow 1\n\n");
    numbers.n = 0;
    assert_string_equal(painted(&list, 3), "\n\n\n");
    assert_false(ui_list_row(&list, &row));
    ui_list_fini(&list);
}

static void list_follows_the_end(void **state)
{
    (void)state;
    struct numbers numbers = { .n = 3 };
    struct ui_list list;
    size_t row = 0;
    ui_list_init(&list, &plain, &numbers);
    list.follow = true;
    painted(&list, 2);
    numbers.n = 9;
    assert_string_equal(painted(&list, 2), "row 7\nrow 8\n");
    ui_list_move(&list, -1);
    assert_false(list.follow); /* who moves away stays where they are */
    numbers.n = 20;
    painted(&list, 2);
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 7);
    ui_list_fini(&list);
}

static void list_filters_and_searches(void **state)
{
    (void)state;
    struct numbers numbers = { .n = 100 };
    struct ui_list list;
    size_t row = 0;
    ui_list_init(&list, &plain, &numbers);
    ui_list_select(&list, 42);
    ui_list_set_filter(&list, "ROW 4");
    assert_int_equal(ui_list_count(&list), 11); /* 4, 40..49 */
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 42); /* the selection stays */
    numbers.n = 500;
    painted(&list, 2);
    assert_int_equal(ui_list_count(&list), 111); /* new rows pass the filter too */
    ui_list_set_filter(&list, "");
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 42);
    assert_true(ui_list_search(&list, "row 4", 1, false));
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 43);
    assert_true(ui_list_search(&list, "row 7", -1, false)); /* round the start */
    assert_true(ui_list_row(&list, &row));
    assert_int_equal(row, 7);
    assert_false(ui_list_search(&list, "nowhere", 1, false));
    ui_list_set_filter(&list, "nowhere");
    assert_int_equal(ui_list_count(&list), 0);
    assert_string_equal(painted(&list, 2), "\n\n");
    ui_list_fini(&list);
}

static void long_lists_build_only_what_is_seen(void **state)
{
    (void)state;
    struct numbers numbers = { .n = 100000 };
    struct ui_list list;
    ui_list_init(&list, &quick, &numbers);
    painted(&list, 20);
    ui_list_last(&list);
    painted(&list, 20);
    assert_true(ui_list_search(&list, "row 77777", 1, false));
    assert_int_equal(numbers.built, 40);
    ui_list_set_filter(&list, "99");
    assert_int_equal(list.scanned, UI_FILTER_SLICE); /* a slice at a time: no key waits */
    while (ui_list_work(&list))
        ;
    assert_int_equal(list.scanned, 100000);
    assert_int_equal(numbers.built, 40);
    ui_list_fini(&list);
}

/* --- trees, bytes, tables --- */

static struct mxs_field *sample_tree(void)
{
    struct mxs_field *root = mxs_field_new(arena, "ServerHello");
    struct mxs_field *ext = mxs_field_add(arena, root, "extensions", 4, 8, NULL);
    mxs_field_add(arena, ext, "key_share", 4, 4, "x25519");
    mxs_field_add(arena, ext, "alpn", 8, 4, "h2")->flags = MXS_FIELD_WARN;
    mxs_field_note(arena, root, "a note of ours");
    return root;
}

static const char *tree_text(struct ui_tree *tree, struct ui_list *list)
{
    struct ui_surface s;
    ui_surface_init(&s, tree->ascii);
    ui_surface_resize(&s, 6, 30);
    ui_list_paint(list, &s, (struct ui_rect){ 0, 0, 6, 30 }, false);
    const char *text = screen(&s, false);
    ui_surface_fini(&s);
    return text;
}

static void tree_opens_and_closes(void **state)
{
    (void)state;
    struct ui_tree tree;
    struct ui_list list;
    ui_tree_init(&tree, true);
    ui_list_init(&list, &ui_tree_source, &tree);
    struct mxs_field *root = sample_tree();
    ui_tree_show(&tree, root, 6);
    assert_string_equal(tree_text(&tree, &list),
                        "- ServerHello\n"
                        " - extensions\n"
                        "    key_share  x25519\n"
                        "    alpn  ! h2\n"
                        "   a note of ours\n\n");
    const struct mxs_field *ext = ui_tree_field(&tree, 1);
    ui_tree_set_open(&tree, ext, false);
    assert_string_equal(tree_text(&tree, &list),
                        "- ServerHello\n + extensions\n   a note of ours\n\n\n\n");
    assert_int_equal(ui_tree_reveal(&tree, mxs_field_find(root, "alpn")), 3);
    ui_tree_show(&tree, NULL, 6);
    assert_int_equal(tree.n, 0);
    assert_null(ui_tree_field(&tree, 0));
    ui_list_fini(&list);
    ui_tree_fini(&tree);
}

static void large_trees_start_closed_but_for_trouble(void **state)
{
    (void)state;
    struct ui_tree tree;
    struct mxs_field *root = mxs_field_new(arena, "root");
    for (int i = 0; i < 30; i++) {
        struct mxs_field *a = mxs_field_add(arena, root, "a", 0, 0, NULL);
        struct mxs_field *b = mxs_field_add(arena, a, "b", 0, 0, NULL);
        struct mxs_field *c = mxs_field_add(arena, b, "c", 0, 0, "value");
        if (i == 7)
            mxs_field_malformed(arena, c, 0, "four octets");
    }
    ui_tree_init(&tree, false);
    ui_tree_show(&tree, root, 61);
    assert_int_equal(tree.n, 1 + 30 * 2 + 2);
    ui_tree_show(&tree, root, 200);
    assert_int_equal(tree.n, 1 + 30 * 3 + 1);
    ui_tree_fini(&tree);
}

static void bytes_mark_the_field(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "EHLO mx.example.org\r\n";
    struct ui_hexdump dump = { mxs_bytes(bytes, 21), 5, 4, 80, true };
    struct ui_list list;
    struct ui_surface s;
    ui_list_init(&list, &ui_hexdump_source, &dump);
    ui_surface_init(&s, true);
    ui_surface_resize(&s, 2, 72);
    ui_list_paint(&list, &s, (struct ui_rect){ 0, 0, 2, 72 }, false);
    assert_string_equal(
        screen(&s, false),
        "0000 45 48 4c 4f 20 6d 78 2e  65 78 61 6d 70 6c 65 2e  EHLO mx.example.\n"
        "0010 6f 72 67 0d 0a                                    org..\n");
    const char *styles = screen(&s, true);
    assert_memory_equal(styles + 5 + 5 * 3, "MMMMMMMMMMMM", 12); /* 6d 78 2e  65 */
    assert_int_equal(ui_hexdump_row(&dump, 16), 1);
    dump.width = 40;
    assert_int_equal(ui_hexdump_per_row(&dump), 8);
    ui_list_fini(&list);
    ui_surface_fini(&s);
}

static void tables_align_and_shrink(void **state)
{
    (void)state;
    static const struct ui_column columns[] = {
        { .title = "host", .min = 8 }, { .title = "n", .right = true }, { .title = "what", .grow = true },
    };
    for (int width = 40; width >= 24; width -= 16) {
        struct ui_table table;
        struct ui_lines lines;
        struct ui_list list;
        struct ui_surface s;
        ui_table_init(&table, arena, columns, 3);
        struct ui_table_row *row = ui_table_row(&table, 7);
        ui_table_cell(row, UI_STYLE_NORMAL, "mx1.long.example.org");
        ui_table_cell(row, UI_STYLE_NORMAL, "5");
        ui_table_cell(row, UI_STYLE_OK, "ok");
        row = ui_table_row(&table, 8);
        ui_table_cell(row, UI_STYLE_NORMAL, "mx2");
        ui_table_cell(row, UI_STYLE_NORMAL, "120");
        ui_lines_init(&lines, arena);
        ui_table_finish(&table, &lines, width);
        ui_list_init(&list, &ui_lines_source, &lines);
        ui_surface_init(&s, false);
        ui_surface_resize(&s, 3, width);
        ui_list_paint(&list, &s, (struct ui_rect){ 0, 0, 3, width }, true);
        assert_string_equal(screen(&s, false), width == 40
                                                   ? "host                    n  what\n"
                                                     "mx1.long.example.org    5  ok\n"
                                                     "mx2                   120\n"
                                                   : "host             n  what\n"
                                                     "mx1.long.exa…    5  ok\n"
                                                     "mx2            120\n");
        assert_int_equal(lines.lines.v[2].tag, 8);
        assert_true(lines.lines.v[0].heading);
        ui_list_fini(&list);
        ui_surface_fini(&s);
    }
}

static void text_is_wrapped_at_blanks(void **state)
{
    (void)state;
    struct ui_lines lines;
    ui_lines_init(&lines, arena);
    ui_lines_wrap(&lines, 12, 0, 2, UI_STYLE_NORMAL, "one two three averyveryverylongword x");
    static const char *const want[] = { "one two", "three", "averyveryv", "erylongwor", "d x" };
    assert_int_equal(lines.lines.n, MXS_COUNT(want) );
    for (size_t i = 0; i < MXS_COUNT(want); i++)
        assert_string_equal(ui_line_text(&lines.lines.v[i]), want[i]);
    ui_lines_pair(&lines, 30, 8, "name", UI_STYLE_NORMAL, "");
    ui_lines_pair(&lines, 30, 8, "name", UI_STYLE_NORMAL, NULL);
    assert_int_equal(lines.lines.n, 6);
    assert_string_equal(ui_line_text(&lines.lines.v[5]), "name -");
}

static void keys_have_names(void **state)
{
    (void)state;
    static const char *const good[] = { "q", "Q", "^L", "F1", "F12", "PgUp", "S-Tab", "Space", "\\",
                                        "é", "[", "^Z", "Enter" };
    static const char *const bad[] = { "", "qq", "F0", "F13", "^l", "pgup", "Fx", "\xff" };
    char name[12];
    for (size_t i = 0; i < MXS_COUNT(good); i++)
        assert_string_equal(ui_key_name(ui_key_parse(good[i]), name), good[i]);
    for (size_t i = 0; i < MXS_COUNT(bad); i++)
        assert_int_equal(ui_key_parse(bad[i]), UI_KEY_NONE);
}

static void themes_tell_state_without_colour(void **state)
{
    (void)state;
    const struct ui_theme *mono = ui_theme_find("mono");
    struct ui_paint on = ui_theme_paint(mono, UI_STYLE_OK, UI_BACKING_SELECTED, 256);
    struct ui_paint off = ui_theme_paint(mono, UI_STYLE_OK, UI_BACKING_NONE, 256);
    assert_int_equal(on.fg, -1);
    assert_int_equal(on.bg, -1);
    assert_int_not_equal(on.attrs, off.attrs); /* the selection is seen */
    assert_string_equal(ui_theme_guess("15;0")->name, "dark");
    assert_string_equal(ui_theme_guess("0;15")->name, "light");
    assert_string_equal(ui_theme_guess(NULL)->name, "dark");
    assert_null(ui_theme_find("pink"));
    assert_string_equal(ui_theme_next(mono)->name, "dark");
    char seen[128] = { 0 };
    for (int i = 0; i < UI_STYLE_COUNT; i++) { /* a letter of its own for each style */
        char letter = ui_style_letter((enum ui_style)i);
        assert_null(strchr(seen, letter));
        seen[i] = letter;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_cuts_and_clips),
        cmocka_unit_test(wide_signs_never_leave_halves),
        cmocka_unit_test(matches_are_marked),
        cmocka_unit_test(list_scrolls_and_skips_headings),
        cmocka_unit_test(list_follows_the_end),
        cmocka_unit_test(list_filters_and_searches),
        cmocka_unit_test(long_lists_build_only_what_is_seen),
        cmocka_unit_test(tree_opens_and_closes),
        cmocka_unit_test(large_trees_start_closed_but_for_trouble),
        cmocka_unit_test(bytes_mark_the_field),
        cmocka_unit_test(tables_align_and_shrink),
        cmocka_unit_test(text_is_wrapped_at_blanks),
        cmocka_unit_test(keys_have_names),
        cmocka_unit_test(themes_tell_state_without_colour),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
