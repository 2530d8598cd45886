// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Oci;

namespace Tare.Build.Tests;

/// <summary>The Dockerfiles of Corpus/, and what they are lowered with.</summary>
internal static class CorpusFile
{
    private static readonly Platform Linux = new("amd64", "linux");

    /// <summary>A small image as they all start from.</summary>
    public static readonly BaseImage Base = new(
        Digest.Parse("sha256:" + new string('b', 64)),
        new ImageConfig("amd64", "linux")
        {
            Created = "2026-01-01T00:00:00Z",
            Config = new RunConfig { Env = ["PATH=/usr/local/bin:/usr/bin:/bin"], Cmd = ["sh"] },
            RootFs = new RootFs { DiffIds = [default] },
            History = [new History { CreatedBy = "BusyBox" }],
        });

    public static string Root { get; } = FindRoot();

    public static string ContextFolder => Path.Combine(Root, "Corpus", "context");

    public static BuildRequest Request { get; } = new(Linux, Linux)
    {
        Ignored = Tare.Build.Ignore.IgnoreFile.Read(".dockerignore", File.ReadAllBytes(Path.Combine(ContextFolder, ".dockerignore"))),
    };

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Path.Combine(Root, "Corpus"), "*.Dockerfile")
        .Select(static path => Path.GetFileName(path)[..^".Dockerfile".Length])
        .Order(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Root, "Corpus", name + ".Dockerfile"));

    /// <summary>Compares with a golden file, or rewrites it when TARE_BLESS is 1.</summary>
    public static void AssertGolden(string file, string actual)
    {
        string path = Path.Combine(Root, "testdata", file);
        if (Environment.GetEnvironmentVariable("TARE_BLESS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>Lowers until nothing is missing; every image is <see cref="Base"/> unless it is given.</summary>
    public static BuildGraph Lower(
        string text, BuildRequest? request = null, Func<BaseRequest, BaseImage>? resolve = null) =>
        Lower(DockerfileParser.Parse("Dockerfile", System.Text.Encoding.UTF8.GetBytes(text)), request ?? Request, resolve);

    public static BuildGraph Lower(
        DockerfileDocument document, BuildRequest request, Func<BaseRequest, BaseImage>? resolve = null)
    {
        Dictionary<BaseRequest, BaseImage> known = [];
        BuildGraph graph = Lowering.Lower(document, request, known);
        for (int round = 0; graph.Missing.Count > 0; round++)
        {
            Assert.True(round < 10, "lowering asks for the same images again and again");
            foreach (BaseRequest missing in graph.Missing)
            {
                known.Add(missing, resolve?.Invoke(missing) ?? Base);
            }

            graph = Lowering.Lower(document, request, known);
        }

        return graph;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(
            folder ?? throw new InvalidOperationException("Tare.slnx is in no folder above the tests"),
            "test", "Tare.Build.Tests");
    }
}
