// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Mounts that show something that is there: binds, with or without other owners, and changes of mounts.</summary>
internal sealed partial class PlanCompiler
{
    /// <summary>Options that belong to a whole file system: on a bind mount(8) takes them, and the kernel passes them over.</summary>
    private static readonly HashSet<string> FileSystemFlags =
        new(["sync", "dirsync", "lazytime", "mand", "iversion"], StringComparer.Ordinal);

    private void AddBind(Mount mount, int index, string target, MountOptions options)
    {
        string source = mount.Source ?? throw Invalid($"bind on {target}: no source");
        RefuseOptions(options, target);
        string how = options.IsRecursiveBind ? $"rbind {source}" : source;
        int given = Given(new(GivenKind.Bind, how, index) { IdMap = IdMap(mount, options, target) });
        Add(new BindMount(given, source, target, !_host.FileBinds.Contains(index), Spread(options.Flags, target)));
    }

    /// <summary>
    /// Without a word about it, mounts of the host's still reach the container but not the other way round.
    /// </summary>
    private MountFlags Spread(MountFlags flags, string target)
    {
        if (HasUsers && flags.Propagation == MS_SHARED)
        {
            _warnings.Add($"bind on {target}: mounts of a user namespace are not shared with the host's, only the other way");
            return flags with { Propagation = MS_SLAVE };
        }

        return flags.Propagation != 0 ? flags : flags with { Propagation = MS_SLAVE, IsPropagationRecursive = true };
    }

    private void RefuseOptions(MountOptions options, string target)
    {
        foreach ((string option, string? value) in options.Data)
        {
            if (value is not null || !FileSystemFlags.Contains(option))
            {
                throw Invalid($"bind on {target}: unknown option '{option}'");
            }

            _warnings.Add($"bind on {target}: '{option}' is of the file system and stays as it is there");
        }
    }

    /// <summary>Owners are mapped where the spec says so; by the container's own map when it names no other.</summary>
    private MountIdMap? IdMap(Mount mount, MountOptions options, string target)
    {
        bool hasUids = mount.UidMappings is { Count: > 0 };
        bool hasGids = mount.GidMappings is { Count: > 0 };
        if (!hasUids && !hasGids && options.IdMapWord is null)
        {
            return null;
        }

        if (hasUids != hasGids)
        {
            throw Invalid($"bind on {target}: uidMappings and gidMappings go together");
        }

        IReadOnlyList<IdMapping>? uids = hasUids ? mount.UidMappings : _linux.UidMappings;
        IReadOnlyList<IdMapping>? gids = hasGids ? mount.GidMappings : _linux.GidMappings;
        if (uids is not { Count: > 0 } || gids is not { Count: > 0 })
        {
            throw Invalid($"bind on {target}: {options.IdMapWord} without mappings, and the container has none");
        }

        IdRanges.Check(uids, $"bind on {target}: uidMappings");
        IdRanges.Check(gids, $"bind on {target}: gidMappings");
        return new(uids, gids, options.IdMapWord == "ridmap");
    }

    private void ChangeMount(string target, MountOptions options)
    {
        RefuseOptions(options, target);
        Add(new ChangeMount(target, options.Flags));
    }
}
