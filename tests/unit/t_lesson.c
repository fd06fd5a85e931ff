/* The text of lessons: what is read, and the one line that each broken one gives; claims over a
 * journal; progress. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/fold.h"
#include "judge/finding.h"
#include "judge/glossary.h"
#include "lab/lab.h"
#include "learn/progress.h"

#define MAGIC "mxscope.lesson/1\n"
#define HEAD "id: one\ntitle: One\nabout: All of it.\n"
#define LAB "lab: clean\n"
#define END "closing: Go home.\n"
#define STEP "step: First\nhappens: It does.\n"
#define WHOLE MAGIC HEAD LAB END STEP

static bool known_fault(void *data, const char *name)
{
    (void)data;
    return strcmp(name, "expired") == 0 || strcmp(name, "starttls-stripped") == 0;
}

static bool known_verifier(void *data, const char *name)
{
    (void)data;
    return strncmp(name, "rfc/", 4) == 0;
}

static bool known_scenario(void *data, const char *name)
{
    (void)data;
    return strcmp(name, "trust/ca-distrusted") == 0;
}

static const struct mxs_lesson_known known = { .fault = known_fault, .verifier = known_verifier,
                                               .scenario = known_scenario };

static struct mxs_lesson *read_it(const char *text, struct mxs_why *why)
{
    struct mxs_lesson *lesson = NULL;
    enum mxs_err err = mxs_lesson_parse("a.lesson", mxs_bytes_str(text), &known, &lesson, why);
    assert_int_equal(err != MXS_OK, lesson == NULL);
    return lesson;
}

static void whole_lesson(void **state)
{
    (void)state;
    struct mxs_why why = { 0 };
    struct mxs_lesson *l = read_it(
        MAGIC "# says nothing\n" HEAD "lab: expired, starttls-stripped\ntarget: [mx1.lab.test]\n"
        "certificate: both\noption: offer rsa\noption: client-cert-trial\n" END
        "goal: finding:starttls-absent = no STARTTLS\n\n"
        "step: First\nrun: stage:ehlo=end\nview: session\nrow: STARTTLS\nhappens: One\n  and two,\n"
        "\tand three.\nbreaks: It does.\nask: What now?\na: This.\na if: reply:250=ehlo tls:1.3\n"
        "b: That.\nb if: !reply:250=ehlo\nreveal: end\nreveal view: chain\nreveal row: leaf\nbecause: It is so.\n"
        "step: Second\nlab: clean\nexplain: stage/ehlo\ngoal: status:OK = all is well\n", &why);
    assert_string_equal(why.text, "");
    assert_non_null(l);
    assert_string_equal(l->id, "one");
    assert_int_equal(l->acts.n, 2);
    assert_int_equal(l->acts.v[0].faults.n, 2);
    assert_string_equal(l->acts.v[0].faults.v[1], "starttls-stripped");
    assert_string_equal(l->acts.v[0].options.v[1].value, "");
    assert_int_equal(l->acts.v[1].faults.n, 0);
    assert_int_equal(l->steps.n, 2);
    assert_int_equal(l->steps.v[0].act, 0);
    assert_int_equal(l->steps.v[1].act, 1);
    assert_string_equal(l->steps.v[0].card.v[0].text, "One and two, and three.");
    assert_int_equal(l->steps.v[0].n_answers, 2);
    assert_int_equal(l->steps.v[0].answers[0].when.terms.n, 2);
    assert_int_equal(l->steps.v[0].reveal.kind, MXS_MOMENT_END);
    assert_string_equal(l->steps.v[0].shown_view, "chain");
    assert_string_equal(l->steps.v[0].shown_row, "leaf");
    assert_int_equal(l->goals.v[0].act, 0);
    assert_int_equal(l->goals.v[1].act, 1);
    mxs_lesson_free(l);
}

static void broken_lessons(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "", "a.lesson:1: not a lesson (it begins with mxscope.lesson/1)" },
        { "mxscope.session/1\n", "a.lesson:1: not a lesson (it begins with mxscope.lesson/1)" },
        { "mxscope.lesson/2\n" HEAD,
          "a.lesson:1: from a newer version (this one reads mxscope.lesson/1)" },
        { MAGIC, "a.lesson:1: there is no id: line" },
        { MAGIC HEAD LAB END, "a.lesson:6: there is no step: line" },
        { MAGIC HEAD LAB STEP, "a.lesson:7: there is no closing: line" },
        { MAGIC "nonsense\n", "a.lesson:2: \"nonsense\" is not KEY: VALUE" },
        { MAGIC "id:\n", "a.lesson:2: id: nothing stands behind the colon" },
        { MAGIC "id: A b\n", "a.lesson:2: id: lower-case letters, digits and - only" },
        { MAGIC "colour: blue\n", "a.lesson:2: no line of a lesson begins with \"colour\"" },
        { MAGIC "id: one\n\nid: two\n", "a.lesson:4: id: stands there already" },
        { MAGIC HEAD "step: a\n",
          "a.lesson:5: step: a lab: or session: line comes before the first step" },
        { MAGIC HEAD "happens: x\n", "a.lesson:5: happens: belongs to a step" },
        { WHOLE "id: x\n", "a.lesson:9: id: belongs before the first step" },
        { MAGIC "lab: rain\n", "a.lesson:2: no fault is called \"rain\"" },
        { MAGIC "lab: clean\nlab: expired\n",
          "a.lesson:3: lab: one lab: or session: line for a walk" },
        { MAGIC "session: /etc/passwd\n",
          "a.lesson:2: session: a file beside the lesson, without / at its beginning and without .." },
        { MAGIC "target: x\n", "a.lesson:2: target: belongs behind a lab: line" },
        { WHOLE "target: x\n", "a.lesson:9: target: belongs behind a lab: line" },
        { MAGIC LAB "certificate: mine\n",
          "a.lesson:3: certificate: client, both or server-only" },
        { MAGIC LAB "option: record x\n",
          "a.lesson:3: no option of a lesson is called \"record\"" },
        { MAGIC LAB "goal: finding:dane-ok\n", "a.lesson:3: goal: CLAIM = TEXT" },
        { MAGIC LAB "goal: finding:rain = x\n",
          "a.lesson:3: goal: no finding is called \"rain\"" },
        { WHOLE "run: stage:lunch\n", "a.lesson:9: run: no stage is called \"lunch\"" },
        { WHOLE "run: event:thunder\n", "a.lesson:9: run: no event is called \"thunder\"" },
        { WHOLE "run: finding:dane-ok\n",
          "a.lesson:9: run: \"finding:dane-ok\" is no moment: start, end, or one of event: stage: "
          "reply: command: message: alert: client-verdict:" },
        { WHOLE "run: reply:25\n", "a.lesson:9: run: no reply code is called \"25\"" },
        { WHOLE "run: alert:900\n", "a.lesson:9: run: no alert is called \"900\"" },
        { WHOLE "run: message:Hello\n", "a.lesson:9: run: no TLS message is called \"Hello\"" },
        { WHOLE "ask: x\nb: y\n", "a.lesson:10: b: answers stand in the order a, b, c, d" },
        { WHOLE "a if: tls:1.3\n", "a.lesson:9: a if: no such answer above" },
        { WHOLE "ask: x\na: y\na if: tls:9\n",
          "a.lesson:11: a if: no TLS version is called \"9\"" },
        { WHOLE "ask: x\na: y\na if: rain\n", "a.lesson:11: a if: \"rain\" is not WORD:NAME" },
        { WHOLE "ask: x\na: y\na if: rain:dog\n",
          "a.lesson:11: a if: no claim begins with \"rain\"" },
        { WHOLE "ask: x\na: y\na if: verdict:rfc/dane\n",
          "a.lesson:11: a if: \"verdict:rfc/dane\": verdict:rfc/dane=WHAT is needed" },
        { WHOLE "ask: x\na: y\na if: verdict:rfc/dane=defr\n",
          "a.lesson:11: a if: no verifier or action is called \"verdict:rfc/dane=defr\"" },
        { WHOLE "ask: x\na: y\na if: verdict:mine=defer\n",
          "a.lesson:11: a if: no verifier or action is called \"verdict:mine=defer\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/rain=rfc/dane/defer\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called "
          "\"whatif:trust/rain=rfc/dane/defer\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/ca-distrusted\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called \"trust/ca-distrusted\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/ca-distrusted=rfc/dane/fly\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called "
          "\"whatif:trust/ca-distrusted=rfc/dane/fly\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/ca-distrusted=mine/defer\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called "
          "\"whatif:trust/ca-distrusted=mine/defer\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/ca-distrusted=rfc/dane>mine/defer\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called "
          "\"whatif:trust/ca-distrusted=rfc/dane>mine/defer\"" },
        { WHOLE "ask: x\na: y\na if: whatif:trust/ca-distrusted=rfc/dane>rfc/dane/changed\n",
          "a.lesson:11: a if: no scenario, verifier or outcome is called "
          "\"whatif:trust/ca-distrusted=rfc/dane>rfc/dane/changed\"" },
        { WHOLE "ask: x\na: y\na if: plan:perfect\n",
          "a.lesson:11: a if: no state or step of a plan is called \"perfect\"" },
        { WHOLE "ask: x\na: y\na if: plan:deploy=soon\n",
          "a.lesson:11: a if: no state or step of a plan is called \"plan:deploy=soon\"" },
        { WHOLE "ask: x\na: y\na if: plan:proved=lunch-1\n",
          "a.lesson:11: a if: no state or step of a plan is called \"plan:proved=lunch-1\"" },
        { MAGIC LAB "next-key: ../key.pem\n", "a.lesson:3: next-key: a file beside the lesson, without "
          "/ at its beginning and without .." },
        { MAGIC "next-key: key.pem\n", "a.lesson:2: next-key: belongs behind a lab: line" },
        { WHOLE "ask: x\na: y\na if: tls:1.3\n",
          "a.lesson:7: the step asks, but has no two answers" },
        { WHOLE "ask: x\na: y\na if: tls:1.3\nb: z\n",
          "a.lesson:7: the step has an answer without its \"if:\" line" },
        { WHOLE "a: y\na if: tls:1.3\n", "a.lesson:7: the step has answers, but asks nothing" },
        { WHOLE "step: Bare\n", "a.lesson:9: the step has neither a card nor explain:" },
        { MAGIC "\x1b[2J\n", "a.lesson:2: \"\\x1b[2J\" is not KEY: VALUE" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_why why = { 0 };
        struct mxs_lesson *l = read_it(rows[i].text, &why);
        assert_string_equal(why.text, rows[i].want);
        assert_null(l);
    }
}

static void bounds(void **state)
{
    (void)state;
    struct mxs_why why = { 0 };
    struct mxs_buf text;
    mxs_buf_init(&text, 1 << 20);
    mxs_buf_puts(&text, WHOLE "checks: ");
    for (int i = 0; i < 5000; i++)
        mxs_buf_puts(&text, "x");
    assert_null(read_it(mxs_buf_str(&text), &why));
    assert_string_equal(why.text, "a.lesson:9: checks: longer than 4000 bytes");
    for (int i = 0; i < 300000; i++)
        mxs_buf_puts(&text, "y");
    assert_null(read_it(mxs_buf_str(&text), &why));
    assert_string_equal(why.text, "a.lesson: larger than 262144 bytes");
    mxs_buf_clear(&text);
    mxs_buf_puts(&text, MAGIC HEAD LAB END);
    for (int i = 0; i <= MXS_LESSON_STEPS; i++)
        mxs_buf_puts(&text, STEP);
    assert_null(read_it(mxs_buf_str(&text), &why));
    assert_string_equal(why.text, "a.lesson:207: step: too many steps");
    mxs_buf_fini(&text);
}

/* A lesson cut anywhere is read or refused, never more. */
static void cut(void **state)
{
    static const char text[] = WHOLE "ask: x\na: y\na if: tls:1.3\nb: z\nb if: !tls:1.3\n";
    (void)state;
    for (size_t n = 0; n < sizeof text; n++) {
        struct mxs_lesson *lesson = NULL;
        struct mxs_why why = { 0 };
        if (mxs_lesson_parse("cut", mxs_bytes(text, n), &known, &lesson, &why))
            assert_memory_equal(why.text, "cut:", 4);
        mxs_lesson_free(lesson);
    }
}

