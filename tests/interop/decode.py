#!/usr/bin/env python3
"""Our decoding of TLS messages against tshark's, with servers on loopback that need no root: an SMTP
server with STARTTLS of this file, openssl s_server and gnutls-serv, in TLS 1.2 and 1.3."""
import os, socket, ssl, subprocess, sys, threading
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare
from host import BUILD, run, skip, wait_port, write
from pki import Pki

MXSCOPE, TREES = os.path.abspath('mxscope'), os.path.abspath('tests/interop/trees')
FOLDER = os.path.join(BUILD, 'decode')
NAME = 'mx1.example.org'
V12, V13 = 'NORMAL:%COMPAT:-VERS-ALL:+VERS-TLS1.2', 'NORMAL:%COMPAT:-VERS-ALL:+VERS-TLS1.3'


def free_port():
    s = socket.socket()
    s.bind(('127.0.0.1', 0))
    port = s.getsockname()[1]
    s.close()
    return port


class SmtpServer:
    """As much of SMTP as a walk needs, with STARTTLS and a wish for a client certificate."""

    def __init__(self, pki, version):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = self.context.maximum_version = version
        self.context.load_cert_chain(pki.at('leaf.pem'), pki.at('leaf.key'))
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.load_verify_locations(pki.at('cas.pem'))
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.session, args=(client,), daemon=True).start()

    def session(self, client):
        client.settimeout(10)
        try:
            client.sendall(b'220 mx1.example.org ESMTP\r\n')
            lines = client.makefile('rb')
            for line in lines:
                verb = line.split()[0].upper() if line.split() else b''
                if verb == b'STARTTLS':
                    client.sendall(b'220 2.0.0 go ahead\r\n')
                    client = self.context.wrap_socket(client, server_side=True)
                    return self.inside(client)
                client.sendall(b'250-mx1.example.org\r\n250 STARTTLS\r\n' if verb == b'EHLO' else b'250 ok\r\n')
        except OSError:
            pass
        finally:
            client.close()

    def inside(self, client):
        for line in client.makefile('rb'):
            if line.upper().startswith(b'QUIT'):
                client.sendall(b'221 bye\r\n')
                return
            client.sendall(b'250-mx1.example.org\r\n250 SIZE 1000\r\n' if line.upper().startswith(b'EHLO') else b'250 ok\r\n')

    def close(self):
        self.listener.close()


