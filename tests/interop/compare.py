"""Our decoding of TLS messages beside tshark's, field by field.

tshark reads the pcapng that mxscope wrote, with the secrets inside; tests/interop/trees prints what
our decoders make of the recorded session. Where both name a field, they must agree on where it stands
in the message, on its octets and on what they mean.
"""
import collections, datetime, json, re, shutil, subprocess
import xml.etree.ElementTree as ElementTree

Field = collections.namedtuple('Field', 'name off size value show showname children')
Node = collections.namedtuple('Node', 'name value off size flags path')


class Message:
    def __init__(self, session, direction, kind, type, data=b''):
        self.session, self.direction, self.kind, self.type, self.data = session, direction, kind, type, data
        self.nodes = []

    def __repr__(self):
        return '%s %s %s' % (self.direction, self.kind, self.type)


def missing(*others):
    """The reason to skip; None when every program is here."""
    return next((program + ' is not installed' for program in ('tshark', 'openssl') + others if not shutil.which(program)), None)


# --- tshark -----------------------------------------------------------------------------------------

def flatten(element, base):
    """All fields below element, in order; offsets from base."""
    for f in element:
        if f.tag == 'field' and f.get('name'):
            yield Field(f.get('name'), int(f.get('pos')) - base, int(f.get('size')), f.get('value'), f.get('show'), f.get('showname'), f)
        yield from flatten(f, base)


def tshark(pcap, port):
    """[Message] in order of time; sessions are numbered from 0 in order of their TCP streams."""
    p = subprocess.run(['tshark', '-n', '-r', pcap, '-T', 'pdml', '-Y', 'tls', '-d', 'tcp.port==%d,tls' % port if port != 25 and port != 587 else 'tcp.port==1,tls'],
                       capture_output=True, timeout=120)
    out = []
    for packet in ElementTree.fromstring(p.stdout).iter('packet'):
        values = {f.get('name'): f.get('show') for f in packet.iter('field') if f.get('name') in ('tcp.stream', 'tcp.dstport')}
        session, direction = int(values['tcp.stream']), 'out' if int(values['tcp.dstport']) == port else 'in'
        for f in packet.iter('field'):
            if f.get('name') == 'tls.handshake':
                first = next((g for g in f if g.get('name') == 'tls.handshake.type'), None)
                if first is None:  # a part of a message that goes on in the next record
                    continue
                m = Message(session, direction, 'handshake', int(first.get('show')))
                m.nodes = list(flatten(f, int(first.get('pos')) + 4))
                out.append(m)
            elif f.get('name') == 'tls.alert_message':
                values = {g.get('name'): g.get('show') for g in f}
                if 'tls.alert_message.desc' in values:
                    out.append(Message(session, direction, 'alert', int(values['tls.alert_message.desc'])))
    return out


# --- ours -------------------------------------------------------------------------------------------

