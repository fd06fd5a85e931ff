#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lines.h"
#include "journal/fold.h"
#include "journal/record.h"

#include "journal_test.h"

static const char file[] = "t_record.tmp";

struct world {
    struct mxs_arena *arena;
    struct mxs_clock clock;
    struct mxs_journal *journal, *again;
    struct mxs_record_header header, got;
    struct mxs_why why;
};

static int setup(void **state)
{
    struct world *w = mxs_alloc(sizeof *w);
    w->arena = mxs_arena_new();
    w->clock = mxs_clock_frozen(1795305192);
    w->journal = mxs_journal_new(&w->clock);
    w->clock.frozen += 1000; /* read back later */
    w->again = mxs_journal_new(&w->clock);
    w->header = (struct mxs_record_header){ .version = "0.1.0", .target = "example.org",
                                            .started = 1795305192, .at = 1795305000 };
    *mxs_list_add(w->arena, &w->header.options) = "mxscope";
    *mxs_list_add(w->arena, &w->header.options) = "example.org";
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    unlink(file);
    mxs_journal_free(w->journal);
    mxs_journal_free(w->again);
    mxs_arena_free(w->arena);
    mxs_realloc(w, 0);
    return 0;
}

static void put(struct world *w, const char *text)
{
    assert_int_equal(mxs_file_write(file, mxs_bytes_str(text), 0600, &w->why), MXS_OK);
}

static enum mxs_err get(struct world *w)
{
    return mxs_record_read(file, w->arena, &w->got, w->again, &w->why);
}

static void round_trip(void **state)
{
    struct world *w = *state;
    emit(w->journal, 0, MXS_STAGE_NONE, MXS_EVENT_WALK, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "target", "example.org" }, { "kind", "domain" }));
    emit(w->journal, 7, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("250 \0\xff\x1b\r\n"),
         ATTRS({ "code", "250" }, { "ehlo", "1" }));
    mxs_journal_append(w->journal, &(struct mxs_event){ .kind = MXS_EVENT_NOTE,
                                                        .stage = MXS_STAGE_NONE,
                                                        .summary = "caf\xc3\xa9 \"quoted\"" });
    assert_int_equal(mxs_record_write(file, &w->header, w->journal, &w->why), MXS_OK);
    assert_int_equal(get(w), MXS_OK);
    assert_int_equal(mxs_journal_count(w->again), 3);
    assert_int_equal(mxs_journal_started(w->again), 1795305192);
    assert_int_equal(w->got.at, 1795305000);
    assert_string_equal(w->got.options.v[1], "example.org");
    assert_null(w->got.catalog);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(mxs_record_line(w->arena, mxs_journal_at(w->again, i)),
                            mxs_record_line(w->arena, mxs_journal_at(w->journal, i)));
    const struct mxs_event *smtp = mxs_journal_at(w->again, 1);
    assert_true(mxs_bytes_equal(smtp->data, BYTES("250 \0\xff\x1b\r\n")));
    assert_int_equal(smtp->session, 7);
    assert_int_equal(smtp->stage, MXS_STAGE_EHLO);
    assert_int_equal(smtp->dir, MXS_DIR_IN);
}

static void line(void **state)
{
    struct world *w = *state;
    emit(w->journal, 2, MXS_STAGE_BANNER, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("220 x\r\n"),
         ATTRS({ "code", "220" }));
    assert_string_equal(mxs_record_line(w->arena, mxs_journal_at(w->journal, 0)),
                        "{\"seq\":1,\"t\":1000,\"stage\":\"banner\",\"kind\":\"smtp\","
                        "\"direction\":\"in\",\"summary\":\"smtp\",\"data\":\"MjIwIHgNCg==\","
                        "\"session\":2,\"attributes\":{\"code\":\"220\"}}");
}

#define HEADER                                                                        \
    "{\"schema\":\"mxscope.session/1\",\"version\":\"9\",\"target\":\"x\","           \
    "\"started\":\"2026-11-21T23:53:12Z\",\"at\":\"2026-11-21T23:53:12Z\","           \
    "\"catalog\":null,\"options\":[],\"anchors\":[]}\n"

static void unknown_kind_is_a_note(void **state)
{
    struct world *w = *state;
    put(w, HEADER "{\"seq\":1,\"t\":5,\"stage\":\"warp\",\"kind\":\"quic\",\"direction\":null,"
                  "\"summary\":\"a \\u001b[2J b\",\"data\":\"AAE=\",\"session\":0,"
                  "\"attributes\":{\"x\":\"\\u001by\",\"n\":5},\"more\":[1]}");
    assert_int_equal(get(w), MXS_OK);
    const struct mxs_event *e = mxs_journal_at(w->again, 0);
    assert_int_equal(e->kind, MXS_EVENT_NOTE);
    assert_string_equal(mxs_event_attr(e, "id"), "unknown-kind");
    assert_string_equal(mxs_event_attr(e, "kind"), "quic");
    assert_string_equal(mxs_event_attr(e, "x"), "\\x1by"); /* a file can hold anything */
    assert_string_equal(e->summary, "a \\x1b[2J b");
    assert_int_equal(e->stage, MXS_STAGE_NONE);
    assert_int_equal(e->data.n, 2);
}

