// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Logs;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Tests.Logs;

/// <summary>A folder in memory for one log, written as a keeper writes it; gone after the test.</summary>
internal sealed class LogFolder : IDisposable
{
    private const string Name = "c-json.log";

    private readonly Fd _fd;

    public LogFolder()
    {
        Path = Directory.CreateDirectory($"/dev/shm/tare-logs-{Guid.NewGuid():N}").FullName;
        _fd = HostPath.OpenDirectory(Path);
    }

    public string Path { get; }

    /// <summary>The path of one file: 0 is the current one.</summary>
    public string File(int number = 0) => $"{Path}/{Name}{(number == 0 ? "" : $".{number}")}";

    public LogFile Write(long maxBytes = long.MaxValue, int maxFiles = 1, TimeProvider? clock = null) =>
        new(_fd, Encoding.ASCII.GetBytes(Name), new LogLimits(maxBytes, maxFiles), clock ?? TimeProvider.System);

    public LogFiles Files() => new(_fd.Duplicate(), Name);

    /// <summary>What a keeper has done when it has rotated.</summary>
    public void Pack() => LogPacker.Pack(_fd, Name);

    /// <summary>The texts that a query finds.</summary>
    public string[] Read(LogQuery? query = null)
    {
        using LogFiles files = Files();
        using var reader = new LogReader(files, query ?? new LogQuery());
        List<string> texts = [];
        while (reader.TryRead(out LogRecord record) || reader.TryReadRest(out record))
        {
            texts.Add(Encoding.UTF8.GetString(record.Text.Span));
        }

        return [.. texts];
    }

    public void Dispose()
    {
        _fd.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>A line of the file with its end.</summary>
    public static string Line(string text, string time = "2026-11-26T05:49:50Z", string stream = "stdout") =>
        $$"""{"log":"{{text}}\n","stream":"{{stream}}","time":"{{time}}"}""" + "\n";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
