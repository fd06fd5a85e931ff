#!/usr/bin/env python3
"""./bootstrap bundle: unpacked into a root that has Debian's essential packages and nothing else, without
a network, it walks the lab, replays, explains and teaches; what it prints is what the build prints.

The root is put together from the files of the essential packages of this system, so no network is
needed. Without root or namespaces: a SKIP with its reason."""
import os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import host

PACKAGES = ('base-files base-passwd bash coreutils dash debianutils gzip hostname libacl1 libattr1 libc-bin libc6 '
            'libgmp10 libpcre2-8-0 libselinux1 libtinfo6 ncurses-base sed tar util-linux zlib1g').split()
TOP = os.path.abspath(os.environ.get('srcdir', '.'))
failures = []


def files_of(package):
    p = host.run('dpkg', '-L', package, check=False)
    return p.stdout.split('\n')[:-1] if p.returncode == 0 else []


def minimal_root(root):
    """A merged /usr as Debian has since 12."""
    for d in ('usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'tmp', 'proc', 'dev', 'root', 'etc'):
        os.makedirs(os.path.join(root, d))
    for d in ('bin', 'sbin', 'lib', 'lib64'):
        os.symlink('usr/' + d, os.path.join(root, d))
    for package in PACKAGES:
        for name in files_of(package):
            if name.startswith(('/usr/share/doc', '/usr/share/man', '/usr/share/locale')) or os.path.isdir(name):
                continue
            target = os.path.join(root, name.lstrip('/'))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.lexists(name) and not os.path.lexists(target):
                shutil.copy2(name, target, follow_symlinks=False)
    sh = os.path.join(root, 'usr/bin/sh')
    if not os.path.lexists(sh):
        os.symlink('dash', sh)


def main():
    if os.geteuid() != 0:
        host.skip('needs root for chroot and a namespace without a network')
    if not shutil.which('dpkg'):
        host.skip('not a Debian system')
    if subprocess.run(['unshare', '-n', 'true'], stderr=subprocess.DEVNULL).returncode:
        host.skip('no network namespaces here')
    work = tempfile.mkdtemp()
    try:
        check(work)
    finally:
        for sub in ('root/proc', 'root/dev'):
            subprocess.run(['umount', '-l', os.path.join(work, sub)], stderr=subprocess.DEVNULL)
        shutil.rmtree(work)


def check(work):
    build = os.getcwd()
    if re.search('^MXS_CFLAGS = .*fsanitize', open(os.path.join(build, 'Makefile')).read(), re.M):
        host.skip('a build with sanitizers is not what is bundled')
    archive = host.run(os.path.join(TOP, 'tools/make-bundle'), build, work).stdout.strip()
    root = os.path.join(work, 'root')
    minimal_root(root)
    shutil.copy(archive, os.path.join(root, 'root'))
    session = os.path.join(TOP, 'tests/replay/tlsa-stale.session')
    shutil.copy(session, os.path.join(root, 'root/s.mxs'))
    for name in ('libgnutls.so.30', 'libunbound.so.8', 'libncursesw.so.6', 'libcurl-gnutls.so.4'):
        found = subprocess.run(['find', root, '-name', name + '*'], capture_output=True, text=True).stdout
        assert not found, 'the root is not bare: ' + found
    host.run('mount', '-t', 'proc', 'proc', root + '/proc')
    os.mknod(root + '/dev/null', 0o20666, os.makedev(1, 3))
    os.mknod(root + '/dev/urandom', 0o20666, os.makedev(1, 9))
    env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm'}

    def inside(script, want=0, has=()):
        up = 'ip link set lo up; ' if 'lab' in script or 'learn' in script else ''  # else no interface at all
        p = subprocess.run(['unshare', '-n', 'sh', '-c', up + 'exec chroot "$0" /bin/sh -c "$1"', root,
                            'cd /root && ' + script], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if p.returncode != want or any(text not in p.stdout for text in has):
            failures.append('%s: status %d\n%s%s' % (script, p.returncode, p.stdout[-1500:], p.stderr[-1500:]))
        return p.stdout

    inside('tar xzf mxscope-*.tar.gz && ln -s mxscope-*/mxscope run')
    inside('./run --version', has=['mxscope '])
    inside('./run check --lab', has=['OK lab.test: '])
    inside('./run check --lab=tlsa-stale-key', 2, ['CRITICAL lab.test: '])
    inside('./run check --lab=sts-mx-wrong -v', 2, ['CRITICAL lab.test: ']) if fault('sts-mx-wrong') else None
    stale = inside('./run replay s.mxs', 2, ['Enforced by Exchange Online'])
    own = subprocess.run([os.path.join(build, 'mxscope'), 'replay', session], capture_output=True, text=True,
                         env=dict(env, PATH=os.environ['PATH'])).stdout
    if stale != own:
        failures.append('the bundle replays otherwise:\n%s\n---\n%s' % (stale, own))
    inside('./run explain tlsa-stale', has=['enforced by Exchange Online'])
    inside('./run catalog show YR1', has=['letsencrypt/YR1'])
    inside('./run learn', has=['clean-session'])
    inside('./run learn 1', has=['Take home'])
    inside('cd / && /root/run lab --list', has=['starttls-stripped'])
    inside('./run check --timeout 2 example.org', 3)  # no network: UNKNOWN, no crash
    for failure in failures:
        print('FAIL:', failure)
    print('%s, %d KiB, root of %d packages without a network' % (
        os.path.basename(archive), os.path.getsize(archive) // 1024, len(PACKAGES)))
    sys.exit(1 if failures else 0)


def fault(name):
    return name in host.run('./mxscope', 'lab', '--list').stdout


main()
