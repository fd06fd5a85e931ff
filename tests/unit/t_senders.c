/* The data of large senders fit the findings and the profiles, and faults name file and line. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/finding.h"
#include "judge/profile.h"
#include "judge/senders.h"

static const char *const all[] = { "dane", "mta-sts", "tls", "tlsa-limit" };

static struct mxs_senders *shipped(void)
{
    struct mxs_senders *senders;
    struct mxs_why why;
    if (mxs_senders_load(MXS_TEST_SHARE "/senders", &senders, &why))
        fail_msg("%s", why.text);
    return senders;
}

static void data_fit(void **state)
{
    struct mxs_senders *senders = shipped();
    struct mxs_profiles *profiles;
    int64_t as_of;
    (void)state;
    assert_int_equal(mxs_profiles_load(MXS_TEST_SHARE "/verifiers", &profiles, NULL), MXS_OK);
    assert_int_equal(mxs_time_parse(senders->as_of, &as_of), MXS_OK);
    assert_true(senders->v.n >= 4);
    for (size_t i = 0; i < senders->v.n; i++) {
        const struct mxs_large_sender *s = &senders->v.v[i];
        assert_true(s->enforces.n > 0);
        for (size_t k = 0; k < s->enforces.n; k++) {
            const struct mxs_enforcement *e = &s->enforces.v[k];
            assert_true(e->from <= as_of && (e->until == INT64_MAX || e->until > e->from));
            assert_true(strchr(e->source, '.') && strchr(e->source, '/')); /* an address */
            if (e->from == INT64_MIN && !e->note)
                fail_msg("%s, %s: neither a date nor a word about it", s->id, e->what);
        }
        if (s->verifier)
            assert_non_null(mxs_profile_find(profiles, s->verifier));
    }
    mxs_profiles_free(profiles);
    mxs_senders_free(senders);
}

/* Whatever a finding needs, somebody is known to act on it; whatever is enforced, a finding names. */
static void findings_fit(void **state)
{
    struct mxs_senders *senders = shipped();
    struct mxs_arena *arena = mxs_arena_new();
    bool used[MXS_COUNT(all)] = { false };
    (void)state;
    for (int i = 0; i < MXS_F_COUNT; i++) {
        const char *id = mxs_finding_rows()[i].id, *what = mxs_finding_enforcement(id);
        struct mxs_strs names = mxs_senders_against(arena, senders, id, 1800000000);
        assert_int_equal(names.n > 0, what != NULL);
        for (size_t k = 0; what && k < MXS_COUNT(all); k++)
            used[k] |= strcmp(all[k], what) == 0;
        if (what && mxs_finding_rows()[i].severity < MXS_SEVERITY_WARNING)
            fail_msg("%s breaks nothing", id);
    }
    for (size_t k = 0; k < MXS_COUNT(all); k++)
        assert_true(used[k]);
    assert_int_equal(mxs_senders_against(arena, NULL, "tlsa-stale", 0).n, 0);
    mxs_arena_free(arena);
    mxs_senders_free(senders);
}

/* Whom a finding names depends on its date, and the names fit a line of a narrow screen. */
static void dated(void **state)
{
    static const struct {
        const char *finding, *at, *names;
    } rows[] = {
        { "tlsa-stale", "2013-12-31", "" },
        { "tlsa-stale", "2014-06-01", "Posteo" },
        { "tlsa-stale", "2021-01-01", "Posteo, Tuta" },
        { "tlsa-stale", "2026-11-21", "Exchange Online, Posteo, Tuta" },
        { "sts-certificate", "2019-04-15", "" },
        { "sts-certificate", "2022-02-01", "Gmail" },
        { "sts-certificate", "2022-02-02", "Exchange Online, Gmail" },
        { "starttls-absent", "2026-11-21", "Posteo" },
        { "tlsa-many", "2026-11-21", "Exchange Online" },
    };
    struct mxs_senders *senders = shipped();
    struct mxs_arena *arena = mxs_arena_new();
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        int64_t at;
        assert_int_equal(mxs_time_parse(rows[i].at, &at), MXS_OK);
        struct mxs_strs names = mxs_senders_against(arena, senders, rows[i].finding, at);
        const char *text = mxs_text_joined(arena, &names, ", ");
        if (strcmp(text, rows[i].names) != 0)
            fail_msg("%s at %s: %s", rows[i].finding, rows[i].at, text);
        assert_true(strlen(text) < 60);
    }
    mxs_arena_free(arena);
    mxs_senders_free(senders);
}

#define HEAD "{\"schema\": \"mxscope.senders/1\", \"as_of\": \"2026-01-01\", \"senders\": [\n"
#define SENDER "{\"id\": \"a\", \"name\": \"A\", \"operator\": \"O\", \"enforces\": [\n"

static void faults(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{", ":1: string or '}' expected near end of file" },
        { "{\"schema\": \"mxscope.senders/2\"}", ":1: \"schema\" is \"mxscope.senders/2\", not one of: "
                                                "mxscope.senders/1" },
        { HEAD SENDER "{\"what\": \"dkim\"}]}]}", ":3: \"what\" is \"dkim\", not one of: dane mta-sts tls "
                                                  "tlsa-limit" },
        { HEAD SENDER "{\"what\": \"dane\", \"certainty\": \"observed\"}]}]}", ": \"source\" is missing" },
        { HEAD SENDER "]},\n{\"id\": \"a\", \"name\": \"A\", \"operator\": \"O\"}]}",
          ":2: the sender \"a\" stands twice" },
    };
    char folder[] = "/tmp/mxscope-senders-XXXXXX";
    struct mxs_arena *arena = mxs_arena_new();
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = mxs_arena_printf(arena, "%s/a.json", folder);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_senders *senders;
        struct mxs_why why;
        assert_int_equal(mxs_file_write(path, mxs_bytes_str(rows[i].text), 0600, NULL), MXS_OK);
        assert_int_not_equal(mxs_senders_load(folder, &senders, &why), MXS_OK);
        assert_null(senders);
        if (strncmp(why.text, path, strlen(path)) != 0 ||
            strcmp(why.text + strlen(path), rows[i].why) != 0)
            fail_msg("row %zu: %s", i, why.text);
    }
    unlink(path);
    rmdir(folder);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_fit),
        cmocka_unit_test(findings_fit),
        cmocka_unit_test(dated),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
