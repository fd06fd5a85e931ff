/* Every bundled scenario that newly breaks something comes with a remedy that mends it, or is named here
 * with the reason why nobody can. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "whatif/remedy.h"
#include "whatif_states.h"

struct world {
    struct bench *b;
    struct mxs_profiles *profiles;
    struct mxs_remedies *remedies;
};

static void load(struct world *w, const struct bench_state *state)
{
    struct mxs_why why = { MXS_OK, "" };
    w->b = bench_in_state(state);
    if (mxs_profiles_load(MXS_TEST_SHARE "/verifiers", &w->profiles, &why) != MXS_OK ||
        mxs_remedies_load(MXS_TEST_SHARE "/remedies", w->b->catalog, &w->remedies, &why) != MXS_OK)
        fail_msg("%s", why.text);
    w->b->options.profiles = w->profiles;
    mxs_store_add(w->b->store, bench_cert(w->b, "whatif/gts-root-r1.pem"));
    mxs_store_add(w->b->store, bench_cert(w->b, "whatif/gts-root-r4.pem"));
}

static void drop(struct world *w)
{
    mxs_remedies_free(w->remedies);
    mxs_profiles_free(w->profiles);
    bench_free(w->b);
}

/* --- what nobody can mend ------------------------------------------------------------------------- */

static struct unmendable {
    const char *scenario, *verifier; /* NULL: any */
    const char *why;
    bool seen;
} unmendable[] = {
    { "failure/misissued", NULL, "who turns a stranger away does what he should" , false },
};

static bool excused(const char *scenario, const char *verifier)
{
    for (size_t i = 0; i < MXS_COUNT(unmendable); i++) {
        struct unmendable *u = &unmendable[i];
        if (mxs_glob(u->scenario, scenario) && (!u->verifier || mxs_glob(u->verifier, verifier)))
            return u->seen = true;
    }
    return false;
}

/* --- what is offered somewhere --------------------------------------------------------------------- */

static bool used[64];

static void note_used(struct world *w, const struct mxs_offers *offers)
{
    for (size_t i = 0; i < mxs_remedies_count(w->remedies); i++)
        for (size_t k = 0; k < offers->list.n; k++)
            used[i] = used[i] || offers->list.v[k].remedy == mxs_remedies_at(w->remedies, i);
}

static void each_is_of_use(void **state)
{
    struct world w;
    (void)state;
    load(&w, &bench_states[0]);
    assert_true(mxs_remedies_count(w.remedies) <= MXS_COUNT(used));
    for (size_t i = 0; i < mxs_remedies_count(w.remedies); i++)
        if (!used[i])
            fail_msg("%s is offered nowhere", mxs_remedies_at(w.remedies, i)->id);
    drop(&w);
}

/* --- each cell that breaks ------------------------------------------------------------------------ */

static bool mended(const struct mxs_offers *offers, const struct mxs_matrix_cell *was, size_t seat)
{
    for (size_t i = 0; i < offers->list.n; i++) {
        const struct mxs_verdict *now = offers->list.v[i].cells[seat].after;
        bool known = now->action != MXS_ACTION_UNKNOWN || was->before->action == MXS_ACTION_UNKNOWN;
        if (known && mxs_verdict_worsens(was->before, now) != MXS_STATUS_CRITICAL)
            return true;
    }
    return false;
}

static size_t check_row(struct world *w, const struct mxs_matrix *m, const struct mxs_matrix_row *row)
{
    struct mxs_offers offers;
    size_t left = 0;
    mxs_remedies_offer(w->b->arena, w->remedies, m, row, &offers);
    note_used(w, &offers);
    for (size_t i = 0; i < m->panel.seats.n; i++) {
        const char *verifier = m->panel.seats.v[i].name;
        const struct mxs_matrix_cell *cell = &row->cells[i];
        if (cell->status != MXS_STATUS_CRITICAL || mended(&offers, cell, i) ||
            excused(row->scenario->id, verifier))
            continue;
        left++;
        print_error("%s%s%s: nothing mends %s: %s\n", row->scenario->id, row->future->branch ? ", " : "",
                    row->future->branch ? row->future->branch : "", verifier,
                    cell->after->reasons.n ? cell->after->reasons.v[0].text : "");
        for (size_t k = 0; k < offers.list.n; k++) {
            const struct mxs_verdict *v = offers.list.v[k].cells[i].after;
            print_error("    not %s: %s\n", offers.list.v[k].remedy->id,
                        v->reasons.n ? v->reasons.v[0].text : "");
        }
    }
    return left;
}

