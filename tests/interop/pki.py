"""A small test PKI by openssl(1)."""
import hashlib, os, subprocess
from host import run, write

EKU = {'both': 'serverAuth,clientAuth', 'server': 'serverAuth', 'client': 'clientAuth', 'any': 'anyExtendedKeyUsage',
       'email': 'emailProtection', 'none': None}

KEYS = {'p256': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'p384': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'p192': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-192'],
        'explicit': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'], 'ed25519': ['ED25519'], 'ed448': ['ED448'],
        'rsa-pss': ['RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'], **{'rsa%d' % n: ['RSA', '-pkeyopt', 'rsa_keygen_bits:%d' % n] for n in (512, 1024, 1536, 2048)}}


class Pki:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        for name, text in (('index.txt', ''), ('serial', '1000\n')):
            write(self.at(name), text)
        write(self.at('index.txt.attr'), 'unique_subject = no\n')

    def at(self, name):
        return os.path.join(self.folder, name)

    def key(self, name, kind='p256'):
        path = self.at(name + '.key')
        if not os.path.exists(path):
            run('openssl', 'genpkey', '-algorithm', *KEYS[kind], '-out', path)
        return path

    def issue(self, name, cn, issuer=None, ca=False, eku='none', names=(), rsa=False, start='20240101000000Z', end='20400101000000Z', key=None, ext=None, sign=()):
        """key: a kind; ext: extensions in place of these, None for one that is left out; sign: more words for openssl ca.
        Without any extension the certificate is one of version 1."""
        path = self.key(name, key or ('rsa2048' if rsa else 'p256'))
        exts = {'basicConstraints': 'critical,CA:' + ('TRUE' if ca else 'FALSE'), 'subjectKeyIdentifier': 'hash',
                'keyUsage': 'critical,' + ('keyCertSign,cRLSign,digitalSignature' if ca else 'digitalSignature'),
                'authorityKeyIdentifier': 'keyid:always' if issuer else None, 'extendedKeyUsage': EKU[eku],
                'subjectAltName': ','.join('DNS:' + n for n in names) or None, **(ext or {})}
        lines = ['%s=%s' % pair for pair in exts.items() if pair[1]]
        subject = 'CN=' + cn if '=' not in cn else cn.replace('/', '\n')
        write(self.at(name + '.cnf'), '[ca]\ndefault_ca=c\n[c]\ndatabase={0}/index.txt\nserial={0}/serial\nnew_certs_dir={0}\ndefault_md=default\n'
              'policy=p\nunique_subject=no\npreserve=yes\n[p]\ncommonName=optional\norganizationName=optional\n[req]\ndistinguished_name=d\nprompt=no\n[d]\n{1}\n[dn]\nO=Elsewhere\n[x]\n{2}\n'
              .format(self.folder, subject, '\n'.join(lines)))
        run('openssl', 'req', '-new', '-key', path, '-config', self.at(name + '.cnf'), '-out', self.at(name + '.csr'), *(['-subj', '/'] if not cn else []))
        by = ['-cert', self.at(issuer + '.crt'), '-keyfile', self.at(issuer + '.key')] if issuer else ['-selfsign', '-keyfile', path]
        run('openssl', 'ca', '-batch', '-notext', '-config', self.at(name + '.cnf'), *(['-extensions', 'x'] if lines else []), '-in', self.at(name + '.csr'),
            '-out', self.at(name + '.crt'), '-startdate', start, '-enddate', end, *by, *sign)
        return self.at(name + '.crt')

    def crl(self, name, issuer, revoked=(), start='20240101000000Z', end='20400101000000Z'):
        """NAME.crl: the issuer's list with these certificates on it."""
        rows = [run('openssl', 'x509', '-in', self.at(r + '.crt'), '-noout', '-serial').stdout.strip().split('=')[1] for r in revoked]
        write(self.at(name + '.txt'), ''.join('R\t400101000000Z\t240101000000Z\t%s\tunknown\t/CN=revoked\n' % serial for serial in rows))
        write(self.at(name + '.crl.cnf'), '[ca]\ndefault_ca=c\n[c]\ndatabase=%s.txt\ndefault_md=sha256\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid:always\n' % self.at(name))
        run('openssl', 'ca', '-gencrl', '-config', self.at(name + '.crl.cnf'), '-cert', self.at(issuer + '.crt'), '-keyfile', self.at(issuer + '.key'),
            '-crl_lastupdate', start, '-crl_nextupdate', end, '-out', self.at(name + '.crl'))
        return self.at(name + '.crl')

    def chain(self, name, *parts):
        write(self.at(name + '.pem'), ''.join(open(self.at(p + '.crt')).read() for p in parts))
        return self.at(name + '.pem')

    def der(self, name):
        return subprocess.run(['openssl', 'x509', '-in', self.at(name + '.crt'), '-outform', 'DER'], capture_output=True, check=True).stdout

    def spki(self, name):
        pem = run('openssl', 'x509', '-in', self.at(name + '.crt'), '-noout', '-pubkey').stdout
        return subprocess.run(['openssl', 'pkey', '-pubin', '-outform', 'DER'], input=pem.encode(), capture_output=True, check=True).stdout

    def sha256(self, name):
        return hashlib.sha256(self.der(name)).hexdigest()

    def tlsa(self, usage, selector, matching, name):
        data = self.der(name) if selector == 0 else self.spki(name)
        digest = {0: lambda d: d.hex(), 1: lambda d: hashlib.sha256(d).hexdigest(), 2: lambda d: hashlib.sha512(d).hexdigest()}[matching]
        return '%d %d %d %s' % (usage, selector, matching, digest(data))
