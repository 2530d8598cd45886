// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>Symbolic links on the way, hard links to what is outside, entries that change what a name is.</summary>
public static partial class HostileLayers
{
    private const string Out = "leads out of the layer";
    private const string Nothing = "does not exist";

    private static IEnumerable<HostileLayer> Links(string canary)
    {
        (string Target, string Error)[] targets =
        [
            ("../canary", Out), ("../../../../../../../../.." + canary, Out), ("..", Out), ("./.././canary", Out),
            (canary, Nothing), (canary + "/dir/..", Nothing),
        ];
        foreach ((string target, string error) in targets)
        {
            foreach ((string kind, Func<RawTar, RawTar> add) in Through("l"))
            {
                yield return Refused($"{kind} through link to {target}", add(new RawTar().Symlink("l", target)), error);
            }
        }

        yield return Refused("chain of links", new RawTar().Symlink("a", "b").Symlink("b", "c").Symlink("c", "../canary").File("a/file"), Out);
        yield return Refused("chain through directories", new RawTar().Directory("d").Symlink("d/l", "../../canary").File("d/l/file"), Out);
        yield return Refused("link back through itself", new RawTar().Directory("d").Symlink("d/l", "..").Symlink("m", "d/l/../canary").File("m/file"), Out);
        yield return Refused("link to itself", new RawTar().Symlink("a", "a").File("a/f"), "symbolic links");
        yield return Refused("links in a ring", new RawTar().Symlink("a", "b/x").Symlink("b", "a/x").File("a/f"), "symbolic links");
        yield return Refused("link to a file on the way", new RawTar().File("f").Symlink("l", "f").File("l/x"), "not a directory");
        yield return Refused("file on the way", new RawTar().File("f").File("f/x"), "not a directory");
        yield return Refused("fifo on the way", new RawTar().Fifo("f").File("f/x"), "not a directory");
        yield return Refused("link with pax linkpath out", new RawTar().Pax(("linkpath", "../canary")).Symlink("l", "d").File("l/file"), Out);
        yield return Refused("link with long linkname out", new RawTar().LongName("../canary", 'K').Symlink("l", "d").File("l/file"), Out);
        yield return Refused("link without target", new RawTar().Symlink("l", ""), "entry 'l'");
        yield return Refused("link of 5000 bytes", new RawTar().LongName(new string('t', 5000), 'K').Symlink("l", "x"), "entry 'l'");
        yield return Harmless("link to the root", new RawTar().Symlink("l", "/").File("l/file"));
        yield return Harmless("link out, replaced by a file", new RawTar().Symlink("l", canary + "/file").File("l", "overwritten"));
        yield return Harmless("link out, replaced by a directory", new RawTar().Symlink("l", "../canary").Directory("l/").File("l/file"));
        yield return Harmless("link out and nothing more", new RawTar().Symlink("l", "../../../../etc/passwd"));
        yield return Harmless("link out, mode and owner", new RawTar().Add(new RawHeader("l", '2') { Link = canary + "/file", Mode = 0xFFF, Uid = 77 }));
        yield return Harmless(
            "link out with an attribute", new RawTar().Pax(("SCHILY.xattr.trusted.x", "1")).Symlink("l", canary + "/file"));
    }

    private static IEnumerable<(string Kind, Func<RawTar, RawTar> Add)> Through(string link)
    {
        yield return ("file", t => t.File(link + "/file", "overwritten"));
        yield return ("directory", t => t.Directory(link + "/dir/"));
        yield return ("symlink", t => t.Symlink(link + "/file", "x"));
        yield return ("hard link from", t => t.HardLink("h", link + "/file"));
        yield return ("hard link to", t => t.File("f").HardLink(link + "/file", "f"));
        yield return ("fifo", t => t.Fifo(link + "/file"));
        yield return ("whiteout", t => t.File(link + "/.wh.file"));
        yield return ("opaque mark", t => t.File(link + "/.wh..wh..opq"));
    }

