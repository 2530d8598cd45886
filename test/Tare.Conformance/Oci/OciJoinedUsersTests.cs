// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>User namespaces that are joined by path, alone and with the others of their container.</summary>
[Trait("ring", "kernel")]
public sealed class OciJoinedUsersTests : IDisposable
{
    private const string Map = """[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""";

    private readonly OciGround _ground = new();
    private readonly string _id;
    private readonly string _first;
    private readonly string _pid;

    public OciJoinedUsersTests()
    {
        (_id, _first) = (_ground.NewId(), _ground.NewId());
        Host("chown", "-R", "1879048192:1879048192", $"{_ground.Bundle}/rootfs");

        // runc's mapped root walks to the bundle
        File.SetUnixFileMode(_ground.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        _ground.Configure("sleep 1000", config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
            config["linux"]!["uidMappings"] = JsonNode.Parse(Map);
            config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
        });
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _first);
        _pid = _ground.State(_first)["pid"]!.ToString();
    }

    public void Dispose() => _ground.Dispose();

    private static bool OnReference => Environment.GetEnvironmentVariable("TARE_OCI") is not null;

    [Theory]
    [InlineData("user")]
    [InlineData("user pid")]
    [InlineData("user network ipc uts")]
    [InlineData("user pid network ipc uts")]
    [InlineData("user pid network ipc uts mount")]
    public void What_is_named_is_joined_and_all_else_is_new_and_the_namespaces_own(string joined)
    {
        Assert.SkipWhen(OnReference && joined.EndsWith("mount", StringComparison.Ordinal), "runc looks for the bundle in the joined mount namespace");
        string[] names = joined.Split(' ');
        void MayMount(JsonNode config)
        {
            foreach (string set in new[] { "bounding", "effective", "permitted" })
            {
                config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_ADMIN");
            }
        }

        Join("for n in user pid mnt net ipc uts; do readlink /proc/self/ns/$n; done; id -u; cat /proc/self/uid_map; hostname changed && echo own; mount -t tmpfs tmpfs /mnt && echo mounts; echo a > /dev/null && echo null; mknod /tmp/n c 1 3 2>/dev/null || echo refused; ls /proc/1/exe > /dev/null && echo proc", names, MayMount);
        Directory.CreateDirectory($"{_ground.Bundle}/rootfs/mnt");
        Directory.CreateDirectory($"{_ground.Bundle}/rootfs/tmp");
        Host("chown", "1879048192:1879048192", $"{_ground.Bundle}/rootfs/mnt", $"{_ground.Bundle}/rootfs/tmp");

        string[] lines = _ground.Succeed("run", "--bundle", _ground.Bundle, _id).Split('\n');

        string[] spaces = ["user", "pid", "mount", "network", "ipc", "uts"];
        for (int i = 0; i < spaces.Length; i++)
        {
            string theirs = Link(spaces[i]);
            Assert.Equal((spaces[i], names.Contains(spaces[i])), (spaces[i], theirs == lines[i]));
        }

        Assert.Equal("0", lines[6]);
        Assert.Equal(["0", "1879048192", "65536"], lines[7].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["own", "mounts", "null", "refused", "proc"], lines[8..13]);
    }

    [Fact]
    public void One_that_joined_is_created_started_entered_and_deleted()
    {
        Join("sleep 1000", ["user", "network"], config => config["process"]!["oomScoreAdj"] = 700);
        _ground.Leave("create", "--bundle", _ground.Bundle, "--pid-file", $"{_ground.Folder}/pid", _id);
        string pid = _ground.State(_id)["pid"]!.ToString();
        Assert.Equal(pid, File.ReadAllText($"{_ground.Folder}/pid"));
        Assert.Equal("1", Host("grep", "^NSpid", $"/proc/{pid}/status").Split('\t')[^1]);
        Assert.Equal("700", File.ReadAllText($"/proc/{pid}/oom_score_adj").Trim());

        _ground.Succeed("start", _id);

        string[] inside = _ground.Succeed("exec", _id, "sh", "-c", "for n in user net pid; do readlink /proc/self/ns/$n; done; id -u; cat /proc/1/comm; echo a > /dev/null && echo null").Split('\n');
        Assert.Equal([Link("user"), Link("network"), Host("readlink", $"/proc/{pid}/ns/pid"), "0", "sleep", "null"], inside[..6]);
        Assert.Equal("1879048192", Host("grep", "^Uid", $"/proc/{pid}/status").Split('\t')[1]);
        _ground.Succeed("delete", "--force", _id);
        Assert.Equal("running", _ground.Status(_first));
    }

    [Fact]
    public void A_terminal_belongs_to_the_joined_namespaces_user()
    {
        Join("stat -c %u:%t $(tty); id -u", ["user"], config =>
        {
            config["process"]!["terminal"] = true;
            config["process"]!["user"] = JsonNode.Parse("""{"uid": 1000, "gid": 1000}""");
        });

        Outcome outcome = _ground.RunOnTerminal("run", "--bundle", _ground.Bundle, _id);

        Assert.Contains("1000:88", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_user_namespace_or_the_runtimes_own_or_has_other_maps_is_refused_before_anything_is_made()
    {
        Assert.SkipWhen(OnReference, "another implementation, other words");
        (string Path, string Words)[] cases =
        [
            ("/proc/self/ns/user", "linux.namespaces[6].path: is the user namespace that this runtime is in"),
            ("/no/such/namespace", "linux.namespaces[6].path: open /no/such/namespace"),
            ("/proc/self/ns/net", "linux.namespaces[6].path: setns user namespace"),
        ];
        foreach ((string path, string words) in cases)
        {
            Join("true", [], config => config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user", ["path"] = path }));
            Refused(words);
        }

        Join("true", ["user"], config =>
        {
            config["linux"]!["uidMappings"] = JsonNode.Parse(Map.Replace("65536", "65535", StringComparison.Ordinal));
            config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
        });
        Refused("linux.uidMappings: the user namespace that is joined has others");
    }

    private static string Host(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return text;
    }

    private static string FileOf(string space) => space switch { "mount" => "mnt", "network" => "net", _ => space };

    private string Link(string space) => Host("readlink", $"/proc/{_pid}/ns/{FileOf(space)}");

    private void Refused(string words)
    {
        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{_ground.Root}/{_id}"));
    }

    private void Join(string script, string[] joined, Action<JsonNode>? change = null) => _ground.Configure(script, config =>
    {
        JsonArray spaces = config["linux"]!["namespaces"]!.AsArray();
        config["linux"]!.AsObject().Remove("uidMappings");
        config["linux"]!.AsObject().Remove("gidMappings");
        if (spaces.FirstOrDefault(space => (string)space!["type"]! == "user") is { } made && !joined.Contains("user"))
        {
            spaces.Remove(made);
        }

        foreach (JsonNode? space in spaces.Where(space => joined.Contains((string)space!["type"]!)))
        {
            space!["path"] = $"/proc/{_pid}/ns/{FileOf((string)space["type"]!)}";
        }

        if (joined.Contains("uts"))
        {
            config.AsObject().Remove("hostname");
        }

        change?.Invoke(config);
    });
}
