// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>Walks a file system for packages of languages: <c>node_modules</c>, <c>*.dist-info</c>, <c>*.egg-info</c>,
/// <c>*.deps.json</c>. Links are not followed; the order is that of the folders.</summary>
internal sealed class LanguageSearch
{
    /// <summary>Folders of one image that are looked at.</summary>
    public const int MaxFolders = 1 << 18;

    private const int MaxDepth = 64;
    private const int MaxBytes = 1 << 20;

    private readonly List<Package> _found = [];
    private int _folders;

    private LanguageSearch()
    {
    }

    /// <exception cref="TareException">ResourceExhausted: more folders or packages than anybody has</exception>
    public static IReadOnlyList<Package> Run(Root root)
    {
        var search = new LanguageSearch();
        using Fd top = root.Fd.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        search.Visit(top, [], [], 0);
        return search._found;
    }

    /// <param name="folder">open for reading; lent</param>
    /// <param name="name">of it</param>
    /// <param name="above">the name of the folder it is in; of a scope of npm's the one above that</param>
    /// <param name="depth">of it</param>
    private void Visit(Fd folder, byte[] name, byte[] above, int depth)
    {
        Require(++_folders <= MaxFolders && _found.Count <= PackageDatabase.MaxPackages);
        List<byte[]> folders = [];
        foreach (Entry entry in folder.Entries())
        {
            if (entry.Kind == FileKind.Directory || (entry.Kind == FileKind.Unknown && folder.Status(entry.Name).IsDirectory))
            {
                folders.Add(entry.Name.ToArray());
            }
            else
            {
                Look(folder, name, above, entry.Name);
            }

            Require(folders.Count <= MaxFolders);
        }

        byte[] passed = name is [(byte)'@', ..] && IsNodeModules(above) ? above : name;
        foreach (byte[] child in depth == MaxDepth ? [] : folders)
        {
            using Fd inner = folder.Open(child, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            Visit(inner, child, passed, depth + 1);
        }
    }

    private static void Require(bool isBounded)
    {
        if (!isBounded)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"sbom: more than {MaxFolders} folders or {PackageDatabase.MaxPackages} packages", "leave --sbom out");
        }
    }

    private void Look(Fd folder, byte[] name, byte[] above, ReadOnlySpan<byte> file)
    {
        if (file.SequenceEqual("package.json"u8) && IsNodeModules(above))
        {
            Add(LanguagePackage.Node(Read(folder, file)));
        }
        else if ((file.SequenceEqual("METADATA"u8) && name.AsSpan().EndsWith(".dist-info"u8))
            || (file.SequenceEqual("PKG-INFO"u8) && name.AsSpan().EndsWith(".egg-info"u8))
            || file.EndsWith(".egg-info"u8))
        {
            Add(LanguagePackage.Python(Read(folder, file)));
        }
        else if (file.EndsWith(".deps.json"u8))
        {
            _found.AddRange(LanguagePackage.DotNet(Read(folder, file)));
        }
    }

    private void Add(Package? package)
    {
        if (package is not null)
        {
            _found.Add(package);
        }
    }

    private static bool IsNodeModules(byte[] name) => name.AsSpan().SequenceEqual("node_modules"u8);

    /// <summary>Empty for what is no regular file, or a large one.</summary>
    private static byte[] Read(Fd folder, ReadOnlySpan<byte> name)
    {
        if (folder.Status(name) is not { IsRegular: true, Size: <= MaxBytes })
        {
            return [];
        }

        using Fd file = folder.Open(name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        return file.ReadAll(MaxBytes);
    }
}
