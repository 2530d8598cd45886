// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Output.Templates;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare inspect</c>: containers first, then images, as docker looks.</summary>
internal static class InspectVerb
{
    private const string JsonWord = "json";

    /// <summary>EX_USAGE of sysexits(3).</summary>
    private const int BadTemplate = 64;

    private static readonly Flag<string?> Format =
        Flag.Text("-f, --format", "string", "Format output using a custom template: 'json' or a Go template");
    private static readonly Flag<string?> Type =
        Flag.Text("--type", "string", "Only inspect objects of the given type (container, image)");

    private static readonly Flag<bool> Size =
        Flag.Switch("-s, --size", "Display total file sizes if the type is container");

    public static Verb Create() =>
        Create("Return low-level information on containers and images", "NAME|ID", null, Candidates.Containers) with
        {
            Flags = [Format, Size, Type],
        };

    public static Verb CreateForImages() =>
        Create("Display detailed information on one or more images", "IMAGE", "image", Candidates.Images);

    public static Verb CreateForContainers() =>
        Create(
            "Display detailed information on one or more containers", "CONTAINER", "container", Candidates.Containers);

    private static Verb Create(string summary, string operand, string? type, Candidates completes) =>
        new(summary, $"[OPTIONS] {operand} [{operand}...]", (session, arguments) => Act(session, arguments, type ?? arguments.Get(Type)))
        {
            Flags = type == "image" ? [Format] : [Format, Size],
            MinOperands = 1,
            Completes = completes,
            Examples = [("tare inspect -f '{{.Config.Cmd}}' busybox", "one field through a template")],
        };

    private static int Act(Session session, ParsedArguments arguments, string? type)
    {
        if (type is not (null or "container" or "image"))
        {
            throw new UsageException($"\"{type}\" is not a valid value for --type", 1);
        }

        string? format = arguments.Get(Format);
        Template? template = TemplateOf(format);
        using TareEngine engine = session.OpenEngine();
        List<JsonElement> found = [];
        List<string> missing = [];
        foreach (string name in arguments.Operands)
        {
            JsonElement? document = Find(engine, name, type, arguments.Get(Size));
            if (document is { } there)
            {
                found.Add(there);
            }
            else
            {
                missing.Add(name);
            }
        }

        Print(session, found, template, format == JsonWord);
        missing.ForEach(name => Failure.Print(session, $"No such {type ?? "object"}: {name}", null));
        return missing.Count == 0 ? 0 : 1;
    }

    /// <summary>What <c>inspect</c> of a group does: those that are there are printed, each other one is an error.</summary>
    /// <param name="session">of the call</param>
    /// <param name="arguments">names</param>
    /// <param name="format">null: JSON</param>
    /// <param name="find">the document of a name, or null</param>
    /// <param name="missing">what is said of a name without one</param>
    public static int ActOnEach(
        Session session, ParsedArguments arguments, string? format, Func<TareEngine, string, JsonElement?> find, Func<string, TareException> missing)
    {
        Template? template = TemplateOf(format);
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        List<JsonElement> found = [];
        foreach (string name in arguments.Operands)
        {
            if (find(engine, name) is { } document)
            {
                found.Add(document);
            }
            else
            {
                code = Failure.Report(session, missing(name), null);
            }
        }

        Print(session, found, template, format == JsonWord);
        return code;
    }

    private static JsonElement? Find(TareEngine engine, string name, string? type, bool sized)
    {
        if (type != "image" && engine.Containers.Find(name) is { } row)
        {
            ContainerStatus status = StatusReader.Read(engine, row);
            Upkeep.Run(engine, row, status);
            ContainerDocument document = ContainerInspector.Inspect(
                engine.Folders, row, status, status.IsLive ? LiveContainer.Execs(engine, row) : []);
            return Parse(ContainerInspector.Write(sized ? WithSize(engine, row, document) : document));
        }

        try
        {
            return type == "container" ? null : Parse(engine.Images.Inspect(name).ToJson());
        }
        catch (TareException absent) when (absent.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private static ContainerDocument WithSize(TareEngine engine, ContainerRow row, ContainerDocument document)
    {
        (long own, long all) = ContainerSize.Of(engine, row);
        return document with { SizeRw = own, SizeRootFs = all };
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>What <c>--format</c> of an inspect asks for; null: JSON.</summary>
    /// <exception cref="UsageException">with docker's exit code for a template that is none</exception>
    public static Template? TemplateOf(string? format) => format is null or JsonWord ? null : ParseTemplate(format);

    /// <summary>Prints documents as every inspect does.</summary>
    /// <param name="session">where to</param>
    /// <param name="found">what</param>
    /// <param name="template">of <see cref="TemplateOf"/></param>
    /// <param name="onOneLine">without one: for programs</param>
    public static void Print(Session session, List<JsonElement> found, Template? template, bool onOneLine)
    {
        if (template is null)
        {
            JsonElement all = Json.Build(writer =>
            {
                writer.WriteStartArray();
                found.ForEach(document => document.WriteTo(writer));
                writer.WriteEndArray();
            });
            session.Output.WriteLine(onOneLine ? Json.OneLine(all) : Json.Pretty(all));
            return;
        }

        foreach (JsonElement document in found)
        {
            template.Render(WithSizes(document), session.Output);
            session.Output.WriteLine();
        }
    }

    /// <summary>A template finds a container's sizes also when they were not asked for: they are nil then.</summary>
    private static JsonElement WithSizes(JsonElement document) => document.TryGetProperty("SizeRw", out _)
        || !document.TryGetProperty("HostConfig", out _)
        ? document
        : Json.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in document.EnumerateObject())
            {
                property.WriteTo(writer);
            }

            writer.WriteNull("SizeRw");
            writer.WriteNull("SizeRootFs");
            writer.WriteEndObject();
        });

    private static Template ParseTemplate(string format)
    {
        try
        {
            return Template.Parse(format);
        }
        catch (UsageException wrong)
        {
            throw new UsageException(wrong.Message, BadTemplate);
        }
    }
}
