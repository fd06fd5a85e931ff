#include "config.h"

#include "judge/finding.h"

static const char *subject(const struct mxs_find *f)
{
    const struct mxs_evidence *ev = f->evidence;
    const char *name = ev->has_domain ? ev->domain.name : ev->target;
    return name ? name : "this evidence";
}

/* Whose move it is, in words. */
static const char *whose(enum mxs_fault fault)
{
    static const char *const words[] = {
        [MXS_FAULT_NOBODY] = "nobody is at fault", [MXS_FAULT_YOURS] = "this side's to mend",
        [MXS_FAULT_THEIRS] = "the receiving side's to mend", [MXS_FAULT_DNS] = "to be mended in DNS",
        [MXS_FAULT_CA] = "the certification authority's doing",
        [MXS_FAULT_NETWORK] = "the network between, not the mail server",
    };
    return words[fault];
}

const char *mxs_headline(struct mxs_find *f)
{
    struct mxs_assessment *a = f->assessment;
    if (a->findings.n && a->findings.v[0].severity >= MXS_SEVERITY_WARNING) {
        const struct mxs_finding *worst = &a->findings.v[0];
        size_t len = 0;
        while (worst->text[len])
            len++;
        bool dot = len && worst->text[len - 1] == '.';
        return mxs_arena_printf(a->arena, "%.*s (%s).", (int)(dot ? len - 1 : len), worst->text,
                                whose(worst->fault));
    }
    if (!a->sessions.n)
        return mxs_arena_printf(a->arena, "Nothing is known about %s yet.", subject(f));
    return mxs_arena_printf(a->arena, "Mail to %s can be delivered.", subject(f));
}
