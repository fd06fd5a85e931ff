/* A lesson to hand out. */
#include "config.h"

#include "cli/learn.h"

#include "judge/glossary.h"
#include "report/doc.h"

static void card_table(struct mxs_doc *doc)
{
    static const struct mxs_doc_column columns[] = { { "", MXS_DOC_HEAD }, { "", 0 } };
    mxs_doc_table(doc, columns, MXS_COUNT(columns));
}

static void card_row(struct mxs_doc *doc, const char *name, const char *text)
{
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", name);
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", text);
}

/* With the names that the workbench gives these rows. */
static void explained(struct mxs_doc *doc, const struct mxs_glossary *glossary, const char *id)
{
    const struct mxs_entry *e = glossary && id ? mxs_glossary_find(glossary, id) : NULL;
    if (!e)
        return;
    const struct mxs_lesson_row rows[] = { { "means", e->means }, { "mind", e->side },
                                           { "look", e->look }, { "read", e->rfc } };
    card_table(doc);
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (rows[i].text)
            card_row(doc, rows[i].name, rows[i].text);
}

static void card(struct mxs_doc *doc, const struct mxs_lesson_step *step,
                 const struct cli_proof *proof)
{
    if (step->card.n)
        card_table(doc);
    for (size_t i = 0; i < step->card.n; i++)
        card_row(doc, step->card.v[i].name, proof->rows[i]);
}

static void question(struct mxs_doc *doc, const struct mxs_lesson_step *step)
{
    if (step->ask)
        mxs_doc_mark(doc, MXS_TONE_TITLE, "Question:", "%s", step->ask);
    for (size_t i = 0; step->ask && i < step->n_answers; i++)
        mxs_doc_item(doc, "%c) %s", (int)('a' + i), step->answers[i].text);
}

/* On a page of their own words, behind the questions. */
static void answers(struct mxs_doc *doc, const struct mxs_lesson *lesson, const struct cli_proof *proofs)
{
    static const struct mxs_doc_column columns[] = { { "step", 0 }, { "answer", 0 }, { "because", 0 } };
    bool titled = false;
    for (size_t i = 0; i < lesson->steps.n; i++) {
        const struct mxs_lesson_step *step = &lesson->steps.v[i];
        int right = proofs[i].right;
        if (!step->ask)
            continue;
        if (!titled) {
            mxs_doc_heading(doc, 2, "Answers, as the walk had just now proves them");
            mxs_doc_table(doc, columns, MXS_COUNT(columns));
        }
        titled = true;
        mxs_doc_cell(doc, MXS_TONE_PLAIN, "%zu", i + 1);
        if (right < 0)
            mxs_doc_cell(doc, MXS_TONE_WARN, "%s",
                         proofs[i].there ? "this walk does not decide it" : "the walk ended before it");
        else
            mxs_doc_cell(doc, MXS_TONE_GOOD, "%c) %s", 'a' + right, step->answers[right].text);
        mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", right >= 0 && step->because ? step->because : "");
    }
}

struct mxs_doc *cli_class_doc(struct cli_class *class, const struct mxs_glossary *glossary,
                              const struct cli_proof *proofs, const bool *met)
{
    const struct mxs_lesson *lesson = class->lesson;
    struct mxs_doc *doc = mxs_doc_new(class->cli->arena, lesson->title);
    mxs_doc_heading(doc, 1, "%s", lesson->title);
    mxs_doc_prose(doc, lesson->goal);
    for (size_t i = 0; i < lesson->steps.n; i++) {
        const struct mxs_lesson_step *step = &lesson->steps.v[i];
        mxs_doc_heading(doc, 2, "Step %zu: %s", i + 1, step->title);
        card(doc, step, &proofs[i]);
        if (!step->card.n)
            explained(doc, glossary, step->explain);
        question(doc, step);
    }
    answers(doc, lesson, proofs);
    if (lesson->goals.n)
        mxs_doc_heading(doc, 2, "Goals");
    for (size_t i = 0; i < lesson->goals.n; i++)
        mxs_doc_item(doc, "%s: %s", met[i] ? "seen" : "not seen", lesson->goals.v[i].text);
    mxs_doc_heading(doc, 2, "Take home");
    mxs_doc_prose(doc, lesson->closing);
    return doc;
}
