#!/usr/bin/env python3
"""Certificate revocation lists: what `mxscope verify --role client --crl FILE` predicts of the receivers that can
read them, against the real ones. Lists that are there or missing, have lapsed or are to come, name the leaf, the
intermediate or the root, come twice, or are signed by another key of that name, each in TLS 1.2 and 1.3; then those
that `whatif --export` writes with the chain of a scenario.

Without INTEROP_ALL=1 a sample is shown."""
import json, os, shutil, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import receivers
from host import BUILD, Net, need_root, write
from pki import Pki
from receive import MXSCOPE, NAME, OLD, Tally, predictions

# The lists of each file, in their order.
SITUATIONS = {
    'all-there': ['root-ok', 'int-ok'], 'leaf-revoked': ['root-ok', 'int-leaf'], 'leaf-revoked-first': ['int-leaf', 'root-ok'],
    'int-revoked': ['root-int', 'int-ok'], 'int-revoked-last': ['int-ok', 'root-int'], 'root-revoked': ['root-root', 'int-ok'],
    'no-int': ['root-ok'], 'no-root': ['int-ok'], 'no-root-leaf-revoked': ['int-leaf'],
    'lapsed': ['root-ok', 'int-old'], 'lapsed-first': ['int-old', 'root-ok'], 'lapsed-leaf-revoked': ['root-ok', 'int-old-leaf'],
    'root-lapsed': ['root-old', 'int-ok'], 'root-lapsed-int-revoked': ['root-old-int', 'int-ok'],
    'to-come': ['root-ok', 'int-next'], 'to-come-leaf-revoked': ['root-ok', 'int-next-leaf'],
    'twice': ['root-ok', 'int-ok', 'int-leaf'], 'twice-turned': ['root-ok', 'int-leaf', 'int-ok'], 'lapsed-and-revoked': ['root-ok', 'int-old', 'int-leaf'],
    'forged': ['root-ok', 'int-forged'], 'forged-leaf-revoked': ['root-ok', 'int-forged-leaf'], 'forged-first': ['int-forged-leaf', 'root-ok'],
}
SAMPLE = ['leaf-revoked', 'int-revoked', 'no-int', 'lapsed']
FUTURES = ['failure/leaf-revoked', 'failure/issuer-revoked', 'failure/crl-expired', 'failure/crl-absent']
CLIENTS = {'c': {}, 'c-server': dict(eku='server'), 'c-expired': OLD}


def build(pki):
    for name, cn, issuer in (('root', 'Interop Root', None), ('int', 'Interop Intermediate', 'root'), ('int-servers', 'Interop Intermediate of Servers', 'root'),
                             ('forger', 'Interop Intermediate', None)):
        pki.issue(name, cn, issuer, ca=True)
    pki.issue('receiver', 'mx.receiver.example', 'int-servers', eku='server', names=['mx.receiver.example'], rsa=True)
    pki.chain('receiver', 'receiver', 'int-servers')
    for name, more in CLIENTS.items():
        pki.issue(name, NAME, 'int', names=[NAME], **dict(dict(eku='both'), **more))
        pki.chain(name, name, 'int')
    later, leaf = dict(start='20380101000000Z'), list(CLIENTS)
    for name, issuer, revoked, when in (
            ('root-ok', 'root', [], {}), ('root-int', 'root', ['int'], {}), ('root-root', 'root', ['root'], {}), ('root-old', 'root', [], OLD),
            ('root-old-int', 'root', ['int'], OLD), ('int-ok', 'int', [], {}), ('int-leaf', 'int', leaf, {}), ('int-old', 'int', [], OLD),
            ('int-old-leaf', 'int', leaf, OLD), ('int-next', 'int', [], later), ('int-next-leaf', 'int', leaf, later),
            ('int-forged', 'forger', [], {}), ('int-forged-leaf', 'forger', leaf, {})):
        pki.crl(name, issuer, revoked, **when)


class Crls:
    """A receiver that trusts the root and has crls, a file."""
    crls = None

    def trust(self):
        super().trust()
        self.root.copy(self.crls, '/interop/crls.pem')


class Exim(Crls, receivers.EximReceiver):
    modes = {'exim/smtpd/verify+crl': 2613}
    words = {m: dict(message=True) for m in modes}
    more = 'tls_crl = /interop/crls.pem'


class Sendmail(Crls, receivers.SendmailReceiver):
    modes = {'sendmail/daemon/tls-clt-verify': 2633, 'sendmail/daemon/tls-clt-verify+crl': 2634}
    words = {m: dict(source=receivers.SENDER) for m in modes}

    def daemon(self, name, port, access):
        self.more = "define(`confCRL', `/interop/crls.pem')dnl\n" if port == 2634 else ''
        super().daemon(name, port, access)


class Dovecot(Crls, receivers.DovecotReceiver):
    modes = {'dovecot/submission/require+crl': 2681}
    words = {m: dict(auth='password') for m in modes}
    require_crl = 'yes'

    def trust(self):
        super().trust()
        self.root.put('/interop/clients.pem', open(self.trusted).read() + open(self.crls).read())


