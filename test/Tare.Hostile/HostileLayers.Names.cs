// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>Names that try to leave, by every field that can hold a name.</summary>
public static partial class HostileLayers
{
    private const string Dots = "component '..'";

    private static IEnumerable<HostileLayer> Names(string canary)
    {
        string[] names =
        [
            "../x", "..", "a/../../canary/file", "./../canary/file", "/../canary/file", "a/..", "a/b/../c", "../../../../../../../../etc/x",
        ];
        foreach (string name in names)
        {
            yield return Refused($"name {name}", new RawTar().File(name), Dots);
            yield return Refused($"pax path {name}", new RawTar().Pax(("path", name)).File("f"), Dots);
            yield return Refused($"long name {name}", new RawTar().LongName(name).File("f"), Dots);
        }

        yield return Refused("prefix ..", new RawTar().Add(new RawHeader("canary/file").Text(345, 155, "..")), Dots);
        yield return Refused(
            "sparse name ..",
            new RawTar().Pax(("GNU.sparse.name", "../canary/file"), ("GNU.sparse.size", "1"), ("GNU.sparse.map", "0,1")).File("f"),
            Dots);
        foreach ((string kind, RawTar tar) in Kinds("../canary/new"))
        {
            yield return Refused($"{kind} named ../canary/new", tar, Dots);
        }

        foreach ((string kind, RawTar tar) in Kinds(canary + "/new"))
        {
            yield return kind == "hard link"
                ? Refused($"absolute {kind}", tar, "does not exist")
                : Harmless($"absolute {kind}", tar);
        }

        yield return Refused("component of 256 bytes", new RawTar().Pax(("path", new string('n', 256))).File("f"), "component");
        yield return Refused("path of 5000 bytes", new RawTar().LongName(Repeat("dir/", 1250) + "f").File("f"), "bytes, allowed");
        yield return Refused("100,000 deep", new RawTar().LongName(Repeat("d/", 100_000) + "f").File("f"), "bytes, allowed");
        yield return Refused("1,000 deep", new RawTar().LongName(Repeat("d/", 1000) + "f").File("f"), "deep");
        yield return Refused("empty name", new RawTar().File(""), "0 bytes");
        yield return Refused("NUL in pax path", new RawTar().Pax(("path", "a\0b")).File("f"), "NUL");
        yield return Refused("NUL in pax linkpath", new RawTar().Pax(("linkpath", "a\0b")).Symlink("s", "t"), "NUL");
        yield return Refused("long name of 2 MiB", new RawTar().LongName(new string('n', 2 << 20)).File("f"), "more than 1048576");
        yield return Harmless("NUL hides dots in a long name", new RawTar().LongName("ok\0/../../canary/file").File("f"));
        yield return Harmless("newlines and escapes", new RawTar().File("a\n\u001b[2Jb").Symlink("\n", "\n"));
        yield return Harmless("only slashes and dots around", new RawTar().File("//.//./f/.//"));
    }

    private static IEnumerable<(string Kind, RawTar Tar)> Kinds(string name)
    {
        yield return ("directory", new RawTar().Directory(name));
        yield return ("symlink", new RawTar().Symlink(name, "x"));
        yield return ("hard link", new RawTar().File("f").HardLink("g", name));
        yield return ("fifo", new RawTar().Fifo(name));
        yield return ("device", new RawTar().Device(name, '3', 1, 3));
        yield return ("whiteout", new RawTar().File(name.Replace("new", ".wh.file", StringComparison.Ordinal)));
        yield return ("opaque mark", new RawTar().File(name.Replace("new", ".wh..wh..opq", StringComparison.Ordinal)));
        yield return ("v7 directory", new RawTar().Add(new RawHeader(name + "/", '\0').V7()));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
