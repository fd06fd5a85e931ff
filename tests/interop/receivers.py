"""Real receivers of client certificates, each of its modes on a port of its own, and a client that shows
them a chain and says what became of it. Names of modes are those of the profiles (share/verifiers)."""
import os, re, socket, ssl, threading, time
from host import Root, run, wait_port
from servers import Server

SENDER, RELAY = '10.9.0.7', '10.9.0.3'  # sendmail relays for 127.0.0.1 whatever the certificate says
ALERTS = {'BAD_CERTIFICATE': 42, 'UNSUPPORTED_CERTIFICATE': 43, 'CERTIFICATE_REVOKED': 44, 'CERTIFICATE_EXPIRED': 45, 'CERTIFICATE_UNKNOWN': 46,
          'ILLEGAL_PARAMETER': 47, 'UNKNOWN_CA': 48, 'ACCESS_DENIED': 49, 'DECODE_ERROR': 50, 'DECRYPT_ERROR': 51, 'HANDSHAKE_FAILURE': 40,
          'INTERNAL_ERROR': 80, 'CERTIFICATE_REQUIRED': 116}


def alert_of(error):
    """The number of the alert in an error of the ssl module; None for a close."""
    m = re.search(r'ALERT_(\w+)', getattr(error, 'reason', None) or '')
    return ALERTS.get(m.group(1)) if m else None


def outcome(action, stage=None, reply=None, alert=None, text=None):
    return dict(action=action, stage=stage, reply=reply, alert=alert, text=text)


def context(pem, key, tls):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
    c.minimum_version = c.maximum_version = {'1.2': ssl.TLSVersion.TLSv1_2, '1.3': ssl.TLSVersion.TLSv1_3}[tls]
    if pem:
        c.set_ciphers('DEFAULT:@SECLEVEL=0')  # or it would not show a weak one
        c.load_cert_chain(pem, key)
    return c


def reply(stream):
    """One SMTP reply: its code and text; OSError when the connection ends first."""
    lines = []
    while True:
        line = stream.readline(2000)
        if not line:
            raise ConnectionError('closed')
        lines.append(line.decode('latin-1').rstrip())
        if line[3:4] != b'-':
            return int(line[:3]), '\n'.join(lines)


def smtp(address, port, pem, key, tls, auth=None, source=None, rcpt='u@remote.example', message=False):
    """STARTTLS with this certificate, then a delivery up to RCPT, or of a whole message: where it is refused, and how."""
    plain = socket.create_connection((address, port), 10, (source, 0) if source else None)
    plain.settimeout(10)
    stream = plain.makefile('rb', 0)
    reply(stream)
    for command in (b'EHLO mx.sender.example\r\n', b'STARTTLS\r\n'):
        plain.sendall(command)
        reply(stream)
    try:
        t = context(pem, key, tls).wrap_socket(plain, server_hostname='mx.receiver.example')
    except (ssl.SSLError, OSError) as e:
        plain.close()
        return outcome('handshake-failure', alert=alert_of(e))
    stages = [('ehlo-tls', b'EHLO mx.sender.example\r\n')] + ([('auth', b'AUTH EXTERNAL =\r\n')] if auth == 'external' else []) + \
             [('mail', b'MAIL FROM:<a@sender.example>\r\n'), ('rcpt', b'RCPT TO:<%s>\r\n' % rcpt.encode())]
    if auth == 'password':
        stages = stages[:1] + [('auth', b'AUTH PLAIN AHVzZXIAcHc=\r\n')]
    if message:
        stages += [('data', b'DATA\r\n'), ('data', b'Subject: x\r\n\r\nx\r\n.\r\n')]
    try:
        stream = t.makefile('rb', 0)
        for stage, command in stages:
            t.sendall(command)
            code, text = reply(stream)
            if code >= 400:
                return outcome('reject', stage, code, text=text)
        t.sendall(b'QUIT\r\n')
        return outcome('accept')
    except (ssl.SSLError, OSError) as e:
        return outcome('handshake-failure', alert=alert_of(e))
    finally:
        t.close()


def plain_tls(address, port, pem, key, tls, **_):
    """TLS from the first byte, and one line that is answered."""
    s = socket.create_connection((address, port), 10)
    s.settimeout(10)
    try:
        t = context(pem, key, tls).wrap_socket(s, server_hostname='mx.receiver.example')
        t.sendall(b'GET / HTTP/1.0\r\n\r\n')
        return outcome('accept' if t.recv(100) else 'handshake-failure')
    except (ssl.SSLError, OSError) as e:
        return outcome('handshake-failure', alert=alert_of(e))
    finally:
        s.close()


