// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Tare.Linux.Files;

namespace Tare.Build.Cache;

/// <summary>Notes the files that go into a key while the key is computed.</summary>
/// <remarks>While the key is computed only references are kept, as most keys are found and nobody asks further.</remarks>
internal sealed class FileFacts
{
    /// <summary>Files that are told apart; of more, folders count as a whole.</summary>
    public const int MaxFiles = 8192;

    private readonly List<Noted> _noted = [];
    private string _prefix = "";

    /// <summary>What follows is taken from here.</summary>
    /// <param name="source">as the instruction has it</param>
    /// <param name="name">of what was found there; empty for the root</param>
    /// <param name="isFolder">then paths are relative to it</param>
    public void Begin(string source, string name, bool isFolder)
    {
        string path = source.Trim('/');
        string parent = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        string folder = isFolder && name.Length > 0 ? Join(parent, name) : isFolder ? path : parent;
        _prefix = folder is "." or "" ? "" : folder + "/";
    }

    public void Add(string path, FileKind kind, uint mode, (uint Uid, uint Gid) owner, byte[]? content, uint attributes) =>
        _noted.Add(new Noted(_prefix, path, kind, mode, owner, content, attributes));

    /// <summary>All of them, sorted by path, at most <see cref="MaxFiles"/>.</summary>
    public IReadOnlyList<FileFact> Sorted()
    {
        List<FileFact> all = [.. _noted.Select(static one => one.ToFact())];
        all.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        for (int depth = all.Count == 0 ? 0 : all.Max(static one => Depth(one.Path)); all.Count > MaxFiles && depth >= 0; depth--)
        {
            all = Folded(all, depth);
        }

        return all;
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
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(one.Path));
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

    /// <summary>A file as it was shown; nothing is copied.</summary>
    private readonly record struct Noted(
        string Prefix, string Path, FileKind Kind, uint Mode, (uint Uid, uint Gid) Owner, byte[]? Content, uint Attributes)
    {
        public FileFact ToFact() => new(
            (Prefix + Path).TrimEnd('/'), Kind, Mode, Owner.Uid, Owner.Gid,
            Content is null ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Content)), Attributes);
    }
}
