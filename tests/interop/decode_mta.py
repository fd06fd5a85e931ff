#!/usr/bin/env python3
"""Our decoding of TLS messages against tshark's, with the real Postfix, Exim, sendmail and Dovecot,
in TLS 1.2 and 1.3."""
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare, servers
from decode import V12, V13, walk
from host import BUILD, Net, need_root, skip
from pki import Pki

NAME = 'mx.decode.test'
SERVERS = [('Postfix', 25, False), ('Exim', 25, False), ('Sendmail', 25, True), ('Dovecot', 587, False)]
# what a session that asks for a client certificate must have shown
TYPES = {V12: {1, 2, 11, 12, 13, 14, 15, 16, 20}, V13: {1, 2, 8, 11, 13, 15, 20}}


def main():
    need_root()
    if compare.missing():
        skip(compare.missing())
    folder = os.path.join(BUILD, 'decode-mta')
    os.makedirs(folder, exist_ok=True)
    pki = Pki(os.path.join(folder, 'pki'))
    pki.issue('root', 'Decode Root', ca=True)
    pki.issue('int', 'Decode Intermediate', 'root', ca=True)
    pki.issue('client', 'out.example.net', 'int', eku='client', names=['out.example.net'])
    pki.chain('client', 'client', 'int')
    net, running, bad = Net('mxdecode'), [], 0
    try:
        for i, (kind, port, rsa) in enumerate(SERVERS):
            pki.issue(kind, NAME, 'int', eku='server', names=[NAME], rsa=rsa)
            pki.chain(kind, kind, 'int')
            running.append(getattr(servers, kind)(net, pki, NAME, '127.0.0.%d' % (31 + i), kind))
        net.enter()
        for i, (kind, port, rsa) in enumerate(SERVERS):
            running[i].ready()
            for priority, version in ((V12, '1.2'), (V13, '1.3')):
                shapes, count, say = walk(port, ['--client-cert', pki.at('client.pem'), '--client-key', pki.at('client.key'), '--priority', priority,
                                                 '[127.0.0.%d]:%d' % (31 + i, port)], folder)
                if not any(TYPES[priority] <= {m.type for m in shape if m.kind == 'handshake'} for shape in shapes):
                    say.append('no session has the messages %s: %s' % (sorted(TYPES[priority]), shapes))
                bad += len(say)
                print('%s, TLS %s: %d fields' % (kind, version, count), 'ok' if not say else '\n  '.join(['FAILED'] + say + [running[i].tail()]))
    finally:
        for server in running:
            server.close()
        net.close()
    sys.exit(1 if bad else 0)


main()
