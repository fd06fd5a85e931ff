#!/usr/bin/env python3
"""The same as bundle.py in a Debian 13 with its essential packages and apt, as debootstrap makes it. Without
Debian's mirror: a SKIP with its reason."""
import os, shutil, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bundle, debian, host


def trixie_root(root):
    host.run('cp', '-a', debian.bare('trixie'), root)


bundle.main(trixie_root)
