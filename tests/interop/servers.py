"""The real servers, each with the smallest configuration that speaks SMTP and TLS."""
import os, re
import debian
from host import wait_port


class Server:
    packages, port, release = [], 25, ''

    def __init__(self, net, pki, name, address, leaf):
        self.net, self.pki, self.name, self.address, self.leaf = net, pki, name, address, leaf
        self.root = debian.root(type(self).__name__.lower(), self.packages, self.release) if self.packages else None
        if self.root:
            for source, target, mode in ((leaf + '.pem', 'srv.pem', 0o644), (leaf + '.key', 'srv.key', 0o600), ('root.crt', 'root.crt', 0o644)):
                self.root.copy(pki.at(source), '/interop/' + target, mode)
            self.root.put('/etc/hosts', '127.0.0.1 localhost\n%s %s\n' % (address, name))
            self.root.put('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions trust-ad timeout:2 attempts:1\n')
        net.run(None, 'ip', 'address', 'add', address + '/8', 'dev', 'lo')  # Postfix wants it on an interface
        self.start()

    def log(self, name):
        return os.path.join(self.pki.folder, name + '.log')

    def ready(self):
        assert wait_port(self.address, self.port), '%s does not listen:\n%s' % (type(self).__name__, self.tail())

    def tail(self):
        return ''

    def close(self):
        if self.root:
            self.root.umount()


class Postfix(Server):
    packages = ['postfix']
    smtpd = ['']  # -o options per smtpd

    def start(self):
        self.root.put('/etc/postfix/main.cf', '''compatibility_level = 3.6
myhostname = %s
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8
inet_interfaces = %s
inet_protocols = ipv4
maillog_file = /var/log/maillog
default_transport = discard:
local_transport = discard:
local_recipient_maps =
smtpd_tls_security_level = may
smtpd_tls_cert_file = /interop/srv.pem
smtpd_tls_key_file = /interop/srv.key
smtpd_tls_CAfile = /interop/root.crt
smtpd_tls_ask_ccert = yes
smtpd_tls_loglevel = 1
''' % (self.name, self.address))
        dist = self.root.read('/usr/share/postfix/master.cf.dist')
        lines = [re.sub(r'^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)', r'\1n\2', l) for l in dist.splitlines()]
        self.root.put('/etc/postfix/master.cf', '\n'.join(lines) + '\npostlog unix-dgram n - n - 1 postlogd\n')
        self.root.put('/var/log/maillog', '')
        self.net.run(self.root, 'newaliases', check=False)
        self.net.run(self.root, 'postfix', 'start', check=False)

    def tail(self):
        return self.root.read('/var/log/maillog')[-2000:]

    def close(self):
        self.net.run(self.root, 'postfix', 'stop', check=False)
        super().close()


class Exim(Server):
    packages = ['exim4-daemon-heavy', 'exim4-config', 'exim4-base']

    def start(self):
        self.root.put('/etc/exim4/interop.conf', '''primary_hostname = %s
daemon_smtp_ports = 25
local_interfaces = %s
log_file_path = /var/log/exim4/%%slog
tls_advertise_hosts = *
tls_certificate = /interop/srv.pem
tls_privatekey = /interop/srv.key
tls_verify_certificates = /interop/root.crt
tls_try_verify_hosts = *
acl_smtp_rcpt = accept_all
begin acl
accept_all:
  accept
begin routers
hole:
  driver = redirect
  data = :blackhole:
''' % (self.name, self.address))
        self.net.run(self.root, 'sh', '-c', 'chgrp Debian-exim /interop/srv.key && chmod 640 /interop/srv.key; mkdir -p /var/log/exim4 /run/exim4; '
                     'chown Debian-exim:adm /var/log/exim4; chown Debian-exim /run/exim4')
        self.net.spawn(self.root, 'exim4', '-C', '/etc/exim4/interop.conf', '-bdf', '-oP', '/run/exim4/interop.pid', log=self.log('exim'))

    def tail(self):
        return self.root.read('/var/log/exim4/mainlog')[-2000:] + open(self.log('exim'), errors='replace').read()[-2000:]


