// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Build.Graph;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Hashes what a step takes: names, kinds, modes, owners, attributes, contents. Never times, nor where the tree is.</summary>
internal sealed class ContentDigest(InputTree tree, DefinitionWriter writer) : ISelectionVisitor
{
    private const int BufferBytes = 128 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);

    public void BeginSource(byte[] name, bool isFolder)
    {
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
        Common(folder.Path.Length == 0 ? [] : folder.Name, folder.Status);
        Attributes(folder);
    }

    public void LeaveFolder() => writer.Add("end");

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
        return true;
    }

    public void File(in SelectedEntry file)
    {
        FileStatus status = file.Status;
        writer.Add("file");
        writer.Add((long)status.Kind);
        Common(file.Name, status);
        bool hasAttributes = Attributes(file);
        switch (status.Kind)
        {
            case FileKind.Regular:
                writer.Add(Hash(file, hasAttributes).AsSpan());
                break;
            case FileKind.Symlink:
                writer.Add(file.Handle.ReadLink().AsSpan());
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

        writer.Add(tree.IsContext ? 0L : status.Uid);
        writer.Add(tree.IsContext ? 0L : status.Gid);
    }

    private bool Attributes(in SelectedEntry entry)
    {
        bool any = false;
        foreach ((byte[] name, byte[] value) in FileAttributes.Of(entry.Handle, tree.IsContext))
        {
            writer.Add(name.AsSpan());
            writer.Add(value.AsSpan());
            any = true;
        }

        return any;
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
