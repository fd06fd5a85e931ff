#!/usr/bin/env python3
"""What `mxscope verify --role client` predicts of receivers against the real ones: Postfix, Exim, sendmail,
Dovecot, OpenSMTPD, openssl s_server, gnutls-serv, stunnel and Go, each shown client certificates of every kind in TLS 1.2
and 1.3, and each cell compared: action, stage, reply, alert, the server's own word, the text of its reply and the lines
of its log. Certificates that no list of situations names are in shapes.py; they are shown to one mode of each way of
judging.

Without INTEROP_ALL=1 a sample of the certificates is shown."""
import json, os, re, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import receivers, receivers_more, shapes
from host import BUILD, Net, need_root, run, write
from pki import Pki

MXSCOPE = os.path.abspath('mxscope')
NAME, OLD = 'mx.sender.example', dict(start='20240101000000Z', end='20240401000000Z')
# leaf EKU, intermediate EKU, then what is special
VARIANTS = {'c-%s-%s' % (leaf, inter): (leaf, inter, {}) for leaf in ('both', 'server', 'client', 'none', 'any') for inter in ('none', 'both', 'server')}
VARIANTS.update({
    'c-email-none': ('email', 'none', {}),
    'c-both-client': ('both', 'client', {}),
    'c-wrongname': ('both', 'both', dict(cn='other.example')),
    'c-expired': ('both', 'both', OLD),
    'c-expired-server': ('server', 'server', OLD),
    'c-missint': ('both', 'both', dict(served=False)),
    'c-missint-server': ('server', 'server', dict(served=False)),
    'c-untrusted': ('both', 'none', dict(issuer='int-untrusted')),
    'c-selfsigned': ('both', 'none', dict(issuer=None)),
    'c-selfsigned-server': ('server', 'none', dict(issuer=None)),
    'c-rsa': ('both', 'none', dict(rsa=True)),
    'c-unlisted': ('both', 'none', {}),
    'c-otherissuer': ('both', 'none', dict(issuer='int-other')),  # as after a rollover of the CA
    'c-nocert': None,
})
SAMPLE = ['c-both-none', 'c-server-none', 'c-both-server', 'c-any-both', 'c-expired', 'c-missint', 'c-untrusted', 'c-selfsigned-server', 'c-unlisted', 'c-otherissuer', 'c-nocert']

# Cells that differ, each with the reason. (profile, variant, or None for all): reason
DIFFER = {
    ('stunnel/server/verify-peer', 'c-missint-server'): 'stunnel logs "accepted" for the issuer that is missing, before it refuses the purpose',
    ('stunnel/server/verify-peer', 's-missint-expired'): 'the same, before it refuses the dates',
    ('stunnel/server/verify-peer', 's-expired-untrusted'): 'the same, before it refuses the dates',
    **{(mode, 's-' + shape): 'OpenSSL leaves the failed signature in its queue of errors, where it is taken for one of the connection'
       for mode in ('sendmail/daemon/tls-clt-verify', 'dovecot/submission/require') for shape in ('forged', 'int-forged', 'forged-expired', 'forged-server')
       if (mode, shape) != ('sendmail/daemon/tls-clt-verify', 'forged-server')},
    ('gnutls/server/require-verify', 's-cross-lapsed-first'): 'GnuTLS says nothing of the dates of a CA whose issuer it does not find',
    ('go-1.21/server/require-and-verify', 's-policy-required'): 'Go knows policies by now, and refuses for them',
    ('go-1.21/server/require-and-verify', 's-policy-any'): 'Go knows policies by now',
    ('go-1.21/server/require-and-verify', 's-key-id-critical'): 'Go does not parse such a certificate any more',
    **{(mode, 's-two-keys-no-id-other-first'): 'they take the first certificate of the name where no key identifier tells the keys apart; here that is taken which signed'
       for mode in shapes.MODES if not mode.startswith('go') and mode != 'gnutls/server/request'},
    **{(mode, 's-int-rsa-pss'): 'Go checks no signature of an RSASSA-PSS key' for mode in ('go/server/require-and-verify', 'go-1.21/server/require-and-verify')},
    **{(mode, 's-nc-directory'): 'Go calls the constraints an extension that it does not know' for mode in ('go/server/require-and-verify', 'go-1.21/server/require-and-verify')},
    **{(mode, 's-pss-sha1'): 'GnuTLS, with which signatures are checked here, knows no RSASSA-PSS with SHA-1' for mode in ('postfix/smtpd/ask', 'gnutls/server/require-verify')},
}


def build(pki):
    """{variant: (chain, key)} and what is on file."""
    for root, cn in (('root', 'Interop Root'), ('root-untrusted', 'Nobody\'s Root')):
        pki.issue(root, cn, ca=True)
    for eku in ('none', 'both', 'server', 'client'):
        pki.issue('int-' + eku, 'Interop Intermediate ' + eku, 'root', ca=True, eku=eku)
    pki.issue('int-other', 'Interop Next Intermediate', 'root', ca=True)
    pki.issue('int-untrusted', 'Nobody\'s Intermediate', 'root-untrusted', ca=True)
    pki.issue('receiver', 'mx.receiver.example', 'int-none', eku='server', names=['mx.receiver.example'], rsa=True)
    pki.chain('receiver', 'receiver', 'int-none')
    made = {}
    for name, v in VARIANTS.items():
        if not v:
            made[name] = (None, None)
            continue
        leaf, inter, more = v
        issuer = more.get('issuer', 'int-' + inter)
        cn = more.get('cn', NAME)
        pki.issue(name, cn, issuer, eku=leaf, names=[cn], rsa=more.get('rsa', False), **{k: more[k] for k in ('start', 'end') if k in more})
        pki.chain(name, name, *([issuer] if issuer and more.get('served', True) else []))
        made[name] = (pki.at(name + '.pem'), pki.at(name + '.key'))
    return made