def peer(line):
    """The line without the client's name, which comes from reverse DNS or EHLO and not from its certificate."""
    return re.sub(r'(from \(?|for |relay=|H=\()[^\s\[\])]+(?=\)? ?\[)', r'\1CLIENT', line)


def like(predicted, line):
    """Whether this is that line: "..." stands for anything."""
    return re.fullmatch('.*'.join(map(re.escape, peer(predicted).rstrip().split('...'))), peer(line)) is not None


class Receiver(Server):
    """modes: {profile: port}. trusted: a PEM file of roots; listed: certificates on file, as (name, PEM file)."""
    modes, talk, words = {}, staticmethod(smtp), {}

    def __init__(self, net, pki, name, address, leaf, trusted, listed):
        self.trusted, self.listed, self.marks = trusted, listed, {}
        super().__init__(net, pki, name, address, leaf)

    def trust(self):
        self.root.copy(self.trusted, '/interop/clients.pem')

    def fingerprints(self):
        for name, pem in self.listed:
            out = run('openssl', 'x509', '-in', pem, '-noout', '-fingerprint', '-sha256').stdout
            yield name, out.split('=')[1].strip()

    # Its log: the file; what stands before each line; when the session is over; and which lines no profile predicts, or
    # which ones it does where the program prints much else.
    prefix, ended, noise, telling = '', None, None, None

    def logfile(self):
        return ''

    def mark(self):
        path = self.logfile()
        self.at = os.path.getsize(path) if os.path.exists(path) else 0

    def text(self):
        with open(self.logfile(), errors='replace') as f:
            f.seek(self.at)
            return f.read()

    def since(self, done, seconds=3):
        """What was logged since mark(), once done(text) holds; everything after that long."""
        end = time.monotonic() + seconds
        while not done(text := self.text()) and time.monotonic() < end:
            time.sleep(0.02)
        return text

    def lines(self, text):
        """Those of a log that a profile has to predict."""
        bare = [re.sub('^' + self.prefix, '', l).rstrip() for l in text.splitlines()]
        told = [l for l in bare if l and (re.search(self.telling, l) if self.telling else not re.search(self.noise, l))]
        return [l for i, l in enumerate(told) if not i or l != told[i - 1]]  # stunnel says one thing several times

    def logged(self, predicted):
        """Whether the log has these lines, "..." standing for anything, and no others; and the log."""
        def agrees(text):
            got = self.lines(text)
            return len(got) == len(predicted) and all(like(p, l) for p, l in zip(predicted, got))

        text = self.since(lambda t: (not self.ended or re.search(self.ended, t)) and agrees(t))
        return agrees(text), self.lines(text)

    def label(self, mode):
        return None  # it has no word of its own

    def backend(self):
        """What has to run in this process, which is inside the namespace by now."""

    def ready(self):
        for port in self.modes.values():
            assert wait_port(self.address, port), '%s does not listen at %d:\n%s' % (type(self).__name__, port, self.tail())

    def probe(self, mode, pem, key, tls, log):
        """log: the lines that are predicted."""
        self.mark()
        got = self.talk(self.address, self.modes[mode], pem, key, tls, **self.words.get(mode, {}))
        got['label'] = self.label(mode)
        got['logged'], got['lines'] = self.logged(log)
        return got


