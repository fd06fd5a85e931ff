#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/tlsa.h"
#include "whatif/change.h"
#include "whatif/scenario.h"

#include "catalog_world.h"

/* --- one line that names file, line and what is allowed ------------------------------------------- */

#define HEAD "[scenario]\ntitle = T\n[changes]\n"

static const struct fault {
    const char *text, *why; /* how it begins, FILE:LINE included */
    const char *allowed;    /* what it names besides; NULL */
} faults[] = {
    { HEAD "change = ekku leaf -clientAuth\n", "f.ini:4: unknown change \"ekku\"",
      "one of eku, key, renew" },
    { HEAD "change = eku leaf -clientOath\n", "f.ini:4: eku leaf -clientOath", "+EKU|-EKU" },
    { HEAD "change = eku root -clientAuth\n", "f.ini:4: eku root", "leaf|intermediates|all" },
    { HEAD "change = eku leaf\n", "f.ini:4: eku leaf", "leaf|intermediates|all" },
    { HEAD "change = key leaf new RSA-99\n", "f.ini:4: \"RSA-99\" is no kind of key", "RSA-2048" },
    { HEAD "change = key leaf other\n", "f.ini:4: key leaf other", "leaf same | leaf new" },
    { HEAD "change = issuer leaf R99\n", "f.ini:4: \"R99\" is not in the catalog", "(it has E9, R10, " },
    { HEAD "change = issuer leaf \"Root YR by ISRG Root X1\"\n", "f.ini:4: \"Root YR by ISRG Root X1\" is "
      "a certificate", "name a CA" },
    { HEAD "change = catalog 2026-13-01\n", "f.ini:4: \"2026-13-01\" is no date", "YYYY-MM-DD" },
    { HEAD "change = catalog 2026-01-01 profile none\n", "f.ini:4: \"none\" is no profile", "classic" },
    { HEAD "change = catalog 2026-01-01 profil classic\n", "f.ini:4: catalog", "DATE|now" },
    { HEAD "change = serve swap R12\n", "f.ini:4: serve swap", "swap FROM TO" },
    { HEAD "change = serve swap R12 R98\n", "f.ini:4: \"R98\" is not in the catalog", NULL },
    { HEAD "change = serve append R97\n", "f.ini:4: \"R97\" is not in the catalog", NULL },
    { HEAD "change = serve everything\n", "f.ini:4: serve everything", "leaf-only" },
    { HEAD "change = date tomorrow\n", "f.ini:4: \"tomorrow\" is no date", "+60d" },
    { HEAD "change = dates leaf 2026-01-01 2026-02-30\n", "f.ini:4: \"2026-02-30\" is no date",
      "YYYY-MM-DD" },
    { HEAD "change = dates leaf 2026-05-01 2026-02-01\n", "f.ini:4: dates leaf 2026-05-01 2026-02-01: the "
      "end is not behind the beginning", "FROM TO" },
    { HEAD "change = dates leaf +9d now\n", "f.ini:4: dates leaf +9d now: the end", "FROM TO" },
    { HEAD "change = names leaf mx.example.org \"a b\"\n", "f.ini:4: \"a b\" is no host name",
      "mx.example.org" },
    { HEAD "change = names leaf mx.example.org.\n", "f.ini:4: \"mx.example.org.\" is no host name", NULL },
    { HEAD "change = names leaf m\u00fcx.example\n", "f.ini:4: \"m", "xn--" },
    { HEAD "change = policy mx \"*.a b\"\n", "f.ini:4: \"*.a b\" is no host name", "*.example.org" },
    { HEAD "change = lifetime leaf 45\n", "f.ini:4: \"45\" is no lifetime", "45d" },
    { HEAD "change = store remove Nobody\n", "f.ini:4: \"Nobody\" is not in the catalog", NULL },
    { HEAD "change = store remove family nobody\n", "f.ini:4: family \"nobody\" is not in the catalog",
      NULL },
    { HEAD "change = tlsa set \"3 1 1 abc\"\n", "f.ini:4: \"3 1 1 abc\" is no record", "3 1 1 ab12.." },
    { HEAD "change = tlsa pins 3 1\n", "f.ini:4: tlsa pins", "pins U S M" },
    { HEAD "change = tlsa pins 4 1 1\n", "f.ini:4: tlsa pins", NULL },
    { HEAD "change = policy mode strict\n", "f.ini:4: policy mode strict", "enforce|testing|none" },
    { HEAD "change = restore health\n", "f.ini:4: restore health", "chain|starttls|dns" },
    { HEAD "change = starttls maybe\n", "f.ini:4: starttls maybe", "absent|refused" },
    { HEAD "change = mx rename bad..name\n", "f.ini:4: ", NULL },
    { HEAD "change = class leaf XV\n", "f.ini:4: class leaf XV", "DV|OV|EV" },
    { HEAD "change = sign leaf nobody\n", "f.ini:4: sign leaf nobody", "private-ca" },
    { HEAD "change = receiver sleeps\n", "f.ini:4: receiver sleeps", "asks|requires" },
    { HEAD "change = need money\n", "f.ini:4: need money", "tlsa" },
    { HEAD "change = need revoked leaf\n", "f.ini:4: need revoked leaf", "unrevoked" },
    { HEAD "change = crl old\n", "f.ini:4: crl old", "absent|expired|current" },
    { HEAD "change = need key DSA\n", "f.ini:4: need key DSA", "RSA|ECDSA" },
    { HEAD "change = need other\n", "f.ini:4: need other", "other FAMILY" },
    { HEAD "change = need other qmail\n", "f.ini:4: family \"qmail\" is not in the catalog", "catalog list" },
    { HEAD "change = try\n", "f.ini:4: unknown change \"try\"", "one of eku" },
    { HEAD "change = try harder\n", "f.ini:4: unknown change \"harder\"", "one of eku" },
    { HEAD "change = pin cone\n", "f.ini:4: pin cone", "leaf|key" },
    { HEAD "change = names leaf \"mx\n", "f.ini:4: names leaf", "quote" },
    { HEAD "change = \n", "f.ini:4: an empty change", "verb" },
    { HEAD "chance = renew leaf\n", "f.ini:4: [changes]", "change = VERB" },
    { "[scenario]\nstory = S\n[changes]\nchange = renew leaf\n", "f.ini:1: it has no title", "title = " },
    { "[scenario]\ntitle = T\n", "f.ini:1: it changes nothing", "change = " },
    { "[scenario]\ntitle = T\ndate = soon\n[changes]\nchange = renew leaf\n",
      "f.ini:3: \"soon\" is no date", "YYYY-MM-DD" },
    { "[scenario]\ntitle = T\nrole = sender\n[changes]\nchange = renew leaf\n", "f.ini:3: role",
      "any, server, client" },
    { "[scenario]\ntitle = T\ncertainty = sure\n[changes]\nchange = renew leaf\n", "f.ini:3: certainty",
      "exact, about" },
    { "[scenario]\ntitle = T\nhistory = maybe\n[changes]\nchange = renew leaf\n", "f.ini:3: history",
      "yes or no" },
    { "[scenario]\ntitle = T\nfamily = acme\n[changes]\nchange = renew leaf\n",
      "f.ini:3: family \"acme\" is not in the catalog", "letsencrypt" },
    { "[scenario]\ntitle = T\nissuers = YR1, R99\n[changes]\nchange = renew leaf\n",
      "f.ini:3: issuers: ", "R99" },
    { "[scenario]\ntitle = T\nissuers =\n[changes]\nchange = renew leaf\n",
      "f.ini:3: issuers: ", "names of CAs" },
    { "[scenario]\ntitle = T\ncolour = red\n[changes]\nchange = renew leaf\n",
      "f.ini:3: unknown key \"colour\"", "title, story" },
    { "[scenario]\ntitle = t\ndate = 2026-01-01\ndate = 2027-01-01\n[changes]\nchange = eku leaf =none\n",
      "f.ini:4: date stands in line 3 already", "each key once" },
    { "[scenario]\ntitle = T\nafter = nobody/knows\n", "f.ini:3: after: no scenario is called "
      "\"nobody/knows\"", "an id" },
    { "[scenario]\nid = a/a\ntitle = T\nafter = a/a\n[changes]\nchange = renew leaf\n",
      "f.ini:4: \"after\" comes back to a/a: a cycle", NULL },
    { "[scenario]\ntitle = T\n[wishes]\nchange = renew leaf\n", "f.ini:4: this stands in no section",
      "[before]" },
    { "title = T\n", "f.ini:1: this stands in no section", "[scenario]" },
    { "[scenario]\ntitle\n", "f.ini:2: neither", "KEY = VALUE" },
};

