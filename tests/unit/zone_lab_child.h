/* The zone lab in a process of its own, for tests whose loop belongs to an engine that has to know the
 * server's port before it starts. The child ends when the pipe closes, however the test ends. */
#ifndef MXSCOPE_TESTS_UNIT_ZONE_LAB_CHILD_H
#define MXSCOPE_TESTS_UNIT_ZONE_LAB_CHILD_H

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/zone_lab.h"

struct zone_lab_child {
    pid_t pid;
    int hold; /* its end is the child's end */
    char resolver[32], anchor[64];
};

static inline void zone_lab_child_end(void *data, short revents)
{
    (void)revents;
    *(bool *)data = true;
}

static inline void zone_lab_child_run(int said, int hold, const char *tag,
                                      const struct zone_lab_zone *zones, size_t n_zones,
                                      const struct mxs_lab_dns_rule *rules, size_t n_rules)
{
    struct zone_lab lab;
    struct mxs_loop *loop = mxs_loop_new(mxs_clock_real());
    bool end = !zone_lab_start(&lab, loop, tag, zones, n_zones, rules, n_rules);
    if (!end && write(said, lab.resolver, sizeof lab.resolver) != (ssize_t)sizeof lab.resolver)
        end = true;
    close(said);
    struct mxs_watch *watch = mxs_loop_watch(loop, hold, POLLIN, zone_lab_child_end, &end);
    while (!end)
        mxs_loop_run_once(loop, -1);
    mxs_watch_free(watch);
    zone_lab_stop(&lab);
    mxs_loop_free(loop);
    _exit(0);
}

static inline bool zone_lab_child_start(struct zone_lab_child *child, const char *tag,
                                        const struct zone_lab_zone *zones, size_t n_zones,
                                        const struct mxs_lab_dns_rule *rules, size_t n_rules)
{
    int said[2], hold[2];
    if (pipe(said) != 0 || pipe(hold) != 0)
        return false;
    child->pid = fork();
    if (child->pid == 0) {
        close(said[0]);
        close(hold[1]);
        zone_lab_child_run(said[1], hold[0], tag, zones, n_zones, rules, n_rules);
    }
    close(said[1]);
    close(hold[0]);
    child->hold = hold[1];
    fcntl(child->hold, F_SETFD, FD_CLOEXEC);
    snprintf(child->anchor, sizeof child->anchor, "%s.anchor", tag);
    ssize_t n = read(said[0], child->resolver, sizeof child->resolver);
    close(said[0]);
    return child->pid > 0 && n == (ssize_t)sizeof child->resolver;
}

static inline void zone_lab_child_stop(struct zone_lab_child *child)
{
    close(child->hold);
    waitpid(child->pid, NULL, 0);
}

#endif
