#!/usr/bin/env python3
"""The lab seen by others: delv, curl, openssl, gnutls-cli, ldns-dane and posttls-finger accept the clean
lab, and each fault makes them fail for the reason that the fault names. Everything runs in a network
namespace, so that the lab can have the real ports."""
import json, os, re, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import Net, Root, need_root

MXSCOPE = os.path.abspath('mxscope')

S_CLIENT = 'openssl s_client -starttls smtp -connect {mx1}:25 -servername mx1.lab.test -CAfile {ca_file} -verify_hostname mx1.lab.test {more}'
CURL = 'curl -sS -m 5 --cacert {ca_file} --resolve mta-sts.lab.test:443:{policy} https://mta-sts.lab.test/.well-known/mta-sts.txt'
DELV = 'delv @127.0.0.1 -a {delv_anchor} +root +cd {more}'
DIG = 'dig @127.0.0.1 +dnssec {more}'
GNUTLS = 'gnutls-cli --starttls-proto=smtp --port=25 {mx1} --sni-hostname=mx1.lab.test --verify-hostname=mx1.lab.test --x509cafile={ca_file} {more}'
FINGER = 'posttls-finger -c -t 5 -l dane -L summary,verbose -F {ca_file} {more}'
LDNS_DANE = 'ldns-dane -k {trust_anchor} -4 verify submit.lab.test 465'

# fault, command, its own words, what its output must have
ROWS = [
    (None, DELV, 'lab.test MX', 'fully validated'),
    (None, DELV, '_25._tcp.mx1.lab.test TLSA', 'fully validated'),
    (None, DELV, 'nobody.lab.test A', 'negative response, fully validated'),
    (None, DELV, '_tcp.mx1.lab.test A', 'negative response, fully validated'),
    (None, DELV, 'any.wild.zoo.test TXT', 'fully validated'),
    (None, DELV, 'mx1.dname.zoo.test A', 'fully validated'),
    (None, DELV, 'big.zoo.test TXT', 'fully validated'),
    (None, DELV, 'insecure.test MX', 'unsigned answer'),
    ('tlsa-bogus', DELV, '_25._tcp.mx1.lab.test TLSA', 'RRSIG failed to verify'),
    ('tlsa-signature-expired', DELV, '_25._tcp.mx1.lab.test TLSA', 'RRSIG has expired'),
    ('tlsa-unsigned', DELV, '_25._tcp.mx1.lab.test TLSA', 'resolution failed'),
    ('tlsa-foreign-signer', DELV, '_25._tcp.mx1.lab.test TLSA', 'resolution failed'),
    ('tlsa-wildcard-replay', DELV, '_25._tcp.mx1.lab.test TLSA', 'resolution failed'),
    ('tlsa-servfail', DELV, '_25._tcp.mx1.lab.test TLSA', 'resolution failed'),
    ('zone-insecure', DELV, 'lab.test MX', 'unsigned answer'),

    (None, CURL, '', 'mode: enforce'),
    ('sts-not-found', CURL + ' -f', '', '404'),
    ('sts-redirect', CURL + ' -w %{{http_code}}', '', '301'),
    ('sts-cert-expired', CURL, '', 'certificate has expired|verification failed'),
    ('sts-cert-wrong-name', CURL, '', 'no alternative certificate subject name matches|does not match'),
    ('sts-host-down', CURL, '', "[Cc]ouldn't connect|Connection refused"),
    ('sts-silent', CURL, '', 'timed out'),

    (None, S_CLIENT, '', r'Verify return code: 0 \(ok\)'),
    (None, S_CLIENT, '-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256', r'Verify return code: 0 \(ok\)|Verification: OK'),
    (None, S_CLIENT, '-status', 'Cert Status: good'),
    ('revoked', S_CLIENT, '-status', 'Cert Status: revoked'),
    ('expired', S_CLIENT, '', r'Verify return code: 10 \(certificate has expired\)'),
    ('not-yet-valid', S_CLIENT, '', r'Verify return code: 9 \(certificate is not yet valid\)'),
    ('self-signed', S_CLIENT, '', r'Verify return code: 18 \(self-signed certificate\)'),
    ('untrusted', S_CLIENT, '', r'Verify return code: 19 \(self-signed certificate in certificate chain\)'),
    ('wrong-name', S_CLIENT, '', r'Verify return code: 62 \(hostname mismatch\)'),
    ('missing-first', S_CLIENT, '', r'Verify return code: 21 \(unable to verify the first certificate\)'),
    ('missing-second', S_CLIENT, '', r'Verify return code: 20 \(unable to get local issuer certificate\)|Verify return code: 21'),
    ('too-large', S_CLIENT, '', 'excessive message size'),
    ('wrong-without-sni', S_CLIENT.replace('-servername mx1.lab.test', '-noservername'), '', r'Verify return code: 62 \(hostname mismatch\)'),
    ('starttls-stripped', S_CLIENT, '', "Didn't find STARTTLS in server response"),
    ('starttls-plaintext', S_CLIENT, '', 'wrong version number'),
    ('tls10-only', S_CLIENT, '-tls1_2', 'alert protocol version|unsupported protocol'),
    ('tls12-only', S_CLIENT, '', r'New, TLSv1\.2'),
    ('alert-after-client-hello', S_CLIENT, '', 'SSL alert number 40'),
    ('alert-after-certificate', S_CLIENT, '', 'SSL alert number 80'),
    ('close-after-server-hello', S_CLIENT, '', 'unexpected eof while reading'),
    ('client-cert-late-alert', S_CLIENT, '', 'SSL alert number 116'),
    ('client-cert-late-alert', S_CLIENT, '-cert {server_only_cert} -key {server_only_key} -cert_chain {server_only_cert}', 'SSL alert number 43'),
    ('client-cert-late-alert', S_CLIENT, '-cert {both_cert} -key {both_key} -cert_chain {both_cert}', r'Verify return code: 0 \(ok\)'),
    ('client-cert-required', S_CLIENT, '', 'SSL alert number 40'),

    (None, GNUTLS, '', 'The certificate is trusted'),
    ('expired', GNUTLS, '', 'expired certificate'),
    ('revoked', GNUTLS, '', 'revoked via OCSP'),
    ('wrong-order', GNUTLS, '', 'The certificate is trusted'),

    (None, LDNS_DANE, '', 'dane-validated successfully'),

    (None, FINGER, 'lab.test', 'Verified TLS connection established to mx1.lab.test'),
    (None, FINGER, '[mx2.lab.test]', 'Verified TLS connection established to mx2.lab.test'),
    ('tlsa-stale-key', FINGER, 'lab.test', 'Untrusted TLS connection|certificate verification failed'),
    ('tlsa-stale-issuer', FINGER, 'lab.test', 'Untrusted TLS connection|certificate verification failed'),
    ('tlsa-root-not-sent', FINGER, 'lab.test', 'Untrusted TLS connection|certificate verification failed'),
    ('tlsa-unusable', FINGER, 'lab.test', 'unsupported TLSA certificate usage'),
    ('tlsa-bogus', FINGER, 'lab.test', 'TLSA lookup error'),
    ('tlsa-servfail', FINGER, 'lab.test', 'TLSA lookup error'),
    ('expired', FINGER, 'lab.test', 'Verified TLS connection established to mx1.lab.test'),
    ('tlsa-signature-expired', DIG, '_25._tcp.mx1.lab.test TLSA', r'status: SERVFAIL(.|\n)*EDE: 7 \(Signature Expired\)'),
    ('tlsa-bogus', DIG, '_25._tcp.mx1.lab.test TLSA', r'status: SERVFAIL(.|\n)*EDE: 6 \(DNSSEC Bogus\)'),
    ('tlsa-bogus', DIG, '_25._tcp.mx1.lab.test TLSA +cd', 'status: NOERROR'),
    ('tlsa-truncated', DIG, '_25._tcp.mx1.lab.test TLSA', 'Truncated, retrying in TCP mode'),
    (None, DIG, 'lab.test MX', 'flags: qr rd ra ad;'),
    (None, DIG, 'insecure.test MX', 'flags: qr rd ra;'),
    ('starttls-454', FINGER, 'lab.test', '454 4.7.0 TLS not available'),
]


