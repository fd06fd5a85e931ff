#!/usr/bin/env python3
"""The lines that mxscope whatif offers as remedies, fed to the programs they are for.

Postfix: postconf finds no unknown parameter and master.cf parses, postmap makes the tables; Exim: -bV reads the
configuration; openssl: the commands for an authority of one's own give a certificate that may be a client's;
certbot knows every option of its lines; stunnel takes its lines; a policy has its keys; the records are
records. The versions that the remedies name must be those that were tried.
"""
import json, os, re, subprocess, sys, tempfile
from host import Root, need_root, run

SRC = os.path.abspath(os.environ.get('srcdir', '.'))
MXSCOPE = os.path.abspath('mxscope')
UNTRIED = ('BIND', 'Knot DNS') # they need a zone of their own that runs; rndc(8), knotc(8)
CERTS = SRC + '/tests/certs/judge/'
failed = []


def check(ok, what, detail=''):
    print('%s %s' % ('ok  ' if ok else 'FAIL', what))
    if not ok:
        print(detail)
        failed.append(what)


def whatif(folder, *words):
    with open(folder + '/roots.pem', 'w') as f: # some that other authorities lead to
        f.write(''.join(open(SRC + '/tests/certs/' + c).read() for c in ('judge/root.crt', 'whatif/isrgrootx1.pem', 'whatif/gts-root-r1.pem', 'whatif/gts-root-r4.pem')))
    p = subprocess.run([MXSCOPE, 'whatif', '--json', '--at', '2026-12-01', '--trust-store', 'roots.pem', *words], cwd=folder, capture_output=True, text=True)
    return json.loads(p.stdout)


def offered(folder):
    """id -> product -> lines, of all remedies that some scenario brings."""
    out = {}
    key = json.loads(subprocess.run([MXSCOPE, 'verify', '--json', '--chain', 'good.pem', '--trust-store', 'none'], cwd=folder, capture_output=True, text=True).stdout)['chain'][0]['spki_sha256']
    with open(folder + '/sts.txt', 'w') as f:
        f.write('version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n')
    scenarios = [w for s in ('eku/any-ca', 'failure/*', 'reaction/*', 'renewal/new-key', 'renewal/to-rsa', 'trust/*') for w in ('--scenario', s)]
    with open(folder + '/new.ini', 'w') as f:
        f.write('[scenario]\ntitle = New key, and for servers only\n[changes]\nchange = renew leaf\nchange = key leaf new\nchange = eku leaf -clientAuth\n')
    scenarios += ['--scenario', 'new.ini']
    for words in (('--role', 'client', '--chain', 'both.pem', '--domain', 'partner.example'), ('--chain', 'good.pem', '--tlsa', '3 1 1 ' + key, '--domain', 'example.org', '--sts', 'sts.txt')):
        words += tuple(scenarios)
        for scenario in whatif(folder, *words)['scenarios']:
            for remedy in scenario['remedies']:
                lines = out.setdefault((words[1] if words[0] == '--role' else 'server') + ' ' + remedy['id'], {})
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


def exim(root, name, lines, in_main):
    text = [line for line in lines if not line.startswith('#')]
    main, transport = (text, []) if in_main else ([], text)
    conf = ['primary_hostname = mx.example.org'] + main + ['begin acl', 'begin routers', 'begin transports', 'remote:', 'driver = smtp'] + transport
    root.put('/etc/exim4/remedy.conf', '\n'.join(conf) + '\n')
    p = run('chroot', root.path, 'exim4', '-C', '/etc/exim4/remedy.conf', '-bV', check=False)
    check(p.returncode == 0, name + ': -bV', p.stdout[-500:] + p.stderr)
    p = run('chroot', root.path, 'exim4', '-C', '/etc/exim4/remedy.conf', '-be', '${if match_domain{partner.example}{partner.example}{}{/x}}', check=False)
    check(p.returncode == 0 and p.stdout.strip() == '', name + ': the condition on the domain', p.stdout + p.stderr)


def certbot(root, name, lines):
    """The commands on a machine without any certificate: nothing to renew, no account, but every option is known."""
    for command in '\n'.join(lines).replace('\\\n', ' ').split('\n'):
        if command.startswith('#'):
            continue
        p = run('chroot', root.path, 'sh', '-c', command + ' -n --dry-run --config-dir /tmp/cb --work-dir /tmp/cb --logs-dir /tmp/cb' if 'register' not in command else command + ' --help', check=False)
        said = p.stdout + p.stderr
        check(not re.search('unrecognized|invalid|expected one argument|usage:.*error', said), '%s: %s' % (name, command[:60]), said[-600:])


def stunnel(root, name, lines):
    root.put('/tmp/partners.pem', open(CERTS + 'eku-both.crt').read())
    conf = '\n'.join(lines).replace('/etc/stunnel/partners.pem', '/tmp/partners.pem')
    root.put('/tmp/st.conf', 'foreground = yes\npid =\n[smtp]\nclient = yes\naccept = 127.0.0.1:1\nconnect = 127.0.0.1:2\nTIMEOUTbusy = x\n' + conf + '\n')
    p = run('chroot', root.path, 'stunnel', '/tmp/st.conf', check=False)
    said = p.stdout + p.stderr
    wrong = re.findall(r'st.conf:(\d+): (.*)', said)
    check([n for n, _ in wrong] == ['7'], name + ': only the line that is wrong on purpose is', said)


