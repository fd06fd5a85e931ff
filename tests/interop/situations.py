"""The situations in which senders and tools are asked: what each host's zone promises and what its server
shows, on a real NSD and unbound, in a namespace; and what mxscope says of each."""
import json, os, subprocess, sys
from host import BUILD, Net, wait_port
from pki import Pki
from zones import ZONE, Zones

MXSCOPE = os.path.abspath('mxscope')
HERE = os.path.dirname(os.path.abspath(__file__))
STALE, STALE_TA = '3 1 1 ' + '00' * 31 + 'ff', '2 1 1 ' + '00' * 31 + 'fe'

# name: what the zone promises and what the server shows. tlsa: records, (usage, selector, matching type[, of])
# where of is this leaf unless said; leaf: arguments of Pki.issue; served: what follows the leaf.
CASES = {
    'no-tlsa': {},
    'no-tlsa-selfsigned': dict(issuer=None, served=[]),
    'no-tlsa-expired': dict(leaf=dict(end='20240401000000Z')),
    'no-tlsa-wrongname': dict(cn='other.example'),
    'no-tlsa-missing-int': dict(served=[]),
    't311': dict(tlsa=[(3, 1, 1)]),
    't312': dict(tlsa=[(3, 1, 2)]),
    't301': dict(tlsa=[(3, 0, 1)]),
    't300': dict(tlsa=[(3, 0, 0)]),
    't310': dict(tlsa=[(3, 1, 0)]),
    't311-stale': dict(tlsa=[STALE]),
    't311-stale-and-good': dict(tlsa=[STALE, (3, 1, 1)]),
    't311-expired': dict(tlsa=[(3, 1, 1)], leaf=dict(end='20240401000000Z')),
    't311-wrongname': dict(tlsa=[(3, 1, 1)], cn='other.example'),
    't311-selfsigned': dict(tlsa=[(3, 1, 1)], issuer=None, served=[]),
    't311-client-eku': dict(tlsa=[(3, 1, 1)], leaf=dict(eku='client')),
    't211': dict(tlsa=[(2, 1, 1, 'int')]),
    't201': dict(tlsa=[(2, 0, 1, 'int')]),
    't211-stale': dict(tlsa=[STALE_TA]),
    't211-wrongname': dict(tlsa=[(2, 1, 1, 'int')], cn='other.example'),
    't211-expired': dict(tlsa=[(2, 1, 1, 'int')], leaf=dict(end='20240401000000Z')),
    't211-domain-name': dict(tlsa=[(2, 1, 1, 'int')], cn='t211-domain-name.' + ZONE),
    't211-client-eku': dict(tlsa=[(2, 1, 1, 'int')], leaf=dict(eku='client')),
    't211-root-not-sent': dict(tlsa=[(2, 1, 1, 'root')]),
    't211-root-sent': dict(tlsa=[(2, 1, 1, 'root')], served=['int', 'root']),
    't200-root-not-sent': dict(tlsa=[(2, 0, 0, 'root')]),
    't211-missing-int': dict(tlsa=[(2, 1, 1, 'int')], served=[]),
    't211-stale-and-311': dict(tlsa=[STALE_TA, (3, 1, 1)]),
    'agility': dict(tlsa=[(3, 1, 1), '3 1 2 ' + 'ab' * 64]),
    'unusable-111': dict(tlsa=[(1, 1, 1)]),
    'unusable-usage9': dict(tlsa=['9 1 1 ' + '5a' * 32]),
    'unusable-mtype9': dict(tlsa=['3 1 9 ' + '5a' * 32]),
    'unusable-length': dict(tlsa=['3 1 1 ' + '5a' * 31]),
    'unusable-and-311': dict(tlsa=['3 1 1 ' + '5a' * 31, (3, 1, 1)]),
    'no-starttls': dict(mode='none'),
    'no-starttls-311': dict(mode='none', tlsa=[(3, 1, 1)]),
    'bogus-tlsa': dict(tlsa=['3 1 1 ' + 'cd' * 32], tamper=True),
    'servfail-tlsa': dict(lame=True),
    'insecure-311': dict(tlsa=[(3, 1, 1)], insecure=True),
    'insecure-no-tlsa': dict(insecure=True),
}