static void each_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(faults); i++) {
        struct mxs_scenarios *all;
        const struct mxs_scenario *added;
        struct mxs_why why = { MXS_OK, "" };
        assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
        if (mxs_scenarios_add_text(all, "f.ini", mxs_bytes_str(faults[i].text), &added, &why) == MXS_OK)
            fail_msg("taken: %s", faults[i].text);
        if (strncmp(why.text, faults[i].why, strlen(faults[i].why)) != 0)
            fail_msg("\"%s\" does not begin with \"%s\"", why.text, faults[i].why);
        if (faults[i].allowed && !strstr(why.text, faults[i].allowed))
            fail_msg("\"%s\" does not name \"%s\"", why.text, faults[i].allowed);
        assert_null(strchr(why.text, '\n'));
        assert_null(added);
        assert_int_equal(mxs_scenarios_count(all), 0);
        mxs_scenarios_free(all);
    }
}

/* inih cuts a line at 200 octets without a word, and what is cut may be another value. */
static void long_lines(void **state)
{
    struct mxs_scenarios *all;
    const struct mxs_scenario *added;
    struct mxs_why why = { MXS_OK, "" };
    char story[400] = "", text[700];
    (void)state;
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
    memset(story, 'x', 190);
    snprintf(text, sizeof text, "[scenario]\ntitle = T\nstory = %s\n[changes]\nchange = renew leaf\n",
             story);
    assert_int_equal(mxs_scenarios_add_text(all, "ok.ini", mxs_bytes_str(text), &added, &why), MXS_OK);
    assert_int_equal(strlen(added->story), 190);
    memset(story, 'x', 191);
    snprintf(text, sizeof text, "[scenario]\ntitle = T\nstory = %s\n[changes]\nchange = renew leaf\n",
             story);
    assert_int_not_equal(mxs_scenarios_add_text(all, "long.ini", mxs_bytes_str(text), &added, &why), MXS_OK);
    assert_non_null(strstr(why.text, "long.ini:3: longer than 198 octets"));
    assert_int_not_equal(mxs_scenarios_add_text(all, "nul.ini", mxs_bytes("[scen\0ario]", 11), &added, &why),
                         MXS_OK);
    assert_non_null(strstr(why.text, "nul.ini:1: an octet 0"));
    mxs_scenarios_free(all);
}