class Lab:
    def __init__(self, fault):
        words = [MXSCOPE, 'lab', '--json', '--real-ports'] + ([fault] if fault else [])
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.info = json.loads(self.process.stdout.readline())

    def close(self):
        self.process.terminate()
        if self.process.wait(10) != 0 or os.path.exists(self.info['ca_file']):
            raise RuntimeError('the lab did not end cleanly')


def too_early(info):
    """What the lesson late-refusal says: s_client with standard input at its end prints OK and exits with 0, and is
    gone before the server's refusal is there."""
    words = S_CLIENT.format(more='', **info).split()
    p = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace', timeout=60)
    ok = p.returncode == 0 and 'Verify return code: 0 (ok)' in p.stdout and 'alert number' not in p.stderr
    return [] if ok else ['%s </dev/null: status %d:\n%s%s' % (' '.join(words), p.returncode, p.stdout[-800:], p.stderr)]


class Others:
    """The programs, each where the lab is its resolver."""

    def __init__(self):
        self.dns = Root('dns', ['nsd', 'unbound', 'ldnsutils'])
        self.postfix = Root('postfix', ['postfix'])
        self.postfix.put('/etc/postfix/main.cf', 'compatibility_level = 3.6\ninet_interfaces = 127.0.0.1\nsmtp_dns_support_level = dnssec\n')
        for root in (self.dns, self.postfix):
            root.put('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions trust-ad timeout:5 attempts:1\n')

    def root_for(self, program):
        return {'posttls-finger': self.postfix, 'ldns-dane': self.dns}.get(program)

    def run(self, words, info, late):
        """late: standard input stays open for a while, else openssl is gone before a late alert is there."""
        root = self.root_for(words[0])
        if root:
            for name in ('trust_anchor', 'ca_file'):
                root.copy(info[name], info[name])
            words = ['chroot', root.path] + words
        p = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
        if late:
            try:
                p.wait(3)
            except subprocess.TimeoutExpired:
                pass
        return p.communicate(timeout=60)[0]

    def close(self):
        self.dns.umount()
        self.postfix.umount()


def walk(others, fault, rows):
    lab, bad = Lab(fault), []
    info = dict(lab.info, mx1='127.0.0.1', policy='127.0.0.4')
    for _, command, more, want in rows:
        words = command.format(more=more.format(**info), **info).split()
        out = others.run(words, info, 'alert number' in want)
        if not re.search(want, out):
            bad.append('%s: %s: no "%s" in:\n%s' % (fault or 'clean', ' '.join(words), want, out[-1500:]))
    if fault == 'client-cert-late-alert':
        bad += too_early(info)
    lab.close()
    return bad


def main():
    need_root()
    net, others, bad = Net('lab'), None, []
    try:
        others = Others()
        net.enter()
        for fault in dict.fromkeys(r[0] for r in ROWS):
            bad += walk(others, fault, [r for r in ROWS if r[0] == fault])
    finally:
        net.close()
        if others:
            others.close()
    for text in bad:
        print(text)
    print('%d rows, %d bad' % (len(ROWS), len(bad)))
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
