#include "config.h"

#include "report/anon.h"
#include "report/json.h"
#include "judge/trial.h"
#include "report/report.h"

#include <stdio.h>

/* --- domain --- */

static json_t *mx_list(const struct mxs_domain_facts *d)
{
    if (d->mx_security == MXS_SECURITY_NONE && !d->mx.n)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < d->mx.n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "host", mxs_json_text(d->mx.v[i].host));
        json_object_set_new(o, "preference", json_integer(d->mx.v[i].preference));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *policy(const struct mxs_sts_facts *sts)
{
    if (!sts->has_policy)
        return json_null();
    json_t *o = json_object();
    json_object_set_new(o, "mode", mxs_json_text(mxs_sts_mode_name(sts->policy.mode)));
    json_object_set_new(o, "mx", mxs_json_texts(&sts->policy.mx));
    json_object_set_new(o, "max_age",
                        sts->policy.max_age < 0 ? json_null() : json_integer(sts->policy.max_age));
    return o;
}

static const char *sts_error(const struct mxs_sts_facts *sts)
{
    if (sts->error)
        return sts->error;
    return sts->has_policy && !sts->policy.valid && sts->policy.faults.n
               ? sts->policy.faults.v[0].text : NULL;
}

static json_t *mta_sts(const struct mxs_report *report, const struct mxs_sts_facts *sts)
{
    json_t *o = json_object();
    bool asked = sts->txt_security != MXS_SECURITY_NONE;
    json_object_set_new(o, "txt", asked ? mxs_json_texts(&sts->txt) : json_null());
    json_object_set_new(o, "id", mxs_json_text(sts->parsed.id));
    json_object_set_new(o, "policy", policy(sts));
    json_object_set_new(o, "certificate", mxs_json_chain(&sts->certificate, report->catalog));
    json_object_set_new(o, "error", mxs_json_text(sts_error(sts)));
    return o;
}

static json_t *domain(const struct mxs_report *report)
{
    const struct mxs_evidence *ev = report->evidence;
    const struct mxs_domain_facts *d = &ev->domain;
    json_t *o = json_object(), *rpt = json_object();
    bool asked = ev->has_domain;
    json_object_set_new(o, "name", mxs_json_text(d->name));
    json_object_set_new(o, "mx_security", mxs_json_text(mxs_security_name(d->mx_security)));
    json_object_set_new(o, "mx", mx_list(d));
    json_object_set_new(o, "caa", asked ? mxs_json_texts(&d->caa) : json_null());
    json_object_set_new(o, "mta_sts", mta_sts(report, &d->sts));
    json_object_set_new(rpt, "txt", asked ? mxs_json_texts(&d->tlsrpt_txt) : json_null());
    json_object_set_new(rpt, "rua", asked ? mxs_json_texts(&d->tlsrpt.rua) : json_null());
    json_object_set_new(o, "tls_rpt", rpt);
    return o;
}

/* --- TLS --- */

/* The IANA name, or the number where the registry has none; null for 0. */
static json_t *named(const char *(*name)(unsigned), unsigned value)
{
    char number[16];
    if (!value)
        return json_null();
    const char *text = name(value);
    snprintf(number, sizeof number, "0x%04x", value);
    return json_string(text ? text : number);
}

static json_t *client_auth(const struct mxs_client_auth *a)
{
    static const char *const sent[] = { "nothing", "empty", "certificate" };
    static const char *const verdicts[] = { "open", "accepted", "refused" };
    json_t *o = json_object(), *schemes = json_array();
    for (size_t i = 0; i < a->signature_schemes.n; i++)
        json_array_append_new(schemes, named(mxs_tls_scheme_name, a->signature_schemes.v[i]));
    json_object_set_new(o, "requested", json_boolean(a->requested));
    json_object_set_new(o, "required", a->required < 0 ? json_null() : json_boolean(a->required));
    json_object_set_new(o, "acceptable_cas", mxs_json_texts(&a->acceptable_cas));
    json_object_set_new(o, "signature_algorithms", schemes);
    json_object_set_new(o, "sent", json_string(sent[a->sent]));
    json_object_set_new(o, "verdict", json_string(verdicts[a->verdict]));
    json_object_set_new(o, "alert", a->alert < 0 ? json_null() : json_integer(a->alert));
    json_object_set_new(o, "external_offered", json_boolean(a->external_offered));
    return o;
}

