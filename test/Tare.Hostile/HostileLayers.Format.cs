// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace Tare.Hostile;

/// <summary>Broken headers, lying numbers, records and maps, archives cut short.</summary>
public static partial class HostileLayers
{
    private static IEnumerable<HostileLayer> Headers()
    {
        yield return Refused("wrong checksum", new RawTar().Add(Sealed(new RawHeader("f"), h => h.Block[0] ^= 1)), "checksum");
        yield return Refused("no checksum", new RawTar().Add(Sealed(new RawHeader("f"), h => h.Block.AsSpan(148, 8).Clear())), "checksum");
        yield return Refused("size in letters", new RawTar().Add(new RawHeader("f").Text(124, 12, "12z")), "size");
        yield return Refused("size with a sign", new RawTar().Add(new RawHeader("f").Text(124, 12, "-1")), "size");
        yield return Refused("negative size", new RawTar().Add(new RawHeader("f").Binary(124, 12, -1)), "size");
        yield return Refused("size of 2^63", new RawTar().Add(new RawHeader("f").Binary(124, 12, (Int128)1 << 63)), "size");
        yield return Refused("size of 2^62", new RawTar().Add(new RawHeader("f").Binary(124, 12, (Int128)1 << 62)), "passes the archive's");
        yield return Refused("size of 2^63-1", new RawTar().Add(new RawHeader("f").Binary(124, 12, long.MaxValue)), "passes the archive's");
        yield return Refused("mode in letters", new RawTar().Add(new RawHeader("f").Text(100, 8, "rwx")), "mode");
        yield return Refused("negative uid", new RawTar().Add(new RawHeader("f").Binary(108, 8, -1)), "uid");
        yield return Refused("uid that means leave alone", new RawTar().Add(new RawHeader("f").Binary(108, 8, uint.MaxValue)), "uid");
        yield return Refused("gid that wraps to root", new RawTar().Add(new RawHeader("f").Binary(116, 8, 1L << 32)), "gid");
        yield return Refused("time in letters", new RawTar().Add(new RawHeader("f").Text(136, 12, "now")), "mtime");
        foreach (char type in "8AVMDNX\u0080S")
        {
            yield return Refused($"type flag {(int)type:x2}", new RawTar().Add(new RawHeader("f", type)), "type flag");
        }

        yield return new HostileLayer("zero block in the middle", [.. new byte[512], .. new RawTar().File("f").End()], "behind its end");
        yield return new HostileLayer("second archive behind the first", [.. new RawTar().File("f").End(), .. new RawTar().File("../x").End()], "behind its end");
        yield return new HostileLayer("noise", Noise(4096), "checksum");
        yield return new HostileLayer("a compressed archive", Gzip(Noise(4096)), "checksum");
        yield return new HostileLayer("text", RawTar.Latin(Repeat("not a tar archive\n", 100)), "checksum");
    }

    private static IEnumerable<HostileLayer> Truncations()
    {
        byte[] whole = new RawTar().Pax(("path", "long")).File("f", new string('x', 700)).LongName("next").File("g").Cut();
        (string Where, int Length)[] cuts =
        [
            ("header", 100), ("pax header", 515), ("padding of a pax header", 600), ("second header", 1400), ("data", 1600),
            ("last byte of data", 2235), ("padding", 2300), ("long name", 3074), ("long name's entry", 3584), ("last padding", whole.Length - 1),
        ];
        foreach ((string where, int length) in cuts)
        {
            yield return new HostileLayer($"cut in {where}", whole[..length], "tar ends");
        }

        yield return new HostileLayer("data announced, none there", new RawTar().Add(new RawHeader("f", '0', 1 << 20)).Cut(), "tar ends");
        yield return Refused("pax header without its entry", new RawTar().File("f").Pax(("path", "x")), "without its entry");
        yield return Refused("long name without its entry", new RawTar().LongName("x"), "without its entry");
        yield return Refused("long link without its entry", new RawTar().LongName("x", 'K'), "without its entry");
    }

