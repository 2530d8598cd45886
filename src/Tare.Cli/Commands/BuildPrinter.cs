// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Cli.BuildProgress;
using Tare.Cli.Output;
using Tare.Linux.Terminals;

namespace Tare.Cli.Commands;

/// <summary>Shows the progress of a build in the way that was asked for.</summary>
/// <remarks>Safe to use from several threads. Dispose shows the end.</remarks>
internal sealed class BuildPrinter : IDisposable
{
    private static readonly TimeSpan PaintsEvery = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly IBuildView? _view;
    private readonly Timer? _timer;

    /// <param name="view">null shows nothing; owned</param>
    public BuildPrinter(IBuildView? view)
    {
        _view = view;
        if (view is TtyView)
        {
            _timer = new Timer(_ => Paint(), null, PaintsEvery, PaintsEvery);
        }
    }

    /// <summary>The way that the command line and the environment ask for.</summary>
    /// <param name="session">where to print</param>
    /// <param name="progress">of <c>--progress</c>, or null</param>
    /// <param name="isQuiet">nothing is to be shown</param>
    /// <exception cref="UsageException">no such way, or no terminal for it</exception>
    public static BuildPrinter Open(Session session, string? progress, bool isQuiet)
    {
        string mode = progress ?? Session.Variable("BUILDKIT_PROGRESS") ?? "auto";
        TerminalSize? terminal = session.TerminalOf(error: true);
        IBuildView? view = mode switch
        {
            "quiet" or "none" => null,
            "rawjson" => new RawJsonView(session.Error, session.Time),
            "plain" => new PlainView(session.Error, session.Time),
            "auto" when terminal is null => new PlainView(session.Error, session.Time),
            "tty" when terminal is null => isQuiet ? null : throw new UsageException("--progress tty: standard error is no terminal", 1),
            "auto" or "tty" => new TtyView(session.Error, () => session.TerminalOf(error: true), session.Time),
            _ => throw new UsageException($"invalid progress mode: {mode}", 1),
        };
        return new BuildPrinter(isQuiet ? null : view);
    }

    /// <summary>Programs read it: nothing for people goes between.</summary>
    public bool IsForPrograms => _view is RawJsonView;

    /// <summary>Tells one thing.</summary>
    public void Tell(BuildEvent what)
    {
        lock (_gate)
        {
            _view?.Tell(what);
        }
    }

    /// <summary>Lets something else have the terminal.</summary>
    public void Aside(Action use)
    {
        lock (_gate)
        {
            _view?.Pause();
        }

        try
        {
            use();
        }
        finally
        {
            lock (_gate)
            {
                _view?.Resume();
            }
        }
    }

    /// <summary>Shows how it ended; what is printed from here on stands below.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _view?.Finish();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Finish();
        _view?.Dispose();
    }

    /// <summary>What a process wrote, without what could steer a terminal.</summary>
    public static string Shown(string line) => string.Join('\t', line.Split('\t').Select(Printable.Of));

    private void Paint()
    {
        lock (_gate)
        {
            try
            {
                (_view as TtyView)?.Paint();
            }
            catch (IOException)
            {
                // the terminal is gone; whoever tells the next thing hears of it
            }
        }
    }
}
