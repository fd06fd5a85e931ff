#!/usr/bin/env python3
"""mxscope's DNSSEC verdicts against delv, drill -S and a real validating unbound, on zones that a real NSD serves:
good, broken and forged (zoo.py). What the RFCs say stands in the row; where one of the four says otherwise, KNOWN
has the reason. drill chases signatures: what it cannot chase and what it finds broken look alike."""
import collections, json, os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import zoo
from host import BUILD, Net, need_root
from zones import Dns

MXSCOPE = os.path.abspath('mxscope')

# zone: the names in it (@ its apex), each with what RFC 4033 5 calls its answer: secure, insecure, bogus; error: none.
# A name is asked for MX, _25._tcp.NAME for TLSA.
SECURE = {'@': 'secure', 'none': 'secure', 'nx': 'secure', 'ent': 'secure', 'x.wild': 'secure', 'real.wild': 'secure', 'x.wildtext': 'secure',
          '_25._tcp.mx': 'secure', '_25._tcp.none': 'secure'}
ALL = {s: {name: s for name in SECURE} for s in ('secure', 'insecure', 'bogus', 'error')}
ROWS = {
    '': {'@': 'secure', 'nx': 'secure', 'x.wild': 'secure'},
    'rsasha1': SECURE, 'rsasha256': SECURE, 'rsasha512': SECURE, 'ecdsap256sha256': SECURE, 'ecdsap384sha384': SECURE, 'ed25519': SECURE, 'ed448': SECURE,
    'good': dict(SECURE, **{'alias': 'secure', 'to-insecure': 'insecure', 'to-bogus': 'bogus', 'loop': 'error', 'x.wild.dn': 'secure', 'none.dn': 'secure',
                            'x.wild.dn-insecure': 'insecure', 'none.dn-bogus': 'secure'}),
    'nsec3': SECURE, 'rsasha1nsec3': SECURE,
    # RFC 9276 3.2: what was proved with too many iterations is insecure
    'iterations': dict(ALL['insecure'], **{'@': 'secure', 'real.wild': 'secure', '_25._tcp.mx': 'secure'}),
    # RFC 5155 9.2: what only an opt-out span denies is insecure
    'optout': dict(SECURE, **{'nx': 'insecure', 'x.wild': 'insecure', 'x.wildtext': 'insecure', '_25._tcp.none': 'insecure'}),
    'sub.optout': ALL['insecure'], 'insecure': ALL['insecure'],
    'nosig': ALL['bogus'], 'badds': ALL['bogus'],
    'badds-sha1': ALL['bogus'],  # RFC 4509 3: a SHA-256 record shuts out SHA-1
    'ds-sha1': SECURE, 'unknown-alg': ALL['insecure'], 'unknown-digest': ALL['insecure'], 'one-unknown-alg': SECURE,
    'ds-removed': ALL['bogus'], 'ds-bad-signature': ALL['bogus'], 'ds-expired': ALL['bogus'], 'no-proof': ALL['bogus'],
    'expired': ALL['bogus'], 'future': ALL['bogus'],
    'badsig': dict(SECURE, **{'@': 'bogus'}), 'unsigned-mx': dict(SECURE, **{'@': 'bogus'}), 'tampered': dict(SECURE, **{'@': 'bogus'}),
    'partly-expired': dict(SECURE, **{'@': 'bogus', '_25._tcp.mx': 'bogus'}),
    'two-signatures': SECURE, 'other-key': dict(SECURE, **{'@': 'bogus'}),
    'dnskey-expired': ALL['bogus'], 'dnskey-unsigned': ALL['bogus'], 'dnskey-added': ALL['bogus'],
    'foreign': dict(SECURE, **{'@': 'bogus'}), 'replayed': dict(SECURE, **{'real.wild': 'bogus'}),
    'no-denial': dict(ALL['bogus'], **{'@': 'secure', 'real.wild': 'secure', '_25._tcp.mx': 'secure'}),
    # what the missing NSEC proved besides is gone too
    'mx-hidden': dict(SECURE, **{'@': 'bogus'}), 'name-hidden': dict(SECURE, **{'none': 'bogus', 'nx': 'bogus', '_25._tcp.none': 'bogus'}),
    'wild-hidden': dict(SECURE, **{'real.wild': 'bogus', 'x.wild': 'bogus'}),
    'lame': {'@': 'error'}, 'lame-signed': {'@': 'error'},
}

# a DS of which nothing is understood here is a state of its own for mxscope, though insecure for a sender
UNSUPPORTED = ('unknown-alg', 'unknown-digest', 'ed448')

