// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>What a process of a build writes, taken apart into lines as they come.</summary>
/// <param name="told">each line, from another thread</param>
internal sealed class StepOutput(Action<string> told)
{
    private const int BufferBytes = 16 * 1024;
    private const int MaxLineBytes = 16 * 1024;
    private const int Kept = 10;

    private readonly Queue<string> _last = new();
    private readonly List<byte> _line = [];

    /// <summary>The last lines.</summary>
    public IReadOnlyList<string> Last => [.. _last];

    /// <summary>Lends the end to write to, and returns when both are done.</summary>
    public T Read<T>(Func<Fd, T> run)
    {
        using var pipe = new Pipe();
        Task reading = Task.Factory.StartNew(
            () => Read(pipe.Reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return run(pipe.Writer);
        }
        finally
        {
            pipe.Writer.Dispose();
            reading.GetAwaiter().GetResult();
        }
    }

    private void Read(Fd reader)
    {
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            foreach (byte one in buffer.AsSpan(0, read))
            {
                if (one == (byte)'\n' || _line.Count == MaxLineBytes)
                {
                    End();
                }

                if (one != (byte)'\n')
                {
                    _line.Add(one);
                }
            }
        }

        if (_line.Count > 0)
        {
            End();
        }
    }

    private void End()
    {
        string line = Encoding.UTF8.GetString([.. _line]).TrimEnd('\r');
        _line.Clear();
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue(line);
        told(line);
    }
}
