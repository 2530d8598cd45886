// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Planning;

/// <summary>Limits, scheduling, identity and confinement of the process, and what it runs.</summary>
internal sealed partial class PlanCompiler
{
    /// <summary>The PATH of a process that has none.</summary>
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int MinOomScore = -1000;
    private const int MaxOomScore = 1000;
    private const uint MaxUmask = 0x1ff; // 0777
    private const int MaxIoPriority = 7;

    /// <summary>Names of limits at their numbers.</summary>
    private static readonly string[] Rlimits =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    private static readonly string[] Policies =
        ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly string[] SchedulerFlags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
        "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    private static readonly string[] IoClasses =
        ["IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    private void SetLimits()
    {
        foreach (ResourceLimit limit in _process.Rlimits ?? [])
        {
            int resource = Number(Rlimits, limit.Type, "limit");
            if (limit.Soft > limit.Hard)
            {
                throw Invalid($"{limit.Type}: soft limit {limit.Soft} is above hard limit {limit.Hard}");
            }

            ulong hard = Allowed(limit);
            AddLimit(new(limit.Type, resource, Math.Min(limit.Soft, hard), hard));
        }

        if (_process.OomScoreAdj is { } score)
        {
            AddPrivileged(new SetOomScore(AllowedScore(score)));
        }
    }

    private ulong Allowed(ResourceLimit limit)
    {
        if (_host.HardLimits is null || !_host.HardLimits.TryGetValue(limit.Type, out ulong most) || limit.Hard <= most)
        {
            return limit.Hard;
        }

        if (_host.TakesNearestLimit)
        {
            _warnings.Add($"{limit.Type} {limit.Hard} is above this host's hard limit, {most} is used");
        }

        return _host.TakesNearestLimit
            ? most
            : throw new TareException(
                ErrorKind.PermissionDenied,
                $"{limit.Type} {limit.Hard} is above this host's hard limit {most}",
                "the caller has no CAP_SYS_RESOURCE to raise it");
    }

    private int AllowedScore(int score)
    {
        if (score is < MinOomScore or > MaxOomScore)
        {
            throw Invalid($"oomScoreAdj {score} is not between {MinOomScore} and {MaxOomScore}");
        }

        if (score >= _host.LowestOomScore)
        {
            return score;
        }

        if (_host.TakesNearestLimit)
        {
            _warnings.Add($"oomScoreAdj {score} is below what this host allows, {_host.LowestOomScore} is used");
        }

        return _host.TakesNearestLimit
            ? _host.LowestOomScore
            : throw new TareException(
                ErrorKind.PermissionDenied, $"oomScoreAdj {score} is below what this host allows, {_host.LowestOomScore}");
    }

    private void BindToProcessors(string? cpus)
    {
        if (string.IsNullOrEmpty(cpus))
        {
            return;
        }

        Add(CpuSet.TryParse(cpus, out CpuSet? set)
            ? new SetAffinity(cpus, set.ToMask())
            : throw Invalid($"execCPUAffinity '{cpus}' is no list of processors"));
    }

    private void SetScheduling()
    {
        if (_process.Scheduler is { } scheduler)
        {
            uint policy = (uint)Number(Policies, scheduler.Policy, "scheduler");
            ulong flags = 0;
            foreach (string flag in scheduler.Flags ?? [])
            {
                flags |= 1UL << Number(SchedulerFlags, flag, "scheduler flag");
            }

            AddPrivileged(new SetScheduler(scheduler, policy, flags));
        }

        if (_process.IoPriority is { } priority)
        {
            if (priority.Priority is < 0 or > MaxIoPriority)
            {
                throw Invalid($"I/O priority {priority.Priority} is not between 0 and {MaxIoPriority}");
            }

            AddPrivileged(new SetIoPriority(priority.Class, Number(IoClasses, priority.Class, "I/O class"), priority.Priority));
        }

        if (_linux.MemoryPolicy is { } memory)
        {
            Add(MemoryPolicies.Step(memory));
        }

        if (_linux.Personality is { } personality)
        {
            Add(new SetPersonality(personality.Domain switch
            {
                "LINUX" => 0u,
                "LINUX32" => 8u,
                _ => throw Invalid($"no personality '{personality.Domain}'"),
            }));
        }
    }

    /// <summary>From the powerful starter to the confined process; the filter comes as late as it can.</summary>
    /// <remarks>
    /// Loading a filter needs no_new_privs or CAP_SYS_ADMIN. A process that ends up with neither loads it right
    /// before its last capset, which its filter must then allow.
    /// </remarks>
    private void BecomeProcess()
    {
        CapabilitySets sets = _process.Capabilities ?? new CapabilitySets();
        ulong permitted = CapabilityBits.Set(sets.Permitted) & Available(_host.Permitted);
        ulong inheritable = CapabilityBits.Set(sets.Inheritable) & Available(_host.Permitted);
        var last = new SetCapabilities(
            CapabilityBits.Set(sets.Effective) & permitted,
            permitted,
            inheritable,
            CapabilityBits.Set(sets.Ambient) & permitted & inheritable);
        WarnOfUnknown(sets);
        LoadSeccomp? filter = Filter();
        bool filtersLast = _process.NoNewPrivileges || (last.Effective & CapabilityBits.SysAdmin) != 0;
        ulong kept = permitted | inheritable | (filter is null || filtersLast ? 0 : CapabilityBits.SysAdmin);
        ProcessUser user = _process.User ?? new ProcessUser();

        SetSecurityLabels();
        ulong dropped = Available(_host.Bounding) & ~CapabilityBits.Set(sets.Bounding);
        AddIf(dropped != 0, () => new DropBounding(dropped));
        Add(new BecomeUser(user.Uid, user.Gid, user.AdditionalGids ?? [], user.Uid == 0 ? 0 : kept));
        AddIf(_process.NoNewPrivileges, () => new NoNewPrivileges());
        Add(new CloseOthers(_host.PreservedFds));
        Add(new SetUmask((user.Umask ?? DefaultUmask) & MaxUmask));
        Execute program = Program();
        Step? wait = Wait(program, hasListener: filter is { HasListener: true });
        if (filter is null || filtersLast)
        {
            Add(last);
        }

        if (filter is not null)
        {
            Add(filter);
            AddIf(wait is not null, () => wait!);
        }

        AddIf(filter is not null && !filtersLast, () => last);
        AddIf(_host.HasInit, () => new StayAsInit());
        Add(program);
    }

    /// <summary>Adds the wait for the start; or what comes before it, where the starter takes a listener in between.</summary>
    /// <returns>what waits behind the filter then</returns>
    private Step? Wait(Execute program, bool hasListener)
    {
        if (_host.AwaitsStart)
        {
            Add(new FindProgram(program.Arguments[0], program.Candidates));
            int tell = Given(new(GivenKind.Tell));
            int gate = Given(new(GivenKind.Gate));
            var start = new AwaitStart(tell, gate, _host.PreservedFds, IsTold: hasListener);

            // before the filter if it can be: a strict profile does not get to see our own calls
            Add(hasListener ? new LeaveBehind(tell, gate, _host.PreservedFds) : start);
            return hasListener ? start : null;
        }

        if (!hasListener)
        {
            return null;
        }

        Add(new TellStarter(Given(new(GivenKind.Tell))));
        return new AwaitListener(Go());
    }

    /// <summary>As the specification wants: no error.</summary>
    private void WarnOfUnknown(CapabilitySets sets)
    {
        string[] unknown =
        [
            .. new[] { sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient }
                .SelectMany(set => set ?? [])
                .Where(name => !Capabilities.TryParse(name, out _))
                .Distinct(StringComparer.Ordinal),
        ];
        if (unknown.Length > 0)
        {
            _warnings.Add($"unknown capabilities are passed over: {string.Join(' ', unknown)}");
        }
    }

    private LoadSeccomp? Filter()
    {
        if (_linux.Seccomp is not { } seccomp)
        {
            return null;
        }

        if (SeccompTranslation.Notifies(seccomp) || seccomp.DefaultAction == SeccompAction.Notify)
        {
            SeccompTranslation.CheckListener(seccomp);
        }

        return new LoadSeccomp(
            _host.SeccompProgram ?? SeccompTranslation.Compile(seccomp), (uint)SeccompTranslation.Flags(seccomp));
    }

    private void SetSecurityLabels()
    {
        SetSecurityLabel("apparmor", _process.ApparmorProfile, _host.HasAppArmor);
        SetSecurityLabel("selinux", _process.SelinuxLabel, _host.HasSelinux);
    }

    private void SetSecurityLabel(string module, string? label, bool isThere)
    {
        if (string.IsNullOrEmpty(label))
        {
            return;
        }

        RefuseLabel(module, label, isThere);
        Add(new SetSecurityLabel(module, label));
    }

    private static void RefuseLabel(string module, string? label, bool isThere)
    {
        if (!string.IsNullOrEmpty(label) && !isThere)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"{module} label '{label}': this host has no {module}");
        }
    }

    private Execute Program()
    {
        IReadOnlyList<string> arguments = _process.Args is { Count: > 0 } args ? args : throw Invalid("no command");
        IReadOnlyList<string> environment = _process.Env ?? [];
        foreach (string text in arguments.Concat(environment))
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw Invalid("a NUL in an argument or an environment variable");
            }
        }

        IReadOnlyList<string> candidates = _host.Program is { } path ? [path] : Candidates(arguments[0], environment);
        return new Execute(arguments, candidates, environment);
    }

    /// <summary>Where the program may be: as the shell does, but never in the working directory by accident.</summary>
    private static List<string> Candidates(string name, IReadOnlyList<string> environment)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return [name];
        }

        const string Variable = "PATH=";
        string path = environment.LastOrDefault(v => v.StartsWith(Variable, StringComparison.Ordinal)) is { } set
            ? set[Variable.Length..]
            : DefaultPath;
        List<string> candidates = [];
        foreach (string directory in path.Split(':'))
        {
            if (name.Length > 0 && directory.StartsWith('/'))
            {
                candidates.Add(directory.EndsWith('/') ? directory + name : $"{directory}/{name}");
            }
        }

        // the empty path is nowhere, and the launcher wants something to fail on
        return candidates.Count > 0 ? candidates : [""];
    }

    private static int Number(string[] names, string name, string what)
    {
        int number = Array.IndexOf(names, name);
        return number >= 0 ? number : throw Invalid($"no {what} '{name}'");
    }
}
