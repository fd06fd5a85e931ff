#!/usr/bin/env python3
"""./bootstrap bundle: unpacked into a root that has Debian's essential packages and nothing else, without
a network, it walks the lab, replays, judges, explains and teaches; what it prints and what the workbench shows
on a terminal is what the build prints and shows.

This root is put together from the files of the essential packages of this system, so no network is
needed; bundle_trixie.py does the same in a Debian 13. Without root or namespaces: a SKIP with its reason."""
import difflib, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import host
from terminal import Terminal

PACKAGES = ('base-files base-passwd bash coreutils dash debianutils gzip hostname libacl1 libattr1 libc-bin libc6 '
            'libgmp10 libpcre2-8-0 libselinux1 libtinfo6 ncurses-base sed tar util-linux zlib1g').split()
TOP = os.path.abspath(os.environ.get('srcdir', '.'))
ENV = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm'}
# terminals that a bare Debian knows and that people have; it has no locale but C and C.UTF-8, and starts with C
TERMS = [(term, 'C.UTF-8') for term in ('xterm-256color', 'linux', 'screen', 'screen-256color', 'tmux-256color', 'xterm', 'vt100')] + [('linux', 'C')]


def files_of(package):
    p = host.run('dpkg', '-L', package, check=False)
    return p.stdout.split('\n')[:-1] if p.returncode == 0 else []


def own_root(root):
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


