// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare push</c>.</summary>
internal static class PushVerb
{
    private const int ShortDigest = 12;
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress verbose output");

    public static Verb Create() => new("Upload an image to a registry", "[OPTIONS] NAME[:TAG]", Act)
    {
        Flags = [Quiet],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Images,
        Examples = [("tare push registry.example/app:1", "what tare tag named so before")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string text = arguments.Operands[0];
        Reference name = Reference.Parse(text);
        bool isQuiet = arguments.Get(Quiet);
        TextWriter output = isQuiet ? TextWriter.Null : session.Output;
        if (name.Digest is null && !text.AsSpan(text.LastIndexOf('/') + 1).Contains(':'))
        {
            Print(output, "Using default tag: latest");
        }

        using TareEngine engine = session.OpenEngineAsItIs();
        Print(output, $"The push refers to repository [{name.Name}]");
        PushedImage pushed = RegistryAccess
            .Push(engine, (layer, stage, from) => Print(output, $"{layer.DiffId.Digest.Hex[..ShortDigest]}: {Words(stage, from)}"))
            .RunAsync(name, session.Cancellation).GetAwaiter().GetResult();
        Print(output, $"{name.Tag}: digest: {pushed.Root.Digest} size: {pushed.Root.Size}");
        if (pushed.Left is { } left)
        {
            session.Error.WriteLine(
                "Info: Not all multiplatform-content is present and only the available single-platform image was pushed\n"
                + $"{left} -> {pushed.Root.Digest}");
        }

        if (isQuiet)
        {
            session.Output.WriteLine(name.ToString());
        }

        return 0;
    }

    private static void Print(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    private static string Words(LayerStage stage, string? from) => stage switch
    {
        LayerStage.AlreadyExists => "Layer already exists",
        LayerStage.Mounted => $"Mounted from {from}",
        LayerStage.Pushed => "Pushed",
        _ => "Preparing",
    };
}