def issued_by(chains):
    """Who signed them, as sendmail writes it in its access map."""
    names = {run('openssl', 'x509', '-in', pem, '-noout', '-issuer', '-nameopt', 'RFC2253').stdout.strip()[7:] for pem, _ in chains.values() if pem}
    return ['/' + name.replace(' ', '+20') for name in names]


def predictions(pki, pem, tls, listed, *more, trusted='root.crt'):
    words = ['--role', 'client', '--tls-version', tls, '--trust-store', pki.at(trusted), '--chain', pem or 'none', '--host', 'mx.receiver.example', '--json']
    for name, path in listed:
        words += ['--pin', path]
    p = subprocess.run([MXSCOPE, 'verify'] + words + list(more), capture_output=True, text=True)
    assert p.stdout, p.stderr
    return {v['verifier']: v for v in json.loads(p.stdout)['verdicts']}


def differs(want, got):
    """In words, or None. want: a verdict; an alert of null is a race, and cells without a word of the server have none."""
    keys = ['action', 'stage', 'reply'] + (['label'] if got['label'] else [])
    say = ['%s %s, predicted %s' % (k, got[k], want[k]) for k in keys if got[k] != want[k] and not (k == 'stage' and want['action'] == 'handshake-failure')]
    if got['action'] == want['action'] == 'handshake-failure' and got['alert'] is not None and want['alert'] not in (None, got['alert']):
        say.append('alert %s, predicted %s' % (got['alert'], want['alert']))
    said = spoken(want)
    if got['text'] and said and not receivers.like(said, got['text']):
        say.append('says %s, predicted %s' % (got['text'], said))
    if not got['logged']:
        say.append('logs %s, predicted %s' % (got['lines'], want['log']))
    return ', '.join(say) or None


def spoken(verdict):
    """The text of the reply, from the line that a Postfix which sends to it would write; None: nobody writes it."""
    lines = [l for t in verdict['then'] or [] if t['sender'] == 'postfix/smtp/may' for l in t['log']]
    found = re.search(r'(?:said|refused to talk to me): (.*?)(?: \(in reply to .* command\))?\)$', lines[-1]) if lines else None
    return found and found.group(1)


class Tally:
    def __init__(self):
        self.cells = self.agreed = self.bad = 0
        self.met = set()

    def cell(self, mode, name, tls, want, got):
        say, reason = differs(want, got), DIFFER.get((mode, name)) or DIFFER.get((mode, None))
        self.cells += 1
        self.agreed += say is None
        if say and reason:
            self.met.add((mode, name))
        elif say:
            self.bad += 1
            print('%s %s TLS %s: %s' % (mode, name, tls, say))

    def result(self, shown):
        stale = [k for k in DIFFER if k[1] in shown and k not in self.met]
        for key in stale:
            print('%s %s agrees now, yet is named in DIFFER' % key)
        print('%d cells, %d agree (%.2f %%), %d differ for a named reason' %
              (self.cells, self.agreed, 100 * self.agreed / self.cells, self.cells - self.agreed - self.bad))
        return self.bad + len(stale)


def show(receiver, chains, predicted, tally):
    """Every chain to every mode of one receiver."""
    for name, (pem, key) in chains.items():
        for tls in ('1.2', '1.3'):
            for mode in [m for m in receiver.modes if not name.startswith('s-') or m in shapes.MODES]:
                tally.cell(mode, name, tls, predicted[name, tls][mode], receiver.probe(mode, pem, key, tls, predicted[name, tls][mode]['log']))


def main():
    need_root()
    pki = Pki(os.path.join(BUILD, 'pki-receive'))
    every = bool(os.environ.get('INTEROP_ALL'))
    chains = build(pki)
    shaped, trusted = shapes.build(pki, shapes.SHAPES if every else shapes.SAMPLE)
    chains.update(shaped)
    write(pki.at('trusted.pem'), ''.join(open(pki.at(name + '.crt')).read() for name in ['root'] + trusted))
    listed = [(n, pki.at(n + '.crt')) for n in chains if n not in ('c-unlisted', 'c-otherissuer', 'c-nocert')]
    shown = chains if every else {n: chains[n] for n in [*SAMPLE, *shaped]}
    predicted = {(n, tls): predictions(pki, chains[n][0], tls, listed, trusted='trusted.pem') for n in shown for tls in ('1.2', '1.3')}
    receivers.SendmailReceiver.issuers = issued_by({n: chains[n] for n, _ in listed})
    net, running, tally, status = Net('mxreceive'), [], Tally(), 1
    try:
        for i, kind in enumerate(receivers_more.ALL):
            address = receivers.RELAY if kind is receivers.SendmailReceiver else '127.0.0.%d' % (31 + i)
            running.append(kind(net, pki, 'mx.receiver.example', address, 'receiver', pki.at('trusted.pem'), listed))
        net.enter()
        for receiver in running:
            receiver.backend()
        for receiver in running:
            receiver.ready()
            show(receiver, shown, predicted, tally)
        status = 1 if tally.result(shown) else 0
    finally:
        for receiver in running:
            receiver.close()
        net.close()
    sys.exit(status)


if __name__ == '__main__':
    main()
