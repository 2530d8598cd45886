// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Build.Cache;

/// <summary>Notes the files that go into a key while the key is computed.</summary>
/// <remarks>Most keys are found and nobody asks further, so what is noted are a few bytes without any object: names, numbers,
/// the beginnings of digests that are there anyway. Paths are made of them when somebody asks.</remarks>
internal sealed class FileFacts
{
    /// <summary>Files that are told apart; of more, folders count as a whole.</summary>
    public const int MaxFiles = 8192;

    private const int ChunkBytes = 64 << 10;

    /// <summary>Bytes of a note without its name.</summary>
    private const int NoteBytes = 32;

    private const byte Source = 0, Enter = 1, Leave = 2, File = 3;
    private const ulong HashBasis = 14695981039346656037, HashPrime = 1099511628211;

    private readonly List<(byte[] Bytes, int Length)> _chunks = [];
    private byte[] _chunk = [];
    private int _length;

    /// <summary>What follows is taken from here.</summary>
    /// <param name="source">as the instruction has it</param>
    /// <param name="name">of what was found there; empty for the root</param>
    /// <param name="isFolder">then paths are relative to it</param>
    public void Begin(string source, byte[] name, bool isFolder)
    {
        string path = source.Trim('/');
        string parent = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        string folder = isFolder && name.Length > 0 ? Join(parent, Encoding.UTF8.GetString(name)) : isFolder ? path : parent;
        Note(Source, 0, 0, (0, 0), 0, 0, Encoding.UTF8.GetBytes(folder is "." ? "" : folder));
    }

    /// <param name="name">its own; empty for a folder that is the source itself</param>
    /// <param name="mode">as it counts</param>
    /// <param name="owner">as it counts</param>
    /// <param name="attributes">a hash of its extended attributes; 0: it has none</param>
    public void AddFolder(byte[] name, uint mode, (uint Uid, uint Gid) owner, uint attributes) =>
        Note(Enter, FileKind.Directory, mode, owner, 0, attributes, name);

    public void EndFolder() => Note(Leave, 0, 0, (0, 0), 0, 0, []);

    /// <param name="name">its own</param>
    /// <param name="kind">of it</param>
    /// <param name="mode">as it counts; 0 for a link</param>
    /// <param name="owner">as it counts</param>
    /// <param name="content">the digest of a file, the target of a link, or null</param>
    /// <param name="attributes">a hash of its extended attributes; 0: it has none</param>
    public void AddFile(byte[] name, FileKind kind, uint mode, (uint Uid, uint Gid) owner, byte[]? content, uint attributes)
    {
        ulong mark = content is null ? 0 : kind == FileKind.Regular ? BinaryPrimitives.ReadUInt64LittleEndian(content) : Hash(content);
        Note(File, kind, mode, owner, mark, attributes, name);
    }

    /// <summary>All of them, sorted by path, at most <see cref="MaxFiles"/>.</summary>
    public IReadOnlyList<FileFact> Sorted()
    {
        List<FileFact> all = Read();
        all.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        for (int depth = all.Count == 0 ? 0 : all.Max(static one => Depth(one.Path)); all.Count > MaxFiles && depth >= 0; depth--)
        {
            all = Folded(all, depth);
        }

        return all;
    }

    private void Note(byte what, FileKind kind, uint mode, (uint Uid, uint Gid) owner, ulong content, uint attributes, byte[] name)
    {
        if (_chunk.Length - _length < NoteBytes + name.Length)
        {
            _chunks.Add((_chunk, _length));
            _chunk = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, NoteBytes + name.Length));
            _length = 0;
        }

        Span<byte> to = _chunk.AsSpan(_length);
        to[0] = what;
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)kind);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], mode);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], owner.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], owner.Gid);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], attributes);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], name.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[24..], content);
        name.CopyTo(to[NoteBytes..]);
        _length += NoteBytes + name.Length;
    }

    private List<FileFact> Read()
    {
        List<FileFact> all = [];
        Stack<string> folders = new();
        foreach ((byte[] bytes, int length) in (IEnumerable<(byte[], int)>)[.. _chunks, (_chunk, _length)])
        {
            for (ReadOnlySpan<byte> rest = bytes.AsSpan(0, length); !rest.IsEmpty;)
            {
                int name = BinaryPrimitives.ReadInt32LittleEndian(rest[20..]);
                Read(rest, Encoding.UTF8.GetString(rest.Slice(NoteBytes, name)), folders, all);
                rest = rest[(NoteBytes + name)..];
            }
        }

        return all;
    }

    private static void Read(ReadOnlySpan<byte> note, string name, Stack<string> folders, List<FileFact> all)
    {
        switch (note[0])
        {
            case Source:
                folders.Clear();
                folders.Push(name);
                return;
            case Leave:
                folders.Pop();
                return;
        }

        string path = name.Length == 0 ? folders.Peek() : Join(folders.Peek(), name);
        all.Add(new FileFact(
            path, (FileKind)BinaryPrimitives.ReadUInt16LittleEndian(note[2..]), BinaryPrimitives.ReadUInt32LittleEndian(note[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(note[8..]), BinaryPrimitives.ReadUInt32LittleEndian(note[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(note[24..]), BinaryPrimitives.ReadUInt32LittleEndian(note[16..])));
        if (note[0] == Enter)
        {
            folders.Push(path);
        }
    }

    private static ulong Hash(byte[] bytes)
    {
        ulong hash = HashBasis;
        foreach (byte one in bytes)
        {
            hash = unchecked((hash ^ one) * HashPrime);
        }

        return hash;
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static int Depth(string path) => path.Count(static c => c == '/');

    /// <summary>Folders of this depth for all that is deeper.</summary>
    private static List<FileFact> Folded(List<FileFact> all, int depth)
    {
        List<FileFact> folded = [];
        foreach (IGrouping<string, FileFact> group in all.GroupBy(one => Cut(one.Path, depth), StringComparer.Ordinal))
        {
            FileFact[] members = [.. group];
            folded.Add(members is [var alone] && alone.Path == group.Key ? alone : Summary(group.Key, members));
        }

        return folded;
    }

    private static string Cut(string path, int depth)
    {
        int end = -1;
        for (int i = 0; i < depth; i++)
        {
            int slash = path.IndexOf('/', end + 1);
            if (slash < 0)
            {
                return path;
            }

            end = slash;
        }

        return depth == 0 ? "" : path[..end];
    }

    private static FileFact Summary(string path, FileFact[] members)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[32];
        foreach (FileFact one in members)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(one.Path));
            BinaryPrimitives.WriteUInt64LittleEndian(numbers, one.Content);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[8..], (uint)one.Kind);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[12..], one.Mode);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[16..], one.Uid);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[20..], one.Gid);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[24..], one.Attributes);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[28..], one.IsSummary ? 1u : 0);
            hash.AppendData(numbers);
        }

        ulong content = BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
        return new FileFact(path, FileKind.Directory, 0, 0, 0, content, 0) { IsSummary = true };
    }
}
