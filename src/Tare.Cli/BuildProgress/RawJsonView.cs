// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tare.Build.Dockerfile;
using Tare.Build.Solve;
using Tare.Cli.Output;
using Tare.Oci;

namespace Tare.Cli.BuildProgress;

/// <summary>A line of JSON for each change, as BuildKit's clients read it (<c>SolveStatus</c>).</summary>
/// <remarks>moby/buildkit client/graph.go: vertexes, statuses, logs, warnings. Bytes are base64.</remarks>
/// <param name="output">where to</param>
/// <param name="clock">for the moments that stand in it</param>
internal sealed class RawJsonView(TextWriter output, TimeProvider clock) : IBuildView
{
    private const int OutputStream = 1;

    private readonly Dictionary<string, Row> _rows = [];

    public void Tell(BuildEvent what)
    {
        DateTimeOffset now = clock.GetUtcNow();
        switch (what)
        {
            case BuildEvent.Began began:
                _rows[began.Id] = new Row(DigestOf(began.Id), began.Name, now, [.. began.Inputs.Select(DigestOf)]);
                Vertex(_rows[began.Id], null, null);
                break;
            case BuildEvent.Said said when _rows.TryGetValue(said.Id, out Row? row):
                Log(row, said.Line + "\n", now);
                break;
            case BuildEvent.Noted noted when _rows.TryGetValue(noted.Id, out Row? row):
                Status(row, noted.Text, now);
                break;
            case BuildEvent.Warned warned when _rows.TryGetValue(warned.Id, out Row? row):
                Warn(row, warned);
                break;
            case BuildEvent.Cached when _rows.TryGetValue(what.Id, out Row? row):
                row.IsCached = true;
                break;
            case BuildEvent.Ended when _rows.TryGetValue(what.Id, out Row? row):
                Vertex(row, now, null);
                break;
            case BuildEvent.Failed failed when _rows.TryGetValue(failed.Id, out Row? row):
                Vertex(row, now, failed.IsCancelled ? "context canceled" : failed.Message);
                break;
        }
    }

    public void Pause()
    {
    }

    public void Resume()
    {
    }

    public void Finish()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>Ids that are no digests become some.</summary>
    private static string DigestOf(string id) => Digest.TryParse(id, out _)
        ? id
        : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static string Text(DateTimeOffset moment) => Timestamp.Format(moment);

    private void Vertex(Row row, DateTimeOffset? completed, string? error) => Line("vertexes", writer =>
    {
        writer.WriteString("digest", row.Digest);
        if (row.Inputs.Count > 0)
        {
            writer.WriteStartArray("inputs");
            row.Inputs.ToList().ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        writer.WriteString("name", row.Name);
        writer.WriteString("started", Text(row.Started));
        if (completed is { } moment)
        {
            writer.WriteString("completed", Text(moment));
        }

        if (row.IsCached)
        {
            writer.WriteBoolean("cached", true);
        }

        if (error is not null)
        {
            writer.WriteString("error", error);
        }
    });

    private void Status(Row row, string text, DateTimeOffset now) => Line("statuses", writer =>
    {
        writer.WriteString("id", text);
        writer.WriteString("vertex", row.Digest);
        writer.WriteNumber("current", 0);
        writer.WriteString("timestamp", Text(now));
        writer.WriteString("started", Text(now));
        writer.WriteString("completed", Text(now));
    });

    private void Log(Row row, string text, DateTimeOffset now) => Line("logs", writer =>
    {
        writer.WriteString("vertex", row.Digest);
        writer.WriteNumber("stream", OutputStream);
        writer.WriteBase64String("data", Encoding.UTF8.GetBytes(text));
        writer.WriteString("timestamp", Text(now));
    });

    private void Warn(Row row, BuildEvent.Warned warned) => Line("warnings", writer =>
    {
        writer.WriteString("vertex", row.Digest);
        writer.WriteNumber("level", 1);
        writer.WriteBase64String("short", Encoding.UTF8.GetBytes(warned.Warning.Line));
        writer.WriteStartArray("detail");
        writer.WriteBase64StringValue(Encoding.UTF8.GetBytes(warned.Warning.Rule.Description));
        writer.WriteEndArray();
        writer.WriteString("url", warned.Warning.Rule.Url);
        writer.WriteStartObject("sourceInfo");
        writer.WriteString("filename", warned.Source.Name);
        writer.WriteString("language", "Dockerfile");
        writer.WriteEndObject();
        writer.WriteStartArray("range");
        WriteRange(writer, warned.Warning.Range);
        writer.WriteEndArray();
    });

    /// <summary>Lines alone, as BuildKit's ranges of instructions have no columns.</summary>
    public static void WriteRange(Utf8JsonWriter writer, SourceRange range)
    {
        writer.WriteStartObject();
        foreach ((string name, int line) in new[] { ("start", range.Line), ("end", range.EndLine) })
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("line", line);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void Line(string list, Action<Utf8JsonWriter> members)
    {
        output.WriteLine(Json.OneLine(Json.Build(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray(list);
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        })));
        output.Flush();
    }

    private sealed class Row(string digest, string name, DateTimeOffset started, IReadOnlyList<string> inputs)
    {
        public string Digest => digest;

        public string Name => name;

        public DateTimeOffset Started => started;

        public IReadOnlyList<string> Inputs => inputs;

        public bool IsCached { get; set; }
    }
}