class Sendmail(Server):
    packages = ['sendmail-bin', 'sendmail-base', 'sendmail-cf', 'sensible-mda', 'm4']

    def start(self):
        self.root.put('/etc/mail/interop.mc', """divert(0)dnl
VERSIONID(`interop')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`confDOMAIN_NAME', `%s')dnl
define(`confCACERT_PATH', `/interop/ca')dnl
define(`confCACERT', `/interop/root.crt')dnl
define(`confSERVER_CERT', `/interop/srv.pem')dnl
define(`confSERVER_KEY', `/interop/srv.key')dnl
define(`confDELIVERY_MODE', `queueonly')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confDELAY_LA', `1000')dnl
define(`confPID_FILE', `/run/interop.pid')dnl
undefine(`confHOST_STATUS_DIRECTORY')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`accept_unresolvable_domains')dnl
DAEMON_OPTIONS(`Name=MTA, Addr=%s, Port=25')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
""" % (self.name, self.address))
        self.root.copy(self.pki.at('root.crt'), '/interop/ca/root.pem')
        self.net.run(self.root, 'sh', '-c', 'openssl rehash /interop/ca; cd /etc/mail && m4 /usr/share/sendmail/cf/m4/cf.m4 interop.mc > interop.cf')
        self.net.spawn(self.root, '/usr/libexec/sendmail/sendmail', '-bD', '-C', '/etc/mail/interop.cf', log=self.log('sendmail'))

    def tail(self):
        return open(self.log('sendmail'), errors='replace').read()[-2000:]


class Dovecot(Server):
    packages = ['dovecot-submissiond']
    port = 587

    def start(self):
        self.root.put('/etc/dovecot/interop.conf', '''protocols = submission
listen = %s
log_path = /var/log/dovecot-interop.log
ssl = required
ssl_cert = </interop/srv.pem
ssl_key = </interop/srv.key
ssl_ca = </interop/root.crt
ssl_require_crl = no
ssl_verify_client_cert = yes
auth_ssl_username_from_cert = yes
auth_mechanisms = external plain
hostname = %s
submission_relay_host = 127.0.0.1
mail_location = maildir:/tmp/interop-md
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/tmp
}
first_valid_uid = 1
service submission-login {
  inet_listener submission {
    address = %s
    port = 587
  }
}
''' % (self.address, self.name, self.address))
        self.net.spawn(self.root, 'dovecot', '-F', '-c', '/etc/dovecot/interop.conf', log=self.log('dovecot'))

    def tail(self):
        return self.root.read('/var/log/dovecot-interop.log')[-2000:]


class OpenSMTPD(Server):
    packages = ['opensmtpd']

    def start(self):
        self.root.put('/etc/smtpd.conf', '''pki p cert "/interop/srv.pem"
pki p key "/interop/srv.key"
listen on %s port 25 tls pki p hostname %s
action "d" maildir "/tmp/interop-maildir"
match from any for any action "d"
''' % (self.address, self.name))
        self.root.put('/etc/mailname', self.name + '\n')
        self.net.spawn(self.root, 'smtpd', '-d', '-v', log=self.log('opensmtpd'))

    def tail(self):
        return open(self.log('opensmtpd'), errors='replace').read()[-2000:]


class SServer(Server):
    """openssl s_server: TLS from the first byte, no SMTP behind it."""
    port = 465

    def start(self):
        self.net.spawn(None, 'openssl', 's_server', '-accept', '%s:465' % self.address, '-cert', self.pki.at(self.leaf + '.crt'), '-key', self.pki.at(self.leaf + '.key'),
                       '-cert_chain', self.pki.at(self.leaf + '.pem'), '-Verify', '2', '-CAfile', self.pki.at('root.crt'), '-verify_return_error', '-quiet', log=self.log('s_server'))


class GnutlsServ(Server):
    """gnutls-serv --echo: TLS from the first byte; it answers nothing that is SMTP. It listens on every address."""
    port = 466

    def start(self):
        self.net.spawn(None, 'gnutls-serv', '--port', '466', '--echo', '--x509certfile', self.pki.at(self.leaf + '.pem'), '--x509keyfile', self.pki.at(self.leaf + '.key'),
                       '--x509cafile', self.pki.at('root.crt'), log=self.log('gnutls-serv'))
