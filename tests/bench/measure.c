/* measure N COMMAND [ARGS]: runs it N times with its output thrown away and prints
 * "wall-ms cpu-ms rss-KiB status": medians, of CPU (user + system of the process and its threads) the
 * least, since whatever else runs on the machine can only add to it. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 1000 };

struct run {
    double wall, cpu, rss;
    int status;
};

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double ms(struct timeval tv)
{
    return (double)tv.tv_sec * 1e3 + (double)tv.tv_usec / 1e3;
}

static struct run once(char **argv)
{
    struct run run = { 0 };
    struct rusage usage;
    double began = now();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &run.status, 0, &usage) != pid) {
        perror("measure");
        exit(1);
    }
    run.wall = now() - began;
    run.cpu = ms(usage.ru_utime) + ms(usage.ru_stime);
    run.rss = (double)usage.ru_maxrss;
    return run;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double least(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, ascending);
    return v[0];
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, ascending);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int main(int argc, char **argv)
{
    static double wall[RUNS_MAX], cpu[RUNS_MAX], rss[RUNS_MAX];
    int n = argc > 2 ? atoi(argv[1]) : 0, status = 0;
    if (n < 1 || n > RUNS_MAX) {
        fputs("usage: measure N COMMAND [ARGS]\n", stderr);
        return 2;
    }
    for (int i = 0; i < n; i++) {
        struct run run = once(argv + 2);
        wall[i] = run.wall;
        cpu[i] = run.cpu;
        rss[i] = run.rss;
        status = WIFEXITED(run.status) ? WEXITSTATUS(run.status) : 128;
    }
    printf("%.1f %.1f %.0f %d\n", median(wall, n), least(cpu, n), median(rss, n), status);
    return 0;
}
