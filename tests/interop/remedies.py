#!/usr/bin/env python3
"""The lines that mxscope whatif offers as remedies, fed to the programs they are for.

Postfix: postconf finds no unknown parameter and master.cf parses, postmap makes the tables; Exim: -bV reads the
configuration; openssl: the commands for an authority of one's own give a certificate that may be a client's;
ldns: the records are records. The versions that the remedies name must be those that were tried.
"""
import json, os, re, subprocess, sys, tempfile
from host import Root, need_root, run

SRC = os.path.abspath(os.environ.get('srcdir', '.'))
MXSCOPE = os.path.abspath('mxscope')
CERTS = SRC + '/tests/certs/judge/'
failed = []


def check(ok, what, detail=''):
    print('%s %s' % ('ok  ' if ok else 'FAIL', what))
    if not ok:
        print(detail)
        failed.append(what)


def whatif(folder, *words):
    p = subprocess.run([MXSCOPE, 'whatif', '--json', '--at', '2026-12-01', '--trust-store', CERTS + 'root.crt', *words], cwd=folder, capture_output=True, text=True)
    return json.loads(p.stdout)


def offered(folder):
    """id -> product -> lines, of all remedies that some scenario brings."""
    out = {}
    key = json.loads(subprocess.run([MXSCOPE, 'verify', '--json', '--chain', 'good.pem', '--trust-store', 'none'], cwd=folder, capture_output=True, text=True).stdout)['chain'][0]['spki_sha256']
    for words in (('--role', 'client', '--chain', 'both.pem', '--scenario', 'eku/any-ca'), ('--chain', 'good.pem', '--tlsa', '3 1 1 ' + key, '--scenario', 'failure/tlsa-*', '--scenario', 'failure/starttls-stripped')):
        for scenario in whatif(folder, *words)['scenarios']:
            for remedy in scenario['remedies']:
                lines = out.setdefault(words[0] + ' ' + remedy['id'], {})
                lines.clear()
                for line in remedy['do']:
                    product, text = line.split(': ', 1)
                    lines.setdefault(product, []).append(text)
    return out


def files(lines, first):
    """Lines by the file that a comment names: '# /etc/postfix/transport'."""
    out, at = {first: []}, first
    for line in lines:
        named = re.match(r'# (/etc/\S+?):?( .*)?$', line)
        if named:
            at = named.group(1)
            out.setdefault(at, [])
        elif not line.startswith('#'):
            out[at].append(line)
    return out


def postfix(root, name, lines):
    by_file = files(lines, '/etc/postfix/main.cf')
    root.put('/tmp/pf/main.cf', 'compatibility_level = 3.6\nmail_owner = postfix\nsetgid_group = postdrop\n' + '\n'.join(by_file.pop('/etc/postfix/main.cf')) + '\n')
    root.put('/tmp/pf/master.cf', 'smtp inet n - y - - smtpd\nsmtp unix - - y - - smtp\n' + '\n'.join(by_file.pop('/etc/postfix/master.cf', [])) + '\n')
    p = run('chroot', root.path, 'postconf', '-c', '/tmp/pf', '-n', check=False)
    check(p.returncode == 0 and not p.stderr, name + ': main.cf', p.stderr)
    for line in open(root.path + '/tmp/pf/main.cf'):
        word = re.match(r'([a-z]\S*) *=', line)
        if word:
            p2 = run('chroot', root.path, 'postconf', '-c', '/tmp/pf', '-d', word.group(1), check=False)
            check(p2.returncode == 0 and not p2.stderr, '%s: %s is a parameter' % (name, word.group(1)), p2.stderr)
    p = run('chroot', root.path, 'postconf', '-c', '/tmp/pf', '-M', check=False)
    check(p.returncode == 0 and not p.stderr, name + ': master.cf', p.stderr)
    p = run('chroot', root.path, 'postconf', '-c', '/tmp/pf', '-P', check=False)
    check(p.returncode == 0 and not p.stderr, name + ': options of services', p.stderr)
    for path, entries in by_file.items():
        root.put('/tmp/pf/table', '\n'.join(entries) + '\n')
        p = run('chroot', root.path, 'postmap', '-c', '/tmp/pf', 'hash:/tmp/pf/table', check=False)
        check(p.returncode == 0 and not p.stderr, '%s: %s' % (name, path), p.stderr)