class PostfixReceiver(Receiver):
    packages = ['postfix']
    options = {'none': '', 'ask': '-o smtpd_tls_ask_ccert=yes', 'req': '-o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes',
               'permit-clientcerts': '-o smtpd_tls_ask_ccert=yes -o smtpd_relay_restrictions=permit_tls_clientcerts,reject -o relay_clientcerts=texthash:/etc/postfix/listed',
               'permit-all-clientcerts': '-o smtpd_tls_ask_ccert=yes -o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject',
               'permit-all-clientcerts+fingerprints': '-o smtpd_tls_ask_ccert=yes -o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject '
                                                      '-o relay_clientcerts=texthash:/etc/postfix/listed',
               'req+permit-all-clientcerts': '-o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes -o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject',
               'ccert-access': '-o smtpd_tls_ask_ccert=yes -o smtpd_relay_restrictions=check_ccert_access,texthash:/etc/postfix/listed-ok,reject'}
    modes = {'postfix/smtpd/' + m: 2601 + i for i, m in enumerate(options)}

    def start(self):
        self.trust()
        self.root.put('/etc/postfix/listed', ''.join('%s %s\n' % (fp, n) for n, fp in self.fingerprints()))
        self.root.put('/etc/postfix/listed-ok', ''.join('%s OK\n' % fp for _, fp in self.fingerprints()))
        self.root.put('/etc/postfix/main.cf', '''compatibility_level = 3.6
myhostname = mx.receiver.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = %s
inet_protocols = ipv4
maillog_file = /var/log/maillog
default_transport = discard:
smtpd_tls_security_level = may
smtpd_tls_cert_file = /interop/srv.pem
smtpd_tls_key_file = /interop/srv.key
smtpd_tls_CAfile = /interop/clients.pem
smtpd_tls_loglevel = 1
smtpd_tls_fingerprint_digest = sha256
smtpd_relay_restrictions = permit_mynetworks,reject
''' % self.address)
        dist = self.root.read('/usr/share/postfix/master.cf.dist')
        lines = [re.sub(r'^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)', r'\1n\2', l) for l in dist.splitlines() if not l.startswith('smtp      inet')]
        for mode, port in self.modes.items():
            lines.append('%s:%d inet n - n - - smtpd %s' % (self.address, port, self.options[mode.split('/')[2]]))
        self.root.put('/etc/postfix/master.cf', '\n'.join(lines) + '\npostlog unix-dgram n - n - 1 postlogd\n')
        self.root.put('/var/log/maillog', '')
        self.net.run(self.root, 'newaliases', check=False)
        self.net.run(self.root, 'postfix', 'start')

    prefix, ended = r'\w+ +\d+ [\d:]+ \S+ postfix/smtpd\[\d+\]: ', r'disconnect from'
    noise = r'connect from|lost connection after|client=|NIS lookups|^\w+ +\d+ .*postfix/(?!smtpd)'

    def logfile(self):
        return self.root.path + '/var/log/maillog'

    def tail(self):
        return self.root.read('/var/log/maillog')[-2000:]

    def label(self, mode):
        m = re.search(r'(\w+) TLS connection established from', self.since(lambda t: re.search(self.ended, t)))
        return m and m.group(1)

    def close(self):
        self.net.run(self.root, 'postfix', 'stop', check=False)
        super().close()


class EximReceiver(Receiver):
    packages = ['exim4-daemon-heavy', 'exim4-config', 'exim4-base']
    more = ''  # lines of configuration
    modes = {'exim/smtpd/' + m: 2611 + i for i, m in enumerate(['none', 'try-verify', 'verify', 'acl-verify', 'auth-external', 'auth-tls'])}
    words = {m: dict(message=True, auth='external' if m.endswith('external') else None) for m in modes}
    prefix, ended = r'\S+ \S+ (?:\w{6}-\w{6,11}-\w{2,4} )?', r'closed by|connection .*lost|unexpected disconnection'
    noise = r'SMTP connection from|unexpected disconnection|non-properly terminated|^=> |^Completed|^exim user lost privilege'

    def start(self):
        self.trust()
        self.root.put('/etc/exim4/receiver.conf', '''primary_hostname = mx.receiver.example
daemon_smtp_ports = %s
local_interfaces = %s
log_file_path = /var/log/exim4/%%slog
log_selector = +smtp_connection -host_lookup_failed
tls_advertise_hosts = *
tls_certificate = /interop/srv.pem
tls_privatekey = /interop/srv.key
tls_verify_certificates = /interop/clients.pem
tls_try_verify_hosts = ${if inlist{$received_port}{2612:2614:2615:2616}{*}{}}
tls_verify_hosts = ${if eq{$received_port}{2613}{*}{}}
auth_advertise_hosts = ${if inlist{$received_port}{2615:2616}{*}{}}
acl_smtp_rcpt = acl_rcpt
%s
begin acl
acl_rcpt:
  deny condition = ${if eq{$received_port}{2614}}
       !verify = certificate
       message = certificate not verified
  deny condition = ${if eq{$received_port}{2616}}
       !authenticated = *
       message = relay not permitted
  accept
begin authenticators
ext:
  driver = external
  public_name = EXTERNAL
  server_advertise_condition = ${if eq{$received_port}{2615}{$tls_in_certificate_verified}{no}}
  server_param2 = ${certextract {subj_altname,dns,>:}{$tls_in_peercert}}
  server_condition = ${if forany{$auth2}{!eq{$item}{}}{yes}{yes}}
  server_set_id = $auth1
tls:
  driver = tls
  server_param1 = ${certextract {subject}{$tls_in_peercert}}
  server_condition = ${if eq{$received_port}{2616}{$tls_in_certificate_verified}{no}}
  server_set_id = $auth1
begin routers
hole:
  driver = redirect
  data = :blackhole:
''' % (' : '.join(map(str, self.modes.values())), self.address, self.more))
        self.net.run(self.root, 'sh', '-c', 'chgrp Debian-exim /interop/srv.key && chmod 640 /interop/srv.key; mkdir -p /var/log/exim4 /run/exim4; '
                     ': >/var/log/exim4/mainlog; chown Debian-exim:adm /var/log/exim4 /var/log/exim4/mainlog; chown Debian-exim /run/exim4')
        self.net.spawn(self.root, 'exim4', '-C', '/etc/exim4/receiver.conf', '-bdf', '-oP', '/run/exim4/receiver.pid', log=self.log('exim-receiver'))

    def logfile(self):
        return self.root.path + '/var/log/exim4/mainlog'

    def tail(self):
        return self.root.read('/var/log/exim4/mainlog')[-2000:] + open(self.log('exim-receiver'), errors='replace').read()[-2000:]

    def label(self, mode):
        m = re.search(r'CV=(\w+)', self.since(lambda t: re.search(self.ended, t)))
        return m and 'CV=' + m.group(1)


