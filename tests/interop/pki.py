"""A small test PKI by openssl(1)."""
import hashlib, os, subprocess
from host import run, write

EKU = {'both': 'serverAuth,clientAuth', 'server': 'serverAuth', 'client': 'clientAuth', 'any': 'anyExtendedKeyUsage',
       'email': 'emailProtection', 'none': None}


class Pki:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        for name, text in (('index.txt', ''), ('serial', '1000\n')):
            write(self.at(name), text)
        write(self.at('index.txt.attr'), 'unique_subject = no\n')

    def at(self, name):
        return os.path.join(self.folder, name)

    def key(self, name, rsa=False):
        path = self.at(name + '.key')
        if not os.path.exists(path):
            alg = ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] if rsa else ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
            run('openssl', 'genpkey', '-algorithm', *alg, '-out', path)
        return path

    def issue(self, name, cn, issuer=None, ca=False, eku='none', names=(), rsa=False, start='20240101000000Z', end='20400101000000Z'):
        key = self.key(name, rsa)
        ext = ['basicConstraints=critical,CA:' + ('TRUE' if ca else 'FALSE'), 'subjectKeyIdentifier=hash',
               'keyUsage=critical,' + ('keyCertSign,cRLSign,digitalSignature' if ca else 'digitalSignature')]
        if issuer:
            ext.append('authorityKeyIdentifier=keyid:always')
        if EKU[eku]:
            ext.append('extendedKeyUsage=' + EKU[eku])
        if names:
            ext.append('subjectAltName=' + ','.join('DNS:' + n for n in names))
        write(self.at(name + '.cnf'), '[ca]\ndefault_ca=c\n[c]\ndatabase={0}/index.txt\nserial={0}/serial\nnew_certs_dir={0}\ndefault_md=sha256\n'
              'policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[req]\ndistinguished_name=d\nprompt=no\n[d]\nCN={1}\n[x]\n{2}\n'.format(self.folder, cn, '\n'.join(ext)))
        run('openssl', 'req', '-new', '-key', key, '-config', self.at(name + '.cnf'), '-out', self.at(name + '.csr'))
        sign = ['-cert', self.at(issuer + '.crt'), '-keyfile', self.at(issuer + '.key')] if issuer else ['-selfsign', '-keyfile', key]
        run('openssl', 'ca', '-batch', '-notext', '-config', self.at(name + '.cnf'), '-extensions', 'x', '-in', self.at(name + '.csr'),
            '-out', self.at(name + '.crt'), '-startdate', start, '-enddate', end, *sign)
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
