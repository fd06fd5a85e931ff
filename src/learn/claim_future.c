/* Claims about what may come. The matrix and the planner are asked as What-if and Plan ask them, on the
 * evidence of the walk and as of its date; nothing is kept between two claims. */
#include "config.h"

#include "learn/claim_words.h"

#include "whatif/matrix.h"

#include <limits.h>

enum { TTLS_MAX = 1000, NAME_MAX_BYTES = 80 };

static const struct mxs_claim_futures *futures(const struct mxs_claim_facts *facts)
{
    return facts->futures && facts->evidence ? facts->futures(facts->data) : NULL;
}

/* --- whatif:SCENARIO=VERIFIER/WHAT, whatif:SCENARIO=RECEIVER>SENDER/WHAT --- */

struct outcome {
    const char *verifier; /* the receiver, where a sender is asked about it */
    const char *then;     /* "SENDER/WHAT"; NULL */
    const char *what;
};

static bool outcome_of(struct mxs_arena *arena, const char *value, struct outcome *out)
{
    const char *then = strchr(value, '>'), *slash = strrchr(value, '/');
    if (!slash || (then && slash < then))
        return false;
    *out = (struct outcome){
        mxs_arena_strndup(arena, value, (size_t)((then ? then : slash) - value)),
        then ? then + 1 : NULL, slash + 1 };
    return true;
}

static bool cell_holds(const struct outcome *o, const struct mxs_matrix_cell *cell)
{
    bool moved = same(o->what, "changed"), rests = same(o->what, "unchanged");
    if (!cell->judged)
        return false;
    if (moved || rests)
        return cell->changed == moved;
    return o->then ? mxs_claim_then(cell->after, o->then) : mxs_claim_comes_to(cell->after, o->what);
}

/* It holds where the scenario applies and comes out so in each of its branches. */
static bool row_holds(const struct outcome *o, const struct mxs_matrix *matrix)
{
    bool holds = false;
    for (size_t r = 0; r < matrix->rows.n; r++)
        for (size_t s = 0; matrix->rows.v[r].future && s < matrix->panel.seats.n; s++) {
            if (!same(matrix->panel.seats.v[s].name, o->verifier))
                continue;
            holds = cell_holds(o, &matrix->rows.v[r].cells[s]);
            if (!holds)
                return false;
        }
    return holds;
}

/* Of the panel this one verifier: the others cost time and nobody asks for them. */
static bool subject_holds(const struct outcome *o, const struct mxs_claim_futures *f,
                          const struct mxs_subject *subject, const struct mxs_scenario *scenario)
{
    struct mxs_assess_options options = *f->whatif.options;
    struct mxs_whatif with = f->whatif;
    const char *only[] = { o->verifier };
    options.verifiers = (struct mxs_strs){ only, 1, 1 };
    with.options = &options;
    struct mxs_matrix *matrix = mxs_matrix_new(&with, subject, &scenario, 1);
    mxs_matrix_run(matrix);
    bool holds = row_holds(o, matrix);
    mxs_matrix_free(matrix);
    return holds;
}

bool mxs_claim_whatif(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_claim_futures *f = futures(facts);
    const struct mxs_scenario *scenario = f ? mxs_scenario_find(f->scenarios, t->name) : NULL;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_subjects subjects = { 0 };
    struct outcome o;
    bool holds = false;
    if (scenario && outcome_of(arena, t->value, &o))
        mxs_subjects_of(arena, facts->evidence, facts->evidence->client_role, &subjects);
    for (size_t i = 0; i < subjects.list.n && !holds; i++) {
        const struct mxs_subject *s = &subjects.list.v[i];
        holds = mxs_claim_session_is(t, s->host, s->session->id) &&
                subject_holds(&o, f, s, scenario);
    }
    mxs_arena_free(arena);
    return holds;
}

static bool is_verifier(const struct mxs_lesson_known *known, const char *name)
{
    return *name && (!known->verifier || known->verifier(known->data, name));
}

