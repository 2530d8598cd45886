// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary><c>RUN --mount=type=ssh</c>: OpenSSH's client in a step, OpenSSH's server outside, keys and agents lent with <c>--ssh</c>.</summary>
[Trait("ring", "kernel")]
public sealed class SshTests(SshGround ssh) : IClassFixture<SshGround>
{
    private BuildGround Ground => ssh.Ground;

    [Theory]
    [InlineData("ed25519", "-t", "ed25519")]
    [InlineData("rsa", "-t", "rsa", "-b", "2048")]
    [InlineData("pem", "-t", "rsa", "-b", "2048", "-m", "PEM")]
    [InlineData("ecdsa", "-t", "ecdsa", "-b", "384")]
    public void A_step_enters_with_a_key_that_it_never_sees(string name, params string[] flags)
    {
        string key = ssh.Server.Key(name, mayEnter: true, flags);
        string context = Ground.Context("FROM client\n" + ssh.Asking("", "'echo I am $((6*7)) > /dev/stdout' > /said"));

        Outcome built = ssh.Build(context, "-t", "said", "--provenance", "mode=max", "--ssh", "default=" + key);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal("I am 42\n", Ground.Shell("said", "cat /said; test ! -e /run/buildkit; test -z \"$SSH_AUTH_SOCK\""));
        string secret = File.ReadAllLines(key)[3];
        Assert.DoesNotContain(secret, built.Error, StringComparison.Ordinal);
        Assert.Empty(BuildGround.FilesWith(Ground.Tare.Root, secret));
        Assert.Empty(BuildGround.FilesWith(Ground.Tare.RunFolder, secret));
        Assert.Equal([".lock"], Directory.GetFileSystemEntries(Path.Combine(Ground.Tare.RunFolder, "build")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("default=SOCKET", "")]
    [InlineData("default", "SOCKET")]
    [InlineData("default=", "SOCKET")]
    public void A_step_enters_with_an_agent_that_it_cannot_change(string flag, string variable)
    {
        string key = ssh.Server.Key($"agent-{Guid.NewGuid():N}", mayEnter: true);
        using var agent = new SshAgent(Path.Combine(Ground.Tare.Folder, $"a-{Guid.NewGuid():N}"), key);
        string before = agent.Listed();
        string context = Ground.Context(
            "FROM client\nRUN --mount=type=ssh ssh-add -l && ! ssh-add -D && ! ssh-add -d /known && ! ssh-add -x </dev/null && ssh-add -l\n"
            + ssh.Asking("", "echo entered > /said"));

        Ground.Tare.Variables["SSH_AUTH_SOCK"] = variable.Replace("SOCKET", agent.Socket, StringComparison.Ordinal);
        Outcome built = ssh.Build(context, "--ssh", flag.Replace("SOCKET", agent.Socket, StringComparison.Ordinal));

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal(before, agent.Listed());
    }

    [Fact]
    public void Ids_are_told_apart_and_other_users_are_let_in_by_the_mount_alone()
    {
        string one = ssh.Server.Key("one"), two = ssh.Server.Key("two"), three = ssh.Server.Key("three");
        string context = Ground.Context(
            """
            FROM client
            RUN --mount=type=ssh,id=a ssh-add -L > /a && stat -c '%a %u:%g' $SSH_AUTH_SOCK > /mode
            RUN --mount=type=ssh,id=b,target=/tmp/there test $SSH_AUTH_SOCK = /tmp/there && ssh-add -L > /b
            RUN --mount=type=ssh,id=c true && ! ssh-add -l
            RUN mkdir /w && chown 1000 /w
            USER user
            RUN --mount=type=ssh,id=a ssh-add -l > /w/none 2>&1 || true
            RUN --mount=type=ssh,id=a,uid=1000,gid=1000,mode=0600 ssh-add -L > /w/a
            RUN --mount=type=ssh,id=a,mode=0666 ssh-add -L > /w/all

            """);

        Outcome built = ssh.Build(context, "-t", "ids", "--ssh", $"a={one},{three}", "--ssh", "b=" + two);

        Assert.True(built.ExitCode == 0, built.Error);
        string[] Lines(string file) => [.. Ground.Shell("ids", "cat " + file).TrimEnd('\n').Split('\n').Select(static line => line.Trim())];
        string Public(string key) => string.Join(' ', File.ReadAllText(key + ".pub").Split(' ')[..2]);
        Assert.Equal([Public(one), Public(three)], Lines("/a"));
        Assert.Equal([Public(two)], Lines("/b"));
        Assert.Equal(Lines("/a"), Lines("/w/a"));
        Assert.Equal(Lines("/a"), Lines("/w/all"));
        Assert.Equal(["600 0:0"], Lines("/mode"));
        Assert.Contains("Permission denied", Ground.Shell("ids", "cat /w/none"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_lent_is_an_error_where_it_is_required()
    {
        string context = Ground.Context("FROM client\nRUN --mount=type=ssh,required=true ssh-add -l\n");

        Outcome failed = ssh.Build(context, "--ssh", "other=" + ssh.Server.Key("other"));

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("unset ssh forward key default", failed.Error, StringComparison.Ordinal);
        Assert.Contains("Dockerfile:2", failed.Error, StringComparison.Ordinal);
        Assert.Contains("hint: give it with --ssh default", failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default=FOLDER/locked", "it is protected by a passphrase", "ssh-add")]
    [InlineData("default=FOLDER/locked.pub", "it holds no private key", ".pub")]
    [InlineData("default=FOLDER/none", "no such file", "")]
    [InlineData("default", "SSH_AUTH_SOCK is not set", "--ssh default=FILE")]
    public void What_cannot_be_lent_is_named_before_anything_is_built(string flag, string message, string hint)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Ground.Tare.Folder, $"keys-{Guid.NewGuid():N}")).FullName;
        Outcome.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", folder + "/locked");
        string context = Ground.Context("FROM client\nRUN true\n");
        Ground.Tare.Variables["SSH_AUTH_SOCK"] = "";

        Outcome failed = ssh.Build(context, "--ssh", flag.Replace("FOLDER", folder, StringComparison.Ordinal));

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(message, failed.Error, StringComparison.Ordinal);
        Assert.Contains(hint, failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("[1/2]", failed.Error, StringComparison.Ordinal);
        BusyboxStore.AssertClear(failed);
    }
}
