// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Cli.Commands;

/// <summary>The user's side of a container's streams: our own standard input, output and error, and the terminal.</summary>
internal sealed class UserStreams : IDisposable
{
    /// <summary>What docker says when <c>-it</c> meets an input that is no terminal.</summary>
    public const string NoTerminal = "the input device is not a TTY";

    private readonly Fd? _input;
    private readonly Fd? _output;
    private readonly Fd? _error;

    private UserStreams(bool input, bool output, bool error)
    {
        _input = input ? OwnProcess.TryDuplicateStandard(0) : null;
        _output = output ? OwnProcess.TryDuplicateStandard(1) : null;
        _error = error ? OwnProcess.TryDuplicateStandard(2) : null;
    }

    /// <summary>Lent.</summary>
    public SessionStreams Session { get; private init; } = new();

    /// <param name="input">ours goes to the container</param>
    /// <param name="output">its output comes to ours</param>
    /// <param name="error">its error comes to ours</param>
    /// <param name="tty">the container has a terminal</param>
    /// <param name="keys">that detach</param>
    /// <param name="sigProxy">signals to us go to the container</param>
    /// <exception cref="UsageException">the container has a terminal, and its input is to come from something else</exception>
    public static UserStreams Open(
        bool input, bool output, bool error, bool tty, IReadOnlyList<byte> keys, bool sigProxy)
    {
        var ours = new UserStreams(input, output, error);
        try
        {
            return new UserStreams(ours, tty, keys, sigProxy);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
    }

    private UserStreams(UserStreams ours, bool tty, IReadOnlyList<byte> keys, bool sigProxy)
    {
        (_input, _output, _error) = (ours._input, ours._output, ours._error);
        Session = new()
        {
            Input = _input,
            Output = _output,
            Error = _error,
            Terminal = tty ? TerminalOf(_input, _output) : null,
            DetachKeys = _input is null ? [] : keys,
            ForwardSignals = sigProxy,
        };
    }

    public void Dispose()
    {
        _input?.Dispose();
        _output?.Dispose();
        _error?.Dispose();
    }

    /// <summary>One of our standard streams, by its number, is a terminal.</summary>
    public static bool IsTerminal(int stream)
    {
        using Fd? ours = OwnProcess.TryDuplicateStandard(stream);
        return ours is not null && TerminalMode.IsTerminal(ours);
    }

    private static Fd? TerminalOf(Fd? input, Fd? output)
    {
        if (input is not null && !TerminalMode.IsTerminal(input))
        {
            throw new Tare.Oci.TareException(
                Tare.Oci.ErrorKind.InvalidArgument,
                NoTerminal,
                "leave out -t when input comes from a pipe or a file");
        }

        return input ?? (output is not null && TerminalMode.IsTerminal(output) ? output : null);
    }
}
