// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Options of a tmpfs in a container: which there are, and which exclude each other.</summary>
/// <remarks>man tmpfs(5), mount(8).</remarks>
internal static class TmpfsOptions
{
    /// <summary>Options of one mount.</summary>
    private const int MaxOptions = 64;

    private static readonly string[] Defaults = ["noexec", "nosuid", "nodev", "rprivate"];

    /// <summary>The defaults with what the user said; of options that exclude each other the last wins.</summary>
    /// <exception cref="TareException">InvalidArgument for an option that tmpfs does not have</exception>
    public static IReadOnlyList<string> WithDefaults(IReadOnlyList<string> options)
    {
        if (options.Count > MaxOptions)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"a tmpfs has more than {MaxOptions} options");
        }
        List<string> merged = [];
        foreach (string option in Defaults.Concat(options))
        {
            string group = GroupOf(option)
                ?? throw new TareException(ErrorKind.InvalidArgument, $"invalid tmpfs option {Quoted.Text(option)}");
            _ = merged.RemoveAll(other => GroupOf(other) == group);
            merged.Add(option);
        }
        return merged;
    }

    /// <summary>The name that an option shares with those it excludes; null when there is no such option.</summary>
    private static string? GroupOf(string option)
    {
        int equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? option[..equals] is "size" or "mode" or "uid" or "gid" or "nr_inodes" or "nr_blocks" or "mpol" or "huge"
                && equals < option.Length - 1 && !option.Contains('\0', StringComparison.Ordinal)
                ? option[..equals]
                : null
            : option switch
            {
                "ro" or "rw" => "ro",
                "suid" or "nosuid" => "nosuid",
                "dev" or "nodev" => "nodev",
                "exec" or "noexec" => "noexec",
                "sync" or "async" => "sync",
                "dirsync" => "dirsync",
                "atime" or "noatime" or "relatime" or "norelatime" or "strictatime" or "nostrictatime" => "atime",
                "diratime" or "nodiratime" => "diratime",
                "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" or "unbindable" or "runbindable"
                    => "propagation",
                _ => null,
            };
    }
}
