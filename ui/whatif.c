#include "config.h"

#include "ui/whatif_room.h"

#include <stdlib.h>
#include <string.h>

struct ui_whatif *ui_whatif_new(struct ui_model *model)
{
    struct ui_whatif *w = mxs_alloc(sizeof *w);
    w->model = model;
    w->history = model->options->history;
    w->own_arena = mxs_arena_new();
    w->own = (struct mxs_scenario){ .id = "own/changes", .title = "Your changes",
                                    .at = MXS_CATALOG_ALWAYS };
    return w;
}

void ui_whatif_drop_offers(struct ui_whatif *w)
{
    mxs_arena_free(w->offers_arena);
    w->offers_arena = NULL;
    w->offers_of = NULL;
}

static void drop_matrices(struct ui_whatif *w)
{
    ui_whatif_drop_offers(w);
    mxs_matrix_free(w->matrix);
    mxs_matrix_free(w->own_matrix);
    w->matrix = w->own_matrix = NULL;
}

void ui_whatif_drop(struct ui_whatif *w)
{
    if (!w)
        return;
    drop_matrices(w);
    mxs_arena_free(w->arena);
    w->arena = NULL;
    w->subjects = (struct mxs_subjects){ 0 };
    w->run++;
}

void ui_whatif_free(struct ui_whatif *w)
{
    if (!w)
        return;
    ui_whatif_drop(w);
    mxs_rebuild_free(w->rebuild);
    mxs_keypool_free(w->pool);
    mxs_remedies_free(w->remedies);
    mxs_scenarios_free(w->scenarios);
    mxs_profiles_free(w->profiles);
    mxs_arena_free(w->own_arena);
    free(w);
}

/* --verifier may ask for receivers alone, and they judge no server. */
static bool has_judges(const struct ui_whatif *w, const struct mxs_subject *subject)
{
    struct mxs_matrix *matrix = mxs_matrix_new(&w->with, subject, NULL, 0);
    bool some = matrix->panel.seats.n > 0;
    mxs_matrix_free(matrix);
    return some;
}

/* The subject that the session looked at belongs to: itself, else another one of its host, else the one
 * shown now; of those that somebody judges. */
static size_t subject_of(const struct ui_whatif *w, uint32_t session)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_session_facts *s = ui_model_session(w->model, &host);
    size_t now = w->subject < w->subjects.list.n ? w->subject : 0, found = now;
    int best = 0;
    for (size_t i = 0; s && i < w->subjects.list.n; i++) {
        const struct mxs_subject *of = &w->subjects.list.v[i];
        bool own = of->session->id == session, near = strcmp(of->host->host, host->host) == 0;
        const struct mxs_chain *a = &of->session->chain, *b = &s->chain;
        bool same = near && a->certs.n && a->certs.n == b->certs.n &&
                    mxs_bytes_equal(a->certs.v[0]->der, b->certs.v[0]->der);
        int rank = own ? 5 : same ? 4 : near ? 3 : i == now ? 2 : 1;
        if (rank > best && has_judges(w, of)) {
            best = rank;
            found = i;
        }
    }
    return found;
}

/* Today stays where the workbench began, wherever the slider rests. */
static void collect_dates(struct ui_whatif *w)
{
    struct mxs_assess_options today = w->assess;
    struct mxs_whatif with = w->with;
    today.at = w->model->options->assess->at;
    with.options = &today;
    w->dates = (struct mxs_timeline_dates){ 0 };
    mxs_timeline_dates(w->arena, &with, &w->subjects.list.v[w->subject], w->chosen, w->n_chosen,
                       &w->dates);
    w->ticks = mxs_arena_alloc(w->arena, (w->dates.list.n + 1) * sizeof *w->ticks);
    w->n_ticks = 0;
    for (size_t i = 0; i < w->dates.list.n; i++) {
        int64_t at = w->dates.list.v[i].at;
        if (!w->n_ticks || w->ticks[w->n_ticks - 1] < at)
            w->ticks[w->n_ticks++] = at;
    }
}

static void start(struct ui_whatif *w)
{
    const struct ui_model *model = w->model;
    drop_matrices(w);
    mxs_arena_free(w->arena);
    w->arena = mxs_arena_new();
    w->run++;
    w->judgement = model->judgement;
    w->generation = model->generation;
    w->assess = model->assess;
    w->assess.profiles = w->profiles ? w->profiles : w->assess.profiles;
    w->with = (struct mxs_whatif){ .catalog = ui_whatif_catalog(w), .options = &w->assess,
                                   .rebuild = w->rebuild };
    w->subjects = (struct mxs_subjects){ 0 };
    mxs_subjects_of(w->arena, model->evidence, model->evidence->client_role, &w->subjects);
    if (!w->subjects.list.n) {
        w->state = UI_WHATIF_EMPTY;
        return;
    }
    if (w->session != model->session || w->subject >= w->subjects.list.n)
        w->subject = subject_of(w, model->session);
    w->session = model->session;
    w->state = UI_WHATIF_READY;
    ui_whatif_choose(w);
    collect_dates(w);
    w->matrix = mxs_matrix_new(&w->with, &w->subjects.list.v[w->subject], w->chosen, w->n_chosen);
    ui_whatif_start_own(w);
}

/* Evidence that still grows is not judged: the walk is over, or stands still. */
static bool evidence_rests(const struct ui_model *model)
{
    return ui_model_done(model) || ui_model_status(model).state == MXS_WALK_PAUSED;
}

