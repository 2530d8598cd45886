// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare pull</c>.</summary>
internal static class PullVerb
{
    private static readonly Flag<bool> AllTags =
        Flag.Switch("-a, --all-tags", "Download all tagged images in the repository");
    private static readonly Flag<bool> AllPlatforms =
        Flag.Switch("--all-platforms", "Download an image that has several platforms whole, as copy and push need it");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Choose among the platforms of an image (os/arch[/variant])");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress verbose output");

    public static Verb Create() => new("Download an image from a registry", "[OPTIONS] NAME[:TAG|@DIGEST]", Act)
    {
        Flags = [AllPlatforms, AllTags, Platform, Quiet],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Images,
        Examples =
        [
            ("tare pull debian:bookworm-slim", "from docker.io, for this machine's platform"),
            ("tare pull --platform linux/arm64 registry.example/app:1", "for another one, from another registry"),
            ("tare pull -q localhost:5000/app@sha256:…", "exactly this one; prints its name alone"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string text = arguments.Operands[0];
        Reference name = Reference.Parse(text);
        bool isBare = name.Digest is null && !text.AsSpan(text.LastIndexOf('/') + 1).Contains(':');
        if (arguments.Get(AllTags) && !isBare)
        {
            throw new UsageException("tag can't be used with --all-tags/-a", 1);
        }

        if (arguments.Get(AllPlatforms) && arguments.Get(Platform) is not null)
        {
            throw new UsageException("--platform and --all-platforms are mutually exclusive", 1);
        }

        Platform? platform = arguments.Get(Platform) is { } asked ? Tare.Oci.Platform.Parse(asked, Hardware.Host) : null;
        bool isQuiet = arguments.Get(Quiet);
        var printer = new PullPrinter(Progress.Open(session, isQuiet));
        using TareEngine engine = session.OpenEngineAsItIs();
        Pulling pull = RegistryAccess.Pull(engine, printer.Watch, arguments.Get(AllPlatforms));
        string full = arguments.Get(AllTags)
            ? PullAll(pull, name, platform, printer, session.Cancellation)
            : PullOne(pull, name, platform, printer, isBare && !isQuiet ? session : null, session.Cancellation);
        if (isQuiet)
        {
            session.Output.WriteLine(full);
        }

        return 0;
    }

    private static string PullOne(
        Pulling pull, Reference name, Platform? platform, PullPrinter printer, Session? told, CancellationToken ct)
    {
        told?.Output.WriteLine("Using default tag: latest");
        told?.Flush();
        PulledImage pulled = pull.RunAsync(name, platform, ct).GetAwaiter().GetResult();
        printer.Conclude(name.Familiar, name.ToString(), pulled.IsNew);
        return name.ToString();
    }

    private static string PullAll(Pulling pull, Reference name, Platform? platform, PullPrinter printer, CancellationToken ct)
    {
        IReadOnlyList<PulledImage> pulled = pull.RunAllAsync(name, platform, ct).GetAwaiter().GetResult();
        printer.Conclude(name.FamiliarName, name.Name, pulled.Any(static p => p.IsNew));
        return name.Name;
    }
}
