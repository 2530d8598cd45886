// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Docker's rules for the environment: defaults, then the user's, then the image's that the user did not
/// name.</summary>
/// <remarks>CVE-2026-57231: an entry of an image without '=' means nothing; it never takes a value from the
/// host.</remarks>
internal static class ProcessEnvironment
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Entries <c>NAME=value</c>, each name once, where it was first said, with its last value; HOME last
    /// unless said.</summary>
    /// <exception cref="TareException">InvalidArgument for an entry without a name or with a zero</exception>
    public static IReadOnlyList<string> Compose(
        IReadOnlyList<string>? image, IReadOnlyList<string> user, string hostname, bool hasTerminal, string home)
    {
        List<string?> entries = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        Put(entries, places, "PATH=" + DefaultPath);
        Put(entries, places, "HOSTNAME=" + hostname);
        if (hasTerminal)
        {
            Put(entries, places, "TERM=xterm");
        }
        HashSet<string> said = new(StringComparer.Ordinal);
        foreach (string entry in user)
        {
            said.Add(Put(entries, places, entry));
        }
        foreach (string entry in image ?? [])
        {
            if (entry.Contains('=', StringComparison.Ordinal) && !said.Contains(NameOf(entry)))
            {
                Put(entries, places, entry);
            }
        }
        if (!places.TryGetValue("HOME", out int place) || entries[place] is null or "HOME=")
        {
            Put(entries, places, "HOME=" + home);
        }
        return [.. entries.OfType<string>()];
    }

    /// <summary>Sets, or for a name alone removes, and returns the name.</summary>
    private static string Put(List<string?> entries, Dictionary<string, int> places, string entry)
    {
        string name = NameOf(entry);
        if (name.Length == 0 || entry.Contains('\0', StringComparison.Ordinal))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid environment variable: {Quoted.Text(entry)}");
        }
        string? value = name.Length == entry.Length ? null : entry;
        if (places.TryGetValue(name, out int place))
        {
            entries[place] = value;
        }
        else if (value is not null)
        {
            places.Add(name, entries.Count);
            entries.Add(value);
        }
        return name;
    }

    private static string NameOf(string entry)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? entry : entry[..equals];
    }
}