# `make check-interop` asks these too.
MORE = {
    # names: a wildcard's label is a whole one (RFC 6125 6.4.3), a common name counts where there is no DNS name
    'wildcard': dict(cn='*.{name}'),
    'wildcard-211': dict(cn='*.{name}', tlsa=[(2, 1, 1, 'int')]),
    'wildcard-part': dict(cn='m*.{name}'),
    'wildcard-part-211': dict(cn='m*.{name}', tlsa=[(2, 1, 1, 'int')]),
    'wildcard-above': dict(cn='*.interop.example'),
    'wildcard-above-211': dict(cn='*.interop.example', tlsa=[(2, 1, 1, 'int')]),
    'cn-only': dict(names=[]),
    'cn-only-211': dict(names=[], tlsa=[(2, 1, 1, 'int')]),
    'cn-beside-other': dict(names=['other.example']),
    'cn-beside-other-211': dict(names=['other.example'], tlsa=[(2, 1, 1, 'int')]),
    'two-names': dict(cn='other.example', names=['other.example', '{host}']),
    'capitals': dict(cn='MX.{name}'),
    'domain-name': dict(cn='{name}'),
    # purposes and dates, of the leaf and above it
    'eku-any': dict(leaf=dict(eku='any')),
    'eku-any-211': dict(leaf=dict(eku='any'), tlsa=[(2, 1, 1, 'int')]),
    'eku-none': dict(leaf=dict(eku='none')),
    'eku-none-211': dict(leaf=dict(eku='none'), tlsa=[(2, 1, 1, 'int')]),
    'eku-client': dict(leaf=dict(eku='client')),
    'eku-email-211': dict(leaf=dict(eku='email'), tlsa=[(2, 1, 1, 'int')]),
    'int-client': dict(issuer='ca-client'),
    'int-client-211': dict(issuer='ca-client', tlsa=[(2, 1, 1, 'ca-client')]),
    'int-client-311': dict(issuer='ca-client', tlsa=[(3, 1, 1)]),
    'int-server-211': dict(issuer='ca-server', tlsa=[(2, 1, 1, 'ca-server')]),
    'int-expired': dict(issuer='ca-expired'),
    'int-expired-211': dict(issuer='ca-expired', tlsa=[(2, 1, 1, 'ca-expired')]),
    'int-expired-root-211': dict(issuer='ca-expired', served=['ca-expired', 'root'], tlsa=[(2, 1, 1, 'root')]),
    'int-expired-311': dict(issuer='ca-expired', tlsa=[(3, 1, 1)]),
    'notyet': dict(leaf=dict(start='20390101000000Z')),
    'notyet-211': dict(leaf=dict(start='20390101000000Z'), tlsa=[(2, 1, 1, 'int')]),
    'notyet-311': dict(leaf=dict(start='20390101000000Z'), tlsa=[(3, 1, 1)]),
    'rsa': dict(leaf=dict(rsa=True)),
    # chains
    'wrong-order': dict(issuer='ca-second', served=['int', 'ca-second']),
    'wrong-order-211': dict(issuer='ca-second', served=['int', 'ca-second'], tlsa=[(2, 1, 1, 'int')]),
    'stranger-served': dict(served=['ca-client', 'int']),
    'stranger-211': dict(served=['ca-client', 'int'], tlsa=[(2, 1, 1, 'ca-client')]),
    'second-211': dict(issuer='ca-second', served=['ca-second', 'int'], tlsa=[(2, 1, 1, 'int')]),
    'second-missing-211': dict(issuer='ca-second', served=['ca-second'], tlsa=[(2, 1, 1, 'int')]),
    'second-missing': dict(issuer='ca-second', served=['ca-second']),
    'unknown-root-211': dict(issuer='ca-unknown', served=['ca-unknown'], tlsa=[(2, 1, 1, 'ca-unknown')]),
    'unknown-root': dict(issuer='ca-unknown', served=['ca-unknown', 'ca-unknown-root']),
    'unknown-root-sent-211': dict(issuer='ca-unknown', served=['ca-unknown', 'ca-unknown-root'], tlsa=[(2, 1, 1, 'ca-unknown-root')]),
    # records
    't212': dict(tlsa=[(2, 1, 2, 'int')]),
    't200': dict(tlsa=[(2, 0, 0, 'int')]),
    't210': dict(tlsa=[(2, 1, 0, 'int')]),
    't210-root-not-sent': dict(tlsa=[(2, 1, 0, 'root')]),
    't200-missing-int': dict(tlsa=[(2, 0, 0, 'int')], served=[]),
    't311-and-211': dict(tlsa=[(3, 1, 1), (2, 1, 1, 'int')]),
    't311-stale-and-211': dict(tlsa=[STALE, (2, 1, 1, 'int')]),
    't211-of-leaf': dict(tlsa=[(2, 1, 1)]),
    't311-of-int': dict(tlsa=[(3, 1, 1, 'int')]),
    't001-root': dict(tlsa=[(0, 0, 1, 'root')]),
    't111-stale': dict(tlsa=['1 1 1 ' + '5a' * 32]),
    't111-stale-and-311': dict(tlsa=['1 1 1 ' + '5a' * 32, (3, 1, 1)]),
    'agility-301': dict(tlsa=[(3, 0, 1), '3 1 2 ' + 'ab' * 64]),
    'agility-good': dict(tlsa=['3 1 1 ' + 'ab' * 32, (3, 1, 2)]),
    'unusable-badder': dict(tlsa=['3 0 0 ' + '5a' * 40]),
    'unusable-selector9': dict(tlsa=['3 9 1 ' + '5a' * 32]),
    'unusable-selfsigned': dict(tlsa=['3 1 9 ' + '5a' * 32], issuer=None, served=[]),
    # where the names are
    'mx-insecure-311': dict(domain_insecure=True, tlsa=[(3, 1, 1)]),
    'mx-insecure-stale': dict(domain_insecure=True, tlsa=[STALE]),
    'mx-insecure-no-tlsa': dict(domain_insecure=True),
    'host-insecure-311': dict(host_insecure=True, tlsa=[(3, 1, 1)]),
    # an alias as mail host: the records are at its target, else at its own name (RFC 7672 2.2.2, 2.2.3)
    'alias-no-tlsa': dict(alias=''),
    'alias-no-tlsa-own-name': dict(alias='', cn='{host}'),
    'alias-target-311': dict(alias='target', tlsa=[(3, 1, 1)]),
    'alias-target-stale': dict(alias='target', tlsa=[STALE]),
    'alias-own-311': dict(alias='own', tlsa=[(3, 1, 1)]),
    'alias-own-stale': dict(alias='own', tlsa=[STALE]),
    'alias-target-211': dict(alias='target', tlsa=[(2, 1, 1, 'int')]),
    'alias-target-211-own-name': dict(alias='target', tlsa=[(2, 1, 1, 'int')], cn='{host}'),
    'alias-own-211': dict(alias='own', tlsa=[(2, 1, 1, 'int')]),
    'alias-own-211-own-name': dict(alias='own', tlsa=[(2, 1, 1, 'int')], cn='{host}'),
    'alias-of-insecure-311': dict(alias='own', target_insecure=True, tlsa=[(3, 1, 1)], cn='{host}'),
    'alias-of-insecure-target-311': dict(alias='target', target_insecure=True, tlsa=[(3, 1, 1)], cn='{host}'),
    # versions
    'tls12': dict(mode='starttls12'),
    'tls12-311': dict(mode='starttls12', tlsa=[(3, 1, 1)]),
}
if os.environ.get('INTEROP_ONLY'):
    CASES = {k: v for k, v in MORE.items() if k.startswith(os.environ['INTEROP_ONLY'])}
