#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "journal/journal.h"

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

#define W(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define ATTRS(...) { __VA_ARGS__ }

/* One row: an event, and a node its tree must have. */
static void trees(void **state)
{
    static const struct {
        enum mxs_event_kind kind;
        enum mxs_dir dir;
        struct mxs_bytes data;
        struct mxs_attr attrs[4];
        const char *root, *path, *value;
        unsigned flags;
    } rows[] = {
        { MXS_EVENT_SMTP, MXS_DIR_OUT, W("EHLO me.example.org\r\n"), ATTRS({ "tls", "1" }),
          "SMTP command", "verb", "EHLO", 0 },
        { MXS_EVENT_SMTP, MXS_DIR_OUT, W("EHLO me.example.org\r\n"), ATTRS({ "tls", "1" }),
          "SMTP command", "event/tls", "1", 0 },
        { MXS_EVENT_SMTP, MXS_DIR_IN, W("250-mx\r\n250 SIZE 10\r\n"),
          ATTRS({ "code", "250" }, { "ehlo", "1" }), "SMTP reply", "keyword/octets", "10", 0 },
        { MXS_EVENT_SMTP, MXS_DIR_IN, W("250 SIZE 10\r\n"), ATTRS({ "code", "250" }),
          "SMTP reply", "text", "SIZE 10", 0 },
        { MXS_EVENT_HANDSHAKE, MXS_DIR_IN, W(""), ATTRS({ "type", "14" }), "handshake", "type",
          "14", 0 },
        { MXS_EVENT_HANDSHAKE, MXS_DIR_IN, W("\x01"), ATTRS({ "type", "24" }, { "version", "772" }),
          "KeyUpdate", "request_update", "update_requested (1)", 0 },
        { MXS_EVENT_HANDSHAKE, MXS_DIR_IN, W("\0\0\0\0"),
          ATTRS({ "type", "11" }, { "version", "772" }), "Certificate", "context", "empty", 0 },
        { MXS_EVENT_HANDSHAKE, MXS_DIR_IN, W("\0\0\0"),
          ATTRS({ "type", "11" }, { "version", "771" }), "Certificate", "Certificate",
          "no certificate", 0 },
        { MXS_EVENT_ALERT, MXS_DIR_IN, W("\x02\x2b"), ATTRS({ "level", "2" }, { "code", "43" }),
          "alert", "description", "unsupported_certificate (43)", 0 },
        { MXS_EVENT_RECORD, MXS_DIR_OUT, W("\x17\x03\x03\0\1x"), ATTRS({ NULL, NULL }), "record",
          "type", "application_data (23)", 0 },
        { MXS_EVENT_CCS, MXS_DIR_OUT, W("\x01"), ATTRS({ NULL, NULL }), "ChangeCipherSpec", "type",
          "1", 0 },
        { MXS_EVENT_CCS, MXS_DIR_OUT, W("\x02"), ATTRS({ NULL, NULL }), "ChangeCipherSpec",
          "ChangeCipherSpec", NULL, MXS_FIELD_MALFORMED },
        { MXS_EVENT_CCS, MXS_DIR_OUT, W(""), ATTRS({ NULL, NULL }), "ccs", "ccs", "summary", 0 },
        { MXS_EVENT_GLUED, MXS_DIR_IN, W("250 ok\x1b\r\n"), ATTRS({ NULL, NULL }),
          "behind the 220 of STARTTLS", "octets", "250 ok\\x1b\\r\\n", 0 },
        { MXS_EVENT_KEYLOG, MXS_DIR_NONE, W("CLIENT_RANDOM aa bb"), ATTRS({ NULL, NULL }),
          "key log", "client random", "aa", 0 },
        { MXS_EVENT_KEYLOG, MXS_DIR_NONE, W("CLIENT_RANDOM"), ATTRS({ NULL, NULL }), "key log",
          "label", "CLIENT_RANDOM", 0 },
        { MXS_EVENT_POLICY, MXS_DIR_IN, W("version: STSv1\nmode: enforce\n"),
          ATTRS({ "url", "https://mta-sts.example.org/.well-known/mta-sts.txt" },
                { "status", "200" }),
          NULL, "event/status", "200", 0 },
        { MXS_EVENT_POLICY_CERTIFICATE, MXS_DIR_IN, W("\x30\x03\x02\x01"),
          ATTRS({ "depth", "0" }), "Certificate", "Certificate", NULL, MXS_FIELD_MALFORMED },
        { MXS_EVENT_DNS, MXS_DIR_IN, W("\x12\x34\x81\x80\0\0\0\0\0\0\0\0"),
          ATTRS({ "qname", "example.org" }, { "security", "bogus" }, { "why", "no\nkeys" }), NULL,
          "event/why", "no\\nkeys", 0 },
        { MXS_EVENT_CONNECT, MXS_DIR_OUT, W(""), ATTRS({ "remote", "192.0.2.25:25" }), "connect",
          "remote", "192.0.2.25:25", 0 },
        { MXS_EVENT_NOTE, MXS_DIR_NONE, W("bytes"), ATTRS({ "id", "odd" }), "note", "id", "odd",
          0 },
        { MXS_EVENT_WALK_END, MXS_DIR_NONE, W(""), ATTRS({ NULL, NULL }), "walk-end", "walk-end",
          "summary", 0 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_event event = { .kind = rows[i].kind, .dir = rows[i].dir, .data = rows[i].data,
                                   .attrs = rows[i].attrs, .summary = "summary" };
        while (event.n_attrs < 4 && rows[i].attrs[event.n_attrs].name)
            event.n_attrs++;
        struct mxs_field *root = mxs_event_fields(*state, &event);
        const struct mxs_field *f = mxs_field_find(root, rows[i].path);
        if (!f)
            fail_msg("row %zu: no %s", i, rows[i].path);
        if (rows[i].root)
            assert_string_equal(root->name, rows[i].root);
        if (rows[i].value)
            assert_string_equal(f->value, rows[i].value);
        assert_int_equal(f->flags, rows[i].flags);
    }
}

/* Every kind gives a tree, with and without bytes, whatever the attributes say. */
static void every_kind(void **state)
{
    static const struct mxs_attr attrs[] = { { "type", "x" }, { "version", "99999999999" } };
    for (int kind = 0; kind <= MXS_EVENT_KIND_COUNT; kind++)
        for (size_t n = 0; n < 4; n++) {
            struct mxs_event event = { .kind = (enum mxs_event_kind)kind, .dir = MXS_DIR_IN,
                                       .data = mxs_bytes("\xff\xff\xff", n), .attrs = attrs,
                                       .n_attrs = n / 2, .summary = "" };
            struct mxs_field *root = mxs_event_fields(*state, &event);
            assert_non_null(root);
            assert_non_null(root->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trees, setup, teardown),
        cmocka_unit_test_setup_teardown(every_kind, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
