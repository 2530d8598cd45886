// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Images;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare build</c>: an image from a Dockerfile.</summary>
internal static class BuildVerb
{
    public static Verb Create() => new("Build an image from a Dockerfile", "[OPTIONS] PATH | URL | -", Act)
    {
        Flags = [.. BuildFlags.All, .. ResultFlags.All],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Files,
        Examples =
        [
            ("tare build -t app:1 .", "the Dockerfile of this folder, with its files"),
            ("tare build --target test --build-arg VERSION=2 .", "one stage, with an argument"),
            ("tare build --secret id=token,src=token.txt .", "a file that RUN --mount=type=secret,id=token sees and no layer has"),
            ("tare build -o out .", "the files of the result, into a folder"),
            ("tare build -t app - < Dockerfile", "without any files"),
            ("tare build https://host/app.git#main:docker", "a folder of a git repository, at a branch, tag or commit"),
            ("tare build --explain .", "with the reason why each step ran"),
            ("tare build --cache-to type=local,dest=cache,mode=max .", "the cache, for --cache-from type=local,src=cache elsewhere"),
            ("tare build --check .", "only what is doubtful about the Dockerfile"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        IReadOnlyList<BuildOutput> outputs = BuildOutput.Of(arguments);
        RequireTerminal(arguments);
        BuildReports.Kind report = BuildReports.Of(arguments);
        _ = ResultFlags.Attestations(arguments);
        _ = arguments.Get(BuildFlags.Tag).Concat(outputs.SelectMany(static output => output.Names)).Select(Reference.Parse).ToList();
        using TareEngine engine = session.OpenEngine();
        using var source = BuildSource.Open(
            arguments.Operands[0], arguments.Get(BuildFlags.File), () => engine.Images,
            place => BuildContexts.OpenMain(session, engine, arguments, place), session.Cancellation);
        IReadOnlyList<Platform?> platforms = CacheFlags.Platforms(arguments, Hardware.Host);
        using var printer = BuildPrinter.Open(
            session, arguments.Get(BuildFlags.Progress), arguments.Get(BuildFlags.Quiet) || report != BuildReports.Kind.None);
        using var caching = new BuildCaching(session, engine, arguments, printer);
        BuildRequest[] requests = [.. platforms.Select(platform =>
            ToRequest(arguments, source, report, platform) with { ShowsPlatform = platforms.Count > 1 })];
        using var run = new BuildRun(session, engine, source, requests, arguments, printer) { Caching = caching };
        try
        {
            return report != BuildReports.Kind.None ? BuildReports.Print(session, report, run.Plan()) : run.Build(outputs);
        }
        catch (StepFailure failure)
        {
            printer.Finish();
            run.PrintNotes();
            return Tell(session, source, failure);
        }
    }

    private static BuildRequest ToRequest(ParsedArguments arguments, BuildSource source, BuildReports.Kind report, Platform? platform) =>
        new(platform ?? Hardware.Host, Hardware.Host)
        {
            IsTargetGiven = platform is not null,
            Stage = arguments.Get(BuildFlags.Target),
            Arguments = Arguments(arguments),
            Contexts = BuildFlags.Pairs(arguments.Get(BuildFlags.BuildContext), fromEnvironment: false)
                .ToDictionary(static pair => pair.Key.ToLowerInvariant(), static pair => pair.Value),
            Ignored = source.Ignored,
            Labels = BuildFlags.Pairs(arguments.Get(BuildFlags.Label), fromEnvironment: false),
            IgnoresCache = arguments.Get(BuildFlags.NoCache) || arguments.Get(CacheFlags.Verify),
            UncachedStages = arguments.Get(BuildFlags.NoCacheFilter),
            WantsAllStages = report is BuildReports.Kind.Check or BuildReports.Kind.CheckJson,
        };

    /// <summary>Whoever wants to enter what failed is told beforehand when that cannot be.</summary>
    private static void RequireTerminal(ParsedArguments arguments)
    {
        if (CacheFlags.EntersFailure(arguments) && !(UserStreams.IsTerminal(0) && UserStreams.IsTerminal(1)))
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, "--on-error shell: standard input and output are no terminal",
                "leave it out where nobody can type");
        }
    }

    /// <summary>As buildx: the moment of the build is an argument without anybody saying so.</summary>
    private static Dictionary<string, string> Arguments(ParsedArguments arguments)
    {
        Dictionary<string, string> pairs = BuildFlags.Pairs(arguments.Get(BuildFlags.BuildArg), fromEnvironment: true);
        if (!pairs.ContainsKey(BuildTime.Variable) && Session.Variable(BuildTime.Variable) is { } moment)
        {
            pairs[BuildTime.Variable] = moment;
        }

        return pairs;
    }

    /// <summary>As buildx: the last lines of the step, the lines of the Dockerfile, the cause.</summary>
    private static int Tell(Session session, BuildSource source, StepFailure failure)
    {
        session.Flush();
        TextWriter error = session.Error;
        error.WriteLine("------");
        error.WriteLine($" > {Output.Printable.Of(failure.Step)}:");
        foreach (string line in failure.Output)
        {
            error.WriteLine(BuildPrinter.Shown(line));
        }

        error.WriteLine("------");
        BuildReports.Excerpt(error, source.Document.Source, failure.Range);
        Failure.Print(session, $"failed to build: failed to solve: {failure.Message}", failure.Hint);
        return 1;
    }
}