/* A value is joined line by line; comments between them are nothing of it. */
static void long_values(void **state)
{
    struct mxs_scenarios *all;
    const struct mxs_scenario *added;
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_buf text;
    (void)state;
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
    mxs_buf_init(&text, 1 << 20);
    mxs_buf_puts(&text, "[scenario]\ntitle = T\n; a comment\nstory = x\n");
    for (int i = 0; i < 999; i++)
        mxs_buf_puts(&text, " ab\n\n  ; and a comment that is no part of the story\n");
    mxs_buf_puts(&text, "[changes]\nchange = renew leaf\n");
    assert_int_equal(mxs_scenarios_add_text(all, "ok.ini", mxs_buf_bytes(&text), &added, &why), MXS_OK);
    assert_int_equal(strlen(added->story), 1 + 999 * 3);
    mxs_buf_clear(&text);
    mxs_buf_puts(&text, "[scenario]\ntitle = T\nstory = x\n");
    for (int i = 0; i < 2000; i++)
        mxs_buf_puts(&text, "\fa\n\n");
    assert_int_equal(mxs_scenarios_add_text(all, "long.ini", mxs_buf_bytes(&text), &added, &why),
                     MXS_ERR_SYNTAX);
    assert_non_null(strstr(why.text, "a value of over 4000 octets"));
    mxs_buf_fini(&text);
    mxs_scenarios_free(all);
}

