// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;
using Tare.Engine.Containers;

namespace Tare.Cli.Requests;

/// <summary><c>--tmpfs TARGET[:OPTIONS]</c>, the options those of mount(8).</summary>
internal static class TmpfsText
{
    /// <exception cref="FormatException">not a tmpfs</exception>
    public static MountRequest Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string target = colon < 0 ? text : text[..colon];
        VolumeText.CheckTarget(target);
        var request = new MountRequest(MountKind.Tmpfs, null, target);
        List<string> others = [];
        foreach (string option in colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (option.Split('=', 2))
            {
                case ["size", var size] when !size.EndsWith('%'):
                    request = request with { TmpfsSize = HumanSize.ParseBinary(size) };
                    break;
                case ["mode", var mode]:
                    request = request with { TmpfsMode = MountText.Octal(mode) };
                    break;
                case ["ro"]:
                    request = request with { ReadOnly = true };
                    break;
                default:
                    others.Add(Checked(option));
                    break;
            }
        }

        return request with { TmpfsOptions = others };
    }

    private static string Checked(string option) => option.Split('=')[0] switch
    {
        "rw" or "exec" or "noexec" or "suid" or "nosuid" or "dev" or "nodev" or "sync" or "async" or "dirsync" or "atime"
            or "noatime" or "diratime" or "nodiratime" or "relatime" or "norelatime" or "strictatime" or "nostrictatime"
            or "size" or "uid" or "gid" or "nr_inodes" or "nr_blocks" or "mpol" or "huge" => option,
        _ => throw new FormatException($"invalid tmpfs option \"{option}\""),
    };
}
