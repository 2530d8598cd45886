// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Output.Templates;

namespace Tare.Cli.Commands;

/// <summary><c>tare version</c>: one program, so client and server are the same.</summary>
internal static class VersionVerb
{
    private static readonly Flag<string?> Format =
        Flag.Text("-f, --format", "string", "Format output using a custom template: 'json' or a Go template");

    public static Verb Create() => new("Show the Tare version information", "[OPTIONS]", Act)
    {
        Flags = [Format],
        MaxOperands = 0,
        NeedsRoot = false,
        Examples = [("tare version --format '{{.Version}}'", "the number alone")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        if (arguments.Get(Format) is { } format)
        {
            session.Output.WriteLine(Template.Parse(format == "json" ? "{{json .}}" : format).Render(Document()));
            return 0;
        }

        session.Output.WriteLine(
            $"Tare:\n Version:     {Release.Version}\n Runtime:     {RuntimeInformation.FrameworkDescription}");
        session.Output.WriteLine($" OS/Arch:     {Platform()}\n Kernel:      {Environment.OSVersion.Version}");
        return 0;
    }

    private static JsonElement Document() => Json.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (string side in (ReadOnlySpan<string>)["Client", "Server"])
        {
            writer.WriteStartObject(side);
            WriteFacts(writer);
            writer.WriteEndObject();
        }

        WriteFacts(writer);
        writer.WriteEndObject();
    });

    private static void WriteFacts(Utf8JsonWriter writer)
    {
        writer.WriteString("Version", Release.Version);
        writer.WriteString("Os", "linux");
        writer.WriteString("Arch", Architecture());
        writer.WriteString("KernelVersion", Environment.OSVersion.Version.ToString());
    }

    private static string Platform() => $"linux/{Architecture()}";

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new PlatformNotSupportedException(other.ToString()),
    };
}
