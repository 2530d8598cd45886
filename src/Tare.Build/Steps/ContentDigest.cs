// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Build.Cache;
using Tare.Build.Graph;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Hashes what a step takes: names, kinds, modes, owners, attributes, contents. Never times, nor where the tree is.</summary>
/// <param name="tree">where it is</param>
/// <param name="writer">gets all that counts</param>
/// <param name="facts">notes the files; null: nobody will ask</param>
/// <param name="source">that is looked at, as the instruction has it</param>
internal sealed class ContentDigest(InputTree tree, DefinitionWriter writer, FileFacts? facts = null, string source = "") : ISelectionVisitor
{
    private const uint HashBasis = 2166136261;
    private const uint HashPrime = 16777619;

    private const int BufferBytes = 128 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);

    public void BeginSource(byte[] name, bool isFolder)
    {
        facts?.Begin(source, name, isFolder);
        writer.Add("source");
        writer.Add(isFolder);
        if (!isFolder)
        {
            writer.Add(name.AsSpan());
        }
    }

    public void EnterFolder(in SelectedEntry folder)
    {
        writer.Add("folder");
        byte[] name = folder.Path.Length == 0 ? [] : folder.Name;
        Common(name, folder.Status);
        uint attributes = Attributes(folder);
        facts?.AddFolder(name, tree.ModeOf(folder.Status), OwnerOf(folder.Status), attributes);
    }

    public void LeaveFolder()
    {
        facts?.EndFolder();
        writer.Add("end");
    }

    public bool Knows(byte[] name, in FileStatus status)
    {
        if (tree.Digests?.Find(status) is not { HasAttributes: false } known)
        {
            return false;
        }

        writer.Add("file");
        writer.Add((long)status.Kind);
        Common(name, status);
        writer.Add(known.Digest.AsSpan());
        Note(name, status, known.Digest, 0);
        return true;
    }

    public void File(in SelectedEntry file)
    {
        FileStatus status = file.Status;
        writer.Add("file");
        writer.Add((long)status.Kind);
        Common(file.Name, status);
        uint attributes = Attributes(file);
        byte[]? content = status.Kind switch
        {
            FileKind.Regular => Hash(file, attributes != 0),
            FileKind.Symlink => file.Handle.ReadLink(),
            _ => null,
        };
        Note(file.Name, status, content, attributes);
        switch (status.Kind)
        {
            case FileKind.Regular or FileKind.Symlink:
                writer.Add(content.AsSpan());
                break;
            case FileKind.CharacterDevice or FileKind.BlockDevice:
                writer.Add(status.Device.Major);
                writer.Add(status.Device.Minor);
                break;
        }
    }

    private void Common(byte[] name, in FileStatus status)
    {
        writer.Add(name.AsSpan());
        if (!status.IsSymlink)
        {
            writer.Add(tree.ModeOf(status));
        }

        (uint uid, uint gid) = OwnerOf(status);
        writer.Add(uid);
        writer.Add(gid);
    }

    private void Note(byte[] name, in FileStatus status, byte[]? content, uint attributes) =>
        facts?.AddFile(name, status.Kind, status.IsSymlink ? 0 : tree.ModeOf(status), OwnerOf(status), content, attributes);

    private (uint Uid, uint Gid) OwnerOf(in FileStatus status) => tree.IsContext ? (0, 0) : (status.Uid, status.Gid);

    /// <summary>A hash of them, 0 when there are none.</summary>
    private uint Attributes(in SelectedEntry entry)
    {
        uint attributes = 0;
        foreach ((byte[] name, byte[] value) in FileAttributes.Of(entry.Handle, tree.IsContext))
        {
            writer.Add(name.AsSpan());
            writer.Add(value.AsSpan());
            attributes = Mixed(Mixed(attributes == 0 ? HashBasis : attributes, name), value);
        }

        return attributes;
    }

    private static uint Mixed(uint hash, byte[] bytes)
    {
        foreach (byte one in bytes)
        {
            hash = unchecked((hash ^ one) * HashPrime);
        }

        return hash;
    }

    private byte[] Hash(in SelectedEntry file, bool hasAttributes)
    {
        if (tree.Digests?.Find(file.Status) is { } known)
        {
            return known.Digest;
        }

        using Fd opened = file.OpenRead();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int read;
        while ((read = opened.Read(_buffer)) > 0)
        {
            hash.AppendData(_buffer.AsSpan(0, read));
        }

        byte[] digest = hash.GetHashAndReset();
        tree.Digests?.Add(file.Status, new KnownFile(digest, hasAttributes));
        return digest;
    }
}
