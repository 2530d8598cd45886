// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Namespaces, cgroups, and what belongs to a namespace: names, kernel parameters, the loopback device.</summary>
internal sealed partial class PlanCompiler
{
    private const int MaxHostName = 64;
    private const uint NanosecondsPerSecond = 1_000_000_000;

    /// <summary>CLONE_NEW* of namespaces that are not the host's, made or joined.</summary>
    private ulong _own;

    /// <summary>CLONE_NEW* of namespaces that are made.</summary>
    private ulong _new;

    /// <summary>Where the pid namespace is that the process is born in; null: a new one, or the starter's.</summary>
    private string? _pidNamespace;

    /// <summary>Position of the root file system; none in a mount namespace that has one.</summary>
    private int _rootfs;

    /// <summary>What clone3 makes; others come later, see the steps that make them.</summary>
    private ulong ReadNamespaces()
    {
        foreach (Namespace space in _linux.Namespaces ?? [])
        {
            ulong flag = NamespaceFlags.Of(space.Type);
            if ((_own & flag) != 0)
            {
                throw Invalid($"the {NamespaceFlags.Name(space.Type)} namespace is named twice");
            }

            _own |= flag;
            _new |= space.Path is null ? flag : 0;
        }

        if (!Owns(NamespaceType.Mount))
        {
            throw Invalid("a container needs a mount namespace of its own");
        }

        ReadUsers();

        return JoinsUsers ? 0 : Born;
    }

    /// <summary>Namespaces that are made before the first step of their own; cgroup and time namespaces have one.</summary>
    private ulong Born => _new & ~(CLONE_NEWCGROUP | CLONE_NEWTIME);

    private bool Owns(NamespaceType type) => (_own & NamespaceFlags.Of(type)) != 0;

    private void JoinAll()
    {
        if (_host.WaitsForGo && !HasUsers)
        {
            Add(new WaitForGo(Go()));
        }

        JoinCgroups();

        // the user namespace last: it takes the rights that joining others may need, and what is made in it is its own
        foreach (bool users in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (Namespace space in _linux.Namespaces ?? [])
            {
                if (space.Type == NamespaceType.User == users)
                {
                    Join(space);
                }
            }
        }

        AddIf(JoinsUsers && Born != 0, () => new NewNamespaces(Born));
        AddIf((_new & CLONE_NEWCGROUP) != 0, () => new NewCgroupNamespace());
        AddIf((_new & CLONE_NEWNET) != 0, () => new RaiseLoopback());
    }

    private void Join(Namespace space)
    {
        switch (space)
        {
            case { Path: null }:
                break;
            case { Type: NamespaceType.Pid }:
                _pidNamespace = space.Path;
                break;
            default:
                Add(new JoinNamespace(space.Type, space.Path, Given(new(GivenKind.Namespace, space.Path))));
                break;
        }

        if (space is { Type: NamespaceType.Mount, Path: not null })
        {
            _warnings.Add(
                $"mount namespace {space.Path} is joined as it is: the root file system, mounts, devices and masked "
                + "paths of the spec are not made in it");
        }
    }

    private void NewTime()
    {
        if ((_new & CLONE_NEWTIME) == 0)
        {
            if (_linux.TimeOffsets is { Count: > 0 })
            {
                throw Invalid("timeOffsets need a new time namespace");
            }

            return;
        }

        Add(new NewTimeNamespace());
        if (TimeOffsets() is { Length: > 0 } offsets && HasUsers)
        {
            _outside = _outside! with { TimeOffsets = offsets };
        }
    }

    private void EnterTime() => AddIf(
        (_new & CLONE_NEWTIME) != 0, () => new EnterTimeNamespace(HasUsers ? "" : TimeOffsets()));

    private string TimeOffsets()
    {
        List<string> lines = [];
        foreach ((string clock, TimeOffset offset) in _linux.TimeOffsets ?? new Dictionary<string, TimeOffset>())
        {
            if (clock is not ("boottime" or "monotonic") || offset.Nanosecs >= NanosecondsPerSecond)
            {
                throw Invalid($"timeOffsets: no offset of '{clock}' by {offset.Secs} s and {offset.Nanosecs} ns");
            }

            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}"));
        }

        return string.Join('\n', lines);
    }

    private void JoinCgroups()
    {
        if (_host.CgroupCount == 0)
        {
            return;
        }

        int first = Given(new(GivenKind.Cgroup));
        for (int i = 1; i < _host.CgroupCount; i++)
        {
            Given(new(GivenKind.Cgroup, Index: i));
        }

        Add(new JoinCgroups(first, _host.CgroupCount));
    }

    private void SetHostNames()
    {
        foreach ((string? name, bool isDomain) in new[] { (_spec.Hostname, false), (_spec.Domainname, true) })
        {
            if (string.IsNullOrEmpty(name))
            {
                continue;
            }

            if (!Owns(NamespaceType.Uts))
            {
                throw Invalid($"host name '{name}' needs a uts namespace of the container's own");
            }

            if (System.Text.Encoding.UTF8.GetByteCount(name) > MaxHostName)
            {
                throw Invalid($"host name '{name}' is longer than {MaxHostName} bytes");
            }

            Add(new SetHostName(name, isDomain));
        }
    }

    private void SetSysctls()
    {
        foreach ((string name, string value) in _linux.Sysctl ?? new Dictionary<string, string>())
        {
            CheckSysctl(name);
            Add(Sysctl(name, value));
        }
    }

    /// <summary>A parameter that belongs to no namespace would be the host's.</summary>
    private void CheckSysctl(string name)
    {
        NamespaceType type = SysctlScope.Of(name) ?? throw Invalid($"sysctl '{name}' belongs to no namespace");
        if (!Owns(type))
        {
            throw Invalid($"sysctl '{name}' needs a {NamespaceFlags.Name(type)} namespace of the container's own");
        }
    }

    private bool NeedsProc() => (_process.OomScoreAdj is not null && !_isInside)
        || _process.ApparmorProfile is { Length: > 0 }
        || _process.SelinuxLabel is { Length: > 0 };
}