/* Each comes twice after the one before: without a bound a few small files would fill the memory. */
static void doubling(void **state)
{
    struct mxs_scenarios *all;
    const struct mxs_scenario *added;
    struct mxs_why why = { MXS_OK, "" };
    char text[160] = "[scenario]\nid = d/0\ntitle = T\n[changes]\nchange = renew leaf\n";
    (void)state;
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(mxs_scenarios_add_text(all, "d.ini", mxs_bytes_str(text), &added, &why), MXS_OK);
        assert_int_equal(added->changes.list.n, 1 << (i - 1));
        snprintf(text, sizeof text, "[scenario]\nid = d/%d\ntitle = T\nafter = d/%d, d/%d\n", i, i - 1, i - 1);
    }
    assert_int_equal(mxs_scenarios_add_text(all, "d.ini", mxs_bytes_str(text), &added, &why),
                     MXS_ERR_LIMIT);
    assert_string_equal(why.text, "d.ini:4: more than 1000 changes, those of \"after\" included");
    assert_int_equal(mxs_scenarios_count(all), 10);
    mxs_scenarios_free(all);
}

/* --- what is read --------------------------------------------------------------------------------- */

static void reading(void **state)
{
    static const char text[] =
        "; a comment\n[scenario]\nid = mine/own   ; another\ntitle = My own\nstory = first line\n"
        "  and the second\ndate = 2027-03-15\ncertainty = about\nsource = RFC 7672\n"
        "family = letsencrypt\nrole = client\nhistory = yes\nissuers = YR1,\n  Root YR\n[changes]\nchange = renew leaf\n"
        "change = serve swap \"Root YR by ISRG Root X1 (2025)\"\n  \"Root YR by ISRG Root X1\"\n"
        "change = renew leaf\n[before]\nchange = eku leaf +clientAuth\n";
    struct mxs_scenarios *all;
    const struct mxs_scenario *s, *again;
    struct mxs_why why = { MXS_OK, "" };
    (void)state;
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
    if (mxs_scenarios_add_text(all, "x.ini", mxs_bytes_str(text), &s, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_string_equal(s->id, "mine/own");
    assert_string_equal(s->story, "first line and the second");
    assert_int_equal(s->at, mxs_time_utc(2027, 3, 15, 0, 0, 0));
    assert_string_equal(s->family, "letsencrypt");
    assert_int_equal(s->role, MXS_SCENARIO_CLIENT);
    assert_int_equal(s->issuers.n, 2);
    assert_string_equal(s->issuers.v[1], "Root YR");
    assert_true(s->history);
    assert_int_equal(s->changes.list.n, 3);
    assert_string_equal(s->changes.list.v[1].words.v[2], "Root YR by ISRG Root X1");
    assert_int_equal(s->changes.list.v[2].line, 19);
    assert_int_equal(s->before.list.n, 1);
    assert_ptr_equal(mxs_scenario_find(all, "mine/own"), s);
    /* taken twice */
    assert_int_not_equal(mxs_scenarios_add_text(all, "y.ini", mxs_bytes_str(text), &again, &why), MXS_OK);
    assert_string_equal(why.text, "y.ini:1: the id mine/own is taken: \"My own\"");
    assert_int_equal(mxs_scenarios_count(all), 1);
    mxs_scenarios_free(all);
}

/* What the editor saves is read again as it was. */
static void saved(const struct mxs_scenario *s, struct mxs_scenarios *fresh)
{
    struct mxs_why why = { MXS_OK, "" };
    const struct mxs_scenario *again;
    const char *text = mxs_scenario_text(arena, s);
    if (mxs_scenarios_add_text(fresh, "saved.ini", mxs_bytes_str(text), &again, &why) != MXS_OK)
        fail_msg("%s: %s\n%s", s->id, why.text, text);
    assert_string_equal(again->id, s->id);
    assert_string_equal(again->title, s->title);
    assert_string_equal(again->story ? again->story : "", s->story ? s->story : "");
    assert_string_equal(again->source ? again->source : "", s->source ? s->source : "");
    assert_int_equal(again->at, s->at);
    assert_int_equal(again->role, s->role);
    assert_int_equal(again->history, s->history);
    assert_int_equal(again->changes.list.n, s->changes.list.n);
    assert_int_equal(again->before.list.n, s->before.list.n);
    for (size_t i = 0; i < s->changes.list.n; i++)
        assert_string_equal(again->changes.list.v[i].text, s->changes.list.v[i].text);
}

static void shipped(void **state)
{
    struct mxs_scenarios *all, *fresh;
    struct mxs_why why = { MXS_OK, "" };
    size_t groups[6] = { 0 }, group = 0;
    static const char *const names[] = { "eku/", "rollover/", "renewal/", "trust/", "reaction/",
                                         "failure/" };
    (void)state;
    if (mxs_scenarios_load(MXS_TEST_SHARE "/scenarios", catalog, &all, &why) != MXS_OK)
        fail_msg("%s", why.text);
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &fresh, &why), MXS_OK);
    for (size_t i = 0; i < mxs_scenarios_count(all); i++) {
        const struct mxs_scenario *s = mxs_scenarios_at(all, i);
        const char *before = i ? mxs_scenarios_at(all, i - 1)->id : "";
        while (group < MXS_COUNT(names) && strncmp(s->id, names[group], strlen(names[group])) != 0) {
            group++; /* the groups stand in this order */
            before = "";
        }
        if (group < MXS_COUNT(names))
            groups[group]++;
        if (group == MXS_COUNT(names) || !s->story || strlen(s->story) < 40)
            fail_msg("%s: in none of the six groups, or without a story", s->id);
        if (s->at != MXS_CATALOG_ALWAYS && (!s->source || !s->certainty))
            fail_msg("%s: a date without source or certainty", s->id);
        if (strcmp(before, s->id) >= 0)
            fail_msg("%s: not in order", s->id);
        saved(s, fresh);
    }
    for (size_t g = 0; g < MXS_COUNT(names); g++)
        assert_true(groups[g] >= 7);
    assert_null(mxs_scenario_find(all, "eku/nothing"));
    assert_null(mxs_scenarios_at(all, mxs_scenarios_count(all)));
    mxs_scenarios_free(all);
    mxs_scenarios_free(fresh);
}

