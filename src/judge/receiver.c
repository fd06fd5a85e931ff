/* Receivers: what a mail server does with the certificate a sending server shows it. The product is
 * data (share/verifiers); what is code is only the order of questions: is one asked for, did one come,
 * does it pass the check under the product's rule set, is it on the product's list. */
#include "config.h"

#include "judge/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "judge/alert.h"
#include "judge/library.h"
#include "judge/path.h"
#include "judge/phrase.h"

enum { PSS_SHA256_BITS = 8 * (2 * 32 + 2) }; /* RFC 8017 9.1.1, a salt as long as the digest */

struct asking {
    const struct mxs_judge *judge;
    const struct mxs_profile *profile;
    const struct mxs_receiver_rules *rules;
    const struct mxs_receiver_input *input;
    struct mxs_verdict *out;
    const struct mxs_path *path; /* that was judged; NULL: none */
    bool unusable;               /* its last reason is what the handshake fails on */
};

static const struct mxs_cert *leaf(const struct mxs_chain *chain)
{
    return chain && chain->certs.n ? chain->certs.v[0] : NULL;
}

/* Is the certificate (or, key = true, just its key) on file? Without pins the operator's own is. */
static bool on_file(const struct mxs_receiver_input *input, bool key)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id =
        input->pins ? mxs_cert_identity(leaf(input->chain), &own) : NULL;
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++) {
        struct mxs_cert_identity other;
        const struct mxs_cert_identity *pin = mxs_cert_identity(input->pins->certs.v[i], &other);
        if (memcmp(key ? pin->spki_sha256 : pin->sha256, key ? id->spki_sha256 : id->sha256, 32) == 0)
            return true;
    }
    return !input->pins;
}

static bool cert_on_file(const struct mxs_receiver_input *input)
{
    return on_file(input, false);
}

static bool has_name(const struct mxs_cert *cert, const char *name)
{
    for (size_t i = 0; i < cert->san_dns.n; i++)
        if (mxs_ascii_equal(cert->san_dns.v[i], name))
            return true;
    return cert->cn && mxs_ascii_equal(cert->cn, name);
}

static bool names_meet(const struct mxs_cert *a, const struct mxs_cert *b)
{
    for (size_t i = 0; i < a->san_dns.n; i++)
        if (has_name(b, a->san_dns.v[i]))
            return true;
    return a->cn && has_name(b, a->cn);
}

/* Does the certificate share a name with one on file? */
static bool name_on_file(const struct mxs_receiver_input *input)
{
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++)
        if (names_meet(input->pins->certs.v[i], leaf(input->chain)))
            return true;
    return !input->pins;
}

static bool issuer_on_file(const struct mxs_receiver_input *input)
{
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++)
        if (mxs_bytes_equal(input->pins->certs.v[i]->issuer_raw, leaf(input->chain)->issuer_raw))
            return true;
    return !input->pins;
}

/* The lists that a certificate must be on, and what is said when it is not. */
static const struct {
    bool (*has)(const struct mxs_receiver_input *input);
    bool verified; /* it must pass the check too */
    const char *reason, *text;
} on_list[] = {
    [MXS_LISTED_CERT] = { cert_on_file, false, "not-listed", "its fingerprint is not on file" },
    [MXS_LISTED_NAME] = { name_on_file, true, "name-mismatch", "none of its names is on file" },
    [MXS_LISTED_EITHER] = { cert_on_file, false, "not-listed", "its fingerprint is not on file" },
    [MXS_LISTED_ISSUER] = { issuer_on_file, true, "not-listed", "its issuer is not on file" },
};

static bool keep_reasons(struct asking *a, const struct mxs_reasons *reasons)
{
    for (size_t i = 0; i < reasons->n; i++)
        *mxs_list_add(a->judge->arena, &a->out->reasons) = reasons->v[i];
    return reasons->n == 0;
}

