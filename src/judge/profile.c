#include "config.h"

#include "judge/profile.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini_lines.h"
#include "base/text.h"
#include "judge/phrase.h"

enum { FILE_MAX = 256 * 1024, CASES_MAX = 24 };

struct section {
    const char *name;
    MXS_LIST(struct mxs_profile_key) keys;
};

struct mxs_profiles {
    struct mxs_arena *arena;
    MXS_LIST(struct mxs_profile) v;
};

struct loading {
    struct mxs_profiles *profiles;
    const char *file;
    struct mxs_ini_lines in;
    MXS_LIST(struct section) sections;
    struct mxs_why *why;
};

static const struct mxs_name roles[] = {
    { MXS_ROLE_SENDER, "sender" }, { MXS_ROLE_RECEIVER, "receiver" }, { 0, NULL },
};
static const struct mxs_name grades[] = {
    { MXS_GRADE_MEASURED, "measured" }, { MXS_GRADE_SOURCE, "source" },
    { MXS_GRADE_DOCUMENTED, "documented" }, { MXS_GRADE_UNKNOWN, "unknown" }, { 0, NULL },
};

static int on_key(void *data, const char *section, const char *name, const char *value)
{
    struct loading *l = data;
    struct mxs_arena *arena = l->profiles->arena;
    size_t n = l->sections.n;
    if (n == 0 || strcmp(l->sections.v[n - 1].name, section) != 0) {
        mxs_list_add(arena, &l->sections)->name = mxs_arena_strdup(arena, section);
        n++;
    }
    struct section *s = &l->sections.v[n - 1];
    for (size_t i = 0; i < s->keys.n; i++)
        if (strcmp(s->keys.v[i].name, name) == 0) {
            if (l->in.indented)
                s->keys.v[i].value = mxs_arena_printf(arena, "%s %s", s->keys.v[i].value, value);
            else /* which of the two was meant, nobody knows */
                l->in.fault = mxs_arena_printf(arena, "%.40s stands in line %u already: each key once",
                                               name, s->keys.v[i].line);
            return 1;
        }
    *mxs_list_add(arena, &s->keys) = (struct mxs_profile_key){ mxs_arena_strdup(arena, name),
                                                               mxs_arena_strdup(arena, value),
                                                               l->in.line };
    return 1;
}

/* A mode has two slashes (postfix/smtpd/ask), or a title of its own (gmail/out). */
static bool is_mode(const struct section *s)
{
    const char *slash = strchr(s->name, '/');
    for (size_t i = 0; i < s->keys.n; i++)
        if (strcmp(s->keys.v[i].name, "title") == 0)
            return true;
    return slash && strchr(slash + 1, '/');
}

static const struct section *product_of(const struct loading *l, const char *mode)
{
    const char *slash = strrchr(mode, '/');
    size_t n = slash ? (size_t)(slash - mode) : 0;
    for (size_t i = 0; i < l->sections.n; i++)
        if (strlen(l->sections.v[i].name) == n && memcmp(l->sections.v[i].name, mode, n) == 0)
            return &l->sections.v[i];
    return NULL;
}

/* --- from the keys to rules --- */

struct place { /* where a profile comes from; for messages */
    const char *file;
    const struct mxs_profile *profile;
    struct mxs_why *why;
};

/* The line of the key, else the first of the profile. */
static unsigned line_of(const struct mxs_profile *p, const char *key)
{
    for (size_t i = 0; i < p->keys.n; i++)
        if (strcmp(p->keys.v[i].name, key) == 0)
            return p->keys.v[i].line;
    return p->keys.n ? p->keys.v[0].line : 0;
}

static enum mxs_err bad(const struct place *at, const char *key, const char *text)
{
    unsigned line = line_of(at->profile, key);
    const char *name = at->profile->name;
    if (!line)
        return mxs_why_set(at->why, MXS_ERR_SYNTAX, "%s: [%s] %s: %.200s", at->file, name, key, text);
    return mxs_why_set(at->why, MXS_ERR_SYNTAX, "%s:%u: [%s] %s: %.200s", at->file, line, name, key, text);
}

/* What the role's rules say is "KEY: REASON". */
static enum mxs_err bad_rule(const struct place *at, struct mxs_arena *arena, const char *text)
{
    const char *colon = strstr(text, ": ");
    size_t n = colon ? (size_t)(colon - text) : strlen(text);
    return bad(at, mxs_arena_strndup(arena, text, n), colon ? colon + 2 : "");
}

/* What may follow log- and label-, by role. */
static const char *const cases[][CASES_MAX] = {
    [MXS_ROLE_SENDER] = { "verified", "trusted", "failed", "misnamed", "dane", "half", "lookup", "missing",
                          "insecure-mx", "insecure-host", "unusable", "no-starttls", "rejected",
                          "refused", "refused-cleartext", "refused-dane", "late", "late-cleartext",
                          "temporary", "temporary-*", "permanent", "permanent-*" },
    [MXS_ROLE_RECEIVER] = { "unasked", "absent", "passed", "failed", "failed-*", "unlisted",
                            "unusable", "no-cn", "accept", "reject-*", "alert" },
};

