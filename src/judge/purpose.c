#include "config.h"

#include "judge/purpose.h"

#include "base/text.h"

#include <string.h>

enum mxs_eku_grant mxs_eku_grant(const struct mxs_cert *cert, enum mxs_purpose purpose)
{
    unsigned bit = purpose == MXS_PURPOSE_CLIENT ? MXS_EKU_CLIENT_AUTH : MXS_EKU_SERVER_AUTH;
    if (!cert->has_eku)
        return MXS_EKU_UNRESTRICTED;
    if (cert->eku & bit)
        return MXS_EKU_LISTED;
    return cert->eku & MXS_EKU_ANY ? MXS_EKU_BY_ANY : MXS_EKU_NOT_LISTED;
}

/* The first certificate in the way, -1 when none is. */
static int blocked_at(const struct mxs_path *path, const struct mxs_ruleset *rules,
                      enum mxs_purpose purpose)
{
    bool whole = path->end == MXS_PATH_ANCHOR && !path->bare_key;
    for (size_t i = 0; i < path->certs.n; i++)
        if (!mxs_eku_allows(rules, purpose, path->certs.v[i], i == 0,
                            whole && i + 1 == path->certs.n))
            return (int)i;
    return -1;
}

/* Paths that end in an anchor speak first; where there is none, all do. */
static bool counts(const struct mxs_paths *paths, const struct mxs_path *path)
{
    for (size_t i = 0; i < paths->v.n; i++)
        if (paths->v.v[i].end == MXS_PATH_ANCHOR)
            return path->end == MXS_PATH_ANCHOR;
    return true;
}

static const char *eku_list(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    struct mxs_strs names = mxs_cert_eku_names(arena, cert);
    return names.n ? mxs_text_joined(arena, &names, ", ") : "nothing";
}

static struct mxs_usability judge(struct mxs_arena *arena, const struct mxs_paths *paths,
                                  const struct mxs_ruleset *rules, enum mxs_purpose purpose)
{
    struct mxs_usability u = { .rules = rules, .purpose = purpose, .depth = -1 };
    const struct mxs_cert *in_the_way = NULL;
    for (size_t i = 0; i < paths->v.n && !u.usable; i++) {
        int at = counts(paths, &paths->v.v[i]) ? blocked_at(&paths->v.v[i], rules, purpose) : -2;
        u.usable = at == -1;
        if (at >= 0 && !in_the_way) {
            u.depth = at;
            in_the_way = paths->v.v[i].certs.v[at];
        }
    }
    const char *role = purpose == MXS_PURPOSE_CLIENT ? "client" : "server";
    if (u.usable) {
        u.depth = -1;
        u.text = mxs_arena_printf(arena, "usable as TLS %s", role);
        return u;
    }
    u.eku = eku_list(arena, in_the_way);
    u.text = mxs_arena_printf(arena, "not usable as TLS %s: the %s at depth %d is for %s; %s is needed",
                              role, u.depth ? "CA" : "certificate", u.depth, u.eku,
                              mxs_purpose_eku(purpose));
    return u;
}

static const struct mxs_path *shown_path(const struct mxs_paths *paths)
{
    const struct mxs_path *best = NULL;
    for (size_t i = 0; i < paths->v.n; i++)
        if (counts(paths, &paths->v.v[i]) &&
            (!best || paths->v.v[i].certs.n < best->certs.n))
            best = &paths->v.v[i];
    return best;
}

static bool differ(const struct mxs_purposes *p, enum mxs_purpose purpose)
{
    bool yes = false, no = false;
    for (size_t i = 0; i < p->chain.n; i++)
        if (p->chain.v[i].purpose == purpose)
            *(p->chain.v[i].usable ? &yes : &no) = true;
    return yes && no;
}

void mxs_purposes(struct mxs_arena *arena, const struct mxs_paths *paths, struct mxs_purposes *out)
{
    static const enum mxs_purpose both[] = { MXS_PURPOSE_SERVER, MXS_PURPOSE_CLIENT };
    const struct mxs_path *path = shown_path(paths);
    size_t n;
    const struct mxs_ruleset *rules = mxs_rulesets(&n);
    *out = (struct mxs_purposes){ .server_differs = false };
    for (size_t i = 0; path && i < path->certs.n; i++) {
        const struct mxs_cert *cert = path->certs.v[i];
        *mxs_list_add(arena, &out->rows) = (struct mxs_purpose_row){
            cert, (int)i, mxs_eku_grant(cert, MXS_PURPOSE_SERVER),
            mxs_eku_grant(cert, MXS_PURPOSE_CLIENT) };
    }
    for (size_t i = 0; path && i < n; i++)
        for (size_t k = 0; k < MXS_COUNT(both); k++)
            *mxs_list_add(arena, &out->chain) = judge(arena, paths, &rules[i], both[k]);
    out->server_differs = differ(out, MXS_PURPOSE_SERVER);
    out->client_differs = differ(out, MXS_PURPOSE_CLIENT);
}

const struct mxs_usability *mxs_purposes_find(const struct mxs_purposes *purposes,
                                              const char *rules, enum mxs_purpose purpose)
{
    for (size_t i = 0; i < purposes->chain.n; i++)
        if (purposes->chain.v[i].purpose == purpose &&
            strcmp(purposes->chain.v[i].rules->name, rules) == 0)
            return &purposes->chain.v[i];
    return NULL;
}
