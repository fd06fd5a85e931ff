"""A zoo of DNSSEC zones below one signed apex: good, broken and forged. ldns makes keys and signatures; what is broken
is broken by editing the texts that it signed, so that a real NSD serves it as it stands."""
import re

APEX = 'zoo.example'
NS_ADDRESS, NOWHERE = '10.53.0.54', '10.53.9.9'
# before 2038: ldns takes the seconds as signed, against RFC 4034 3.1.5
NOW, OLD, LATER = '-i 20240101000000 -e 20371231000000', '-i 20240101000000 -e 20240201000000', '-i 20370101000000 -e 20371231000000'

# what every zone has
DATA = '''@ MX 10 mx
mx A 127.0.0.1
none A 127.0.0.1
deep.ent A 127.0.0.1
*.wild MX 10 mx
real.wild MX 10 real
*.wildtext TXT "t"
_25._tcp.mx TLSA 3 1 1 ''' + 'ab' * 32 + '\n'

ALIASES = '''alias CNAME nsec3.zoo.example.
to-insecure CNAME insecure.zoo.example.
to-bogus CNAME badsig.zoo.example.
loop CNAME pool
pool CNAME loop
dn DNAME nsec3.zoo.example.
dn-insecure DNAME insecure.zoo.example.
dn-bogus DNAME badsig.zoo.example.
'''


# --- edits of a signed text: one record a line, "owner TTL IN type rdata" ---

def of(line, owner, *kinds, signature=None):
    """Whether a line is the owner's (None: anybody's) record of a kind, or the RRSIG over it; signature: only this one."""
    f = line.split()
    if len(f) < 5 or (owner and f[0].lower() != owner):
        return False
    signs = f[3] == 'RRSIG'
    return (f[4] if signs else f[3]) in kinds and signature in (None, signs)


def without(text, *what, **k):
    return ''.join(l + '\n' for l in text.splitlines() if not of(l, *what, **k))


def only(text, *what, **k):
    return ''.join(l + '\n' for l in text.splitlines() if of(l, *what, **k))


def flip(text, *what):
    """The same with signatures of which one character differs."""
    lines = [l[:-12] + ('A' if l[-12] != 'A' else 'B') + l[-11:] if of(l, *what, signature=True) else l for l in text.splitlines()]
    return ''.join(l + '\n' for l in lines)


def put(text, other, *what, **k):
    """These lines of another text in place of ours."""
    return without(text, *what, **k) + only(other, *what, **k)


def replay(text, source, target, kind):
    """The source's records and signatures under the target's name."""
    return without(text, target, kind) + re.sub(r'^\S+', target, only(text, source, kind), flags=re.M)


class Zone:
    """sign: options of ldns-signzone; None: not signed. ds: what becomes of the true DS records before the parent signs
    them. edit, parent: what becomes of the signed texts, its own and its parent's; both also get the zone, whose old and
    other are the same data signed with times gone by and with other keys."""

    def __init__(self, label, sign=NOW, alg='ECDSAP256SHA256', ds=lambda ds, ds1: ds, edit=lambda text, z: text, parent=lambda text, z: text, more='', ns='ns.' + APEX + '.'):
        self.label, self.sign, self.alg, self.ds, self.edit, self.parent, self.more, self.ns = label, sign, alg, ds, edit, parent, more, ns
        self.name = (label + '.' if label else '') + APEX
        self.at = self.name + '.'
        self.file = self.name

    def text(self):
        return '$ORIGIN %s\n$TTL 300\n@ IN SOA ns.%s. h 1 3600 900 1209600 60\n@ IN NS %s\n%s%s' % (self.at, APEX, self.ns, DATA, self.more)

    def keys(self):
        """The shell's part: keys and DS records."""
        size = '-b 2048' if 'RSA' in self.alg else ''
        return '''for i in "" .other; do
ldns-keygen -a {a} {b} -k {n} >{f}$i.k; ldns-keygen -a {a} {b} {n} >{f}$i.z
done
k=$(cat {f}.k); ldns-key2ds -n -2 $k.key >{f}.ds; ldns-key2ds -n -1 $k.key >{f}.ds1; cp $k.key {f}.key
'''.format(a=self.alg, b=size, n=self.name, f=self.file)

    def signing(self):
        if self.sign is None:
            return 'cp {f} {f}.signed\n'.format(f=self.file)
        one = 'ldns-signzone %s -o %s -f %s.%s %s $(cat %s%s.k) $(cat %s%s.z)\n'
        return ''.join(one % (times, self.name, self.file, out, self.file, self.file, other, self.file, other)
                       for times, out, other in ((self.sign, 'signed', ''), (OLD, 'old', ''), (NOW, 'others', '.other')))


def wrong_digest(ds, _):
    return re.sub(r'[0-9a-f]{8}$', '00000000', ds.strip()) + '\n'


def field(n, value):
    """The DS record with another algorithm (5) or digest type (6)."""
    return lambda ds, _: ' '.join(f if i != n else value for i, f in enumerate(ds.split())) + '\n'


