// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Text.Json;

namespace Tare.Conformance;

/// <summary><c>commit</c> and <c>export</c>.</summary>
[Trait("ring", "kernel")]
public sealed class CommitTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private TareBinary Tare => store.Tare;

    [Fact]
    public void An_image_has_what_the_container_changed_with_its_own_ids()
    {
        Tare.Succeed(
            "run", "--name", "changed", "--network", "none", "busybox", "sh", "-ec",
            "echo new > /new; chown 7:8 /new; chmod 640 /new; ln /new /also; ln -s new /link; mkdir -p /d/e; rm /bin/vi; echo x > /tmp/x");

        string id = Tare.Succeed("commit", "-m", "because", "-a", "Somebody", "changed", "changed:1").Trim();

        Assert.Matches("^sha256:[0-9a-f]{64}$", id);
        Assert.Equal(id, Tare.Succeed("inspect", "-f", "{{.Id}}", "changed:1").Trim());
        Assert.Equal(
            "new\n7:8 640 2\nnew\n",
            Tare.Succeed("run", "--rm", "--network", "none", "changed:1", "sh", "-ec", "cat /new; stat -c '%u:%g %a %h' /also; readlink /link; test -d /d/e; test ! -e /bin/vi"));
        JsonElement image = Inspect("changed:1");
        Assert.Equal("Somebody", image.GetProperty("Author").GetString());
        Assert.Contains("because", Tare.Succeed("history", "changed:1"), StringComparison.Ordinal);
        Assert.Equal(
            Inspect("busybox").GetProperty("RootFS").GetProperty("Layers").GetArrayLength() + 1,
            image.GetProperty("RootFS").GetProperty("Layers").GetArrayLength());
    }

    [Fact]
    public void The_config_is_the_containers_with_the_changes_on_top()
    {
        Tare.Succeed("create", "--name", "config", "-e", "A=1", "-w", "/tmp", "-u", "5", "-l", "k=v", "--expose", "80", "busybox", "sleep", "9");

        Tare.Succeed("commit", "-c", "ENV B=${A}2 C='$A'", "-c", "LABEL k2=v2", "-c", "EXPOSE 90/udp", "config", "config:1");
        Tare.Succeed("commit", "-c", "ENTRYPOINT [\"echo\", \"hi\"]", "-c", "USER root", "config", "config:2");

        JsonElement one = Inspect("config:1").GetProperty("Config"), two = Inspect("config:2").GetProperty("Config");
        Assert.Equal(["A=1", "B=12", "C=$A"], one.GetProperty("Env").EnumerateArray().Select(e => e.GetString()!).Where(e => e[1] == '='));
        Assert.Equal(["sleep", "9"], one.GetProperty("Cmd").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(("/tmp", "5", "v", "v2"), (
            one.GetProperty("WorkingDir").GetString(), one.GetProperty("User").GetString(),
            one.GetProperty("Labels").GetProperty("k").GetString(), one.GetProperty("Labels").GetProperty("k2").GetString()));
        Assert.True(one.GetProperty("ExposedPorts").TryGetProperty("80/tcp", out _) && one.GetProperty("ExposedPorts").TryGetProperty("90/udp", out _));
        Assert.Equal("hi\n", Tare.Succeed("run", "--rm", "--network", "none", "config:2"));
        Assert.Equal("root", two.GetProperty("User").GetString());
    }

    [Fact]
    public void Places_where_something_is_mounted_are_not_in_it()
    {
        Tare.Succeed("run", "--name", "mounted", "--network", "none", "-v", "/made/by/engine", "--tmpfs", "/also/made", "busybox", "sh", "-c", "echo x > /made/by/engine/f; echo y > /also/made/f");

        Tare.Succeed("commit", "mounted", "mounted:1");

        Assert.Equal("none\n", Tare.Succeed("run", "--rm", "--network", "none", "--entrypoint", "sh", "mounted:1", "-c", "ls /also 2>/dev/null || echo none"));
    }

    [Fact]
    public void A_container_that_runs_goes_on_running()
    {
        Tare.Succeed("run", "-d", "--name", "running", "--network", "none", "busybox", "sh", "-c", "echo on > /on; sleep 1000");
        Tare.Succeed("exec", "running", "sh", "-c", "while ! test -e /on; do :; done");

        Tare.Succeed("commit", "running", "running:1");
        Tare.Succeed("commit", "--pause=false", "running", "running:2");

        Assert.Equal("running\n", Tare.Succeed("inspect", "-f", "{{.State.Status}}", "running"));
        Assert.Equal("on\n", Tare.Succeed("run", "--rm", "--network", "none", "running:1", "cat", "/on"));
        Tare.Succeed("rm", "-f", "running");
    }

    [Fact]
    public void An_export_holds_all_files_as_the_container_has_them()
    {
        Tare.Succeed("run", "--name", "exported", "--network", "none", "busybox", "sh", "-ec", "echo new > /new; chown 7:8 /new; rm /bin/vi");
        string tar = Path.Combine(Tare.Folder, "exported.tar");

        Tare.Succeed("export", "-o", tar, "exported");
        byte[] streamed = Tare.Run("export", "exported").Output;

        Assert.Equal(File.ReadAllBytes(tar), streamed);
        Dictionary<string, (int Uid, int Gid)> entries = [];
        using (var reader = new TarReader(new MemoryStream(streamed)))
        {
            while (reader.GetNextEntry() is { } entry)
            {
                entries[entry.Name] = (entry.Uid, entry.Gid);
            }
        }

        Assert.Equal((7, 8), entries["new"]);
        Assert.Contains("bin/busybox", entries.Keys);
        Assert.DoesNotContain("bin/vi", entries.Keys);
        Assert.DoesNotContain(entries.Keys, name => Path.GetFileName(name).StartsWith(".wh.", StringComparison.Ordinal));
        Tare.Succeed("import", tar, "exported:1");
        Assert.Equal("new\n", Tare.Succeed("run", "--rm", "--network", "none", "exported:1", "/bin/busybox", "cat", "/new"));
    }

    [Theory]
    [InlineData("commit", "nobody", "No such container: nobody")]
    [InlineData("export", "nobody", "No such container: nobody")]
    public void A_container_that_is_not_there_is_named(string verb, string container, string message)
    {
        Outcome outcome = Tare.Run(verb, container);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_is_none_makes_no_image()
    {
        Tare.Succeed("create", "--name", "refused", "busybox");

        Outcome outcome = Tare.Run("commit", "-c", "COPY a b", "refused", "refused:1");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("\"COPY\" is not a valid change command", outcome.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, Tare.Run("inspect", "refused:1").ExitCode);
    }

    private JsonElement Inspect(string image)
    {
        using JsonDocument document = JsonDocument.Parse(Tare.Succeed("image", "inspect", image));
        return document.RootElement[0].Clone();
    }
}
