// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Output.Templates;
using Tare.Engine;
using Tare.Linux.Cgroups;
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Images.Store;

namespace Tare.Cli.Commands;

/// <summary><c>tare info</c>.</summary>
internal static class InfoVerb
{
    private static readonly Flag<string?> Format =
        Flag.Text("-f, --format", "string", "Format output using a custom template: 'json' or a Go template");

    public static Verb Create() => new("Display system-wide information", "[OPTIONS]", Act)
    {
        Flags = [Format],
        MaxOperands = 0,
        Examples = [("tare info -f '{{.Containers}}'", "one number")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        (string Name, string Label, object Value)[] facts = Facts(engine);
        if (arguments.Get(Format) is { } format)
        {
            session.Output.WriteLine(Template.Parse(format == "json" ? "{{json .}}" : format).Render(Document(facts, engine.Configuration)));
            return 0;
        }

        foreach ((_, string label, object value) in facts)
        {
            session.Output.WriteLine($"{label}: {Convert.ToString(value, CultureInfo.InvariantCulture)}");
        }

        ConfigurationFacts.Print(session.Output, engine.Configuration);
        return 0;
    }

    private static (string Name, string Label, object Value)[] Facts(TareEngine engine)
    {
        ContainerStatus[] states = [.. engine.Containers.List().Select(row => StatusReader.Read(engine, row))];
        return
        [
            ("Containers", "Containers", (long)states.Length),
            ("ContainersRunning", " Running", (long)states.Count(state => state.Kind == ContainerStatusKind.Running)),
            ("ContainersPaused", " Paused", (long)states.Count(state => state.Kind == ContainerStatusKind.Paused)),
            ("ContainersStopped", " Stopped", (long)states.Count(state => !state.IsLive)),
            ("Images", "Images", (long)engine.Images.List(ImageFilter.None).DistinctBy(image => image.Id).Count()),
            ("ServerVersion", "Server Version", Release.Version),
            ("Driver", "Storage Driver", "overlayfs"),
            ("CgroupDriver", "Cgroup Driver", "cgroupfs"),
            ("CgroupVersion", "Cgroup Version", $"{CgroupHost.Detect().Version}"),
            ("DefaultRuntime", "Default Runtime", "tare"),
            ("KernelVersion", "Kernel Version", Environment.OSVersion.Version.ToString()),
            ("OSType", "OSType", "linux"),
            ("Architecture", "Architecture", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64"),
            ("NCPU", "CPUs", (long)Environment.ProcessorCount),
            ("MemTotal", "Total Memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            ("Name", "Name", Environment.MachineName),
            ("DockerRootDir", "Root Dir", engine.Folders.Root),
            ("RunDir", "Run Dir", engine.Folders.Run),
        ];
    }

    private static JsonElement Document(
        (string Name, string Label, object Value)[] facts, EngineConfiguration configuration) => Json.Build(writer =>
    {
        writer.WriteStartObject();
        foreach ((string name, _, object value) in facts)
        {
            if (value is long number)
            {
                writer.WriteNumber(name, number);
            }
            else
            {
                writer.WriteString(name, (string)value);
            }
        }

        ConfigurationFacts.Write(writer, configuration);
        writer.WriteEndObject();
    });
}
