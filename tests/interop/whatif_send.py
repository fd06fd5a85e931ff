#!/usr/bin/env python3
"""The future, met by real senders: scenarios over a server's certificate and its TLSA records are exported, a server
shows the simulated chains, NSD publishes their records in a signed zone, and a real Postfix and a real Exim deliver
there in each of their modes. What they do is compared with what whatif said they would, before and after."""
import json, os, shutil, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import need_root
from judge import predicted
from senders import Exim, Postfix
from situations import MXSCOPE, World
from zones import ZONE

SETS = {'none': [], '311': [(3, 1, 1, 'leaf')], '211': [(2, 1, 1, 'int')], '201': [(2, 0, 1, 'int')], 'both': [(3, 1, 1, 'leaf'), (2, 1, 1, 'int')]}
SCENARIOS = ['eku/any-ca', 'eku/intermediates-server-only', 'renewal/same-key', 'renewal/new-key', 'failure/missing-intermediate', 'failure/wrong-name',
             'failure/tlsa-removed', 'failure/tlsa-stale', 'failure/starttls-stripped', 'failure/misissued', 'failure/tlsa-bogus', 'reaction/self-signed',
             'renewal/to-rsa', 'renewal/unknown-key']
SAMPLE = ['eku/any-ca', 'renewal/new-key', 'failure/missing-intermediate', 'failure/starttls-stripped']
MODES = {'failure/starttls-stripped': 'none'}  # what the server of the future does about STARTTLS


class Future:
    """One side of one scenario: where it was exported, and what is said of it."""

    def __init__(self, folder, asked, host, side, cells):
        """asked: the host that whatif was asked about, which stands in the lines of log."""
        self.folder, self.asked, self.host, self.cells = folder, asked, host, {c['verifier']: c[side] for c in cells}

    def reached(self, address):
        """The lines of log name the host that whatif was asked about."""
        for verdict in self.cells.values():
            verdict['log'] = [line.replace(self.asked, self.host) for line in verdict['log']]

    def at(self, name):
        return os.path.join(self.folder, name)

    def records(self):
        if not os.path.exists(self.at('tlsa.txt')):
            return []
        return [line.split('TLSA ')[1].strip() for line in open(self.at('tlsa.txt'))]


class Futures(World):
    """Every scenario over every set of records is two domains or more: as it is, and as it will be."""
    def name_of(self, case):
        return case + '.' + ZONE

    def build(self):
        shutil.rmtree(self.pki.at('export'), ignore_errors=True)
        os.makedirs(self.pki.at('export'))
        self.futures, self.modes, self.tamper = {}, {}, []
        everything = os.environ.get('INTEROP_ALL')
        for scenario in SCENARIOS if everything else SAMPLE:
            for records in SETS if everything else ('none', '311', '211'):
                self.imagine(scenario, records)
        self.cases = list(self.futures)
        return self.publish()

    def imagine(self, scenario, records):
        slug = '%s-%s' % (scenario.replace('/', '-'), records)
        hosts = ['mx.%s-%s.%s' % (slug, side, ZONE) for side in ('b', 'a1', 'a2', 'a3', 'a4')]
        # roots of names of their own: GnuTLS looks at one of several anchors with the same name
        self.pki.issue('root-' + slug, 'Root of ' + slug, ca=True)
        self.pki.issue('int-' + slug, 'Intermediate of ' + slug, 'root-' + slug, ca=True)
        self.pki.issue(slug, hosts[0], 'int-' + slug, eku='both', names=hosts)
        tlsa = [self.pki.tlsa(*r[:3], {'leaf': '', 'int': 'int-'}[r[3]] + slug) for r in SETS[records]]
        folder = self.pki.at('export/' + slug)
        p = subprocess.run([MXSCOPE, 'whatif', '--json', '--chain', self.pki.chain(slug, slug, 'int-' + slug), '--host', hosts[0], '--domain', self.name_of(slug + '-b'),
                            '--trust-store', self.pki.at('root-%s.crt' % slug), '--scenario', scenario, '--export', folder, '--tlsa-security', 'secure' if tlsa else 'absent'] +
                           [w for t in tlsa for w in ('--tlsa', t)], capture_output=True, text=True)
        assert p.stdout, p.stderr
        branches = [s for s in json.loads(p.stdout)['scenarios'] if s['applies'] is True]
        top = os.path.join(folder, scenario.replace('/', '-'))
        for i, s in enumerate(branches[:4]):
            after = os.path.join(top, 'after')
            self.futures['%s-a%d' % (slug, i + 1)] = Future(after if len(branches) == 1 else '%s-%d' % (after, i + 1), hosts[0], hosts[i + 1], 'after', s['cells'])
            self.modes['%s-a%d' % (slug, i + 1)] = MODES.get(scenario, 'starttls')
            self.futures[slug + '-b'] = Future(os.path.join(top, 'before'), hosts[0], hosts[0], 'before', s['cells'])
        if branches and scenario == 'failure/tlsa-bogus':
            self.tamper.append(slug + '-a1')

    def publish(self):
        lines, tampered, sink, roots = [], [], [], {}
        for i, (case, f) in enumerate(self.futures.items()):
            address = '127.1.0.%d' % (i + 1)
            f.reached(address)
            lines += ['%s. MX 10 %s.' % (self.name_of(case), f.host), '%s. A %s' % (f.host, address)]
            records = f.records()
            if case in self.tamper:
                tampered.append(('%064x' % i, 'ff%062x' % i))
                records = ['3 1 1 %064x' % i]
            lines += ['_25._tcp.%s. TLSA %s' % (f.host, r) for r in records]
            sink.append('%s %s %s %s' % (address, f.at('chain.pem'), f.at('key.pem'), self.modes.get(case, 'starttls')))
            if case.endswith('-b'):
                roots[open(f.at('roots.pem')).read()] = True
        with open(self.trusted(), 'w') as out:
            out.write(''.join(roots))
        return lines, [], tampered, sink

    def trusted(self):
        return self.pki.at('trusted.pem')

    def pin(self, case):
        """Whoever pins has the old key on file."""
        return self.key_of(case.rsplit('-', 1)[0] + '-b')

    def key_of(self, case):
        import hashlib
        pem = subprocess.run(['openssl', 'x509', '-in', self.futures[case].at('chain.pem'), '-noout', '-pubkey'], capture_output=True, check=True).stdout
        return hashlib.sha256(subprocess.run(['openssl', 'pkey', '-pubin', '-outform', 'DER'], input=pem, capture_output=True, check=True).stdout).hexdigest()


def compare(world, sender, deliveries):
    cells = bad = 0
    for (case, mode), seen in deliveries.items():
        verdict = world.futures[case].cells.get(sender.product + mode)
        if not verdict:
            continue
        wrong = predicted(verdict, seen)
        cells += 1
        bad += bool(wrong)
        if wrong:
            print('%s, %s: %s' % (case, sender.product + mode, '; '.join(wrong)))
    print('%s: %d cells, %d agree' % (type(sender).__name__, cells, cells - bad))
    return bad + (cells == 0)


def main():
    need_root()
    bad = 0
    with Futures('whatif-send') as world:
        senders = [kind(world) for kind in (Postfix, Exim)]
        world.enter()
        for sender in senders:
            bad += compare(world, sender, sender.deliver())
            sender.stop()
    sys.exit(1 if bad else 0)


main()