static bool path_check(struct asking *a)
{
    struct mxs_path_query query = { .served = a->input->chain,
                                    .store = a->rules->no_store ? NULL : a->judge->store };
    struct mxs_paths paths = { { NULL, 0, 0 }, false };
    mxs_paths_build(a->judge->arena, a->judge->signatures, &query, &paths);
    struct mxs_path_choice choice = mxs_paths_choose(a->judge->arena, &paths, a->rules->rules,
                                                     a->rules->purpose, a->judge->at);
    a->path = choice.path;
    return keep_reasons(a, &choice.reasons) && choice.path;
}

/* stunnel looks for the subject in its file and compares the keys (cert_check_local, src/verify.c): a
 * renewal with the same key passes. */
static bool peer_on_file(const struct mxs_receiver_input *input)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(leaf(input->chain), &own);
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++) {
        const struct mxs_cert *pin = input->pins->certs.v[i];
        struct mxs_cert_identity other; /* what is on file may be a replica as well */
        if (memcmp(mxs_cert_identity(pin, &other)->spki_sha256, id->spki_sha256, 32) == 0 &&
            mxs_bytes_equal(pin->subject_raw, leaf(input->chain)->subject_raw))
            return true;
    }
    return !input->pins;
}

/* OpenSSL takes a self-signed certificate for trusted only where it is the first on file of its name, of
 * those that are valid now if one is. */
static bool lone_self_signed(const struct mxs_receiver_input *input, int64_t at)
{
    const struct mxs_cert *cert = leaf(input->chain), *first = NULL;
    bool valid = false;
    for (size_t i = 0; input->pins && cert->self_issued && i < input->pins->certs.n; i++) {
        const struct mxs_cert *pin = input->pins->certs.v[i];
        bool here = at >= pin->not_before && at <= pin->not_after;
        if (!mxs_bytes_equal(pin->subject_raw, cert->subject_raw) || !mxs_path_may_issue(pin, cert) ||
            (first && (valid || !here)))
            continue;
        first = pin;
        valid = here;
    }
    struct mxs_cert_identity a, b;
    bool same = first && memcmp(mxs_cert_identity(first, &a)->sha256,
                                mxs_cert_identity(cert, &b)->sha256, 32) == 0;
    return cert->self_issued && input->pins && !same;
}

/* The path that was served is built and looked at as ever, and what is wrong above the leaf passed over. */
static void judge_served(struct asking *a, struct mxs_reasons *out)
{
    static const char *const from_above[] = { "name-constraints", "bad-signature", "weak-signature",
                                              "unknown-critical" };
    struct mxs_path_query query = { .served = a->input->chain };
    struct mxs_paths paths = { { NULL, 0, 0 }, false };
    mxs_paths_build(a->judge->arena, a->judge->signatures, &query, &paths);
    struct mxs_path_choice choice = mxs_paths_choose(a->judge->arena, &paths, a->rules->rules,
                                                     a->rules->purpose, a->judge->at);
    for (size_t i = 0; i < choice.reasons.n; i++)
        for (size_t k = 0; k < MXS_COUNT(from_above) && choice.reasons.v[i].depth == 0; k++)
            if (strcmp(choice.reasons.v[i].id, from_above[k]) == 0)
                *mxs_list_add(a->judge->arena, out) = choice.reasons.v[i];
}

/* The leaf stands alone as its own anchor, so only its dates and purpose are left to judge, and what its
 * issuers may not have signed; then it has to be on file. */
static bool peer_check(struct asking *a)
{
    struct mxs_path alone = { .end = MXS_PATH_ANCHOR, .named = true };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    *mxs_list_add(a->judge->arena, &alone.certs) = leaf(a->input->chain);
    mxs_path_judge(a->judge->arena, &alone, a->rules->rules, a->rules->purpose, a->judge->at,
                   &reasons);
    judge_served(a, &reasons);
    bool well = keep_reasons(a, &reasons), filed = peer_on_file(a->input);
    if (!filed)
        mxs_verdict_reason(a->judge, a->out, "not-listed", 0, NULL,
                           "no certificate of that subject and key is on file");
    if (!lone_self_signed(a->input, a->judge->at))
        return well && filed;
    mxs_verdict_reason(a->judge, a->out, "self-signed", 0, NULL, "it is self-signed");
    return false;
}

