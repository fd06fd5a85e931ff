"""A terminal of 80x24 (tmux) in which the workbench plays a script: what it painted, and what the terminal shows."""
import os, shlex, shutil, subprocess, tempfile, time


def lines(text):
    return [line.rstrip() for line in text.rstrip().split('\n')]


class Terminal:
    def __init__(self, folder):
        """folder: where the program starts and finds its script."""
        self.folder, self.own = folder, tempfile.mkdtemp()
        self.socket = os.path.join(self.own, 'tmux')

    def tmux(self, *words):
        return subprocess.run(['tmux', '-u', '-S', self.socket, '-f', '/dev/null', *words], env=dict(os.environ, LC_ALL='C.UTF-8'),
                              capture_output=True, text=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def play(self, words, keys, env):
        """The screens, as lists of lines, of a program that runs `script`: one for each "keep" among the keys; then
        what the terminal shows in the end, when it has come to show the last of them or after twenty seconds, and
        the status it ends with at Q."""
        names = ['screen%d' % i for i in range(keys.count('keep'))]
        for name in names + ['status']:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        numbers = iter(names)
        with open(self.path('script'), 'w') as f:
            f.writelines((':save-screen ' + next(numbers) if key == 'keep' else key) + '\n' for key in keys)
        command = 'cd %s && env -i %s; echo $? >status' % (
            shlex.quote(self.folder), ' '.join(map(shlex.quote, ['%s=%s' % e for e in env.items()] + words)))
        try:
            self.tmux('new-session', '-d', '-x', '80', '-y', '24', command, ';', 'set', '-g', 'status', 'off')
            shown = self.settle(self.path(names[-1]))
            self.tmux('send-keys', 'Q')
            self.until(lambda: os.path.exists(self.path('status')))
            return [self.read(name) for name in names], shown, self.read('status')
        finally:
            self.tmux('kill-server')
            shutil.rmtree(self.own, ignore_errors=True)

    def read(self, name):
        if not os.path.exists(self.path(name)):
            return ['(none)']
        return lines(open(self.path(name), encoding='utf-8').read())

    def until(self, true, seconds=20):
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end:
            time.sleep(0.05)

    def settle(self, last):
        shown = []

        def same():
            shown[:] = lines(self.tmux('capture-pane', '-p').stdout)
            return os.path.exists(self.path('status')) or os.path.exists(last) and shown == self.read(os.path.basename(last))
        self.until(same)
        return shown
