#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/text.h"

static int setup(void **state)
{
    *state = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    mxs_arena_free(*state);
    return 0;
}

static const char *clean(void *arena, const char *p, size_t n)
{
    return mxs_text_clean(arena, mxs_bytes(p, n));
}

static void text_clean(void **state)
{
    assert_string_equal(clean(*state, "a\r\n\t\0b", 6), "a\\r\\n\\t\\x00b");
    assert_string_equal(clean(*state, "\x1b[2J\x7f", 5), "\\x1b[2J\\x7f");
    assert_string_equal(clean(*state, "\xc2\x9b", 2), "\\x9b");
    assert_string_equal(clean(*state, "gr\xc3\xbc\xc3\x9f", 6), "gr\xc3\xbc\xc3\x9f");
    assert_string_equal(clean(*state, "\xc3(", 2), "\xef\xbf\xbd(");
    assert_string_equal(clean(*state, "\xed\xa0\x80", 3), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(clean(*state, "\xe2\x80\xae", 3), "\\u{202e}");
    assert_string_equal(clean(*state, "\xf0\x9f\x98\x80", 4), "\xf0\x9f\x98\x80");
    assert_string_equal(mxs_text_clip(*state, mxs_bytes("abcdef", 6), 3), "abc...");
    assert_string_equal(mxs_text_clip(*state, mxs_bytes("ab\xc3\xbc", 4), 3), "ab...");
}

static void text_hex_base64(void **state)
{
    struct mxs_bytes b;
    assert_string_equal(mxs_hex(*state, mxs_bytes("\x00\xaf", 2)), "00af");
    assert_int_equal(mxs_hex_parse(*state, "00:AF 1", &b), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_hex_parse(*state, "00:AF", &b), MXS_OK);
    assert_int_equal(b.n, 2);
    assert_string_equal(mxs_base64(*state, mxs_bytes("fooba", 5)), "Zm9vYmE=");
    assert_int_equal(mxs_base64_parse(*state, "Zm9v\nYmE=", 9, &b), MXS_OK);
    assert_int_equal(b.n, 5);
    assert_memory_equal(b.p, "fooba", 5);
    assert_int_equal(mxs_base64_parse(*state, "Zm9vYm", 6, &b), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_base64_parse(*state, "Zm=v", 4, &b), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_base64_parse(*state, "====", 4, &b), MXS_ERR_SYNTAX);
}

static void text_ascii(void **state)
{
    (void)state;
    assert_true(mxs_ascii_equal("StartTLS", "STARTTLS"));
    assert_false(mxs_ascii_equal("STARTTL", "STARTTLS"));
    assert_true(mxs_glob("postfix/smtp/*", "postfix/smtp/dane"));
    assert_false(mxs_glob("postfix/smtp/?", "postfix/smtp/dane"));
    assert_true(mxs_glob("*", ""));
    assert_int_equal(mxs_text_distance("YR1", "yr1"), 0);
    assert_int_equal(mxs_text_distance("RY1", "YR1"), 2);
    assert_int_equal(mxs_text_distance("", "abc"), 3);
    assert_int_equal(mxs_text_distance("abc", ""), 3);
}

static void buf_bounds(void **state)
{
    (void)state;
    struct mxs_buf buf;
    mxs_buf_init(&buf, 8);
    assert_int_equal(mxs_buf_puts(&buf, "12345678"), MXS_OK);
    assert_int_equal(mxs_buf_putc(&buf, '9'), MXS_ERR_LIMIT);
    mxs_buf_take(&buf, 6);
    assert_int_equal(mxs_buf_printf(&buf, "%d", 123456), MXS_OK);
    assert_int_equal(mxs_buf_printf(&buf, "%d", 1), MXS_ERR_LIMIT);
    assert_string_equal(mxs_buf_str(&buf), "78123456");
    mxs_buf_fini(&buf);
}

static void text_joined(void **state)
{
    struct mxs_strs list = { 0 };
    assert_string_equal(mxs_text_joined(*state, &list, ", "), "");
    *mxs_list_add(*state, &list) = "one";
    assert_string_equal(mxs_text_joined(*state, &list, ", "), "one");
    *mxs_list_add(*state, &list) = "";
    *mxs_list_add(*state, &list) = "three";
    assert_string_equal(mxs_text_joined(*state, &list, " or "), "one or  or three");
    assert_string_equal(mxs_text_joined(*state, &list, ""), "onethree");
}

/* A reason is one line for a terminal, whatever is named in it. */
static void reasons_are_clean(void **state)
{
    struct mxs_why why;
    char longer[400];
    (void)state;
    assert_int_equal(mxs_why_set(&why, MXS_ERR_IO, "%s: %d", "gr\xc3\xbc\xc3\x9f/a\n\x1b[2J\x7f", 7), MXS_ERR_IO);
    assert_string_equal(why.text, "gr\xc3\xbc\xc3\x9f/a??[2J?: 7");
    mxs_why_set(&why, MXS_ERR_IO, "%s", "\xc2\x9b" "31m \xe2\x80\xae \xff\xc3");
    assert_string_equal(why.text, "?31m ? ??");
    memset(longer, 0, sizeof longer);
    for (size_t i = 0; i + 3 < sizeof longer; i += 3)
        memcpy(longer + i, "\xe2\x82\xac", 3); /* cut inside of a character */
    mxs_why_set(&why, MXS_ERR_IO, "%s", longer);
    assert_int_equal(strlen(why.text), 319);
    assert_string_equal(why.text + 315, "\xe2\x82\xac?");
}

static void clock_parse(void **state)
{
    static const struct {
        const char *text;
        int64_t wall;
    } rows[] = {
        { "1970-01-01", 0 },
        { "2026-11-21T23:53:12Z", 1795305192 },
        { "2026-11-21T23:53Z", 1795305180 },
        { "2026-11-22T01:53:12+02:00", 1795305192 },
        { "2000-02-29", 951782400 },
        { "2026-02-29", -1 },
        { "2026-13-01", -1 },
        { "2026-11-21T25:00:00Z", -1 },
        { "2026-11-21x", -1 },
        { "2026-11-21T23:53:12+14:00", 1795305192 - 14 * 3600 },
        { "2026-11-21T23:53:12+24:00", -1 },
        { "2026-11-21T23:53:12-02:60", -1 },
        { "2026-11-21T23:53:12+-2:00", -1 },
        { "2026-+1-21", -1 },
        { " 2026-11-21", -1 },
        { "2026-1-2", -1 },
        { "2026-11-21T 1:00Z", -1 },
        { "", -1 },
        { "soon", -1 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        int64_t wall = -1;
        enum mxs_err err = mxs_time_parse(rows[i].text, &wall);
        assert_int_equal(err, rows[i].wall < 0 ? MXS_ERR_SYNTAX : MXS_OK);
        assert_int_equal(wall, rows[i].wall);
    }
    assert_string_equal(mxs_time_text(*state, 1795305192), "2026-11-21T23:53:12Z");
}

static void cursor_vectors(void **state)
{
    (void)state;
    struct mxs_cursor c = mxs_cursor(mxs_bytes("\x02\xaa\xbb\x05\x01", 5));
    struct mxs_cursor inner = mxs_cursor_vector(&c, 1);
    assert_int_equal(mxs_cursor_uint(&inner, 2), 0xaabb);
    assert_int_equal(mxs_cursor_offset(&inner), 3);
    mxs_cursor_vector(&c, 1);
    assert_true(c.bad);
    assert_int_equal(mxs_cursor_uint(&c, 4), 0);
}

static void arena_lists(void **state)
{
    struct mxs_strs list = { 0 };
    for (int i = 0; i < 100; i++)
        *mxs_list_add(*state, &list) = mxs_arena_printf(*state, "%d", i);
    assert_int_equal(list.n, 100);
    assert_string_equal(list.v[99], "99");
    char *big = mxs_arena_alloc(*state, 100000);
    assert_int_equal(big[99999], 0);
}

static void file_round(void **state)
{
    struct mxs_why why;
    struct mxs_bytes got;
    assert_int_equal(mxs_file_write("t_base.tmp", mxs_bytes_str("hello"), 0600, &why), MXS_OK);
    assert_int_equal(mxs_file_read(*state, "t_base.tmp", 5, &got, &why), MXS_OK);
    assert_true(mxs_bytes_equal(got, mxs_bytes_str("hello")));
    assert_int_equal(mxs_file_read(*state, "t_base.tmp", 4, &got, &why), MXS_ERR_LIMIT);
    unlink("t_base.tmp");
    assert_int_equal(mxs_file_read(*state, "t_base.tmp", 4, &got, &why), MXS_ERR_IO);
    assert_string_equal(why.text, "t_base.tmp: No such file or directory");
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode;
}

/* A pipe stays a pipe (as /dev/full a device), and a symbolic link a link. */
static void file_not_replaced(void **state)
{
    struct mxs_why why;
    struct mxs_bytes got;
    char text[8] = "";
    unlink("t_base.pipe");
    assert_int_equal(mkfifo("t_base.pipe", 0600), 0);
    int fd = open("t_base.pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_int_equal(mxs_file_write("t_base.pipe", mxs_bytes_str("hello"), 0600, &why), MXS_OK);
    assert_int_equal(read(fd, text, sizeof text), 5);
    assert_string_equal(text, "hello");
    assert_true(S_ISFIFO(mode_of("t_base.pipe")));
    close(fd);
    unlink("t_base.pipe");

    unlink("t_base.link");
    assert_int_equal(mxs_file_write("t_base.tmp", mxs_bytes_str("old"), 0600, &why), MXS_OK);
    assert_int_equal(symlink("t_base.tmp", "t_base.link"), 0);
    assert_int_equal(mxs_file_write("t_base.link", mxs_bytes_str("new"), 0600, &why), MXS_OK);
    assert_true(S_ISLNK(mode_of("t_base.link")));
    assert_int_equal(mxs_file_read(*state, "t_base.tmp", 4, &got, &why), MXS_OK);
    assert_true(mxs_bytes_equal(got, mxs_bytes_str("new")));
    unlink("t_base.link");
    unlink("t_base.tmp");
}

static void file_mode(void **state)
{
    struct mxs_why why;
    mode_t old = umask(027);
    (void)state;
    assert_int_equal(mxs_file_write("t_base.tmp", mxs_bytes_str("x"), 0666, &why), MXS_OK);
    assert_int_equal(mode_of("t_base.tmp") & 0777, 0640);
    assert_int_equal(umask(old), 027);
    unlink("t_base.tmp");
    assert_int_equal(mxs_file_write("t_base.none/x", mxs_bytes_str("x"), 0666, &why), MXS_ERR_IO);
    assert_string_equal(why.text, "t_base.none/x: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_clean, setup, teardown),
        cmocka_unit_test_setup_teardown(text_hex_base64, setup, teardown),
        cmocka_unit_test(text_ascii),
        cmocka_unit_test(buf_bounds),
        cmocka_unit_test_setup_teardown(text_joined, setup, teardown),
        cmocka_unit_test_setup_teardown(reasons_are_clean, setup, teardown),
        cmocka_unit_test_setup_teardown(clock_parse, setup, teardown),
        cmocka_unit_test(cursor_vectors),
        cmocka_unit_test_setup_teardown(arena_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(file_round, setup, teardown),
        cmocka_unit_test_setup_teardown(file_not_replaced, setup, teardown),
        cmocka_unit_test(file_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