void ui_whatif_sync(struct ui_whatif *w)
{
    const struct ui_model *model = w->model;
    if (w->state == UI_WHATIF_FAILED)
        return;
    bool moved = w->judgement != model->judgement || w->generation != model->generation;
    if (w->arena && !evidence_rests(model))
        ui_whatif_drop(w);
    if (!evidence_rests(model) || !ui_model_judged(model)) {
        w->state = w->arena ? w->state : UI_WHATIF_WALKING;
        return;
    }
    if (!ui_whatif_is_read(w))
        w->state = UI_WHATIF_READING;
    else if (!w->arena || moved)
        start(w);
    else if (w->session != model->session && w->subjects.list.n) {
        size_t of = subject_of(w, model->session);
        w->session = model->session;
        if (of != w->subject) {
            w->subject = of;
            start(w);
        }
    }
}

const struct mxs_claim_futures *ui_whatif_futures(struct ui_whatif *w)
{
    const struct ui_plan_options *plan = w->model->options->plan;
    if (!ui_whatif_read_all(w))
        return NULL;
    ui_whatif_sync(w);
    w->futures = (struct mxs_claim_futures){ w->scenarios, w->with,
                                             plan && plan->any ? &plan->next : NULL };
    return w->state == UI_WHATIF_READY ? &w->futures : NULL;
}

/* --- work --- */

static bool offer(struct ui_whatif *w)
{
    if (!w->offers_of || w->offers_arena || !w->remedies)
        return false;
    const struct mxs_matrix_row *row = &w->offers_of->rows.v[w->offers_row];
    if (!row->cells || row->judged < w->offers_of->panel.seats.n)
        return false;
    w->offers_arena = mxs_arena_new();
    w->offers = (struct mxs_offers){ 0 };
    if (row->status != MXS_STATUS_OK)
        mxs_remedies_offer(w->offers_arena, w->remedies, w->offers_of, row, &w->offers);
    return true;
}

static bool step(struct ui_whatif *w)
{
    ui_whatif_sync(w);
    if (w->state == UI_WHATIF_READING)
        return ui_whatif_read_next(w);
    if (w->state != UI_WHATIF_READY)
        return false;
    bool more = (w->own_matrix && mxs_matrix_step(w->own_matrix)) || offer(w) ||
                mxs_matrix_step(w->matrix);
    w->steps += more;
    return more;
}

bool ui_whatif_work(struct ui_whatif *w, int64_t budget_us)
{
    const struct mxs_clock *clock = mxs_clock_real();
    int64_t began = clock->mono(clock);
    bool more;
    do
        more = step(w);
    while (more && clock->mono(clock) - began < budget_us);
    return more;
}

/* --- looking --- */

static bool whole(const struct mxs_matrix *matrix)
{
    return !matrix || matrix->steps_done >= matrix->steps_total;
}

bool ui_whatif_whole(const struct ui_whatif *w)
{
    return w->state == UI_WHATIF_READY && whole(w->matrix) && whole(w->own_matrix);
}

size_t ui_whatif_rows(const struct ui_whatif *w)
{
    if (w->state != UI_WHATIF_READY)
        return 0;
    return (w->own_matrix ? w->own_matrix->rows.n : 0) + w->matrix->rows.n;
}

const struct mxs_matrix_row *ui_whatif_row(const struct ui_whatif *w, size_t row,
                                           const struct mxs_matrix **matrix)
{
    size_t own = w->own_matrix ? w->own_matrix->rows.n : 0;
    const struct mxs_matrix *of = row < own ? w->own_matrix : w->matrix;
    if (matrix)
        *matrix = of;
    return &of->rows.v[row < own ? row : row - own];
}

const struct mxs_panel *ui_whatif_panel(const struct ui_whatif *w)
{
    return &w->matrix->panel;
}

const struct mxs_subject *ui_whatif_subject(const struct ui_whatif *w)
{
    return w->subject < w->subjects.list.n ? &w->subjects.list.v[w->subject] : NULL;
}

bool ui_whatif_turn(struct ui_whatif *w, int by)
{
    bool can = by > 0 ? w->subject + 1 < w->subjects.list.n : w->subject > 0;
    if (w->state != UI_WHATIF_READY || !can)
        return false;
    w->subject += by > 0 ? 1 : (size_t)-1;
    const struct mxs_subject *s = ui_whatif_subject(w);
    if (mxs_evidence_session(w->model->evidence, s->session->id, NULL))
        ui_model_look_at(w->model, s->session->id);
    w->session = w->model->session;
    start(w);
    return true;
}

struct ui_slider ui_whatif_slider(const struct ui_whatif *w)
{
    const struct ui_model *model = w->model;
    return (struct ui_slider){ w->ticks, w->state == UI_WHATIF_READY ? w->n_ticks : 0,
                               model->assess.at, model->options->assess->at };
}

void ui_whatif_look_at(struct ui_whatif *w, size_t row)
{
    const struct mxs_matrix *matrix = NULL;
    const struct mxs_matrix_row *of = ui_whatif_row(w, row, &matrix);
    size_t index = (size_t)(of - matrix->rows.v);
    if (w->offers_of == matrix && w->offers_row == index)
        return;
    ui_whatif_drop_offers(w);
    w->offers_of = matrix;
    w->offers_row = index;
}

const struct mxs_offers *ui_whatif_offers(const struct ui_whatif *w, size_t row)
{
    const struct mxs_matrix *matrix = NULL;
    const struct mxs_matrix_row *of = ui_whatif_row(w, row, &matrix);
    bool same = w->offers_of == matrix && w->offers_row == (size_t)(of - matrix->rows.v);
    return same && w->offers_arena ? &w->offers : NULL;
}