elif os.environ.get('INTEROP_ALL'):
    CASES.update(MORE)


def authorities(pki):
    for name, issuer, more in (('root', None, {}), ('int', 'root', {}), ('ca-second', 'int', {}), ('ca-client', 'root', dict(eku='client')),
                               ('ca-server', 'root', dict(eku='server')), ('ca-expired', 'root', dict(end='20240401000000Z')),
                               ('ca-unknown-root', None, {}), ('ca-unknown', 'ca-unknown-root', {})):
        pki.issue(name, 'Interop ' + {'root': 'Root', 'int': 'Intermediate'}.get(name, name), issuer, ca=True, **more)


def build(pki, world):
    """Certificates, zone lines and the sink's list."""
    signed, insecure, tampered, sink = [], [], [], []

    def line(owner, rest):
        (insecure if owner.endswith('insecure.' + ZONE) else signed).append('%s. %s' % (owner, rest))
    authorities(pki)
    for i, (case, c) in enumerate(world.cases.items()):
        host, target, address = world.host_of(case), world.target_of(case), '127.1.0.%d' % (i + 1)
        words = dict(host=host, name=world.name_of(case))
        cn = c.get('cn', target).format(**words)
        issuer = c.get('issuer', 'int')
        leaf = dict(eku='server')
        leaf.update(c.get('leaf', {}))
        pki.issue(case, cn, issuer, names=[n.format(**words) for n in c.get('names', [cn])], **leaf)
        pki.chain(case, case, *c.get('served', [issuer]))
        line(world.name_of(case), 'MX 10 %s.' % host)
        if target != host:
            line(host, 'CNAME %s.' % target)
        line(target, 'A ' + address)
        owner = target if c.get('alias') == 'target' else host
        for r in c.get('tlsa', []):
            text = r if isinstance(r, str) else pki.tlsa(*r[:3], r[3] if len(r) > 3 else case)
            for port in (25, 465):
                line('_%d._tcp.%s' % (port, owner), 'TLSA ' + text)
        if c.get('lame'):
            line('_tcp.' + host, 'NS ns.lame.%s.' % ZONE)
            line('ns.lame.' + ZONE, 'A 127.9.9.9')
        if c.get('tamper'):
            tampered.append(('cd' * 32, pki.tlsa(3, 1, 1, case).split()[-1]))
        sink.append('%s %s %s %s' % (address, pki.at(case + '.pem'), pki.at(case + '.key'), c.get('mode', 'starttls')))
    return signed, insecure, tampered, sink


