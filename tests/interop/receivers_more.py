"""Receivers of client certificates that this system has not, or not as a mail server: OpenSMTPD of Debian 13 (that of
Debian 12 completes no TLS handshake) and a server on Go's crypto/tls."""
import os
import debian, receivers
from receivers import Receiver

HERE = os.path.dirname(os.path.abspath(__file__))


class OpenSMTPDReceiver(Receiver):
    packages, release = ['opensmtpd', 'ca-certificates'], 'trixie'  # the relay of its own wants a store
    options = {'tls': 'tls pki p', 'tls-require': 'tls-require pki p', 'tls-require-verify': 'tls-require verify pki p ca c'}
    modes = {'opensmtpd/listen/' + m: 2621 + i for i, m in enumerate(options)}

    ended, telling = r'smtp disconnected', r'smtp disconnected reason="io-error'

    def logfile(self):
        return self.log('opensmtpd-receiver')

    def start(self):
        self.trust()
        self.root.put('/etc/smtpd.conf', 'pki p cert "/interop/srv.pem"\npki p key "/interop/srv.key"\nca c cert "/interop/clients.pem"\n' +
                      ''.join('listen on %s port %d %s hostname mx.receiver.example\n' % (self.address, port, self.options[mode.split('/')[2]])
                              for mode, port in self.modes.items()) +
                      'action "d" relay\nmatch from any for any action "d"\n')
        self.root.put('/etc/mailname', 'mx.receiver.example\n')
        self.net.spawn(self.root, 'smtpd', '-d', '-v', log=self.log('opensmtpd-receiver'))

    def tail(self):
        return open(self.log('opensmtpd-receiver'), errors='replace').read()[-2000:]


class GoReceiver(Receiver):
    packages = ['golang-go']
    kinds = ['verify-if-given', 'require-any', 'require-and-verify']
    modes = {'go/server/' + m: 2671 + i for i, m in enumerate(kinds)}

    prefix, telling = 'handshake: ', '^tls: '

    def logfile(self):
        return self.log('go-receiver')

    def start(self):
        self.trust()
        self.root.copy(os.path.join(HERE, 'smtpserver.go'), '/interop/smtpserver.go')
        self.net.run(self.root, 'env', 'HOME=/root', 'CGO_ENABLED=0', 'GO111MODULE=off', 'GOTOOLCHAIN=local', 'go', 'build', '-o', '/interop/smtpserver', '/interop/smtpserver.go')
        self.net.spawn(self.root, '/interop/smtpserver', '/interop/srv.pem', '/interop/srv.key', '/interop/clients.pem',
                       *['%s:%d=%s' % (self.address, port, mode.split('/')[2]) for mode, port in self.modes.items()], log=self.log('go-receiver'))

    def tail(self):
        return open(self.log('go-receiver'), errors='replace').read()[-2000:]


class NewGoReceiver(GoReceiver):
    """Its alerts have reasons."""
    release = 'trixie'
    modes = {'go-1.21/server/' + m: 2674 + i for i, m in enumerate(GoReceiver.kinds)}


ALL = receivers.ALL + [OpenSMTPDReceiver] + ([] if debian.RELEASE else [GoReceiver]) + ([NewGoReceiver] if debian.RELEASE or os.environ.get('INTEROP_ALL') else [])
