"""A signed zone on a real NSD, behind a real validating unbound, inside a namespace."""
import os
from host import Root, wait_port

ZONE = 'interop.example'


class Zones:
    """records: lines of zone text relative to ZONE. Resolver on 127.0.0.1:53, trust anchor in .anchor."""

    def __init__(self, net, records):
        self.root = Root('dns', ['nsd', 'unbound', 'ldnsutils'])
        self.anchor = self.root.path + '/zones/anchor.key'
        self.root.put('/zones/zone', '$ORIGIN %s.\n$TTL 300\n@ IN SOA ns h 1 3600 900 1209600 60\n@ IN NS ns\nns IN A 127.0.0.1\n%s\n' % (ZONE, '\n'.join(records)))
        self.root.put('/zones/sign', '''set -e; cd /zones; rm -f K*
ksk=$(ldns-keygen -a ECDSAP256SHA256 -k %s); zsk=$(ldns-keygen -a ECDSAP256SHA256 %s)
ldns-signzone -e 20400101000000 -i 20240101000000 -o %s -f signed zone $ksk $zsk
cp $ksk.key anchor.key
''' % (ZONE, ZONE, ZONE))
        net.run(self.root, 'sh', '/zones/sign')
        self.root.put('/zones/nsd.conf', 'server:\n ip-address: 127.0.0.1@5300\n username: ""\n chroot: ""\n zonesdir: "/zones"\n database: ""\n pidfile: ""\n'
                      ' xfrdfile: "/zones/xfrd"\n zonelistfile: "/zones/zonelist"\n cookie-secret-file: ""\n server-count: 1\nremote-control:\n control-enable: no\n'
                      'zone:\n name: "%s"\n zonefile: "signed"\n' % ZONE)
        self.root.put('/zones/unbound.conf', 'server:\n interface: 127.0.0.1\n do-daemonize: no\n username: ""\n chroot: ""\n directory: "/zones"\n pidfile: ""\n'
                      ' use-syslog: no\n do-not-query-localhost: no\n module-config: "validator iterator"\n trust-anchor-file: "/zones/anchor.key"\n do-ip6: no\n'
                      'stub-zone:\n name: "%s"\n stub-addr: 127.0.0.1@5300\n' % ZONE)
        net.spawn(self.root, 'nsd', '-d', '-c', '/zones/nsd.conf', log=self.root.base + '/nsd.log')
        net.spawn(self.root, 'unbound', '-d', '-c', '/zones/unbound.conf', log=self.root.base + '/unbound.log')

    def wait(self):
        """After Net.enter()."""
        assert wait_port('127.0.0.1', 5300) and wait_port('127.0.0.1', 53), 'NSD or unbound did not start'

    def close(self):
        self.root.umount()