#define EVENT(n, rest) "{\"seq\":" #n ",\"t\":1," rest "\"kind\":\"note\"}\n"

static void malformed(void **state)
{
    static const struct {
        const char *text, *reason;
        enum mxs_err err;
        size_t events; /* what was read before */
    } rows[] = {
        { "", "t_record.tmp: empty, not a recorded session", MXS_ERR_SYNTAX, 0 },
        { "\n", "t_record.tmp:1: empty line", MXS_ERR_SYNTAX, 0 },
        { "hello\n", "t_record.tmp:1:5: not JSON ('[' or '{' expected near 'hello')",
          MXS_ERR_SYNTAX, 0 },
        { "[]\n", "t_record.tmp:1: not a JSON object", MXS_ERR_SYNTAX, 0 },
        { "{\"schema\":\"mxscope.report/1\"}\n",
          "t_record.tmp:1: not a recorded session (no schema mxscope.session/1)", MXS_ERR_SYNTAX, 0 },
        { "{\"schema\":\"mxscope.session/2\"}\n",
          "t_record.tmp:1: schema mxscope.session/2 is newer than this program (mxscope.session/1)",
          MXS_ERR_UNSUPPORTED, 0 },
        { "{\"schema\":\"mxscope.session/1\",\"started\":\"soon\"}\n",
          "t_record.tmp:1: \"started\" is not an RFC 3339 time", MXS_ERR_SYNTAX, 0 },
        { HEADER EVENT(1, "") EVENT(3, ""), "t_record.tmp:3: event 3 where 2 is expected",
          MXS_ERR_SYNTAX, 1 },
        { HEADER EVENT(1, "\"data\":\"A=A\","), "t_record.tmp:2: \"data\" is not base64",
          MXS_ERR_SYNTAX, 0 },
        { HEADER EVENT(1, "\"data\":5,"), "t_record.tmp:2: \"data\" is not base64",
          MXS_ERR_SYNTAX, 0 },
        { HEADER EVENT(1, "\"session\":-1,"), "t_record.tmp:2: \"session\" or \"t\" is out of range",
          MXS_ERR_SYNTAX, 0 },
        { HEADER "{\"seq\":1,\"t\":1}\n", "t_record.tmp:2: an event without \"kind\"",
          MXS_ERR_SYNTAX, 0 },
        { HEADER "{\"kind\":\"note\"}\n", "t_record.tmp:2: an event without \"seq\" or \"t\"",
          MXS_ERR_SYNTAX, 0 },
        { HEADER EVENT(1, "") "{\"seq\":2,", NULL, MXS_ERR_SYNTAX, 1 }, /* cut short */
        { HEADER "{\"seq\":1,\"seq\":1,\"t\":1,\"kind\":\"note\"}\n", NULL, MXS_ERR_SYNTAX, 0 },
    };
    struct world *w = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        mxs_journal_free(w->again);
        w->again = mxs_journal_new(&w->clock);
        put(w, rows[i].text);
        assert_int_equal(get(w), rows[i].err);
        if (rows[i].reason)
            assert_string_equal(w->why.text, rows[i].reason);
        assert_int_equal(mxs_journal_count(w->again), rows[i].events);
    }
    unlink(file);
    assert_int_equal(get(w), MXS_ERR_IO);
    assert_string_equal(w->why.text, "t_record.tmp: No such file or directory");
}

static void a_long_line_is_refused(void **state)
{
    struct world *w = *state;
    FILE *f = fopen(file, "w");
    fputs(HEADER "{\"seq\":1,\"t\":1,\"kind\":\"note\",\"summary\":\"", f);
    for (int i = 0; i < 9 << 10; i++)
        fprintf(f, "%01024d", 0);
    fputs("\"}\n", f);
    fclose(f);
    assert_int_equal(get(w), MXS_ERR_LIMIT);
    assert_string_equal(w->why.text, "t_record.tmp:2: line longer than 8388608 bytes");
}

static void lines(void **state)
{
    static const char *const want[] = { "one", "", "three\r", "last" };
    struct world *w = *state;
    struct mxs_lines *l;
    struct mxs_bytes got;
    put(w, "one\r\n\nthree\r\r\nlast");
    assert_int_equal(mxs_lines_open(file, 100, 10, &l, &w->why), MXS_OK);
    for (size_t i = 0; i < MXS_COUNT(want); i++) {
        assert_int_equal(mxs_lines_next(l, &got, &w->why), MXS_OK);
        assert_true(mxs_bytes_equal(got, mxs_bytes_str(want[i])));
        assert_int_equal(mxs_lines_number(l), i + 1);
    }
    assert_int_equal(mxs_lines_next(l, &got, &w->why), MXS_ERR_NOT_FOUND);
    mxs_lines_close(l);
    assert_int_equal(mxs_lines_open(file, 10, 10, &l, &w->why), MXS_OK);
    assert_int_equal(mxs_lines_next(l, &got, &w->why), MXS_ERR_LIMIT);
    assert_string_equal(w->why.text, "t_record.tmp: larger than 10 bytes");
    mxs_lines_close(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(line, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_kind_is_a_note, setup, teardown),
        cmocka_unit_test_setup_teardown(malformed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_line_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(lines, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