static size_t check_scenario(struct world *w, const struct mxs_scenario *scenario, size_t *broken)
{
    struct mxs_matrix *m = mxs_matrix_new(&w->b->whatif, &w->b->subject, &scenario, 1);
    size_t left = 0;
    mxs_matrix_run(m);
    for (size_t r = 0; r < m->rows.n; r++)
        if (m->rows.v[r].future && m->rows.v[r].status == MXS_STATUS_CRITICAL) {
            left += check_row(w, m, &m->rows.v[r]);
            ++*broken;
        }
    mxs_matrix_free(m);
    return left;
}

/* What happened years ago is asked of the chains of then; everything else of those of now. A leaf right
 * under a root is there for the scenario about that root. */
static bool of_that_time(const struct bench_state *s, const struct mxs_scenario *scenario)
{
    bool old = s->profile && strcmp(s->issued, "2026") < 0;
    bool under_root = s->change[0] && strncmp(s->change[0], "issuer", 6) == 0;
    return under_root ? strcmp(scenario->id, "trust/digicert-g1") == 0 : scenario->history == old;
}

static size_t check_state(const struct bench_state *state, size_t *broken)
{
    struct world w;
    size_t left = 0;
    load(&w, state);
    for (size_t i = 0; i < mxs_scenarios_count(w.b->scenarios); i++)
        if (of_that_time(state, mxs_scenarios_at(w.b->scenarios, i)))
            left += check_scenario(&w, mxs_scenarios_at(w.b->scenarios, i), broken);
    drop(&w);
    return left;
}

static void everything_that_breaks(void **unused)
{
    size_t left = 0, broken = 0;
    (void)unused;
    for (size_t i = 0; i < MXS_COUNT(bench_states); i++)
        for (int client = 0; client < 2; client++) {
            struct bench_state s = bench_states[i];
            s.client = client;
            if (!client || !s.change[1]) /* what a server publishes is no client's */
                left += check_state(&s, &broken);
        }
    for (size_t i = 0; i < MXS_COUNT(unmendable); i++)
        if (!unmendable[i].seen)
            fail_msg("%s: something mends it now: %s", unmendable[i].scenario, unmendable[i].why);
    if (left)
        fail_msg("%zu cells of %zu broken rows have no remedy", left, broken);
    assert_true(broken > 200);
}

/* The CA picks one of its issuers: who has pinned one of them is not helped by renewing until it fits. */
static void luck_is_no_remedy(void **state)
{
    static const struct bench_state pinned = { RSA, "2026-06-20", "classic", false,
                                               { "issuer leaf YR1", "tlsa pins 2 1 1", NULL } };
    struct world w;
    struct mxs_offers offers;
    (void)state;
    load(&w, &pinned);
    const struct mxs_scenario *next = bench_scenario(w.b, "rollover/next-rotation");
    struct mxs_matrix *m = mxs_matrix_new(&w.b->whatif, &w.b->subject, &next, 1);
    mxs_matrix_run(m);
    assert_int_equal(m->rows.v[0].status, MXS_STATUS_CRITICAL);
    mxs_remedies_offer(w.b->arena, w.remedies, m, &m->rows.v[0], &offers);
    assert_int_equal(offers.list.n, 2);
    for (size_t i = 0; i < offers.list.n; i++)
        assert_int_equal(strncmp(offers.list.v[i].remedy->id, "tlsa-", 5), 0);
    mxs_matrix_free(m);
    drop(&w);
}

/* What is on file may be a replica, whose own key is a stand-in: the key that it stands for counts. */
static void a_replica_on_file(void **state)
{
    static const char *const who[] = { "stunnel/server/verify-peer", "pubkey/server/pinned" };
    struct world w;
    (void)state;
    load(&w, &bench_states[5]);
    for (size_t i = 0; i < MXS_COUNT(who); i++)
        *mxs_list_add(w.b->arena, &w.b->options.verifiers) = who[i];
    const struct mxs_scenario *same_key = bench_scenario(w.b, "renewal/same-key");
    struct mxs_matrix *m = mxs_matrix_new(&w.b->whatif, &w.b->subject, &same_key, 1);
    mxs_matrix_run(m);
    assert_int_equal(m->panel.seats.n, 2);
    assert_int_equal(m->status, MXS_STATUS_OK);
    mxs_matrix_free(m);
    drop(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(luck_is_no_remedy),
                                        cmocka_unit_test(a_replica_on_file),
                                        cmocka_unit_test(everything_that_breaks),
                                        cmocka_unit_test(each_is_of_use) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