OPT_OUT = 'RFC 5155 9.2: no AD where an opt-out span is the proof; BIND calls it validated'
DIGEST = 'RFC 4509 3: SHA-1 should not count beside SHA-256; unbound ignores it only with harden-algo-downgrade, which goes against RFC 6840 5.11'
UNCHASED = 'RFC 4035 5.2: that a zone is insecure can be proved; drill has no signature to chase and says that it failed'
ALIASES = 'RFC 6672 5.3.1: the CNAME made of a DNAME is not signed; drill looks for its signature'
ENT = 'RFC 4592 2.2.2: an empty non-terminal exists, so no wildcard has to be denied; drill asks for that proof'
DIGEST_DRILL = 'RFC 4509 3: SHA-1 should not count beside SHA-256; drill takes any DS that fits'
DNSKEYS = 'RFC 4035 5.2: a good signature by the key of the DS has to cover the DNSKEY set; drill takes its keys without'
WILDCARD = 'RFC 4035 5.3.4: what a wildcard gave needs a proof that no closer name exists; drill asks for none'
# (judge, zone, name or *): (what it says, why)
KNOWN = {
    ('delv', 'optout', 'nx'): ('secure', OPT_OUT), ('delv', 'optout', 'x.wildtext'): ('secure', OPT_OUT), ('delv', 'optout', '_25._tcp.none'): ('secure', OPT_OUT),
    ('unbound', 'badds-sha1', '*'): ('secure', DIGEST), ('mxscope', 'badds-sha1', '*'): ('secure', DIGEST),
    ('mxscope', 'no-denial', '_25._tcp.mx'): ('bogus', 'RFC 7672 2.2.2: that the host has no AAAA cannot be proved, so it asks for no TLSA records'),
    ('drill', 'insecure', '*'): ('refused', UNCHASED), ('drill', 'sub.optout', '*'): ('refused', UNCHASED),
    ('drill', 'unknown-alg', '*'): ('refused', UNCHASED), ('drill', 'unknown-digest', '*'): ('refused', UNCHASED),
    ('drill', 'good', 'x.wild.dn-insecure'): ('refused', ALIASES), ('drill', 'good', 'x.wild.dn'): ('refused', ALIASES),
    ('drill', 'good', 'none.dn'): ('refused', ALIASES), ('drill', 'good', 'none.dn-bogus'): ('refused', ALIASES),
    ('drill', 'good', 'to-bogus'): ('sound', 'RFC 4035 5: each link of a chain of aliases counts; drill looks at the first'),
    ('drill', 'good', 'ent'): ('refused', ENT),
    ('drill', 'badds-sha1', '*'): ('sound', DIGEST_DRILL),
    ('drill', 'dnskey-expired', '*'): ('sound', DNSKEYS), ('drill', 'dnskey-added', '*'): ('sound', DNSKEYS),
    ('drill', 'foreign', '@'): ('sound', 'RFC 4035 5.3.1: the signer has to be the zone that holds the records; drill takes any key that it trusts'),
    ('drill', 'replayed', 'real.wild'): ('sound', WILDCARD), ('drill', 'wild-hidden', 'real.wild'): ('sound', WILDCARD),
    ('drill', 'wild-hidden', 'x.wild'): ('sound', WILDCARD), ('drill', 'no-denial', 'x.wild'): ('sound', WILDCARD),
    ('mxscope', 'ed448', '*'): ('insecure', 'RFC 4035 5.2: the libunbound of Debian 12 is built with nettle and does not know ED448'),
}

JUDGES = ('unbound', 'delv', 'drill', 'mxscope')
Row = collections.namedtuple('Row', 'zone name qname qtype want')


def rows():
    for zone, names in ROWS.items():
        for name, want in names.items():
            qname = '.'.join(part for part in (name if name != '@' else '', zone, zoo.APEX) if part)
            yield Row(zone, name, qname, 'TLSA' if name.startswith('_25.') else 'MX', want)


def expected(judge, row):
    known = KNOWN.get((judge, row.zone, row.name)) or KNOWN.get((judge, row.zone, '*'))
    if known or judge != 'drill':
        return (known or (row.want,))[0]
    return 'sound' if row.want in ('secure', 'insecure') else 'refused'


def run(*words):
    p = subprocess.run(words, capture_output=True, text=True, errors='replace')
    return p.stdout + p.stderr


