// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Tests.Layers;

/// <summary>A directory of its own for one test, and everything about a tree as lines of text.</summary>
internal sealed class ScratchTree : IDisposable
{
    private static int _next;

    public ScratchTree(string? under = null)
    {
        string name = $"tare-layers-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";
        HostPathName = Path.Combine(under ?? Path.GetTempPath(), name);
        Directory.CreateDirectory(HostPathName);
    }

    public string HostPathName { get; }

    public Root Make(string name)
    {
        string path = Path.Combine(HostPathName, name);
        Directory.CreateDirectory(path);
        return Root.Open(path);
    }

    public void Dispose()
    {
        using Fd parent = HostPath.OpenDirectory(Path.GetDirectoryName(HostPathName)!);
        FileTree.Remove(parent, Encoding.UTF8.GetBytes(Path.GetFileName(HostPathName)));
    }

    /// <summary>One line per inode name: path, kind, mode, owner, time, content or target, attributes; links by their first name.</summary>
    public static SortedDictionary<string, string> Describe(Root root, bool links = true)
    {
        SortedDictionary<string, string> lines = new(StringComparer.Ordinal);
        Dictionary<ulong, string> seen = [];
        using Fd top = root.Resolve("."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        lines["."] = Line(top, top.Status());
        Walk(top, "", lines, links ? seen : null);
        return lines;
    }

    private static void Walk(Fd directory, string prefix, SortedDictionary<string, string> lines, Dictionary<ulong, string>? seen)
    {
        foreach (byte[] name in directory.SortedNames(10_000_000))
        {
            string path = prefix + Encoding.Latin1.GetString(name);
            using Fd pinned = directory.Open(name, OpenFlags.Path);
            FileStatus status = pinned.Status();
            string line = Line(pinned, status);
            if (seen is not null && !status.IsDirectory && status.Links > 1)
            {
                line += seen.TryGetValue(status.Inode, out string? first) ? $" = {first}" : "";
                seen.TryAdd(status.Inode, path);
            }

            lines[path] = line;
            if (status.IsDirectory)
            {
                using Fd child = directory.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
                Walk(child, path + "/", lines, seen);
            }
        }
    }

    private static string Line(Fd file, FileStatus status)
    {
        string what = status.Kind switch
        {
            FileKind.Regular => Content(file),
            FileKind.Symlink => Encoding.Latin1.GetString(file.ReadLink()),
            FileKind.CharacterDevice or FileKind.BlockDevice => status.Device.ToString(),
            _ => "",
        };
        string xattrs = string.Concat(file.ListXattrs()
            .Select(n => $" {Encoding.Latin1.GetString(n)}={Convert.ToHexString(file.GetXattr(n) ?? [])}")
            .Order(StringComparer.Ordinal));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Kind} {Convert.ToString(status.Mode, 8)} {status.Uid}:{status.Gid} {status.ModifyTime.Seconds}.{status.ModifyTime.Nanoseconds:d9} {what}{xattrs}");
    }

    private static string Content(Fd pinned)
    {
        using Fd file = pinned.Reopen(OpenFlags.ReadOnly);
        byte[] bytes = file.ReadAll(1 << 28);
        return bytes.Length < 40
            ? $"'{Encoding.Latin1.GetString(bytes)}'"
            : $"{bytes.Length} {Convert.ToHexString(SHA256.HashData(bytes))[..16]}";
    }
}
