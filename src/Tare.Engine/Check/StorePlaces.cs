// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Engine.Check;

/// <summary>Tells which mounts have to do with this store: what they show, what they are made of, or where they are.</summary>
internal sealed class StorePlaces
{
    private readonly List<FilePlace> _places = [];
    private readonly IReadOnlySet<string> _volumes;
    private readonly byte[]? _mark;
    private readonly string _root;

    /// <param name="folders">whose</param>
    /// <param name="volumes">names of volumes: their content may be mounted anywhere, by anybody</param>
    /// <param name="mounts">of this process</param>
    /// <param name="mark">what the store's overlays call their source; null: it never made one</param>
    public StorePlaces(EngineFolders folders, IReadOnlySet<string> volumes, IReadOnlyList<MountEntry> mounts, string? mark)
    {
        (_volumes, _mark, _root) = (volumes, mark is null ? null : Encoding.UTF8.GetBytes(mark), folders.Root);
        foreach (string path in (ReadOnlySpan<string>)[folders.Root, folders.Run])
        {
            using Fd? folder = HostPath.TryOpen(path, OpenFlags.Path | OpenFlags.Directory);
            if (folder is not null && FilePlace.TryFind(folder, mounts) is { } place)
            {
                _places.Add(place);
            }
        }
    }

    /// <summary>What a mount has to do with the store, in words; null for nothing.</summary>
    public string? Relation(MountEntry mount)
    {
        if (_mark is not null && mount.Type == "overlay" && mount.Source.AsSpan().SequenceEqual(_mark))
        {
            return $"an overlay of {_root}";
        }

        foreach (FilePlace place in _places)
        {
            string path = Encoding.UTF8.GetString(place.Path);
            if (mount.Type == "overlay" && Layers(mount.SuperOptions).Any(layer => IsIn(place, layer)))
            {
                return $"an overlay of {path}";
            }

            bool isUnder = FilePlace.TryBelow(place.Path, mount.MountPoint) is { Length: > 0 } point && !IsPoint(point);
            if (isUnder)
            {
                return mount.Type == "nsfs" ? $"a namespace kept in {path}" : $"a {mount.Type} mounted in {path}";
            }

            bool isShown = place.IsShownBy(mount)
                || (place.Holds(mount) && !IsVolume(FilePlace.TryBelow(place.InFileSystem, mount.Root)!));
            if (isShown)
            {
                return $"it shows {Encoding.UTF8.GetString(mount.Root)}";
            }
        }

        return null;
    }

    /// <summary>A whole top folder may be a disk of its own, and so may a volume.</summary>
    private bool IsPoint(ReadOnlySpan<byte> below) =>
        Encoding.UTF8.GetString(below) is "blobs" or "layers" or "containers" or "volumes" or "tmp" || IsVolume(below);

    private bool IsVolume(ReadOnlySpan<byte> below) =>
        Encoding.UTF8.GetString(below).Split('/') is ["volumes", var name, "_data", ..] && _volumes.Contains(name);

    private static bool IsIn(FilePlace place, byte[] path) => FilePlace.TryBelow(place.Path, path) is not null;

    /// <summary>The directories that an overlay is made of, as its options show them.</summary>
    private static IEnumerable<byte[]> Layers(string options) => options.Split(',')
        .Select(static option => option.Split('=', 2))
        .Where(static pair => pair is ["lowerdir" or "lowerdir+" or "datadir+" or "upperdir" or "workdir", _])
        .SelectMany(static pair => pair[0] == "lowerdir" ? pair[1].Split(':') : [pair[1]])
        .Select(static path => MountTable.Unescape(Encoding.UTF8.GetBytes(path)));
}
