// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Attest;

/// <summary>Reads the databases of package managers. What is malformed in them is passed over: they are files of the image.</summary>
internal static class PackageDatabase
{
    /// <summary>Packages of one image.</summary>
    public const int MaxPackages = 100_000;

    private const int MaxField = 4096;

    /// <summary>Paragraphs of <c>Name: value</c>.</summary>
    /// <remarks>deb-control(5), dpkg's <c>status</c>: only what is installed counts.</remarks>
    public static IEnumerable<Package> Debian(byte[] status) => Paragraphs(status, ": ")
        .Where(static fields => fields.ContainsKey("Package") && fields.ContainsKey("Version")
            && (!fields.TryGetValue("Status", out string? state) || state.EndsWith(" installed", StringComparison.Ordinal)))
        .Select(static fields => new Package("deb", fields["Package"], fields["Version"])
        {
            Architecture = fields.GetValueOrDefault("Architecture"),
            Source = fields.GetValueOrDefault("Source")?.Split(' ')[0],
            Maintainer = fields.GetValueOrDefault("Maintainer"),
            Homepage = fields.GetValueOrDefault("Homepage"),
        })
        .Take(MaxPackages);

    /// <summary>Paragraphs of <c>K:value</c>, one letter each.</summary>
    /// <remarks>wiki.alpinelinux.org/wiki/Apk_spec, <c>lib/apk/db/installed</c>.</remarks>
    public static IEnumerable<Package> Alpine(byte[] installed) => Paragraphs(installed, ":")
        .Where(static fields => fields.ContainsKey("P") && fields.ContainsKey("V"))
        .Select(static fields => new Package("apk", fields["P"], fields["V"])
        {
            Architecture = fields.GetValueOrDefault("A"),
            Source = fields.GetValueOrDefault("o"),
            License = fields.GetValueOrDefault("L"),
            Maintainer = fields.GetValueOrDefault("m"),
            Homepage = fields.GetValueOrDefault("U"),
        })
        .Take(MaxPackages);

    /// <summary>The table <c>Packages</c> of <c>rpmdb.sqlite</c>: a header in each row.</summary>
    public static IEnumerable<Package> Rpm(ReadAt read, long length) =>
        (TableFile.TryOpen(read, length)?.Column("Packages", 1) ?? [])
            .Take(MaxPackages).Select(static row => RpmHeader.Parse(row)).OfType<Package>();

    /// <summary><c>NAME=value</c> of os-release(5).</summary>
    public static Dictionary<string, string> Release(byte[] text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.Length < MaxField)
            {
                values[line[..equals]] = Plain(line[(equals + 1)..].Trim().Trim('"', '\''));
            }
        }

        return values;
    }

    private static IEnumerable<Dictionary<string, string>> Paragraphs(byte[] bytes, string separator)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            if (line.Length == 0)
            {
                if (fields.Count > 0)
                {
                    yield return fields;
                }

                fields = new(StringComparer.Ordinal);
                continue;
            }

            int at = line.IndexOf(separator, StringComparison.Ordinal);
            if (at > 0 && line[0] != ' ' && line.Length < MaxField)
            {
                fields.TryAdd(line[..at], Plain(line[(at + separator.Length)..].Trim()));
            }
        }

        if (fields.Count > 0)
        {
            yield return fields;
        }
    }

    /// <summary>Without what could move a cursor.</summary>
    public static string Plain(string text) => new([.. text.Where(static c => !char.IsControl(c) && !char.IsSurrogate(c))]);
}
