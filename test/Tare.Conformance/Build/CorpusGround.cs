// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>A builder with the corpus' base image and its context: Tare with a store of its own, or docker when
/// TARE_CONFORMANCE_REFERENCE names it.</summary>
public sealed class CorpusGround : IDisposable
{
    private readonly string _base;
    private readonly string _context;
    private readonly WebFolder _web;

    public CorpusGround()
    {
        Program = Subject.Reference is { } reference ? new TareBinary { Program = reference } : new TareBinary();
        string tar = Path.Combine(Program.Folder, "base.tar");
        _base = Path.Combine(Program.Folder, "base-saved.tar");
        _context = Path.Combine(Program.Folder, "context");
        CorpusBase.Write(tar);
        Program.Succeed("import", "--change", "ENV " + CorpusBase.Path, "--change", "CMD [\"sh\"]", tar, "base:latest");
        Program.Succeed("save", "-o", _base, "base:latest");
        using var copy = System.Diagnostics.Process.Start("cp", ["-r", Path.Combine(Folder, "context"), _context]);
        copy.WaitForExit();
        using var modes = System.Diagnostics.Process.Start("chmod", ["-R", "u=rwX,go=rX", _context]);
        modes.WaitForExit();
        File.WriteAllText(Path.Combine(Program.Folder, "token"), "sixteen letters!");
        _web = new WebFolder(_context);
    }

    public static string Folder { get; } = Path.Combine(TareBinary.Repository, "test/Tare.Build.Tests/Corpus");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.Dockerfile")
        .Select(static path => Path.GetFileName(path)[..^".Dockerfile".Length]).Order(StringComparer.Ordinal);

    public TareBinary Program { get; }

    /// <summary>Builds one of them; answers what became of it.</summary>
    public string ShapeOf(string name)
    {
        string file = Path.Combine(Program.Folder, name + ".Dockerfile"), saved = Path.Combine(Program.Folder, name + ".tar");
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(Prepared(name)));
        string tag = "corpus-" + name;
        string[] docker = Subject.Reference is null ? [] : ["--provenance=false", "--load"];
        Program.Succeed(
            ["build", "--network", "none", .. docker, "-t", tag, "-f", file, "--secret", $"id=token,src={Path.Combine(Program.Folder, "token")}",
            "--build-arg", "ORIGIN=" + _web.Address, "--build-arg", "HTTP_PROXY=http://proxy.invalid:3128", _context]);
        Program.Succeed("save", "-o", saved, tag);
        return Shape.ImageShape.Of(saved, _base).Replace(_web.Address, "http://ORIGIN", StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _web.Dispose();
        if (Subject.Reference is not null)
        {
            Program.Run(["rmi", "-f", "base:latest", .. Names.Select(static name => "corpus-" + name)]);
        }

        Program.Dispose();
    }

    /// <summary>Its text, without what would make docker fetch a newer frontend, with the checksum that the file has.</summary>
    private string Prepared(string name)
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Folder, name + ".Dockerfile")));
        string sum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_context, "conf/app.conf"))));
        return text.Replace("# syntax=docker/", "# frontend ", StringComparison.Ordinal)
            .Replace("--security=sandbox ", "", StringComparison.Ordinal)
            .Replace("4c1f0e7dbe0b6e3a5d8e1c5a6a0f0b1a0d2a2d3c1f6e8b9a7c6d5e4f3a2b1c0d", sum, StringComparison.Ordinal);
    }
}
