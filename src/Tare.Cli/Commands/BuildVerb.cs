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
            ("tare build --check .", "only what is doubtful about the Dockerfile"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        IReadOnlyList<BuildOutput> outputs = BuildOutput.Of(arguments);
        BuildReports.Kind report = BuildReports.Of(arguments);
        _ = ResultFlags.Attestations(arguments);
        _ = arguments.Get(BuildFlags.Tag).Concat(outputs.SelectMany(static output => output.Names)).Select(Reference.Parse).ToList();
        using TareEngine engine = session.OpenEngine();
        using var source = BuildSource.Open(
            arguments.Operands[0], arguments.Get(BuildFlags.File), () => engine.Images,
            place => BuildContexts.OpenMain(session, engine, arguments, place), session.Cancellation);
        BuildRequest request = ToRequest(arguments, source, report);
        var printer = new BuildPrinter(PrinterOutput(session, arguments, report));
        try
        {
            using var run = new BuildRun(session, engine, source, request, arguments, printer);
            return report == BuildReports.Kind.None
                ? run.Build(outputs)
                : BuildReports.Print(session, report, run.Plan());
        }
        catch (StepFailure failure)
        {
            return Tell(session, source, failure);
        }
    }

    private static BuildRequest ToRequest(ParsedArguments arguments, BuildSource source, BuildReports.Kind report)
    {
        Platform target = arguments.Get(BuildFlags.Platform) is { } text ? Platform.Parse(text, Hardware.Host) : Hardware.Host;
        if (Hardware.Host.Rank(target) is null)
        {
            throw new TareException(
                ErrorKind.NotSupported, $"platform {target}: this host runs {Hardware.Host}", "building for other platforms is not there yet");
        }

        return new BuildRequest(target, Hardware.Host)
        {
            IsTargetGiven = arguments.Has(BuildFlags.Platform),
            Stage = arguments.Get(BuildFlags.Target),
            Arguments = Arguments(arguments),
            Contexts = BuildFlags.Pairs(arguments.Get(BuildFlags.BuildContext), fromEnvironment: false)
                .ToDictionary(static pair => pair.Key.ToLowerInvariant(), static pair => pair.Value),
            Ignored = source.Ignored,
            Labels = BuildFlags.Pairs(arguments.Get(BuildFlags.Label), fromEnvironment: false),
            IgnoresCache = arguments.Get(BuildFlags.NoCache),
            UncachedStages = arguments.Get(BuildFlags.NoCacheFilter),
            WantsAllStages = report == BuildReports.Kind.Check,
        };
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

    private static TextWriter? PrinterOutput(Session session, ParsedArguments arguments, BuildReports.Kind report)
    {
        string progress = arguments.Get(BuildFlags.Progress) ?? "auto";
        return progress switch
        {
            "quiet" or "none" => null,
            "auto" or "plain" or "tty" => arguments.Get(BuildFlags.Quiet) || report != BuildReports.Kind.None ? null : session.Error,
            _ => throw new UsageException($"invalid progress mode: {progress}", 1),
        };
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
