#!/usr/bin/env python3
"""The runbooks of `mxscope plan`, followed step by step on a real NSD and unbound with a TTL of a few seconds, while a
real Postfix that requires DANE delivers at every step, through a cache that holds the records of before and through
one that holds none: nothing may be deferred. Followed with one step early, the failure that mxscope predicts happens."""
import json, os, re, signal, subprocess, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import BUILD, Net, Root, need_root, wait_port
from pki import Pki

MXSCOPE = os.path.abspath('mxscope')
HERE = os.path.dirname(os.path.abspath(__file__))
ZONE, TTL = 'plan.example', 3
# a cache with a memory, and one that asks anew each time
OLD, FRESH = '10.54.0.1', '10.54.0.2'
NSD = '127.0.0.1:5300'

# domain: how the rollover is planned, the chain behind the leaf before and after, and the records of today
CASES = {
    'ee': dict(scheme='3-1-1', how='key', tlsa=[(3, 1, 1, 'leaf')], issuer='int1'),
    'both': dict(scheme='3-1-1+2-1-1', how='cert', tlsa=[(3, 1, 1, 'leaf'), (2, 1, 1, 'int1')], issuer='int2'),
    'ta': dict(scheme='2-1-1-issuers', how='cert', tlsa=[(2, 1, 1, 'int1')], issuer='int2'),
    'early': dict(scheme='3-1-1', how='key', tlsa=[(3, 1, 1, 'leaf')], issuer='int1'),
    'removed': dict(scheme='3-1-1', how='key', tlsa=[(3, 1, 1, 'leaf')], issuer='int1'),
}


def host(case):
    return 'mx.%s.%s' % (case, ZONE)


def owner(case):
    return '_25._tcp.%s.' % host(case)


