// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>A store with busybox and a folder for contexts.</summary>
public sealed class BuildGround : IDisposable
{
    private int _count;

    public BusyboxStore Store { get; } = new();

    public TareBinary Tare => Store.Tare;

    /// <summary>A context with these files, the Dockerfile among them.</summary>
    public string Context(string dockerfile, params (string Name, string Content)[] files)
    {
        string folder = Path.Combine(Tare.Folder, $"context-{Interlocked.Increment(ref _count)}");
        foreach ((string name, string content) in files.Prepend(("Dockerfile", dockerfile)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), content);
        }

        return folder;
    }

    /// <summary>Builds, which has to succeed; answers the progress.</summary>
    public string Build(string context, params string[] flags)
    {
        Outcome outcome = Tare.Run(["build", .. flags, context]);
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Error}");
        return outcome.Error;
    }

    /// <summary>Builds without progress; answers the image's ID.</summary>
    public string Id(string context, params string[] flags) => Tare.Succeed(["build", "-q", .. flags, context]).Trim();

    /// <summary>What a shell script in a container of the image prints.</summary>
    public string Shell(string image, string script) => Tare.Succeed("run", "--rm", "--network", "none", image, "sh", "-ec", script);

    /// <summary>Whether a text stands in any file below a folder.</summary>
    public static IEnumerable<string> FilesWith(string folder, string text)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        // links are not followed: those of images lead to anywhere on the host
        return Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false })
            .Where(file => new FileInfo(file) is { LinkTarget: null, Length: > 0 and < 64 << 20 } && File.ReadAllBytes(file).AsSpan().IndexOf(wanted) >= 0);
    }

    public void Dispose() => Store.Dispose();
}
