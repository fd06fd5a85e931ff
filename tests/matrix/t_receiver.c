/* The receivers' profiles against every measured cell of receiver.tbl. A cell that disagrees must be
 * named in receiver.known with its reason, and one that is named must disagree. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/cells.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/path.h"
#include "judge/profile.h"

struct fixture {
    struct mxs_arena *arena;
    struct mxs_profiles *profiles;
    struct mxs_judge judge;
};

static struct mxs_chain chain(struct mxs_arena *arena, const char *variant)
{
    struct mxs_chain out = { 0 };
    struct mxs_why why = { 0 };
    if (strcmp(variant, "c-nocert") == 0)
        return out;
    const char *name = mxs_arena_printf(arena, "tests/certs/receiver/%s.pem", variant);
    if (mxs_cert_pem(arena, name, cells_slurp(arena, name), &out, &why))
        fail_msg("%s", why.text);
    return out;
}

static int setup(void **state)
{
    static struct fixture f;
    struct mxs_why why = { 0 };
    f.arena = mxs_arena_new();
    if (mxs_profiles_load(cells_source(f.arena, "share/verifiers"), &f.profiles, &why))
        fail_msg("%s", why.text);
    f.judge.arena = f.arena;
    f.judge.at = 1795305192; /* 2026-11-21, when the cells were measured */
    f.judge.signatures = mxs_signatures_new();
    f.judge.store = mxs_store_new("none");
    mxs_store_add(f.judge.store, chain(f.arena, "root").certs.v[0]);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    mxs_store_free(f->judge.store);
    mxs_signatures_free(f->judge.signatures);
    mxs_profiles_free(f->profiles);
    mxs_arena_free(f->arena);
    return 0;
}

/* What the profile predicts, in the words of the table. */
static const char *predict(void *data, char **cell)
{
    struct fixture *f = data;
    const struct mxs_profile *profile = mxs_profile_find(f->profiles, cell[0]);
    if (!profile)
        fail_msg("no profile %s", cell[0]);
    struct mxs_chain client = chain(f->arena, cell[1]);
    struct mxs_receiver_input input = { &client, strcmp(cell[2], "1.2") == 0 ? MXS_TLS_1_2 : MXS_TLS_1_3,
                                        NULL };
    struct mxs_verdict v;
    mxs_receiver_judge(&f->judge, profile, &input, &v);
    const char *stage = mxs_stage_name(v.stage), *label = strcmp(cell[7], "-") ? v.label : "-";
    const char *alert = v.alert < 0 ? "-" : mxs_arena_printf(f->arena, "%d", v.alert);
    bool hs = v.action == MXS_ACTION_HANDSHAKE_FAILURE;
    if (hs && (strcmp(cell[6], "race") == 0 || v.alert < 0)) /* a race has no value to compare */
        alert = cell[6];
    return mxs_arena_printf(f->arena, "%s\t%s\t%s\t%s\t%s", mxs_action_name(v.action),
                            stage ? stage : "-",
                            v.reply ? mxs_arena_printf(f->arena, "%d", v.reply) : "-", alert,
                            label ? label : "-");
}

static void every_measured_cell(void **state)
{
    struct fixture *f = *state;
    cells_compare(f->arena, &(struct cells){ .name = "receiver", .columns = 8, .keys = 3,
                                             .at_least = 1200, .predict = predict, .data = f });
}

/* Exchange Online knows a connector's sender by a name; what it makes of the EKU nobody says. */
static void a_connector_knows_names(void **state)
{
    static const struct {
        const char *shown, *on_file;
        enum mxs_action action;
        const char *reason;
    } rows[] = {
        { "c-both-both", "c-client-both", MXS_ACTION_ACCEPT, NULL },
        { "c-both-both", NULL, MXS_ACTION_ACCEPT, NULL },
        { "c-wrongname-both", "c-both-both", MXS_ACTION_REJECT, "name-mismatch" },
        { "c-expired-both", "c-both-both", MXS_ACTION_REJECT, "expired" },
        { "c-server-both", "c-both-both", MXS_ACTION_UNKNOWN, "eku-missing" },
        { "c-nocert", "c-both-both", MXS_ACTION_REJECT, "no-certificate" },
    };
    struct fixture *f = *state;
    const struct mxs_profile *p = mxs_profile_find(f->profiles, "exchange-online/connector/certificate");
    assert_non_null(p);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_chain shown = chain(f->arena, rows[i].shown), filed;
        struct mxs_receiver_input input = { &shown, MXS_TLS_1_3, NULL };
        struct mxs_verdict v;
        if (rows[i].on_file) {
            filed = chain(f->arena, rows[i].on_file);
            input.pins = &filed;
        }
        mxs_receiver_judge(&f->judge, p, &input, &v);
        assert_int_equal(v.action, rows[i].action);
        assert_int_equal(v.grade, v.action == MXS_ACTION_UNKNOWN ? MXS_GRADE_UNKNOWN : p->grade);
        assert_int_equal(v.reasons.n, rows[i].reason != NULL);
        if (rows[i].reason)
            assert_string_equal(v.reasons.v[0].id, rows[i].reason);
    }
}

