#include "config.h"

#include "report/who.h"

#include "judge/phrase.h"

#include <string.h>

static const char *behind_last(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* Product and mode of a name. A tool goes by its program, since one product has several. */
static void parts(const struct mxs_who *who, const char *name, const char **product,
                  const char **mode)
{
    const struct mxs_profile *p = who->profiles ? mxs_profile_find(who->profiles, name) : NULL;
    const char *last = behind_last(name);
    size_t program = last > name ? (size_t)(last - name - 1) : 0;
    bool two = !memchr(name, '/', program);
    *mode = p && two ? NULL : last;
    if (p && !mxs_profile_is_tool(p))
        *product = mxs_arena_printf(who->arena, "%s%s", p->grade < MXS_GRADE_MEASURED ? "~" : "",
                                    p->product);
    else
        *product = strncmp(name, "rfc/", 4) == 0 ? "RFC"
                                                 : mxs_arena_strndup(who->arena, name, program);
}

void mxs_who_add(struct mxs_who *who, const char *verifier)
{
    const char *product, *mode;
    struct mxs_who_product *in = NULL;
    parts(who, verifier, &product, &mode);
    for (size_t i = 0; i < who->products.n && !in; i++)
        if (strcmp(who->products.v[i].product, product) == 0)
            in = &who->products.v[i];
    if (!in) {
        in = mxs_list_add(who->arena, &who->products);
        in->product = product;
    }
    if (mode)
        *mxs_list_add(who->arena, &in->modes) = mode;
    who->n++;
}

const char *mxs_who_text(const struct mxs_who *who)
{
    const char *out = "";
    for (size_t i = 0; i < who->products.n; i++) {
        const struct mxs_who_product *p = &who->products.v[i];
        out = mxs_arena_printf(who->arena, "%s%s%s", out, *out ? "; " : "", p->product);
        for (size_t k = 0; k < p->modes.n; k++)
            out = mxs_arena_printf(who->arena, "%s%s%s", out, k ? ", " : " ", p->modes.v[k]);
    }
    return out;
}

enum kind { AT_ONCE, LATER, BACK, WAITS };

static enum kind kind_of(const struct mxs_then *t)
{
    if (t->channel == MXS_CHANNEL_CLEARTEXT)
        return t->first == MXS_ACTION_DELIVER ? AT_ONCE : LATER;
    return t->first == MXS_ACTION_BOUNCE ? BACK : WAITS;
}

void mxs_who_thens(struct mxs_arena *arena, const struct mxs_profiles *profiles,
                   const struct mxs_verdict *verdict, struct mxs_who_then out[MXS_WHO_THENS])
{
    static const char *const titles[] = {
        [AT_ONCE] = "CLEARTEXT at once:",
        [LATER] = "CLEARTEXT at a later attempt:",
        [BACK] = "returned to its author:",
        [WAITS] = "queued until it expires, never in cleartext:",
    };
    for (int i = 0; i < MXS_WHO_THENS; i++)
        out[i] = (struct mxs_who_then){ titles[i], i <= LATER, { .arena = arena,
                                                                 .profiles = profiles } };
    for (size_t i = 0; i < verdict->then.n; i++)
        mxs_who_add(&out[kind_of(&verdict->then.v[i])].who, verdict->then.v[i].sender);
}

static bool same_lines(const struct mxs_strs *a, const struct mxs_strs *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++)
        same = strcmp(a->v[i], b->v[i]) == 0;
    return same;
}

static struct mxs_who_log *log_with(struct mxs_who_logs *logs, const struct mxs_strs *lines)
{
    for (size_t i = 0; i < logs->v.n; i++)
        if (same_lines(&logs->v.v[i].lines, lines))
            return &logs->v.v[i];
    return NULL;
}

void mxs_who_logs(struct mxs_arena *arena, const struct mxs_profiles *profiles,
                  const struct mxs_verdict *verdict, struct mxs_who_logs *out)
{
    *out = (struct mxs_who_logs){ 0 };
    for (size_t i = 0; i < verdict->then.n; i++) {
        struct mxs_strs lines = { NULL, 0, 0 };
        mxs_then_log(arena, verdict, &verdict->then.v[i], &lines);
        struct mxs_who_log *log = log_with(out, &lines);
        if (!log && lines.n) {
            log = mxs_list_add(arena, &out->v);
            *log = (struct mxs_who_log){ { .arena = arena, .profiles = profiles }, lines };
        }
        if (log)
            mxs_who_add(&log->who, verdict->then.v[i].sender);
    }
}
