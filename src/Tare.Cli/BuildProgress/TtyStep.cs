// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.BuildProgress;

/// <summary>A step as the live display knows it.</summary>
internal sealed class TtyStep(string name, TimeSpan began)
{
    /// <summary>Lines of a running step that are shown.</summary>
    public const int TailLines = 6;

    private const int MaxNotes = 32;

    public string Name { get; } = Printable.Of(name);

    /// <summary>When it began, since the build did.</summary>
    public TimeSpan Began => began;

    /// <summary>When it ended; null: it runs.</summary>
    public TimeSpan? Ended { get; private set; }

    public TtyEnd End { get; private set; }

    public Queue<string> Tail { get; } = new();

    public List<string> Notes { get; } = [];

    public bool IsCached { get; set; }

    public void Say(string line)
    {
        if (Tail.Count == TailLines)
        {
            Tail.Dequeue();
        }

        Tail.Enqueue(line);
    }

    public void Note(string text)
    {
        if (Notes.Count < MaxNotes)
        {
            Notes.Add(Printable.Of(text));
        }
    }

    public void Finish(TtyEnd end, TimeSpan now) => (End, Ended) = (end, now);
}

/// <summary>How a step ended.</summary>
internal enum TtyEnd
{
    Done,
    Failed,
    Cancelled,
}
