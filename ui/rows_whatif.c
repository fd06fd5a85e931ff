#include "config.h"

#include "ui/rows_whatif.h"

#include "base/text.h"
#include "facts/tls.h"
#include "judge/profile.h"
#include "report/who.h"
#include "ui/rows_chain.h"
#include "ui/rows_diff.h"
#include "ui/rows_overview.h"

#include <string.h>

enum { NAME_W = 9, DAY = 86400 };

static void pair(struct ui_lines *lines, int width, const char *name, enum ui_style style,
                 const char *value)
{
    ui_lines_pair(lines, width, NAME_W, name, style, value);
}

/* --- before there is a matrix --- */

static const char *const about =
    "This view asks what becomes of mail when something changes: a CA drops clientAuth, an intermediate "
    "is rotated, the certificate is renewed with a new key, a TLSA record is forgotten. Each row is such "
    "a scenario, each column the mail servers that answer alike. The chain that was seen is made again "
    "under throw-away keys with the change in it, and judged by the same judges as the real one.";

void ui_whatif_rest(struct ui_lines *lines, int width, const struct ui_whatif *w)
{
    const struct ui_model *model = w->model;
    bool paused = ui_model_status(model).state == MXS_WALK_PAUSED;
    const char *title = "", *text = "";
    switch (w->state) {
    case UI_WHATIF_READING:
        title = "Reading scenarios, profiles and the catalog of CAs ...";
        break;
    case UI_WHATIF_FAILED:
        title = "What-if cannot start.";
        text = w->why.text;
        break;
    case UI_WHATIF_WALKING:
        title = paused || ui_model_done(model) ? "Judging what was seen ..."
                                               : "The walk goes on; what-if waits for what it learns.";
        if (!paused && !ui_model_done(model))
            text = "It begins when the walk is done, or stands still: at a breakpoint (b), stepping "
                   "(s), or stopped (x).";
        break;
    case UI_WHATIF_EMPTY:
        title = paused ? "Nothing was seen yet that a scenario could change."
                       : "Nothing was seen that a scenario could change.";
        text = paused ? "s steps, c goes on: a scenario needs a mail server that was reached."
                      : "No mail server was reached. View 6, Findings, says why.";
        break;
    case UI_WHATIF_READY:
        break;
    }
    ui_lines_blank(lines);
    ui_lines_wrap(lines, width - 2, 2, 0, UI_STYLE_STRONG, title);
    ui_lines_wrap(lines, width - 2, 2, 0,
                  w->state == UI_WHATIF_FAILED ? UI_STYLE_BAD : UI_STYLE_NORMAL, text);
    ui_lines_blank(lines);
    ui_lines_wrap(lines, width < 100 ? width - 2 : 98, 2, 0, UI_STYLE_DIM, about);
}

/* --- subject and date --- */

const char *ui_whatif_title(struct mxs_arena *arena, const struct ui_whatif *w)
{
    const struct mxs_subject *s = ui_whatif_subject(w);
    const struct mxs_matrix *const both[] = { w->own_matrix, w->matrix };
    size_t done = 0, total = 0;
    if (w->state != UI_WHATIF_READY || !s)
        return "What if";
    for (size_t i = 0; i < MXS_COUNT(both); i++) {
        done += both[i] ? both[i]->steps_done : 0;
        total += both[i] ? both[i]->steps_total : 0;
    }
    const char *place = w->subjects.list.n > 1
                            ? mxs_arena_printf(arena, "  %zu of %zu", w->subject + 1,
                                               w->subjects.list.n)
                            : "";
    const char *progress = done < total ? mxs_arena_printf(arena, "  judging %zu of %zu", done, total)
                                        : "";
    return mxs_arena_printf(arena, "%s%s%s", s->name, place, progress);
}

static const char *all_titles(struct mxs_arena *arena, const struct ui_whatif *w, int64_t at)
{
    const char *text = NULL;
    for (size_t i = 0; i < w->dates.list.n; i++) {
        const struct mxs_timeline_date *d = &w->dates.list.v[i];
        if (d->at != at)
            continue;
        bool sure = !d->certainty || strcmp(d->certainty, "exact") == 0;
        text = mxs_arena_printf(arena, "%s%s%s%s%s%s", text ? text : "", text ? "; " : "", d->title,
                                sure ? "" : " (", sure ? "" : d->certainty, sure ? "" : ")");
    }
    return text;
}

