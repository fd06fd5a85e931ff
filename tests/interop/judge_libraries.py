#!/usr/bin/env python3
"""Paths judged by the rule sets "openssl-3.0" and "gnutls" against the libraries themselves: every chain of
tests/certs/judge, as server and as client, at several dates and with several anchors, by `openssl
verify` and `certtool --verify`. Good or bad must agree; where it does not, the cell is named here."""
import itertools, json, os, subprocess, sys, tempfile, time

MXSCOPE = os.path.abspath('mxscope')
CERTS = os.path.join(os.environ.get('srcdir', '.'), 'tests/certs/judge')

ANCHORS = os.path.join(os.environ.get('srcdir', '.'), 'tests/certs/anchors')

CHAINS = '''good int|good int root|good root int|good int-old eku-both int|under-root|good|selfsigned|untrusted int-untrusted
under-second int-second int-first|under-second int-second|good int-cross int|good int-cross|good int-lapsed int|good int-lapsed
good int-imposter int|good int-imposter|good int root-cross|expired int|notyet int|eku-both int|eku-client int|eku-none int|eku-any int|eku-email int
under-oldroot int-oldroot|under-serverroot int-serverroot|ku-none int|ku-encipher int|under-nosign int-nosign|under-notca int-notca
under-toodeep int-toodeep int|under-permit int-permit|under-permit-other int-permit-other|under-exclude int-exclude|under-permit-dot int-permit-dot
critical int|rsa1024 int|rsa2048 int|sha1 int|under-sha1 int-sha1'''.replace('\n', '|').split('|')
CHAINS += ['under-%s-%s int-%s' % (i, l, i) for i in ('server', 'client', 'both', 'any') for l in ('server', 'both', 'client', 'none', 'any')]
STORES = ('root', 'root2', 'int', 'root-expired', 'root-server', 'selfsigned')
# Several anchors of one name: told apart by key identifiers, with the same ones under other keys, without any in the
# anchor, in what it signed, or in both; one that has lapsed, and one that is to come. In either order.
ONE_NAME = ['a b', 'a b c', 'same-a same-b', 'plain-a plain-b', 'plain-a b', 'a plain-b', 'a a-lapsed', 'plain-a plain-lapsed', 'plain-b plain-to-come']
ONE_NAME += [' '.join(reversed(s.split())) for s in ONE_NAME]
BELOW = ['leaf-a', 'bare-a', 'leaf-b', 'bare-b', 'leaf-c', 'bare-c', 'leaf-same-a', 'leaf-same-b']
NOW = time.strftime('%Y-%m-%d', time.gmtime())  # certtool knows no other date
DATES = (NOW, '2024-02-01', '2041-06-01')

# chain, store (or *), purpose (or *), date (or *), library: why the rule set says something else
KNOWN = {
    ('selfsigned', 'selfsigned', '*', NOW, 'gnutls'): 'certtool asks for more than the library (GNUTLS_VERIFY_DO_NOT_ALLOW_SAME); gnutls-serv and Exim take a leaf that is an anchor',
    ('good int root-cross', 'int', 'server', NOW, 'gnutls'): 'GnuTLS looks for an anchor that is no root only where the served chain ends',
}


def pem(names):
    found = [os.path.join(d, n + '.crt') for n in names for d in (CERTS, ANCHORS) if os.path.exists(os.path.join(d, n + '.crt'))]
    assert len(found) == len(names), names
    return ''.join(open(f).read() for f in found)


def write(d, name, text):
    path = os.path.join(d, name)
    open(path, 'w').write(text)
    return path


def epoch(date):
    return int(time.mktime(time.strptime(date + ' UTC', '%Y-%m-%d %Z'))) - time.timezone


def openssl(d, chain, store, purpose, date):
    names = chain.split()
    a = ['openssl', 'verify', '-purpose', 'ssl' + purpose, '-attime', str(epoch(date)), '-no-CApath', '-no-CAstore', '-CAfile', write(d, 'ca', pem(store.split()))]
    if names[1:]:
        a += ['-untrusted', write(d, 'untrusted', pem(names[1:]))]
    p = subprocess.run(a + [write(d, 'leaf', pem(names[:1]))], capture_output=True, text=True)
    return p.returncode == 0, (p.stderr or p.stdout).strip().splitlines()[-1:]


def gnutls(d, chain, store, purpose, date):
    oid = '1.3.6.1.5.5.7.3.' + ('1' if purpose == 'server' else '2')
    p = subprocess.run(['certtool', '--verify', '--load-ca-certificate', write(d, 'ca', pem(store.split())), '--infile', write(d, 'chain', pem(chain.split())),
                        '--verify-purpose', oid], capture_output=True, text=True)
    last = [l for l in (p.stdout + p.stderr).splitlines() if 'Chain verification' in l]
    return p.returncode == 0, last[-1:]


def ours(d, chain, date, store, rules):
    p = subprocess.run([os.path.join(os.path.dirname(MXSCOPE), 'tests/interop/paths'), rules, str(epoch(date)), write(d, 'chain', pem(chain.split())),
                        write(d, 'ca', pem(store.split()))], capture_output=True, text=True)
    if p.returncode:
        raise SystemExit(p.stderr)
    return {l.split()[0]: (l.split()[1] == 'good', l.split()[2:]) for l in p.stdout.splitlines()}


def known(chain, store, purpose, date, library):
    for k in itertools.product((chain, '*'), (store, '*'), (purpose, '*'), (date, '*')):
        if k + (library,) in KNOWN:
            return KNOWN[k + (library,)]
    return None


def main():
    for tool in ('openssl', 'certtool'):
        if subprocess.run(['which', tool], capture_output=True).returncode:
            print('no ' + tool)
            return 77
    wrong = cells = 0
    with tempfile.TemporaryDirectory() as d:
        questions = [(c, s, d) for c, s, d in itertools.product(CHAINS, STORES, DATES) if s == 'root' or d == NOW]
        for chain, store, date in questions + [(c, s, NOW) for c, s in itertools.product(BELOW, ONE_NAME)]:
            for rules, library in (('openssl-3.0', openssl), ('gnutls', gnutls)):
                if library is gnutls and date != NOW:
                    continue
                mine = ours(d, chain, date, store, rules)
                for purpose in ('server', 'client'):
                    want, why = library(d, chain, store, purpose, date)
                    cells += 1
                    if want != mine[purpose][0] and not known(chain, store, purpose, date, rules):
                        wrong += 1
                        print('%s | %s | %s | %s | %s: the library says %s %s, the rule set %s' % (chain, store, purpose, date, rules, want, why, mine[purpose]))
    print('%d cells, %d disagree' % (cells, wrong))
    return wrong > 0


sys.exit(main())
