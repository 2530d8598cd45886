// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Build.Cache;

/// <summary>The stored form of <see cref="StepInputs"/>: sorted paths share their beginnings, so that a file takes some 30 bytes.</summary>
internal static class StepInputsCodec
{
    /// <summary>Bytes of one record's inputs; of more, files are left out.</summary>
    public const int MaxBytes = 1 << 20;

    private const byte Version = 1;
    private const int MaxFacts = 1 << 16;
    private const int KindShift = 12;
    private const int Summary = 0x80;

    public static byte[] Write(StepInputs inputs)
    {
        byte[] all = Encode(inputs);
        byte[] few = all.Length <= MaxBytes ? all : Encode(inputs with { Files = [] });
        return few.Length <= MaxBytes ? few : Encode(inputs with { Facts = [], Files = [] });
    }

    /// <summary>Null: another version wrote it, or it is damaged.</summary>
    public static StepInputs? TryRead(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            return bytes.Length > MaxBytes || reader.ReadByte() != Version ? null : Decode(reader);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Encode(StepInputs inputs)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(inputs.Kind);
        writer.Write(inputs.Origin);
        writer.Write7BitEncodedInt(inputs.Facts.Count);
        foreach (InputFact fact in inputs.Facts)
        {
            writer.Write(fact.Name);
            writer.Write(fact.Value);
        }

        writer.Write7BitEncodedInt(inputs.Files.Count);
        string before = "";
        foreach (FileFact file in inputs.Files)
        {
            Write(writer, file, before);
            before = file.Path;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static void Write(BinaryWriter writer, in FileFact file, string before)
    {
        int shared = before.AsSpan().CommonPrefixLength(file.Path);
        writer.Write7BitEncodedInt(shared);
        writer.Write(file.Path[shared..]);
        writer.Write((byte)(((int)file.Kind >> KindShift) | (file.IsSummary ? Summary : 0)));
        writer.Write7BitEncodedInt((int)file.Mode);
        writer.Write7BitEncodedInt64(file.Uid);
        writer.Write7BitEncodedInt64(file.Gid);
        writer.Write(file.Content);
        writer.Write7BitEncodedInt64(file.Attributes);
    }

    private static StepInputs? Decode(BinaryReader reader)
    {
        string kind = reader.ReadString();
        string origin = reader.ReadString();
        int facts = reader.Read7BitEncodedInt();
        if (facts is < 0 or > MaxFacts)
        {
            return null;
        }

        List<InputFact> known = [];
        for (int i = 0; i < facts; i++)
        {
            known.Add(new InputFact(reader.ReadString(), reader.ReadString()));
        }

        int files = reader.Read7BitEncodedInt();
        if (files is < 0 or > FileFacts.MaxFiles)
        {
            return null;
        }

        List<FileFact> seen = [];
        string before = "";
        for (int i = 0; i < files; i++)
        {
            FileFact file = ReadFile(reader, before);
            seen.Add(file);
            before = file.Path;
        }

        return new StepInputs(kind, known, seen) { Origin = origin };
    }

    private static FileFact ReadFile(BinaryReader reader, string before)
    {
        string path = before[..reader.Read7BitEncodedInt()] + reader.ReadString();
        byte kind = reader.ReadByte();
        return new FileFact(
            path, (FileKind)((kind & ~Summary) << KindShift), (uint)reader.Read7BitEncodedInt(), (uint)reader.Read7BitEncodedInt64(),
            (uint)reader.Read7BitEncodedInt64(), reader.ReadUInt64(), (uint)reader.Read7BitEncodedInt64())
        {
            IsSummary = (kind & Summary) != 0,
        };
    }
}