static bool key_check(struct asking *a)
{
    if (on_file(a->input, true))
        return true;
    mxs_verdict_reason(a->judge, a->out, "key-unknown", 0, NULL, "the key is not the one on file");
    return false;
}

static bool check(struct asking *a)
{
    switch (a->rules->check) {
    case MXS_CHECK_NOTHING:
        return true;
    case MXS_CHECK_CHAIN:
        return path_check(a);
    case MXS_CHECK_PEER:
        return peer_check(a);
    case MXS_CHECK_KEY:
        return key_check(a);
    }
    return false;
}

static bool only_purpose(const struct mxs_verdict *v)
{
    for (size_t i = 0; i < v->reasons.n; i++)
        if (strcmp(v->reasons.v[i].id, "eku-missing") != 0 && strcmp(v->reasons.v[i].id, "key-usage") != 0)
            return false;
    return v->reasons.n > 0;
}

static int alert_of(const struct mxs_receiver_outcome *o, unsigned version, const struct mxs_verdict *v)
{
    int alert = version == MXS_TLS_1_2 ? o->alert12 : o->alert13;
    return alert == MXS_ALERT_BY_REASON ? mxs_alert_of(o->library, v) : alert;
}

/* --- what it writes --- */

static const char *keyed(const struct asking *a, const char *prefix, const char *what)
{
    return mxs_profile_get(a->profile, mxs_arena_printf(a->judge->arena, "%s-%s", prefix, what));
}

/* The reason that the product names. */
static const struct mxs_reason *named(const struct asking *a)
{
    const struct mxs_verdict *v = a->out;
    if (a->unusable)
        return &v->reasons.v[v->reasons.n - 1];
    bool openssl = a->rules->rules->search == MXS_SEARCH_TRUSTED;
    bool go = strcmp(a->rules->rules->name, "go") == 0;
    const struct mxs_reason *first =
        openssl ? mxs_openssl_first(v->reasons.v, v->reasons.n, a->rules->nearest_error)
        : go    ? mxs_go_first(v->reasons.v, v->reasons.n) : NULL;
    return first ? first : v->reasons.n ? &v->reasons.v[0] : NULL;
}

static const char *gnutls_status(const struct asking *a)
{
    const struct mxs_verdict *v = a->out;
    bool gnutls = a->rules->rules->search == MXS_SEARCH_SERVED && a->path;
    return gnutls ? mxs_gnutls_status(a->judge->arena, v->reasons.v, v->reasons.n, a->path->certs.n,
                                      a->path->end == MXS_PATH_ANCHOR) : NULL;
}

/* In its own words, by TLS version where that matters, else in OpenSSL's. */
static void name_error(const struct asking *a, const struct mxs_reason *r, struct mxs_phrase *p)
{
    bool openssl = a->rules->rules->search == MXS_SEARCH_TRUSTED;
    const struct mxs_library_error *e = openssl ? mxs_openssl_error(r) : NULL;
    const char *version = a->input->tls_version == MXS_TLS_1_2 ? "1.2" : "1.3";
    const char *own = keyed(a, "error", mxs_arena_printf(a->judge->arena, "%s-%s", r->id, version));
    own = own ? own : keyed(a, "error", mxs_reason_kind(r));
    own = own ? own : keyed(a, "error", r->id);
    own = own ? own : mxs_profile_get(a->profile, "error");
    p->error = own ? own : e ? e->text : gnutls_status(a);
    p->code = e ? e->code : -1;
    p->reason = e ? e->text : NULL;
}

static const struct mxs_cert *at_fault(const struct asking *a, int depth)
{
    size_t i = depth > 0 ? (size_t)depth : 0;
    return a->path && i < a->path->certs.n ? a->path->certs.v[i] : leaf(a->input->chain);
}

static const char *shown_name(const struct mxs_cert *cert)
{
    return !cert ? NULL : cert->san_dns.n ? cert->san_dns.v[0] : cert->cn;
}