class SendmailReceiver(Receiver):
    packages = ['sendmail-bin', 'sendmail-base', 'sendmail-cf', 'sensible-mda', 'm4']
    modes = {'sendmail/daemon/' + m: 2631 + i for i, m in enumerate(['default', 'no-request', 'tls-clt-verify', 'cert-issuer-relay'])}
    words = {m: dict(source=SENDER) for m in modes}
    prefix, ended = r'<\d+>\w+ +\d+ [\d:]+ sendmail\[\d+\]: (?:\w{14}: )?', r'from=<|did not issue'
    noise = r'^from=<|^to=<|lost input channel|SSL_shutdown failed|did not issue'
    more = ''  # lines of the m4 file
    issuers = ()  # names of issuers whose clients may relay, as sendmail writes them

    def start(self):
        self.trust()
        self.net.run(None, 'ip', 'address', 'add', SENDER + '/32', 'dev', 'lo', check=False)
        self.root.put('/etc/hosts', '127.0.0.1 localhost\n%s mx.receiver.example\n%s mx.sender.example\n' % (self.address, SENDER))
        self.net.run(self.root, 'sh', '-c', 'rm -rf /interop/ca; mkdir -p /interop/ca; cd /interop/ca && csplit -zs -f root- -b %03d.pem /interop/clients.pem "/BEGIN/" "{*}"; '
                     'openssl rehash /interop/ca; chmod 600 /interop/srv.key')
        self.syslog()
        relay = 'Connect:%s\tRELAY\nTo:remote.example\tRELAY\n' % SENDER
        access = {'default': relay, 'no-request': relay + 'Srv_Features:%s\tV\n' % SENDER, 'tls-clt-verify': relay + 'TLS_Clt:%s\tVERIFY\n' % SENDER,
                  'cert-issuer-relay': ''.join('CERTIssuer:%s\tRELAY\n' % name for name in self.issuers)}
        for i, (mode, port) in enumerate(self.modes.items()):
            self.daemon('r%d' % i, port, access[mode.split('/')[2].split('+')[0]])

    def daemon(self, name, port, access):
        self.root.put('/etc/mail/%s.access' % name, access)
        self.root.put('/etc/mail/%s.mc' % name, """divert(0)dnl
VERSIONID(`interop')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`confDOMAIN_NAME', `mx.receiver.example')dnl
define(`confCACERT_PATH', `/interop/ca')dnl
define(`confCACERT', `/interop/clients.pem')dnl
define(`confSERVER_CERT', `/interop/srv.pem')dnl
define(`confSERVER_KEY', `/interop/srv.key')dnl
define(`confDONT_PROBE_INTERFACES', `true')dnl
define(`confDELIVERY_MODE', `queueonly')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confDELAY_LA', `1000')dnl
define(`confPID_FILE', `/run/%(n)s.pid')dnl
define(`QUEUE_DIR', `/var/spool/mqueue-%(n)s')dnl
define(`STATUS_FILE', `/var/lib/sendmail/%(n)s.status')dnl
undefine(`confHOST_STATUS_DIRECTORY')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/%(n)s.access')dnl
FEATURE(`accept_unresolvable_domains')dnl
DAEMON_OPTIONS(`Name=MTA, Addr=%(a)s, Port=%(p)d')dnl
%(m)sMAILER(`local')dnl
MAILER(`smtp')dnl
""" % dict(n=name, a=self.address, p=port, m=self.more))
        self.net.run(self.root, 'sh', '-c', '/usr/libexec/sendmail/makemap hash /etc/mail/{0}.access < /etc/mail/{0}.access; cd /etc/mail && '
                     'm4 /usr/share/sendmail/cf/m4/cf.m4 {0}.mc > {0}.cf; mkdir -p /var/spool/mqueue-{0}; chmod 700 /var/spool/mqueue-{0}'.format(name))
        self.net.spawn(self.root, '/usr/libexec/sendmail/sendmail', '-bD', '-C', '/etc/mail/%s.cf' % name, log=self.log('sendmail-receiver'))

    def syslog(self):
        """sendmail logs by syslog(3) only: a socket of ours stands in for the daemon, in a /dev of its own."""
        dev = self.root.path + '/dev'
        run('umount', '-l', dev)
        run('mount', '-t', 'tmpfs', 'tmpfs', dev)
        for name, minor in (('null', 3), ('zero', 5), ('random', 8), ('urandom', 9)):
            run('mknod', '-m', '666', dev + '/' + name, 'c', '1', str(minor))
        sock, out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), open(self.log('sendmail-syslog'), 'wb', 0)
        sock.bind(dev + '/log')
        os.chmod(dev + '/log', 0o666)

        def drain():
            while True:
                out.write(sock.recv(65536) + b'\n')
        threading.Thread(target=drain, daemon=True).start()

    def logfile(self):
        return self.log('sendmail-syslog')

    def tail(self):
        return open(self.log('sendmail-receiver'), errors='replace').read()[-2000:]

    def label(self, mode):
        m = re.search(r'STARTTLS=server, relay=.*?verify=(\w+)', self.since(lambda t: re.search(r'STARTTLS=server, (relay|error)', t)))
        return m and 'verify=' + m.group(1)


