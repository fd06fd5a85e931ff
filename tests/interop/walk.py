#!/usr/bin/env python3
"""mxscope check against the real Postfix, Exim, sendmail, Dovecot, OpenSMTPD, openssl s_server and
gnutls-serv, with NSD and unbound as DNS. Each server has its row of what must come out."""
import fcntl, json, os, pty, struct, subprocess, sys, termios, threading
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers
from host import BUILD, Net, need_root
from pki import Pki
from zones import ZONE, Zones

MXSCOPE = os.path.abspath('mxscope')

# kind, port, RSA key, words beside the target, then: exit status, stage reached by the session that
# matters, its error (part), client certificate requested, findings that must be there
ROWS = [
    ('Postfix', 25, False, [], 0, 'quit', None, True, ['dane-ok', 'client-certificate-requested']),
    ('Exim', 25, False, [], 0, 'quit', None, True, ['dane-ok', 'client-certificate-requested']),
    ('Sendmail', 25, True, [], 0, 'quit', None, True, ['dane-ok', 'chain-incomplete']),
    ('Dovecot', 587, False, [], 0, 'quit', None, True, ['client-certificate-requested']),
    # Debian 12's OpenSMTPD completes no handshake: the finding names its alert
    ('OpenSMTPD', 25, False, [], 2, 'certificate-verify', 'internal_error', False, ['tls-alert']),
    ('SServer', 465, False, [], 2, 'client-verdict', 'certificate_required', True, ['client-certificate-required', 'late-refusal']),
    ('GnutlsServ', 466, False, ['--tls=implicit'], 2, 'banner', 'timed out', True, ['banner-timeout']),
]


def target(kind, port):
    name = kind.lower() + '.' + ZONE
    return name if port == 25 else '[mx.%s]:%d' % (name, port)


def check(words):
    p = subprocess.run([MXSCOPE, 'check', '--json'] + words, capture_output=True, text=True, timeout=120)
    if not p.stdout:
        return p.returncode, None, p.stderr
    return p.returncode, json.loads(p.stdout.splitlines()[0]), p.stderr


def judge(row, pki, status, report):
    kind, port, rsa, _, want_status, reached, error, requested, findings = row
    say = []
    if status != want_status or report['status'] != ['OK', 'WARNING', 'CRITICAL'][status]:
        say.append('status %d %s, wanted %d' % (status, report['status'], want_status))
    host = report['hosts'][0]
    if host['tlsa']['security'] != 'secure' or not host['tlsa']['records'][0]['usable']:
        say.append('TLSA %s' % host['tlsa'])
    session = next(s for s in host['sessions'] if s['offer'] in ('any', 'rsa' if rsa else 'ecdsa'))
    if session['reached'] != reached:
        say.append('reached %s, wanted %s' % (session['reached'], reached))
    if error and error not in (session['error'] or ''):
        say.append('error %s, wanted %s' % (session['error'], error))
    if session['tls']['client_auth']['requested'] != requested:
        say.append('client certificate requested: %s' % session['tls']['client_auth']['requested'])
    if session['chain'][0]['sha256'] != pki.sha256(kind):
        say.append('another leaf: %s' % session['chain'][0])
    if session['tlsa_matches'] != [{'record': 0, 'depth': 0}]:
        say.append('TLSA matches %s' % session['tlsa_matches'])
    have = [f['id'] for f in report['findings']]
    say += ['finding %s is missing (%s)' % (f, have) for f in findings if f not in have]
    if kind in ('Postfix', 'Exim', 'Sendmail'):
        dane = next(v for v in session['verdicts'] if v['verifier'] == 'rfc/dane')
        if (dane['action'], dane['channel'], dane['verified']) != ('deliver', 'verified', True):
            say.append('rfc/dane says %s' % dane)
    return say


