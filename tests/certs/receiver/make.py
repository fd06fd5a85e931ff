#!/usr/bin/env python3
"""The recipe of this folder: client certificates as measured receivers met them (leaf EKU x intermediate
EKU, expired, wrong name, missing intermediate, self-signed). Run once; the files are fixed, tests freeze
the clock. usage: make.py FOLDER"""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'interop'))
from pki import Pki

out = sys.argv[1]
P = Pki(os.path.join(out, 'work'))
P.issue('root', 'Receiver Root', ca=True)
for eku in ('both', 'server', 'none', 'client'):
    P.issue('int-' + eku, 'Receiver Int ' + eku, 'root', ca=True, eku=eku)


def variant(name, leaf, inter, cn='mx.sender.test', served=None, issuer='', **k):
    issuer = None if issuer is None else 'int-' + inter
    P.issue(name, cn, issuer, eku=leaf, names=[cn], **k)
    text = ''.join(open(P.at(p + '.crt')).read() for p in [name] + (served if served is not None else [issuer]))
    open(os.path.join(out, name + '.pem'), 'w').write(text)


for leaf in ('both', 'server', 'client', 'none', 'any'):
    for inter in ('both', 'server', 'none'):
        variant('c-%s-%s' % (leaf, inter), leaf, inter)
variant('c-email-none', 'email', 'none')
variant('c-both-client', 'both', 'client')
for leaf in ('both', 'server'):
    inter = leaf
    variant('c-expired-' + leaf, leaf, inter, end='20240401000000Z')
    variant('c-wrongname-' + leaf, leaf, inter, cn='other.example')
    variant('c-missint-' + leaf, leaf, inter, served=[])
    variant('c-selfsigned-' + leaf, leaf, '', issuer=None, served=[])
open(os.path.join(out, 'root.pem'), 'w').write(open(P.at('root.crt')).read())