def ours(trees, record):
    out, sessions = [], {}
    lines = subprocess.run([trees, record], capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines:
        w = line.split('\t')
        if w[0] == 'M':
            data = bytes.fromhex(w[6])
            session = sessions.setdefault(w[2], len(sessions))
            out.append(Message(session, w[3], w[4], int(w[5]) if w[4] == 'handshake' else data[1], data))
            stack = []
        else:
            depth = int(w[1])
            stack = stack[:depth] + [w[2]]
            out[-1].nodes.append(Node(w[2], w[3], int(w[4]), int(w[5]), int(w[6]), '/'.join(stack)))
    for m in out:
        if m.type == 6 and m.kind == 'handshake':  # a ServerHello on the wire (RFC 8446 4.1.3)
            m.type = 2
    return out


# --- the comparison ---------------------------------------------------------------------------------

# tshark's field, a pattern for the path of ours, octets of a length that ours has in its range, and
# what the value must be made of: number = the one in parentheses, text, hex, none
PAIRS = [
    ('tls.handshake.version', r'[^/]+/legacy_version', 0, 'number'),
    ('tls.handshake.random', r'[^/]+/random', 0, 'hex'),
    ('tls.handshake.session_id', r'[^/]+/session id', 1, 'none'),
    ('tls.handshake.ciphersuite', r'ClientHello/cipher_suites/cipher suite|(ServerHello|HelloRetryRequest)/cipher_suite', 0, 'number'),
    ('tls.handshake.comp_method', r'ClientHello/compression_methods/compression method|(ServerHello|HelloRetryRequest)/compression_method', 0, 'number'),
    ('tls.handshake.extension.type', r'.*/extensions/[^/]+/type', 0, 'number'),
    ('tls.handshake.extension.len', r'.*/extensions/[^/]+/length', 0, 'number'),
    ('tls.handshake.extensions_supported_group', r'.*/supported_groups/groups/group', 0, 'number'),
    ('tls.handshake.extensions_ec_point_format', r'.*/ec_point_formats/formats/format', 0, 'number'),
    ('tls.handshake.sig_hash_alg', r'.*/signature_algorithms(_cert)?/schemes/scheme|CertificateRequest/signature_algorithms/scheme|'
     r'(CertificateVerify|ServerKeyExchange)/signature/algorithm', 0, 'number'),
    ('tls.handshake.extensions_key_share_group', r'.*/key_share/(key shares/)?key share/group', 0, 'number'),
    ('tls.handshake.extensions_key_share_selected_group', r'.*/key_share/selected group', 0, 'number'),
    ('tls.handshake.extensions_key_share_key_exchange', r'.*/key share/key exchange', 2, 'none'),
    ('tls.handshake.extensions.supported_version', r'.*/supported_versions/(versions/version|selected version)', 0, 'number'),
    ('tls.handshake.extensions_server_name', r'.*/server_name/server names/server name/name', 2, 'text'),
    ('tls.handshake.extensions_alpn_str', r'.*/protocols/protocol', 1, 'text'),
    ('tls.handshake.extensions_status_request_type', r'.*/status_request/status type|CertificateStatus/status type', 0, 'number'),
    ('tls.handshake.extensions_reneg_info_len', r'.*/renegotiation_info/renegotiated_connection', 0, 'none'),
    ('tls.extension.psk_ke_mode', r'.*/psk_key_exchange_modes/modes/mode', 0, 'number'),
    ('tls.record_size_limit', r'.*/record_size_limit/limit', 0, 'number'),
    ('tls.handshake.certificate', r'Certificate/certificates/(entry/)?certificate', 3, 'none'),
    ('tls.handshake.cert_type', r'CertificateRequest/certificate types/type', 0, 'number'),
    ('tls.handshake.server_curve_type', r'ServerKeyExchange/curve type', 0, 'number'),
    ('tls.handshake.server_named_curve', r'ServerKeyExchange/group', 0, 'number'),
    ('tls.handshake.server_point', r'ServerKeyExchange/public key', 1, 'none'),
    ('tls.handshake.client_point', r'ClientKeyExchange/public key', 1, 'none'),
    ('tls.handshake.p', r'ServerKeyExchange/p', 2, 'none'),
    ('tls.handshake.g', r'ServerKeyExchange/g', 2, 'none'),
    ('tls.handshake.ys', r'ServerKeyExchange/public key', 2, 'none'),
    ('tls.handshake.sig', r'(ServerKeyExchange|CertificateVerify)/signature/value', 2, 'none'),
    ('tls.handshake.verify_data', r'Finished/verify_data', 0, 'none'),
    ('tls.handshake.session_ticket_lifetime_hint', r'NewSessionTicket/ticket_lifetime(_hint)?', 0, 'number'),
    ('tls.handshake.session_ticket_age_add', r'NewSessionTicket/ticket_age_add', 0, 'none'),
    ('tls.handshake.session_ticket_nonce', r'NewSessionTicket/ticket_nonce', 1, 'none'),
    ('tls.handshake.session_ticket', r'NewSessionTicket/ticket', 2, 'none'),
    ('tls.sct.sct_version', r'.*/timestamp of a log/version', 0, 'number'),
    ('tls.sct.sct_logid', r'.*/timestamp of a log/log id', 0, 'none'),
    ('tls.sct.sct_timestamp', r'.*/timestamp of a log/timestamp', 0, 'none'),
]

ATTRIBUTES = {'commonName': 'CN', 'organizationName': 'O', 'organizationalUnitName': 'OU', 'countryName': 'C', 'localityName': 'L',
              'stateOrProvinceName': 'ST', 'emailAddress': 'EMAIL'}


def dn(field):
    """tshark's "rdnSequence: 2 items (id-at-commonName=..,id-at-organizationName=..)" as RFC 4514 text."""
    inside = re.search(r'\((.*)\)$', field.showname)
    return re.sub(r'(?:id-at|pkcs-9-at)-(\w+)=', lambda m: ATTRIBUTES.get(m.group(1), m.group(1)) + '=', inside.group(1)) if inside else ''


def subject(certificate):
    field = next(f for f in certificate.children.iter('field') if f.get('name') == 'x509af.subject')
    return next(dn(f) for f in flatten(field, 0) if f.name == 'x509af.rdnSequence')


def number(text):
    inside = re.search(r'\((0x[0-9a-f]+|\d+)\)$', text)
    return int(inside.group(1) if inside else text, 0)


def pair(theirs, mine, k, form, data):
    """What differs between one field of tshark's and ours; None when nothing does."""
    if (theirs.off, theirs.size) != (mine.off + k, mine.size - k):
        return 'at %d+%d, here %d+%d' % (theirs.off, theirs.size, mine.off + k, mine.size - k)
    octets = data[theirs.off:theirs.off + theirs.size]
    if theirs.value and theirs.size <= len(theirs.value) // 2 and theirs.value[:2 * theirs.size].lower() != octets.hex():
        return 'octets %s, here %s' % (theirs.value, octets.hex())
    if form == 'number' and number(mine.value) != int.from_bytes(octets, 'big'):
        return 'number %d, here %s' % (int.from_bytes(octets, 'big'), mine.value)
    if form == 'text' and theirs.show != mine.value:
        return '%s, here %s' % (theirs.show, mine.value)
    if form == 'hex' and mine.value != octets.hex():
        return '%s, here %s' % (octets.hex(), mine.value)
    return None


def names(theirs, mine, say):
    """Subjects of certificates and authorities of requests."""
    if mine.type == 11:
        want = [subject(f) for f in theirs.nodes if f.name == 'tls.handshake.certificate']
        have = [n.value for n in mine.nodes if re.fullmatch(r'Certificate/certificates/(entry/)?certificate', n.path)]
    elif mine.type == 13:
        want = [dn(f) for f in theirs.nodes if f.name == 'tls.handshake.dname']
        have = [n.value for n in mine.nodes if n.path.endswith('/authority')]
    else:
        return 0
    if want != have:
        say.append('%s: names %s, here %s' % (mine, want, have))
    return len(want)


def when(text):
    return datetime.datetime.strptime(re.sub(r'\.\d+', '', text), '%b %d, %Y %H:%M:%S UTC').strftime('%Y-%m-%dT%H:%M:%SZ')


def ocsp(theirs, mine, say):
    want = [when(f.show) for f in theirs.nodes if f.name in ('ocsp.thisUpdate', 'ocsp.nextUpdate', 'ocsp.producedAt')]
    have = [n.value for n in mine.nodes if n.name in ('thisUpdate', 'nextUpdate', 'producedAt')]
    if want != have:
        say.append('%s: OCSP dates %s, here %s' % (mine, want, have))
    return len(want)


def compare_message(theirs, mine, say):
    """Number of fields compared."""
    count = names(theirs, mine, say) + ocsp(theirs, mine, say)
    for name, path, k, form in PAIRS:
        a = [f for f in theirs.nodes if f.name == name]
        b = [n for n in mine.nodes if re.fullmatch(path, n.path)]
        if name in ('tls.handshake.sig_hash_alg', 'tls.handshake.ys', 'tls.handshake.server_point') and not a:
            continue
        if name in ('tls.handshake.sig', 'tls.handshake.p', 'tls.handshake.client_point') and not a:
            continue
        a = [f for f in a if f.size > 0]
        b = [n for n in b if n.size > k]
        if len(a) != len(b):
            say.append('%s: %s %d times, here %d times' % (mine, name, len(a), len(b)))
            continue
        for f, n in zip(a, b):
            differs = pair(f, n, k, form, mine.data)
            if differs:
                say.append('%s: %s %s' % (mine, name, differs))
        count += len(a)
    for n in mine.nodes:
        if n.flags & 1:
            say.append('%s: %s is malformed (%s)' % (mine, n.path, n.value))
    return count


def compare(pcap, trees, record, port, say):
    """Appends to say what differs; gives ([messages per session], fields compared)."""
    theirs, mine, count = tshark(pcap, port), ours(trees, record), 0
    shapes = []
    for session in sorted({m.session for m in theirs + mine}):
        for direction in ('out', 'in'):
            a = [m for m in theirs if (m.session, m.direction) == (session, direction)]
            b = [m for m in mine if (m.session, m.direction) == (session, direction)]
            if [(m.kind, m.type) for m in a] != [(m.kind, m.type) for m in b]:
                say.append('session %d: messages %s, here %s' % (session, a, b))
            for x, y in zip(a, b):
                if (x.kind, x.type) == (y.kind, y.type) and x.kind == 'handshake':
                    count += compare_message(x, y, say)
        shapes.append([m for m in mine if m.session == session])
    return shapes, count


# --- the report -------------------------------------------------------------------------------------

def first(messages, type, name, last=False):
    """What tshark shows of the field `name` in the first (or last) message of this type; None."""
    found = [f for m in messages if m.kind == 'handshake' and m.type == type for f in m.nodes if f.name == name]
    return found[-1 if last else 0] if found else None


def value(field):
    """"Cipher Suite: TLS_AES_128_GCM_SHA256 (0x1301)" -> the middle"""
    return re.fullmatch(r'[^:]*: (.*?)(?: \((0x)?[0-9a-f]+\))?', field.showname).group(1) if field else None


def compare_report(text, pcap, port, say):
    """The values of mxscope.report/1 against those of tshark, session by session."""
    report = json.loads(text.splitlines()[0])
    sessions = [s for h in report['hosts'] for s in h['sessions'] if s['tls']]
    messages = tshark(pcap, port)
    for i, session in enumerate(sessions):
        tls, m = session['tls'], [x for x in messages if x.session == i]
        hello = first(m, 2, 'tls.handshake.ciphersuite')
        if not hello:
            continue
        version = value(first(m, 2, 'tls.handshake.extensions.supported_version') or first(m, 2, 'tls.handshake.version')).replace(' ', '')
        group = first(m, 2, 'tls.handshake.extensions_key_share_group', True) or first(m, 12, 'tls.handshake.server_named_curve')
        sni = first(m, 1, 'tls.handshake.extensions_server_name')
        authorities = [dn(f) for x in m if x.type == 13 and x.kind == 'handshake' for f in x.nodes if f.name == 'tls.handshake.dname']
        schemes = [value(f) for x in m if x.type == 13 and x.kind == 'handshake' for f in x.nodes if f.name == 'tls.handshake.sig_hash_alg']
        for what, want, have in (('version', version, tls['version']), ('cipher', value(hello), tls['cipher']), ('group', value(group), tls['group']),
                                 ('sni', sni.show if sni else None, tls['sni']), ('acceptable_cas', authorities, tls['client_auth']['acceptable_cas']),
                                 ('messages', len([x for x in m if x.kind == 'handshake']), len(tls['messages']))):
            if want != have:
                say.append('report, session %d: %s is %s, here %s' % (i, what, want, have))
        have = tls['client_auth']['signature_algorithms']
        # tshark spells the pairs of TLS 1.2 that have no name in the registry as "SHA224 ECDSA"
        if len(schemes) != len(have) or [(a, b) for a, b in zip(schemes, have) if a != b and ' ' not in a]:
            say.append('report, session %d: schemes %s, here %s' % (i, schemes, have))