def verdicts(reports):
    """{(case, verifier): verdict}"""
    return {(case, v['verifier']): v for case, r in reports.items() for v in (r['hosts'][0]['sessions'][0]['verdicts'] if r['hosts'] and r['hosts'][0]['sessions'] else [])}


class World:
    """All situations at once: `with World(name) as w`. Roots given to own() are unmounted at the end."""

    def __init__(self, name, cases=CASES):
        self.cases, self.pki = cases, Pki(os.path.join(BUILD, 'pki-' + name))
        self.signed, self.insecure, self.tampered, self.sink = self.build()
        self.net, self.owned = Net('mx' + name), []

    def build(self):
        return build(self.pki, self)

    def trusted(self):
        """The roots that senders trust."""
        return self.pki.at('root.crt')

    def pin(self, case):
        """SHA-256 of the key that a sender has on file for this case."""
        return self.pki.tlsa(3, 1, 1, case).split()[-1]

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        for i in range(len(self.cases)):
            self.net.run(None, 'ip', 'address', 'add', '127.1.0.%d/8' % (i + 1), 'dev', 'lo')
        self.zones = Zones(self.net, self.signed, self.insecure, self.tampered)
        with open(self.pki.at('sink.list'), 'w') as f:
            f.write('\n'.join(self.sink) + '\n')
        open(self.taken_file(), 'w').close()
        self.net.spawn(None, sys.executable, os.path.join(HERE, 'sink.py'), self.pki.at('sink.list'), self.trusted(), log=self.taken_file())

    def name_of(self, case):
        c = self.cases[case]
        return case + ('.insecure.' if c.get('insecure') or c.get('domain_insecure') else '.') + ZONE

    def host_of(self, case):
        c = self.cases[case]
        return 'mx.' + case + ('.insecure.' if c.get('insecure') or c.get('host_insecure') else '.') + ZONE

    def target_of(self, case):
        """The name that has the address."""
        c = self.cases[case]
        return self.host_of(case) if 'alias' not in c else 'target.' + case + ('.insecure.' if c.get('target_insecure') else '.') + ZONE

    def taken_file(self):
        return self.pki.at('sink.log')

    def enter(self):
        """After all that is spawned in the namespace has been: this process moves there too."""
        self.net.enter()
        self.zones.wait()
        assert wait_port('127.1.0.%d' % len(self.cases), 25), 'the sink does not listen'

    def own(self, root):
        self.owned.append(root)
        return root

    def taken(self):
        """{recipient: TLS version, or "clear"} of what the sink took."""
        lines = [l.split() for l in open(self.taken_file(), errors='replace')]
        return {l[1]: l[2] for l in lines if len(l) == 3 and l[0] == 'taken'}

    def check(self, *globs):
        """{case: report} of mxscope, which meets the same servers, with the verdicts of these verifiers."""
        asked = [w for g in globs for w in ('--verifier', g)]
        p = subprocess.run([MXSCOPE, 'check', '--json', '--from', '-', '--jobs', '8', '--offer', 'any', '--resolver', '127.0.0.1',
                            '--trust-anchor', self.zones.anchor, '--trust-store', self.trusted(), '--timeout', '8'] + asked,
                           input='\n'.join(map(self.name_of, self.cases)), capture_output=True, text=True, timeout=300)
        out = {r['target'].split('.')[0]: r for r in map(json.loads, p.stdout.splitlines())}
        if len(out) < len(self.cases):
            print(p.stderr[-2000:])
        return out

    def __exit__(self, *_):
        self.net.close()
        for root in self.owned + ([self.zones] if hasattr(self, 'zones') else []):
            root.umount() if hasattr(root, 'umount') else root.close()
