#!/usr/bin/env python3
"""Records sessions with the real Postfix, Exim and sendmail: tests/interop/record_mta.py FOLDER writes
FOLDER/{postfix,exim,sendmail}.mxs. The tests of screens and replay keep such files (tests/screens/sessions);
this renews them. Not a test itself: run it in a build folder, as root."""
import os, shutil, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers
from host import BUILD, Net, need_root
from pki import Pki

NAME = 'mx.real.test'


def main(out):
    need_root()
    folder = os.path.join(BUILD, 'record-mta')
    os.makedirs(folder, exist_ok=True)
    os.makedirs(out, exist_ok=True)
    pki = Pki(os.path.join(folder, 'pki'))
    pki.issue('root', 'Real Root', ca=True)
    pki.issue('int', 'Real Intermediate', 'root', ca=True)
    pki.issue('client', 'out.example.net', 'int', eku='server', names=['out.example.net'])
    pki.chain('client', 'client', 'int')
    net, running = Net('mxrecord'), []
    kinds = ['Postfix', 'Exim', 'Sendmail']
    try:
        for i, kind in enumerate(kinds):
            pki.issue(kind, NAME, 'int', eku='server', names=[NAME], rsa=kind == 'Sendmail')
            pki.chain(kind, kind, 'int')
            running.append(getattr(servers, kind)(net, pki, NAME, '127.0.0.%d' % (41 + i), kind))
        net.enter()
        for i, kind in enumerate(kinds):
            running[i].ready()
            name = kind.lower() + '.mxs'
            # names without folders: the header keeps the words of the command line
            words = ['mxscope', 'check', '[127.0.0.%d]:25' % (41 + i), '--record', name, '--ehlo', 'out.example.net', '--offer', 'any',
                     '--trust-store', 'root.crt', '--client-cert', 'client.pem', '--client-key', 'client.key', '--mail-from', 'a@example.net']
            p = subprocess.run(words, executable=os.path.abspath('mxscope'), cwd=pki.folder, capture_output=True, text=True)
            shutil.move(pki.at(name), os.path.join(out, name))
            os.chmod(os.path.join(out, name), 0o644)
            print(kind, p.returncode, p.stdout.split('\n')[0], p.stderr)
    finally:
        for server in running:
            server.close()
        net.close()


main(sys.argv[1])