/* --- claims --- */

static struct mxs_journal *walk_like(void)
{
    static const struct {
        enum mxs_event_kind kind;
        enum mxs_stage stage;
        enum mxs_dir dir;
        uint32_t session;
        const char *data;
        struct mxs_attr attr;
    } rows[] = {
        { MXS_EVENT_STAGE, MXS_STAGE_EHLO, MXS_DIR_NONE, 1, NULL, { "status", "start" } },
        { MXS_EVENT_SMTP, MXS_STAGE_EHLO, MXS_DIR_OUT, 1, "EHLO me\r\n", { NULL, NULL } },
        { MXS_EVENT_SMTP, MXS_STAGE_EHLO, MXS_DIR_IN, 1, "250 mx\r\n", { "code", "250" } },
        { MXS_EVENT_STAGE, MXS_STAGE_EHLO, MXS_DIR_NONE, 1, NULL, { "status", "ok" } },
        { MXS_EVENT_HANDSHAKE, MXS_STAGE_CLIENT_HELLO, MXS_DIR_OUT, 1, NULL, { "type", "1" } },
        { MXS_EVENT_ALERT, MXS_STAGE_SERVER_HELLO, MXS_DIR_IN, 1, NULL, { "code", "40" } },
        { MXS_EVENT_WALK_END, MXS_STAGE_NONE, MXS_DIR_NONE, 0, NULL, { NULL, NULL } },
    };
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        mxs_journal_append(journal, &(struct mxs_event){
            .kind = rows[i].kind, .stage = rows[i].stage, .dir = rows[i].dir,
            .session = rows[i].session, .data = mxs_bytes_str(rows[i].data),
            .attrs = &rows[i].attr, .n_attrs = rows[i].attr.name != NULL });
    return journal;
}

