// SPDX-License-Identifier: Apache-2.0
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>The options of one mount, sorted by who understands them.</summary>
/// <remarks>runtime-spec v1.3 config.md#linux-mount-options; man mount(8)</remarks>
internal sealed class MountOptions
{
    /// <summary>Attributes of the mount, with what sets and what clears them.</summary>
    private static readonly Dictionary<string, (ulong Set, ulong Clear)> Attributes = new(StringComparer.Ordinal)
    {
        ["ro"] = (MOUNT_ATTR_RDONLY, 0),
        ["rw"] = (0, MOUNT_ATTR_RDONLY),
        ["nosuid"] = (MOUNT_ATTR_NOSUID, 0),
        ["suid"] = (0, MOUNT_ATTR_NOSUID),
        ["nodev"] = (MOUNT_ATTR_NODEV, 0),
        ["dev"] = (0, MOUNT_ATTR_NODEV),
        ["noexec"] = (MOUNT_ATTR_NOEXEC, 0),
        ["exec"] = (0, MOUNT_ATTR_NOEXEC),
        ["noatime"] = (MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME),
        ["atime"] = (0, MOUNT_ATTR__ATIME),
        ["relatime"] = (0, MOUNT_ATTR__ATIME),
        ["norelatime"] = (0, MOUNT_ATTR__ATIME),
        ["strictatime"] = (MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME),
        ["nostrictatime"] = (0, MOUNT_ATTR__ATIME),
        ["nodiratime"] = (MOUNT_ATTR_NODIRATIME, 0),
        ["diratime"] = (0, MOUNT_ATTR_NODIRATIME),
        ["nosymfollow"] = (MOUNT_ATTR_NOSYMFOLLOW, 0),
        ["symfollow"] = (0, MOUNT_ATTR_NOSYMFOLLOW),
    };

    private static readonly Dictionary<string, ulong> Propagations = new(StringComparer.Ordinal)
    {
        ["private"] = MS_PRIVATE,
        ["slave"] = MS_SLAVE,
        ["shared"] = MS_SHARED,
        ["unbindable"] = MS_UNBINDABLE,
    };

    /// <summary>Words of mount(8) that ask for what is so already.</summary>
    private static readonly HashSet<string> Nothing =
        new(["", "defaults", "async", "nomand", "loud", "silent", "nolazytime", "noiversion"], StringComparer.Ordinal);

    private readonly List<KeyValuePair<string, string?>> _data = [];

    /// <summary>Every word that is not left to the file system.</summary>
    public static IEnumerable<string> Known =>
    [
        "bind", "rbind", "norbind", "remount", "tmpcopyup", "idmap", "ridmap",
        .. Attributes.Keys, .. Attributes.Keys.Select(word => "r" + word),
        .. Propagations.Keys, .. Propagations.Keys.Select(word => "r" + word),
        .. Nothing.Where(word => word.Length > 0),
    ];

    private MountOptions()
    {
    }

    public MountFlags Flags { get; private set; }

    public bool IsBind { get; private set; }

    public bool IsRecursiveBind { get; private set; }

    /// <summary>What is mounted there already is changed.</summary>
    public bool IsRemount { get; private set; }

    /// <summary>A tmpfs begins with what it covers.</summary>
    public bool CopiesUp { get; private set; }

    /// <summary><c>idmap</c>, <c>ridmap</c> or null.</summary>
    public string? IdMapWord { get; private set; }

    /// <summary>What only the file system itself understands, in order; a null value is a flag.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Data => _data;

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new MountOptions();
        foreach (string option in options ?? [])
        {
            parsed.Add(option);
        }

        return parsed;
    }

    /// <summary>Words that say what the mount is rather than how.</summary>
    private bool TryAddWord(string option)
    {
        switch (option)
        {
            case "bind" or "rbind" or "norbind":
                IsBind |= option != "norbind";
                IsRecursiveBind = option == "rbind";
                return true;
            case "remount":
                return IsRemount = true;
            case "tmpcopyup":
                return CopiesUp = true;
            case "idmap" or "ridmap":
                IdMapWord = option;
                return true;
            default:
                return false;
        }
    }

    private void Add(string option)
    {
        string unprefixed = option.StartsWith('r') ? option[1..] : "";
        MountFlags flags = Flags;
        if (Nothing.Contains(option) || TryAddWord(option))
        {
            return;
        }

        if (Attributes.TryGetValue(option, out (ulong Set, ulong Clear) attribute))
        {
            Flags = flags with
            {
                Set = (flags.Set & ~attribute.Clear) | attribute.Set,
                Clear = (flags.Clear & ~attribute.Set) | attribute.Clear,
            };
        }
        else if (Attributes.TryGetValue(unprefixed, out attribute))
        {
            Flags = flags with
            {
                RecursiveSet = (flags.RecursiveSet & ~attribute.Clear) | attribute.Set,
                RecursiveClear = (flags.RecursiveClear & ~attribute.Set) | attribute.Clear,
            };
        }
        else if (Propagations.TryGetValue(option, out ulong propagation))
        {
            Flags = flags with { Propagation = propagation, IsPropagationRecursive = false };
        }
        else if (Propagations.TryGetValue(unprefixed, out propagation))
        {
            Flags = flags with { Propagation = propagation, IsPropagationRecursive = true };
        }
        else
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            _data.Add(equals < 0 ? new(option, null) : new(option[..equals], option[(equals + 1)..]));
        }
    }
}
