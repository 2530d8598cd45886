// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Namespaces, cgroups, and what belongs to a namespace: names, kernel parameters, the loopback device.</summary>
internal sealed partial class PlanCompiler
{
    private const int MaxHostName = 64;

    /// <summary>CLONE_NEW* of namespaces that are not the host's, made or joined.</summary>
    private ulong _own;

    /// <summary>CLONE_NEW* of namespaces that are made.</summary>
    private ulong _new;

    /// <summary>What clone3 makes; the cgroup namespace comes later, see <see cref="NewCgroupNamespace"/>.</summary>
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
            bool canJoin = space.Type is not (NamespaceType.Mount or NamespaceType.Pid);
            Refuse(space.Path is not null && !canJoin, $"joining a {NamespaceFlags.Name(space.Type)} namespace");
            Refuse(space.Type is NamespaceType.User or NamespaceType.Time, $"{NamespaceFlags.Name(space.Type)} namespaces");
        }

        if ((_new & CLONE_NEWNS) == 0)
        {
            throw Invalid("a container needs a mount namespace of its own");
        }

        return _new & ~CLONE_NEWCGROUP;
    }

    private bool Owns(NamespaceType type) => (_own & NamespaceFlags.Of(type)) != 0;

    private void JoinAll()
    {
        if (_host.WaitsForGo)
        {
            Add(new WaitForGo(Given(new(GivenKind.Go))));
        }

        JoinCgroups();
        foreach (Namespace space in _linux.Namespaces ?? [])
        {
            if (space.Path is { } path)
            {
                Add(new JoinNamespace(space.Type, path, Given(new(GivenKind.Namespace, path))));
            }
        }

        AddIf((_new & CLONE_NEWCGROUP) != 0, () => new NewCgroupNamespace());
        AddIf((_new & CLONE_NEWNET) != 0, () => new RaiseLoopback());
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
            Add(new SetSysctl(name, value));
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

    private bool NeedsProc() => _process.OomScoreAdj is not null
        || _process.ApparmorProfile is { Length: > 0 }
        || _process.SelinuxLabel is { Length: > 0 };
}
