#!/usr/bin/env python3
"""The verdicts of rfc/* against what a real Postfix does with the same server, records and DNSSEC states:
one delivery per situation and security level. rfc/opportunistic is level may, rfc/dane dane,
rfc/dane-mandatory dane-only, rfc/webpki secure with match=hostname."""
import json, os, re, subprocess, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import BUILD, Net, Root, need_root, run, skip, wait_port
from pki import Pki
from zones import ZONE, Zones

MXSCOPE = os.path.abspath('mxscope')
HERE = os.path.dirname(os.path.abspath(__file__))
LEVELS = {'may': 'rfc/opportunistic', 'dane': 'rfc/dane', 'dane-only': 'rfc/dane-mandatory', 'secure': 'rfc/webpki'}
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

# Where Postfix and the RFC verdict differ, each with the reason. (case, level): reason
DIFFER = {
}


def name_of(case):
    return case + ('.insecure.' if CASES[case].get('insecure') else '.') + ZONE


def build(pki):
    """Certificates, zone lines and the sink's list."""
    pki.issue('root', 'Interop Root', ca=True)
    pki.issue('int', 'Interop Intermediate', 'root', ca=True)
    signed, insecure, tampered, sink = [], [], [], []
    for i, (case, c) in enumerate(CASES.items()):
        host, address = 'mx.' + name_of(case), '127.1.0.%d' % (i + 1)
        issuer = c.get('issuer', 'int')
        cn = c.get('cn', host)
        leaf = dict(eku='server')
        leaf.update(c.get('leaf', {}))
        pki.issue(case, cn, issuer, names=[cn], **leaf)
        pki.chain(case, case, *c.get('served', ['int']))
        lines = insecure if c.get('insecure') else signed
        lines += ['%s. MX 10 %s.' % (name_of(case), host), '%s. A %s' % (host, address)]
        for r in c.get('tlsa', []):
            text = r if isinstance(r, str) else pki.tlsa(*r[:3], r[3] if len(r) > 3 else case)
            lines.append('_25._tcp.%s. TLSA %s' % (host, text))
        if c.get('lame'):
            lines += ['_tcp.%s. NS ns.lame' % host, 'ns.lame A 127.9.9.9']
        if c.get('tamper'):
            tampered.append(('cd' * 32, pki.tlsa(3, 1, 1, case).split()[-1]))
        sink.append('%s %s %s %s' % (address, pki.at(case + '.pem'), pki.at(case + '.key'), c.get('mode', 'starttls')))
    return signed, insecure, tampered, sink


def postfix(net, pki):
    """A sending Postfix with one transport per level; the recipient's local part chooses it."""
    root = Root('postfix', ['postfix'])
    root.copy(pki.at('root.crt'), '/interop/root.crt')
    root.put('/etc/hosts', '127.0.0.1 localhost sender.example\n')
    root.put('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions trust-ad timeout:5 attempts:1\n')
    root.put('/etc/postfix/main.cf', '''compatibility_level = 3.6
myhostname = sender.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = /var/log/maillog
transport_maps = regexp:/etc/postfix/transport
smtp_dns_support_level = dnssec
smtp_tls_CAfile = /interop/root.crt
smtp_tls_loglevel = 1
smtp_connect_timeout = 5
minimal_backoff_time = 3600
maximal_backoff_time = 3600
bounce_queue_lifetime = 0
default_destination_concurrency_limit = 10
''')
    root.put('/etc/postfix/transport', ''.join('/^%s@/ %s:\n' % (l, l) for l in LEVELS))
    dist = root.read('/usr/share/postfix/master.cf.dist')
    lines = [re.sub(r'^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)', r'\1n\2', l) for l in dist.splitlines() if not l.startswith('smtp      inet')]
    for level in LEVELS:
        lines.append('%s unix - - n - - smtp -o smtp_tls_security_level=%s -o smtp_tls_secure_cert_match=hostname' % (level, level))
    root.put('/etc/postfix/master.cf', '\n'.join(lines) + '\npostlog unix-dgram n - n - 1 postlogd\n')
    root.put('/var/log/maillog', '')
    net.run(root, 'newaliases', check=False)
    net.run(root, 'postfix', 'start')
    return root