bool mxs_claim_knows_whatif(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct outcome o;
    bool ok = (!known->scenario || known->scenario(known->data, t->name)) && t->value &&
              outcome_of(arena, t->value, &o) && is_verifier(known, o.verifier) &&
              (mxs_claim_is_outcome(o.what) ||
               (!o.then && (same(o.what, "changed") || same(o.what, "unchanged"))));
    if (ok && o.then)
        ok = o.what > o.then &&
             is_verifier(known, mxs_arena_strndup(arena, o.then, (size_t)(o.what - 1 - o.then)));
    mxs_arena_free(arena);
    return ok;
}

/* --- plan:proved, plan:fails, both with =STEP-N; plan:STEP=Nttl --- */

static int step_kind(const char *name)
{
    for (int kind = MXS_STEP_PUBLISH; kind <= MXS_STEP_DONE; kind++)
        if (same(name, mxs_plan_step_name((enum mxs_plan_step_kind)kind)))
            return kind;
    return -1;
}

/* "deploy-2": the step, and by how many halves of a TTL it is moved, a press of Left or Right each. */
static bool moved(const char *value, int *kind, long *halves)
{
    char name[NAME_MAX_BYTES];
    size_t n = strcspn(value, "+-");
    if (!value[n] || n >= sizeof name || !is_number(value + n + 1) || strlen(value + n + 1) > 3)
        return false;
    memcpy(name, value, n);
    name[n] = 0;
    *kind = step_kind(name);
    *halves = strtol(value + n, NULL, 10);
    return *kind >= 0;
}

static bool ttls(const char *value, long *n)
{
    char *end;
    *n = strtol(value, &end, 10);
    return *value >= '0' && *value <= '9' && *n <= TTLS_MAX && same(end, "ttl");
}

bool mxs_claim_knows_plan(const struct mxs_lesson_known *known, const struct mxs_claim_term *t)
{
    int kind;
    long n;
    (void)known;
    if (same(t->name, "proved") || same(t->name, "fails"))
        return !t->value || moved(t->value, &kind, &n);
    return step_kind(t->name) >= 0 && t->value && ttls(t->value, &n);
}

static const struct mxs_plan_step *step_of(const struct mxs_plan *plan, int kind, size_t *index)
{
    for (*index = 0; *index < plan->steps.n; ++*index)
        if ((int)plan->steps.v[*index].kind == kind)
            return &plan->steps.v[*index];
    return NULL;
}

/* Counted from the first step, and exactly so long after. */
static bool begins_after(const struct mxs_plan *plan, int kind, long n)
{
    size_t i;
    const struct mxs_plan_step *step = step_of(plan, kind, &i);
    return step && step->at - plan->steps.v[0].at == n * (plan->reach / 2);
}

static bool plan_holds(const struct mxs_claim_term *t, struct mxs_plan *plan)
{
    int kind;
    long n;
    size_t i;
    if (!same(t->name, "proved") && !same(t->name, "fails"))
        return ttls(t->value, &n) && begins_after(plan, step_kind(t->name), n);
    if (t->value) {
        if (!moved(t->value, &kind, &n) || !step_of(plan, kind, &i))
            return false;
        mxs_plan_move(plan, i, n * (plan->reach / 4));
        mxs_plan_prove(plan);
    }
    return (plan->proof.failing.n == 0) == same(t->name, "proved");
}

static const struct mxs_session_facts *with_chain(const struct mxs_evidence *ev)
{
    for (size_t h = 0; h < ev->hosts.n; h++)
        for (size_t i = 0; i < ev->hosts.v[h]->sessions.n; i++)
            if (ev->hosts.v[h]->sessions.v[i]->chain.certs.n)
                return ev->hosts.v[h]->sessions.v[i];
    return NULL;
}

bool mxs_claim_plan(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_claim_futures *f = futures(facts);
    struct mxs_plan_result result = { NULL, NULL, false };
    struct mxs_why why = { 0 };
    if (!f)
        return false;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_plan_input input = { .evidence = facts->evidence, .whatif = &f->whatif,
                                    .now = f->whatif.options->at };
    input.next = f->next ? *f->next
                         : mxs_plan_next_unknown(f->whatif.catalog, with_chain(facts->evidence));
    bool holds = mxs_plan_search(arena, &input, &result, &why) == MXS_OK &&
                 plan_holds(t, result.plan);
    mxs_arena_free(arena);
    return holds;
}
