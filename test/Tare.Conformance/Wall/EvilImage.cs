// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;

namespace Tare.Conformance.Wall;

/// <summary>An image of busybox with a second layer and a configuration as no honest builder makes them.</summary>
public sealed class EvilImage
{
    private readonly RawTar _layer = new();
    private string _configuration = "{}";

    public string Name { get; } = $"evil-{Guid.NewGuid().ToString("N")[..12]}";

    public EvilImage Link(string name, string target)
    {
        _layer.Symlink(name, target);
        return this;
    }

    public EvilImage Fifo(string name)
    {
        _layer.Fifo(name);
        return this;
    }

    /// <summary>A device node of mode 0666.</summary>
    public EvilImage Device(string name, char type, int major, int minor)
    {
        _layer.Add(new RawHeader(name, type == 'b' ? '4' : '3') { Device = (major, minor), Mode = 0b110_110_110 });
        return this;
    }

    /// <summary>A folder of this mode and group.</summary>
    public EvilImage Folder(string name, int mode, int group = 0)
    {
        _layer.Add(new RawHeader(name, '5') { Mode = mode, Gid = group });
        return this;
    }

    public EvilImage File(string name, string text, int mode = 0b110_100_100)
    {
        byte[] bytes = RawImage.Utf8(text);
        _layer.Add(new RawHeader(name, '0', bytes.Length) { Mode = mode }, bytes);
        return this;
    }

    /// <summary>A program of the host's with file capabilities, or none.</summary>
    /// <param name="name">in the image</param>
    /// <param name="path">on the host</param>
    /// <param name="mode">of the file</param>
    /// <param name="capabilities">security.capability, as bytes of Latin-1</param>
    public EvilImage Program(string name, string path, int mode, string? capabilities = null)
    {
        byte[] program = System.IO.File.ReadAllBytes(path);
        if (capabilities is not null)
        {
            _layer.Pax(("SCHILY.xattr.security.capability", capabilities));
        }

        _layer.Add(new RawHeader(name, '0', program.Length) { Mode = mode }, program);
        return this;
    }

    /// <summary>The object <c>config</c> of its configuration, as JSON.</summary>
    public EvilImage Configured(string json)
    {
        _configuration = json;
        return this;
    }

    /// <summary>Loads it.</summary>
    /// <returns>its name</returns>
    public string LoadInto(Subject subject)
    {
        Outcome outcome = subject.Program.Run(["load"], Archive());
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return Name;
    }

    private byte[] Archive()
    {
        byte[] evil = _layer.End();
        string config =
            $$"""
            {"architecture":"amd64","os":"linux","config":{{_configuration}},"rootfs":{"type":"layers","diff_ids":
            ["{{RawImage.Digest(BusyboxTar.Bytes)}}","{{RawImage.Digest(evil)}}"] } }
            """;
        string manifest = $$"""[{"Config":"config.json","RepoTags":["{{Name}}:latest"],"Layers":["base.tar","evil.tar"]}]""";
        return RawImage.Files(
            ("config.json", RawImage.Utf8(config)), ("base.tar", BusyboxTar.Bytes), ("evil.tar", evil),
            ("manifest.json", RawImage.Utf8(manifest)));
    }
}
