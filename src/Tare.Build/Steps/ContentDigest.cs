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
        Common(folder, null);
    }

    public void LeaveFolder()
    {
        facts?.EndFolder();
        writer.Add("end");
    }

    public void File(in SelectedEntry file)
    {
        FileStatus status = file.Status;
        writer.Add("file");
        writer.Add((long)status.Kind);
        byte[]? content = status.Kind switch
        {
            FileKind.Regular => Hash(file),
            FileKind.Symlink => file.Handle.ReadLink(),
            _ => null,
        };
        Common(file, content);
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

    private void Common(in SelectedEntry entry, byte[]? content)
    {
        writer.Add(entry.Path.Length == 0 ? [] : entry.Name.AsSpan());
        FileStatus status = entry.Status;
        uint mode = status.IsSymlink ? 0 : tree.ModeOf(status);
        if (!status.IsSymlink)
        {
            writer.Add(mode);
        }

        (uint uid, uint gid) = tree.IsContext ? (0, 0) : (status.Uid, status.Gid);
        writer.Add(uid);
        writer.Add(gid);
        uint attributes = 0;
        foreach ((byte[] name, byte[] value) in FileAttributes.Of(entry.Handle, tree.IsContext))
        {
            writer.Add(name.AsSpan());
            writer.Add(value.AsSpan());
            attributes = Mixed(Mixed(attributes == 0 ? HashBasis : attributes, name), value);
        }

        if (status.IsDirectory)
        {
            facts?.AddFolder(entry, mode, (uid, gid), attributes);
        }
        else
        {
            facts?.AddFile(entry, mode, (uid, gid), content, attributes);
        }
    }

    private static uint Mixed(uint hash, byte[] bytes)
    {
        foreach (byte one in bytes)
        {
            hash = unchecked((hash ^ one) * HashPrime);
        }

        return hash;
    }

    private byte[] Hash(in SelectedEntry file)
    {
        if (tree.Digests?.Find(file.Status) is { } known)
        {
            return known;
        }

        using Fd opened = file.OpenRead();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int read;
        while ((read = opened.Read(_buffer)) > 0)
        {
            hash.AppendData(_buffer.AsSpan(0, read));
        }

        byte[] digest = hash.GetHashAndReset();
        tree.Digests?.Add(file.Status, digest);
        return digest;
    }
}
