# SPDX-License-Identifier: Apache-2.0
"""Times commands on two sides, ours and the peers', in interleaved pairs."""
import statistics, subprocess, sys

# perl-base is essential in Debian, so the same stop-watch runs on both sides; untimed commands go through a shell
STOP_WATCH = r"""
$| = 1; my $clock_gettime = `uname -m` =~ /aarch64/ ? 113 : 228;
sub now { my $time = pack 'q2', 0, 0; syscall $clock_gettime, 1, $time; my ($s, $ns) = unpack 'q2', $time; $s * 1e3 + $ns / 1e6 }
while (<STDIN>) {
  chomp; my ($timed, $command) = split / /, $_, 2; my $start = now;
  my $pid = fork;
  if (!$pid) {
    open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null';
    exec(split / /, $command) if $timed; exec('/bin/sh', '-c', $command);
  }
  waitpid $pid, 0; printf "%.3f %d\n", now() - $start, $? >> 8;
}
"""


class Side:
    """One process that starts commands and times them, on the host or where the peers are."""

    def __init__(self, prefix=()):
        self.process = subprocess.Popen([*prefix, "perl", "-e", STOP_WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, command, timed=True, may_fail=False):
        self.process.stdin.write(f"{int(timed)} {command}\n")
        self.process.stdin.flush()
        ms, code = self.process.stdout.readline().split()
        if code != "0" and not may_fail:
            sys.exit(f"bench: exit code {code}: {command}")
        return float(ms)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Job:
    """A command of one side, and what must happen before each run of it, outside the time."""

    def __init__(self, side, command, before=None):
        self.side, self.command, self.before = side, command, before

    def time(self):
        if self.before:
            self.side.run(self.before, timed=False, may_fail=True)
        return self.side.run(self.command)


def pair(name, ours, theirs, rounds):
    """Interleaved, in changing order; prints medians and the median of the pairwise ratios."""
    a, b = [], []
    for i in range(rounds + 2):
        order = [(ours, a), (theirs, b)] if theirs else [(ours, a)]
        for job, times in order if i % 2 else reversed(order):
            times.append(job.time())
    a, b = a[2:], b[2:]  # the first two warm the caches
    line = {"name": name, "ours_ms": round(statistics.median(a), 2), "ours_min": round(min(a), 2), "rounds": rounds}
    if theirs:
        line |= {"theirs_ms": round(statistics.median(b), 2), "theirs_min": round(min(b), 2),
                 "ratio": round(statistics.median(x / y for x, y in zip(a, b)), 3)}
    text = f"{name:<28} ours {line['ours_ms']:>9.2f} (min {line['ours_min']:.2f})"
    if theirs:
        text += f"   theirs {line['theirs_ms']:>9.2f} (min {line['theirs_min']:.2f})   ratio {line['ratio']:.3f}"
    print(text, flush=True)
    return line


def say(name, text, **figures):
    """Prints a line that is no pair of times; its figures go to the report."""
    print(f"{name:<28} {text}", flush=True)
    return {"name": name} | figures
