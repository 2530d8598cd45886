// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare push</c>.</summary>
internal static class PushVerb
{
    private static readonly Flag<bool> AllTags = Flag.Switch("-a, --all-tags", "Push all tags of an image to the repository");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress verbose output");

    public static Verb Create() => new("Upload an image to a registry", "[OPTIONS] NAME[:TAG]", Act)
    {
        Flags = [AllTags, Quiet],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Images,
        Examples =
        [
            ("tare push registry.example/app:1", "what tare tag named so before"),
            ("tare push -a registry.example/app", "all tags that it has here"),
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

        bool isQuiet = arguments.Get(Quiet);
        var printer = new PushPrinter(Progress.Open(session, isQuiet));
        if (isBare && !arguments.Get(AllTags))
        {
            printer.Print("Using default tag: latest");
        }

        using TareEngine engine = session.OpenEngineAsItIs();
        Pushing push = RegistryAccess.Push(engine, printer.Tell, printer.Move);
        printer.Print($"The push refers to repository [{name.Name}]");
        foreach (Reference each in arguments.Get(AllTags) ? push.TagsOf(name) : [name])
        {
            Push(session, push, each, printer);
        }

        if (isQuiet)
        {
            session.Output.WriteLine(arguments.Get(AllTags) ? name.Name : name.ToString());
        }

        return 0;
    }

    private static void Push(Session session, Pushing push, Reference name, PushPrinter printer)
    {
        PushedImage pushed = push.RunAsync(name, session.Cancellation).GetAwaiter().GetResult();
        printer.Print($"{name.Tag}: digest: {pushed.Root.Digest} size: {pushed.Root.Size}");
        if (pushed.Left is { } left)
        {
            session.Error.WriteLine(
                "Info: Not all multiplatform-content is present and only the available single-platform image was pushed\n"
                + $"{left} -> {pushed.Root.Digest}");
        }
    }
}
