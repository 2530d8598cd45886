// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>Devices, whiteouts, the root itself, extended attributes.</summary>
public static partial class HostileLayers
{
    private static IEnumerable<HostileLayer> Devices()
    {
        yield return Refused("character device 0:0", new RawTar().Device("d", '3', 0, 0), "overlayfs");
        yield return Refused("major of 13 bits", new RawTar().Device("d", '4', 4096, 0), "device number");
        yield return Refused("minor of 21 bits", new RawTar().Device("d", '4', 1, 1 << 20), "device number");
        yield return Refused("pax major", new RawTar().Pax(("SCHILY.devmajor", "4294967297")).Device("d", '3', 1, 3), "device number");
        yield return Refused("pax major that wraps", new RawTar().Pax(("SCHILY.devmajor", "18446744073709551617")).Device("d", '3', 1, 3), "not a number");
        yield return Refused("negative minor", new RawTar().Add(new RawHeader("d", '3').Binary(337, 8, -1)), "device minor");
        yield return Refused("device number in letters", new RawTar().Add(new RawHeader("d", '3').Text(329, 8, "8x")), "device major");
        yield return Refused("device with children", new RawTar().Device("d", '3', 1, 3).File("d/f"), "not a directory");
        yield return Harmless("device over a file", new RawTar().File("d").Device("d", '3', 1, 3).File("d"));
        yield return Harmless("fifo over a device", new RawTar().Device("d", '4', 7, 0).Fifo("d").File("d"));
    }

    private static IEnumerable<HostileLayer> Whiteouts()
    {
        string[] nameless = [".wh.", ".wh..", ".wh...", "a/.wh.", "a/.wh..", "a/.wh..."];
        foreach (string name in nameless)
        {
            yield return Refused($"whiteout {name}", new RawTar().File(name), "hides no name");
        }

        yield return Refused("whiteout of ..", new RawTar().File("../.wh.canary"), Dots);
        yield return Refused("whiteout with children", new RawTar().Directory(".wh.d").File(".wh.d/f"), "reserved");
        yield return Refused("children of .wh.", new RawTar().File(".wh./f"), "reserved");
        yield return Refused("opaque mark on a link", new RawTar().Symlink("l", "../canary").File("l/.wh..wh..opq"), Out);
        yield return Refused("opaque mark on a file", new RawTar().File("f").File("f/.wh..wh..opq"), "not a directory");
        yield return Refused("whiteout with a negative size", new RawTar().Add(new RawHeader(".wh.f").Binary(124, 12, -1)), "size");
        yield return Refused("link named as a mark, then through", new RawTar().Symlink(".wh.l", "../canary").File(".wh.l/file"), "reserved");
        yield return Harmless("whiteouts of every kind", new RawTar()
            .Directory(".wh.a/").Symlink(".wh.b", "../canary").Fifo(".wh.c").Device(".wh.d", '3', 1, 3).HardLink(".wh.e", "/etc/passwd"));
        yield return Harmless("folders of aufs", new RawTar().Directory(".wh..wh.plnk").File(".wh..wh.plnk/a.b").File("d/.wh..wh.orph/x"));
        yield return Harmless("file in an opaque mark", new RawTar().Directory(".wh..wh..opq").File(".wh..wh..opq/f"));
        yield return Harmless("opaque root", new RawTar().File(".wh..wh..opq").File("f"));
    }

    private static IEnumerable<HostileLayer> Roots()
    {
        foreach (string name in new[] { ".", "./", "/", "//", "./.", "/./" })
        {
            yield return Refused($"root {name} as a link", new RawTar().Symlink(name, "../canary").File("file"), "root of a layer");
            yield return Refused($"root {name} as a file", new RawTar().File(name), "root of a layer");
        }

        yield return Refused("root as a fifo", new RawTar().Fifo("."), "root of a layer");
        yield return Refused("root as a device", new RawTar().Device(".", '3', 1, 3), "root of a layer");
        yield return Refused("root as a hard link", new RawTar().File("f").HardLink(".", "f"), "root of a layer");
        yield return Refused("opaque attribute on the root", new RawTar().Pax(("SCHILY.xattr.trusted.overlay.opaque", "y")).Directory("."), "overlayfs");
        yield return Harmless("root without rights", new RawTar().Add(new RawHeader(".", '5') { Mode = 0 }).File("d/f"));
    }

    private static IEnumerable<HostileLayer> Xattrs()
    {
        foreach (string name in new[] { "opaque", "redirect", "metacopy", "origin", "upper", "impure", "nlink", "whiteout", "xattr.x", "uuid" })
        {
            yield return Refused($"trusted.overlay.{name}", new RawTar().Pax(("SCHILY.xattr.trusted.overlay." + name, "/")).Directory("d"), "overlayfs");
            yield return Refused($"user.overlay.{name}", new RawTar().Pax(("SCHILY.xattr.user.overlay." + name, "y")).File("f"), "overlayfs");
        }

        yield return Refused("overlay by libarchive", new RawTar().Pax(("LIBARCHIVE.xattr.trusted.overlay.opaque", "eQ==")).Directory("d"), "overlayfs");
        yield return Refused("overlay by escapes", new RawTar().Pax(("LIBARCHIVE.xattr.trusted%2eoverlay.opaque", "eQ")).Directory("d"), "overlayfs");
        yield return Refused("overlay by a global header", new RawTar().Global(("SCHILY.xattr.trusted.overlay.opaque", "y")).Directory("d"), "overlayfs");
        yield return Refused("attribute without a name", new RawTar().Pax(("SCHILY.xattr.", "1")).File("f"), "extended attribute");
        yield return Refused("attribute of no family", new RawTar().Pax(("SCHILY.xattr.family", "1")).File("f"), "entry 'f'");
        yield return Refused("attribute name of 300 bytes", new RawTar().Pax(("SCHILY.xattr.user." + new string('n', 300), "1")).File("f"), "extended attribute");
        yield return Refused("attribute of 70,000 bytes", new RawTar().Pax(("SCHILY.xattr.user.a", new string('v', 70_000))).File("f"), "extended attribute");
        yield return Refused("2,000 attributes", new RawTar().Pax([.. Enumerable.Range(0, 2000).Select(i => ($"SCHILY.xattr.user.{i}", "v"))]).File("f"), "1024 extended");
        yield return Refused("NUL in an attribute's name", new RawTar().Pax(("LIBARCHIVE.xattr.user%00x", "eQ==")).File("f"), "entry 'f'");
        yield return Refused("attribute that is not base64", new RawTar().Pax(("LIBARCHIVE.xattr.user.x", "***")).File("f"), "base64");
        yield return Refused("user attribute on a link", new RawTar().Pax(("SCHILY.xattr.user.x", "1")).Symlink("l", "f"), "entry 'l'");
        yield return Refused("capability that is none", new RawTar().Pax(("SCHILY.xattr.security.capability", "\u0001")).File("f"), "entry 'f'");
    }
}