/* Evidence of a client certificate alone goes by the client's name, and does not say whom it meets; once
 * the certificate is dropped, nobody can tell the two apart. */
static const char *receiving_host(const struct asking *a, const char *client)
{
    const struct mxs_host_facts *host = a->judge->host;
    bool own = a->judge->evidence && a->judge->evidence->client_role;
    return host && !(own && (!client || mxs_ascii_equal(host->host, client))) ? host->host : NULL;
}

static const struct mxs_phrase *phrase_of(const struct asking *a, const struct mxs_receiver_outcome *o)
{
    struct mxs_phrase *p = MXS_NEW(a->judge->arena, struct mxs_phrase);
    const struct mxs_reason *r = named(a);
    const char *client = shown_name(leaf(a->input->chain));
    *p = (struct mxs_phrase){ .host = receiving_host(a, client),
                              .address = a->judge->session ? a->judge->session->address : NULL,
                              .client = client,
                              .tls_version = a->input->tls_version, .label = a->out->label,
                              .depth = r && r->depth > 0 ? r->depth : 0, .code = -1,
                              .alert = a->out->alert, .stage = o->stage };
    p->cert = at_fault(a, p->depth);
    p->nameless = mxs_profile_get(a->profile, "subject-empty");
    if (r)
        name_error(a, r, p);
    if (o->reply)
        p->reply = mxs_arena_printf(a->judge->arena, "%d %s", o->reply,
                                    o->text ? mxs_phrase_fill(a->judge->arena, o->text, p) : "...");
    return p;
}

/* What the case is worth a line, then what became of it. */
static void tell(struct asking *a, const struct mxs_receiver_outcome *o, enum mxs_receiver_case c)
{
    struct mxs_verdict *v = a->out;
    const struct mxs_reason *r = named(a);
    const char *own = c == MXS_CASE_FAILED && r ? keyed(a, "log-failed", r->id) : NULL;
    if (leaf(a->input->chain) && !leaf(a->input->chain)->cn && c != MXS_CASE_UNASKED)
        mxs_phrase_say(a->judge->arena, mxs_profile_get(a->profile, "log-no-cn"), phrase_of(a, o), &v->log);
    v->phrase = phrase_of(a, o);
    mxs_phrase_say(a->judge->arena, own ? own : a->rules->log[c], v->phrase, &v->log);
    const char *end = o->action == MXS_ACTION_ACCEPT ? mxs_profile_get(a->profile, "log-accept")
                    : o->action == MXS_ACTION_REJECT
                        ? keyed(a, "log-reject", mxs_stage_name(o->stage))
                        : mxs_profile_get(a->profile, "log-alert");
    mxs_phrase_say(a->judge->arena, end, v->phrase, &v->log);
}

static void apply(struct asking *a, enum mxs_receiver_case outcome_of, enum mxs_receiver_case label_of)
{
    const struct mxs_receiver_outcome *o = &a->rules->outcome[outcome_of];
    struct mxs_verdict *v = a->out;
    v->action = o->action;
    v->stage = o->stage;
    v->reply = o->reply;
    if (o->action == MXS_ACTION_HANDSHAKE_FAILURE)
        v->alert = alert_of(o, a->input->tls_version, v);
    v->label = a->rules->label[label_of];
    tell(a, o, label_of);
}

/* --- can the key be shown, and used? --- */

static bool curve_among(const char *key, const char *curves)
{
    const char *curve = strncmp(key, "ECDSA-", 6) == 0 ? key + 6 : NULL;
    return !curve || mxs_word_in(curves, curve);
}

/* Whether a signature algorithm that the receiver can have named fits the key; if not, the client shows
 * none. TLS 1.3 knows three curves, and RSA only where PSS with SHA-256 fits in (RFC 8446 4.2.3). */