def exim(root, name, lines, partner):
    text = [line for line in lines if not line.startswith('#')]
    main, transport = (text, []) if partner else ([], text)
    conf = ['primary_hostname = mx.example.org'] + main + ['begin acl', 'begin routers', 'begin transports', 'remote:', 'driver = smtp'] + transport
    root.put('/etc/exim4/remedy.conf', '\n'.join(conf) + '\n')
    p = run('chroot', root.path, 'exim4', '-C', '/etc/exim4/remedy.conf', '-bV', check=False)
    check(p.returncode == 0, name + ': -bV', p.stdout[-500:] + p.stderr)
    p = run('chroot', root.path, 'exim4', '-C', '/etc/exim4/remedy.conf', '-be', '${if match_domain{partner.example}{partner.example}{}{/x}}', check=False)
    check(p.returncode == 0 and p.stdout.strip() == '', name + ': the condition on the domain', p.stdout + p.stderr)


def authority(folder, lines):
    script = '\n'.join(lines)
    p = subprocess.run(['sh', '-e', '-c', script], cwd=folder, capture_output=True, text=True)
    check(p.returncode == 0, 'openssl: the commands run', p.stderr[-800:])
    p = subprocess.run(['openssl', 'verify', '-purpose', 'sslclient', '-CAfile', 'ca.crt', 'client.crt'], cwd=folder, capture_output=True, text=True)
    check(p.stdout.strip() == 'client.crt: OK', 'openssl: a client of that authority', p.stdout + p.stderr)


def records(lines):
    for line in lines:
        check(re.match(r'_25\._tcp\.\S+\. IN TLSA [23] 1 1 [0-9a-f]{64}$', line) is not None, 'DNS: ' + line[:50], line)


def version(root, words):
    return run('chroot', root.path, *words, check=False).stdout


def main():
    need_root()
    with tempfile.TemporaryDirectory() as folder:
        for name, leaf in (('both', 'eku-both'), ('good', 'good')):
            with open('%s/%s.pem' % (folder, name), 'w') as f:
                f.write(open(CERTS + leaf + '.crt').read() + open(CERTS + 'int.crt').read())
        remedies = offered(folder)
        check(len(remedies) >= 7, 'enough remedies: ' + ', '.join(sorted(remedies)))
        p, e = Root('postfix', ['postfix']), Root('exim', ['exim4-daemon-heavy', 'exim4-config', 'exim4-base'])
        try:
            named = open(SRC + '/share/remedies/client.ini').read()
            real = {'postfix': version(p, ['postconf', '-d', '-h', 'mail_version']).strip(), 'exim': (re.search(r'version (\S+)', version(e, ['exim4', '-bV'])) or [0, '?'])[1]}
            for product in real:
                said = re.search(r'^%s-version = (\S+)' % product, named, re.M).group(1)
                if said != real[product]:
                    print('note: %s here is %s, the remedies name %s' % (product, real[product], said))
            for remedy, products in sorted(remedies.items()):
                for product, lines in products.items():
                    name = '%s, %s' % (remedy, product)
                    if product.startswith('Postfix'):
                        postfix(p, name, lines)
                    elif product.startswith('Exim'):
                        exim(e, name, lines, 'partner' in product)
                    elif product == 'DNS':
                        records(lines)
                    else:
                        authority(folder, lines)
        finally:
            p.umount()
            e.umount()
    print('%d failed' % len(failed))
    sys.exit(1 if failed else 0)


main()
