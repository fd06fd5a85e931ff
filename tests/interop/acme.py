#!/usr/bin/env python3
"""The hooks of the manual page's section on ACME clients, called by the clients themselves: certbot, dehydrated and lego
get a certificate with a new key from a local authority (pebble), their hook asks `mxscope plan --watch --may-deploy`, and
the mail server gets it only when its record has been out for two TTLs. What the clients wrote as their configuration is
what --acme reads. (acme.sh is not in Debian.)"""
import json, os, re, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plan
from host import need_root, run, wait_port

plan.CASES = {c: dict(scheme='3-1-1', how='cert', tlsa=[(3, 1, 1, 'leaf')], issuer='int1') for c in ('certbot', 'dehydrated', 'lego')}
MANUAL = os.path.join(plan.HERE, '..', '..', 'man', 'mxscope.1')
DIRECTORY = 'https://localhost:14000/dir'


def manual(name):
    """An example of the manual page as it is read."""
    text = re.search(r'^\.\\" begin %s\n(.*?)^\.\\" end' % name, open(MANUAL).read(), re.M | re.S).group(1)
    return text.replace('\\-', '-').replace('\\(aq', "'")


class Acme(plan.World):
    def start(self):
        pki, net = self.pki, self.net
        self.root_acme = root = self.root('acme', ['pebble', 'certbot', 'dehydrated', 'lego', 'curl', 'openssl'])
        pki.issue('pebble', 'localhost', 'root', eku='server', names=['localhost'])
        for name in ('pebble.crt', 'pebble.key', 'root.crt'):
            root.copy(pki.at(name), '/acme/' + name)
        root.copy(self.dns.path + '/plan/anchor.key', '/acme/anchor.key')
        root.put('/etc/hosts', '127.0.0.1 localhost\n')
        root.put('/acme/pebble.json', json.dumps({'pebble': {
            'listenAddress': '127.0.0.1:14000', 'managementListenAddress': '127.0.0.1:15000', 'certificate': '/acme/pebble.crt',
            'privateKey': '/acme/pebble.key', 'httpPort': 80, 'tlsPort': 443, 'ocspResponderURL': '', 'externalAccountBindingRequired': False}}))
        net.spawn(root, 'env', 'PEBBLE_VA_NOSLEEP=1', 'PEBBLE_VA_ALWAYS_VALID=1', 'PEBBLE_WFE_NONCEREJECT=0', 'pebble', '-config', '/acme/pebble.json',
                  log=root.base + '/pebble.log')
        run('rm', '-rf', *[root.path + '/acme/' + d for d in list(plan.CASES) + ['state', 'tls', 'work', 'logs']])
        for case in plan.CASES:
            self.scripts(case)

    def scripts(self, case):
        """The manual's script for this domain; mxscope finds the test's resolver, the server is told to reload by a file."""
        root = self.root_acme
        text = manual('deploy-mx').replace('target=example.org', 'target=%s.%s' % (case, plan.ZONE)).replace('tls=/etc/postfix/tls', 'tls=/acme/tls/' + case)
        assert case in text and '/acme/tls' in text
        root.put('/acme/%s/bin/deploy-mx' % case, text, 0o755)
        root.put('/acme/%s/bin/mxscope' % case, '#!/bin/sh\nexport XDG_STATE_HOME=/acme/state\necho "$@" >>/acme/%s/asked\nexec %s "$@" --resolver %s --trust-anchor %s '
                 '--trust-store %s --offer any --server %s >>/acme/%s/said 2>&1\n' % (case, plan.MXSCOPE, plan.OLD, '/acme/anchor.key', '/acme/root.crt', plan.NSD, case), 0o755)
        root.put('/acme/%s/bin/postfix' % case, '#!/bin/sh\necho "$@" >>/acme/%s/reloaded\n' % case, 0o755)
        root.copy(self.pki.at(case + '.pem'), '/acme/tls/%s/mx.pem' % case)

    def client(self, case, *words, check=True):
        env = dict(os.environ, PATH='/acme/%s/bin:%s' % (case, os.environ['PATH']), REQUESTS_CA_BUNDLE='/acme/root.crt', CURL_CA_BUNDLE='/acme/root.crt',
                   LEGO_CA_CERTIFICATES='/acme/root.crt', HOME='/root', LC_ALL='C')
        return self.net.run(self.root_acme, *words, env=env, check=check)

    def read(self, name):
        return self.root_acme.read(name)


def hook_of(client):
    """What the manual passes as hook."""
    line = next(l for l in manual('hooks').splitlines() if client in l)
    passed = re.search(r"-hook (?:'(.*)'|(\S+)$)", line)
    return (passed.group(1) or passed.group(2)) if passed else line