def main(make_root):
    if os.geteuid() != 0:
        host.skip('needs root for chroot and a namespace without a network')
    if not shutil.which('dpkg'):
        host.skip('not a Debian system')
    if subprocess.run(['unshare', '-n', 'true'], stderr=subprocess.DEVNULL).returncode:
        host.skip('no network namespaces here')
    if re.search('^MXS_CFLAGS = .*fsanitize', open('Makefile').read(), re.M):
        host.skip('a build with sanitizers is not what is bundled')
    work = tempfile.mkdtemp()
    root = os.path.join(work, 'root')
    try:
        make_root(root)
        archive = host.run(os.path.join(TOP, 'tools/make-bundle'), os.getcwd(), work).stdout.strip()
        bundle = Bundle(root, archive)
        for part in (bundle.commands, bundle.same, bundle.terminals, bundle.lab_and_lesson):
            part()
    finally:
        for sub in ('proc', 'dev'):
            subprocess.run(['umount', '-l', os.path.join(root, sub)], stderr=subprocess.DEVNULL)
        shutil.rmtree(work)
    for failure in bundle.failures:
        print('FAIL:', failure)
    print('%s, %d KiB, %s, without a network' % (os.path.basename(archive), bundle.size // 1024, bundle.system))
    sys.exit(1 if bundle.failures else 0)


class Bundle:
    def __init__(self, root, archive):
        self.root, self.home, self.failures, self.size = root, os.path.join(root, 'root'), [], os.path.getsize(archive)
        self.system = re.search('PRETTY_NAME="(.*?)"', open(root + '/usr/lib/os-release').read()).group(1)
        self.build = os.path.abspath('mxscope')
        for name in ('libgnutls.so', 'libunbound.so', 'libldns.so', 'libncursesw.so', 'libcurl-gnutls.so', 'libjansson.so'):
            found = host.run('find', root + '/usr/lib', '-name', name + '*').stdout
            assert not found, 'the root is not bare: ' + found
        shutil.copy(archive, self.home)
        shutil.copy(os.path.join(TOP, 'tests/replay/tlsa-stale.session'), self.home + '/s.mxs')
        host.run('mount', '-t', 'proc', 'proc', root + '/proc')
        for name, minor in (('null', 3), ('urandom', 9)):
            if not os.path.exists(root + '/dev/' + name):
                os.mknod(root + '/dev/' + name, 0o20666, os.makedev(1, minor))

    def words(self, script):
        """The command that runs it in the root, with no interface at all, or but for the lab's loopback."""
        up = 'ip link set lo up; ' if 'lab' in script or 'learn' in script else ''
        return ['unshare', '-n', 'sh', '-c', up + 'exec chroot "$0" /bin/sh -c "$1"', self.root, 'cd /root && ' + script]

    def inside(self, script, want=0, has=()):
        p = subprocess.run(self.words(script), env=ENV, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if p.returncode != want or any(text not in p.stdout for text in has):
            self.failures.append('%s: status %d\n%s%s' % (script, p.returncode, p.stdout[-1500:], p.stderr[-1500:]))
        return p.stdout

    def commands(self):
        self.inside('tar xzf mxscope-*.tar.gz && ln -s mxscope-*/mxscope run')
        self.inside('./run --version', has=['mxscope '])
        self.inside('./run check --lab', has=['OK lab.test: '])
        self.inside('./run check --lab=tlsa-stale-key', 2, ['CRITICAL lab.test: '])
        self.inside('./run check --lab=sts-wrong-mx -v', 2, ['CRITICAL lab.test: '])
        self.inside('./run replay s.mxs', 2, ['Enforced by Exchange Online'])
        self.inside('./run explain tlsa-stale', has=['enforced by Exchange Online'])
        self.inside('./run catalog show YR1', has=['letsencrypt/YR1'])
        self.inside('./run learn', has=['clean-session'])
        self.inside('./run learn 1', has=['Take home'])
        self.inside('cd / && /root/run lab --list', has=['starttls-stripped'])
        self.inside('./run check --timeout 2 example.org', 3)  # no network: UNKNOWN, no crash

    def same(self):
        """What is judged without a network is what the build says, word by word."""
        for words in ('replay s.mxs', 'replay --json s.mxs', 'verify --session s.mxs', "whatif --session s.mxs --scenario 'eku/*'",
                      'explain -- self-signed certificate', 'verify --list', 'whatif --list', 'catalog list'):
            p = subprocess.run(['sh', '-c', '"$0" ' + words, self.build], cwd=self.home, capture_output=True, text=True,
                               env=dict(ENV, PATH=os.environ['PATH']), stdin=subprocess.DEVNULL)
            got = self.inside('./run ' + words, p.returncode)
            if got != p.stdout or not got:
                self.failures.append('%s: the bundle says otherwise:\n%s\n---\n%s' % (words, got[-1500:], p.stdout[-1500:]))

    def play(self, words, keys, term=TERMS[0], build=False):
        """The screens that the workbench paints in a terminal, which must show the last of them."""
        command = [self.build] + words if build else self.words('exec ./run ' + ' '.join(words))
        env = dict(ENV, TERM=term[0], LC_ALL=term[1], PATH=os.environ['PATH'] if build else ENV['PATH'])
        screens, shown, status = Terminal(self.home).play(command, keys, env)
        where = '%s, TERM=%s, %s, %s: ' % ('the build' if build else 'the bundle', *term, words[0])
        if shown != screens[-1]:
            self.failures.append(where + 'the terminal shows another screen than was painted:\n' + difference(screens[-1], shown))
        if status != ['0']:
            self.failures.append(where + 'status ' + status[0])
        return screens

    def terminals(self):
        """On every kind of terminal it paints and shows what the build does."""
        words = ['replay', 's.mxs', '--script', 'script']
        for i, term in enumerate(TERMS):
            views = (['2', '3', '4', '5', '6', '7 G', '8'] if i == 0 else []) + ['1']
            keys = [':wait done'] + [line for view in views for line in (view, ':wait idle', 'keep')]
            for view, own, got in zip(views, self.play(words, keys, term, True), self.play(words, keys, term)):
                if own != got:
                    self.failures.append('TERM=%s, %s: view %s:\n%s' % (*term, view, difference(own, got)))

    def lab_and_lesson(self):
        """What is new in each run: the walk to its end, and a lesson to its."""
        for words, keys, want in ((['--lab', '--offer', 'ecdsa'], [':wait paused', 'c', ':wait done', 'keep'], 'quit  done  TLS1.3'),
                                  (['learn', '2', '--restart'], ['> > > > >', ':wait idle', 'keep'], 'STARTTLS stripped: the end')):
            screen = '\n'.join(self.play(words + ['--script', 'script'], keys)[-1])
            if want not in screen:
                self.failures.append('%s: no "%s":\n%s' % (words[0], want, screen))


def difference(want, got):
    return '\n'.join(difflib.unified_diff(want, got, lineterm=''))


if __name__ == '__main__':
    main(own_root)
