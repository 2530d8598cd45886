// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>CVE-2025-0495 and its kind: a secret's bytes are in no file of the store or the run folder, packed or not, in no
/// history, in nothing that is said: after success, failure and a kill.</summary>
[Trait("ring", "kernel")]
public sealed class BuildSecretTests : IDisposable
{
    private const string Canary = "canary-6f1d2c9b7e-in-no-file";

    private readonly BuildGround _ground = new();
    private readonly string _outside = Directory.CreateDirectory($"/var/tmp/tare-secret-{Guid.NewGuid():N}").FullName;

    public BuildSecretTests() => File.WriteAllText(Path.Combine(_outside, "secret"), Canary);

    public void Dispose()
    {
        _ground.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    [Theory]
    [InlineData("wc -c < /run/secrets/s > /n; test ${#TOKEN} = 28", 0)]
    [InlineData("cp /run/secrets/s /copy; rm /copy; exit 3", 1)]
    [InlineData("echo $TOKEN | tr a-z A-Z > /n; exec nothing-of-this-name", 1)]
    public void After_a_build_a_secret_is_nowhere(string script, int code)
    {
        string context = _ground.Context($"FROM busybox\nRUN --mount=type=secret,id=s --mount=type=secret,id=s,env=TOKEN {script}\nRUN echo after\n");

        Outcome outcome = _ground.Tare.Run("build", "--network", "none", "-t", "s:1", "--secret", $"id=s,src={_outside}/secret", context);

        Assert.Equal(code, outcome.ExitCode);
        AssertNowhere(outcome.Error + outcome.Text);
    }

    [Fact]
    public void After_a_kill_a_secret_is_nowhere()
    {
        string context = _ground.Context("FROM busybox\nRUN --mount=type=secret,id=s --mount=type=secret,id=s,env=TOKEN cat /run/secrets/s | wc -c; echo begun; sleep 1000\n");
        using (Conversation build = _ground.Tare.Start(
            "sh", "-c", $"exec {TareBinary.Path} build --network none --secret id=s,src={_outside}/secret {context} 2>&1"))
        {
            build.Expect(" begun\n");
            build.Signal("KILL");
            build.End();
        }

        _ground.Tare.Succeed("ps", "-a");
        _ground.Build(_ground.Context("FROM busybox\nRUN true\n"), "--network", "none");

        AssertNowhere("");
    }

    private void AssertNowhere(string said)
    {
        string history = _ground.Tare.Run("history", "--no-trunc", "s:1").Text + _ground.Tare.Run("inspect", "s:1").Text;
        Assert.DoesNotContain(Canary, said + history, StringComparison.Ordinal);
        Assert.Empty(BuildGround.FilesWith(_ground.Tare.Folder, Canary));
        Assert.Empty(BuildGround.FilesWith(_ground.Tare.Folder, Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary))));
        Assert.Empty(BuildGround.FilesWith(_ground.Tare.Folder, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Canary))));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(_ground.Tare.Root, "blobs"), "*", SearchOption.AllDirectories), HasPacked);
    }

    private static bool HasPacked(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return false;
        }

        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length).IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0;
    }
}