void ui_whatif_date(struct ui_lines *lines, int width, const struct ui_whatif *w)
{
    struct mxs_arena *arena = lines->arena;
    struct ui_slider slider = ui_whatif_slider(w);
    struct ui_line *line = ui_lines_add(lines);
    const char *titles = all_titles(arena, w, slider.at);
    int64_t next = ui_slider_step(&slider, 1);
    bool started = slider.at == slider.today;
    line->heading = true;
    ui_line_at(line, 0, 0, UI_STYLE_STRONG, ui_day(arena, slider.at));
    if (titles || started)
        ui_line_at(line, 12, 0, UI_STYLE_NORMAL, titles ? titles : "as it was seen");
    if ((titles && !started) || next == slider.at)
        return;
    long long days = (long long)((next - slider.at + DAY - 1) / DAY);
    int x = started && !titles ? 28 : 12;
    ui_line_at(line, x, width - x, UI_STYLE_DIM,
               mxs_arena_printf(arena, "in %lld days, %s: %s", days, ui_day(arena, next),
                                all_titles(arena, w, next)));
}

/* --- the scenario --- */

static const char *when(struct mxs_arena *arena, const struct mxs_scenario *s)
{
    if (s->at == MXS_CATALOG_ALWAYS)
        return "whenever somebody does it";
    bool sure = !s->certainty || strcmp(s->certainty, "exact") == 0;
    return mxs_arena_printf(arena, "%s%s%s", ui_day(arena, s->at), sure ? "" : ", ",
                            sure ? "" : s->certainty);
}

static const char *happened(struct mxs_arena *arena, const struct mxs_overlay *o)
{
    if (o->direction != MXS_BACKWARD)
        return NULL;
    if (!o->happened_from || !o->happened_until)
        return "this has already happened here: before is rebuilt as it was, after is what was seen";
    return mxs_arena_printf(arena, "this has already happened here, between %s and %s: before is "
                                   "rebuilt as it was, after is what was seen",
                            ui_day(arena, o->happened_from), ui_day(arena, o->happened_until));
}

void ui_whatif_scenario(struct ui_lines *lines, int width, const struct ui_whatif *w,
                        const struct mxs_matrix_row *row)
{
    struct mxs_arena *arena = lines->arena;
    const struct mxs_scenario *s = row->scenario;
    (void)w;
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_STRONG, s->title);
    if (row->future && row->future->branch)
        pair(lines, width, "way", UI_STYLE_NORMAL, row->future->branch);
    if (row->overlay && row->overlay->why_not)
        pair(lines, width, "not here", UI_STYLE_WARN,
             mxs_arena_printf(arena, "does not apply: %s", row->overlay->why_not));
    else if (row->overlay)
        pair(lines, width, "past", UI_STYLE_WARN, happened(arena, row->overlay));
    pair(lines, width, "when", UI_STYLE_NORMAL, when(arena, s));
    for (size_t i = 0; row->future && i < row->future->changes.n; i++)
        pair(lines, width, i ? "" : "change", UI_STYLE_NORMAL, row->future->changes.v[i]);
    pair(lines, width, "story", UI_STYLE_NORMAL, s->story);
    pair(lines, width, "source", UI_STYLE_DIM, s->source);
}

/* --- a cell --- */

static const char *verdict_words(struct mxs_arena *arena, const struct mxs_verdict *v)
{
    const char *text = ui_verdict_words(arena, v);
    if (v->action == MXS_ACTION_UNKNOWN)
        return "? nobody knows";
    if (v->role == MXS_ROLE_RECEIVER && v->verified >= 0)
        text = mxs_arena_printf(arena, "%s, %s", text, v->verified ? "verified" : "not verified");
    if (v->stage != MXS_STAGE_NONE && mxs_stage_name(v->stage))
        text = mxs_arena_printf(arena, "%s, at %s", text, mxs_stage_name(v->stage));
    if (v->reply)
        text = mxs_arena_printf(arena, "%s, reply %d", text, v->reply);
    if (v->alert >= 0) {
        const char *name = mxs_tls_alert_name((unsigned)v->alert);
        text = mxs_arena_printf(arena, "%s, alert %d %s", text, v->alert, name ? name : "");
    }
    return v->label ? mxs_arena_printf(arena, "%s (\"%s\")", text, v->label) : text;
}

