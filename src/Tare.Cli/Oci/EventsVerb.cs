// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Linux.Cgroups;
using Tare.Linux.Cgroups.Usage;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class EventsVerb
{
    private const int DefaultSeconds = 5;

    private static readonly Flag<bool> Stats = Flag.Switch("--stats", "Print what the container uses now, once");
    private static readonly Flag<long?> Interval = Flag.Of("--interval", "duration", "Time between two lines, such as 5s (default 5s)", Seconds);

    public static OciVerb Create() => new("Print what a container uses, and when it runs out of memory, as lines of JSON", "[OPTIONS] CONTAINER", Act)
    {
        Flags = [Stats, Interval],
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: false);
        using Pidfd? init = container.Status() == OciStatus.Stopped ? null : container.Init.TryOpen();
        if (init is null)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"container with id {container.Record.Id} is not running");
        }

        using var memory = OutOfMemoryWatch.Open(container.Cgroup);
        Print(call.Output, container);
        if (!call.Get(Stats))
        {
            Follow(call, container, init, memory);
        }

        return 0;
    }

    /// <summary>Until the container has ended; what killed it is told last.</summary>
    private static void Follow(OciCall call, OciContainer container, Pidfd init, OutOfMemoryWatch memory)
    {
        var pause = TimeSpan.FromSeconds(call.Get(Interval) ?? DefaultSeconds);
        var watch = Stopwatch.StartNew();
        for (bool isOver = false; !isOver;)
        {
            PollEntry[] entries = [new(init.Fd, EpollEvents.Readable), memory.Next()];
            TellOutOfMemory(call.Output, container.Record.Id, memory);
            if (watch.Elapsed >= pause)
            {
                Print(call.Output, container);
                watch.Restart();
            }

            Poll.Wait(entries, pause - watch.Elapsed is { Ticks: > 0 } rest ? rest : TimeSpan.Zero);
            isOver = entries[0].Ready != EpollEvents.None;
        }

        TellOutOfMemory(call.Output, container.Record.Id, memory);
    }

    private static void TellOutOfMemory(TextWriter output, string id, OutOfMemoryWatch memory)
    {
        if (memory.Take())
        {
            output.WriteLine(JsonLine(writer => Begin(writer, "oom", id)));
            output.Flush();
        }
    }

    private static void Print(TextWriter output, OciContainer container)
    {
        CgroupUsage now = container.Cgroup.Usage();
        output.WriteLine(JsonLine(writer =>
        {
            Begin(writer, "stats", container.Record.Id);
            writer.WritePropertyName("data");
            UsageDocument.Write(writer, now);
        }));
        output.Flush();
    }

    private static void Begin(Utf8JsonWriter writer, string type, string id)
    {
        writer.WriteString("type", type);
        writer.WriteString("id", id);
    }

    private static string JsonLine(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static long Seconds(string text)
    {
        (string number, long unit) = text switch
        {
            [.. var minutes, 'm'] => (minutes, 60L),
            [.. var seconds, 's'] => (seconds, 1L),
            _ => (text, 1L),
        };
        return long.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out long count) && count is > 0 and < 1_000_000
            ? count * unit
            : throw new FormatException("want a duration such as 5s");
    }
}