static void claims(void **state)
{
    static const struct {
        const char *claim;
        bool holds;
    } rows[] = {
        { "event:smtp", true },          { "event:smtp,code=250", true },
        { "event:smtp,code=2*", true },  { "event:smtp,code=550", false },
        { "event:smtp,dir=out", true },  { "event:smtp,at=mail", false },
        { "event:dns", false },          { "!event:dns", true },
        { "stage:ehlo", true },          { "stage:ehlo=ok", true },
        { "stage:ehlo=end", true },      { "stage:ehlo=failed", false },
        { "stage:ehlo@1", true },        { "stage:ehlo@2", false },
        { "reply:250", true },           { "reply:250=ehlo", true },
        { "reply:250=banner", false },   { "command:ehlo", true },
        { "command:QUIT", false },       { "message:ClientHello", true },
        { "message:ClientHello=in", false }, { "alert:40", true },
        { "alert:handshake_failure", true }, { "alert:42", false },
        { "reply:250 !alert:42", true }, { "reply:250 alert:42", false },
        { "finding:starttls-absent", false }, { "tls:1.3", false },
        { "verdict:rfc/dane=defer", false },
    };
    struct mxs_journal *journal = walk_like();
    struct mxs_claim_facts facts = { .journal = journal };
    struct mxs_arena *arena = mxs_arena_new();
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_claim claim;
        struct mxs_why why = { 0 };
        if (mxs_claim_parse(arena, rows[i].claim, &known, &claim, &why))
            fail_msg("%s: %s", rows[i].claim, why.text);
        if (mxs_claim_holds(&claim, &facts) != rows[i].holds)
            fail_msg("%s is not %s", rows[i].claim, rows[i].holds ? "true" : "false");
    }
    mxs_arena_free(arena);
    mxs_journal_free(journal);
}