def in_terminal(words):
    """Runs a program on a terminal of 132x43 that somebody reads; its status."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 43, 132, 0, 0))
    p = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ, TERM='xterm-256color'))
    os.close(slave)

    def drain():
        try:
            while os.read(master, 65536):
                pass
        except OSError:
            pass
    reader = threading.Thread(target=drain)
    reader.start()
    status = p.wait(timeout=120)
    reader.join()
    os.close(master)
    return status


def workbench(row, pki, words):
    """The same server in the workbench: three steps, then on to the end; what the screens show."""
    kind, port, _, more, _, reached, _, requested, _ = row
    keys, screens = pki.at('keys'), [pki.at(n) for n in ('session.txt', 'chain.txt', 'handshake.txt')]
    with open(keys, 'w') as f:
        f.write('s s s c\n:wait done\n1\n:save-screen %s\n3\n:save-screen %s\n2\n:save-screen %s\nQ\n' % tuple(screens))
    for name in screens:
        open(name, 'w').close()
    status = in_terminal([MXSCOPE, '--step', '--script', keys] + words + [target(kind, port)] + more)
    session, chain, handshake = (open(name).read() for name in screens)
    want = [('session', session, 'ClientHello'), ('chain', chain, 'Interop Intermediate'), ('chain', chain, 'serverAuth'), ('top line', session, reached),
            ('handshake', handshake, 'CertificateRequest' if requested else 'ServerHello')]
    say = ['workbench status %d' % status] if status else []
    return say + ['workbench, %s: no "%s" in\n%s' % (view, text, screen) for view, screen, text in want if text not in screen]


def trial(pki, zones):
    """Postfix asks, and does without: two sessions per offer, the second shows a serverAuth-only certificate, and
    the profiles say who else would refuse it."""
    pki.issue('client', 'mx.sender.example', 'int', eku='server', names=['mx.sender.example'])
    pki.chain('client', 'client', 'int')
    status, report, err = check(['--resolver', '127.0.0.1', '--trust-anchor', zones.anchor, '--trust-store', pki.at('root.crt'), '--client-cert-trial',
                                 '--client-cert', pki.at('client.pem'), '--client-key', pki.at('client.key'), target('Postfix', 25)])
    sessions = [s for s in report['hosts'][0]['sessions'] if s['offer'] == 'ecdsa']
    sent = [s['tls']['client_auth']['sent'] for s in sessions]
    verdicts = {v['verifier']: (v['action'], v['reply'], v['alert'], v['label']) for v in sessions[-1]['verdicts'] if v['role'] == 'receiver'}
    say = []
    if status != 0 or len(report['hosts'][0]['sessions']) != 4:
        say.append('status %d, %d sessions: %s' % (status, len(report['hosts'][0]['sessions']), report['headline']))
    if sent[0] == sent[1] or sessions[1]['tls']['client_auth']['verdict'] != 'accepted':
        say.append('sent %s, verdict %s' % (sent, sessions[1]['tls']['client_auth']['verdict']))
    for verifier, cell in {'postfix/smtpd/ask': ('accept', None, None, 'Untrusted'), 'postfix/smtpd/req': ('reject', 421, None, 'Untrusted'),
                           'exim/smtpd/verify': ('accept', None, None, 'CV=yes'), 'openssl/server/require': ('handshake-failure', None, 43, None)}.items():
        if verdicts.get(verifier) != cell:
            say.append('%s says %s, wanted %s' % (verifier, verdicts.get(verifier), cell))
    print('trial', 'ok' if not say else '\n  '.join(['FAILED'] + say + [err]))
    return len(say)


def main():
    need_root()
    pki = Pki(os.path.join(BUILD, 'pki-walk'))
    pki.issue('root', 'Interop Root', ca=True)
    pki.issue('int', 'Interop Intermediate', 'root', ca=True)
    net, running, records, bad = Net('mxwalk'), [], [], 0
    for i, row in enumerate(ROWS):
        kind, port, rsa = row[:3]
        name = kind.lower()
        pki.issue(kind, 'mx.%s.%s' % (name, ZONE), 'int', eku='server', names=['mx.%s.%s' % (name, ZONE)], rsa=rsa)
        pki.chain(kind, kind, 'int')
        records += ['%s MX 10 mx.%s' % (name, name), 'mx.%s A 127.0.0.%d' % (name, 11 + i), '_%d._tcp.mx.%s TLSA %s' % (port, name, pki.tlsa(3, 1, 1, kind))]
    try:
        zones = Zones(net, records)
        running.append(zones)
        for i, row in enumerate(ROWS):
            running.append(getattr(servers, row[0])(net, pki, 'mx.%s.%s' % (row[0].lower(), ZONE), '127.0.0.%d' % (11 + i), row[0]))
        net.enter()
        zones.wait()
        for server, row in zip(running[1:], ROWS):
            server.ready()
            words = ['--resolver', '127.0.0.1', '--trust-anchor', zones.anchor, '--trust-store', pki.at('root.crt'), '--timeout', '4']
            status, report, err = check(words + [target(row[0], row[1])] + row[3])
            say = judge(row, pki, status, report) if report else ['no report: ' + err]
            say += workbench(row, pki, words + ['--offer', 'rsa' if row[2] else 'ecdsa'])
            bad += len(say)
            print(row[0], 'ok' if not say else '\n  '.join(['FAILED'] + say + [server.tail()]))
        bad += trial(pki, zones)
    finally:
        for server in running:
            server.close()
        net.close()
    sys.exit(1 if bad else 0)


main()