class DovecotReceiver(Receiver):
    packages = ['dovecot-submissiond']
    modes = {'dovecot/submission/require': 2681}
    words = {'dovecot/submission/require': dict(auth='password')}
    prefix, telling = r'\w+ +\d+ [\d:]+ ', r'^submission-login: (?!.*no auth attempts)'
    require_crl = 'no'

    # what 2.4 calls otherwise than 2.3
    own = {'2.3': '''ssl_cert = </interop/srv.pem
ssl_key = </interop/srv.key
ssl_ca = </interop/clients.pem
ssl_require_crl = REQUIRE_CRL
ssl_verify_client_cert = yes
mail_location = maildir:/tmp/interop-md
passdb {
  driver = static
  args = password=pw
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/tmp
}
''', '2.4': '''ssl_server_cert_file = /interop/srv.pem
ssl_server_key_file = /interop/srv.key
ssl_server_ca_file = /interop/clients.pem
ssl_server_require_crl = REQUIRE_CRL
ssl_server_request_client_cert = yes
mail_driver = maildir
mail_path = /tmp/interop-md
passdb static {
  password = pw
}
userdb static {
  fields {
    uid = 65534
    gid = 65534
    home = /tmp
  }
}
'''}

    def start(self):
        self.trust()
        version = self.net.run(self.root, 'dovecot', '--version').stdout[:3]
        head = 'dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n' if version == '2.4' else ''
        self.root.put('/etc/dovecot/receiver.conf', head + '''protocols = submission
listen = %s
log_path = /var/log/dovecot-receiver.log
ssl = yes
auth_ssl_require_client_cert = yes
auth_mechanisms = plain
submission_relay_host = 127.0.0.1
hostname = mx.receiver.example
first_valid_uid = 1
service submission-login {
  inet_listener submission {
    %s = %s
    port = 2681
  }
}
''' % (self.address, 'listen' if version == '2.4' else 'address', self.address) + self.own[version].replace('REQUIRE_CRL', self.require_crl))
        self.net.spawn(self.root, 'dovecot', '-F', '-c', '/etc/dovecot/receiver.conf', log=self.log('dovecot-receiver'))

    def logfile(self):
        return self.root.path + '/var/log/dovecot-receiver.log'

    def tail(self):
        return self.root.read('/var/log/dovecot-receiver.log')[-2000:]