static const char *grade_words(struct mxs_arena *arena, const struct mxs_panel_seat *seat,
                               const struct mxs_verdict *v)
{
    const struct mxs_profile *p = seat->profile;
    const char *grade = mxs_grade_name(v->grade);
    if (!p)
        return "the RFC itself";
    return mxs_arena_printf(arena, "%s%s, %s %s%s%s", v->grade == MXS_GRADE_MEASURED ? "" : "~",
                            grade, p->product ? p->product : "", p->version ? p->version : "",
                            p->title ? ": " : "", p->title ? p->title : "");
}

/* The certificates that the verdict is about: the server's, or what the client shows. */
static const struct mxs_chain *judged_chain(const struct mxs_future *f, enum mxs_role role)
{
    bool shown = role == MXS_ROLE_RECEIVER && !f->evidence->client_role;
    return shown ? &f->session->tls.client_auth.chain : &f->session->chain;
}

/* The certificate that the first reason is about; at fault unless all is well. */
static void at_fault(struct ui_lines *lines, int width, const struct mxs_future *f,
                     const struct mxs_verdict *v)
{
    const struct mxs_chain *chain = judged_chain(f, v->role);
    int depth = v->reasons.n ? v->reasons.v[0].depth : -1;
    if (depth < 0 || (size_t)depth >= chain->certs.n)
        return;
    const struct mxs_cert *c = chain->certs.v[depth];
    struct mxs_arena *arena = lines->arena;
    struct mxs_strs eku = mxs_cert_eku_names(arena, c);
    pair(lines, width, v->verified == 1 ? "about" : "at fault", UI_STYLE_NORMAL,
         mxs_arena_printf(arena, "%s \"%s\", by %s, %s to %s, EKU %s",
                          depth == 0 ? "the leaf" : mxs_arena_printf(arena, "certificate %d", depth),
                          ui_cert_name(c), c->self_issued ? "itself" : ui_cert_issuer(arena, c),
                          ui_day(arena, c->not_before), ui_day(arena, c->not_after),
                          c->has_eku ? mxs_text_joined(arena, &eku, " ") : "any"));
}

static void reasons(struct ui_lines *lines, int width, const struct mxs_verdict *v, bool brief)
{
    for (size_t i = 0; i < v->reasons.n && (i == 0 || !brief); i++) {
        const struct mxs_reason *r = &v->reasons.v[i];
        pair(lines, width, i ? "" : "because", UI_STYLE_NORMAL,
             mxs_arena_printf(lines->arena, "%s%s%s%s", r->text, r->rfc ? " (" : "",
                              r->rfc ? r->rfc : "", r->rfc ? ")" : ""));
    }
}

static const char *alert_words(struct mxs_arena *arena, const struct ui_whatif *w, int alert)
{
    const char *name = mxs_tls_alert_name((unsigned)alert);
    const struct mxs_entry *entry = name ? ui_model_entry(w->model, "alert", name) : NULL;
    return mxs_arena_printf(arena, "TLS alert %d %s%s%s", alert, name ? name : "",
                            entry ? ": " : "", entry ? entry->means : "");
}

/* A sender that does not deliver tells the server nothing of its reason. */
static const char *unsaid(const struct mxs_verdict *v)
{
    if (v->action != MXS_ACTION_DEFER && v->action != MXS_ACTION_BOUNCE)
        return NULL;
    return v->stage < MXS_STAGE_CONNECT ? "no connection: the sender does not even come"
                                        : "a session that ends without MAIL, and no reason";
}