/* What inih would take for a comment, and words that are longer than its lines. */
static void saved_oddities(void **state)
{
    struct mxs_scenarios *all;
    const struct mxs_scenario *again;
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_scenario s = { .id = "mine/odd", .title = "Odd", .at = MXS_CATALOG_ALWAYS };
    char hex[1201], *story = mxs_arena_alloc(arena, 400);
    (void)state;
    memset(hex, 'a', sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    memset(story, 'x', 88);
    snprintf(story + 88, 300, " #1 is first; ;then %s [not a section] = nor a key", "#2");
    s.story = story;
    assert_int_equal(mxs_scenarios_load(NULL, catalog, &all, &why), MXS_OK);
    assert_int_equal(mxs_change_parse(arena, mxs_arena_printf(arena, "tlsa set \"3 0 0 %s\"", hex), catalog,
                                      mxs_list_add(arena, &s.changes.list), &why), MXS_OK);
    if (mxs_scenarios_add_text(all, "odd.ini", mxs_bytes_str(mxs_scenario_text(arena, &s)), &again, &why))
        fail_msg("%s\n%s", why.text, mxs_scenario_text(arena, &s));
    assert_string_equal(again->story + 88, " #1 is first;;then #2 [not a section] = nor a key");
    struct mxs_tlsa tlsa;
    assert_int_equal(mxs_tlsa_text_parse(arena, again->changes.list.v[0].words.v[1], &tlsa, &why), MXS_OK);
    assert_int_equal(tlsa.data.n, 600);
    mxs_scenarios_free(all);
}

/* --- folders, and scenarios that come after others ------------------------------------------------ */

static char folder[] = "/tmp/mxscope-scenario-XXXXXX";

static void put(const char *name, const char *text)
{
    const char *path = mxs_arena_printf(arena, "%s/%s", folder, name);
    assert_int_equal(mxs_file_write(path, mxs_bytes_str(text), 0600, NULL), MXS_OK);
}

static void clean(void)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        unlink(mxs_arena_printf(arena, "%s/%s", folder, names[i]->d_name));
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    rmdir(folder);
}

