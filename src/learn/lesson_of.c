/* A lesson about any recorded session: written as the text that anybody could have written. */
#include "config.h"

#include "learn/lesson.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 128 * 1024 };

/* What is asked before a stage runs; the others have a card only. Claims end with the session. */
static const struct {
    enum mxs_stage stage;
    const char *ask;
    const char *answers[MXS_LESSON_ANSWERS], *when[MXS_LESSON_ANSWERS];
} questions[] = {
    { MXS_STAGE_STARTTLS, "EHLO was answered. How does STARTTLS go?",
      { "It is offered, and answered with 220.", "It is not offered.", "It is offered and refused." },
      { "starttls:offered", "starttls:absent", "starttls:refused" } },
    { MXS_STAGE_SERVER_HELLO, "Which version of TLS does the server choose?",
      { "TLS 1.3", "TLS 1.2", "Neither: it ends here, or chooses an older one." },
      { "tls:1.3", "tls:1.2", "!tls:1.3%s !tls:1.2" } },
    { MXS_STAGE_CLIENT_VERDICT, "What does the server make of the client's side?",
      { "It goes on: accepted.", "It refuses.", "Nothing tells: it stays open." },
      { "client-verdict:accepted", "client-verdict:refused",
        "!client-verdict:accepted%s !client-verdict:refused" } },
};

static const struct {
    const char *ask, *answers[MXS_LESSON_ANSWERS], *when[MXS_LESSON_ANSWERS];
} verdict = {
    "What does a sender do that follows DANE (RFC 7672)?",
    { "It delivers, verified.", "It delivers encrypted, unverified.", "It delivers in cleartext.",
      "It keeps the mail, or gives it back." },
    { "channel:rfc/dane=verified", "channel:rfc/dane=encrypted", "channel:rfc/dane=cleartext",
      "!channel:rfc/dane=verified%s !channel:rfc/dane=encrypted%s !channel:rfc/dane=cleartext" },
};

/* The claim for one session: "@N" where %s stands and at the end. */
static void put_when(struct mxs_buf *out, char letter, const char *when, const char *of)
{
    mxs_buf_printf(out, "%c if: ", letter);
    for (const char *p; (p = strstr(when, "%s")); when = p + 2) {
        mxs_buf_add(out, when, (size_t)(p - when));
        mxs_buf_puts(out, of);
    }
    mxs_buf_printf(out, "%s%s\n", when, of);
}

static void put_question(struct mxs_buf *out, const char *ask, const char *const *answers,
                         const char *const *when, const char *of)
{
    mxs_buf_printf(out, "ask: %s\n", ask);
    for (int i = 0; i < MXS_LESSON_ANSWERS && answers[i]; i++) {
        mxs_buf_printf(out, "%c: %s\n", 'a' + i, answers[i]);
        put_when(out, (char)('a' + i), when[i], of);
    }
}

/* The session's own stages, and those of domain and host before it. */
static void put_stage(struct mxs_buf *out, const struct mxs_event *event)
{
    char of[16] = "";
    const char *name = mxs_stage_name(event->stage);
    if (event->session)
        snprintf(of, sizeof of, "@%u", (unsigned)event->session);
    mxs_buf_printf(out, "step: %s\nexplain: stage/%s\nview: session\n", mxs_stage_title(event->stage),
                   name);
    for (size_t i = 0; i < MXS_COUNT(questions); i++) {
        if (questions[i].stage != event->stage)
            continue;
        mxs_buf_printf(out, "run: stage:%s%s\n", name, of);
        put_question(out, questions[i].ask, questions[i].answers, questions[i].when, of);
        mxs_buf_printf(out, "reveal: stage:%s=end%s\n", name, of);
        return;
    }
    mxs_buf_printf(out, "run: stage:%s=end%s\n", name, of);
}

static bool starts(const struct mxs_event *event)
{
    const char *status = mxs_event_attr(event, "status");
    return event->kind == MXS_EVENT_STAGE && status && strcmp(status, "start") == 0;
}

static void put_steps(struct mxs_buf *out, const struct mxs_journal *journal)
{
    bool seen[MXS_STAGE_COUNT] = { false };
    uint32_t session = 0;
    for (size_t i = 0, n = mxs_journal_count(journal); i < n; i++) {
        const struct mxs_event *event = mxs_journal_at(journal, i);
        if (!starts(event) || event->stage >= MXS_STAGE_COUNT || seen[event->stage] ||
            (session && event->session && event->session != session))
            continue;
        seen[event->stage] = true;
        session = session ? session : event->session;
        put_stage(out, event);
    }
    mxs_buf_puts(out, "step: What senders make of it\nrun: end\nview: expectations\n"
                      "happens: The walk is over: what was promised, what was shown, and what each "
                      "kind of sender does.\n");
    char of[16];
    snprintf(of, sizeof of, "@%u", (unsigned)session);
    put_question(out, verdict.ask, verdict.answers, verdict.when, of);
}

struct mxs_lesson *mxs_lesson_of_session(const char *path, const struct mxs_claim_facts *facts)
{
    struct mxs_lesson *lesson = NULL;
    struct mxs_buf text;
    const char *target = facts->evidence && facts->evidence->target ? facts->evidence->target
                                                                    : "a mail server";
    mxs_buf_init(&text, TEXT_MAX);
    mxs_buf_printf(&text, "mxscope.lesson/1\nid: recorded\ntitle: %s, as recorded\n"
                   "about: Go through the session with %s stage by stage, and say what comes next.\n"
                   "closing: The view Findings says what to mend, and whose turn it is.\n"
                   "session: recorded\n", target, target);
    put_steps(&text, facts->journal);
    if (mxs_lesson_parse(path, mxs_buf_bytes(&text), NULL, &lesson, NULL))
        lesson = NULL; /* texts of a journal that fit no line: nothing to teach with */
    mxs_buf_fini(&text);
    return lesson;
}
