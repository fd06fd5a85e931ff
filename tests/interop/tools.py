#!/usr/bin/env python3
"""The tools that people check a mail server with, each run on the same situations as the senders of judge.py: the
profiles openssl/*, gnutls/* and ldns/* must predict success or failure, those of Postfix what posttls-finger calls
the session. Where a tool is wrong by an RFC, departures.known says so, with the section."""
import os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import debian, departures
from host import need_root
from situations import World, verdicts
from zones import RESOLVER


class Tools:
    def __init__(self, world):
        self.world = world
        self.root = world.own(debian.root('tools', ['gnutls-bin', 'ldnsutils', 'openssl', 'dns-root-data']))
        self.postfix = world.own(debian.root('postfix', ['postfix']))
        self.postfix.put('/etc/postfix/main.cf', 'compatibility_level = 3.6\ninet_interfaces = 127.0.0.1\nsmtp_dns_support_level = dnssec\n')
        for root, address in ((self.root, RESOLVER), (self.postfix, '127.0.0.1')):
            root.put('/etc/resolv.conf', 'nameserver %s\noptions trust-ad timeout:5 attempts:1\n' % address)
            root.put('/etc/hosts', '127.0.0.1 localhost\n')
            root.copy(world.pki.at('root.crt'), '/interop/root.crt')
        # where Debian's libdane looks for the trust anchor
        self.root.copy(world.zones.anchor, '/usr/share/dns/root.key')
        self.addresses = {case: '127.1.0.%d' % (i + 1) for i, case in enumerate(world.cases)}

    def run(self, root, *words):
        # already in the namespace
        p = subprocess.run(['chroot', root.path, 'timeout', '25'] + list(words), input='QUIT\n', capture_output=True, text=True, errors='replace')
        return p.returncode, p.stdout + p.stderr

    def s_client(self, case, mode, records):
        host = self.world.host_of(case)
        words = ['openssl', 's_client', '-connect', self.addresses[case] + ':25', '-starttls', 'smtp', '-servername', host, '-no-CApath', '-no-CAstore',
                 '-CAfile', '/interop/root.crt', '-verify_return_error', '-brief']
        if mode == 'pkix':
            words += ['-verify_hostname', host]
        elif mode.startswith('dane'):
            if not records:
                return None, 'no TLSA record to give'
            words += ['-dane_tlsa_domain', self.bases.get(case) or host] + [w for r in records for w in ('-dane_tlsa_rrdata', r)] + ['-dane_ee_no_namechecks'] * mode.endswith('namechecks')
        status, out = self.run(self.root, *words)
        return status == 0 and 'CONNECTION ESTABLISHED' in out, out

    def gnutls_cli(self, case, mode, _):
        words = {'pkix': [], 'dane': ['--dane', '--local-dns'], 'dane-no-ca': ['--dane', '--local-dns', '--no-ca-verification']}[mode]
        _, out = self.run(self.root, 'gnutls-cli', '--starttls-proto=smtp', '--port=25', '--x509cafile=/interop/root.crt', *words, self.world.host_of(case))
        return 'Handshake was completed' in out and not re.search(r'\*\*\* (PKI|DANE) verification|Error in the certificate', out), out

    def danetool(self, case, _, __):
        status, out = self.run(self.root, 'danetool', '--check', self.world.host_of(case), '--port', '25', '--starttls-proto=smtp', '--local-dns')
        return status == 0, out

    def ldns_dane(self, case, mode, _):
        status, out = self.run(self.root, 'ldns-dane', '-k', '/usr/share/dns/root.key', '-f', '/interop/root.crt', *(['-T'] if mode.endswith('required') else []),
                               '-4', 'verify', self.world.host_of(case), '465')
        return status == 0, out

    def finger(self, case, level, _):
        """Its word for the session; its exit status is 0 whatever it found."""
        _, out = self.run(self.postfix, 'posttls-finger', '-c', '-t', '5', '-l', level, '-L', 'summary,certmatch', '-F', '/interop/root.crt', self.world.name_of(case))
        words = re.findall(r'(Verified|Trusted|Untrusted|Anonymous) TLS connection', out)
        return words[0] if words else 'no session', out


TOOLS = [('openssl/s_client/', Tools.s_client, ('pkix', 'pkix-noname', 'dane', 'dane-ee-no-namechecks')),
         ('gnutls/cli/', Tools.gnutls_cli, ('pkix', 'dane', 'dane-no-ca')), ('gnutls/danetool/', Tools.danetool, ('check',)),
         ('ldns/dane/', Tools.ldns_dane, ('verify', 'verify-required')),
         ('postfix/smtp/', Tools.finger, ('may', 'encrypt', 'dane', 'dane-only', 'verify', 'secure'))]


def expected(tool, case, verifier, judged, report):
    """Success, or what posttls-finger calls the session: at dane and dane-only it goes on as at level secure where the host
    has no TLSA records that count, and at dane-only does not mind MX records without DNSSEC (posttls-finger.c)."""
    v = judged.get((case, verifier))
    if not v:
        return 'no verdict'
    if tool is not Tools.finger:
        return {'deliver': True, None: None}.get(v['action'], False)
    host = report['hosts'][0]['tlsa']
    if verifier.startswith('postfix/smtp/dane') and host['security'] not in ('bogus', 'error'):
        counts = host['security'] == 'secure' and any(r['usage'] in (2, 3) for r in host['records'])
        half = counts and report['domain']['mx_security'] == 'insecure'
        v = judged[case, 'postfix/smtp/dane'] if half else v if counts else judged[case, 'postfix/smtp/secure']
    return v['label'] or 'no session'


def main():
    need_root()
    with World('tools') as world:
        tools = Tools(world)
        world.enter()
        reports = world.check('rfc/*', 'openssl/*', 'gnutls/*', 'ldns/*', 'postfix/smtp/*')
        judged = verdicts(reports)
        tools.bases = {case: h['tlsa']['base_domain'] for case, r in reports.items() for h in r['hosts']}
        records = {case: ['%(usage)d %(selector)d %(matching_type)d %(data)s' % t for h in r['hosts'] for t in h['tlsa']['records']] for case, r in reports.items()}
        cells = [(case, prefix, tool, mode) for prefix, tool, modes in TOOLS for case in world.cases for mode in modes]
        cells.sort(key=lambda c: c[0] != 'servfail-tlsa')  # they wait
        with ThreadPoolExecutor(12) as pool:
            seen = list(pool.map(lambda c: c[2](tools, c[0], c[3], records.get(c[0])), cells))
        bad = agreed = 0
        for (case, prefix, tool, mode), (got, out) in zip(cells, seen):
            want = expected(tool, case, prefix + mode, judged, reports[case])
            agreed += want == got
            if want != got:
                bad += 1
                print('%s, %s%s%s: %s, mxscope says %s: %s' % (case, prefix, mode, ' (posttls-finger)' * (tool is Tools.finger), got, want, ' | '.join(out.split('\n'))[-400:]))
        bad += departures.check([(case, prefix + mode) for case, prefix, tool, mode in cells if tool is not Tools.finger], judged)
    print('%d cells of tools, %d agree' % (len(cells), agreed))
    return bad > 0


sys.exit(main())
