// SPDX-License-Identifier: Apache-2.0
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>How steps print what they hold.</summary>
internal static class StepText
{
    private static readonly (ulong Bit, string Name)[] Names =
    [
        (MOUNT_ATTR_RDONLY, "ro"),
        (MOUNT_ATTR_NOSUID, "nosuid"),
        (MOUNT_ATTR_NODEV, "nodev"),
        (MOUNT_ATTR_NOEXEC, "noexec"),
        (MOUNT_ATTR_NOATIME, "noatime"),
        (MOUNT_ATTR_STRICTATIME, "strictatime"),
        (MOUNT_ATTR_NODIRATIME, "nodiratime"),
        (MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"),
    ];

    /// <summary>The parts that are not empty, with a comma and a space between them.</summary>
    public static string Join(params IEnumerable<string> parts) =>
        string.Join(", ", parts.Where(part => part.Length > 0));

    /// <summary>Parameters of a file system, with commas.</summary>
    public static string Options(IEnumerable<KeyValuePair<string, string?>> options) =>
        string.Join(',', options.Select(option => option.Value is null ? option.Key : $"{option.Key}={option.Value}"));

    /// <summary>As mount options; what is cleared has a minus before it.</summary>
    public static string Attributes(MountFlags flags)
    {
        List<string> words = [];
        Add(words, flags.Set, "");
        Add(words, flags.Clear & ~MOUNT_ATTR__ATIME, "-");
        Add(words, flags.RecursiveSet, "r");
        Add(words, flags.RecursiveClear & ~MOUNT_ATTR__ATIME, "-r");
        if (flags.Propagation != 0)
        {
            words.Add(Propagation(flags.Propagation, flags.IsPropagationRecursive));
        }

        return string.Join(' ', words);
    }

    /// <summary>As a mount option.</summary>
    public static string Propagation(ulong propagation, bool isRecursive)
    {
        string word = propagation switch
        {
            MS_SHARED => "shared",
            MS_SLAVE => "slave",
            MS_PRIVATE => "private",
            _ => "unbindable",
        };
        return isRecursive ? "r" + word : word;
    }

    private static void Add(List<string> words, ulong bits, string prefix)
    {
        foreach ((ulong bit, string name) in Names)
        {
            if ((bits & bit) != 0)
            {
                words.Add(prefix + name);
            }
        }
    }
}