    private static IEnumerable<HostileLayer> PaxRecords()
    {
        foreach (string body in new[]
        {
            "x", "0 a=b\n", "5 a=b\n", "7 a=b\n", "-6 a=b\n", "+6 a=b\n", " 6 a=b\n", "6\ta=b\n", "99999999999999999999 a=b\n",
            "6 a=bx", "6 ab-\n", "6 =ab\n", "3 \n", "4 =\n", "6 a=b\n\0\0",
        })
        {
            yield return Refused($"pax body {body.Replace("\n", "\\n", StringComparison.Ordinal)}", new RawTar().PaxBody(body).File("f"), "pax record");
        }

        (string Key, string Value, string Error)[] records =
        [
            ("size", "-1", "size"), ("size", "1e3", "size"), ("size", "9223372036854775808", "size"), ("size", "9223372036854775807", "passes"),
            ("size", "0x10", "size"), ("size", " 1", "size"), ("uid", "-1", "uid"), ("uid", "4294967295", "uid"), ("uid", "4294967296", "uid"),
            ("gid", "root", "gid"), ("gid", "\u0661", "gid"), ("mtime", "now", "mtime"), ("mtime", "1.2.3", "mtime"), ("mtime", "-", "mtime"),
            ("atime", "99999999999999999999", "atime"), ("path", "../x", Dots), ("path", "/../x", Dots),
        ];
        foreach ((string key, string value, string error) in records)
        {
            yield return Refused($"pax {key}={value}", new RawTar().Pax((key, value)).File("f"), error);
        }

        yield return Refused("pax size hides an entry", new RawTar().Pax(("size", "600")).File("f").File("hidden").File("../x"), "checksum");
        yield return Refused("two pax paths, the last one out", new RawTar().Pax(("path", "ok"), ("path", "../x")).File("f"), Dots);
        yield return Refused("two pax headers, the last one out", new RawTar().Pax(("path", "ok")).Pax(("path", "../x")).File("f"), Dots);
        yield return Refused("pax header of 2 MiB", new RawTar().Pax(("comment", new string('c', 2 << 20))).File("f"), "more than 1048576");
        yield return Refused("pax header of 4 GiB announced", new RawTar().Add(new RawHeader("x", 'x', 4L << 30)), "more than 1048576");
        yield return Refused("pax headers without end", Many(3000, t => t.Pax(("comment", "c"))).File("f"), "longer than 1048576");
        yield return Refused("long names without end", Many(3000, t => t.LongName("n")).File("f"), "longer than 1048576");
        yield return Refused("negative size of a pax header", new RawTar().Add(new RawHeader("x", 'x').Binary(124, 12, -1)), "pax header");
    }

    private static IEnumerable<HostileLayer> Globals()
    {
        foreach (string key in new[] { "path", "linkpath", "size", "GNU.sparse.name", "GNU.sparse.map" })
        {
            yield return Refused($"global {key}", new RawTar().Global((key, "1,1")).File("f"), key);
        }

        yield return Refused("global path out", new RawTar().Global(("path", "../canary/file")).File("f"), "global");
        yield return Refused("global headers without end", Many(40, t => t.Global(("comment", new string('c', 60_000))).File("f")), "global pax headers");
        yield return Refused("global uid out of range", new RawTar().Global(("uid", "4294967295")).File("f"), "uid");
    }

