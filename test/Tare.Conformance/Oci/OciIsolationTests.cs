// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>Namespaces that are new, joined, mapped; consoles and descriptors that are handed over.</summary>
[Trait("ring", "kernel")]
public sealed class OciIsolationTests : IDisposable
{
    private const string Map = """[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""";

    private readonly OciGround _ground = new();
    private readonly string _id;

    public OciIsolationTests() => _id = _ground.NewId();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void Root_of_a_user_namespace_is_nobody_on_the_host()
    {
        // the ids on disk are the caller's to choose: an engine chowns or maps the root file system
        Host("chown", "-R", "1879048192:1879048192", $"{_ground.Bundle}/rootfs");
        _ground.Configure("sleep 1000", WithUsers);
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _id);

        Assert.Equal("1879048192", Host("stat", "-c", "%u", $"/proc/{_ground.State(_id)["pid"]}/root/dev/null"));
        string[] inside = _ground.Succeed("exec", _id, "sh", "-c", "id -u; cat /proc/self/uid_map; echo a > /dev/null && echo ok; mknod /tmp/n c 1 3 || echo refused").Split('\n');
        Assert.Equal("0", inside[0]);
        Assert.Equal(["0", "1879048192", "65536"], inside[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["ok", "refused"], inside[2..4]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_only_tmpfs_has_what_is_mounted_and_made_in_it(bool hasUsers)
    {
        Host("chown", "-R", hasUsers ? "1879048192:1879048192" : "0:0", $"{_ground.Bundle}/rootfs");
        _ground.Configure("echo a > /dev/null && echo > /dev/pts/x 2>&1; ls -d /dev/pts/ptmx /dev/fd/ /a/b; echo a > /a/b/c && cat /a/b/c; mkdir /dev/x /a/x 2>&1", config =>
        {
            if (hasUsers)
            {
                WithUsers(config);
            }

            JsonArray mounts = config["mounts"]!.AsArray();
            mounts.Single(mount => (string)mount!["destination"]! == "/dev")!["options"]!.AsArray().Add("ro");
            mounts.Add(JsonNode.Parse("""{"destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["ro"]}"""));
            mounts.Add(JsonNode.Parse("""{"destination": "/a/b", "type": "tmpfs", "source": "tmpfs"}"""));
        });

        string[] lines = _ground.Run("run", "--bundle", _ground.Bundle, _id).Text.Trim().Split('\n');

        Assert.Equal(["/a/b", "/dev/fd/", "/dev/pts/ptmx", "a"], lines[^6..^2].Order(StringComparer.Ordinal));
        Assert.All(lines[^2..], line => Assert.EndsWith("Read-only file system", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Maps_without_a_user_namespace_are_refused_before_anything_is_made()
    {
        _ground.Configure("true", config => config["linux"]!["uidMappings"] = JsonNode.Parse(Map));

        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("linux.uidMappings", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{_ground.Root}/{_id}"));
    }

    [Fact]
    public void A_clock_can_be_set_off()
    {
        _ground.Configure("cut -d . -f 1 /proc/uptime", config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "time"}"""));
            config["linux"]!["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 1000000}}""");
        });

        Assert.InRange(int.Parse(_ground.Succeed("run", "--bundle", _ground.Bundle, _id), System.Globalization.CultureInfo.InvariantCulture), 1_000_000, int.MaxValue);
    }

    [Fact]
    public void Namespaces_of_another_container_are_joined()
    {
        _ground.Configure("sleep 1000");
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _id);
        string pid = _ground.State(_id)["pid"]!.ToString();
        string[] kinds = ["pid", "net", "ipc", "uts"];
        _ground.Configure("for n in pid net ipc uts; do readlink /proc/self/ns/$n; done; echo $$", config =>
        {
            foreach (JsonNode? space in config["linux"]!["namespaces"]!.AsArray())
            {
                string type = (string)space!["type"]!;
                string file = type == "network" ? "net" : type;
                if (kinds.Contains(file))
                {
                    space["path"] = $"/proc/{pid}/ns/{file}";
                }
            }

            config.AsObject().Remove("hostname");
        });

        string[] lines = _ground.Succeed("run", "--bundle", _ground.Bundle, _ground.NewId()).Trim().Split('\n');

        Assert.Equal(kinds.Select(kind => Host("readlink", $"/proc/{pid}/ns/{kind}")), lines[..4]);
        Assert.NotEqual("1", lines[4]);
    }

    [Fact]
    public void Descriptors_are_handed_down_only_when_asked_for()
    {
        _ground.Configure("ls /proc/self/fd | sort -n | tr '\\n' ' '");
        string Listed(params string[] flags) => Host(
            "sh", "-c", $"exec 3</dev/null 4</dev/null 5</dev/null; exec {TareBinary.Path} oci --root {_ground.Root} run {string.Join(' ', flags)} --bundle {_ground.Bundle} {_ground.NewId()}");

        // the last is the folder that is listed
        Assert.Equal("0 1 2 3", Listed());
        Assert.Equal("0 1 2 3 4 5", Listed("--preserve-fds", "2"));
    }

    [Fact]
    public void The_terminal_of_a_created_container_goes_through_the_console_socket()
    {
        const string Receiver =
            """
            import socket, array, sys, os
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1); print("ready", flush=True)
            c, _ = s.accept()
            data, control, _, _ = c.recvmsg(100, socket.CMSG_SPACE(4))
            fd = array.array("i", control[0][2])[0]
            said = b""
            while b"done" not in said: said += os.read(fd, 1000)
            print(said.decode(), flush=True)
            """;
        _ground.Configure("tty; echo do''ne", config => config["process"]!["terminal"] = true);
        using var receiver = Process.Start(new ProcessStartInfo("python3", ["-c", Receiver, $"{_ground.Folder}/console"]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", receiver.StandardOutput.ReadLine());

        _ground.Leave("create", "--console-socket", $"{_ground.Folder}/console", "--bundle", _ground.Bundle, _id);
        _ground.Succeed("start", _id);

        Assert.Contains("/dev/pts/0", receiver.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        Outcome without = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _ground.NewId());
        Assert.Contains("--console-socket", without.Error, StringComparison.Ordinal);
    }

    private static void WithUsers(JsonNode config)
    {
        config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
        config["linux"]!["uidMappings"] = JsonNode.Parse(Map);
        config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
    }

    private static string Host(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return text;
    }
}
