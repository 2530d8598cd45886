// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Tare.Conformance;

/// <summary>A running process that the test talks with: it waits for what is printed and types answers.</summary>
public sealed class Conversation : IDisposable
{
    private readonly Process _process;
    private readonly Timer _watchdog;
    private readonly StringBuilder _said = new();
    private readonly Thread _listener;
    private readonly Task<string> _error;
    private bool _ended;

    internal Conversation(ProcessStartInfo start, TimeSpan patience)
    {
        _process = Process.Start(start)!;
        _watchdog = new Timer(_ => KillNow(), null, patience, Timeout.InfiniteTimeSpan);
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _listener = new Thread(Listen) { IsBackground = true };
        _listener.Start();
    }

    /// <summary>The process that was started.</summary>
    public int Id => _process.Id;

    /// <summary>Everything printed until now.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Waits until <paramref name="text"/> was printed after <paramref name="from"/> characters.</summary>
    /// <returns>how many characters were printed up to its end</returns>
    public int Expect(string text, int from = 0)
    {
        lock (_said)
        {
            while (true)
            {
                int at = _said.ToString().IndexOf(text, Math.Min(from, _said.Length), StringComparison.Ordinal);
                if (at >= 0)
                {
                    return at + text.Length;
                }

                if (_ended)
                {
                    _watchdog.Dispose();
                    Assert.Fail($"'{text}' never came; it said '{_said}' and '{_error.GetAwaiter().GetResult()}'");
                }

                Monitor.Wait(_said);
            }
        }
    }

    /// <summary>Types.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Ends its standard input.</summary>
    public void Close() => _process.StandardInput.Close();

    /// <summary>Sends a signal such as TERM.</summary>
    public void Signal(string name) => Signal(name, Id);

    /// <summary>Sends a signal to any process.</summary>
    /// <remarks>It may be gone already; what kill(1) says of that is nobody's.</remarks>
    public static void Signal(string name, int process)
    {
        var start = new ProcessStartInfo("kill", [$"-{name}", $"{process}"]) { RedirectStandardError = true };
        Process.Start(start)!.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public Outcome End()
    {
        _process.WaitForExit();
        _listener.Join();
        return new(_process.ExitCode, Encoding.UTF8.GetBytes(Said), _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void KillNow()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // it was disposed of just now
        }
    }

    private void Listen()
    {
        char[] buffer = new char[4096];
        int count;
        do
        {
            count = _process.StandardOutput.Read(buffer);
            lock (_said)
            {
                _said.Append(buffer, 0, count);
                _ended = count == 0;
                Monitor.PulseAll(_said);
            }
        }
        while (count > 0);
    }
}