static json_t *messages(const struct mxs_tls_facts *tls)
{
    json_t *array = json_array();
    for (size_t i = 0; i < tls->messages.n; i++) {
        const struct mxs_tls_message *m = &tls->messages.v[i];
        const char *name = mxs_tls_message_name(m->type);
        char number[16];
        snprintf(number, sizeof number, "%u", m->type);
        json_t *o = json_object();
        json_object_set_new(o, "n", json_integer(m->n));
        json_object_set_new(o, "direction", mxs_json_text(mxs_dir_name(m->dir)));
        json_object_set_new(o, "type", json_string(name ? name : number));
        json_object_set_new(o, "length", json_integer((json_int_t)m->length));
        json_object_set_new(o, "epoch", mxs_json_text(mxs_epoch_name(m->epoch)));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *alerts(const struct mxs_tls_facts *tls)
{
    static const struct mxs_name levels[] = { { 1, "warning" }, { 2, "fatal" }, { 0, NULL } };
    json_t *array = json_array();
    for (size_t i = 0; i < tls->alerts.n; i++) {
        const struct mxs_tls_alert *a = &tls->alerts.v[i];
        json_t *o = json_object();
        json_object_set_new(o, "direction", mxs_json_text(mxs_dir_name(a->dir)));
        json_object_set_new(o, "level", mxs_json_text(mxs_name_of(levels, a->level)));
        json_object_set_new(o, "code", json_integer(a->code));
        json_object_set_new(o, "name", mxs_json_text(mxs_tls_alert_name(a->code)));
        json_object_set_new(o, "after_finished", json_boolean(a->after_finished));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *tls(const struct mxs_session_facts *s)
{
    const struct mxs_tls_facts *t = &s->tls;
    if (!s->has_tls)
        return json_null();
    json_t *o = json_object();
    json_object_set_new(o, "version", named(mxs_tls_version_name, t->version));
    json_object_set_new(o, "cipher", named(mxs_tls_cipher_name, t->cipher));
    json_object_set_new(o, "group", named(mxs_tls_group_name, t->group));
    json_object_set_new(o, "signature", named(mxs_tls_scheme_name, t->signature_scheme));
    json_object_set_new(o, "alpn", mxs_json_text(t->alpn));
    json_object_set_new(o, "sni", mxs_json_text(t->sni));
    json_object_set_new(o, "ocsp_stapled", json_boolean(t->ocsp_stapled));
    json_object_set_new(o, "client_auth", client_auth(&t->client_auth));
    json_object_set_new(o, "messages", messages(t));
    json_object_set_new(o, "alerts", alerts(t));
    return o;
}

/* --- hosts and sessions --- */

static json_t *stages(const struct mxs_session_facts *s)
{
    json_t *array = json_array();
    for (int i = 0; i < MXS_STAGE_COUNT; i++) {
        const struct mxs_stage_result *r = &s->stages[i];
        if (r->status == MXS_STAGE_NOT_REACHED)
            continue;
        json_t *o = json_object();
        json_object_set_new(o, "stage", mxs_json_text(mxs_stage_name((enum mxs_stage)i)));
        json_object_set_new(o, "status", mxs_json_text(mxs_stage_status_name(r->status)));
        json_object_set_new(o, "ms", json_integer((r->us + 500) / 1000));
        json_object_set_new(o, "summary", mxs_json_text(r->summary));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *verdicts(const struct mxs_session_assessment *session)
{
    json_t *array = json_array();
    for (size_t i = 0; session && i < session->verdicts.n; i++)
        json_array_append_new(array, mxs_json_verdict(&session->verdicts.v[i]));
    return array;
}

static json_t *ehlo(const struct mxs_session_facts *s)
{
    const struct mxs_smtp_reply *reply = s->has_ehlo       ? &s->ehlo
                                         : s->has_ehlo_tls ? &s->ehlo_tls
                                                           : NULL;
    return reply ? mxs_json_texts(&reply->lines) : json_null();
}

static json_t *session(const struct mxs_report *report, const struct mxs_session_facts *s)
{
    const struct mxs_session_assessment *judged =
        mxs_assessment_session(report->assessment, s->id);
    json_t *o = json_object();
    json_object_set_new(o, "address", mxs_json_text(s->address));
    json_object_set_new(o, "port", json_integer(s->port));
    json_object_set_new(o, "offer", mxs_json_text(mxs_offer_name(s->offer)));
    json_object_set_new(o, "client_certificate", json_boolean(s->client_certificate));
    json_object_set_new(o, "reached", mxs_json_text(mxs_stage_name(s->reached)));
    json_object_set_new(o, "error", mxs_json_text(s->error));
    json_object_set_new(o, "stages", stages(s));
    json_object_set_new(o, "banner", mxs_json_text(s->banner));
    json_object_set_new(o, "ehlo", ehlo(s));
    json_object_set_new(o, "starttls", mxs_json_text(mxs_starttls_name(s->starttls)));
    json_object_set_new(o, "tls", tls(s));
    json_object_set_new(o, "chain", mxs_json_chain(&s->chain, report->catalog));
    json_object_set_new(o, "tlsa_matches", mxs_json_tlsa_matches(judged));
    json_object_set_new(o, "verdicts", verdicts(judged));
    return o;
}

/* null where there were no two sessions to compare */
static json_t *trials(const struct mxs_assessment *judged, const struct mxs_host_facts *h)
{
    json_t *array = json_array();
    for (size_t i = 0; i < judged->trials.n; i++) {
        const struct mxs_trial *t = judged->trials.v[i];
        json_t *o = json_object(), *fits = json_array();
        for (size_t k = 0; k < t->fits.n; k++)
            json_array_append_new(fits, json_pack("{s:s, s:s, s:b}", "verifier", t->fits.v[k].profile,
                                                  "grade", mxs_grade_name(t->fits.v[k].grade),
                                                  "exact", t->fits.v[k].exact));
        json_object_set_new(o, "address", mxs_json_text(t->with->address));
        json_object_set_new(o, "port", json_integer(t->with->port));
        json_object_set_new(o, "offer", json_string(mxs_offer_name(t->with->offer)));
        json_object_set_new(o, "state", json_string(mxs_trial_state_name(t->state)));
        json_object_set_new(o, "without", json_string(t->without_end));
        json_object_set_new(o, "with", json_string(t->with_end));
        json_object_set_new(o, "fits", fits);
        if (t->host == h)
            json_array_append(array, o);
        json_decref(o);
    }
    if (json_array_size(array))
        return array;
    json_decref(array);
    return json_null();
}

static json_t *host(const struct mxs_report *report, const struct mxs_host_facts *h)
{
    json_t *o = json_object(), *addresses = json_array(), *sessions = json_array();
    for (size_t i = 0; i < h->addresses.n; i++) {
        json_t *a = json_object();
        json_object_set_new(a, "address", mxs_json_text(h->addresses.v[i].address));
        json_object_set_new(a, "security",
                            mxs_json_text(mxs_security_name(h->addresses.v[i].security)));
        json_array_append_new(addresses, a);
    }
    for (size_t i = 0; i < h->sessions.n; i++)
        json_array_append_new(sessions, session(report, h->sessions.v[i]));
    json_object_set_new(o, "host", mxs_json_text(h->host));
    json_object_set_new(o, "preference", json_integer(h->preference));
    json_object_set_new(o, "addresses", addresses);
    json_object_set_new(o, "tlsa", mxs_json_tlsa(h));
    json_object_set_new(o, "sessions", sessions);
    json_object_set_new(o, "client_cert_trial", trials(report->assessment, h));
    return o;
}

enum mxs_err mxs_report_json(const struct mxs_report *report, struct mxs_buf *out)
{
    const struct mxs_evidence *ev = report->evidence;
    const struct mxs_assessment *judged = report->assessment;
    json_t *o = json_object(), *hosts = json_array(), *findings = json_array();
    for (size_t i = 0; i < ev->hosts.n; i++)
        json_array_append_new(hosts, host(report, ev->hosts.v[i]));
    for (size_t i = 0; i < judged->findings.n; i++)
        json_array_append_new(findings, mxs_json_finding(&judged->findings.v[i]));
    json_object_set_new(o, "schema", json_string("mxscope.report/1"));
    json_object_set_new(o, "version", json_string(PACKAGE_VERSION));
    json_object_set_new(o, "target", mxs_json_text(ev->target));
    json_object_set_new(o, "started", mxs_json_time(ev->started));
    json_object_set_new(o, "at", mxs_json_time(judged->at));
    json_object_set_new(o, "status", mxs_json_text(mxs_status_name(judged->status)));
    json_object_set_new(o, "headline", mxs_json_text(judged->headline));
    json_object_set_new(o, "domain", domain(report));
    json_object_set_new(o, "hosts", hosts);
    json_object_set_new(o, "findings", findings);
    size_t from = out->n;
    enum mxs_err err = mxs_json_line(o, out);
    mxs_anon_buf(report->anon, out, from);
    return err;
}
