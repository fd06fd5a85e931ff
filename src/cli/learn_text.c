/* A lesson as text: what the workbench would show, and after its walks the answers they prove. */
#include "config.h"

#include "cli/learn.h"

#include "judge/glossary.h"
#include "report/anon.h"
#include "report/wrap.h"
#include "whatif/fallback.h"

#include <string.h>

enum { WIDTH = 78, NAME_W = 12, TITLE_IN = 2 };

static void row(struct mxs_buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    mxs_buf_printf(out, "  %-*s", NAME_W - 2, name);
    mxs_wrap(out, text, NAME_W, NAME_W, WIDTH);
}

static void heading(struct mxs_buf *out, const char *text)
{
    mxs_buf_putc(out, '\n');
    mxs_wrap(out, text, 0, TITLE_IN, WIDTH);
}

/* --- the walk --- */

static enum mxs_err walk(struct cli_class *class, struct mxs_journal **out, struct mxs_why *why)
{
    struct mxs_walk *walk = NULL;
    struct mxs_journal *journal = mxs_journal_new(class->world.clock);
    enum mxs_err err = mxs_walk_new(class->world.engine, class->target, journal, &walk, why);
    if (err == MXS_OK) {
        mxs_walk_start(walk);
        mxs_walk_finish(walk);
    }
    mxs_walk_free(walk);
    *out = journal;
    return err;
}

/* Opened by the first claim of an act that asks. */
static const struct mxs_claim_futures *futures(void *data)
{
    struct cli_class *class = data;
    struct mxs_why why = { 0 };
    if (!class->futures.whatif.rebuild &&
        cli_futures_open(&class->run, &class->world, &class->futures, &why)) {
        cli_futures_close(&class->futures);
        class->futures = (struct cli_futures){ 0 };
        return NULL;
    }
    class->claims = (struct mxs_claim_futures){ class->futures.scenarios, class->futures.whatif,
                                                class->plan.any ? &class->plan.next : NULL };
    return &class->claims;
}

static const char **filled(struct cli_class *class, const struct mxs_lesson_step *step,
                           const struct mxs_claim_facts *facts)
{
    struct mxs_arena *arena = class->cli->arena;
    const char **rows = mxs_arena_alloc(arena, (step->card.n + 1) * sizeof *rows);
    struct mxs_lesson_values values = {
        class->world.lab ? mxs_lab_info(class->world.lab)->ca_file : NULL,
        cli_lab_dns(class->cli, class->world.lab)
    };
    for (size_t i = 0; i < step->card.n; i++)
        rows[i] = mxs_lesson_fill(arena, step->card.v[i].text, facts, &values);
    return rows;
}

/* The answer as the workbench finds it: by what had happened when it was shown, and no later. */
static struct cli_proof prove(struct cli_class *class, const struct mxs_claim_facts *all, size_t step)
{
    const struct mxs_lesson *lesson = class->lesson;
    struct cli_proof proof = { .right = -1 };
    size_t upto = 0;
    proof.there = mxs_lesson_stop(lesson, step, true, all, &upto);
    struct mxs_journal *part = mxs_journal_new(class->world.clock);
    struct mxs_evidence *evidence = mxs_fold_new(part);
    for (size_t i = 0; i < upto; i++)
        mxs_journal_append(part, mxs_journal_at(all->journal, i));
    struct mxs_assessment *assessment = mxs_assess(evidence, &class->world.assess);
    struct mxs_claim_facts facts = { part, evidence, assessment, futures, class };
    mxs_fallback_all(assessment, class->world.assess.profiles);
    if (lesson->steps.v[step].ask)
        proof.right = mxs_lesson_right(&lesson->steps.v[step], &facts);
    proof.rows = filled(class, &lesson->steps.v[step], &facts);
    mxs_assessment_free(assessment);
    mxs_fold_free(evidence);
    mxs_journal_free(part);
    return proof;
}

static void prove_all(struct cli_class *class, size_t act, struct mxs_journal *journal,
                      struct cli_proof *proofs, bool *met)
{
    const struct mxs_lesson *lesson = class->lesson;
    struct mxs_evidence *evidence = mxs_fold_new(journal);
    struct mxs_assessment *assessment = mxs_assess(evidence, &class->world.assess);
    struct mxs_claim_facts facts = { journal, evidence, assessment, futures, class };
    mxs_fallback_all(assessment, class->world.assess.profiles);
    cli_anon(class->cli, evidence);
    for (size_t i = 0; i < lesson->steps.n; i++)
        if (lesson->steps.v[i].act == act)
            proofs[i] = prove(class, &facts, i);
    for (size_t i = 0; i < lesson->goals.n; i++)
        if (lesson->goals.v[i].act == act)
            met[i] = mxs_claim_holds(&lesson->goals.v[i].when, &facts);
    mxs_assessment_free(assessment);
    mxs_fold_free(evidence);
}

