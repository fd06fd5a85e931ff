"""Sending mail servers that deliver one message for each situation and mode. In a mode "cert-MODE" the sender shows a
client certificate, as it does in MODE otherwise."""
import collections, re, time
from concurrent.futures import ThreadPoolExecutor
import debian

# action and channel as in mxscope's verdicts; label: the product's word; why: what it gave as reason; lines: its log of this
# delivery
Delivery = collections.namedtuple('Delivery', 'action channel label why lines')
NOTHING = Delivery('nothing', None, None, '', ())


def channel(action, tls, verified):
    if action != 'deliver':
        return None
    return 'cleartext' if tls == 'clear' else 'verified' if verified else 'encrypted'


class Sender:
    resolv = 'nameserver 127.0.0.1\noptions trust-ad timeout:5 attempts:1\n'

    def __init__(self, world, modes=None, certificate=None):
        """certificate: the name of one in world.pki, for the modes cert-*."""
        self.world, self.net, self.name_of = world, world.net, world.name_of
        self.modes = list(modes or self.known)
        self.root = world.own(debian.root(type(self).__name__.lower(), self.packages))
        self.root.copy(world.trusted(), '/interop/root.crt')
        for kind, mode in (('.pem', 0o644), ('.key', 0o644)) if certificate else ():
            self.root.copy(world.pki.at(certificate + kind), '/interop/client' + kind, mode)
        self.root.put('/etc/hosts', '127.0.0.1 localhost sender.example\n')
        self.root.put('/etc/resolv.conf', self.resolv)
        self.start()

    def verifier(self, mode):
        """The profile of what is installed."""
        return self.product + mode

    def cells(self):
        return [(case, mode) for case in self.world.cases for mode in self.modes]


class Postfix(Sender):
    """One transport per level; the recipient's local part chooses it."""
    packages, product = ['postfix'], 'postfix/smtp/'
    known = ('may', 'encrypt', 'dane', 'dane-only', 'verify', 'secure', 'fingerprint')
    since_3_10 = ('dane', 'dane-only', 'verify', 'secure')  # those that have a profile of their own

    def start(self):
        root = self.root
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
smtp_tls_fingerprint_digest = sha256
smtp_connect_timeout = 5
minimal_backoff_time = 3600
maximal_backoff_time = 3600
bounce_queue_lifetime = 0
default_destination_concurrency_limit = 10
''')
        root.put('/etc/postfix/transport', ''.join('/^%s@/ %s:\n' % (l, l) for l in self.modes))
        root.put('/etc/postfix/pins', ''.join('%s fingerprint match=%s\n' % (self.name_of(c), self.pin(c)) for c in self.world.cases))
        dist = root.read('/usr/share/postfix/master.cf.dist')
        lines = [re.sub(r'^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)', r'\1n\2', l) for l in dist.splitlines() if not l.startswith('smtp      inet')]
        for mode in self.modes:
            level = mode.replace('cert-', '')
            how = ' -o smtp_tls_policy_maps=texthash:/etc/postfix/pins' if level == 'fingerprint' else ' -o smtp_tls_security_level=' + level
            if mode != level:
                how += ' -o smtp_tls_cert_file=/interop/client.pem -o smtp_tls_key_file=/interop/client.key'
            lines.append('%s unix - - n - - smtp -o minimal_backoff_time=4%s' % (mode, how))
        root.put('/etc/postfix/master.cf', '\n'.join(lines) + '\npostlog unix-dgram n - n - 1 postlogd\n')
        root.put('/var/log/maillog', '')
        self.net.run(root, 'newaliases', check=False)
        self.net.run(root, 'postsuper', '-d', 'ALL', check=False)  # of runs before
        self.net.run(root, 'postfix', 'start')

    def verifier(self, mode):
        version = tuple(map(int, self.net.run(self.root, 'postconf', '-h', 'mail_version').stdout.split('.')[:2]))
        return ('postfix-3.10/smtp/' if version >= (3, 10) and mode in self.since_3_10 else self.product) + mode

    def pin(self, case):
        digest = self.world.pin(case).upper()
        return ':'.join(digest[i:i + 2] for i in range(0, len(digest), 2))

    def stop(self):
        self.net.run(self.root, 'postfix', 'stop', check=False)

    def log(self):
        """{(mode, domain): [(status, why, lines) of each attempt]}; the lines of one process up to its status are one attempt's."""
        found, lines = {}, {}
        for pid, text in re.findall(r'postfix/smtp\[(\d+)\]: (.*)', self.root.read('/var/log/maillog')):
            lines.setdefault(pid, []).append(text)
            m = re.search(r'to=<(\S+?)@(\S+?)>.* status=(\w+) \((.*)\)', text)
            if m:
                found.setdefault((m.group(1), m.group(2)), []).append((m.group(3), m.group(4), tuple(lines.pop(pid))))
        return found

    def wait(self, cells, attempt):
        """{(case, mode): Delivery} of that attempt, counted from 0."""
        end = time.monotonic() + 180
        while True:
            found = self.log()
            seen = {(c, m): found.get((m, self.name_of(c)), [])[attempt:] for c, m in cells}
            if all(seen.values()) or time.monotonic() > end:
                break
            time.sleep(0.2)
        taken = self.world.taken()
        return {(c, m): self.delivery(s and s[0], taken.get('%s@%s' % (m, self.name_of(c)))) for (c, m), s in seen.items()}

    def deliver(self):
        """{(case, mode): Delivery}"""
        for case, mode in self.cells():
            self.net.run(self.root, 'sendmail', '-f', 'a@sender.example', '%s@%s' % (mode, self.name_of(case)), input='Subject: x\n\nx\n')
        return self.wait(self.cells(), 0)

    def retry(self, cells):
        """The same for a second attempt; it gives up on TLS once a message is older than minimal_backoff_time."""
        time.sleep(4)
        self.net.run(self.root, 'postqueue', '-f')
        return self.wait(cells, 1)

    @staticmethod
    def delivery(seen, tls):
        if not seen:
            return NOTHING
        status, why, lines = seen
        words = re.findall(r'(Verified|Trusted|Untrusted|Anonymous) TLS connection established', '\n'.join(lines))
        label = words[-1] if words else None
        action = {'sent': 'deliver', 'deferred': 'defer', 'bounced': 'bounce'}.get(status, status)
        return Delivery(action, channel(action, tls, label == 'Verified'), label, why, lines)


class Exim(Sender):
    """Debian's GnuTLS build: one configuration and one spool per mode, one process per message."""
    packages, product = ['exim4-daemon-heavy', 'exim4-config', 'exim4-base'], 'exim/smtp/'
    known = {
        'default': '',
        'require-tls': 'hosts_try_dane =\n  hosts_require_tls = *\n  tls_try_verify_hosts =',
        'try-dane': 'hosts_require_tls = *',
        'try-dane+verify-hosts': 'tls_verify_hosts = *',
        'require-dane': 'hosts_require_dane = *',
        'try-verify-hosts': 'hosts_try_dane =\n  tls_try_verify_hosts = *',
        'verify-hosts': 'hosts_try_dane =\n  tls_verify_hosts = *',
        'default-no-trust-ad': '',
        'require-dane-no-trust-ad': 'hosts_require_dane = *',
    }

    def start(self):
        for i, mode in enumerate(self.modes):
            lines = self.known[mode.replace('cert-', '')]
            if mode.startswith('cert-'):
                lines += '\n  tls_certificate = /interop/client.pem\n  tls_privatekey = /interop/client.key'
            self.root.put('/etc/exim4/sender%d.conf' % i, '''primary_hostname = sender.example