static bool is_case(enum mxs_role role, const char *text)
{
    for (size_t i = 0; i < CASES_MAX && cases[role][i]; i++)
        if (mxs_glob(cases[role][i], text))
            return true;
    return false;
}

/* A line, its {error}, or what a receiver does in a case, which may have the text of a reply. */
static bool is_phrase(enum mxs_role role, const char *key)
{
    return (role == MXS_ROLE_RECEIVER && is_case(role, key)) || strcmp(key, "log") == 0 ||
           strncmp(key, "log-", 4) == 0 || strcmp(key, "error") == 0 ||
           strncmp(key, "error-", 6) == 0;
}

/* The templates of log lines: of cases that exist, with blanks that exist. */
static enum mxs_err phrases(const struct place *at, struct mxs_arena *arena)
{
    const struct mxs_profile *p = at->profile;
    for (size_t i = 0; i < p->keys.n; i++) {
        const char *key = p->keys.v[i].name;
        const char *dash = strncmp(key, "log-", 4) && strncmp(key, "label-", 6) ? NULL : strchr(key, '-');
        if (dash && !is_case(p->role, dash + 1))
            return bad(at, key, "no such case");
        const char *blank = is_phrase(p->role, key) ? mxs_phrase_unknown(arena, p->keys.v[i].value) : NULL;
        if (blank)
            return bad(at, key, mxs_arena_printf(arena, "%s is nothing that can be filled in", blank));
    }
    return MXS_OK;
}

static enum mxs_err understand(struct mxs_arena *arena, struct mxs_profile *p, const char *file,
                               struct mxs_why *why)
{
    const char *role = mxs_profile_get(p, "role"), *grade = mxs_profile_get(p, "grade");
    struct place at = { file, p, why };
    struct mxs_why inner;
    if (!role || mxs_name_value(roles, role) < 0)
        return bad(&at, "role", "must be sender or receiver");
    if (!grade || mxs_name_value(grades, grade) < 0)
        return bad(&at, "grade", "must be measured, source, documented or unknown");
    p->role = (enum mxs_role)mxs_name_value(roles, role);
    p->grade = (enum mxs_grade)mxs_name_value(grades, grade);
    p->title = mxs_profile_get(p, "title");
    p->product = mxs_profile_get(p, "product");
    p->version = mxs_profile_get(p, "version");
    p->source = mxs_profile_get(p, "source");
    if (!p->title || !p->product || !p->source)
        return bad(&at, "title, product, source", "all three are needed");
    if (p->role == MXS_ROLE_RECEIVER && !(p->receiver = mxs_receiver_rules(arena, p, &inner)))
        return bad_rule(&at, arena, inner.text);
    if (p->role == MXS_ROLE_SENDER && !(p->sender = mxs_sender_rules(arena, p, &inner)))
        return bad_rule(&at, arena, inner.text);
    return phrases(&at, arena);
}

static enum mxs_err build(struct loading *l, const struct section *mode)
{
    struct mxs_arena *arena = l->profiles->arena;
    const struct section *product = product_of(l, mode->name);
    struct mxs_profile p = { .name = mode->name };
    for (size_t i = 0; i < mode->keys.n; i++)
        *mxs_list_add(arena, &p.keys) = mode->keys.v[i];
    for (size_t i = 0; product && i < product->keys.n; i++)
        if (!mxs_profile_get(&p, product->keys.v[i].name))
            *mxs_list_add(arena, &p.keys) = product->keys.v[i];
    enum mxs_err err = understand(arena, &p, l->file, l->why);
    if (err == MXS_OK)
        *mxs_list_add(arena, &l->profiles->v) = p;
    return err;
}

static enum mxs_err load_file(struct mxs_profiles *profiles, const char *path, struct mxs_why *why)
{
    struct loading l = { .profiles = profiles, .file = path, .why = why };
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(profiles->arena, path, FILE_MAX, &text, why);
    if (err)
        return err;
    l.in.text = text;
    int line = ini_parse_stream(mxs_ini_line, &l.in, on_key, &l);
    if (l.in.fault)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: %s", path, l.in.line, l.in.fault);
    if (line)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: neither [section] nor key = value", path, line);
    for (size_t i = 0; i < l.sections.n && !err; i++)
        if (is_mode(&l.sections.v[i]))
            err = build(&l, &l.sections.v[i]);
    return err;
}

static int is_ini(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 4 && strcmp(entry->d_name + n - 4, ".ini") == 0;
}

