/* The senders' profiles against every measured cell of sender.tbl. A cell that disagrees must be named in
 * sender.known with its reason, and one that is named must disagree. */
#include "config.h"

#include "../lib/cells.h"
#include "../unit/judge_words.h"
#include "base/text.h"
#include "judge/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct fixture {
    struct mxs_arena *arena;
    struct mxs_profiles *profiles;
    struct mxs_signatures *signatures;
    struct mxs_store *store, *none;
    const char *variants;
};

static int setup(void **state)
{
    static struct fixture f;
    struct mxs_why why = { 0 };
    f.arena = mxs_arena_new();
    if (mxs_profiles_load(cells_source(f.arena, "share/verifiers"), &f.profiles, &why))
        fail_msg("%s", why.text);
    f.store = judge_store(f.arena, "root");
    f.none = mxs_store_new("none");
    f.signatures = mxs_signatures_new();
    f.variants = (const char *)cells_slurp(f.arena, "tests/matrix/sender_variants.tbl").p;
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
static const char *predict(void *data, char **cell)
{
    struct fixture *f = data;
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
        struct mxs_refused refused = { .certificate = true };
        refused.how = w.s->tls.finished ? MXS_REFUSAL_LATE : MXS_REFUSAL_HANDSHAKE;
        struct mxs_then then = mxs_sender_refused(&j, profile, &refused);
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

static void every_measured_cell(void **state)
{
    struct fixture *f = *state;
    cells_compare(f->arena, &(struct cells){ .name = "sender", .columns = 5, .keys = 2,
                                             .at_least = 1700, .predict = predict, .data = f });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_measured_cell, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