def deliver(net, root):
    """{(case, level): (status, TLS word, reason)} from Postfix's log."""
    for case in CASES:
        for level in LEVELS:
            net.run(root, 'sendmail', '-f', 'a@sender.example', '%s@%s' % (level, name_of(case)), input='Subject: x\n\nx\n')
    want, end = len(CASES) * len(LEVELS), time.monotonic() + 180
    pattern = r'to=<(\S+?)@(\S+?)>.* status=(\w+) \((.*)\)'
    while time.monotonic() < end:
        found = {(d, l): (s, why) for l, d, s, why in re.findall(pattern, root.read('/var/log/maillog'))}
        if len(found) >= want:
            break
        time.sleep(0.2)
    return {(case, level): found.get((name_of(case), level), ('nothing', '')) for case in CASES for level in LEVELS}


def verdicts(zones, pki):
    p = subprocess.run([MXSCOPE, 'check', '--json', '--from', '-', '--jobs', '8', '--offer', 'any', '--resolver', '127.0.0.1', '--trust-anchor', zones.anchor,
                        '--trust-store', pki.at('root.crt'), '--timeout', '8'], input='\n'.join(name_of(c) for c in CASES), capture_output=True, text=True, timeout=300)
    out = {}
    for line in p.stdout.splitlines():
        r = json.loads(line)
        case = r['target'].split('.')[0]
        for v in (r['hosts'][0]['sessions'][0]['verdicts'] if r['hosts'] and r['hosts'][0]['sessions'] else []):
            out[case, v['verifier']] = v
    if len(out) < len(CASES):
        print(p.stderr[-2000:])
    return out


def compare(cells, judged):
    bad = agreed = 0
    for (case, level), (status, why) in cells.items():
        v = judged.get((case, LEVELS[level]))
        ours = {'deliver': 'sent', 'defer': 'deferred', 'bounce': 'bounced'}.get(v and v['action'], 'no verdict')
        named = DIFFER.get((case, level))
        if ours == status:
            agreed += 1
            if named:
                print('%s %s agrees now, yet is named in DIFFER' % (case, level))
                bad += 1
        elif not named:
            bad += 1
            print('%s at %s: Postfix %s (%s); %s says %s: %s' % (case, level, status, why[:150], LEVELS[level], ours, [r['text'] for r in v['reasons']] if v else '-'))
    kinds = sorted({status for status, _ in cells.values()})
    print('%d situations and levels (%s), %d agree, %d differ for a named reason' %
          (len(cells), ', '.join('%s %d' % (k, sum(s == k for s, _ in cells.values())) for k in kinds), agreed, len(DIFFER)))
    if kinds != ['deferred', 'sent']:
        print('Postfix was expected to deliver some and to defer some')
        bad += 1
    return bad


def main():
    need_root()
    pki = Pki(os.path.join(BUILD, 'pki-judge'))
    signed, insecure, tampered, sink = build(pki)
    net, running, status = Net('mxjudge'), [], 1
    try:
        for i in range(len(CASES)):
            net.run(None, 'ip', 'address', 'add', '127.1.0.%d/8' % (i + 1), 'dev', 'lo')
        zones = Zones(net, signed, insecure, tampered)
        running.append(zones)
        with open(pki.at('sink.list'), 'w') as f:
            f.write('\n'.join(sink) + '\n')
        net.spawn(None, sys.executable, os.path.join(HERE, 'sink.py'), pki.at('sink.list'), log=pki.at('sink.log'))
        root = postfix(net, pki)
        running.append(root)
        root.close = root.umount
        net.enter()
        zones.wait()
        assert wait_port('127.1.0.%d' % len(CASES), 25), 'the sink does not listen'
        cells = deliver(net, root)
        status = 1 if compare(cells, verdicts(zones, pki)) else 0
        net.run(root, 'postfix', 'stop', check=False)
    finally:
        net.close()
        for r in running:
            r.close()
    sys.exit(status)


main()
