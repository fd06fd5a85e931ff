#!/usr/bin/env python3
"""Turns rows of measured receivers (tab-separated: mta mode leaf_eku int_eku other handshake session verified
reason tls variant) into receiver.tbl: verifier, variant, TLS, action, stage, reply, alert, label.
usage: receiver_import.py MEASURED.tsv > receiver.tbl"""
import csv, re, sys

MODES = {
    ('postfix-3.7.11', 'none'): 'postfix/smtpd/none', ('postfix-3.7.11', 'ask_ccert'): 'postfix/smtpd/ask',
    ('postfix-3.7.11', 'req_ccert'): 'postfix/smtpd/req', ('postfix-3.7.11', 'permit_tls_clientcerts(fp)'): 'postfix/smtpd/permit-clientcerts',
    ('postfix-3.7.11', 'permit_tls_all_clientcerts'): 'postfix/smtpd/permit-all-clientcerts',
    ('postfix-3.7.11', 'permit_tls_all_clientcerts with relay_clientcerts set'): 'postfix/smtpd/permit-all-clientcerts+fingerprints',
    ('postfix-3.7.11', 'check_ccert_access(fp)'): 'postfix/smtpd/ccert-access', ('postfix-3.7.11', 'req_ccert+permit_tls_all'): 'postfix/smtpd/req+permit-all-clientcerts',
    ('exim-4.96-gnutls', 'none'): 'exim/smtpd/none', ('exim-4.96-gnutls', 'tls_try_verify_hosts'): 'exim/smtpd/try-verify',
    ('exim-4.96-gnutls', 'tls_verify_hosts'): 'exim/smtpd/verify', ('exim-4.96-gnutls', 'verify_hosts+system-CA-dir'): 'exim/smtpd/verify',
    ('exim-4.96-gnutls', 'try_verify+acl verify=certificate'): 'exim/smtpd/acl-verify',
    ('exim-4.96-gnutls', 'auth-external'): 'exim/smtpd/auth-external', ('exim-4.96-gnutls', 'auth-tls'): 'exim/smtpd/auth-tls',
    ('sendmail-8.17.1.9', 'auth-external'): 'sendmail/daemon/auth-external',
    ('sendmail-8.17.1.9', 'CACert(default)'): 'sendmail/daemon/default', ('sendmail-8.17.1.9', 'access TLS_Clt VERIFY'): 'sendmail/daemon/tls-clt-verify',
    ('sendmail-8.17.1.9', 'relay by CERTIssuer'): 'sendmail/daemon/cert-issuer-relay', ('sendmail-8.17.1.9', 'srv_features V (no ask)'): 'sendmail/daemon/no-request',
    ('opensmtpd-7.6(debian13)', 'tls'): 'opensmtpd/listen/tls', ('opensmtpd-7.6(debian13)', 'tls+ca'): 'opensmtpd/listen/tls',
    ('opensmtpd-7.6(debian13)', 'tls-require'): 'opensmtpd/listen/tls-require', ('opensmtpd-7.6(debian13)', 'tls-require verify'): 'opensmtpd/listen/tls-require-verify',
    ('dovecot-2.3.19 submission', 'ssl_verify_client_cert+auth_ssl_require_client_cert'): 'dovecot/submission/require',
    ('stunnel-5.68', 'requireCert=yes'): 'stunnel/server/require-cert', ('stunnel-5.68', 'verifyChain=yes (requireCert implied)'): 'stunnel/server/verify-chain',
    ('stunnel-5.68', 'verifyPeer=yes (pinned leaf)'): 'stunnel/server/verify-peer',
    ('openssl-3.0-s_server', '-verify 1 -verify_return_error'): 'openssl/server/verify', ('openssl-3.0-s_server', '-Verify 1 -verify_return_error'): 'openssl/server/require',
    ('openssl-3.0-s_server', '-Verify 3 -verify_return_error'): 'openssl/server/require',
    ('openssl-3.0-s_server', '-Verify 1 -verify_return_error -purpose any'): 'openssl/server/require-any-purpose',
    ('gnutls-serv-3.7.9', 'default (request)'): 'gnutls/server/request', ('gnutls-serv-3.7.9', '--verify-client-cert'): 'gnutls/server/verify',
    ('gnutls-serv-3.7.9', '--require-client-cert --verify-client-cert'): 'gnutls/server/require-verify',
    ('go-1.19-crypto/tls', 'VerifyClientCertIfGiven'): 'go/server/verify-if-given', ('go-1.19-crypto/tls', 'RequireAnyClientCert'): 'go/server/require-any',
    ('go-1.19-crypto/tls', 'RequireAndVerifyClientCert'): 'go/server/require-and-verify',
}
ALERTS = {'bad_certificate': 42, 'unsupported_certificate': 43, 'certificate_expired': 45, 'unknown_ca': 48, 'access_denied': 49, 'decode_error': 50,
          'certificate_required': 116, 'handshake_failure': 40}
STAGES = {'EHLO': 'ehlo-tls', 'MAIL': 'mail', 'RCPT': 'rcpt', 'AUTH': 'auth'}


def cell(row):
    h = row['handshake']
    if h != 'ok':
        m = re.search(r'alert:(\w+)', h)
        return 'handshake-failure', 'client-verdict', '-', str(ALERTS[m.group(1)]) if m else 'race'
    m = re.search(r'(\w+)=([45]\d\d)', row['session'])
    return ('reject', STAGES[m.group(1)], m.group(2), '-') if m else ('accept', '-', '-', '-')


def label(row):
    v = row['verified'].split(';')[0].strip()
    return v if re.match(r'(Trusted|Untrusted|Anonymous|CV=|verify=)', v) else '-'


print('# verifier\tvariant\ttls\taction\tstage\treply\talert\tlabel; measured on real servers, see receiver_import.py. "race": alert or bare close, it differs between runs')
for row in csv.DictReader(open(sys.argv[1]), delimiter='\t', quoting=csv.QUOTE_NONE):
    name = MODES.get((row['mta'], row['mode']))
    if name:
        print('\t'.join((name, row['variant'], row['tls']) + cell(row) + (label(row),)))
