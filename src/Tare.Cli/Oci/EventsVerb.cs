// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class EventsVerb
{
    private const int DefaultSeconds = 5;
    private const long NanosecondsPerMicrosecond = 1000;

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

        CgroupStatistics now = container.Cgroup.Statistics();
        Print(call.Output, container.Record.Id, now);
        if (!call.Get(Stats))
        {
            Follow(call, container, init, now.OutOfMemoryKills);
        }

        return 0;
    }

    /// <summary>Until the container has ended; what killed it is told last.</summary>
    private static void Follow(OciCall call, OciContainer container, Pidfd init, long? killsBefore)
    {
        var pause = TimeSpan.FromSeconds(call.Get(Interval) ?? DefaultSeconds);
        var watch = Stopwatch.StartNew();
        for (bool isOver = false; !isOver;)
        {
            // opened before we look, so that what happens in between wakes us
            using Fd? memory = container.Cgroup.TryOpenMemoryEvents();
            CgroupStatistics now = container.Cgroup.Statistics();
            TellKills(call.Output, container.Record.Id, killsBefore, now.OutOfMemoryKills);
            killsBefore = now.OutOfMemoryKills ?? killsBefore;
            if (watch.Elapsed >= pause)
            {
                Print(call.Output, container.Record.Id, now);
                watch.Restart();
            }

            PollEntry[] entries = [new(init.Fd, EpollEvents.Readable), new(memory, EpollEvents.Priority)];
            Poll.Wait(entries, pause - watch.Elapsed is { Ticks: > 0 } rest ? rest : TimeSpan.Zero);
            isOver = entries[0].Ready != EpollEvents.None;
        }

        TellKills(call.Output, container.Record.Id, killsBefore, container.Cgroup.Statistics().OutOfMemoryKills);
    }

    private static void TellKills(TextWriter output, string id, long? before, long? now)
    {
        if (now > before)
        {
            output.WriteLine(JsonLine(writer => Begin(writer, "oom", id)));
            output.Flush();
        }
    }

    private static void Print(TextWriter output, string id, CgroupStatistics now)
    {
        output.WriteLine(JsonLine(writer =>
        {
            Begin(writer, "stats", id);
            writer.WriteStartObject("data");
            writer.WriteStartObject("cpu");
            writer.WriteStartObject("usage");
            writer.WriteNumber("total", (now.CpuMicroseconds ?? 0) * NanosecondsPerMicrosecond);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("memory");
            writer.WriteStartObject("usage");
            writer.WriteNumber("usage", now.MemoryBytes ?? 0);
            writer.WriteNumber("max", now.MemoryPeakBytes ?? 0);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("pids");
            writer.WriteNumber("current", now.Processes ?? 0);
            writer.WriteEndObject();
            writer.WriteEndObject();
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
