// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Engine.Registries;
using Tare.Images.Remote;
using Tare.Linux;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare manifest inspect</c>: the very bytes, or with <c>--verbose</c> docker's document about them.</summary>
internal static class ManifestInspectVerb
{
    private static readonly Flag<bool> Verbose = Flag.Switch("-v, --verbose", "Output additional info including layers and platform");

    /// <summary>Taken for the sake of scripts written for docker: what may be insecure stands in the configuration.</summary>
    private static readonly Flag<bool> Insecure = Flag.Switch("--insecure", "Without meaning here: see insecure-registries in docs/config.md");

    private static readonly JsonWriterOptions Tabs = new()
    {
        Indented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Verb Create() => new("Display an image manifest, or manifest list, of a registry", "[OPTIONS] IMAGE", Act)
    {
        Flags = [Insecure, Verbose],
        MinOperands = 1,
        MaxOperands = 1,
        NeedsRoot = false,
        Completes = Candidates.Images,
        Examples =
        [
            ("tare manifest inspect debian:12", "byte for byte as the registry has it: piped into sha256sum it gives the digest"),
            ("tare manifest inspect -v debian:12", "with every platform's manifest"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Reference name = Reference.Parse(arguments.Operands[0]);
        RegistryOptions options = RegistryAccess.Of(session.RegistryUser);
        if (arguments.Get(Verbose))
        {
            session.Output.WriteLine(
                Document(RemoteImage.GetAllAsync(name, options, session.Cancellation).GetAwaiter().GetResult()));
            return 0;
        }

        RemoteImage image = RemoteImage.GetAsync(name, options, session.Cancellation).GetAwaiter().GetResult();
        session.Output.Write(Encoding.UTF8.GetString(image.Bytes));
        if (IsTerminal() && image.Bytes is not [.., (byte)'\n'])
        {
            session.Output.WriteLine();
        }

        return 0;
    }

    private static string Document(IReadOnlyList<RemoteImage> images)
    {
        bool isIndex = images is not [{ IsOfIndex: false }];
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Tabs))
        {
            if (isIndex)
            {
                writer.WriteStartArray();
            }

            foreach (RemoteImage image in images)
            {
                Write(writer, image);
            }

            if (isIndex)
            {
                writer.WriteEndArray();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, RemoteImage image)
    {
        writer.WriteStartObject();
        writer.WriteString("Ref", image.Name.ToString());
        writer.WritePropertyName("Descriptor");
        JsonSerializer.SerializeToElement(image.Root, OciJson.Writer.Descriptor).WriteTo(writer);
        writer.WriteBase64String("Raw", image.Bytes);
        using JsonDocument manifest = JsonDocument.Parse(image.Bytes);
        writer.WritePropertyName(image.Root.MediaType == MediaType.DockerManifest ? "SchemaV2Manifest" : "OCIManifest");
        manifest.RootElement.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static bool IsTerminal()
    {
        using Fd? output = Tare.Linux.Processes.OwnProcess.TryDuplicateStandard(1);
        return output is not null && TerminalMode.IsTerminal(output);
    }
}
