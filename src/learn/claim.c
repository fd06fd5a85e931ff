#include "config.h"

#include "learn/claim_words.h"

enum { TERMS_MAX = 16, TEXT_MAX = 400 };

/* --- reading --- */

static const struct mxs_claim_word *word_of(const char *text)
{
    size_t n;
    const struct mxs_claim_word *words = mxs_claim_words(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].word, text) == 0)
            return &words[i];
    return NULL;
}

static enum mxs_err term_parse(struct mxs_arena *arena, char *text,
                               const struct mxs_lesson_known *known, struct mxs_claim_term *t,
                               struct mxs_why *why)
{
    static const struct mxs_lesson_known nothing;
    const char *whole = mxs_arena_strdup(arena, text);
    *t = (struct mxs_claim_term){ .no = *text == '!' };
    text += t->no;
    char *colon = strchr(text, ':'), *at = strrchr(text, '@'), *is = NULL;
    if (!colon || !colon[1])
        return mxs_why_set(why, MXS_ERR_SYNTAX, "\"%.60s\" is not WORD:NAME", whole);
    *colon = 0;
    t->word = word_of(text);
    if (!t->word)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "no claim begins with \"%.40s\"", text);
    if (at) {
        *at = 0;
        t->of = at + 1;
    }
    t->name = colon + 1;
    is = strpbrk(colon + 1, strcmp(t->word->word, "event") == 0 ? "," : "=");
    if (is) {
        *is = 0;
        t->value = is + 1;
    }
    if (t->word->knows && !t->word->knows(known ? known : &nothing, t))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "no %s is called \"%.60s\"", t->word->what,
                           t->value ? whole : t->name);
    if (t->word->value && !t->value)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "\"%.60s\": %s:%.40s=WHAT is needed", whole,
                           t->word->word, t->name);
    return MXS_OK;
}

enum mxs_err mxs_claim_parse(struct mxs_arena *arena, const char *text,
                             const struct mxs_lesson_known *known, struct mxs_claim *out,
                             struct mxs_why *why)
{
    *out = (struct mxs_claim){ .text = mxs_arena_strdup(arena, text) };
    if (strlen(text) > TEXT_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "a claim longer than %d bytes", TEXT_MAX);
    for (const char *p = text + strspn(text, " \t"); *p; p += strspn(p, " \t")) {
        size_t n = strcspn(p, " \t");
        if (out->terms.n == TERMS_MAX)
            return mxs_why_set(why, MXS_ERR_LIMIT, "more than %d terms", TERMS_MAX);
        enum mxs_err err = term_parse(arena, mxs_arena_strndup(arena, p, n), known,
                                      mxs_list_add(arena, &out->terms), why);
        if (err)
            return err;
        p += n;
    }
    return out->terms.n ? MXS_OK : mxs_why_set(why, MXS_ERR_SYNTAX, "nothing is claimed");
}

enum mxs_err mxs_moment_parse(struct mxs_arena *arena, const char *text,
                              const struct mxs_lesson_known *known, struct mxs_moment *out,
                              struct mxs_why *why)
{
    *out = (struct mxs_moment){ .kind = MXS_MOMENT_HERE };
    if (strcmp(text, "start") == 0)
        return MXS_OK;
    out->kind = MXS_MOMENT_END;
    if (strcmp(text, "end") == 0)
        return MXS_OK;
    out->kind = MXS_MOMENT_EVENT;
    enum mxs_err err = mxs_claim_parse(arena, text, known, &out->claim, why);
    if (err)
        return err;
    if (out->claim.terms.n != 1 || !out->claim.terms.v[0].word->event || out->claim.terms.v[0].no)
        return mxs_why_set(why, MXS_ERR_SYNTAX,
                           "\"%.60s\" is no moment: start, end, or one of event: stage: reply: "
                           "command: message: alert: client-verdict:", text);
    return MXS_OK;
}

/* --- asking --- */

bool mxs_claim_session_is(const struct mxs_claim_term *t, const struct mxs_host_facts *host,
                          uint32_t session)
{
    return !t->of || (is_number(t->of) ? number_is(t->of, (long)session)
                                       : host && same(t->of, host->host));
}

static bool event_holds(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts,
                        const struct mxs_event *event)
{
    struct mxs_host_facts *host = NULL;
    if (!t->word->event(t, event))
        return false;
    if (t->of && event->session && facts->evidence)
        mxs_evidence_session(facts->evidence, event->session, &host);
    return mxs_claim_session_is(t, host, event->session) || same(t->of, mxs_event_attr(event, "host"));
}

static bool some_event(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    for (size_t i = 0, n = mxs_journal_count(facts->journal); i < n; i++)
        if (event_holds(t, facts, mxs_journal_at(facts->journal, i)))
            return true;
    return false;
}

static bool some_session(const struct mxs_claim_term *t, const struct mxs_claim_facts *facts)
{
    const struct mxs_evidence *ev = facts->evidence;
    for (size_t h = 0; ev && h < ev->hosts.n; h++)
        for (size_t i = 0; i < ev->hosts.v[h]->sessions.n; i++) {
            const struct mxs_session_facts *s = ev->hosts.v[h]->sessions.v[i];
            const struct mxs_session_assessment *judged =
                facts->assessment ? mxs_assessment_session(facts->assessment, s->id) : NULL;
            if (mxs_claim_session_is(t, ev->hosts.v[h], s->id) &&
                t->word->session(t, ev->hosts.v[h], s, judged))
                return true;
        }
    return false;
}

bool mxs_claim_holds(const struct mxs_claim *claim, const struct mxs_claim_facts *facts)
{
    for (size_t i = 0; i < claim->terms.n; i++) {
        const struct mxs_claim_term *t = &claim->terms.v[i];
        bool holds = t->word->event     ? some_event(t, facts)
                     : t->word->session ? some_session(t, facts)
                                        : t->word->rest(t, facts);
        if (holds == t->no)
            return false;
    }
    return true;
}

bool mxs_moment_find(const struct mxs_moment *moment, const struct mxs_claim_facts *facts,
                     size_t from, size_t *upto)
{
    *upto = from;
    /* An end stays the end, also for a second step there. */
    const struct mxs_event *before = from ? mxs_journal_at(facts->journal, from - 1) : NULL;
    if (moment->kind == MXS_MOMENT_HERE ||
        (moment->kind == MXS_MOMENT_END && before && before->kind == MXS_EVENT_WALK_END))
        return true;
    for (size_t i = from, n = mxs_journal_count(facts->journal); i < n; i++) {
        const struct mxs_event *event = mxs_journal_at(facts->journal, i);
        bool comes = moment->kind == MXS_MOMENT_END
                         ? event->kind == MXS_EVENT_WALK_END
                         : event_holds(&moment->claim.terms.v[0], facts, event);
        *upto = i + 1;
        if (comes)
            return true;
    }
    return false;
}