/* A receiver's refusal in the logs of those who send. */
static void your_log(struct ui_lines *lines, int width, const struct ui_whatif *w,
                     const struct mxs_verdict *v)
{
    struct mxs_who_logs logs;
    mxs_who_logs(lines->arena, w->assess.profiles, v, &logs);
    for (size_t i = 0; i < logs.v.n; i++) {
        pair(lines, width, i ? "" : "your log", UI_STYLE_DIM,
             mxs_arena_printf(lines->arena, "%s:", mxs_who_text(&logs.v.v[i].who)));
        for (size_t k = 0; k < logs.v.v[i].lines.n; k++)
            pair(lines, width, "", UI_STYLE_OUT, logs.v.v[i].lines.v[k]);
    }
}

/* What the other side meets, and so can write into its log. A receiver's alert or reply goes to the
 * sender; those in a sender's verdict came from the server. */
static void other_side(struct ui_lines *lines, int width, const struct ui_whatif *w,
                       const struct mxs_verdict *v)
{
    struct mxs_arena *arena = lines->arena;
    const char *name = v->role == MXS_ROLE_RECEIVER ? "you get" : "peer sent";
    if (v->alert >= 0)
        pair(lines, width, name, UI_STYLE_OUT, alert_words(arena, w, v->alert));
    else if (v->reply)
        pair(lines, width, name, UI_STYLE_OUT,
             mxs_arena_printf(arena, "reply %d at %s", v->reply, mxs_stage_name(v->stage)));
    else if (v->role == MXS_ROLE_SENDER)
        pair(lines, width, "your log", UI_STYLE_OUT, unsaid(v));
    your_log(lines, width, w, v);
}

static void then(struct ui_lines *lines, int width, const struct ui_whatif *w,
                 const struct mxs_verdict *v)
{
    struct mxs_who_then kinds[MXS_WHO_THENS];
    bool first = true;
    if (!v->then.n)
        return;
    mxs_who_thens(lines->arena, w->assess.profiles, v, kinds);
    for (size_t i = 0; i < MXS_COUNT(kinds); i++) {
        if (!kinds[i].who.n)
            continue;
        pair(lines, width, first ? "then" : "",
             kinds[i].cleartext ? UI_STYLE_BAD : UI_STYLE_NORMAL,
             mxs_arena_printf(lines->arena, "%s %s", kinds[i].title, mxs_who_text(&kinds[i].who)));
        first = false;
    }
}

static void members(struct ui_lines *lines, int width, const struct ui_whatif *w,
                    const struct ui_group *group, bool brief)
{
    const struct mxs_panel *panel = ui_whatif_panel(w);
    const char *text = "";
    for (size_t i = 1; i < group->seats.n && !brief; i++)
        text = mxs_arena_printf(lines->arena, "%s%s%s", text, *text ? " " : "",
                                panel->seats.v[group->seats.v[i]].name);
    if (*text)
        pair(lines, width, "alike", UI_STYLE_DIM, text);
}

static void remedies(struct ui_lines *lines, int width, const struct ui_whatif *w, size_t row,
                     size_t seat)
{
    const struct mxs_offers *offers = ui_whatif_offers(w, row);
    struct mxs_arena *arena = lines->arena;
    if (!offers || !offers->list.n)
        return;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "What to do (each was judged: it helps)");
    for (size_t i = 0; i < offers->list.n; i++) {
        const struct mxs_offered *o = &offers->list.v[i];
        struct ui_cell_words words;
        ui_cell_words(&o->cells[seat], UI_CELL_WHOLE, 40, true, &words);
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_STRONG,
                      mxs_arena_printf(arena, "%zu. %s (%s): %zu verifier%s well again%s%s%s%s",
                                       i + 1, o->remedy->title,
                                       strcmp(o->remedy->side, "theirs") == 0 ? "the other side's"
                                                                              : "your side's",
                                       o->helped, o->helped == 1 ? "" : "s",
                                       *words.before ? ", here " : "", words.before, words.arrow,
                                       *words.before ? words.after : ""));
        ui_lines_wrap(lines, width, 3, 0, UI_STYLE_NORMAL, o->remedy->about);
        for (size_t k = 0; k < o->config.n; k++) {
            const struct mxs_remedy_lines *c = &o->config.v[k];
            ui_lines_wrap(lines, width, 3, 0, UI_STYLE_DIM,
                          mxs_arena_printf(arena, "%s%s%s", c->product, c->version ? " " : "",
                                           c->version ? c->version : ""));
            for (size_t n = 0; n < c->lines.n; n++) {
                size_t at = lines->lines.n;
                ui_lines_wrap(lines, width, 5, 2, UI_STYLE_OUT, c->lines.v[n]);
                if (at < lines->lines.n)
                    lines->lines.v[at].copy = c->lines.v[n];
            }
        }
    }
}