class Program:
    """A server program that listens on self.port; ended by its process id."""

    def __init__(self, words):
        self.port = free_port()
        self.process = subprocess.Popen([w.replace('PORT', str(self.port)) for w in words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert wait_port('127.0.0.1', self.port), '%s does not listen' % words[0]

    def close(self):
        self.process.terminate()
        self.process.wait()


def s_server(pki, leaf, *words):
    return lambda: Program(['openssl', 's_server', '-accept', '127.0.0.1:PORT', '-cert', pki.at(leaf + '.crt'), '-key', pki.at(leaf + '.key'),
                            '-cert_chain', pki.at('int.crt'), '-quiet'] + list(words))


def gnutls_serv(pki, *words):
    return lambda: Program(['gnutls-serv', '-p', 'PORT', '--echo', '--x509certfile', pki.at('leaf.pem'), '--x509keyfile', pki.at('leaf.key'),
                            '--x509cafile', pki.at('cas.pem')] + list(words))


def make_pki():
    pki = Pki(os.path.join(FOLDER, 'pki'))
    pki.issue('root', 'Decode Root', ca=True)
    pki.issue('other', 'Another Root', ca=True)
    pki.issue('int', 'Decode Intermediate', 'root', ca=True)
    pki.issue('leaf', NAME, 'int', eku='server', names=[NAME, 'mail.example.org'])
    pki.issue('rsa', NAME, 'int', eku='server', names=[NAME], rsa=True)
    pki.issue('client', 'out.example.net', 'int', eku='client', names=['out.example.net'])
    pki.chain('leaf', 'leaf', 'int')
    pki.chain('client', 'client', 'int')
    write(pki.at('cas.pem'), ''.join(open(pki.at(n + '.crt')).read() for n in ('root', 'other')))
    run('openssl', 'ocsp', '-issuer', pki.at('int.crt'), '-cert', pki.at('leaf.crt'), '-no_nonce', '-reqout', pki.at('ocsp.req'))
    run('openssl', 'ocsp', '-index', pki.at('index.txt'), '-CA', pki.at('int.crt'), '-rsigner', pki.at('int.crt'), '-rkey', pki.at('int.key'),
        '-reqin', pki.at('ocsp.req'), '-respout', pki.at('ocsp.der'), '-ndays', '7')
    return pki


def rows(pki):
    """name, server, words of ours, and the messages that a session must have shown"""
    ask, staple = ['-Verify', '2', '-CAfile', pki.at('cas.pem')], ['-status_file', pki.at('ocsp.der')]
    client = ['--client-cert', pki.at('client.pem'), '--client-key', pki.at('client.key')]
    tls = ['--tls=implicit']
    full13, full12 = {1, 2, 8, 13, 11, 15, 20, 4}, {1, 2, 11, 12, 13, 14, 15, 16, 20}
    return [
        ('STARTTLS, TLS 1.3', lambda: SmtpServer(pki, ssl.TLSVersion.TLSv1_3), client + ['--priority', V13], full13),
        ('STARTTLS, TLS 1.2', lambda: SmtpServer(pki, ssl.TLSVersion.TLSv1_2), client, full12),
        ('s_server, TLS 1.3 with a staple', s_server(pki, 'leaf', *ask, *staple), tls + client, full13),
        ('s_server, TLS 1.3, certificate required', s_server(pki, 'leaf', *ask, '-verify_return_error'), tls, full13 - {15, 4}),
        ('s_server, TLS 1.3, HelloRetryRequest', s_server(pki, 'rsa', '-groups', 'ffdhe3072'), tls + ['--priority', V13], {1, 2, 8, 11, 15, 20, 4}),
        ('s_server, TLS 1.2 with a staple', s_server(pki, 'leaf', '-tls1_2', *ask, *staple), tls + client, full12 | {22, 4}),
        ('s_server, TLS 1.2, DHE', s_server(pki, 'rsa', '-tls1_2', '-cipher', 'DHE'), tls, {1, 2, 11, 12, 14, 16, 20}),
        ('s_server, TLS 1.2, RSA', s_server(pki, 'rsa', '-tls1_2', '-cipher', 'AES128-SHA'), tls, {1, 2, 11, 14, 16, 20}),
        ('s_server, no common cipher', s_server(pki, 'rsa', '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA'), tls, {1}),
        ('gnutls-serv, TLS 1.3', gnutls_serv(pki, '--ocsp-response', pki.at('ocsp.der')), tls + client, full13),
        ('gnutls-serv, TLS 1.2', gnutls_serv(pki, '--ocsp-response', pki.at('ocsp.der')), tls + client + ['--priority', V12], full12 | {22}),
    ]


def walk(port, words, folder):
    """mxscope's walk, recorded; gives the comparison's shapes and count, and what differs."""
    record, pcap, say = os.path.join(folder, 'record.ndjson'), os.path.join(folder, 'walk.pcapng'), []
    p = subprocess.run([MXSCOPE, 'check', '--json', '--offer', 'any', '--resolver', '127.0.0.1:1', '--timeout', '2', '--sni', NAME, '--record', record,
                        '--keylog', os.path.join(folder, 'keys.log'), '--pcap', pcap] + words, capture_output=True, text=True, timeout=60)
    if p.returncode == 3 or not p.stdout:
        return [], 0, ['status %d: %s' % (p.returncode, p.stderr)]
    shapes, count = compare.compare(pcap, TREES, record, port, say)
    compare.compare_report(p.stdout, pcap, port, say)
    return shapes, count, say


def main():
    reason = compare.missing('gnutls-serv')
    if reason:
        skip(reason)
    os.makedirs(FOLDER, exist_ok=True)
    pki, bad = make_pki(), 0
    for name, start, words, types in rows(pki):
        server = start()
        try:
            shapes, count, say = walk(server.port, words + ['[127.0.0.1]:%d' % server.port], FOLDER)
        finally:
            server.close()
        if not any(types <= {m.type for m in shape if m.kind == 'handshake'} for shape in shapes):
            say.append('no session has the messages %s: %s' % (sorted(types), shapes))
        if count < 90:
            say.append('only %d fields compared' % count)
        bad += len(say)
        print('%s: %d fields' % (name, count), 'ok' if not say else '\n  '.join(['FAILED'] + say))
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
