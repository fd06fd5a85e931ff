#include "config.h"

#include "judge/finding.h"

#include "base/buf.h"
#include "judge/senders.h"

#include <string.h>

static const struct mxs_finding_row rows[] = {
#define X(id, name, severity, fault, rfc, lesson, text, fix) \
    { name, MXS_SEVERITY_##severity, MXS_FAULT_##fault, rfc, lesson, text, fix },
#include "judge/findings.def"
#undef X
};

static void (*const detectors[])(struct mxs_find *) = {
    mxs_find_dns, mxs_find_sessions, mxs_find_tls, mxs_find_dane, mxs_find_sts, mxs_find_chain,
    mxs_find_served, mxs_find_client,
};

enum { FINDINGS_MAX = 1000, TEXT_MAX = 2000 };

const struct mxs_finding_row *mxs_finding_rows(void)
{
    return rows;
}

const struct mxs_finding_row *mxs_finding_row(const char *id)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    return NULL;
}

static const char *placeholder(const struct mxs_find *f, const struct mxs_find_args *args,
                               const char *name, size_t n)
{
    if (n == 4 && strncmp(name, "host", n) == 0)
        return args->host;
    if (n == 6 && strncmp(name, "domain", n) == 0)
        return f->evidence->has_domain ? f->evidence->domain.name : f->evidence->target;
    if (n == 1 && name[0] >= '0' && (size_t)(name[0] - '0') < MXS_COUNT(args->v))
        return args->v[name[0] - '0'];
    return NULL;
}

static const char *fill(const struct mxs_find *f, const struct mxs_find_args *args,
                        const char *template)
{
    if (!template || !strchr(template, '{'))
        return template;
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    for (const char *p = template; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        const char *value = end ? placeholder(f, args, p + 1, (size_t)(end - p - 1)) : NULL;
        if (!end) { /* a quoted reply may bring its own full stop */
            if (*p != '.' || out.n < 2 || out.p[out.n - 1] != '.' || out.p[out.n - 2] == '.')
                mxs_buf_putc(&out, *p);
            continue;
        }
        mxs_buf_puts(&out, value ? value : "(not known)");
        p = end;
    }
    const char *text = mxs_arena_strdup(f->assessment->arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool known(const struct mxs_assessment *a, const struct mxs_finding *finding)
{
    for (size_t i = 0; i < a->findings.n; i++)
        if (same(a->findings.v[i].id, finding->id) && same(a->findings.v[i].host, finding->host) &&
            same(a->findings.v[i].text, finding->text))
            return true;
    return false;
}

void mxs_find_add(struct mxs_find *f, enum mxs_finding_id id, const struct mxs_find_args *args)
{
    struct mxs_assessment *a = f->assessment;
    const struct mxs_finding_row *row = &rows[id];
    struct mxs_finding finding = { .id = row->id, .severity = row->severity, .fault = row->fault,
                                   .host = args->host, .seq = args->seq, .rfc = row->rfc };
    if (args->calm && finding.severity > MXS_SEVERITY_INFO)
        finding.severity = MXS_SEVERITY_INFO;
    finding.text = fill(f, args, row->text);
    if (a->findings.n >= FINDINGS_MAX || known(a, &finding))
        return;
    finding.fix = fill(f, args, row->fix);
    finding.evidence = args->evidence;
    if (!finding.evidence && args->seq)
        finding.evidence = mxs_arena_printf(a->arena, "event %llu", (unsigned long long)args->seq);
    if (finding.severity >= MXS_SEVERITY_WARNING)
        finding.enforced_by = mxs_senders_against(a->arena, f->options->senders, finding.id, a->at);
    *mxs_list_add(a->arena, &a->findings) = finding;
}

/* Worst first; among equals as the detectors found them (stable, so not qsort). */
static void sort(struct mxs_assessment *a)
{
    for (size_t i = 1; i < a->findings.n; i++) {
        struct mxs_finding finding = a->findings.v[i];
        size_t k = i;
        for (; k > 0 && a->findings.v[k - 1].severity < finding.severity; k--)
            a->findings.v[k] = a->findings.v[k - 1];
        a->findings.v[k] = finding;
    }
}

uint64_t mxs_find_stage_event(const struct mxs_session_facts *s, enum mxs_stage stage)
{
    uint64_t seq = stage < MXS_STAGE_COUNT ? s->stages[stage].seq : 0;
    return seq ? seq : s->last_seq;
}

uint64_t mxs_find_event(const struct mxs_session_facts *s)
{
    return mxs_find_stage_event(s, s->reached);
}

const char *mxs_find_where(struct mxs_find *f, const struct mxs_session_facts *s)
{
    const char *address = s->address ? s->address : "the server";
    return s->offer == MXS_OFFER_ANY ? address
                                     : mxs_arena_printf(f->assessment->arena, "%s, %s", address,
                                                        mxs_offer_name(s->offer));
}

bool mxs_find_dane_verified(struct mxs_find *f, const struct mxs_judge *j)
{
    struct mxs_dane_result dane;
    (void)f;
    mxs_dane_judge(j, mxs_dane_rules_rfc(), &dane);
    return dane.record >= 0;
}

void mxs_find_all(struct mxs_find *f)
{
    for (size_t i = 0; i < MXS_COUNT(detectors); i++)
        detectors[i](f);
    sort(f->assessment);
}