class World:
    def __init__(self, name='plan'):
        self.pki = Pki(os.path.join(BUILD, 'pki-' + name))
        self.net, self.roots, self.failed, self.sent, self.serial = Net('mx' + name), [], 0, 0, 0
        self.certificates()
        self.records = {c: [self.pki.tlsa(u, s, m, c if what == 'leaf' else what) for u, s, m, what in v['tlsa']] for c, v in CASES.items()}
        self.serving = {c: c for c in CASES}
        self.sink = None

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.net.close()
        for root in self.roots:
            root.umount()

    def root(self, *words):
        self.roots.append(Root(*words))
        return self.roots[-1]

    def certificates(self):
        pki = self.pki
        pki.issue('root', 'Plan Root', ca=True)
        for i in ('int1', 'int2'):
            pki.issue(i, 'Plan ' + i, 'root', ca=True)
        for c, v in CASES.items():
            for name, issuer in ((c, 'int1'), (c + '-next', v['issuer'])):
                pki.issue(name, host(c), issuer, names=[host(c)], eku='server')
                pki.chain(name, name, issuer)

    # --- DNS ---

    def start_dns(self):
        self.dns = self.root('dns', ['nsd', 'unbound', 'ldnsutils'])
        net, dns = self.net, self.dns
        for a in (OLD, FRESH):
            net.run(None, 'ip', 'address', 'add', a + '/32', 'dev', 'lo')
        dns.put('/plan/keys', 'set -e; cd /plan; rm -f K*; ldns-keygen -a ECDSAP256SHA256 -k %s >ksk; ldns-keygen -a ECDSAP256SHA256 %s >zsk\ncp $(cat ksk).key anchor.key\n' % (ZONE, ZONE))
        dns.put('/plan/sign', 'set -e; cd /plan; ldns-signzone -e 20400101000000 -i 20240101000000 -o %s -f signed.new zone $(cat ksk) $(cat zsk); mv signed.new signed\n' % ZONE)
        net.run(dns, 'sh', '/plan/keys')
        self.write_zone()
        dns.put('/plan/nsd.conf', 'server:\n ip-address: 127.0.0.1@5300\n username: ""\n chroot: ""\n zonesdir: "/plan"\n database: ""\n pidfile: ""\n'
                ' xfrdfile: "/plan/xfrd"\n zonelistfile: "/plan/zonelist"\n cookie-secret-file: ""\n server-count: 1\nremote-control:\n control-enable: no\n'
                'zone:\n name: "%s"\n zonefile: "signed"\n' % ZONE)
        self.nsd = net.spawn(dns, 'nsd', '-d', '-c', '/plan/nsd.conf', log=dns.base + '/plan-nsd.log')
        for address, more in ((OLD, ''), (FRESH, ' cache-max-ttl: 0\n cache-max-negative-ttl: 0\n')):
            dns.put('/plan/unbound-%s.conf' % address, 'server:\n interface: %s\n access-control: 10.54.0.0/16 allow\n do-daemonize: no\n username: ""\n chroot: ""\n'
                    ' directory: "/plan"\n pidfile: ""\n use-syslog: no\n do-not-query-localhost: no\n module-config: "validator iterator"\n'
                    ' trust-anchor-file: "/plan/anchor.key"\n do-ip6: no\n%sremote-control:\n control-enable: no\nstub-zone:\n name: "%s"\n stub-addr: 127.0.0.1@5300\n' % (address, more, ZONE))
            net.spawn(dns, 'unbound', '-d', '-c', '/plan/unbound-%s.conf' % address, log=dns.base + '/plan-unbound.log')

    def write_zone(self):
        self.serial += 1
        lines = ['$ORIGIN %s.' % ZONE, '$TTL %d' % TTL, '@ IN SOA ns h %d 3600 900 1209600 %d' % (self.serial, TTL), '@ IN NS ns', 'ns IN A 127.0.0.1']
        for i, c in enumerate(CASES):
            lines += ['%s.%s. MX 10 %s.' % (c, ZONE, host(c)), '%s. A 127.2.0.%d' % (host(c), i + 1)]
            lines += ['%s TLSA %s' % (owner(c), r) for r in self.records[c]]
        self.dns.put('/plan/zone', '\n'.join(lines) + '\n')
        self.net.run(self.dns, 'sh', '/plan/sign')

    def drill(self, server, port, case):
        out = self.net.run(self.dns, 'drill', '-D', '-p', str(port), '@' + server, owner(case), 'TLSA', check=False).stdout
        return sorted(re.sub(r'\s+', '', r.lower()) for r in re.findall(r'\sIN\s+TLSA\s+(\d+ \d+ \d+ [0-9a-fA-F ]+)', out))

    def publish(self, case, records):
        """Caches first learn what is there before; then NSD loads the new zone."""
        self.drill(OLD, 53, case)
        self.records[case] = records
        self.write_zone()
        os.kill(self.nsd.pid, signal.SIGHUP)
        want, end = sorted(re.sub(r'\s+', '', r.lower()) for r in records), time.monotonic() + 10
        while self.drill('127.0.0.1', 5300, case) != want:
            assert time.monotonic() < end, 'NSD does not load the zone'
            time.sleep(0.05)

    # --- the receiving servers ---

    def serve(self):
        if self.sink:
            self.sink.kill()
            self.sink.wait()
        with open(self.pki.at('sink.list'), 'w') as f:
            for i, c in enumerate(CASES):
                name = self.serving[c]
                f.write('127.2.0.%d %s %s starttls\n' % (i + 1, self.pki.at(name + '.pem'), self.pki.at(name + '.key')))
        self.sink = self.net.spawn(None, sys.executable, os.path.join(HERE, 'sink.py'), self.pki.at('sink.list'), log=self.pki.at('sink.log'))

    def deploy(self, case):
        self.serving[case] = case + '-next'
        self.serve()
        assert wait_port('127.2.0.%d' % len(CASES), 25)

    # --- the sender ---

    def start_postfix(self):
        self.postfix = root = self.root('postfix', ['postfix'])
        root.put('/etc/postfix/main.cf', '''compatibility_level = 3.6
myhostname = sender.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = /var/log/maillog
smtp_dns_support_level = dnssec
smtp_tls_security_level = dane-only
smtp_tls_loglevel = 1
smtp_connect_timeout = 5
minimal_backoff_time = 3600
maximal_backoff_time = 3600
bounce_queue_lifetime = 0
max_use = 1
''')
        dist = root.read('/usr/share/postfix/master.cf.dist')
        lines = [re.sub(r'^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)', r'\1n\2', l) for l in dist.splitlines() if not l.startswith('smtp      inet')]
        root.put('/etc/postfix/master.cf', '\n'.join(lines) + '\npostlog unix-dgram n - n - 1 postlogd\n')
        root.put('/etc/hosts', '127.0.0.1 localhost sender.example\n')
        root.put('/var/log/maillog', '')
        self.resolve(OLD)
        self.net.run(root, 'newaliases', check=False)
        self.net.run(root, 'postfix', 'start')

    def resolve(self, address):
        self.postfix.put('/etc/resolv.conf', 'nameserver %s\noptions trust-ad timeout:5 attempts:1\n' % address)

    def deliver(self, case, cache):
        """(status, why) of one message through this cache."""
        self.sent += 1
        to = 'm%d@%s.%s' % (self.sent, case, ZONE)
        self.resolve(cache)
        self.net.run(self.postfix, 'sendmail', '-f', 'a@sender.example', to, input='Subject: x\n\nx\n')
        end = time.monotonic() + 20
        while time.monotonic() < end:
            m = re.search(r'to=<%s>.* status=(\w+) \((.*)\)' % re.escape(to), self.postfix.read('/var/log/maillog'))
            if m:
                return m.groups()
            time.sleep(0.05)
        return 'nothing', 'no word in the log'

    # --- mxscope ---

    def mxscope(self, *words, state='state'):
        env = dict(os.environ, XDG_STATE_HOME=self.pki.at(state))
        p = subprocess.run([MXSCOPE] + list(words), capture_output=True, text=True, env=env)
        return p.returncode, p.stdout, p.stderr

    def plan(self, case, *more):
        v = CASES[case]
        named = '--next-key=' + self.pki.key(case + '-next') if v['how'] == 'key' else '--next-cert=' + self.pki.at(case + '-next.pem')
        return self.mxscope('plan', '--resolver', OLD, '--trust-anchor', self.dns.path + '/plan/anchor.key', '--trust-store', self.pki.at('root.crt'),
                            '--offer', 'any', '--scheme', v['scheme'], named, *more, '%s.%s' % (case, ZONE))

    def watch(self, case):
        """By the zone's NS records, or a server that is named."""
        where = ['--server', NSD] if case == 'both' else ['--connect-to', 'ns.%s:53:%s' % (ZONE, NSD)]
        return self.plan(case, '--watch', '--may-deploy', *where)

    # --- judging ---

    def say(self, good, text):
        if not good:
            self.failed += 1
            print('WRONG:', text)

    def expect(self, case, when, want, caches=(OLD, FRESH)):
        for cache in caches:
            status, why = self.deliver(case, cache)
            self.say(status == want, '%s, %s, cache %s: %s (%s), expected %s' % (case, when, 'old' if cache == OLD else 'fresh', status, why, want))


