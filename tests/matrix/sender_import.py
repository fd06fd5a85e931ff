#!/usr/bin/env python3
"""Turns rows of measured senders (tab-separated: mta mode variant outcome tls_status reason) into
sender.tbl: verifier, variant, action, channel (- where it was not seen), label, later action.
usage: sender_import.py MEASURED.tsv > sender.tbl"""
import csv, re, sys

EXIM = {'default(try_dane,try_verify)': 'default', 'hosts_require_dane': 'require-dane', 'no_dane,tls_verify_hosts': 'verify-hosts',
        'no_dane,tls_try_verify_hosts': 'try-verify-hosts', 'no_dane,hosts_require_tls': 'require-tls', 'try_dane,tls_verify_hosts': 'try-dane+verify-hosts',
        'try_dane,hosts_require_tls': 'try-dane', 'default(try_dane,try_verify) [no trust-ad in resolv.conf]': 'default-no-trust-ad',
        'hosts_require_dane [no trust-ad in resolv.conf]': 'require-dane-no-trust-ad', 'default+clientcert(both)': 'default', 'default+clientcert(server-only)': 'default',
        'hosts_require_dane, root not trusted': 'require-dane'}
TOOLS = {('openssl-3.0 s_client', 'pkix'): 'openssl/s_client/pkix', ('openssl-3.0 s_client', 'pkix-noname'): 'openssl/s_client/pkix-noname',
         ('openssl-3.0 s_client', 'dane'): 'openssl/s_client/dane', ('openssl-3.0 s_client', 'dane,ee_no_namechecks'): 'openssl/s_client/dane-ee-no-namechecks',
         ('openssl-3.0 s_client', 'dane,ee_no_namechecks,noCA'): 'openssl/s_client/dane-ee-no-namechecks',
         ('gnutls-cli-3.7.9', 'pkix'): 'gnutls/cli/pkix', ('gnutls-cli-3.7.9', 'dane'): 'gnutls/cli/dane', ('gnutls-cli-3.7.9', 'dane,no-ca'): 'gnutls/cli/dane-no-ca',
         ('danetool-3.7.9', 'check'): 'gnutls/danetool/check', ('ldns-dane-1.8.3', 'verify:465'): 'ldns/dane/verify',
         ('ldns-dane-1.8.3', 'verify:465 -T required'): 'ldns/dane/verify-required'}
ACTIONS = {'delivered': 'deliver', 'deferred': 'defer', 'bounced': 'bounce', 'ok': 'deliver'}


def verifier(row):
    mta, mode = row['mta'], re.sub(r' \[2nd attempt.*', '', row['mode'])
    if mta == 'postfix-3.7.11 smtp':
        return 'postfix/smtp/' + re.sub(r'-nocafile|\+clientcert\(.*|(?<=fingerprint)-.*', '', mode)
    return 'exim/smtp/' + EXIM[mode] if mta.startswith('exim') and mode in EXIM else TOOLS.get((mta, mode))


def variant(row):
    """What else the mode says of the situation becomes part of the variant, behind a +."""
    v, mode = row['variant'], row['mode']
    for text, add in (('nocafile', 'nostore'), ('noCA', 'nostore'), ('root not trusted', 'nostore'), ('clientcert(both)', 'certgood'),
                      ('clientcert(server-only)', 'certbad'), ('fingerprint-mismatch', 'otherpin'), ('2nd attempt', 'later')):
        if text in mode:
            v += '+' + add
    return v


def cell(row):
    action = ACTIONS.get(row['outcome'], 'defer' if row['outcome'].startswith('fail') else row['outcome'])
    status = row['tls_status']
    clear = 'cleartext' in status
    mail = row['mta'].startswith(('postfix', 'exim'))
    channel = 'cleartext' if clear else 'tls' if action == 'deliver' and mail else '-'
    known = re.match(r'(Trusted|Untrusted|Verified|CV=\w+)', status)
    return action, channel, known.group(1) if known and mail else '-'


print('# verifier\tvariant\taction\tchannel\tlabel; measured, see sender_import.py. +later: a later attempt')
for row in csv.DictReader(open(sys.argv[1]), delimiter='\t', quoting=csv.QUOTE_NONE):
    name = verifier(row)
    if name:
        print('\t'.join((name, variant(row)) + cell(row)))
