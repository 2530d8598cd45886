// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>A user namespace of the container's own: what changes when the process has no rights over the host.</summary>
internal sealed partial class PlanCompiler
{
    private const string PingGroups = "net.ipv4.ping_group_range";
    private const string DomainName = "kernel.domainname";

    /// <summary>What the starter does; null without a user namespace.</summary>
    private PlanOutside? _outside;

    /// <summary>The process still has the host's rights and will lose them.</summary>
    private bool _isEntering;

    /// <summary>What it may set by itself then.</summary>
    private readonly List<SetRlimit> _limits = [];

    /// <summary>The process is in a user namespace that is not the host's.</summary>
    private bool HasUsers => Owns(NamespaceType.User);

    /// <summary>Capabilities that a process has: all of a new user namespace, else those of the starter.</summary>
    private ulong Available(ulong starters) =>
        HasUsers ? ulong.MaxValue >> (63 - _host.LastCapability) : starters;

    /// <summary>It is another container's, or somebody's who made it for both.</summary>
    private bool JoinsUsers => HasUsers && (_new & CLONE_NEWUSER) == 0;

    /// <summary>The maps of the user namespace; the starter adds those of one that is joined.</summary>
    private void ReadUsers()
    {
        bool isMapped = _linux.UidMappings is { Count: > 0 } || _linux.GidMappings is { Count: > 0 };
        if (isMapped != HasUsers)
        {
            throw Invalid(
                isMapped
                    ? "uidMappings and gidMappings need a new user namespace"
                    : "a new user namespace needs uidMappings and gidMappings, and so does one that is joined");
        }

        if (!HasUsers)
        {
            return;
        }

        IReadOnlyList<IdMapping> uids = _linux.UidMappings ?? [];
        IReadOnlyList<IdMapping> gids = _linux.GidMappings ?? [];
        IdRanges.Check(uids, "uidMappings");
        IdRanges.Check(gids, "gidMappings");
        _outside = new(uids, gids) { IsMapped = JoinsUsers };
        if (_outside.HostUid(0) is null || _outside.HostGid(0) is null)
        {
            throw Invalid("uidMappings and gidMappings must map the container's root, id 0");
        }

        CheckIds();
        if (!JoinsUsers)
        {
            RefuseForeign();
        }
    }

    private void CheckIds()
    {
        ProcessUser user = _process.User ?? new ProcessUser();
        if (_outside!.HostUid(user.Uid) is null)
        {
            throw Invalid($"user {user.Uid} is nobody in uidMappings");
        }

        foreach (uint gid in (user.AdditionalGids ?? []).Prepend(user.Gid))
        {
            if (_outside.HostGid(gid) is null)
            {
                throw Invalid($"group {gid} is nobody in gidMappings");
            }
        }
    }

    /// <summary>A namespace of the host's cannot be entered from a user namespace that has no rights over it.</summary>
    private void RefuseForeign()
    {
        foreach (Namespace space in _linux.Namespaces ?? [])
        {
            Refuse(
                space.Path is not null && space.Type is not (NamespaceType.Pid or NamespaceType.User),
                $"a new user namespace that joins a {NamespaceFlags.Name(space.Type)} namespace");
        }
    }

    /// <summary>The starter gives the process its ids; with them it goes on as the container's root.</summary>
    private void BecomeMapped()
    {
        if (HasUsers)
        {
            AddIf(_outside!.AwaitsTold, () => new TellStarter(Given(new(GivenKind.Tell))));
            Add(new WaitForGo(Go()));
            Add(new BecomeRoot());
            AddIf(!_host.KeepsKeyring, () => new NewKeyring());
        }
    }

    private void OpenMasks()
    {
        if (_linux.MaskedPaths is not { Count: > 0 })
        {
            return;
        }

        Add(HasUsers ? new TakeMasks(Given(new(GivenKind.Masks))) : new OpenMasks());
        if (_host.Asides > 0)
        {
            int[] given = [.. Enumerable.Range(0, _host.Asides).Select(i => Given(new(GivenKind.Aside, Index: i)))];
            Add(new PutAside(given[0], given.Length));
        }
    }

    /// <summary>What the starter has to do itself, as the process may not.</summary>
    private void AddOutside(Step step)
    {
        switch (step)
        {
            case SetOomScore score:
                _outside = _outside! with { OomScore = score.Value };
                break;
            case SetScheduler scheduler:
                _outside = _outside! with { Scheduler = scheduler };
                break;
            case SetIoPriority priority:
                _outside = _outside! with { IoPriority = priority };
                break;
            default:
                throw new InvalidOperationException($"{step.Action} is not done from outside");
        }
    }

    /// <summary>By the process, or by its starter where the process has lost the right to.</summary>
    private void AddPrivileged(Step step)
    {
        if (_isInside)
        {
            AddOutside(step);
        }
        else
        {
            Add(step);
        }
    }

    /// <summary>Raising a hard limit is the starter's, setting it the process's, after all that costs descriptors.</summary>
    private void AddLimit(SetRlimit limit)
    {
        if (_isEntering)
        {
            Add(new AllowRlimit(limit));
            _limits.Add(limit);
            return;
        }

        if (_isInside)
        {
            _outside = _outside! with { Limits = [.. _outside.Limits, limit] };
        }

        Add(limit);
    }

    /// <summary>The starter makes the file system with ids of the host.</summary>
    private IReadOnlyList<KeyValuePair<string, string?>> HostOwned(IReadOnlyList<KeyValuePair<string, string?>> options) =>
        _outside is null ? options : [.. options.Select(option => KeyValuePair.Create(option.Key, HostOwned(option)))];

    private string? HostOwned(KeyValuePair<string, string?> option)
    {
        if (option.Key is not ("uid" or "gid")
            || !uint.TryParse(option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            return option.Value;
        }

        uint host = (option.Key == "uid" ? _outside!.HostUid(id) : _outside!.HostGid(id))
            ?? throw Invalid($"{option.Key} {id} of the terminals is nobody in the user namespace");
        return host.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What a kernel parameter is in a user namespace.</summary>
    private Step Sysctl(string name, string value) => (HasUsers, name.Replace('/', '.')) switch
    {
        (true, DomainName) => new SetHostName(value, IsDomain: true),
        (true, PingGroups) => new SetSysctl(name, CutToMapped(value)),
        _ => new SetSysctl(name, value),
    };

    /// <summary>The kernel takes only groups that exist in the namespace.</summary>
    private string CutToMapped(string range)
    {
        string[] ends = range.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return ends is [var first, var last]
            && uint.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out uint highest)
            && IdRanges.Below(_outside!.GidMap, highest) is { } mapped
            ? string.Create(CultureInfo.InvariantCulture, $"{first} {mapped}")
            : range;
    }
}