class SServerReceiver(Receiver):
    packages = ['openssl']
    talk = staticmethod(plain_tls)
    options = {'require': ['-Verify', '5', '-verify_return_error'], 'require-any-purpose': ['-Verify', '5', '-verify_return_error', '-purpose', 'any'],
               'verify': ['-verify', '5', '-verify_return_error']}
    modes = {'openssl/server/' + m: 2641 + i for i, m in enumerate(options)}
    telling = r'^depth=|^verify|^not(Before|After)=|:error:(?!.*unexpected eof)'

    def logfile(self):
        return self.log('s_server-receiver')

    def lines(self, text):
        """But for the CAs that are well."""
        return super().lines(re.sub(r'depth=[1-9].*\nverify return:1\n', '', text))

    def start(self):
        self.trust()
        for mode, port in self.modes.items():
            self.net.spawn(self.root, 'openssl', 's_server', '-accept', '%s:%d' % (self.address, port), '-cert', '/interop/srv.pem', '-key', '/interop/srv.key',
                           '-cert_chain', '/interop/srv.pem', '-CAfile', '/interop/clients.pem', '-www', *self.options[mode.split('/')[2]], log=self.log('s_server-receiver'))


class GnutlsReceiver(Receiver):
    """It listens on every address."""
    packages = ['gnutls-bin']
    talk = staticmethod(plain_tls)
    options = {'request': [], 'verify': ['--verify-client-cert'], 'require-verify': ['--require-client-cert', '--verify-client-cert']}
    modes = {'gnutls/server/' + m: 2651 + i for i, m in enumerate(options)}
    telling = r"^- Status|^- Peer's|^Error in handshake: (?!.*non-properly)"

    def logfile(self):
        return self.log('gnutls-receiver')

    def start(self):
        self.trust()
        for mode, port in self.modes.items():
            self.net.spawn(self.root, 'stdbuf', '-oL', '-eL', 'gnutls-serv', '--echo', '-p', str(port), '--x509certfile', '/interop/srv.pem', '--x509keyfile', '/interop/srv.key',
                           '--x509cafile', '/interop/clients.pem', *self.options[mode.split('/')[2]], log=self.log('gnutls-receiver'))


class StunnelReceiver(Receiver):
    packages = ['stunnel4']
    talk = staticmethod(plain_tls)
    options = {'require-cert': 'requireCert=yes', 'verify-chain': 'verifyChain=yes', 'verify-peer': 'verifyPeer=yes'}
    modes = {'stunnel/server/' + m: 2661 + i for i, m in enumerate(options)}
    prefix, ended = r'\S+ \S+ LOG\d\[\d+\]: ', r'Connection (closed|reset)'
    noise = r'Service \[|s_connect: connected|Connection (closed|reset)|LOG\d\[(ui|main|cron|per-)|unexpected eof'

    def logfile(self):
        return self.log('stunnel-receiver')

    def start(self):
        self.trust()
        self.root.put('/interop/peers.pem', ''.join(open(pem).read() for _, pem in self.listed))
        lines = ['foreground=yes', 'pid=', 'debug=5']
        for mode, port in self.modes.items():
            word = mode.split('/')[2]
            lines += ['[%s]' % word, 'accept=%s:%d' % (self.address, port), 'connect=127.0.0.1:2660', 'cert=/interop/srv.pem', 'key=/interop/srv.key',
                      'CAfile=/interop/%s' % ('peers.pem' if word == 'verify-peer' else 'clients.pem'), self.options[word]]
        self.root.put('/interop/stunnel.conf', '\n'.join(lines) + '\n')
        self.net.spawn(self.root, 'stunnel4', '/interop/stunnel.conf', log=self.log('stunnel-receiver'))

    def backend(self):
        """What stands behind stunnel: answers every connection."""
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('127.0.0.1', 2660))
        s.listen(50)

        def answer(c):
            try:
                c.sendall(b'ok ' + c.recv(100))
            except OSError:
                pass
            c.close()

        def serve():
            while True:
                threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()


ALL = [PostfixReceiver, EximReceiver, SendmailReceiver, DovecotReceiver, SServerReceiver, GnutlsReceiver, StunnelReceiver]