static void chained(void **state)
{
    struct mxs_scenarios *all;
    struct mxs_why why = { MXS_OK, "" };
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *name = strrchr(folder, '/') + 1;
    put("a.ini", mxs_arena_printf(arena, "[scenario]\ntitle = A\nafter = %s/b\n[changes]\n"
                                  "change = serve leaf-only\n", name));
    put("b.ini", "[scenario]\ntitle = B\n[changes]\nchange = renew leaf\nchange = key leaf same\n");
    if (mxs_scenarios_load(folder, catalog, &all, &why) != MXS_OK)
        fail_msg("%s", why.text);
    const struct mxs_scenario *a = mxs_scenario_find(all, mxs_arena_printf(arena, "%s/a", name));
    assert_int_equal(a->changes.list.n, 3);
    assert_string_equal(a->changes.list.v[0].kind->verb, "renew");
    assert_string_equal(a->changes.list.v[2].kind->verb, "serve");
    mxs_scenarios_free(all);
    put("b.ini", mxs_arena_printf(arena, "[scenario]\ntitle = B\nafter = %s/a\n", name));
    assert_int_not_equal(mxs_scenarios_load(folder, catalog, &all, &why), MXS_OK);
    assert_null(all);
    assert_non_null(strstr(why.text, ":3: \"after\" comes back to "));
    assert_non_null(strstr(why.text, "a cycle"));
    clean();
    assert_int_equal(mxs_scenarios_load(folder, catalog, &all, &why), MXS_ERR_IO);
}

/* The verbs of the man page are those of the table, and the other way round. */
static void man_page(void **state)
{
    struct mxs_bytes man;
    size_t n;
    const struct mxs_change_kind *kinds = mxs_change_kinds(&n);
    struct mxs_why why;
    (void)state;
    if (mxs_file_read(arena, MXS_TEST_SHARE "/../man/mxscope-scenario.5", 1 << 20, &man, &why) != MXS_OK)
        fail_msg("%s", why.text);
    const char *text = strstr((const char *)man.p, ".SH CHANGES"), *end = strstr(text + 4, "\n.SH ");
    size_t listed = 0;
    assert_non_null(text);
    for (size_t i = 0; i < n; i++) { /* one paragraph for each verb; roff wants \\- for a hyphen */
        const char *verb = kinds[i].verb, *rest = verb + strcspn(verb, "-");
        const char *at = strstr(text, mxs_arena_printf(arena, "\n.TP\n.BI \"%.*s%s%s", (int)(rest - verb),
                                                       verb, *rest ? "\\" : "", rest));
        if (!at || (end && at > end))
            fail_msg("mxscope-scenario(5) does not tell of \"%s\"", verb);
    }
    for (const char *p = text; (p = strstr(p, "\n.TP\n.BI \"")) != NULL && (!end || p < end); p++)
        listed++;
    assert_int_equal(listed, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault), cmocka_unit_test(long_lines), cmocka_unit_test(doubling),
        cmocka_unit_test(long_values), cmocka_unit_test(reading),
        cmocka_unit_test(shipped),    cmocka_unit_test(chained),    cmocka_unit_test(man_page),
        cmocka_unit_test(saved_oddities),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
