"""A bare Debian of another release than this system's, made once by debootstrap and kept in BUILD/roots: its
essential packages and apt, nothing else. Copy it or lay an overlay over it; what is in it stays as it is."""
import fcntl, os, re, shutil, urllib.error, urllib.request
from host import BUILD, Root, run, skip, write

MIRROR = 'http://deb.debian.org/debian'
# whose programs the servers and senders of a run are; '': this system's
RELEASE = os.environ.get('INTEROP_RELEASE', '')


def root(name, packages, release=''):
    """These packages of a release, or of that which the run is about."""
    release = release or RELEASE
    return Root('%s-%s' % (name, release), packages, bare(release)) if release else Root(name, packages)


def setting(name):
    """One of apt's, or ''."""
    p = run('apt-config', 'shell', 'X', name, check=False)
    return p.stdout.strip()[3:-1]


def mirror():
    """Where this system has its Debian from."""
    p = run('apt-get', 'indextargets', '--format', '$(LABEL) $(REPO_URI)', 'Created-By: Packages', check=False)
    found = re.findall(r'^Debian (http\S+?)/?$', p.stdout, re.M)
    return found[0] if found else MIRROR


def reachable(url, release):
    """None, or why the mirror has no such release for us."""
    try:
        urllib.request.urlopen('%s/dists/%s/InRelease' % (url, release), timeout=20).read(1)
        return None
    except (urllib.error.URLError, OSError) as e:
        return str(getattr(e, 'reason', e))


def bare(release):
    """The folder of its root. Without a mirror the test is skipped with the reason; a mirror that answers and yet
    gives no root is an error."""
    path = os.path.join(BUILD, 'roots', 'bare-' + release)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            make(release, path, path + '.new')
    return path


def make(release, path, new):
    if not shutil.which('debootstrap'):
        skip('debootstrap is not installed')
    proxy, url = setting('Acquire::http::Proxy'), mirror()
    if proxy:
        os.environ['http_proxy'] = proxy
    shutil.rmtree(new, ignore_errors=True)
    p = run('debootstrap', '--variant=minbase', release, new, url, check=False)
    if p.returncode:
        why = reachable(url, release)
        if why:
            skip('no Debian %s without its mirror: %s does not answer (%s)' % (release, url, why))
        raise RuntimeError('debootstrap of %s from %s fails though it answers:\n%s' % (release, url, (p.stdout + p.stderr)[-3000:]))
    if proxy:
        write(new + '/etc/apt/apt.conf.d/90proxy', 'Acquire::http::Proxy "%s";\n' % proxy)
    run('chroot', new, 'apt-get', 'clean')
    os.rename(new, path)
