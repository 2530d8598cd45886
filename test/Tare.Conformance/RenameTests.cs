// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>rename</c>.</summary>
[Trait("ring", "kernel")]
public sealed class RenameTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void It_has_the_new_name_everywhere()
    {
        string old = subject.Created("true"), renamed = subject.Name("renamed");
        string id = subject.Look(old, "{{.Id}}");

        Assert.Equal("", subject.Ask("rename", old, renamed));

        Assert.Equal($"/{renamed} {id}", subject.Look(renamed, "{{.Name}} {{.Id}}"));
        Assert.False(subject.Exists(old));
        subject.Refuses(1, $"No such container: {old}", "start", old);
        subject.Ask("create", "--name", old, subject.Image, "true");
    }

    [Fact]
    public void What_runs_and_what_is_paused_can_be_renamed()
    {
        string old = subject.Sleeper(), second = subject.Name("renamed"), third = subject.Name("renamed");

        subject.Ask("rename", old, second);
        Assert.Equal("fine", subject.Ask("exec", second, "echo", "fine"));
        subject.Ask("pause", second);
        subject.Ask("rename", $"/{second}", $"/{third}");

        Assert.Equal("paused 0", subject.State(third));
        Assert.Equal(third, subject.Ask("kill", third));
    }

    [Fact]
    public void A_taken_name_is_refused()
    {
        string name = subject.Created("true"), taken = subject.Created("true");

        subject.Refuses(1, $"\"/{taken}\" is already in use", "rename", name, taken);
        subject.Refuses(1, "same name", "rename", name, name);

        Assert.True(subject.Exists(name));
    }

    [Theory]
    [InlineData("a b", "invalid container name")]
    [InlineData("x", "invalid container name")]
    [InlineData("-x", "")]
    [InlineData("", "name")]
    public void A_bad_name_is_refused(string bad, string words)
    {
        string name = subject.Created("true");

        Outcome outcome = subject.Run("rename", "--", name, bad);

        subject.AssertRefused(outcome, 1, words);
        Assert.True(subject.Exists(name));
    }

    [Theory]
    [InlineData(1, "No such container: no-such-container", "no-such-container", "new-name")]
    [InlineData(1, "2 arguments", "x")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "x", "yy")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["rename", .. args]);
}
