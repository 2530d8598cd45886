// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>create</c> and <c>start</c>.</summary>
[Trait("ring", "kernel")]
public sealed class CreateStartTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void Create_prints_the_id_and_starts_nothing()
    {
        string name = subject.Name("made");

        string output = subject.Ask("create", "--name", name, subject.Image, "sh", "-c", "echo hi; exit 3");

        Assert.Matches("^[0-9a-f]{64}$", output);
        Assert.Equal(output, subject.Look(name, "{{.Id}}"));
        Assert.Equal("created 0", subject.State(name));
        Assert.Equal("", subject.Run("logs", name).Text);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        string name = subject.Created("true");

        subject.Refuses(1, $"\"/{name}\" is already in use", "create", "--name", name, subject.Image, "true");
        subject.Refuses(125, $"\"/{name}\" is already in use", "run", "-d", "--name", name, subject.Image, "true");
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("b@d")]
    [InlineData("x")]
    public void A_bad_name_is_refused(string name) =>
        subject.Refuses(1, "invalid container name", "create", "--name", name, subject.Image, "true");

    [Fact]
    public void A_slash_before_a_name_is_no_part_of_it()
    {
        string name = subject.Name("slash");

        subject.Ask("create", "--name", $"/{name}", subject.Image, "true");

        Assert.Equal($"/{name}", subject.Look(name, "{{.Name}}"));
        Assert.Equal($"/{name}", subject.Ask("rm", $"/{name}"));
    }

    [Fact]
    public void A_missing_image_is_refused() =>
        subject.Refuses(1, "no-such-image:1", "create", "--pull", "never", "no-such-image:1", "true");

    [Theory]
    [InlineData(1, "at least 1 argument", "create")]
    [InlineData(125, "unknown flag: --nosuch", "create", "--nosuch")]
    [InlineData(125, "'d'", "create", "-d", "image")]
    [InlineData(1, "at least 1 argument", "start")]
    [InlineData(125, "unknown flag: --nosuch", "start", "--nosuch", "x")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, args);

    [Fact]
    public void The_id_is_written_to_a_file_that_was_not_there()
    {
        string file = Path.Combine(subject.Program.Folder, Guid.NewGuid().ToString("N"));
        string name = subject.Name("cidfile");

        string id = subject.Ask("create", "--name", name, "--cidfile", file, subject.Image, "true");

        Assert.Equal(id, File.ReadAllText(file));
        subject.Refuses(1, "file found", "create", "--cidfile", file, subject.Image, "true");
    }

    [Fact]
    public void Start_prints_the_name_and_does_not_wait()
    {
        string name = subject.Created("sleep", "1000");

        Assert.Equal(name, subject.Ask("start", name));

        Assert.Equal("running 0", subject.State(name));
        Assert.Equal(name, subject.Ask("start", name));
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void A_container_is_started_by_a_part_of_its_id()
    {
        string name = subject.Created("sleep", "1000");
        string part = subject.Look(name, "{{.Id}}")[..12];

        Assert.Equal(part, subject.Ask("start", part));

        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Of_several_all_that_can_are_started()
    {
        string first = subject.Created("sleep", "1000"), second = subject.Created("sleep", "1000");
        string bad = subject.Created("no-such-command");

        Outcome outcome = subject.Run("start", first, "no-such-container", bad, second);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Contains("no-such-command", outcome.Error, StringComparison.Ordinal);
        Assert.Equal($"{first}\n{second}\n", outcome.Text);
        Assert.Equal("running 0", subject.State(second));
    }

    [Fact]
    public void An_attached_start_gives_output_and_exit_code_of_this_run_only()
    {
        string name = subject.Ended("echo out; echo err >&2; exit 3");

        Outcome outcome = subject.Run("start", "-a", name);

        Assert.Equal((3, "out\n", "err\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
        Assert.Equal("out\nout\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void Several_cannot_be_attached_at_once() =>
        subject.Refuses(
            1, "multiple containers at once", "start", "-a", subject.Created("true"), subject.Created("true"));

    [Fact]
    public void Input_goes_to_a_container_created_for_it()
    {
        string name = subject.Name("input");
        subject.Ask("create", "-i", "--name", name, subject.Image, "sh", "-c", "cat; exit 4");

        Assert.Equal((4, "one\n"), Fed("one\n"));
        Assert.Equal((4, "two\n"), Fed("two\n"));
        Assert.Equal("true true", subject.Look(name, "{{.Config.OpenStdin}} {{.Config.StdinOnce}}"));

        (int, string) Fed(string input)
        {
            Outcome outcome = subject.Program.Run(["start", "-ai", name], System.Text.Encoding.UTF8.GetBytes(input));
            return (outcome.ExitCode, outcome.Text);
        }
    }

    [Fact]
    public void A_terminal_made_by_create_is_there_without_ours()
    {
        string name = subject.Name("terminal");
        subject.Ask("create", "-t", "--name", name, subject.Image, "tty");

        Outcome outcome = subject.Run("start", "-a", name);

        Assert.Equal((0, "/dev/pts/0\r\n"), (outcome.ExitCode, outcome.Text));
    }

    [Theory]
    [InlineData("no-such-command", "no-such-command", 127)]
    [InlineData("/no/such", "no such file", 127)]
    [InlineData("/etc", "/etc", 126)]
    [InlineData("/bin/unrunnable", "permission denied", 126)]
    public void A_failed_start_leaves_it_created_with_the_code(string command, string words, int code)
    {
        string name = subject.Created(command);

        subject.Refuses(1, words, "start", name);
        subject.Refuses(1, words, "start", "-a", name);

        Assert.Equal($"created {code}", subject.State(name));
        Assert.Contains(command, subject.Look(name, "{{.State.Error}}"), StringComparison.Ordinal);
        Assert.Equal("0001-01-01T00:00:00Z", subject.Look(name, "{{.State.StartedAt}}"));
        Assert.Equal("Created", subject.Ask("ps", "-a", "-f", $"name={name}", "--format", "{{.Status}}"));
        Assert.Equal(name, subject.Ask("rm", name));
    }

    [Fact]
    public void What_was_created_with_rm_is_gone_after_its_end()
    {
        string name = subject.Name("brief");
        subject.Ask("create", "--rm", "--name", name, subject.Image, "true");

        Assert.Equal(name, subject.Ask("start", name));

        Subject.Await(() => !subject.Exists(name));
    }

    [Fact]
    public void Files_stay_from_start_to_start()
    {
        string name = subject.Created("sh", "-c", "echo x >>/data/log; wc -l </data/log");

        Assert.Equal("1", subject.Ask("start", "-a", name));
        Assert.Equal("2", subject.Ask("start", "-a", name));
    }
}
