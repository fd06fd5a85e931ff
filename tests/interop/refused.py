#!/usr/bin/env python3
"""What real Postfix and Exim do when the receiver refuses their client certificate, or wants one that they do not have:
at once and on the retry, cleartext included, and what they log at the first attempt, against the "then" of mxscope's
verdict for a receiver that refuses so."""
import json, os, re, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import need_root
from receivers import like
from senders import Exim, Postfix
from situations import MXSCOPE, World

# how the sink refuses: a receiver of ours that does the same, TLS version
RECEIVERS = {
    'require12': ('openssl/server/require', '1.2'), 'require13': ('openssl/server/require', '1.3'),
    'linger13': ('openssl/server/require', '1.3'),
    '421': ('postfix/smtpd/req', '1.3'), '454': ('sendmail/daemon/tls-clt-verify', '1.3'),
    '550': ('sendmail/daemon/cert-issuer-relay', '1.3'), '554': ('postfix/smtpd/permit-all-clientcerts', '1.3'),
}
CASES = {}
for mode in RECEIVERS:
    CASES[mode + '-plain'] = dict(mode=mode)
    CASES[mode + '-dane'] = dict(mode=mode, tlsa=[(3, 1, 1)])

# they never come to see the receiver's refusal where there is no DANE
DANE_ONLY = ('dane-only', 'require-dane')
NEVER = ('require-dane-no-trust-ad',)

# In TLS 1.3 Exim finds out when it reads the reply to its EHLO. With the alert it goes on in cleartext at once; when the
# connection was reset before it could read the alert, it tries again later, and so on until it has read one. A receiver
# that closes at once (require13) tosses that coin at each attempt; one that lingers (linger13) always has its alert read.
RACE = {('deliver', 'deliver', 'cleartext'), ('defer', 'deliver', 'cleartext')}
UNDECIDED = ('defer', 'defer', None)


def agrees(sender, case, got, want):
    if isinstance(sender, Exim) and want in RACE and case.startswith('linger13'):
        return got == ('deliver', 'deliver', 'cleartext')
    if isinstance(sender, Exim) and want in RACE and case.startswith('require13'):
        return got in RACE or got == UNDECIDED
    return got == want


# Lines about something else: the session before the refusal, the message's arrival and delivery, how the sink hangs up.
OTHER = re.compile(r'TLS connection established to|^<= |^=> |status=sent|Error in the pull function|non-properly terminated\.$|^Completed')
# What Exim writes when it has read the alert.
READ = 'TLS session: error on first read'


def bare(line):
    """But for the text of a reply: the sink has its own."""
    return re.sub(r'(\b[45]\d\d) (?:[45]\.\d\.\d )?[^(]*?(?=$|\)$| \(in reply)', r'\1', line)


def logs(sender, case, seen, then):
    """What it logs against the prediction, in words; None where they agree."""
    got, want = [l for l in seen.lines if not OTHER.search(l)], then['log']
    lines = [bare(l) for l in got]
    if len(lines) == len(want) and all(like(bare(p), l) for p, l in zip(want, lines)):
        return None
    if case.startswith(('require13', 'linger13')) and raced(sender, got, want):
        return None
    return '%s, mxscope says %s' % (got, want)


def raced(sender, got, want):
    """In TLS 1.3 the alert is read or it is not: Postfix does not name it then, and Exim writes of the one or the other."""
    if isinstance(sender, Exim):
        return any(READ in l or 'Connection reset by peer' in l for l in got)
    return len(got) == 1 and like(want[-1], got[0])


def modes(kind):
    plain = [m for m in kind.known if m not in NEVER]
    return plain + ['cert-' + m for m in plain]


def meets(case, mode):
    return case.endswith('-dane') or mode.replace('cert-', '') not in DANE_ONLY


def thens(world, case, shown):
    """{sender: its row of "then"}"""
    receiver, version = RECEIVERS[CASES[case]['mode']]
    name = world.name_of(case)
    words = ['--role', 'client', '--chain', world.pki.at('client.pem') if shown else 'none', '--trust-store', world.pki.at('root.crt'), '--host', world.host_of(case),
             '--domain', name, '--tls-version', version, '--verifier', receiver, '--json']
    if case.endswith('-dane'):
        words += ['--tlsa', world.pki.tlsa(3, 1, 1, case)]
    p = subprocess.run([MXSCOPE, 'verify'] + words, capture_output=True, text=True)
    verdict = next(v for v in json.loads(p.stdout)['verdicts'] if v['verifier'] == receiver)
    return {t['sender']: t for t in verdict['then'] or []}


def compare(sender, first, later, predicted):
    bad = agreed = cells = clear = 0
    for (case, mode), seen in first.items():
        if not meets(case, mode):
            continue
        then = later.get((case, mode), seen)
        got = (seen.action, then.action, 'cleartext' if 'cleartext' in (seen.channel, then.channel) else None)
        shown, name = mode.startswith('cert-'), sender.product + mode.replace('cert-', '')
        t = predicted[case, shown].get(name)
        want = (t['first'], t['later'], t['channel']) if t else 'nothing'
        agreeing = agrees(sender, case, got, want)
        said = t and logs(sender, case, seen, t)
        if said:
            bad += 1
            print('%s, %s, certificate %s: logs %s' % (case, name, 'shown' if shown else 'none', said))
        cells, agreed, clear = cells + 1, agreed + agreeing, clear + (got[2] is not None)
        if not agreeing:
            bad += 1
            print('%s, %s, certificate %s: %s, mxscope says %s: %s' % (case, name, 'shown' if shown else 'none', got, want, ' | '.join(seen.lines + ('THEN',) + then.lines)[-900:]))
    print('%s: %d senders and refusals, first and later attempt, log of the first, %d went out in cleartext; %d agree' % (type(sender).__name__, cells, clear, agreed))
    return bad


def main():
    need_root()
    bad = 0
    with World('refused', CASES) as world:
        world.pki.issue('client', 'sender.example', 'int', eku='server', names=['sender.example'])
        world.pki.chain('client', 'client', 'int')
        senders = [kind(world, modes(kind), 'client') for kind in (Postfix, Exim)]
        world.enter()
        predicted = {(case, shown): thens(world, case, shown) for case in CASES for shown in (False, True)}
        for sender in senders:
            first = sender.deliver()
            later = sender.retry([cell for cell, seen in first.items() if seen.action == 'defer' and meets(*cell)])
            bad += compare(sender, first, later, predicted)
            if isinstance(sender, Postfix):
                sender.stop()
    return bad > 0


if __name__ == '__main__':
    sys.exit(main())
