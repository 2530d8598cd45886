// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Conformance;

/// <summary>The program under the names of runtimes, as podman, dockerd and containerd call it.</summary>
public sealed class OciFrameTests : IDisposable
{
    private readonly TareBinary _tare = new();

    [Theory]
    [InlineData("runc")]
    [InlineData("tare-oci")]
    public void Called_by_the_name_of_a_runtime_it_is_one(string name)
    {
        string[] lines = Called(name, "--root", "/x", "--version").Text.Split('\n');

        Assert.StartsWith($"{name} version ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("commit: ", lines[1], StringComparison.Ordinal);
        Assert.Equal("spec: 1.3.0", lines[2]);
    }

    [Fact]
    public void What_it_writes_to_begin_with_can_be_planned()
    {
        Directory.CreateDirectory(Path.Combine(_tare.Folder, "rootfs"));

        Assert.Equal(0, Called("runc", "spec", "-b", _tare.Folder).ExitCode);
        Outcome plan = Called("runc", "plan", "-b", _tare.Folder);

        Assert.Equal("", plan.Error);
        Assert.StartsWith("clone: ", plan.Text, StringComparison.Ordinal);
        Assert.Contains("exec \"sh\"", plan.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_config_is_told_in_the_log_and_on_standard_error()
    {
        File.WriteAllText(
            Path.Combine(_tare.Folder, "config.json"),
            "{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"foo\"}]}}");
        string log = Path.Combine(_tare.Folder, "log.json");

        Outcome outcome = Called("runc", "--log", log, "--log-format", "json", "plan", "--bundle", _tare.Folder);

        string message = $"{_tare.Folder}/config.json: linux.namespaces[1].type: unknown namespace \"foo\" (line 1, byte 69)";
        using JsonDocument entry = JsonDocument.Parse(File.ReadAllText(log));
        Assert.Equal((1, "", message + "\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
        Assert.Equal(message, entry.RootElement.GetProperty("msg").GetString());
        Assert.Equal("error", entry.RootElement.GetProperty("level").GetString());
    }

    [Fact]
    public void Features_are_a_document()
    {
        using JsonDocument features = JsonDocument.Parse(_tare.Succeed("oci", "features"));

        Assert.Equal("1.3.0", features.RootElement.GetProperty("ociVersionMax").GetString());
        Assert.Contains(features.RootElement.GetProperty("mountOptions").EnumerateArray(), word => word.GetString() == "rro");
    }

    public void Dispose() => _tare.Dispose();

    private Outcome Called(string name, params string[] args)
    {
        string link = Path.Combine(_tare.Folder, name);
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, TareBinary.Path);
        }

        using var called = new TareBinary { Program = link };
        return called.Run(args);
    }
}