enum mxs_err mxs_profiles_load(const char *directory, struct mxs_profiles **out,
                               struct mxs_why *why)
{
    struct dirent **names;
    int n = scandir(directory, &names, is_ini, alphasort);
    if (n < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", directory, strerror(errno));
    struct mxs_profiles *profiles = mxs_alloc(sizeof *profiles);
    profiles->arena = mxs_arena_new();
    enum mxs_err err = MXS_OK;
    for (int i = 0; i < n; i++) {
        const char *path = mxs_arena_printf(profiles->arena, "%s/%s", directory, names[i]->d_name);
        err = err ? err : load_file(profiles, path, why);
        free(names[i]);
    }
    free(names);
    if (err) {
        mxs_profiles_free(profiles);
        return err;
    }
    *out = profiles;
    return MXS_OK;
}

void mxs_profiles_free(struct mxs_profiles *profiles)
{
    if (!profiles)
        return;
    mxs_arena_free(profiles->arena);
    free(profiles);
}

size_t mxs_profiles_count(const struct mxs_profiles *profiles)
{
    return profiles->v.n;
}

const struct mxs_profile *mxs_profiles_at(const struct mxs_profiles *profiles, size_t index)
{
    return index < profiles->v.n ? &profiles->v.v[index] : NULL;
}

const struct mxs_profile *mxs_profile_find(const struct mxs_profiles *profiles, const char *name)
{
    for (size_t i = 0; i < profiles->v.n; i++)
        if (strcmp(profiles->v.v[i].name, name) == 0)
            return &profiles->v.v[i];
    return NULL;
}

const char *mxs_profile_get(const struct mxs_profile *profile, const char *key)
{
    for (size_t i = 0; i < profile->keys.n; i++)
        if (strcmp(profile->keys.v[i].name, key) == 0)
            return profile->keys.v[i].value;
    return NULL;
}

/* One word of a key, or what is said when it is missing; -1 with why. */
static int word_of(const struct mxs_profile *p, const char *key, const struct mxs_name *words, int missing,
                   struct mxs_why *why)
{
    const char *value = mxs_profile_get(p, key);
    int n = value ? mxs_name_value(words, value) : missing;
    if (n < 0)
        mxs_why_set(why, MXS_ERR_SYNTAX, "%s: %s: not known here", key, value);
    return n;
}

/* OpenSSL's security level (SSL_CTX_set_security_level(3)): a floor for keys and digests. */
static bool level_of(const struct mxs_profile *p, struct mxs_ruleset *own, struct mxs_why *why)
{
    static const unsigned bits[] = { 0, 80, 112, 128, 192, 256 };
    static const struct mxs_name levels[] = { { 0, "0" }, { 1, "1" }, { 2, "2" }, { 3, "3" },
                                              { 4, "4" }, { 5, "5" }, { 0, NULL } };
    int level = word_of(p, "security-level", levels, 0, why);
    if (level > 0) {
        own->min_strength = bits[level];
        own->sha1 = own->md5 = false;
    }
    return level >= 0;
}

struct mxs_ruleset *mxs_profile_rules(struct mxs_arena *arena, const struct mxs_profile *p,
                                      struct mxs_why *why)
{
    static const struct mxs_name scopes[] = {
        { MXS_CRL_NONE, "no" }, { MXS_CRL_LEAF, "leaf" }, { MXS_CRL_CHAIN, "chain" }, { 0, NULL },
    };
    static const struct mxs_name missing[] = { { 0, "accept" }, { 1, "refuse" }, { 0, NULL } };
    static const struct mxs_name files[] = { { 0, "all" }, { 1, "first" }, { 0, NULL } };
    const char *name = mxs_profile_get(p, "rules");
    const struct mxs_ruleset *named = mxs_ruleset(name ? name : "rfc");
    if (!named) {
        mxs_why_set(why, MXS_ERR_SYNTAX, "rules: %s: no such rule set", name);
        return NULL;
    }
    struct mxs_ruleset *own = mxs_arena_dup(arena, named, sizeof *named);
    int scope = word_of(p, "crl", scopes, named->crl, why);
    int required = word_of(p, "crl-missing", missing, named->crl_required, why);
    int first = word_of(p, "crl-file", files, named->crl_first, why);
    if (scope < 0 || required < 0 || first < 0 || !level_of(p, own, why))
        return NULL;
    own->crl = (enum mxs_crl_scope)scope;
    own->crl_required = required;
    own->crl_first = first;
    return own;
}

enum mxs_err mxs_profiles_add(struct mxs_profiles *profiles, const char *name, const char *base,
                              const struct mxs_profile_key *keys, size_t n, struct mxs_why *why)
{
    struct mxs_arena *arena = profiles->arena;
    const struct mxs_profile *from = mxs_profile_find(profiles, base);
    struct mxs_profile p = { .name = mxs_arena_strdup(arena, name) };
    if (!from)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "%s: no such verifier", base);
    *mxs_list_add(arena, &p.keys) = (struct mxs_profile_key){ "like", from->name, 0 };
    for (size_t i = 0; i < n; i++)
        *mxs_list_add(arena, &p.keys) = (struct mxs_profile_key){
            mxs_arena_strdup(arena, keys[i].name), mxs_arena_strdup(arena, keys[i].value), 0 };
    for (size_t i = 0; i < from->keys.n; i++)
        if (!mxs_profile_get(&p, from->keys.v[i].name))
            *mxs_list_add(arena, &p.keys) = from->keys.v[i];
    enum mxs_err err = understand(arena, &p, name, why);
    if (err)
        return err;
    *mxs_list_add(arena, &profiles->v) = p;
    for (size_t i = profiles->v.n - 1; i; i--)
        profiles->v.v[i] = profiles->v.v[i - 1];
    profiles->v.v[0] = p;
    return MXS_OK;
}
