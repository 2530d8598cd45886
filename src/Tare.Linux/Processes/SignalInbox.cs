// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>Signals of this process, caught for as long as this object lives, with a descriptor to wait for them.</summary>
/// <remarks>
/// A signalfd would need them blocked in every thread of the runtime and of the host program, so the runtime's own
/// way is used.
/// </remarks>
internal sealed class SignalInbox : IDisposable
{
    /// <summary>What <c>--sig-proxy</c> forwards: all that ask a process to do something and can be caught.</summary>
    public static readonly int[] Forwarded =
    [
        Signals.Hangup, Signals.Interrupt, Signals.Quit, Signals.User1, Signals.User2, Signals.Alarm,
        Signals.Terminate, Signals.Continue, Signals.WindowChanged,
    ];

    private readonly EventFd _arrived = new();
    private readonly ConcurrentQueue<int> _signals = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalInbox(params ReadOnlySpan<int> signals)
    {
        // the first registration makes the runtime look which ones are ignored, and those it leaves alone for ever
        foreach (int signal in signals)
        {
            OwnProcess.StopIgnoring(signal);
        }

        foreach (int signal in signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(Known(signal), context =>
            {
                context.Cancel = true;
                _signals.Enqueue(signal);
                _arrived.Signal();
            }));
        }
    }

    /// <summary>Readable when there is a signal.</summary>
    public Fd Fd => _arrived.Fd;

    /// <summary>The next one, or 0.</summary>
    public int Take()
    {
        if (_signals.IsEmpty)
        {
            _arrived.Take();
        }

        return _signals.TryDequeue(out int signal) ? signal : 0;
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _arrived.Dispose();
    }

    /// <summary>The framework knows these by negative numbers of its own; others it takes as they are.</summary>
    private static PosixSignal Known(int signal) => signal switch
    {
        Signals.Hangup => PosixSignal.SIGHUP,
        Signals.Interrupt => PosixSignal.SIGINT,
        Signals.Quit => PosixSignal.SIGQUIT,
        Signals.Terminate => PosixSignal.SIGTERM,
        Signals.Continue => PosixSignal.SIGCONT,
        Signals.WindowChanged => PosixSignal.SIGWINCH,
        _ => (PosixSignal)signal,
    };
}