class SServer(receivers.SServerReceiver):
    strict = ['-Verify', '5', '-verify_return_error']
    options = {'require': strict, 'require+crl': strict + ['-crl_check'], 'require+crl-all': strict + ['-crl_check_all']}
    modes = {'openssl/server/' + m: 2641 + i for i, m in enumerate(options)}

    def start(self):
        roots, self.trusted = self.trusted, self.pki.at('s_server-trusts.pem')
        write(self.trusted, open(roots).read() + open(self.crls).read())
        super().start()


class Gnutls(Crls, receivers.GnutlsReceiver):
    options = {'require-verify+crl': ['--require-client-cert', '--verify-client-cert', '--x509crlfile', '/interop/crls.pem']}
    modes = {'gnutls/server/require-verify+crl': 2651}


class Stunnel(Crls, receivers.StunnelReceiver):
    options = {'verify-chain': 'verifyChain=yes', 'verify-chain+crl': 'verifyChain=yes\nCRLfile=/interop/crls.pem'}
    modes = {'stunnel/server/' + m: 2661 + i for i, m in enumerate(options)}


class Postfix(Crls, receivers.PostfixReceiver):
    """It reads no CRL, not even one that lies in its CA file."""
    modes = {m: p for m, p in receivers.PostfixReceiver.modes.items() if m.endswith(('/req', '/permit-all-clientcerts'))}

    def trust(self):
        super().trust()
        self.root.put('/interop/clients.pem', open(self.trusted).read() + open(self.crls).read())


ALL = [Exim, Sendmail, Dovecot, SServer, Gnutls, Postfix, Stunnel]


def show(pki, what, trusted, crls, clients, tally):
    """Clients, {name: (PEM, key, {TLS: predicted verdicts})}, to every receiver that holds these lists."""
    net, running = Net('mxcrl'), []
    try:
        for i, kind in enumerate(ALL):
            address = receivers.RELAY if kind is Sendmail else '127.0.0.%d' % (31 + i)
            kind.crls = crls
            running.append(kind(net, pki, 'mx.receiver.example', address, 'receiver', trusted, []))
        net.enter()
        running[-1].backend()
        for receiver in running:
            receiver.ready()
        for client, (pem, key, predicted) in clients.items():
            for tls in predicted:
                for receiver in running:
                    for mode in receiver.modes:
                        want = predicted[tls][mode]
                        tally.cell(mode, '%s %s' % (what, client), tls, want, receiver.probe(mode, pem, key, tls, want['log']))
    finally:
        for receiver in running:
            receiver.close()
        net.close()


def shown(pki, situation, tally):
    crls, clients = pki.at(situation + '.pem'), {}
    write(crls, ''.join(open(pki.at(n + '.crl')).read() for n in SITUATIONS[situation]))
    for name in CLIENTS if situation in ('leaf-revoked', 'no-int') else ['c']:
        pem = pki.at(name + '.pem')
        clients[name] = (pem, pki.at(name + '.key'), {tls: predictions(pki, pem, tls, [], '--crl', crls) for tls in ('1.2', '1.3')})
    show(pki, situation, pki.at('root.crt'), crls, clients, tally)


def future(pki, scenario, tally):
    """What whatif exports of a scenario, before and after."""
    folder, cells = pki.at('export'), {}
    shutil.rmtree(folder, ignore_errors=True)
    for tls in ('1.2', '1.3'):
        p = subprocess.run([MXSCOPE, 'whatif', '--json', '--role', 'client', '--chain', pki.at('c.pem'), '--trust-store', pki.at('root.crt'), '--tls-version', tls,
                            '--scenario', scenario] + (['--export', folder] if tls == '1.3' else []), capture_output=True, text=True)
        assert p.stdout, p.stderr
        for cell in json.loads(p.stdout)['scenarios'][0]['cells']:
            for when in ('before', 'after'):
                cells.setdefault(when, {}).setdefault(tls, {})[cell['verifier']] = cell[when]
    for when, predicted in cells.items():
        path = os.path.join(folder, scenario.replace('/', '-'), when)
        if os.path.exists(path + '/crls.pem'):  # without a file some programs do not start
            show(pki, scenario + ' ' + when, path + '/roots.pem', path + '/crls.pem', {'c': (path + '/chain.pem', path + '/key.pem', predicted)}, tally)


def main():
    need_root()
    everything = os.environ.get('INTEROP_ALL')
    pki, tally = Pki(os.path.join(BUILD, 'pki-crl')), Tally()
    build(pki)
    for situation in SITUATIONS if everything else SAMPLE:
        shown(pki, situation, tally)
    for scenario in FUTURES if everything else FUTURES[:1]:
        future(pki, scenario, tally)
    sys.exit(1 if tally.result([]) else 0)


main()
