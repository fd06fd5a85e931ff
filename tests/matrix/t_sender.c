/* The senders' profiles against every measured cell of sender.tbl. A cell that disagrees must be named in
 * sender.known with its reason, and one that is named must disagree. */
#include "config.h"

#include "../unit/judge_words.h"
#include "base/text.h"
#include "judge/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { COLUMNS = 5 };

struct fixture {
    struct mxs_arena *arena;
    struct mxs_profiles *profiles;
    struct mxs_signatures *signatures;
    struct mxs_store *store, *none;
    const char *known, *variants;
};

static const char *in_source(struct mxs_arena *arena, const char *name)
{
    const char *dir = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/%s", dir ? dir : ".", name);
}

static const char *slurp(struct mxs_arena *arena, const char *name)
{
    struct mxs_bytes text;
    struct mxs_why why = { 0 };
    if (mxs_file_read(arena, in_source(arena, name), 1 << 20, &text, &why))
        fail_msg("%s", why.text);
    return (const char *)text.p;
}

static int setup(void **state)
{
    static struct fixture f;
    struct mxs_why why = { 0 };
    f.arena = mxs_arena_new();
    if (mxs_profiles_load(in_source(f.arena, "share/verifiers"), &f.profiles, &why))
        fail_msg("%s", why.text);
    f.store = judge_store(f.arena, "root");
    f.none = mxs_store_new("none");
    f.signatures = mxs_signatures_new();
    f.known = slurp(f.arena, "tests/matrix/sender.known");
    f.variants = slurp(f.arena, "tests/matrix/sender_variants.tbl");
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    mxs_store_free(f->store);
    mxs_store_free(f->none);
    mxs_signatures_free(f->signatures);
    mxs_profiles_free(f->profiles);
    mxs_arena_free(f->arena);
    return 0;
}

/* The words of "ccreq13+certbad+later": of the whole but +later, +nostore, +otherpin, which are not the
 * server's. */
static const char *words_of(struct fixture *f, const char *variant)
{
    static const char *const ours[] = { "+later", "+nostore", "+otherpin" };
    char *name = mxs_arena_strdup(f->arena, variant);
    for (size_t i = 0; i < MXS_COUNT(ours); i++) {
        char *at = strstr(name, ours[i]);
        if (at)
            memmove(at, at + strlen(ours[i]), strlen(at + strlen(ours[i])) + 1);
    }
    const char *found = strstr(f->variants, mxs_arena_printf(f->arena, "\n%s\t", name));
    if (!found) { /* a certificate of ours changes nothing where none is asked for */
        char *plus = strchr(name, '+');
        if (!plus)
            fail_msg("no variant %s", variant);
        *plus = 0;
        return words_of(f, name);
    }
    found = strchr(found, '\t') + 1;
    return mxs_arena_printf(f->arena, "mx=secure|address=secure|tlsasec=absent|%.*s",
                            (int)strcspn(found, "\n"), found);
}

/* What the profile predicts, in the words of the table. */
static const char *predict(struct fixture *f, char **cell)
{
    const struct mxs_profile *profile = mxs_profile_find(f->profiles, cell[0]);
    struct judge_words w;
    struct mxs_judge_cache cache = { .has_paths = false };
    struct mxs_chain pins = { { NULL, 0, 0 } };
    struct mxs_verdict v;
    if (!profile)
        fail_msg("no profile %s", cell[0]);
    judge_words_make(&w, words_of(f, cell[1]), f->store);
    if (strstr(cell[1], "+otherpin"))
        judge_chain(f->arena, "rsa2048", &pins);
    struct mxs_judge j = { .arena = f->arena, .evidence = &w.e.ev, .host = w.e.host,
                           .session = w.e.session, .at = judge_at(JUDGE_AT), .cache = &cache,
                           .store = strstr(cell[1], "+nostore") ? f->none : f->store,
                           .signatures = f->signatures, .pins = &pins };
    mxs_sender_judge(&j, profile, &v);
    if (strstr(cell[1], "+later") && v.action == MXS_ACTION_DEFER) {
        bool late = w.s->tls.finished;
        struct mxs_then then = mxs_sender_refused(&j, profile, late ? MXS_REFUSAL_LATE
                                                                    : MXS_REFUSAL_HANDSHAKE, true);
        v.action = then.later;
        v.channel = then.channel;
        v.label = NULL;
    }
    const char *channel = v.channel == MXS_CHANNEL_CLEARTEXT ? "cleartext" : v.channel ? "tls" : "-";
    const char *action = mxs_action_name(v.action);
    const char *out = mxs_arena_printf(f->arena, "%s\t%s\t%s", action ? action : "?",
                                       strcmp(cell[3], "-") == 0 ? "-" : channel,
                                       strcmp(cell[4], "-") == 0 || !v.label ? "-" : v.label);
    judge_words_free(&w);
    return out;
}

static bool split(char *line, char **cell)
{
    for (int i = 0; i < COLUMNS; i++) {
        cell[i] = line;
        line = strchr(line, '\t');
        if (i < COLUMNS - 1) {
            if (!line)
                return false;
            *line++ = 0;
        }
    }
    return true;
}

static void every_measured_cell(void **state)
{
    struct fixture *f = *state;
    char *text = mxs_arena_strdup(f->arena, slurp(f->arena, "tests/matrix/sender.tbl"));
    size_t cells = 0, wrong = 0, unnamed = 0, stale = 0;
    for (char *next, *line = text; *line; line = next) {
        char *cell[COLUMNS], *end = line + strcspn(line, "\n");
        next = *end ? end + 1 : end;
        *end = 0;
        if (*line == '#' || !split(line, cell))
            continue;
        const char *got = predict(f, cell);
        const char *want = mxs_arena_printf(f->arena, "%s\t%s\t%s", cell[2], cell[3], cell[4]);
        const char *name = mxs_arena_printf(f->arena, "\n%s %s ", cell[0], cell[1]);
        bool named = strstr(f->known, name) != NULL, differs = strcmp(got, want) != 0;
        cells++;
        wrong += differs;
        if (differs && !named && ++unnamed)
            print_error("%s %s\n  measured  %s\n  predicted %s\n", cell[0], cell[1], want, got);
        if (!differs && named && ++stale)
            print_error("%s agrees, yet stands in sender.known\n", name + 1);
    }
    print_message("%zu cells, %zu disagree (%.2f %%)\n", cells, wrong, 100.0 * (double)wrong / (double)cells);
    assert_true(cells > 1700);
    assert_int_equal(unnamed, 0);
    assert_int_equal(stale, 0);
    assert_true(wrong * 100 <= cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_measured_cell, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
