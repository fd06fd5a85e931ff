#!/usr/bin/env python3
"""The future, loaded into real receivers: every scenario that applies to a client certificate is exported
(whatif --export), the simulated chain is shown to Postfix, Exim, sendmail, Dovecot, openssl s_server, gnutls-serv and
stunnel, which trust the simulated root and have the old certificate on file, and what they do is compared with what
whatif said they would, before and after, in TLS 1.2 and 1.3."""
import json, os, shutil, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import receivers, receivers_more
from host import BUILD, Net, need_root, write
from pki import Pki
from receive import MXSCOPE, NAME, Tally

SAMPLE = ['eku/any-ca', 'eku/intermediates-server-only', 'renewal/same-key', 'reaction/private-ca', 'reaction/client-certificate-dropped']


def base(pki):
    """A certificate as it was until 2026: for servers and for clients, below one intermediate."""
    pki.issue('root', 'Interop Root', ca=True)
    pki.issue('int', 'Interop Intermediate', 'root', ca=True)
    pki.issue('receiver', 'mx.receiver.example', 'int', eku='server', names=['mx.receiver.example'], rsa=True)
    pki.chain('receiver', 'receiver', 'int')
    pki.issue('base', NAME, 'int', eku='both', names=[NAME])
    return pki.chain('base', 'base', 'int')


def whatif(pki, chain, tls, *words):
    globs = ['*'] if os.environ.get('INTEROP_ALL') else SAMPLE
    p = subprocess.run([MXSCOPE, 'whatif', '--json', '--role', 'client', '--chain', chain, '--trust-store', pki.at('root.crt'), '--tls-version', tls] +
                       [w for g in globs for w in ('--scenario', g)] + list(words), capture_output=True, text=True)
    assert p.stdout, p.stderr
    return [s for s in json.loads(p.stdout)['scenarios'] if s['applies'] is True]


def first(pem, out):
    """The leaf of a chain, in a file of its own."""
    text = open(pem).read()
    write(out, text[:text.index('-----END') + 26])
    return out


def exported(folder, scenarios):
    """{(scenario, 'before' or 'after'[, branch]): folder}, in the order of the scenarios."""
    out, seen = {}, {}
    for s in scenarios:
        top, n = os.path.join(folder, s['id'].replace('/', '-')), seen.get(s['id'], 0) + 1
        seen[s['id']] = n
        out[s['id'], 'before'] = os.path.join(top, 'before')
        after = os.path.join(top, 'after')
        out[s['id'], s['branch'] or 'after'] = after if os.path.isdir(after) else '%s-%d' % (after, n)
    return out


def cells(scenarios, tls):
    out = {}
    for s in scenarios:
        for cell in s['cells']:
            out[s['id'], 'before', tls, cell['verifier']] = cell['before']
            out[s['id'], s['branch'] or 'after', tls, cell['verifier']] = cell['after']
    return out


# These change the receiver, not what it is shown: what it trusts, whether it asks.
THEIRS = ('trust/', 'reaction/private-ca-installed', 'reaction/receiver-')


def now(scenarios):
    """The servers have today's date, so scenarios of another day are left out."""
    dates = {s['judged_at'][:10] for s in scenarios if s['id'] in ('renewal/same-key', 'eku/any-ca')}
    return [s for s in scenarios if not s['id'].startswith(THEIRS) and s['judged_at'][:10] in dates]


def main():
    need_root()
    pki = Pki(os.path.join(BUILD, 'pki-whatif-receive'))
    chain, folder = base(pki), pki.at('export')
    shutil.rmtree(folder, ignore_errors=True)
    scenarios = now(whatif(pki, chain, '1.3', '--export', folder))
    predicted = {**cells(scenarios, '1.3'), **cells(now(whatif(pki, chain, '1.2')), '1.2')}
    futures = exported(folder, scenarios)
    roots, listed = {}, {}
    for (scenario, when), path in futures.items():
        if os.path.exists(path + '/roots.pem'):
            roots[open(path + '/roots.pem').read()] = True
        if when == 'before':
            leaf = first(path + '/chain.pem', path + '/leaf.pem')
            listed[open(leaf).read()] = leaf
    write(pki.at('trusted.pem'), ''.join(roots))
    receivers.SendmailReceiver.issuers = ['/CN=Interop+20Intermediate']
    net, running, tally, status = Net('mxwhatif'), [], Tally(), 1
    try:
        for i, kind in enumerate(receivers_more.ALL):
            address = receivers.RELAY if kind is receivers.SendmailReceiver else '127.0.0.%d' % (31 + i)
            running.append(kind(net, pki, 'mx.receiver.example', address, 'receiver', pki.at('trusted.pem'), [('old', leaf) for leaf in listed.values()]))
        net.enter()
        for receiver in running:
            receiver.backend()
        for receiver in running:
            receiver.ready()
            for (scenario, when), path in futures.items():
                pem = path + '/chain.pem' if os.path.exists(path + '/chain.pem') else None
                for tls in ('1.2', '1.3'):
                    for mode in receiver.modes:
                        want = predicted.get((scenario, when, tls, mode))
                        if want:
                            tally.cell(mode, '%s %s' % (scenario, when), tls, want, receiver.probe(mode, pem, pem and path + '/key.pem', tls, want['log']))
        print('%d scenarios, %d futures' % (len({s for s, _ in futures}), len(futures)))
        status = 1 if tally.result([]) else 0
    finally:
        for receiver in running:
            receiver.close()
        net.close()
    sys.exit(status)


main()
