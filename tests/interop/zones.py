"""Signed zones on a real NSD, behind a real validating unbound, inside a namespace."""
import os
from host import Root, wait_port

ZONE, RESOLVER = 'interop.example', '10.53.0.53'


class Dns:
    """NSD on `address`, and unbound, which validates by `anchor`. zones: name to file in /zones of the root; `stubs` of
    them unbound is told where to find. The resolver is on 127.0.0.1:53, and on RESOLVER for those who would not ask
    127.0.0.1 (libunbound)."""

    def __init__(self, net, address):
        self.net, self.address = net, address
        self.root = Root('dns', ['nsd', 'unbound', 'ldnsutils'])
        self.anchor = self.root.path + '/zones/anchor.key'

    def start(self, zones, stubs):
        host, _, port = self.address.partition('@')
        self.root.put('/zones/nsd.conf', 'server:\n ip-address: %s\n username: ""\n chroot: ""\n zonesdir: "/zones"\n database: ""\n pidfile: ""\n'
                      ' xfrdfile: "/zones/xfrd"\n zonelistfile: "/zones/zonelist"\n cookie-secret-file: ""\n server-count: 1\nremote-control:\n control-enable: no\n' % self.address +
                      ''.join('zone:\n name: "%s"\n zonefile: "%s"\n' % z for z in zones.items()))
        self.root.put('/zones/unbound.conf', 'server:\n interface: 127.0.0.1\n interface: ' + RESOLVER + '\n access-control: 10.53.0.0/16 allow\n do-daemonize: no\n'
                      ' username: ""\n chroot: ""\n directory: "/zones"\n pidfile: ""\n use-syslog: no\n do-not-query-localhost: no\n module-config: "validator iterator"\n'
                      ' ede: yes\n val-log-level: 2\n trust-anchor-file: "/zones/anchor.key"\n do-ip6: no\n' +
                      ''.join('stub-zone:\n name: "%s"\n stub-addr: %s\n' % (z, self.address) for z in stubs))
        for own in {RESOLVER, host} - {'127.0.0.1'}:
            self.net.run(None, 'ip', 'address', 'add', own + '/32', 'dev', 'lo')
        self.net.spawn(self.root, 'nsd', '-d', '-c', '/zones/nsd.conf', log=self.root.base + '/nsd.log')
        self.net.spawn(self.root, 'unbound', '-d', '-c', '/zones/unbound.conf', log=self.root.base + '/unbound.log')
        self.ports = ((host, int(port or 53)), ('127.0.0.1', 53))

    def wait(self):
        """After Net.enter()."""
        assert all(wait_port(*p) for p in self.ports), 'NSD or unbound did not start: see ' + self.root.base

    def close(self):
        self.root.umount()


class Zones(Dns):
    """records: lines of zone text relative to ZONE; insecure: the same for the unsigned child zone insecure.ZONE;
    tampered: pairs of texts that change places after signing, which makes their RRset bogus."""

    def __init__(self, net, records, insecure=(), tampered=()):
        super().__init__(net, '127.0.0.1@5300')
        self.root.put('/zones/zone', '$ORIGIN %s.\n$TTL 300\n@ IN SOA ns h 1 3600 900 1209600 60\n@ IN NS ns\nns IN A 127.0.0.1\ninsecure IN NS ns\n%s\n' % (ZONE, '\n'.join(records)))
        self.root.put('/zones/sign', '''set -e; cd /zones; rm -f K*
ksk=$(ldns-keygen -a ECDSAP256SHA256 -k %s); zsk=$(ldns-keygen -a ECDSAP256SHA256 %s)
ldns-signzone -e 20371231000000 -i 20240101000000 -o %s -f signed zone $ksk $zsk
cp $ksk.key anchor.key
''' % (ZONE, ZONE, ZONE))
        net.run(self.root, 'sh', '/zones/sign')
        signed = self.root.read('/zones/signed')
        for old, new in tampered:
            assert old in signed, old
            signed = signed.replace(old, new)
        self.root.put('/zones/signed', signed)
        self.root.put('/zones/insecure', '$ORIGIN insecure.%s.\n$TTL 300\n@ IN SOA ns h 1 3600 900 1209600 60\n@ IN NS ns.%s.\n%s\n' % (ZONE, ZONE, '\n'.join(insecure)))
        self.start({ZONE: 'signed', 'insecure.' + ZONE: 'insecure'}, (ZONE, 'insecure.' + ZONE))
