#!/usr/bin/env python3
"""An SMTP server that takes every message and keeps none: one address per certificate.
usage: sink.py LIST CA   where each line of LIST is "ADDRESS CHAIN.pem KEY MODE", MODE one of
  starttls, none     TLS offered, also on port 465 at once; or not; starttls12: only that version
  require12|13       a client certificate of CA's is required, in this version of TLS
  linger13           the same, but what refused it waits for the client to close
  421|454|550|554    what the first command, MAIL, RCPT, RCPT behind TLS is answered with
Prints "taken RECIPIENT TLS-VERSION|clear" for each recipient of a message that it took. """
import re, socket, ssl, sys, threading


REFUSED_AT = {'421': b'EHLO', '454': b'MAIL', '550': b'RCPT', '554': b'RCPT'}


def secured(conn, context, mode):
    tls = context.wrap_socket(conn, server_side=True, do_handshake_on_connect=False)
    try:
        tls.do_handshake()
    except (OSError, ssl.SSLError):
        if mode == 'linger13':
            bare = socket.socket(fileno=tls.detach())
            bare.shutdown(socket.SHUT_WR)
            while bare.recv(4096):
                pass
        raise
    return tls


def session(conn, context, mode, at_once):
    tls, rcpt = at_once, []
    if at_once:
        conn = secured(conn, context, mode)
    f = conn.makefile('rb')

    def say(text):
        conn.sendall(text.encode() + b'\r\n')
    say('220 sink ESMTP')
    while True:
        line = f.readline(4096)
        if not line:
            return
        word = line.split()[0].upper() if line.split() else b''
        if tls and word == REFUSED_AT.get(mode):
            say('%s 5.7.1 no certificate of yours is trusted here' % mode if mode[0] == '5' else mode + ' 4.7.1 no certificate of yours is trusted here')
            if mode == '421':
                return
        elif word == b'EHLO':
            say('250-sink')
            say('250-STARTTLS' if context and not tls else '250-8BITMIME')
            say('250 PIPELINING')
        elif word == b'STARTTLS' and context and not tls:
            say('220 go')
            conn = secured(conn, context, mode)
            f, tls = conn.makefile('rb'), True
        elif word == b'DATA' and not rcpt:
            say('503 5.5.1 no recipients')
        elif word == b'DATA':
            say('354 go')
            while f.readline(65536).rstrip(b'\r\n') != b'.':
                pass
            for r in rcpt:
                sys.stdout.write('taken %s %s\n' % (r, conn.version() if tls else 'clear'))
            sys.stdout.flush()
            rcpt = []
            say('250 taken')
        elif word == b'QUIT':
            say('221 bye')
            return
        else:
            if word == b'RCPT' and not (tls and mode == '454'):
                rcpt += re.findall(r'<([^>]*)>', line.decode('ascii', 'replace'))
            say('250 ok')


def serve(address, port, context, mode):
    sock = socket.create_server((address, port), backlog=64)
    while True:
        conn, _ = sock.accept()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=guarded, args=(conn, context, mode, port == 465), daemon=True).start()


def guarded(conn, context, mode, at_once):
    try:
        session(conn, context, mode, at_once)
    except (OSError, ssl.SSLError, ValueError):
        pass
    finally:
        conn.close()


for line in open(sys.argv[1]):
    address, chain, key, mode = line.split()
    context = None
    if mode != 'none':
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
    if mode.endswith(('e12', 'e13', 'r13')):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(sys.argv[2])
    if mode.endswith(('12', '13')):
        context.maximum_version = context.minimum_version = ssl.TLSVersion.TLSv1_2 if mode.endswith('12') else ssl.TLSVersion.TLSv1_3
    for port in (25, 465) if context else (25,):
        threading.Thread(target=serve, args=(address, port, context, mode), daemon=True).start()
threading.Event().wait()
