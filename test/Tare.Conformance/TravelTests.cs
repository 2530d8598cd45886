// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>Two stores as two servers: an image goes from one to the other through a registry of ours, and runs there.</summary>
[Trait("ring", "kernel")]
public sealed class TravelTests : IDisposable
{
    private readonly TareBinary _here = new();
    private readonly TareBinary _there = new();

    public void Dispose()
    {
        Leftovers.AssertNone(_here);
        Leftovers.AssertNone(_there);
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public void What_one_store_pushes_another_pulls_and_runs()
    {
        using Conversation server = _here.Start(
            TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", $"{_here.Folder}/registry");
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string address = server.Said[from..].Trim();
        string name = $"{address}/team/app:v1";
        Assert.Equal(0, _here.Run(["import", "-c", "CMD [\"echo\", \"I have travelled\"]", "-", name], BusyboxTar.Bytes).ExitCode);

        string pushed = Digest(_here.Succeed("push", name));
        string pulled = Digest(_there.Succeed("pull", name));

        Assert.Equal(pushed, pulled);
        Assert.Equal("I have travelled\n", _there.Succeed("run", "--rm", "--pull", "never", name));
        Assert.Equal(_here.Succeed("images", "-q", "--no-trunc"), _there.Succeed("images", "-q", "--no-trunc"));

        // once more: nothing moves; and one that is missing comes by itself
        Assert.Contains("up to date", _there.Succeed("pull", name), StringComparison.Ordinal);
        _there.Succeed("rmi", name);
        Outcome run = _there.Run("run", "--rm", $"{address}/team/app@{pushed}");
        Assert.Equal((0, "I have travelled\n"), (run.ExitCode, run.Text));
        Assert.Contains("Unable to find image", run.Error, StringComparison.Ordinal);
        server.Signal("TERM");
        server.End();
    }

    private static string Digest(string said) => Regex.Match(said, "[Dd]igest: (sha256:[0-9a-f]{64})").Groups[1].Value;
}