def lists(folder, name, lines):
    """The job runs, on a list that lies here instead of at an authority."""
    run('openssl', 'crl', '-in', SRC + '/tests/certs/crl/int-ok.crl', '-outform', 'DER', '-out', folder + '/list.der')
    script = '\n'.join(lines).replace('/etc/ssl', folder + '/etc-ssl')
    script = re.sub(r'http://\S+', 'file://' + folder + '/list.der', script)
    os.makedirs(folder + '/etc-ssl', exist_ok=True)
    p = subprocess.run(['sh', '-e', '-c', script], cwd=folder, capture_output=True, text=True)
    check(p.returncode == 0, name + ': the job runs', p.stderr[-800:])
    p = subprocess.run(['openssl', 'crl', '-in', folder + '/etc-ssl/crls.pem', '-noout', '-issuer'], capture_output=True, text=True)
    check('Test Intermediate' in p.stdout, name + ': the list', p.stdout + p.stderr)


def sendmail(root, name, lines):
    root.put('/tmp/sm.mc', "OSTYPE(`debian')dnl\n" + ''.join(line + '\n' for line in lines if not line.startswith('#')) + "MAILER(`smtp')dnl\n")
    p = run('chroot', root.path, 'm4', '/usr/share/sendmail/cf/m4/cf.m4', '/tmp/sm.mc', check=False)
    check(re.search(r'^O CRLFile=/etc/ssl/crls/issuer.pem$', p.stdout, re.M) is not None, name + ': m4 takes it', p.stderr[-500:])


def dovecot(root, name, lines):
    root.put('/etc/dovecot/clients-and-crls.pem', open(CERTS + 'root.crt').read())
    root.put('/tmp/dc.conf', '\n'.join(lines) + '\n')
    p = run('chroot', root.path, 'doveconf', '-c', '/tmp/dc.conf', '-n', check=False)
    check(p.returncode == 0 and 'ssl_ca' in p.stdout, name + ': doveconf takes it', p.stdout[-500:] + p.stderr[-500:])


def policy(lines):
    for line in lines:
        check(re.match(r'(mx: [a-z0-9.*-]+|mode: testing)$', line) is not None, 'policy: ' + line)


def authority(folder, lines):
    script = '\n'.join(lines)
    p = subprocess.run(['sh', '-e', '-c', script], cwd=folder, capture_output=True, text=True)
    check(p.returncode == 0, 'openssl: the commands run', p.stderr[-800:])
    p = subprocess.run(['openssl', 'verify', '-purpose', 'sslclient', '-CAfile', 'ca.crt', 'client.crt'], cwd=folder, capture_output=True, text=True)
    check(p.stdout.strip() == 'client.crt: OK', 'openssl: a client of that authority', p.stdout + p.stderr)


def records(lines):
    for line in lines:
        tlsa = re.match(r'_25\._tcp\.\S+\. IN TLSA [23] 1 1 ([0-9a-f]{64}|\(digest of the new key, .*\))$', line)
        txt = re.match(r'_mta-sts\.\S+\. IN TXT "v=STSv1; id=[0-9]{14};"$', line)
        check(tlsa or txt, 'DNS: ' + line[:50], line)


def version(root, words):
    return run('chroot', root.path, *words, check=False).stdout


def main():
    need_root()
    with tempfile.TemporaryDirectory() as folder:
        for name, leaf in (('both', 'eku-both'), ('good', 'good')):
            with open('%s/%s.pem' % (folder, name), 'w') as f:
                f.write(open(CERTS + leaf + '.crt').read() + open(CERTS + 'int.crt').read())
        remedies = offered(folder)
        check(len(remedies) >= 23, 'enough remedies: ' + ', '.join(sorted(remedies)))
        p, e = Root('postfix', ['postfix']), Root('exim', ['exim4-daemon-heavy', 'exim4-config', 'exim4-base'])
        c = Root('remedies', ['certbot', 'stunnel4'])
        s = Root('sendmailreceiver', ['sendmail-bin', 'sendmail-base', 'sendmail-cf', 'sensible-mda', 'm4'])
        d = Root('dovecotreceiver', ['dovecot-submissiond'])
        try:
            named = open(SRC + '/share/remedies/client.ini').read()
            real = {'acme': (re.search(r'certbot (\S+)', version(c, ['certbot', '--version'])) or [0, '?'])[1], 'postfix': version(p, ['postconf', '-d', '-h', 'mail_version']).strip(), 'exim': (re.search(r'version (\S+)', version(e, ['exim4', '-bV'])) or [0, '?'])[1]}
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
                        exim(e, name, lines, 'partner' in product or 'main' in product)
                    elif product == 'DNS':
                        records(lines)
                    elif product == 'certbot':
                        certbot(c, name, lines)
                    elif product.startswith('stunnel'):
                        stunnel(c, name, lines)
                    elif product.startswith('sendmail'):
                        sendmail(s, name, lines)
                    elif product.startswith('Dovecot'):
                        dovecot(d, name, lines)
                    elif product.startswith('a daily job'):
                        lists(folder, name, lines)
                    elif product.startswith('https:'):
                        policy(lines)
                    elif product in UNTRIED:
                        print('note: %s is not tried here' % name)
                    else:
                        authority(folder, lines)
        finally:
            p.umount()
            e.umount()
            c.umount()
            s.umount()
            d.umount()
    print('%d failed' % len(failed))
    sys.exit(1 if failed else 0)


main()