def certbot(w, case, name):
    base = ['--server', DIRECTORY, '--config-dir', '/acme/certbot', '--work-dir', '/acme/work', '--logs-dir', '/acme/logs', '-n']
    w.client(case, 'certbot', 'certonly', '--standalone', '--agree-tos', '-m', 'a@plan.example', '-d', name, *base)
    w.client(case, 'certbot', 'renew', '--force-renewal', '--no-random-sleep-on-renew', '--deploy-hook', hook_of('certbot'), *base)
    live = '/acme/certbot/live/%s/' % name
    return live + 'fullchain.pem', live + 'privkey.pem', 'certbot:' + w.root_acme.path + '/acme/certbot/renewal/%s.conf' % name


def dehydrated(w, case, name):
    w.root_acme.put('/acme/dehydrated/hook', '#!/bin/sh\n' + hook_of('dehydrated') + '\n', 0o755)
    w.root_acme.put('/acme/dehydrated/wellknown/x', '')
    config = '/acme/dehydrated/config'
    w.root_acme.put(config, 'CA="%s"\nBASEDIR=/acme/dehydrated\nWELLKNOWN=/acme/dehydrated/wellknown\nHOOK=/acme/dehydrated/hook\nCONTACT_EMAIL=a@plan.example\n'
                    'KEY_ALGO=prime256v1\nPRIVATE_KEY_RENEW="yes"\n' % DIRECTORY)
    w.client(case, 'dehydrated', '--register', '--accept-terms', '-f', config)
    w.client(case, 'dehydrated', '-c', '-f', config, '-d', name)
    certs = '/acme/dehydrated/certs/%s/' % name
    return certs + 'fullchain.pem', certs + 'privkey.pem', 'dehydrated:' + w.root_acme.path + config


def lego(w, case, name):
    base = ['lego', '--server', DIRECTORY, '--accept-tos', '--email', 'a@plan.example', '--domains', name, '--http', '--path', '/acme/lego']
    w.client(case, *base, 'run')
    w.client(case, *base, 'renew', '--days', '100000', '--no-random-sleep', '--renew-hook', hook_of('lego'))
    certs = '/acme/lego/certificates/' + name
    return certs + '.crt', certs + '.key', None


def trial(w, case, get):
    name, tls = plan.host(case), '/acme/tls/%s/mx.pem' % case
    before = w.read(tls)
    chain, key, config = get(w, case, name)
    w.say('--watch --may-deploy' in w.read('/acme/%s/asked' % case), '%s: the hook did not ask: %s' % (case, w.read('/acme/%s/asked' % case)))
    w.say('do not deploy' in w.read('/acme/%s/said' % case), '%s: %s' % (case, w.read('/acme/%s/said' % case)))
    w.say(w.read(tls) == before and not w.read('/acme/%s/reloaded' % case), '%s: deployed before its record was out' % case)
    named = '--next-cert=' + w.root_acme.path + chain
    words = ['plan', '--json', '--resolver', plan.OLD, '--trust-anchor', w.dns.path + '/plan/anchor.key', '--trust-store', w.pki.at('root.crt'), '--offer', 'any',
             '--scheme', '3-1-1', '%s.%s' % (case, plan.ZONE)]
    if config:
        status, out, err = w.mxscope(*words, '--acme', config)
        said = json.loads(out)
        w.say(status == 2 and any(case in n for n in said['notes']), '%s: --acme: %d %s %s' % (case, status, said.get('notes'), err))
    status, out, err = w.mxscope(*words, named)
    assert status == 0, (out, err)
    w.publish(case, plan.records_of(json.loads(out)['steps'][0]))
    w.expect(case, 'published', 'sent')
    w.client(case, 'deploy-mx', chain, key)
    w.say(w.read(tls) == before, '%s: deployed before two TTLs' % case)
    end = time.monotonic() + 4 * plan.TTL + 5
    while w.read(tls) == before and time.monotonic() < end:
        time.sleep(0.5)
        w.client(case, 'deploy-mx', chain, key) # as cron does
    w.say(w.read(tls) == w.read(chain) != before and w.read('/acme/%s/reloaded' % case).strip() == 'reload', '%s: not deployed: %s' % (case, w.read('/acme/%s/said' % case)))
    run('cp', w.root_acme.path + tls, w.pki.at(case + '-next.pem'))
    run('cp', w.root_acme.path + '/acme/tls/%s/mx.key' % case, w.pki.at(case + '-next.key'))
    w.deploy(case)
    w.expect(case, 'deployed by the hook', 'sent')


def main():
    need_root()
    with Acme('acme') as w:
        w.start_dns()
        w.start_postfix()
        w.start()
        w.serve()
        w.net.enter()
        assert wait_port('127.0.0.1', 14000) and wait_port('127.0.0.1', 5300) and wait_port(plan.OLD, 53) and wait_port('127.2.0.%d' % len(plan.CASES), 25)
        for case, get in (('certbot', certbot), ('dehydrated', dehydrated), ('lego', lego)):
            trial(w, case, get)
        w.net.run(w.postfix, 'postfix', 'stop', check=False)
        print('%d clients, %d deliveries, %d wrong' % (len(plan.CASES), w.sent, w.failed))
        sys.exit(1 if w.failed else 0)


main()