class Judges:
    def __init__(self, dns):
        self.dns, self.heard, self.deaf = dns, 0, []
        self.delv_key = os.path.join(BUILD, 'delv.key')
        flags = re.search(r'DNSKEY\s+(\d+) (\d+) (\d+) (\S.*?)\s*(;|$)', open(dns.anchor).read())
        with open(self.delv_key, 'w') as f:
            f.write('trust-anchors { %s. static-key %s %s %s "%s"; };\n' % ((zoo.APEX,) + flags.group(1, 2, 3, 4)))

    def unbound(self, row):
        out = run('dig', '@127.0.0.1', '+dnssec', '+tries=1', '+time=20', row.qname, row.qtype)
        if 'status: SERVFAIL' in out:
            checked = run('dig', '@127.0.0.1', '+cd', '+tries=1', '+time=20', row.qname, row.qtype)
            return 'error' if 'status: SERVFAIL' in checked else 'bogus', out
        if not re.search('status: (NOERROR|NXDOMAIN)', out):
            return 'error', out
        return 'secure' if re.search(r'flags: [a-z ]*\bad\b', out) else 'insecure', out

    def delv(self, row):
        out = run('delv', '@127.0.0.1', '-a', self.delv_key, '+root=' + zoo.APEX, '+cd', row.qname, row.qtype)
        failure = re.search('resolution failed: (?!ncache)(.*)', out)  # ncache: a denial
        if failure:
            return 'error' if re.search('SERVFAIL|timed out|failure', failure.group(1)) else 'bogus', out
        # each link of a chain of aliases has its own line
        return 'insecure' if 'unsigned answer' in out or 'fully validated' not in out else 'secure', out

    def drill(self, row):
        """Looks alike whether it could prove nothing or found it broken; and whether secure or insecure."""
        out = run('timeout', '20', 'drill', '-4', '-S', '-k', self.dns.anchor, '@127.0.0.1', row.qname, row.qtype)
        return 'sound' if 'Chase successful' in out else 'refused', out

    def mxscope(self, row):
        record = os.path.join(BUILD, 'dnssec-%s.json' % row.qname)
        target = row.qname if row.qtype == 'MX' else '[%s]' % row.qname.split('.', 2)[2]
        host = target.strip('[]')
        out = run(MXSCOPE, 'check', '--resolver', '127.0.0.1', '--trust-anchor', self.dns.anchor, '--trust-store', 'none', '--timeout', '8', '--record', record, target)
        answers, opinions = {}, {}
        for event in map(json.loads, open(record)):
            a = event.get('attributes') or {}
            if event.get('kind') == 'dns' and 'security' in a:
                answers.setdefault((a['qname'], a['qtype']), (a.get('denial', a['security']), event['summary']))
            elif event.get('kind') == 'dns' and a.get('purpose') == 'resolver':
                opinions[a['qname'], a['qtype']] = (a.get('ad') == '1', a.get('rcode'), a.get('ede'))
        os.unlink(record)
        # addresses that are not secure end it: no TLSA record is asked for (RFC 7672 2.2.2)
        of_host = sorted((answers[host, t] for t in ('A', 'AAAA') if (host, t) in answers), key=lambda a: a[0] in ('secure', 'insecure'))
        self.listened(row, answers.get((row.qname, row.qtype)), opinions.get((row.qname, row.qtype)))
        return (([answers[row.qname, row.qtype]] if (row.qname, row.qtype) in answers else of_host) or [('not asked', out)])[0]


    def listened(self, row, answer, opinion):
        """Beside a bogus answer mxscope shows what the resolver itself says: SERVFAIL, no AD, and why (RFC 8914)."""
        if answer and answer[0] == 'bogus' and not (opinion and opinion[:2] == (False, '2') and opinion[2]):
            self.deaf.append('%s %s is bogus, and of the resolver it says %s' % (row.qname, row.qtype, opinion))
        if opinion and opinion[0] and expected('unbound', row) != 'secure':
            self.deaf.append('%s %s: AD, though it is %s' % (row.qname, row.qtype, row.want))
        self.heard += opinion is not None


def judge(row, judges):
    """[(judge, what it says)] where that is not what the row wants and not known."""
    bad = 0
    for name in JUDGES:
        says, why = getattr(judges, name)(row)
        if says == 'unsupported' and row.zone in UNSUPPORTED:
            says = 'insecure'
        if says != expected(name, row):
            bad += 1
            print('%s %s (%s in %s): %s says %s, not %s: %s' % (row.qname, row.qtype, row.name, row.zone, name, says, expected(name, row), ' | '.join(why.split('\n'))[-300:]))
    return bad


def main():
    need_root()
    net, dns, bad = Net('mxdnssec'), None, 0
    try:
        dns = Dns(net, zoo.NS_ADDRESS)
        dns.start(zoo.build(net, dns), [zoo.APEX])
        net.enter()
        dns.wait()
        judges, all_rows = Judges(dns), list(rows())
        with ThreadPoolExecutor(4) as pool:
            bad = sum(pool.map(lambda row: judge(row, judges), all_rows))
        print('\n'.join(judges.deaf + ['%d times the resolver itself was heard' % judges.heard]))
        bad += len(judges.deaf)
    finally:
        net.close()
        if dns:
            dns.close()
    print('%d answers in %d zones, %d verdicts of %s, %d disagree' % (len(all_rows), len(ROWS), len(JUDGES) * len(all_rows), ', '.join(JUDGES), bad))
    return bad > 0


if __name__ == '__main__':
    sys.exit(main())