local_interfaces = 127.0.0.1
spool_directory = /var/spool/exim4-sender%(i)d
log_file_path = /var/log/exim4/sender%(i)d-%%slog
log_selector = +tls_certificate_verified +tls_cipher +tls_peerdn +dnssec
bounce_return_body = false
begin routers
hosts:
  driver = dnslookup
  transport = out
  dnssec_request_domains = *
begin transports
out:
  driver = smtp
  tls_verify_certificates = /interop/root.crt
  connect_timeout = 5s
  %(lines)s
begin retry
* * F,1h,1h
''' % dict(i=i, lines=lines))
            self.net.run(self.root, 'sh', '-c', 'rm -rf /var/spool/exim4-sender{0} /var/log/exim4/sender{0}-*; mkdir -p /var/log/exim4 /var/spool/exim4-sender{0}; '
                         'chown Debian-exim:Debian-exim /var/spool/exim4-sender{0}; chown Debian-exim:adm /var/log/exim4'.format(i))

    def stop(self):
        pass

    def address(self, case, mode):
        return 's%d@%s' % (self.modes.index(mode), self.name_of(case))

    def exim(self, mode, *words, **k):
        self.net.run(self.root, 'timeout', '60', 'exim4', '-C', '/etc/exim4/sender%d.conf' % self.modes.index(mode), *words, check=False, **k)

    def send(self, cell):
        self.exim(cell[1], '-odi', '-oi', '-f', 'a@sender.example', self.address(*cell), input='Subject: x\n\nx\n')

    def with_resolver(self, act, of, things):
        """First where resolv.conf has options trust-ad, then where it has not."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(act, [t for t in things if 'no-trust-ad' not in of(t)]))
            self.root.put('/etc/resolv.conf', 'nameserver 127.0.0.1\n')
            list(pool.map(act, [t for t in things if 'no-trust-ad' in of(t)]))
        self.root.put('/etc/resolv.conf', self.resolv)

    def deliver(self):
        """{(case, mode): Delivery}"""
        self.with_resolver(self.send, lambda cell: cell[1], self.cells())
        return self.found(self.cells(), 0)

    def retry(self, cells):
        """The same for a second attempt."""
        self.with_resolver(lambda mode: self.exim(mode, '-qff'), lambda mode: mode, [m for m in self.modes if any(m == c[1] for c in cells)])
        return self.found(cells, 1)

    def found(self, cells, attempt):
        attempts, taken = {}, self.world.taken()
        for i in range(len(self.modes)):
            for address, seen in self.log(i):
                attempts.setdefault(address, []).append(seen)
        return {(c, m): self.delivery((attempts.get(self.address(c, m), [])[attempt:] or [None])[0], taken.get(self.address(c, m))) for c, m in cells}

    def log(self, i):
        """(recipient, (arrow, its line, all lines of the message up to there)) of each attempt."""
        messages = {}
        for ident, text in re.findall(r'^\S+ \S+ (\w{6}-\w{6,11}-\w{2,4}) (.*)', self.root.read('/var/log/exim4/sender%d-mainlog' % i), re.M):
            lines = messages.setdefault(ident, [])
            lines.append(text)
            m = re.match(r'(=>|==|\*\*) (s\d+@\S+) (.*)', text)
            if m:
                yield m.group(2).rstrip(':'), (m.group(1), m.group(3), tuple(lines))
                del lines[:]

    @staticmethod
    def delivery(seen, tls):
        if not seen:
            return NOTHING
        arrow, text, lines = seen
        label = re.search(r' CV=\w+', text)
        label = label.group(0)[1:] if label else None
        action = {'=>': 'deliver', '==': 'defer', '**': 'bounce'}[arrow]
        return Delivery(action, channel(action, tls, label in ('CV=yes', 'CV=dane')), label, text, lines)
