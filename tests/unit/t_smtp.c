#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "facts/smtp.h"

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

/* A copy of exactly n bytes on the heap, so that a read past the end is seen by ASan. */
static struct mxs_bytes tight(const void *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    return mxs_bytes(copy, n);
}

static void replies(void **state)
{
    static const struct {
        const char *wire;
        size_t n;
        enum mxs_err err;
        int code;
        size_t used, lines;
        const char *last, *enhanced;
        unsigned quirks;
    } rows[] = {
#define W(s) s, sizeof s - 1
        { W("220 mx ESMTP\r\n"), MXS_OK, 220, 14, 1, "mx ESMTP", NULL, 0 },
        { W("250\r\n"), MXS_OK, 250, 5, 1, "", NULL, 0 },
        { W("250 \r\n"), MXS_OK, 250, 6, 1, "", NULL, 0 },
        { W("250-a\r\n250-b\r\n250 c\r\nNEXT"), MXS_OK, 250, 21, 3, "c", NULL, 0 },
        { W("250-a\r\n250\r\n"), MXS_OK, 250, 12, 2, "", NULL, 0 },
        { W("250-a\n250 b\n"), MXS_OK, 250, 12, 2, "b", NULL, MXS_SMTP_BARE_LF },
        { W("250-a\r\n550 b\r\n"), MXS_OK, 550, 14, 2, "b", NULL, MXS_SMTP_CODE_CHANGED },
        { W("554 5.7.1 no\r\n"), MXS_OK, 554, 14, 1, "5.7.1 no", "5.7.1", 0 },
        { W("554 5.7.1\r\n"), MXS_OK, 554, 11, 1, "5.7.1", "5.7.1", 0 },
        { W("554 5.7.1x\r\n"), MXS_OK, 554, 12, 1, "5.7.1x", NULL, 0 },
        { W("554 5.7\r\n"), MXS_OK, 554, 9, 1, "5.7", NULL, 0 },
        { W("554 3.7.1 no\r\n"), MXS_OK, 554, 14, 1, "3.7.1 no", NULL, 0 },
        { W("554 5.7890.1 no\r\n"), MXS_OK, 554, 17, 1, "5.7890.1 no", NULL, 0 },
        { W("220 a\0b\r\n"), MXS_OK, 220, 9, 1, "a\\x00b", NULL, MXS_SMTP_NUL },
        { W("220 \x1b[2J\r\n"), MXS_OK, 220, 10, 1, "\\x1b[2J", NULL, 0 },
        { W("999 odd\r\n"), MXS_OK, 999, 9, 1, "odd", NULL, 0 },
        { W(""), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("2"), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("220"), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("220-mx"), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("220-mx\r\n"), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("220-mx\r\n22"), MXS_ERR_NOT_FOUND, 0, 0, 0, NULL, NULL, 0 },
        { W("22\r\n"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("\r\n"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("\n"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("220x"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("2200 mx\r\n"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("220-mx\r\nhello"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
        { W("hello"), MXS_ERR_SYNTAX, 0, 0, 0, NULL, NULL, 0 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_smtp_reply reply = { 0 };
        struct mxs_bytes wire = tight(rows[i].wire, rows[i].n);
        size_t used = 99;
        struct mxs_why why = { 0 };
        enum mxs_err err = mxs_smtp_reply_parse(*state, wire, &reply, &used, &why);
        if (err != rows[i].err)
            print_error("row %zu: %s\n", i, rows[i].wire);
        assert_int_equal(err, rows[i].err);
        assert_int_equal(used, rows[i].used);
        assert_int_equal(reply.code, rows[i].code);
        assert_int_equal(reply.lines.n, rows[i].lines);
        assert_int_equal(reply.quirks, rows[i].quirks);
        if (rows[i].last)
            assert_string_equal(reply.lines.v[reply.lines.n - 1], rows[i].last);
        if (rows[i].enhanced)
            assert_string_equal(reply.enhanced, rows[i].enhanced);
        else
            assert_null(reply.enhanced);
        assert_int_equal(reply.raw.n, rows[i].used);
        if (err == MXS_ERR_SYNTAX)
            assert_true(strlen(why.text) > 10);
        free((void *)(uintptr_t)wire.p);
    }
}

static void strangers(void **state)
{
    static const struct {
        const char *wire, *word;
        size_t n;
    } rows[] = {
        { "\x15\x03\x03\x00\x02\x02\x28", "TLS alert", 7 },
        { "SSH-2.0-OpenSSH", "SSH", 15 },
        { "HTTP/1.1 400", "HTTP", 12 },
        { "* OK IMAP4", "IMAP", 10 },
        { "what\x1b is this", "\"what\\x1b is this\"", 13 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_smtp_reply reply;
        struct mxs_why why = { 0 };
        size_t used;
        struct mxs_bytes wire = mxs_bytes(rows[i].wire, rows[i].n);
        assert_int_equal(mxs_smtp_reply_parse(*state, wire, &reply, &used, &why), MXS_ERR_SYNTAX);
        assert_non_null(strstr(why.text, rows[i].word));
    }
}

static void bounds(void **state)
{
    struct mxs_smtp_reply reply;
    struct mxs_why why = { 0 };
    size_t used;
    struct mxs_buf buf;
    mxs_buf_init(&buf, 1 << 20);
    mxs_buf_puts(&buf, "220 ");
    while (buf.n < 4093)
        mxs_buf_putc(&buf, 'x');
    assert_int_equal(mxs_smtp_reply_parse(*state, mxs_buf_bytes(&buf), &reply, &used, &why),
                     MXS_ERR_NOT_FOUND);
    mxs_buf_puts(&buf, "x\r\n"); /* exactly the bound */
    assert_int_equal(mxs_smtp_reply_parse(*state, mxs_buf_bytes(&buf), &reply, &used, &why),
                     MXS_OK);
    assert_int_equal(reply.quirks, MXS_SMTP_LONG_LINE);
    mxs_buf_clear(&buf);
    mxs_buf_puts(&buf, "220 ");
    while (buf.n < 4096)
        mxs_buf_putc(&buf, 'x');
    assert_int_equal(mxs_smtp_reply_parse(*state, mxs_buf_bytes(&buf), &reply, &used, &why),
                     MXS_ERR_LIMIT);
    mxs_buf_clear(&buf);
    for (int i = 0; i < 200; i++)
        mxs_buf_puts(&buf, "250-x\r\n");
    assert_int_equal(mxs_smtp_reply_parse(*state, mxs_buf_bytes(&buf), &reply, &used, &why),
                     MXS_ERR_LIMIT);
    assert_non_null(strstr(why.text, "200 lines"));
    mxs_buf_fini(&buf);
}

static const char ehlo_wire[] = "250-mx.example.org greets you\r\n"
                                "250-SIZE 10485760\r\n"
                                "250-size\r\n"
                                "250-AUTH PLAIN EXTERNAL\r\n"
                                "250-AUTH=LOGIN PLAIN\r\n"
                                "250-LIMITS RCPTMAX=20 ODD=1\r\n"
                                "250-XXXXXXXA\r\n"
                                "250-STARTTLS\r\n"
                                "250-WIBBLE\r\n"
                                "250 SMTPUTF8\r\n";

static void keywords(void **state)
{
    struct mxs_smtp_reply reply;
    size_t used;
    assert_int_equal(mxs_smtp_reply_parse(*state, mxs_bytes_str(ehlo_wire), &reply, &used, NULL),
                     MXS_OK);
    assert_string_equal(mxs_smtp_keyword(&reply, "size"), "10485760");
    assert_string_equal(mxs_smtp_keyword(&reply, "STARTTLS"), "");
    assert_null(mxs_smtp_keyword(&reply, "START"));
    assert_null(mxs_smtp_keyword(&reply, "PIPELINING"));
    assert_null(mxs_smtp_keyword(&reply, "mx.example.org")); /* the greeting is no keyword */
    assert_true(mxs_smtp_keyword_has(&reply, "AUTH", "external"));
    assert_true(mxs_smtp_keyword_has(&reply, "AUTH", "LOGIN"));
    assert_false(mxs_smtp_keyword_has(&reply, "AUTH", "EXTERN"));
    assert_false(mxs_smtp_keyword_has(&reply, "SIZE", ""));
}

/* Every field with a value and a range must show what stands in that range. */
static void check_ranges(const struct mxs_field *root, const char *wire)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        assert_true(f->off + f->len <= strlen(wire));
        if (f->parent && f->len) {
            assert_true(f->off >= f->parent->off);
            assert_true(f->off + f->len <= f->parent->off + f->parent->len);
        }
        if (f->len && f != root && strcmp(f->name, "separator") && strcmp(f->name, "line end"))
            assert_memory_equal(f->value, wire + f->off, strlen(f->value));
    }
}

static void ehlo_fields(void **state)
{
    struct mxs_field *root = mxs_smtp_reply_fields(*state, mxs_bytes_str(ehlo_wire), true);
    check_ranges(root, ehlo_wire);
    assert_string_equal(mxs_field_find(root, "greeting/domain")->value, "mx.example.org");
    assert_string_equal(mxs_field_find(root, "greeting/greet")->value, "greets you");
    assert_string_equal(mxs_field_find(root, "octets/note")->value, "10.0 MiB");
    size_t external = (size_t)(strstr(ehlo_wire, "EXTERNAL") - ehlo_wire);
    const struct mxs_field *f = mxs_field_at(root, external + 3);
    assert_string_equal(f->name, "mechanism");
    assert_string_equal(f->value, "EXTERNAL");
    assert_int_equal(f->off, external);
    f = mxs_field_at(root, (size_t)(strstr(ehlo_wire, "ODD") - ehlo_wire));
    assert_int_equal(f->flags, MXS_FIELD_UNKNOWN);
    f = mxs_field_at(root, (size_t)(strstr(ehlo_wire, "XXXX") - ehlo_wire));
    assert_int_equal(f->flags, MXS_FIELD_WARN);
    f = mxs_field_at(root, (size_t)(strstr(ehlo_wire, "WIBBLE") - ehlo_wire));
    assert_int_equal(f->flags, MXS_FIELD_UNKNOWN);
    f = mxs_field_at(root, (size_t)(strstr(ehlo_wire, "STARTTLS") - ehlo_wire));
    assert_non_null(strstr(f->child->value, "RFC 3207"));
    assert_int_equal(root->flags, 0);
}

static void reply_fields(void **state)
{
    static const struct {
        const char *wire, *path, *value;
        unsigned flags;
    } rows[] = {
        { "554 5.7.1 no\r\n", "line/enhanced status", "5.7.1", 0 },
        { "554 5.7.1 no\r\n", "line/text", "no", 0 },
        { "220 mx\r\n", "line/code", "220", 0 },
        { "221 2.0.0\r\n", "code/note", "closing the channel", MXS_FIELD_NOTE },
        { "199 mx\r\n", "line/code", "199", MXS_FIELD_WARN },
        { "250-a\r\n250 b\n", "line end", "LF", MXS_FIELD_WARN },
        { "250-a\r\n", "SMTP reply", "250-a", MXS_FIELD_MALFORMED },
        { "250 a\r\n250 b\r\n", "SMTP reply", "250 a", 0 },
        { "250 a", "line", "250 a", MXS_FIELD_MALFORMED },
        { "hm\r\n", "line", "hm", MXS_FIELD_MALFORMED },
        { "250\r\n", "line/code", "250", 0 },
        { "", "SMTP reply", NULL, MXS_FIELD_MALFORMED },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes wire = tight(rows[i].wire, strlen(rows[i].wire));
        struct mxs_field *root = mxs_smtp_reply_fields(*state, wire, false);
        const struct mxs_field *f = mxs_field_find(root, rows[i].path);
        check_ranges(root, rows[i].wire);
        assert_non_null(f);
        if (rows[i].value)
            assert_string_equal(f->value, rows[i].value);
        assert_int_equal(f->flags, rows[i].flags);
        free((void *)(uintptr_t)wire.p);
    }
}

static void command_fields(void **state)
{
    static const struct {
        const char *wire, *path, *value;
        unsigned flags;
    } rows[] = {
        { "EHLO me.example.org\r\n", "verb", "EHLO", 0 },
        { "EHLO me.example.org\r\n", "argument", "me.example.org", 0 },
        { "STARTTLS\r\n", "verb", "STARTTLS", 0 },
        { "mail from:<a@b> SIZE=10 X=1\r\n", "path", "<a@b>", 0 },
        { "MAIL FROM:<> SIZE=10 X=1\r\n", "parameter", "SIZE=10", 0 },
        { "MAIL FROM:<>\r\n", "path/note", "the null sender, of bounces (RFC 5321 4.5.5)",
          MXS_FIELD_NOTE },
        { "RCPT <a@b>\r\n", "SMTP command", "RCPT <a@b>", MXS_FIELD_MALFORMED },
        { "AUTH EXTERNAL =\r\n", "mechanism", "EXTERNAL", 0 },
        { "AUTH EXTERNAL =\r\n", "initial response", "=", 0 },
        { "AUTH\r\n", "SMTP command", "AUTH", MXS_FIELD_MALFORMED },
        { "PING\r\n", "verb", "PING", MXS_FIELD_UNKNOWN },
        { "QUIT\n", "line end", "LF", MXS_FIELD_WARN },
        { "QUIT", "SMTP command", "QUIT", MXS_FIELD_MALFORMED },
        { "QUIT\r\nX", "behind the line", "X", MXS_FIELD_WARN },
        { "\r\n", "SMTP command", "", MXS_FIELD_MALFORMED },
        { "", "SMTP command", "", MXS_FIELD_MALFORMED },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes wire = tight(rows[i].wire, strlen(rows[i].wire));
        struct mxs_field *root = mxs_smtp_command_fields(*state, wire);
        const struct mxs_field *f = mxs_field_find(root, rows[i].path);
        check_ranges(root, rows[i].wire);
        assert_non_null(f);
        assert_string_equal(f->value, rows[i].value);
        assert_int_equal(f->flags, rows[i].flags);
        free((void *)(uintptr_t)wire.p);
    }
}

/* A reply cut anywhere wants more octets, and its tree stays inside. */
static void truncated(void **state)
{
    for (size_t n = 0; n < sizeof ehlo_wire - 1; n++) {
        struct mxs_bytes wire = tight(ehlo_wire, n);
        struct mxs_smtp_reply reply;
        size_t used;
        assert_int_equal(mxs_smtp_reply_parse(*state, wire, &reply, &used, NULL),
                         MXS_ERR_NOT_FOUND);
        struct mxs_field *root = mxs_smtp_reply_fields(*state, wire, true);
        assert_true(mxs_field_find(root, "malformed") != NULL);
        mxs_smtp_command_fields(*state, wire);
        free((void *)(uintptr_t)wire.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replies, setup, teardown),
        cmocka_unit_test_setup_teardown(strangers, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(keywords, setup, teardown),
        cmocka_unit_test_setup_teardown(ehlo_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(reply_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(command_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(truncated, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