static void moments(void **state)
{
    (void)state;
    struct mxs_journal *journal = walk_like();
    struct mxs_claim_facts facts = { .journal = journal };
    struct mxs_lesson *l = read_it(
        WHOLE "run: reply:250\nask: x\na: y\na if: alert:40\nb: z\nb if: !alert:40\n"
        "reveal: alert:40\n" STEP "run: stage:ehlo\n" STEP "run: end\n", NULL);
    size_t upto;
    assert_true(mxs_lesson_stop(l, 0, false, &facts, &upto));
    assert_int_equal(upto, 3);
    assert_true(mxs_lesson_stop(l, 0, true, &facts, &upto));
    assert_int_equal(upto, 6);
    /* moments come one after the other: no EHLO begins behind the alert */
    assert_false(mxs_lesson_stop(l, 1, false, &facts, &upto));
    assert_int_equal(mxs_lesson_right(&l->steps.v[0], &facts), 0);
    mxs_lesson_free(l);
    mxs_journal_free(journal);
}

/* --- progress --- */

static void progress(void **state)
{
    static const char text[] = "mxscope.progress/1\none 2 5 going a-c\ntwo 3 4 done abcd\n";
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_progress p;
    struct mxs_why why = { 0 };
    struct mxs_buf out;
    (void)state;
    assert_int_equal(mxs_progress_parse(arena, "p", mxs_bytes_str(text), &p, &why), MXS_OK);
    assert_int_equal(p.rows.n, 2);
    assert_string_equal(mxs_progress_words(arena, mxs_progress_of(&p, "one")), "step 3 of 5");
    assert_string_equal(mxs_progress_words(arena, mxs_progress_of(&p, "two")), "done");
    mxs_buf_init(&out, 4096);
    mxs_progress_print(&p, &out);
    assert_string_equal(mxs_buf_str(&out), text);
    assert_string_equal(mxs_progress_words(arena, mxs_progress_of(&p, "three")), "new");
    mxs_buf_fini(&out);
    mxs_arena_free(arena);
}