def seconds(text):
    import calendar
    return calendar.timegm(time.strptime(text, '%Y-%m-%dT%H:%M:%SZ'))


def records_of(step):
    return [line.split(' IN TLSA ')[1] for line in step['records']]


def follow(w, cases):
    """All runbooks at once, each step when its date has come."""
    todo = []
    for case in cases:
        w.drill(OLD, 53, case)
    time.sleep(1.1) # the cache has counted the TTL down by now
    for case in cases:
        status, out, err = w.plan(case, '--json')
        w.say(status == 0, '%s: no plan is proved: %s %s' % (case, out[-800:], err))
        plan = json.loads(out)
        w.say(plan['scheme'] == CASES[case]['scheme'] and plan['proof']['states'] > 500, '%s: not the plan that was asked for' % case)
        lines = [r for step in plan['steps'] for r in step['records']]
        w.say(lines and all(' %d IN TLSA ' % TTL in r for r in lines), '%s: not the signed TTL: %s' % (case, lines[:1]))
        for step in plan['steps']:
            todo.append((seconds(step['not_before']), case, step['n'], step))
        w.expect(case, 'before the first step', 'sent')
    for at, case, n, step in sorted(todo, key=lambda t: t[:3]):
        while time.time() < at:
            time.sleep(0.05)
        kind = step['kind']
        if kind in ('publish', 'retire', 'remove'):
            if kind == 'publish':
                status, out, err = w.watch(case)
                w.say(status == 2 and 'do not deploy' in out, '%s: the watch before publication: %d %s %s' % (case, status, out, err))
            w.publish(case, records_of(step))
        if kind == 'publish':
            status, out, err = w.watch(case)
            w.say(status == 1 and 'wait until' in out, '%s: the watch after publication: %d %s %s' % (case, status, out, err))
        if kind == 'deploy':
            status, out, err = w.watch(case)
            for _ in range(40): # the watch counts from when it saw them, a moment after they were out
                if status != 1:
                    break
                time.sleep(0.25)
                status, out, err = w.watch(case)
            w.say(status == 0 and out.startswith('OK deploy'), '%s: the watch before deployment: %d %s %s' % (case, status, out, err))
            w.expect(case, 'just before the deployment', 'sent')
            w.deploy(case)
        w.expect(case, 'step %d, %s' % (n, step['title']), 'sent')