    private static IEnumerable<HostileLayer> HardLinks(string canary)
    {
        const string NoFile = "which is no file";
        yield return Refused("hard link to ..", new RawTar().HardLink("h", "../canary/file"), Dots);
        yield return Refused("hard link to .. by pax", new RawTar().Pax(("linkpath", "../canary/file")).HardLink("h", "f"), Dots);
        yield return Refused("hard link to .. by long name", new RawTar().LongName("../canary/file", 'K').HardLink("h", "f"), Dots);
        yield return Refused("hard link to the host", new RawTar().HardLink("h", canary + "/file"), Nothing);
        yield return Refused("hard link to passwd", new RawTar().Directory("etc").HardLink("h", "/etc/passwd"), NoFile);
        yield return Refused("hard link, then written", new RawTar().HardLink("h", "../canary/file").File("h", "overwritten"), Dots);
        yield return Refused("hard link to nothing", new RawTar().HardLink("h", "nothing"), NoFile);
        yield return Refused("hard link to a later file", new RawTar().HardLink("h", "f").File("f"), NoFile);
        yield return Refused("hard link to itself", new RawTar().HardLink("h", "h"), NoFile);
        yield return Refused("hard link to a directory", new RawTar().Directory("d").HardLink("h", "d"), NoFile);
        yield return Refused("hard link to the root", new RawTar().HardLink("h", "."), "root");
        yield return Refused("hard link to /", new RawTar().HardLink("h", "/"), "root");
        yield return Refused("hard link without target", new RawTar().HardLink("h", ""), "0 bytes");
        yield return Refused("hard link to a whiteout", new RawTar().File(".wh.f").HardLink("h", "f"), NoFile);
        yield return Refused("hard link to a whiteout's name", new RawTar().File(".wh.f").HardLink("h", ".wh.f"), NoFile);
        yield return Refused("hard link over its own directory", new RawTar().File("d/f").HardLink("d", "d/f"), "entry 'd'");
        yield return Refused("hard link below a file", new RawTar().File("f").HardLink("f/h", "f"), "not a directory");
        yield return Refused(
            "hard link to a link out, then through it",
            new RawTar().Symlink("s", "../canary").HardLink("h", "s").File("h/file", "overwritten"),
            Out);
        yield return Harmless(
            "hard link to a link out, then written",
            new RawTar().Symlink("s", canary + "/file").HardLink("h", "s").File("h", "overwritten"));
        yield return Harmless("hard link with data", new RawTar().File("f").Add(new RawHeader("h", '1', 100) { Link = "f" }));
        yield return Harmless(
            "hard link to a set-uid file with another owner",
            new RawTar().Add(new RawHeader("f") { Mode = 0x9ED }).Add(new RawHeader("h", '1') { Link = "f", Uid = 9, Mode = 0x1FF }));
    }

    private static IEnumerable<HostileLayer> Replacements(string canary)
    {
        (string Kind, Func<RawTar, RawTar> Add)[] first =
        [
            ("directory", t => t.Directory("n")), ("full directory", t => t.File("n/a/b/c")), ("file", t => t.File("n")),
            ("fifo", t => t.Fifo("n")), ("whiteout", t => t.File(".wh.n")), ("hard link", t => t.File("o").HardLink("n", "o")),
        ];
        foreach ((string kind, Func<RawTar, RawTar> add) in first)
        {
            yield return Refused($"{kind} becomes link out, then file", add(new RawTar()).Symlink("n", "../canary").File("n/file"), Out);
            yield return Refused($"{kind} becomes link to the host, then file", add(new RawTar()).Symlink("n", canary).File("n/file"), Nothing);
            RawTar tar = add(new RawTar().Symlink("n", "../canary"));
            yield return kind == "full directory" ? Refused("file far through link out", tar, Out) : Harmless($"link out becomes {kind}", tar);
        }

        yield return Refused(
            "directory in use becomes link out",
            new RawTar().File("n/a/f").Symlink("n", "../canary").File("n/dir/f").File("n/a/g"),
            Out);
    }
}
