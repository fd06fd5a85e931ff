#include "config.h"

#include "judge/finding.h"

#include <string.h>

static const char *subject(const struct mxs_find *f)
{
    const struct mxs_evidence *ev = f->evidence;
    const char *name = ev->has_domain ? ev->domain.name : ev->target;
    if (!name && ev->hosts.n)
        name = ev->hosts.v[0]->host;
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

static const char *worst(struct mxs_assessment *a)
{
    const struct mxs_finding *finding = &a->findings.v[0];
    size_t len = strlen(finding->text), more = 0;
    for (size_t i = 1; i < a->findings.n; i++)
        more += a->findings.v[i].severity == finding->severity;
    if (len && finding->text[len - 1] == '.')
        len--;
    const char *others = more ? mxs_arena_printf(a->arena, ", and %zu more like it to look at",
                                                 more) : "";
    return mxs_arena_printf(a->arena, "%.*s (%s%s).", (int)len, finding->text,
                            whose(finding->fault), others);
}

static size_t count(const struct mxs_assessment *a, const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < a->findings.n; i++)
        n += strcmp(a->findings.v[i].id, id) == 0;
    return n;
}

/* Every session has an answer: TLS stands, or the server has no certificate of the kind asked for. */
static bool all_answered(const struct mxs_find *f)
{
    for (size_t i = 0; i < f->judges.n; i++) {
        const struct mxs_judge *j = &f->judges.v[i];
        if (mxs_transport_of(f->evidence, j->host, j->session) != MXS_TRANSPORT_TLS &&
            !mxs_session_lacks_kind(j->session))
            return false;
    }
    return true;
}

/* Nothing to mend: what protects the mail. */
static const char *healthy(const struct mxs_find *f)
{
    struct mxs_assessment *a = f->assessment;
    size_t hosts = f->evidence->hosts.n;
    bool dane = hosts && count(a, "dane-ok") == hosts, sts = count(a, "sts-ok") > 0;
    if (!all_answered(f))
        return mxs_arena_printf(a->arena, f->evidence->finished
                                              ? "Not every session with %s came to an end."
                                              : "The walk to %s has not come to an end.", subject(f));
    if (dane || sts)
        return mxs_arena_printf(a->arena, "Mail to %s goes out encrypted, and %s who "
                                "receives it.", subject(f),
                                dane && sts ? "both DANE and MTA-STS prove"
                                : dane      ? "DANE proves" : "MTA-STS proves");
    return mxs_arena_printf(a->arena, "Mail to %s goes out encrypted; neither DANE nor MTA-STS asks "
                            "senders to check who receives it.", subject(f));
}

static bool shows_certificate(const struct mxs_evidence *ev)
{
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++)
            if (ev->hosts.v[i]->sessions.v[k]->chain.certs.n)
                return true;
    return false;
}

const char *mxs_headline(struct mxs_find *f)
{
    struct mxs_assessment *a = f->assessment;
    if (a->findings.n && a->findings.v[0].severity >= MXS_SEVERITY_WARNING)
        return worst(a);
    if (count(a, "null-mx"))
        return mxs_arena_printf(a->arena, "%s takes no mail, and says so (null MX).", subject(f));
    if (f->evidence->client_role)
        return shows_certificate(f->evidence)
                   ? "The client certificate may be used as such; each receiver judges it by its own rules."
                   : "No client certificate is sent; each receiver judges that by its own rules.";
    if (!a->sessions.n)
        return mxs_arena_printf(a->arena, "Nothing is known about %s yet.", subject(f));
    return healthy(f);
}