def zones():
    z = [Zone(alg.lower(), alg=alg) for alg in ('RSASHA1', 'RSASHA256', 'RSASHA512', 'ECDSAP256SHA256', 'ECDSAP384SHA384', 'ED25519', 'ED448')]
    z += [
        Zone('good', more=ALIASES), Zone('nsec3', sign=NOW + ' -n'), Zone('iterations', sign=NOW + ' -n -t 2000'),
        Zone('rsasha1nsec3', sign=NOW + ' -n', alg='RSASHA1_NSEC3'),
        Zone('optout', sign=NOW + ' -n -p', more='sub NS ns.%s.\n' % APEX), Zone('sub.optout', sign=None),
        Zone('insecure', sign=None, ds=lambda *_: ''),
        # the DS records
        Zone('nosig', sign=None), Zone('badds', ds=wrong_digest), Zone('badds-sha1', ds=lambda ds, ds1: wrong_digest(ds, '') + ds1),
        Zone('ds-sha1', ds=lambda ds, ds1: ds1), Zone('unknown-alg', ds=field(5, '200')), Zone('unknown-digest', ds=field(6, '200')),
        Zone('one-unknown-alg', ds=lambda ds, _: ds + field(5, '200')(ds, _)),
        Zone('ds-removed', parent=lambda t, z: without(t, z.at, 'DS')), Zone('ds-bad-signature', parent=lambda t, z: flip(t, z.at, 'DS')),
        Zone('ds-expired', parent=lambda t, z: without(t, z.at, 'DS', signature=True) + only(z.apex.old, z.at, 'DS', signature=True)),
        Zone('no-proof', sign=None, ds=lambda *_: '', parent=lambda t, z: without(t, z.at, 'NSEC')),
        # keys and signatures
        Zone('expired', sign=OLD), Zone('future', sign=LATER),
        Zone('badsig', edit=lambda t, z: flip(t, z.at, 'MX')), Zone('unsigned-mx', edit=lambda t, z: without(t, z.at, 'MX', signature=True)),
        Zone('tampered', edit=lambda t, z: re.sub('^(%s.*MX.10 )mx' % re.escape(z.at), r'\1none', t, flags=re.M)),
        Zone('partly-expired', edit=lambda t, z: put(put(t, z.old, z.at, 'MX', signature=True), z.old, '_25._tcp.mx.' + z.at, 'TLSA', signature=True)),
        Zone('two-signatures', edit=lambda t, z: t + only(z.old, z.at, 'MX', signature=True)),
        Zone('other-key', edit=lambda t, z: put(t, z.other, z.at, 'MX', signature=True)),
        Zone('dnskey-expired', edit=lambda t, z: put(t, z.old, z.at, 'DNSKEY', signature=True)),
        Zone('dnskey-unsigned', edit=lambda t, z: without(t, z.at, 'DNSKEY', signature=True)),
        Zone('dnskey-added', edit=lambda t, z: t + only(z.other, z.at, 'DNSKEY', signature=False)),
        # forged: each of these signatures is genuine, and says something else
        Zone('foreign', edit=lambda t, z: put(t, z.foreign, z.at, 'MX', signature=True)),
        Zone('replayed', edit=lambda t, z: replay(t, '*.wild.' + z.at, 'real.wild.' + z.at, 'MX')),
        Zone('no-denial', edit=lambda t, z: without(t, None, 'NSEC')),
        Zone('mx-hidden', edit=lambda t, z: without(t, z.at, 'MX')), Zone('name-hidden', edit=lambda t, z: without(t, 'none.' + z.at, 'A', 'NSEC')),
        Zone('wild-hidden', edit=lambda t, z: without(t, 'real.wild.' + z.at, 'MX', 'NSEC')),
        Zone('lame', sign=None, ds=lambda *_: '', ns='ns.nowhere.%s.' % APEX), Zone('lame-signed', ns='ns.nowhere.%s.' % APEX),
    ]
    return z


def build(net, dns):
    """Writes, signs and breaks all zones in dns.root; returns what NSD has to serve."""
    put_text, read = (lambda n, t: dns.root.put('/zones/' + n, t)), (lambda n: dns.root.read('/zones/' + n))
    apex, below = Zone(''), zones()
    net.run(dns.root, 'sh', '-c', 'set -e; mkdir -p /zones; cd /zones; rm -f K* *zoo.example*\n' + ''.join(z.keys() for z in [apex] + below))
    for z in below:
        put_text(z.file, z.text())
        if not z.label.endswith('.optout'):
            apex.more += '%s NS %s\n%s' % (z.label, z.ns, z.ds(read(z.file + '.ds'), read(z.file + '.ds1')))
    apex.more += 'ns A %s\nns.nowhere A %s\n' % (NS_ADDRESS, NOWHERE)
    put_text(apex.file, apex.text())
    # the foreign zone's MX, signed with the key of a zone beside it, which is as good a zone as any
    put_text('foreign-mx', '$ORIGIN good.%s.\n$TTL 300\n@ SOA ns h 1 3600 900 1209600 60\nforeign.%s. MX 10 mx.foreign.%s.\n' % (APEX, APEX, APEX))
    script = ''.join(z.signing() for z in [apex] + below)
    script += 'ldns-signzone %s -o good.%s -f foreign-mx.signed foreign-mx $(cat good.%s.k) $(cat good.%s.z)\n' % (NOW, APEX, APEX, APEX)
    net.run(dns.root, 'sh', '-c', 'set -e; cd /zones\n' + script)
    apex.old, signed = read(apex.file + '.old'), read(apex.file + '.signed')
    for z in below:
        z.apex, z.old, z.other, z.foreign = apex, read(z.file + '.old'), read(z.file + '.others'), read('foreign-mx.signed')
        own = read(z.file + '.signed')
        put_text(z.file + '.signed', z.edit(own, z))
        signed = z.parent(signed, z)
    put_text(apex.file + '.signed', signed)
    dns.root.copy(dns.root.path + '/zones/%s.key' % apex.file, '/zones/anchor.key')
    return {z.name: z.file + '.signed' for z in [apex] + below if not z.label.startswith('lame')}