static void broken_progress(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "hello\n", "p:1: not the progress of lessons" },
        { "mxscope.progress/2\n", "p:1: written by a newer version" },
        { "mxscope.progress/1\none 2\n", "p:2: not ID STEP STEPS STATE ANSWERS" },
        { "mxscope.progress/1\n\none 2 3 asleep a\n", "p:3: not ID STEP STEPS STATE ANSWERS" },
        { "mxscope.progress/1\none 2 3 done axe\n", "p:2: not ID STEP STEPS STATE ANSWERS" },
        { "mxscope.progress/1\n../x 2 3 done a\n", "p:2: not ID STEP STEPS STATE ANSWERS" },
    };
    struct mxs_arena *arena = mxs_arena_new();
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_progress p;
        struct mxs_why why = { 0 };
        assert_int_not_equal(
            mxs_progress_parse(arena, "p", mxs_bytes_str(rows[i].text), &p, &why), MXS_OK);
        assert_string_equal(why.text, rows[i].want);
    }
    mxs_arena_free(arena);
}

/* --- what is shipped --- */

static bool fault_of_lab(void *data, const char *name)
{
    size_t n;
    const struct mxs_lab_fault *faults = mxs_lab_faults(&n);
    (void)data;
    for (size_t i = 0; i < n; i++)
        if (strcmp(faults[i].name, name) == 0)
            return true;
    return false;
}

static bool is_lesson(const struct mxs_lessons *lessons, const char *id)
{
    size_t i;
    return mxs_lessons_find(lessons, id, &i, NULL) == MXS_OK &&
           strcmp(lessons->v.v[i]->id, id) == 0;
}

static const char *share(struct mxs_arena *arena, const char *name)
{
    const char *top = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/share/%s", top ? top : ".", name);
}

static const struct mxs_entry *explained(const struct mxs_glossary *glossary, const char *id)
{
    const struct mxs_entry *e = mxs_glossary_find(glossary, id);
    return e && strcmp(e->id, id) == 0 ? e : NULL;
}

