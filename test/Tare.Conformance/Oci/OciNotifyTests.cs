// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>SCMP_ACT_NOTIFY: a listener outside decides about calls of the container's processes.</summary>
[Trait("ring", "kernel")]
public sealed class OciNotifyTests : IDisposable
{
    /// <summary>A directory is refused, a host name is not set, a mode is set; and each says so.</summary>
    private const string Calls = "mkdir /d 2>&1; hostname other; hostname; touch /f; chmod 640 /f; stat -c %a /f";

    private const string Answers = "mkdir: can't create directory '/d': No space left on device\nruntime\n640\n";

    private readonly OciGround _ground = new();
    private readonly string _id;

    public OciNotifyTests() => _id = _ground.NewId();

    public void Dispose() => _ground.Dispose();

    private static bool OnReference => Environment.GetEnvironmentVariable("TARE_OCI") is not null;

    private string Socket => $"{_ground.Folder}/listener";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_listener_answers_for_what_run_starts(bool noNewPrivileges)
    {
        using var listener = new NotifyListener(Socket);
        Configure(Calls, config => config["process"]!["noNewPrivileges"] = noNewPrivileges);

        string output = _ground.Succeed("run", "--bundle", _ground.Bundle, _id);

        Assert.Equal(Answers, output);
        JsonNode message = Assert.Single(listener.Messages)["state"]!;
        Assert.Equal(
            (_id, "creating", "some words", "seccompFd"),
            ((string)message["state"]!["id"]!, (string)message["state"]!["status"]!, (string)message["metadata"]!, (string)message["fds"]!.AsArray().Single()!));
        Assert.Equal((int)message["pid"]!, (int)message["state"]!["pid"]!);
        Subject.Await(() => listener.Asked.Length >= 3);
        Assert.Equal(["mkdir", "sethostname", "chmod"], listener.Asked.Distinct());
    }

    [Fact]
    public void The_listener_is_told_at_create_and_for_each_exec()
    {
        using var listener = new NotifyListener(Socket);
        Configure($"({Calls}) > /out; sleep 1000");

        _ground.Leave("create", "--bundle", _ground.Bundle, _id);
        Subject.Await(() => listener.Messages.Length == 1);
        int pid = (int)_ground.State(_id)["pid"]!;
        JsonNode first = listener.Messages[0]["state"]!;
        Assert.Equal((pid, 1, _ground.Bundle), ((int)first["pid"]!, (int)listener.Messages[0]["count"]!, (string)first["state"]!["bundle"]!));
        Assert.Equal("created", _ground.Status(_id));
        _ground.Succeed("start", _id);
        Subject.Await(() => File.Exists($"{_ground.Bundle}/rootfs/out") && File.ReadAllText($"{_ground.Bundle}/rootfs/out") == Answers);

        Assert.Equal(Answers, _ground.Succeed("exec", _id, "sh", "-c", Calls));

        JsonNode second = listener.Messages[1]["state"]!;
        Assert.Equal(("running", pid), ((string)second["state"]!["status"]!, (int)second["state"]!["pid"]!));
        Assert.NotEqual(pid, (int)second["pid"]!);
    }

    [Fact]
    public void Calls_of_the_set_up_may_be_the_listeners_too()
    {
        // the reference sends over a pipe from inside the filter, and refuses write
        Assert.SkipWhen(OnReference, "runc refuses the rule for write");
        using var listener = new NotifyListener(Socket);
        Configure(Calls, names: ["read", "write", "close", "sendmsg", "prctl", "capset", "execve", "mkdir", "mkdirat", "sethostname", "chmod", "fchmodat", "fchmodat2"]);

        Assert.Equal(Answers, _ground.Succeed("run", "--bundle", _ground.Bundle, _id));
        _ground.Leave("create", "--bundle", _ground.Bundle, _id);
        _ground.Succeed("start", _id);
        _ground.WaitFor(_id, "stopped");
    }

    [Fact]
    public void A_filter_may_forbid_what_a_listener_could_be_sent_by()
    {
        Assert.SkipWhen(OnReference, "runc writes from inside the filter");
        using var listener = new NotifyListener(Socket);
        Configure("mkdir /d || echo refused", config => config["linux"]!["seccomp"]!["syscalls"]!.AsArray().Add(
            JsonNode.Parse("""{"names": ["sendmsg", "sendto", "connect", "socket", "futex", "openat2", "pidfd_getfd"], "action": "SCMP_ACT_ERRNO"}""")));

        Assert.Equal("refused\n", _ground.Succeed("run", "--bundle", _ground.Bundle, _id));
    }

    [Fact]
    public void Without_a_listener_nothing_stays()
    {
        Configure("sleep 1000");
        Outcome missing = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);
        using (new NotifyListener(Socket))
        {
        }

        Outcome dead = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);

        Assert.All([missing, dead], outcome =>
        {
            Assert.NotEqual(0, outcome.ExitCode);
            Assert.Contains(OnReference ? "seccomp" : "linux.seccomp.listenerPath", outcome.Error, StringComparison.Ordinal);
        });
        Assert.Empty(Containers());
    }

    [Fact]
    public void A_filter_that_a_process_cannot_wait_for_its_listener_under_is_refused()
    {
        Assert.SkipWhen(OnReference, "another implementation, other limits");
        using var listener = new NotifyListener(Socket);
        Configure("true", config => config["linux"]!["seccomp"]!["syscalls"]!.AsArray().Add(JsonNode.Parse("""{"names": ["read"], "action": "SCMP_ACT_ERRNO"}""")));

        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);

        Assert.Contains("linux.seccomp.syscalls: with SCMP_ACT_NOTIFY read must be allowed", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Containers());
    }

    private string[] Containers() => Directory.Exists(_ground.Root) ? Directory.GetDirectories(_ground.Root) : [];

    private void Configure(string script, Action<JsonNode>? change = null, params string[] names) => _ground.Configure(script, config =>
    {
        config["hostname"] = "runtime";
        config["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = Socket,
            ["listenerMetadata"] = "some words",
            ["syscalls"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray([.. (names.Length > 0 ? names : ["mkdir", "mkdirat", "sethostname", "chmod", "fchmodat", "fchmodat2"]).Select(name => (JsonNode)name)]),
                ["action"] = "SCMP_ACT_NOTIFY",
            }),
        };
        change?.Invoke(config);
    });
}
