"""Client certificates that no list of situations names: keys, signatures, constraints, extensions, dates and orders as
they are met, and as they should not be. One row each: what its certificates have that others have not, and what
is served."""
import shutil, ssl
from host import run, write

NAME = 'mx.sender.example'
PAST, FUTURE = dict(start='20240101000000Z', end='20240401000000Z'), dict(start='20390101000000Z')
PSS = ('-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest')
NO_KEY_ID = dict(subjectKeyIdentifier='none', authorityKeyIdentifier='none')
OWN = '1.2.3.4.5.6.7'
EXTENSIONS = ('basicConstraints', 'subjectKeyIdentifier', 'keyUsage', 'authorityKeyIdentifier', 'extendedKeyUsage', 'subjectAltName')
CA = 'critical,CA:TRUE'


def ext(**more):
    return dict(ext=more)


def leaf(**more):
    return dict(leaf=more)


def int_(**more):
    """An intermediate of its own."""
    return {'int': more}


# name: the certificates, and `served`, 'leaf sub int' for those there are. A certificate is "root" (trusted), "int" below it or below
# the common root, "sub" below that, "leaf" below the lowest; `by` names another issuer, `as_` whose name and `key_of` whose key it has.
SHAPES = {
    # keys
    'rsa512': leaf(key='rsa512'), 'rsa1024': leaf(key='rsa1024'), 'rsa1536': leaf(key='rsa1536'), 'rsa-pss': leaf(key='rsa-pss'), 'p384': leaf(key='p384'),
    'ed25519': leaf(key='ed25519'), 'ed448': leaf(key='ed448'),
    'int-rsa1024': int_(key='rsa1024'), 'int-rsa-pss': int_(key='rsa-pss'), 'int-ed25519': int_(key='ed25519'),
    'root-rsa1024': dict(root=dict(key='rsa1024')), 'rsa1024-expired': leaf(key='rsa1024', **PAST), 'rsa1024-server': leaf(key='rsa1024', eku='server'),
    'rsa1024-missint': dict(leaf=dict(key='rsa1024'), served='leaf'),
    # signatures
    'sha1': leaf(sign=('-md', 'sha1')), 'md5': dict(int=dict(key='rsa2048'), leaf=dict(sign=('-md', 'md5'))), 'sha512': leaf(sign=('-md', 'sha512')),
    'pss': dict(int=dict(key='rsa2048'), leaf=dict(sign=PSS)), 'pss-sha1': dict(int=dict(key='rsa2048'), leaf=dict(sign=PSS + ('-md', 'sha1'))),
    'int-sha1': int_(sign=('-md', 'sha1')), 'root-sha1': dict(root=dict(sign=('-md', 'sha1'))), 'sha1-expired': leaf(sign=('-md', 'sha1'), **PAST),
    'sha1-server': leaf(sign=('-md', 'sha1'), eku='server'), 'int-sha1-expired': int_(sign=('-md', 'sha1'), **PAST), 'forged': leaf(forged=True), 'int-forged': int_(forged=True),
    'forged-expired': leaf(forged=True, **PAST), 'forged-server': leaf(forged=True, eku='server'),
    # names
    'nc-within': int_(**ext(nameConstraints='critical,permitted;DNS:sender.example')), 'nc-outside': int_(**ext(nameConstraints='critical,permitted;DNS:other.example')),
    'nc-excluded': int_(**ext(nameConstraints='critical,excluded;DNS:sender.example')), 'nc-lax': int_(**ext(nameConstraints='permitted;DNS:other.example')),
    'nc-ip': int_(**ext(nameConstraints='critical,excluded;IP:0.0.0.0/0.0.0.0')), 'nc-email': int_(**ext(nameConstraints='critical,permitted;email:other.example')),
    'nc-directory': int_(**ext(nameConstraints='critical,permitted;dirName:dn')), 'nc-root': dict(root=ext(nameConstraints='critical,permitted;DNS:other.example')),
    'nc-uri': dict(int=ext(nameConstraints='critical,permitted;URI:other.example'), leaf=ext(subjectAltName='DNS:%s,URI:https://%s/' % (NAME, NAME))),
    'nc-cn': dict(int=ext(nameConstraints='critical,permitted;DNS:other.example'), leaf=ext(subjectAltName=None)),
    'nc-cn-words': dict(int=ext(nameConstraints='critical,permitted;DNS:other.example'), leaf=dict(cn='mailserver', **ext(subjectAltName=None))),
    'nc-expired': dict(int=ext(nameConstraints='critical,permitted;DNS:other.example'), leaf=PAST), 'nc-server': dict(int=ext(nameConstraints='critical,permitted;DNS:other.example'), leaf=dict(eku='server')),
    'nc-wildcard': dict(int=ext(nameConstraints='critical,permitted;DNS:sender.example'), leaf=ext(subjectAltName='DNS:*.sender.example')),
    'cn-only': leaf(**ext(subjectAltName=None)), 'san-only': leaf(cn='', **ext(subjectAltName='critical,DNS:' + NAME)), 'empty-subject': leaf(cn=''), 'no-name': leaf(cn='', **ext(subjectAltName=None)),
    'wildcard': leaf(**ext(subjectAltName='DNS:*.sender.example')), 'ip-only': leaf(**ext(subjectAltName='IP:10.9.0.7')), 'organization': leaf(cn='O=Sender/CN=' + NAME),
    # who may sign
    'pathlen': dict(int=ext(basicConstraints=CA + ',pathlen:0'), sub={}), 'pathlen-enough': dict(int=ext(basicConstraints=CA + ',pathlen:1'), sub={}),
    'pathlen-root': dict(root=ext(basicConstraints=CA + ',pathlen:0'), int={}), 'pathlen-expired': dict(int=ext(basicConstraints=CA + ',pathlen:0'), sub={}, leaf=PAST),
    'pathlen-server': dict(int=ext(basicConstraints=CA + ',pathlen:0'), sub={}, leaf=dict(eku='server')), 'ca-leaf': leaf(ca=True), 'ca-leaf-no-sign': leaf(**ext(basicConstraints=CA)),
    'pathlen-leaf': leaf(ca=True, **ext(basicConstraints=CA + ',pathlen:0')),
    'int-not-ca': int_(**ext(basicConstraints='critical,CA:FALSE')), 'int-no-basic': int_(**ext(basicConstraints=None)), 'int-neither': int_(**ext(basicConstraints=None, keyUsage=None)),
    'int-no-sign': int_(**ext(keyUsage='critical,digitalSignature')), 'int-no-usage': int_(**ext(keyUsage=None)), 'int-v1': dict(int=dict(v1=True), leaf=ext(authorityKeyIdentifier='none')), 'int-lax-basic': int_(**ext(basicConstraints='CA:TRUE')),
    'int-not-ca-expired': int_(**ext(basicConstraints='critical,CA:FALSE'), **PAST), 'int-no-sign-expired': int_(**ext(keyUsage='critical,digitalSignature'), **PAST),
    'int-not-ca-server': dict(int=ext(basicConstraints='critical,CA:FALSE'), leaf=dict(eku='server')),
    'root-v1': dict(root=dict(v1=True), leaf=ext(authorityKeyIdentifier='none')), 'root-no-sign': dict(root=ext(keyUsage='critical,digitalSignature')), 'root-not-ca': dict(root=ext(basicConstraints='critical,CA:FALSE')),
    'by-leaf': dict(int=dict(eku='both', **ext(basicConstraints='critical,CA:FALSE', keyUsage='critical,digitalSignature'))),
    # what for
    'ku-agreement': leaf(**ext(keyUsage='critical,keyAgreement')), 'ku-encipherment': leaf(key='rsa2048', **ext(keyUsage='critical,keyEncipherment')), 'ku-none': leaf(**ext(keyUsage=None)),
    'ku-repudiation': leaf(**ext(keyUsage='critical,nonRepudiation')), 'ku-sign': leaf(**ext(keyUsage='critical,keyCertSign')), 'ku-expired': leaf(key='rsa2048', **ext(keyUsage='critical,keyEncipherment'), **PAST),
    'ku-server': leaf(key='rsa2048', eku='server', **ext(keyUsage='critical,keyEncipherment')),
    'eku-critical': leaf(**ext(extendedKeyUsage='critical,clientAuth')), 'eku-critical-server': leaf(**ext(extendedKeyUsage='critical,serverAuth')), 'eku-own': leaf(**ext(extendedKeyUsage=OWN)),
    'eku-any-server': leaf(**ext(extendedKeyUsage='serverAuth,anyExtendedKeyUsage')), 'eku-sgc': leaf(**ext(extendedKeyUsage='msSGC')), 'ns-server': leaf(**ext(nsCertType='server')),
    'ns-client': leaf(**ext(nsCertType='client')), 'root-server': dict(root=dict(eku='server')), 'int-any': int_(eku='any'), 'int-email': int_(eku='email'), 'root-any': dict(root=dict(eku='any')),
    'server-expired-int': dict(int=PAST, leaf=dict(eku='server')), 'expired-int-server': int_(eku='server', **PAST), 'missint-expired': dict(leaf=PAST, served='leaf'),
    # dates
    'int-expired': int_(**PAST), 'root-expired': dict(root=PAST), 'notyet': leaf(**FUTURE), 'int-notyet': int_(**FUTURE), 'expired-both': dict(int=PAST, leaf=PAST), 'notyet-server': leaf(eku='server', **FUTURE),
    'expired-int-notyet': dict(int=FUTURE, leaf=PAST), 'root-notyet': dict(root=FUTURE), 'expired-untrusted': leaf(by='int-untrusted', **PAST), 'expired-selfsigned': leaf(by='', **PAST),
    'expired-server': leaf(eku='server', **PAST),
    # form
    'v1': leaf(v1=True), 'serial-0': leaf(serial='0'), 'serial-negative': leaf(serial='-5'), 'serial-long': leaf(serial='0x' + '7f' * 24), 'critical': leaf(**{'ext': {OWN: 'critical,DER:0500'}}),
    'unknown': leaf(**{'ext': {OWN: 'DER:0500'}}), 'int-critical': int_(**{'ext': {OWN: 'critical,DER:0500'}}), 'root-critical': dict(root={'ext': {OWN: 'critical,DER:0500'}}),
    'critical-expired': leaf(**{'ext': {OWN: 'critical,DER:0500'}}, **PAST), 'critical-server': leaf(eku='server', **{'ext': {OWN: 'critical,DER:0500'}}),
    'no-key-id': leaf(**ext(**NO_KEY_ID)), 'int-no-key-id': dict(int=ext(**NO_KEY_ID), leaf=ext(authorityKeyIdentifier='none')),
    'other-key-id': leaf(**ext(authorityKeyIdentifier='DER:30168014' + '11' * 20)), 'issuer-key-id': leaf(**ext(authorityKeyIdentifier='keyid:always,issuer:always')),
    'int-other-key-id': int_(**ext(authorityKeyIdentifier='DER:30168014' + '11' * 20)),
    'policy': leaf(**ext(certificatePolicies='critical,' + OWN)), 'policy-required': int_(**ext(policyConstraints='critical,requireExplicitPolicy:0')),
    'policy-any': int_(**ext(inhibitAnyPolicy='critical,0')), 'staple': leaf(**ext(tlsfeature='critical,status_request')),
    'crl-critical': leaf(**ext(crlDistributionPoints='critical,URI:http://crl.example/')), 'key-id-critical': leaf(**ext(subjectKeyIdentifier='critical,hash')),
    'no-extensions-but-name': leaf(**ext(basicConstraints=None, keyUsage=None, **NO_KEY_ID)),
    # what is served
    'order': dict(int={}, sub={}, served='leaf int sub'), 'with-root': dict(int={}, served='leaf int root'), 'root-first': dict(int={}, served='leaf root int'),
    'stranger': dict(int={}, served='leaf int int-both'), 'stranger-first': dict(int={}, served='leaf int-both int'), 'twice': dict(int={}, served='leaf int int'), 'leaf-twice': dict(int={}, served='leaf leaf int'),
    'other-root-sent': dict(int={}, served='leaf int root-untrusted'), 'sub-missing': dict(int={}, sub={}, served='leaf int'), 'top-missing': dict(int={}, sub={}, served='leaf sub'),
    'two-keys': {'int': {}, 'twin': dict(as_='int'), 'served': 'leaf int twin'}, 'two-keys-other-first': {'int': {}, 'twin': dict(as_='int'), 'served': 'leaf twin int'},
    'two-keys-other-only': {'int': {}, 'twin': dict(as_='int'), 'served': 'leaf twin'},
    'two-keys-no-id': {'int': ext(**NO_KEY_ID), 'twin': dict(as_='int', **ext(**NO_KEY_ID)), 'leaf': ext(authorityKeyIdentifier='none'), 'served': 'leaf int twin'},
    'two-keys-no-id-other-first': {'int': ext(**NO_KEY_ID), 'twin': dict(as_='int', **ext(**NO_KEY_ID)), 'leaf': ext(authorityKeyIdentifier='none'), 'served': 'leaf twin int'},
    'cross-lapsed': {'int': {}, 'cross': dict(as_='int', key_of='int', by='root-untrusted', **PAST), 'served': 'leaf int cross'},
    'cross-lapsed-first': {'int': {}, 'cross': dict(as_='int', key_of='int', by='root-untrusted', **PAST), 'served': 'leaf cross int'},
    'cross': {'int': {}, 'cross': dict(as_='int', key_of='int', by='root-untrusted'), 'served': 'leaf int cross'},
    'cross-first': {'int': {}, 'cross': dict(as_='int', key_of='int', by='root-untrusted'), 'served': 'leaf cross int'},
    'reissued-lapsed-first': {'int': {}, 'old': dict(as_='int', key_of='int', **PAST), 'served': 'leaf old int'}, 'reissued-server-first': {'int': {}, 'old': dict(as_='int', key_of='int', eku='server'), 'served': 'leaf old int'},
    'root-cross': {'root': {}, 'int': {}, 'cross': dict(as_='root', key_of='root', by='root-untrusted', ca=True), 'served': 'leaf int cross'},
    'trusted-int': {'root': dict(by='root-untrusted')}, 'trusted-leaf': dict(leaf=dict(by='', cn='own.sender.example'), trusted='leaf'),
    'trusted-leaf-expired': dict(leaf=dict(by='', cn='expired.sender.example', **PAST), trusted='leaf'),
    'trusted-leaf-server': dict(leaf=dict(by='', cn='server.sender.example', eku='server'), trusted='leaf'),
    'mimic-root': {'root': {}, 'int': {}, 'twin': dict(as_='root', by='', ca=True), 'served': 'leaf int twin'},
}
# in every run; the others with INTEROP_ALL=1
SAMPLE = ['rsa1024', 'sha1', 'nc-outside', 'pathlen', 'ku-encipherment', 'san-only']
# One mode of each way of judging: what the others make of the result, the certificates of receive.py show.
MODES = ['postfix/smtpd/ask', 'postfix/smtpd/req', 'exim/smtpd/try-verify', 'exim/smtpd/verify', 'sendmail/daemon/tls-clt-verify', 'dovecot/submission/require', 'openssl/server/require',
         'openssl/server/require-any-purpose', 'gnutls/server/request', 'gnutls/server/require-verify', 'stunnel/server/verify-chain', 'stunnel/server/verify-peer',
         'opensmtpd/listen/tls-require-verify', 'go/server/require-and-verify', 'go-1.21/server/require-and-verify']
