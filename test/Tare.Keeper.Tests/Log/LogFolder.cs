// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Tests.Log;

/// <summary>A folder in memory for one log; gone after the test.</summary>
internal sealed class LogFolder : IDisposable
{
    public static readonly byte[] Name = "c-json.log"u8.ToArray();

    public LogFolder()
    {
        Path = Directory.CreateDirectory($"/dev/shm/tare-log-{Guid.NewGuid():N}").FullName;
        Fd = HostPath.OpenDirectory(Path);
    }

    public string Path { get; }

    public Fd Fd { get; }

    public SetClock Clock { get; } = new();

    public LogFile Open(long maxBytes = long.MaxValue, int maxFiles = 1) =>
        new(Fd, Name, new LogLimits(maxBytes, maxFiles), Clock);

    /// <summary>The content of one file: 0 is the current one. Null when there is none.</summary>
    public string? Content(int number = 0)
    {
        string path = $"{Path}/c-json.log{(number == 0 ? "" : $".{number}")}";
        return File.Exists(path) ? File.ReadAllText(path, Encoding.UTF8) : null;
    }

    /// <summary>What the records of one file say; fails on anything that is no record.</summary>
    public string[] Texts(int number = 0) => Texts(Content(number) ?? "");

    public IEnumerable<JsonElement> Records(int number = 0) => Records(Content(number) ?? "");

    public string[] Names() => [.. Directory.GetFiles(Path).Select(path => System.IO.Path.GetFileName(path)).Order()];

    public void Dispose()
    {
        Fd.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    public static string[] Texts(string content) =>
        [.. Records(content).Select(record => record.GetProperty("log").GetString()!)];

    private static IEnumerable<JsonElement> Records(string content)
    {
        Assert.True(content.Length == 0 || content[^1] == '\n', "the last record is torn");
        return content.Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement);
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