static bool showable(const struct asking *a)
{
    const char *key = leaf(a->input->chain)->key ? leaf(a->input->chain)->key : "";
    bool tls13 = a->input->tls_version != MXS_TLS_1_2;
    bool pss = strncmp(key, "RSA-PSS-", 8) == 0, rsa = !pss && strncmp(key, "RSA-", 4) == 0;
    if (a->rules->rules->few_keys && (pss || strcmp(key, "Ed448") == 0))
        return false;
    bool small = rsa && strtol(key + 4, NULL, 10) < PSS_SHA256_BITS;
    return !tls13 || (curve_among(key, "P256 P384 P521") && !small);
}

/* Whether the handshake can go on with it; else the reason is noted. */
static bool usable(struct asking *a)
{
    const struct mxs_cert *cert = leaf(a->input->chain);
    const char *curves = a->input->tls_version == MXS_TLS_1_2 ? a->rules->curves12 : NULL;
    if (a->rules->rules->handshake_usage && cert->has_key_usage &&
        !(cert->key_usage & MXS_KU_DIGITAL_SIGNATURE)) {
        mxs_verdict_reason(a->judge, a->out, "key-usage", 0, "RFC 5280 4.2.1.3",
                           "its key usage does not allow signatures, and it has to sign the handshake");
        return false;
    }
    if (!curves || !cert->key || curve_among(cert->key, curves))
        return true;
    mxs_verdict_reason(a->judge, a->out, "curve-unknown", 0, "RFC 8422 5.1.1",
                       "the receiver does not take the curve of its key, %s", cert->key);
    return false;
}

static void absent(struct asking *a, const char *text)
{
    a->out->verified = 0;
    mxs_verdict_reason(a->judge, a->out, "no-certificate", -1, NULL, "%s", text);
    apply(a, MXS_CASE_ABSENT, MXS_CASE_ABSENT);
}

/* In TLS 1.2 the certificate is looked at before what it signed; in 1.3, and where that is left to the end,
 * behind it. */
static bool refused_first(const struct asking *a, bool passed)
{
    return !passed && a->input->tls_version == MXS_TLS_1_2 && !a->rules->late &&
           a->rules->outcome[MXS_CASE_FAILED].action == MXS_ACTION_HANDSHAKE_FAILURE;
}

void mxs_receiver_judge(const struct mxs_judge *judge, const struct mxs_profile *profile,
                        const struct mxs_receiver_input *input, struct mxs_verdict *out)
{
    struct asking a = { judge, profile, profile->receiver, input, out, NULL, false };
    *out = (struct mxs_verdict){ .verifier = profile->name, .role = MXS_ROLE_RECEIVER,
                                 .grade = profile->grade, .verified = -1,
                                 .stage = MXS_STAGE_NONE, .alert = -1 };
    if (!a.rules->asks) {
        apply(&a, MXS_CASE_UNASKED, MXS_CASE_UNASKED);
        return;
    }
    if (!leaf(input->chain)) {
        absent(&a, "no certificate is sent");
        return;
    }
    if (!showable(&a)) {
        absent(&a, "none is sent: no signature that the receiver takes can be made with such a key");
        return;
    }
    bool passed = check(&a);
    if (!refused_first(&a, passed) && !usable(&a)) {
        a.unusable = true;
        apply(&a, MXS_CASE_UNUSABLE, MXS_CASE_UNUSABLE);
        return;
    }
    enum mxs_receiver_case verified = passed ? MXS_CASE_PASSED : MXS_CASE_FAILED;
    out->verified = a.rules->check == MXS_CHECK_NOTHING ? -1 : passed;
    if (a.rules->purpose_unknown && only_purpose(out)) {
        out->grade = MXS_GRADE_UNKNOWN;
        out->verified = -1;
        return;
    }
    enum mxs_receiver_list list = a.rules->listed;
    if (list == MXS_LISTED_NOTHING || (list == MXS_LISTED_EITHER && passed) ||
        (on_list[list].verified && !passed)) {
        apply(&a, verified, verified);
        return;
    }
    bool listed = on_list[list].has(input);
    if (!listed)
        mxs_verdict_reason(judge, out, on_list[list].reason, 0, NULL, "%s", on_list[list].text);
    apply(&a, listed ? MXS_CASE_PASSED : MXS_CASE_UNLISTED, verified);
}