PARTS = ('root', 'int', 'sub', 'twin', 'cross', 'old', 'leaf')  # in the order in which they sign


def forge(path):
    """Its signature is no longer its issuer's."""
    der = bytearray(ssl.PEM_cert_to_DER_cert(open(path).read()))
    der[-1] ^= 1
    write(path, ssl.DER_cert_to_PEM_cert(bytes(der)))


def below(row, part):
    """Who signs a part that does not say."""
    ranks = ('root', 'int', 'sub', 'leaf')
    rank = ranks.index(part) if part in ranks else ranks.index(row[part]['as_'])
    return next((r for r in reversed(ranks[:rank]) if r in row), '' if rank == 0 else 'root' if rank < 3 else 'int-none')


def certify(pki, shape, row, part):
    own = dict(row.get(part, {}))
    as_, key_of, by = own.pop('as_', part), own.pop('key_of', None), own.pop('by', below(row, part))
    forged, serial, v1 = own.pop('forged', False), own.pop('serial', None), own.pop('v1', False)
    name, issuer = file(shape, part), file(shape, by) if by in row else by
    if key_of:
        shutil.copyfile(pki.at(file(shape, key_of) + '.key'), pki.at(name + '.key'))
    words = dict(ca=True) if part != 'leaf' else dict(eku='both', names=[NAME])
    words.update(cn=NAME if part == 'leaf' else 'Interop %s %s' % (shape, as_))
    if v1:
        own['ext'] = dict.fromkeys(EXTENSIONS)
    pki.issue(name, issuer=issuer or None, **{**words, **own})
    if serial:
        by_ = ['-CA', pki.at(issuer + '.crt'), '-CAkey', pki.at(issuer + '.key')]
        run('openssl', 'x509', '-req', '-in', pki.at(name + '.csr'), *by_, '-set_serial', serial, '-days', '4000', '-extfile', pki.at(name + '.cnf'), '-extensions', 'x', '-out', pki.at(name + '.crt'))
    if forged:
        forge(pki.at(name + '.crt'))


def file(shape, part):
    return 's-' + shape if part == 'leaf' else 's-%s.%s' % (shape, part)


def build(pki, shapes):
    """{name: (chain, key)}, and the trusted certificates among them."""
    made, trusted = {}, []
    for shape in shapes:
        row = dict(leaf={}, **SHAPES[shape]) if 'leaf' not in SHAPES[shape] else SHAPES[shape]
        for part in PARTS:
            if part in row:
                certify(pki, shape, row, part)
        default = 'leaf' + ''.join(' ' + p for p in ('sub', 'int') if p in row) + (' int-none' if 'int' not in row and row['leaf'].get('by') is None and 'root' not in row else '')
        names = [file(shape, p) if p in row else p for p in row.get('served', default).split()]
        name = file(shape, 'leaf')
        made[name] = (pki.chain(name, *names), pki.at(name + '.key'))
        trusted += [file(shape, p) for p in ('root', row.get('trusted')) if p in row]
    return made, trusted
