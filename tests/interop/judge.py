#!/usr/bin/env python3
"""mxscope's verdicts against what a real Postfix and a real Exim do with the same servers, records and DNSSEC
states: one delivery per situation and mode. The profiles postfix/smtp/* and exim/smtp/* must predict action, channel,
label and log lines, and the verdicts of rfc/* what they do, but where departures.known says so."""
import os, re, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import departures
from host import need_root
from senders import Exim, Postfix
from situations import World, verdicts

# Cells that differ for a reason. (case, verifier): reason
DIFFER = {
}


class Count:
    def __init__(self):
        self.cells = self.agreed = self.bad = 0
        self.fields = {}

    def cell(self, what, wrong):
        self.cells += 1
        self.agreed += not wrong
        reason = DIFFER.get(what)
        if wrong and not reason:
            self.bad += 1
            print('%s, %s: %s' % (what[0], what[1], '; '.join(wrong)))
        elif reason and not wrong:
            self.bad += 1
            print('%s, %s agrees now, yet is named in DIFFER' % what)


def predicted(v, seen):
    """What the profile says otherwise than the product did."""
    if not v:
        return ['no verdict']
    wrong = []
    if (v['action'], v['channel']) != (seen.action, seen.channel):
        wrong.append('%s %s, mxscope says %s %s' % (seen.action, seen.channel, v['action'], v['channel']))
    elif seen.action == 'deliver' and v['verified'] != (seen.channel == 'verified'):
        wrong.append('%s, mxscope says verified %s' % (seen.channel, v['verified']))
    if seen.label != v['label']:
        wrong.append('label %s, mxscope says %s' % (seen.label, v['label']))
    if seen.action != 'deliver' and not v['log']:
        wrong.append('mxscope predicts no log line')
    for line in v['log']:
        parts = '.*'.join(map(re.escape, line.split('...')))  # "...": not known beforehand
        if not any(re.search(parts, l) for l in seen.lines):
            wrong.append('no log line "%s"' % line)
    return wrong and wrong + ['it wrote: ' + ' | '.join(seen.lines)[-700:]]


def compare(sender, cells, judged):
    count, names = Count(), {mode: sender.verifier(mode) for mode in sender.modes}
    for (case, mode), seen in cells.items():
        verifier = names[mode]
        count.cell((case, verifier), predicted(judged.get((case, verifier)), seen))
    actions = [d.action for d in cells.values()]
    if 'nothing' in actions or not {'deliver', 'defer'} <= set(actions):
        print('%s was expected to deliver some and to defer some' % type(sender).__name__)
        count.bad += 1
    print('%s: %d deliveries (%s), %d agree, %d differ for a named reason' % (
        type(sender).__name__, len(cells), ', '.join('%s %d' % (k, actions.count(k)) for k in sorted(set(actions))), count.agreed,
        count.cells - count.agreed - count.bad))
    return count.bad


def main():
    need_root()
    bad = 0
    with World('judge') as world:
        senders = [kind(world) for kind in (Postfix, Exim)]
        world.enter()
        cells = [s.deliver() for s in senders]
        judged = verdicts(world.check('rfc/*', 'postfix*/smtp/*', 'exim/smtp/*'))
        for s, c in zip(senders, cells):
            bad += compare(s, c, judged)
            bad += departures.check([(case, s.product + mode) for case, mode in c], judged)
            s.stop()
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