/* Findings and glossary lead to lessons that there are; cards that come from the glossary, too. */
static void shipped(void **state)
{
    static const char *const ids[] = {
        "clean-session", "starttls-stripped", "names-and-sni", "missing-intermediate", "late-refusal",
        "refused-without-alert", "public-client-certificate", "tlsa-new-key", "x3-to-r3", "root-pin",
        "root-removed", "short-lifetimes", "dnssec-bogus", "mta-sts", "client-auth-removal",
        "plan-a-rollover",
    };
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_lesson_known lab = { .fault = fault_of_lab };
    struct mxs_lessons lessons;
    struct mxs_glossary *glossary = NULL;
    struct mxs_why why = { 0 };
    (void)state;
    if (mxs_lessons_load(share(arena, "lessons"), &lab, &lessons, &why) ||
        mxs_glossary_load(share(arena, "glossary"), &glossary, &why))
        fail_msg("%s", why.text);
    assert_int_equal(lessons.v.n, MXS_COUNT(ids));
    for (size_t i = 0; i < MXS_COUNT(ids); i++)
        assert_string_equal(lessons.v.v[i]->id, ids[i]);
    for (int i = 0; i < MXS_F_COUNT; i++) {
        const struct mxs_finding_row *row = &mxs_finding_rows()[i];
        if (row->lesson && !is_lesson(&lessons, row->lesson))
            fail_msg("finding %s: no lesson is called %s", row->id, row->lesson);
    }
    for (size_t i = 0; i < mxs_glossary_count(glossary); i++) {
        const struct mxs_entry *e = mxs_glossary_at(glossary, i);
        if (e->lesson && !is_lesson(&lessons, e->lesson))
            fail_msg("%s: no lesson is called %s", e->id, e->lesson);
    }
    for (size_t i = 0; i < lessons.v.n; i++)
        for (size_t k = 0; k < lessons.v.v[i]->steps.n; k++) {
            const struct mxs_lesson_step *s = &lessons.v.v[i]->steps.v[k];
            if (s->explain && !explained(glossary, s->explain))
                fail_msg("%s:%u: no card %s", lessons.v.v[i]->file, s->line, s->explain);
        }
    mxs_glossary_free(glossary);
    mxs_lessons_free(&lessons);
    mxs_arena_free(arena);
}

static void found_by_word(void **state)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_lessons lessons;
    struct mxs_why why = { 0 };
    size_t i;
    (void)state;
    assert_int_equal(mxs_lessons_load(share(arena, "lessons"), NULL, &lessons, &why), MXS_OK);
    assert_int_equal(mxs_lessons_find(&lessons, "3", &i, &why), MXS_OK);
    assert_int_equal(i, 2);
    assert_int_equal(mxs_lessons_find(&lessons, "late", &i, &why), MXS_OK);
    assert_string_equal(lessons.v.v[i]->id, "late-refusal");
    assert_int_equal(mxs_lessons_find(&lessons, "root", &i, &why), MXS_ERR_NOT_FOUND);
    assert_string_equal(why.text, "several lessons begin with \"root\" (mxscope learn lists them)");
    assert_int_equal(mxs_lessons_find(&lessons, "17", &i, &why), MXS_ERR_NOT_FOUND);
    assert_string_equal(why.text, "there are 16 lessons, no 17");
    assert_int_equal(mxs_lessons_find(&lessons, "zebra", &i, &why), MXS_ERR_NOT_FOUND);
    assert_int_equal(mxs_lessons_find(&lessons, "", &i, &why), MXS_ERR_NOT_FOUND);
    mxs_lessons_free(&lessons);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_lesson), cmocka_unit_test(broken_lessons), cmocka_unit_test(bounds),
        cmocka_unit_test(cut),          cmocka_unit_test(claims),         cmocka_unit_test(moments),
        cmocka_unit_test(progress),     cmocka_unit_test(broken_progress),
        cmocka_unit_test(shipped),      cmocka_unit_test(found_by_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
