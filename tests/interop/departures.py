"""Where products depart from the RFCs: departures.known against the verdicts."""
import fnmatch, os

# postfix: rfc/opportunistic is level may, rfc/dane dane, rfc/dane-mandatory dane-only, rfc/webpki verify (the host's name)
RFC = {'postfix/smtp/may': 'rfc/opportunistic', 'postfix/smtp/dane': 'rfc/dane', 'postfix/smtp/verify': 'rfc/webpki', 'openssl/s_client/pkix': 'rfc/webpki', 'openssl/s_client/pkix-noname': 'rfc/webpki', 'gnutls/cli/pkix': 'rfc/webpki',
       'exim/smtp/default': 'rfc/dane', 'exim/smtp/try-dane': 'rfc/dane', 'exim/smtp/try-dane+verify-hosts': 'rfc/dane',
       'exim/smtp/require-tls': 'rfc/webpki', 'exim/smtp/verify-hosts': 'rfc/webpki'}
# there is no RFC of these modes: nothing required, or DNSSEC switched off
NONE = ('postfix/smtp/encrypt', 'postfix/smtp/secure', 'postfix/smtp/fingerprint', 'exim/smtp/try-verify-hosts', 'exim/smtp/default-no-trust-ad', 'exim/smtp/require-dane-no-trust-ad')


def rows():
    here = os.path.dirname(os.path.abspath(__file__))
    for line in open(os.path.join(here, 'departures.known')):
        if line.strip() and not line.startswith('#'):
            verifiers, cases, _, _ = [part.strip() for part in line.split('|')]
            yield verifiers.split(), cases.split()


def outcome(verdict):
    return verdict['action'], verdict['channel'] == 'cleartext'


def check(cells, judged):
    """How many (case, verifier) of cells depart and are not named, or are named and do not depart."""
    departed, named, told = set(), set(), set()
    cells = [c for c in cells if c[1] not in NONE]
    for case, verifier in cells:
        if not judged.get((case, verifier)):
            continue
        product, rfc = judged[case, verifier], judged[case, RFC.get(verifier, 'rfc/dane-mandatory')]
        if product['action'] and outcome(product) != outcome(rfc):
            departed.add((case, verifier))
            told.add((case, verifier, product['action'], rfc['action']))
        if any(case in cases and any(fnmatch.fnmatch(verifier, v) for v in verifiers) for verifiers, cases in rows()):
            named.add((case, verifier))
    for case, verifier, product, rfc in sorted(told):
        if (case, verifier) not in named:
            print('%s, %s departs from the RFC without a row in departures.known: %s, not %s' % (case, verifier, product, rfc))
    for case, verifier in sorted(named - departed):
        print('%s, %s follows the RFC, yet is named in departures.known' % (case, verifier))
    print('%d of %d cells depart from the RFC, as departures.known says' % (len(departed & named), len(cells)))
    return len(named ^ departed)
