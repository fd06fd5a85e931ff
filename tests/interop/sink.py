#!/usr/bin/env python3
"""An SMTP server that takes every message and keeps none: one address per certificate.
usage: sink.py LIST   where each line of LIST is "ADDRESS CHAIN.pem KEY starttls|none"; with a certificate, port 465
speaks TLS at once.
Prints "taken RECIPIENT TLS-VERSION|clear" for each recipient of a message that it took. """
import re, socket, ssl, sys, threading


def session(conn, context, at_once):
    tls, rcpt = at_once, []
    if at_once:
        conn = context.wrap_socket(conn, server_side=True)
    f = conn.makefile('rb')

    def say(text):
        conn.sendall(text.encode() + b'\r\n')
    say('220 sink ESMTP')
    while True:
        line = f.readline(4096)
        if not line:
            return
        word = line.split()[0].upper() if line.split() else b''
        if word == b'EHLO':
            say('250-sink')
            say('250-STARTTLS' if context and not tls else '250-8BITMIME')
            say('250 PIPELINING')
        elif word == b'STARTTLS' and context and not tls:
            say('220 go')
            conn = context.wrap_socket(conn, server_side=True)
            f, tls = conn.makefile('rb'), True
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
            if word == b'RCPT':
                rcpt += re.findall(r'<([^>]*)>', line.decode('ascii', 'replace'))
            say('250 ok')


def serve(address, port, context):
    sock = socket.create_server((address, port), backlog=64)
    while True:
        conn, _ = sock.accept()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=guarded, args=(conn, context, port == 465), daemon=True).start()


def guarded(conn, context, at_once):
    try:
        session(conn, context, at_once)
    except (OSError, ssl.SSLError, ValueError):
        pass
    finally:
        conn.close()


for line in open(sys.argv[1]):
    address, chain, key, mode = line.split()
    context = None
    if mode == 'starttls':
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
    for port in (25, 465) if context else (25,):
        threading.Thread(target=serve, args=(address, port, context), daemon=True).start()
threading.Event().wait()