static void verdicts(struct ui_lines *lines, int width, const struct ui_whatif *w,
                     const struct mxs_matrix_row *row, const struct mxs_matrix_cell *c,
                     const struct mxs_panel_seat *seat, bool brief)
{
    struct mxs_arena *arena = lines->arena;
    const struct mxs_verdict *v = c->after;
    if (c->changed)
        pair(lines, width, "before", UI_STYLE_NORMAL, verdict_words(arena, c->before));
    pair(lines, width, c->changed ? "after" : "both", ui_verdict_style(v), verdict_words(arena, v));
    if (v->channel == MXS_CHANNEL_CLEARTEXT)
        pair(lines, width, "", UI_STYLE_BAD, "CLEARTEXT: whoever sits between can read and change it");
    reasons(lines, width, v, brief);
    then(lines, width, w, v);
    at_fault(lines, width, row->future, v);
    for (size_t i = 0; i < v->log.n; i++)
        pair(lines, width, i ? "" : "its log", UI_STYLE_OUT, v->log.v[i]);
    other_side(lines, width, w, v);
    pair(lines, width, "TLSRPT", UI_STYLE_NORMAL, v->tls_rpt);
    pair(lines, width, "grade", UI_STYLE_DIM, grade_words(arena, seat, v));
    if (!brief && seat->profile)
        pair(lines, width, "", UI_STYLE_DIM, seat->profile->source);
}

void ui_whatif_cell(struct ui_lines *lines, int width, const struct ui_whatif *w, size_t row,
                    const struct ui_group *group, bool brief)
{
    const struct mxs_matrix_row *of = ui_whatif_row(w, row, NULL);
    size_t place = group->seats.v[0];
    const struct mxs_panel_seat *seat = &ui_whatif_panel(w)->seats.v[place];
    const struct mxs_matrix_cell *c = of->cells ? &of->cells[place] : NULL;
    if (!c || !of->future) {
        ui_whatif_scenario(lines, width, w, of);
        return;
    }
    bool named = strncmp(group->name, seat->name, strlen(seat->name)) == 0;
    ui_lines_heading(lines, mxs_arena_printf(lines->arena, "%s%s%s%s%s%s%s",
                                             brief ? "" : of->scenario->id, brief ? "" : ", ",
                                             named ? group->name : seat->name,
                                             named ? "" : " (", named ? "" : group->name,
                                             named ? "" : ")", c->judged ? "" : ": not judged yet"));
    if (c->judged)
        verdicts(lines, width, w, of, c, seat, brief);
    members(lines, width, w, group, brief);
    remedies(lines, width, w, row, place);
    if (brief)
        return;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "The scenario");
    ui_whatif_scenario(lines, width, w, of);
    ui_lines_blank(lines);
    ui_lines_heading(lines, "Before and after");
    ui_whatif_diff(lines, width, w, of);
}

void ui_whatif_members(struct ui_lines *lines, int width, const struct ui_whatif *w,
                       const struct ui_group *group)
{
    ui_lines_heading(lines, group->name);
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_NORMAL,
                  group->seats.n > 1 ? "These answer alike in every row that is shown:"
                                     : "Nobody else answers as this one in every row that is shown.");
    for (size_t i = 0; i < group->seats.n; i++) {
        const struct mxs_panel_seat *seat = &ui_whatif_panel(w)->seats.v[group->seats.v[i]];
        ui_lines_pair(lines, width, 38, seat->name, UI_STYLE_DIM,
                      seat->profile ? seat->profile->title : seat->rfc->title);
    }
}

void ui_whatif_diff(struct ui_lines *lines, int width, const struct ui_whatif *w,
                    const struct mxs_matrix_row *row)
{
    (void)w;
    if (row->future)
        ui_diff_futures(lines, width, &row->overlay->before, row->future);
}
