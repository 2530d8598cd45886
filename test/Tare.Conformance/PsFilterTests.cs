// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>ps --filter</c>, -n and -l, over four containers of each class.</summary>
[Trait("ring", "kernel")]
public sealed class PsFilterTests(PsFilterTests.Four four) : IClassFixture<PsFilterTests.Four>
{
    [Theory]
    [InlineData("up", "name=TAG-up")]
    [InlineData("up", "name=^TAG-up$")]
    [InlineData("up", "name=^/TAG-up$")]
    [InlineData("up", "name=/TAG-up")]
    [InlineData("made up", "name=TAG-[mu]")]
    [InlineData("", "name=^TAG$")]
    [InlineData("up", "status=running")]
    [InlineData("still", "status=paused")]
    [InlineData("made", "status=created")]
    [InlineData("over", "status=exited")]
    [InlineData("", "status=dead")]
    [InlineData("", "status=removing")]
    [InlineData("", "status=restarting")]
    [InlineData("still up", "status=running", "status=paused")]
    [InlineData("over", "exited=3")]
    [InlineData("", "exited=0")]
    [InlineData("still up", "label=kind")]
    [InlineData("up", "label=kind=first")]
    [InlineData("", "label=kind=first", "label=other")]
    [InlineData("up", "label=kind=first", "status=running", "status=exited")]
    [InlineData("made over still up", "ancestor=IMAGE")]
    [InlineData("made over still up", "ancestor=IMAGE:latest")]
    [InlineData("", "ancestor=no-such-image")]
    [InlineData("still up", "before=TAG-over")]
    [InlineData("made", "since=TAG-over")]
    [InlineData("up", "volume=/bound")]
    [InlineData("up", "volume=HOST")]
    [InlineData("", "volume=no-such-volume")]
    [InlineData("", "network=no-such-network")]
    [InlineData("over", "network=none", "exited=3")]
    [InlineData("made over still up", "health=none")]
    [InlineData("", "health=healthy")]
    [InlineData("", "publish=80")]
    [InlineData("", "expose=80/tcp")]
    [InlineData("made over still up", "is-task=false")]
    [InlineData("", "is-task=true")]
    public void A_filter_chooses(string expected, params string[] filters) =>
        Assert.Equal(expected, string.Join(' ', four.List(["-a"], filters)));

    [Fact]
    public void An_id_is_found_by_its_beginning()
    {
        string id = four.Subject.Look($"{four.Tag}-up", "{{.Id}}");

        Assert.Equal(["up"], four.List(["-a"], [$"id={id[..12]}"]));
        Assert.Equal([], four.List(["-a"], ["id=nope"]));
    }

    [Theory]
    [InlineData("over", "status=exited")]
    [InlineData("made", "status=created")]
    [InlineData("", "exited=3")]
    [InlineData("still up", "name=TAG")]
    public void Only_a_status_shows_what_does_not_run(string expected, string filter) =>
        Assert.Equal(expected, string.Join(' ', four.List([], [filter])));

    [Theory]
    [InlineData(1, "nope", "status=nope")]
    [InlineData(1, "x", "exited=x")]
    [InlineData(1, "nope", "health=nope")]
    [InlineData(1, "No such container: no-such-container", "before=no-such-container")]
    [InlineData(1, "No such container: no-such-container", "since=no-such-container")]
    [InlineData(1, "invalid filter 'nope", "nope=1")]
    [InlineData(125, "name", "name")]
    public void A_wrong_filter_is_refused(int code, string words, string filter) =>
        four.Subject.Refuses(code, words, "ps", "-f", filter);

    [Fact]
    public void The_latest_come_first()
    {
        Assert.Equal(["made", "over", "still", "up"], four.List(["-n", "1000"], []));
        if (Subject.Reference is null)
        {
            // a shared daemon has newer ones of others
            Assert.Equal(["made", "over"], four.List(["-n", "2"], []));
            Assert.Equal(["made"], four.List(["-l"], []));
        }
    }

    /// <summary>A container in each state: up, still (paused), over (exited with 3), made, in this order.</summary>
    public sealed class Four : IDisposable
    {
        public Four()
        {
            Tag = Subject.Name("four");
            string host = Directory.CreateDirectory(Path.Combine(Subject.Program.Folder, "bound")).FullName;
            Make("up", "-d", "--label", "kind=first", "-v", $"{host}:/bound", Subject.Image, "sleep", "1000");
            Make("still", "-d", "--label", "kind=second", Subject.Image, "sleep", "1000");
            Make("over", "--network", "none", Subject.Image, "sh", "-c", "exit 3");
            Subject.Ask("pause", $"{Tag}-still");
            Subject.Ask("create", "--name", $"{Tag}-made", Subject.Image, "true");
        }

        public Subject Subject { get; } = new();

        public string Tag { get; }

        /// <summary>The words of the names that <c>ps</c> lists; TAG, IMAGE and HOST are replaced in filters.</summary>
        public string[] List(string[] flags, string[] filters)
        {
            string host = Path.Combine(Subject.Program.Folder, "bound");
            IEnumerable<string> words = filters.SelectMany(filter => new[] { "-f", Meant(filter) });
            return
            [
                .. Subject.Ask(["ps", .. flags, .. words, "--format", "{{.Names}}"]).Split('\n')
                    .Where(name => name.StartsWith($"{Tag}-", StringComparison.Ordinal))
                    .Select(name => name[(Tag.Length + 1)..]),
            ];

            string Meant(string filter) => filter.Replace("TAG", Tag, StringComparison.Ordinal)
                .Replace("IMAGE", Subject.Image, StringComparison.Ordinal)
                .Replace("HOST", host, StringComparison.Ordinal);
        }

        public void Dispose()
        {
            Subject.Run(["rm", "-f", .. new[] { "up", "still", "over", "made" }.Select(word => $"{Tag}-{word}")]);
            Subject.Dispose();
        }

        private void Make(string word, params string[] args) =>
            Subject.Run(["run", "--name", $"{Tag}-{word}", .. args]);
    }
}
