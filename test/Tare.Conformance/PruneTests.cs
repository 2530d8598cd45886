// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Tare.Conformance;

/// <summary>What nobody uses goes, and nothing else: containers, volumes, images, all of them.</summary>
[Trait("ring", "kernel")]
public sealed class PruneTests : IDisposable
{
    private readonly TareBinary _tare = new();

    public PruneTests() => Assert.Equal(0, _tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes).ExitCode);

    public void Dispose()
    {
        foreach (string id in _tare.Succeed("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _tare.Succeed("rm", "-f", id);
        }

        Leftovers.AssertNone(_tare);
        _tare.Dispose();
    }

    [Fact]
    public void Containers_that_do_not_run_go()
    {
        Run("-d", "--name", "lives", "busybox", "sleep", "1000");
        string ended = Run("-d", "--name", "ended", "busybox", "sh", "-c", "echo 12345 > /five-and-one").TrimEnd('\n');
        string made = _tare.Succeed("create", "--name", "made", "-l", "keep=me", "busybox", "true").TrimEnd('\n');
        _tare.Succeed("wait", "ended");

        Assert.Equal("Total reclaimed space: 0B\n", _tare.Succeed("container", "prune", "-f", "--filter", "until=1h"));
        string said = _tare.Succeed("container", "prune", "-f", "--filter", "label!=keep");

        Assert.Equal($"Deleted Containers:\n{ended}\n\nTotal reclaimed space: 6B\n", said);
        Assert.Equal($"Deleted Containers:\n{made}\n\nTotal reclaimed space: 0B\n", _tare.Succeed("container", "prune", "-f", "--filter", "label=keep=me"));
        Assert.Equal("lives\n", _tare.Succeed("ps", "-a", "--format", "{{.Names}}"));
    }

    [Fact]
    public void Volumes_that_no_container_uses_go_and_named_ones_only_when_all_are_meant()
    {
        Run("--name", "user", "-v", "used:/a", "busybox", "true");
        Run("--name", "gone", "-v", "/a", "busybox", "sh", "-c", "echo 12345 > /a/x");
        string anonymous = _tare.Succeed("inspect", "-f", "{{range .Mounts}}{{.Name}}{{end}}", "gone").TrimEnd('\n');
        _tare.Succeed("rm", "gone");
        Assert.Equal("named\n", _tare.Succeed("volume", "create", "--label", "a=b", "named"));

        Assert.Equal($"Deleted Volumes:\n{anonymous}\n\nTotal reclaimed space: 6B\n", _tare.Succeed("volume", "prune", "-f"));
        Assert.Equal("named\nused\n", _tare.Succeed("volume", "ls", "-q"));
        Assert.Equal("Total reclaimed space: 0B\n", _tare.Succeed("volume", "prune", "-af", "--filter", "label!=a"));
        Assert.Equal("Deleted Volumes:\nnamed\n\nTotal reclaimed space: 0B\n", _tare.Succeed("volume", "prune", "-f", "--filter", "all=true", "--filter", "label=a=b"));
        Assert.Equal("used\n", _tare.Succeed("volume", "ls", "-q"));
    }

    [Fact]
    public void Images_that_nobody_needs_go()
    {
        Assert.Equal(0, _tare.Run(["import", "-c", "LABEL which=second", "-", "busybox"], BusyboxTar.Bytes).ExitCode);
        Assert.Equal(0, _tare.Run(["import", "-c", "LABEL which=third", "-", "other:1"], BusyboxTar.Bytes).ExitCode);
        string unnamed = _tare.Succeed("images", "-q", "--no-trunc", "--filter", "dangling=true").TrimEnd('\n');
        _tare.Succeed("create", "--name", "user", "busybox", "true");

        string said = _tare.Succeed("image", "prune", "-f");
        Assert.StartsWith($"Deleted Images:\ndeleted: {unnamed}\n\nTotal reclaimed space: ", said, StringComparison.Ordinal);
        Assert.Equal("busybox:latest\nother:1\n", Names());

        Assert.StartsWith("Deleted Images:\nuntagged: other:1\ndeleted: sha256:", _tare.Succeed("image", "prune", "-af"), StringComparison.Ordinal);
        Assert.Equal("busybox:latest\n", Names());
        _tare.Succeed("start", "user");
    }

    [Fact]
    public void Nothing_goes_without_a_yes()
    {
        Run("--name", "ended", "busybox", "true");

        Outcome no = _tare.Run(["system", "prune", "-a", "--volumes"], Encoding.UTF8.GetBytes("n\n"));
        Assert.Equal(0, no.ExitCode);
        Assert.Equal(
            "WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n  - all anonymous volumes not used by at least one container\n" +
            "  - all images without at least one container associated to them\n  - all build cache\n\nAre you sure you want to continue? [y/N] ",
            no.Text);
        Assert.Equal(0, _tare.Run(["system", "prune"], []).ExitCode);
        Assert.Equal("ended\n", _tare.Succeed("ps", "-a", "--format", "{{.Names}}"));

        Outcome yes = _tare.Run(["system", "prune", "-a", "--volumes"], Encoding.UTF8.GetBytes("y\n"));
        Assert.Contains("Deleted Containers:\n", yes.Text, StringComparison.Ordinal);
        Assert.Contains("untagged: busybox:latest\n", yes.Text, StringComparison.Ordinal);
        Assert.Equal("", Names());
        Assert.StartsWith("clean: 0 containers (0 running), 0 images", _tare.Succeed("system", "check"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_used_and_what_is_not_is_told()
    {
        Run("--name", "ended", "-v", "used:/v", "busybox", "sh", "-c", "echo 12345 > /x; echo 123 > /v/y");
        Run("-d", "--name", "lives", "busybox", "sleep", "1000");
        _tare.Succeed("volume", "create", "free");

        Dictionary<string, JsonElement> lines = _tare.Succeed("system", "df", "--format", "json").TrimEnd('\n').Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(line => line.GetProperty("Type").GetString()!);

        Assert.Equal("1 1 0B (0%)", Text(lines["Images"], "TotalCount", "Active", "Reclaimable"));
        Assert.Equal("2 1 6B 6B (100%)", Text(lines["Containers"], "TotalCount", "Active", "Size", "Reclaimable"));
        Assert.Equal("2 1 4B 0B (0%)", Text(lines["Local Volumes"], "TotalCount", "Active", "Size", "Reclaimable"));
        string all = _tare.Succeed("system", "df", "-v");
        Assert.Matches("busybox +latest .* 2\n", all);
        Assert.Matches("used +1 +4B\n", all);
        _tare.Succeed("rm", "-f", "lives", "ended");
        Assert.DoesNotContain("0B (0%)", _tare.Succeed("system", "df", "--format", "{{.Type}} {{.Reclaimable}}").Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_is_made_shown_and_removed()
    {
        Assert.Equal("data\n", _tare.Succeed("volume", "create", "--label", "app=web", "data"));
        Assert.Equal("data\n", _tare.Succeed("volume", "create", "--label", "app=other", "data"));
        Assert.Equal($"data local web {_tare.Root}/volumes/data/_data\n", _tare.Succeed("volume", "inspect", "-f", "{{.Name}} {{.Driver}} {{.Labels.app}} {{.Mountpoint}}", "data"));
        Assert.Equal("DRIVER    VOLUME NAME\nlocal     data\n", _tare.Succeed("volume", "ls"));
        Run("--name", "user", "-v", "data:/d", "busybox", "sh", "-c", "mkdir -p /d/a/b; echo x > /d/a/b/c");

        Outcome used = _tare.Run("volume", "rm", "data", "none");
        Assert.Equal(1, used.ExitCode);
        Assert.Contains("remove data: volume is in use - [", used.Error, StringComparison.Ordinal);
        Assert.Contains("get none: no such volume", used.Error, StringComparison.Ordinal);
        Assert.Equal("none\n", _tare.Succeed("volume", "rm", "-f", "none"));
        _tare.Succeed("rm", "user");
        Assert.Equal("data\n", _tare.Succeed("volume", "ls", "-q", "--filter", "dangling=true", "--filter", "label=app=web"));
        Assert.Equal("data\n", _tare.Succeed("volume", "rm", "data"));
        Assert.False(Directory.Exists($"{_tare.Root}/volumes/data"));
        Assert.Equal(1, _tare.Run("volume", "inspect", "data").ExitCode);
        Assert.Equal(64 + 1, _tare.Succeed("volume", "create").Length);
    }

    private string Run(params string[] args) => _tare.Succeed(["run", .. args]);

    private string Names() => string.Concat(
        _tare.Succeed("images", "--format", "{{.Repository}}:{{.Tag}}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().Select(name => $"{name}\n"));

    private static string Text(JsonElement line, params string[] members) =>
        string.Join(' ', members.Select(member => line.GetProperty(member).GetString()));
}