    private static IEnumerable<HostileLayer> Sparse()
    {
        (string Map, string Size, string Error)[] maps =
        [
            ("0,10,5,10", "100", "overlaps"), ("50,5,0,5", "100", "overlaps"), ("0,10,0,10", "100", "overlaps"), ("95,10", "100", "ends at"),
            ("0,-1", "100", "sparse map"), ("-5,1", "100", "sparse map"), ("0", "100", "sparse map"), ("0,1,", "100", "sparse map"),
            ("a,b", "100", "sparse map"), ("0,9223372036854775807,9223372036854775807,1", "100", "sparse map"), (",", "100", "sparse map"),
            ("0,50", "100", "stores"), ("0,1", "100", "stores"), ("0,10", "4611686018427387904", "more than"), ("0,10", "-1", "GNU.sparse.size"),
        ];
        foreach ((string map, string size, string error) in maps)
        {
            yield return Refused(
                $"sparse {map} of {size}", new RawTar().Pax(("GNU.sparse.size", size), ("GNU.sparse.map", map)).File("f", "0123456789"), error);
        }

        yield return Refused("sparse without size", new RawTar().Pax(("GNU.sparse.map", "0,1")).File("f"), "size");
        yield return Refused("sparse 9.9", new RawTar().Pax(("GNU.sparse.major", "9"), ("GNU.sparse.minor", "9"), ("GNU.sparse.size", "1")).File("f"), "sparse format");
        yield return Refused("sparse offset without length", new RawTar().Pax(("GNU.sparse.size", "1"), ("GNU.sparse.offset", "0")).File("f"), "sparse");
        yield return Refused("sparse length without offset", new RawTar().Pax(("GNU.sparse.size", "1"), ("GNU.sparse.numbytes", "1")).File("f"), "sparse");
        yield return Refused("two sparse offsets", new RawTar().Pax(("GNU.sparse.offset", "0"), ("GNU.sparse.offset", "1")).File("f"), "sparse");
        foreach ((string body, string error) in new[]
        {
            ("1000000000\n", "more than"), ("3\n0\n1\n", "not lines"), ("x\n", "not lines"), ("-1\n", "not lines"), ("", "not lines"),
            ("1\n0\n", "not lines"), ("99999999999999999999\n", "not lines"), ("1\n0\n60\n", "stores"), ("1\n0\n600\n", "ends at"), ("2\n5\n1\n0\n1\n", "overlaps"),
        })
        {
            yield return Refused($"sparse 1.0 map {body.Replace('\n', ' ')}", Sparse10().File("f", body.PadRight(body.Length == 0 ? 0 : 512, '\0')), error);
        }

        yield return Refused(
            "200,000 sparse pieces", Many(200, t => t).Pax(("GNU.sparse.size", "9999999"), ("GNU.sparse.map", Repeat("0,0,", 200_000) + "0,0")).File("f", ""), "131072");
        yield return Refused("old sparse beyond its size", Old(h => h.Octal(483, 12, 5).Octal(386, 12, 4).Octal(398, 12, 10)), "ends at");
        yield return Refused("old sparse negative", Old(h => h.Octal(483, 12, 50).Binary(386, 12, -4).Octal(398, 12, 10)), "sparse offset");
        yield return Refused("old sparse overlap", Old(h => h.Octal(483, 12, 50).Octal(386, 12, 9).Octal(398, 12, 5).Octal(410, 12, 0).Octal(422, 12, 5)), "overlaps");
        yield return Refused("old sparse of 2^60", Old(h => h.Binary(483, 12, (Int128)1 << 60).Octal(386, 12, 0).Octal(398, 12, 10)), "more than");
        yield return Refused("old sparse with an empty extension", Old(h => h.Octal(483, 12, 50).Block[482] = 1).Bytes(new byte[512]), "empty extension");
        yield return Harmless("sparse records on a directory", new RawTar().Pax(("GNU.sparse.size", "5"), ("GNU.sparse.map", "0,5")).Directory("d"));
    }

    private static RawTar Sparse10() => new RawTar().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "100"));

    private static RawTar Old(Action<RawHeader> change)
    {
        RawHeader header = new RawHeader("f", 'S', 10).Gnu();
        change(header);
        bool extended = header.Block[482] != 0;
        return extended ? new RawTar().Bytes(header.Sealed()) : new RawTar().Add(header, new byte[10]);
    }

    private static RawHeader Sealed(RawHeader header, Action<RawHeader> damage)
    {
        header.Sealed();
        damage(header);
        header.KeepChecksum = true;
        return header;
    }

    private static RawTar Many(int count, Func<RawTar, RawTar> add)
    {
        RawTar tar = new();
        for (int i = 0; i < count; i++)
        {
            tar = add(tar);
        }

        return tar;
    }

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(7).NextBytes(noise);
        return noise;
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