def early(w):
    """Deployed together with the publication: mxscope names the failing state, and it happens until the old records have left
    the cache."""
    case = 'early'
    soon = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 1))
    status, out, err = w.plan(case, '--json', '--window', soon)
    plan = json.loads(out)
    causes = [f['cause'] for f in plan['proof']['failing']]
    w.say(status == 2 and causes == ['deploy-before-publish'], 'early: status %d, %s' % (status, causes))
    w.say(plan['nearest'] is not None and not plan['nearest']['proof']['failing'], 'early: no nearest plan')
    publish = plan['steps'][0]
    time.sleep(max(0, TTL - time.time() % 1))
    w.publish(case, records_of(publish))
    w.deploy(case)
    primed = time.monotonic()
    w.expect(case, 'deployed too early', 'deferred', [OLD])
    w.expect(case, 'deployed too early', 'sent', [FRESH])
    time.sleep(max(0, primed + TTL + 1 - time.monotonic()))
    w.expect(case, 'deployed too early, a TTL later', 'sent')


def removed(w):
    """The current record goes while the server still shows the current chain."""
    case = 'removed'
    status, out, err = w.plan(case, '--json')
    steps = json.loads(out)['steps']
    w.publish(case, records_of(next(s for s in steps if s['kind'] == 'publish')))
    w.expect(case, 'published', 'sent')
    status, out, err = w.plan(case, '--watch', '--server', NSD, '--server', '127.0.0.1:9')
    w.say(status == 1 and '1 of 2 name servers could not be asked' in out, '%s: a silent name server: %d %s %s' % (case, status, out, err))
    w.publish(case, records_of(next(s for s in steps if s['kind'] == 'remove')))
    w.expect(case, 'removed before the deployment', 'deferred', [FRESH])


def main():
    need_root()
    with World() as w:
        w.start_dns()
        w.start_postfix()
        w.serve()
        w.net.enter()
        assert wait_port('127.0.0.1', 5300) and wait_port(OLD, 53) and wait_port(FRESH, 53) and wait_port('127.2.0.%d' % len(CASES), 25)
        begin = time.monotonic()
        follow(w, ['ee', 'both', 'ta'])
        early(w)
        removed(w)
        w.net.run(w.postfix, 'postfix', 'stop', check=False)
        print('%d deliveries in %.0f s, %d wrong' % (w.sent, time.monotonic() - begin, w.failed))
        sys.exit(1 if w.failed else 0)


if __name__ == '__main__':
    main()
