/* Values in the rows of a card, from the walk at hand. */
#include "config.h"

#include "learn/lesson.h"

#include <string.h>

static const char log_of[] = "log:";

static bool is(const char *name, size_t n, const char *word)
{
    return n == strlen(word) && strncmp(name, word, n) == 0;
}

bool mxs_lesson_fills(const char *text, const struct mxs_lesson_known *known)
{
    bool ok = true;
    struct mxs_arena *arena = mxs_arena_new();
    for (const char *p = text; ok && (p = strchr(p, '{')); p++) {
        size_t n = strcspn(p + 1, "}"), prefix = sizeof log_of - 1;
        bool log = strncmp(p + 1, log_of, prefix) == 0;
        ok = p[1 + n] && (log || is(p + 1, n, "remote") || is(p + 1, n, "ca") ||
                          is(p + 1, n, "dns"));
        if (ok && log && known && known->verifier)
            ok = known->verifier(known->data,
                                 mxs_arena_strndup(arena, p + 1 + prefix, n - prefix));
    }
    mxs_arena_free(arena);
    return ok;
}

/* Its last line, which says what became of it, in the first session where it has any. */
static const char *log_line(const struct mxs_claim_facts *facts, const char *verifier)
{
    const struct mxs_assessment *a = facts->assessment;
    const char *out = NULL;
    for (size_t i = 0; a && i < a->sessions.n && !out; i++) {
        const struct mxs_verdict *v = mxs_assessment_verdict(&a->sessions.v[i], verifier);
        if (v && v->log.n)
            out = v->log.v[v->log.n - 1];
    }
    return out;
}

static const char *remote(const struct mxs_claim_facts *facts)
{
    for (size_t i = mxs_journal_count(facts->journal); i-- > 0;) {
        const struct mxs_event *event = mxs_journal_at(facts->journal, i);
        const char *to = event->kind == MXS_EVENT_CONNECT ? mxs_event_attr(event, "remote") : NULL;
        if (to)
            return to;
    }
    return NULL;
}

const char *mxs_lesson_fill(struct mxs_arena *arena, const char *text,
                            const struct mxs_claim_facts *facts,
                            const struct mxs_lesson_values *values)
{
    const char *out = "";
    for (const char *open; (open = strchr(text, '{')) && strchr(open, '}'); text = strchr(open, '}') + 1) {
        const char *name = mxs_arena_strndup(arena, open + 1, strcspn(open + 1, "}"));
        const char *value = strcmp(name, "ca") == 0       ? values->ca
                            : strcmp(name, "dns") == 0    ? values->dns
                            : strcmp(name, "remote") == 0 ? remote(facts)
                            : strncmp(name, log_of, sizeof log_of - 1) == 0
                                ? log_line(facts, name + sizeof log_of - 1) : NULL;
        out = mxs_arena_printf(arena, "%s%.*s%s", out, (int)(open - text), text, value ? value : "..");
    }
    return mxs_arena_printf(arena, "%s%s", out, text);
}
