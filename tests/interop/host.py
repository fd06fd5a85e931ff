"""Real mail servers in rooms of their own.

A Root is an overlay over this very system in which one MTA's packages are installed (MTA packages
exclude each other); a Net is a network namespace with loopback only. Processes are ended by their
process ids. Needs root; without it, or without overlay or namespaces, tests skip with the reason.
"""
import fcntl, os, shutil, signal, socket, subprocess, sys, time

BUILD = os.path.abspath(os.environ.get('INTEROP_DIR', 'interop'))


def skip(reason):
    print('SKIP:', reason)
    sys.exit(77)


def run(*words, check=True, **k):
    p = subprocess.run(words, capture_output=True, text=True, errors='replace', **k)
    if check and p.returncode:
        raise RuntimeError('%s: status %d\n%s%s' % (' '.join(words), p.returncode, p.stdout[-3000:], p.stderr[-3000:]))
    return p


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    os.chmod(path, mode)


def need_root():
    if os.geteuid() != 0:
        skip('needs root for namespaces and overlays')
    os.makedirs(BUILD, exist_ok=True)
    # The roots are shared, so one test at a time, also under make -j; held until the process ends.
    need_root.lock = open(os.path.join(BUILD, 'lock'), 'w')
    fcntl.flock(need_root.lock, fcntl.LOCK_EX)


class Root:
    """`packages` installed over a copy-on-write view of `lower`; kept between runs in BUILD."""

    def __init__(self, name, packages, lower='/'):
        self.name, self.packages = name, packages
        self.base = os.path.join(BUILD, 'roots', name)
        self.path = os.path.join(self.base, 'root')
        for d in ('upper', 'work', 'root'):
            os.makedirs(os.path.join(self.base, d), exist_ok=True)
        self.umount()
        p = run('mount', '-t', 'overlay', 'overlay', '-o', 'lowerdir=%s,upperdir=%s/upper,workdir=%s/work' % (lower, self.base, self.base), self.path, check=False)
        if p.returncode:
            skip('no overlay file system here: ' + p.stderr.strip())
        run('mount', '-t', 'proc', 'proc', self.path + '/proc')
        run('mount', '--bind', '/dev', self.path + '/dev')
        self.install()

    def install(self):
        marker = os.path.join(self.base, 'ready')
        if os.path.exists(marker) and open(marker).read() == ' '.join(self.packages):
            return
        write(self.path + '/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n', 0o755)
        shutil.copyfile('/etc/resolv.conf', self.path + '/etc/resolv.conf')
        env = dict(os.environ, DEBIAN_FRONTEND='noninteractive', LC_ALL='C')
        log = open(os.path.join(self.base, 'apt.log'), 'w')
        cmd = ['chroot', self.path, 'apt-get', 'install', '-y', '-q', '--no-install-recommends'] + self.packages
        if subprocess.run(cmd, env=env, stdout=log, stderr=log).returncode:
            subprocess.run(['chroot', self.path, 'apt-get', 'update', '-q'], env=env, stdout=log, stderr=log)
            if subprocess.run(cmd, env=env, stdout=log, stderr=log).returncode:
                self.umount()
                skip('cannot install %s: see %s' % (' '.join(self.packages), log.name))
        write(marker, ' '.join(self.packages))

    def umount(self):
        for sub in ('/dev', '/proc', ''):
            run('umount', '-l', self.path + sub, check=False)

    def put(self, name, text, mode=0o644):
        write(self.path + name, text, mode)

    def copy(self, source, name, mode=0o644):
        os.makedirs(os.path.dirname(self.path + name), exist_ok=True)
        shutil.copyfile(source, self.path + name)
        os.chmod(self.path + name, mode)

    def read(self, name):
        try:
            return open(self.path + name, errors='replace').read()
        except OSError:
            return ''


class Net:
    """A network namespace with loopback; every process in it is ended by process id at close()."""

    def __init__(self, name):
        self.name = '%s-%d' % (name, os.getpid())
        p = run('ip', 'netns', 'add', self.name, check=False)
        if p.returncode:
            skip('no network namespaces here: ' + p.stderr.strip())
        run('ip', '-n', self.name, 'link', 'set', 'lo', 'up')

    def words(self, root, words):
        return ['ip', 'netns', 'exec', self.name] + (['chroot', root.path] if root else []) + list(words)

    def run(self, root, *words, **k):
        return run(*self.words(root, words), **k)

    def spawn(self, root, *words, log=None, **k):
        out = open(log, 'ab') if log else subprocess.DEVNULL
        return subprocess.Popen(self.words(root, words), stdin=k.pop('stdin', subprocess.DEVNULL), stdout=out, stderr=out, start_new_session=True, **k)

    def enter(self):
        """Moves this process's network into the namespace."""
        fd = os.open('/var/run/netns/' + self.name, os.O_RDONLY)
        if hasattr(os, 'setns'):
            os.setns(fd, 0x40000000)
        else:
            import ctypes
            if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000):
                raise OSError(ctypes.get_errno(), 'setns')
        os.close(fd)

    def pids(self):
        """All but this process and, once this process has entered, the ip that is asked."""
        p = subprocess.Popen(['ip', 'netns', 'pids', self.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return [int(pid) for pid in p.communicate()[0].split() if int(pid) not in (os.getpid(), p.pid)]

    def close(self):
        for sig in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.pids():
                try:
                    os.kill(pid, sig)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + 3
            while self.pids() and time.monotonic() < end:
                time.sleep(0.05)
        run('ip', 'netns', 'del', self.name, check=False)


def wait_port(address, port, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((address, port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
