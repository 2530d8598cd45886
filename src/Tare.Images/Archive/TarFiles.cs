// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>The regular files of a tar that can be read anywhere: its headers are read once, data is opened at its offset.</summary>
/// <remarks>Of two entries of one name the later one counts, as if the archive were unpacked.</remarks>
internal sealed class TarFiles : IArchiveFiles
{
    private const int MaxEntries = 1 << 18;

    /// <summary>podman and old docker write equal layers once and link to them; chains of links are not written by anybody.</summary>
    private const int MaxLinks = 8;

    private readonly Fd _tar;
    private readonly Dictionary<string, Place> _places = [];

    private TarFiles(Fd tar) => _tar = tar;

    /// <summary>Reads the headers. Takes the file over.</summary>
    public static TarFiles Open(Fd tar, CancellationToken ct)
    {
        var files = new TarFiles(tar);
        try
        {
            files.ReadHeaders(ct);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public Stream? TryOpen(string name) =>
        Find(name) is { } place ? new FileRange(_tar, place.Offset, place.Size) : null;

    public long? TrySize(string name) => Find(name)?.Size;

    public void Dispose() => _tar.Dispose();

    private void ReadHeaders(CancellationToken ct)
    {
        using var stream = new FdStream(_tar, leaveOpen: true);
        stream.Position = 0;
        using var reader = new TarReader(stream, cancel: ct);
        while (reader.Next())
        {
            if (_places.Count == MaxEntries)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"archive has more than {MaxEntries} entries");
            }
            TarEntry entry = reader.Entry;
            string name = Normalize(Encoding.UTF8.GetString(entry.Name));
            switch (entry.Type)
            {
                case TarType.Regular when !entry.IsSparse:
                    _places[name] = new Place(entry.DataPosition, entry.Size, Target: null);
                    break;
                case TarType.Symlink:
                    _places[name] = new Place(0, 0, Join(name, Encoding.UTF8.GetString(entry.Link)));
                    break;
                case TarType.HardLink:
                    _places[name] = new Place(0, 0, Normalize(Encoding.UTF8.GetString(entry.Link)));
                    break;
                default:
                    _places.Remove(name);
                    break;
            }
        }
    }

    private Place? Find(string name)
    {
        string next = Normalize(name);
        for (int i = 0; i < MaxLinks; i++)
        {
            if (!_places.TryGetValue(next, out Place? place))
            {
                return null;
            }
            if (place.Target is null)
            {
                return place;
            }
            next = place.Target;
        }
        return null;
    }

    /// <summary>The name without <c>.</c> and empty parts; <c>..</c> takes back one part and never more.</summary>
    private static string Normalize(string name)
    {
        List<string> parts = [];
        foreach (string part in name.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case "..":
                    parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }
        return string.Join('/', parts);
    }

    private static string Join(string link, string target)
    {
        int slash = link.LastIndexOf('/');
        return Normalize(target.StartsWith('/') || slash < 0 ? target : string.Concat(link.AsSpan(0, slash + 1), target));
    }

    private sealed record Place(long Offset, long Size, string? Target);
}