/* tests/interop/receive.py measured these on the real servers. */
static void what_is_not_on_file(void **state)
{
    static const struct {
        const char *profile, *shown;
        enum mxs_action action;
        int reply, alert;
    } rows[] = {
        { "postfix/smtpd/permit-clientcerts", "c-both-both", MXS_ACTION_REJECT, 554, -1 },
        { "postfix/smtpd/permit-all-clientcerts+fingerprints", "c-both-both", MXS_ACTION_ACCEPT, 0, -1 },
        { "postfix/smtpd/permit-all-clientcerts+fingerprints", "c-expired-both", MXS_ACTION_REJECT, 554, -1 },
        { "sendmail/daemon/cert-issuer-relay", "c-both-none", MXS_ACTION_ACCEPT, 0, -1 },
        { "sendmail/daemon/cert-issuer-relay", "c-both-both", MXS_ACTION_REJECT, 550, -1 },
        { "stunnel/server/verify-peer", "c-both-both", MXS_ACTION_HANDSHAKE_FAILURE, 0, 42 },
        { "stunnel/server/verify-peer", "c-server-both", MXS_ACTION_HANDSHAKE_FAILURE, 0, 43 },
        { "stunnel/server/verify-peer", "c-selfsigned-server", MXS_ACTION_HANDSHAKE_FAILURE, 0, 48 },
    };
    struct fixture *f = *state;
    struct mxs_chain filed = chain(f->arena, "c-client-none");
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_chain shown = chain(f->arena, rows[i].shown);
        struct mxs_receiver_input input = { &shown, MXS_TLS_1_3, &filed };
        struct mxs_verdict v;
        mxs_receiver_judge(&f->judge, mxs_profile_find(f->profiles, rows[i].profile), &input, &v);
        assert_int_equal(v.action, rows[i].action);
        assert_int_equal(v.reply, rows[i].reply);
        assert_int_equal(v.alert, rows[i].alert);
    }
}

static void a_wrong_profile_names_its_place(void **state)
{
    (void)state;
    struct mxs_why why;
    struct mxs_profiles *profiles = NULL;
    char dir[] = "t_receiver.XXXXXX", path[64];
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "[a/b/c]\nrole = sender\nrole = receiver\n", "x.ini:3: role stands in line 2 already: each key once" },
        { "[a/b/c]\nrole = judge\n", "x.ini:2: [a/b/c] role: must be sender or receiver" },
        { "[a/b/c]\nrole = receiver\ngrade = guess\n",
          "x.ini:3: [a/b/c] grade: must be measured, source, documented or unknown" },
        { "[a/b/c]\nrole = receiver\ngrade = source\n",
          "x.ini:2: [a/b/c] title, product, source: all three are needed" },
        { "[a/b]\nproduct = p\nsource = s\ntitle = t\nrole = receiver\ngrade = source\n[a/b/c]\nfailed = 550\n",
          "x.ini:8: [a/b/c] failed: 550: not accept, reject STAGE REPLY, close or alert .." },
        { "[a/b/c]\nrole = receiver\ngrade = source\ntitle = t\nproduct = p\nsource = s\nlog-fialed = x\n",
          "x.ini:7: [a/b/c] log-fialed: no such case" },
        { "[a/b/c]\nrole = receiver\ngrade = source\ntitle = t\nproduct = p\nsource = s\nlog = at {place}\n",
          "x.ini:7: [a/b/c] log: {place} is nothing that can be filled in" },
        { "[a/b/c]\nrole = receiver\ngrade = source\ntitle = t\nproduct = p\nsource = s\n"
          "failed = reject rcpt 554 no, {client} and {you}\n",
          "x.ini:7: [a/b/c] failed: {you} is nothing that can be filled in" },
        { "[a/b]\nnonsense\n", "x.ini:2: neither [section] nor key = value" },
    };
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x.ini", dir);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        assert_int_equal(mxs_file_write(path, mxs_bytes_str(rows[i].text), 0600, &why), MXS_OK);
        assert_int_equal(mxs_profiles_load(dir, &profiles, &why), MXS_ERR_SYNTAX);
        assert_string_equal(why.text + strlen(dir) + 1, rows[i].says);
    }
    remove(path);
    remove(dir);
    assert_int_equal(mxs_profiles_load(dir, &profiles, &why), MXS_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_measured_cell, setup, teardown),
        cmocka_unit_test_setup_teardown(a_connector_knows_names, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_on_file, setup, teardown),
        cmocka_unit_test(a_wrong_profile_names_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