static enum mxs_err prove_acts(struct cli_class *class, struct cli_proof *proofs, bool *met,
                               struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t act = 0; act < class->lesson->acts.n && !err; act++) {
        struct mxs_journal *journal = NULL;
        err = cli_class_act(class, act, why);
        if (err)
            break;
        err = class->recorded ? MXS_OK : walk(class, &journal, why);
        if (!err)
            prove_all(class, act, class->recorded ? class->recorded : journal, proofs, met);
        mxs_journal_free(journal);
        cli_class_close(class);
    }
    return err;
}

/* --- its text --- */

static void put_explained(struct mxs_buf *out, const struct mxs_glossary *glossary, const char *id)
{
    const struct mxs_entry *e = glossary && id ? mxs_glossary_find(glossary, id) : NULL;
    if (!e)
        return;
    row(out, "means", e->means);
    row(out, "mind", e->side);
    row(out, "look", e->look);
    row(out, "read", e->rfc);
}

static void put_step(struct cli_class *class, const struct mxs_glossary *glossary, size_t n,
                     const struct cli_proof *proof, struct mxs_buf *out)
{
    const struct mxs_lesson_step *step = &class->lesson->steps.v[n];
    heading(out, mxs_arena_printf(class->cli->arena, "Step %zu: %s", n + 1, step->title));
    for (size_t i = 0; i < step->card.n; i++)
        row(out, step->card.v[i].name, proof->rows[i]);
    if (!step->card.n)
        put_explained(out, glossary, step->explain);
    row(out, "asks", step->ask);
    for (size_t i = 0; i < step->n_answers; i++) {
        mxs_buf_printf(out, "%*s%c  ", NAME_W, "", (int)('a' + i));
        mxs_wrap(out, step->answers[i].text, NAME_W + 3, NAME_W + 3, WIDTH);
    }
}

static void put_answers(struct cli_class *class, const struct cli_proof *proofs, struct mxs_buf *out)
{
    const struct mxs_lesson *lesson = class->lesson;
    heading(out, "Answers, as the walk had just now proves them");
    for (size_t i = 0; i < lesson->steps.n; i++) {
        const struct mxs_lesson_step *step = &lesson->steps.v[i];
        const char *name = mxs_arena_printf(class->cli->arena, "step %zu", i + 1);
        if (!proofs[i].there)
            row(out, name, "the walk ended before it");
        else if (step->ask && proofs[i].right < 0)
            row(out, name, "this walk does not decide it");
        else if (step->ask)
            row(out, name, mxs_arena_printf(class->cli->arena, "%c  %s%s%s", 'a' + proofs[i].right,
                                            step->answers[proofs[i].right].text,
                                            step->because ? " " : "",
                                            step->because ? step->because : ""));
    }
}

static void put_end(struct cli_class *class, const bool *met, struct mxs_buf *out)
{
    const struct mxs_lesson *lesson = class->lesson;
    if (lesson->goals.n)
        heading(out, "Goals");
    for (size_t i = 0; i < lesson->goals.n; i++)
        row(out, met[i] ? "seen" : "not seen", lesson->goals.v[i].text);
    heading(out, "Take home");
    mxs_buf_puts(out, "  ");
    mxs_wrap(out, lesson->closing, 2, 2, WIDTH);
}

enum mxs_err cli_class_text(struct cli_class *class, struct mxs_buf *out, struct mxs_why *why)
{
    const struct mxs_lesson *lesson = class->lesson;
    struct mxs_arena *arena = class->cli->arena;
    struct cli_proof *proofs = mxs_arena_alloc(arena, lesson->steps.n * sizeof *proofs);
    bool *met = mxs_arena_alloc(arena, (lesson->goals.n + 1) * sizeof *met);
    struct mxs_glossary *glossary = NULL;
    const char *folder = cli_data(arena, "glossary");
    enum mxs_err err = folder ? mxs_glossary_load(folder, &glossary, why) : MXS_OK;
    err = err ? err : prove_acts(class, proofs, met, why);
    if (err == MXS_OK && (class->cli->html || class->cli->markdown))
        err = cli_document(class->cli, cli_class_doc(class, glossary, proofs, met), why);
    if (err == MXS_OK && !cli_on_stdout(class->cli)) {
        mxs_wrap(out, lesson->title, 0, TITLE_IN, WIDTH);
        mxs_wrap(out, lesson->goal, 0, 0, WIDTH);
        for (size_t i = 0; i < lesson->steps.n; i++)
            put_step(class, glossary, i, &proofs[i], out);
        put_answers(class, proofs, out);
        put_end(class, met, out);
        mxs_anon_buf(class->cli->anon, out, 0);
    }
    mxs_glossary_free(glossary);
    return err;
}
