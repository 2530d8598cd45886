// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>What stop, restart and kill say about signals and patience.</summary>
internal static class StopFlags
{
    public static readonly Flag<string?> Signal = Flag.Text("-s, --signal", "string", "Signal to send to the container");

    public static readonly Flag<long?> Timeout =
        Flag.Number("-t, --timeout", "Seconds to wait before killing the container", -1, int.MaxValue);

    /// <summary>docker's older name of the same.</summary>
    public static readonly Flag<long?> Time = Flag.Number("--time", "The older name of --timeout", -1, int.MaxValue);

    /// <summary>Null when none was given.</summary>
    /// <exception cref="TareException">InvalidArgument: it is no signal</exception>
    public static int? SignalOf(ParsedArguments arguments) => arguments.Get(Signal) switch
    {
        null or "" => null,
        { } text when Signals.TryParse(text, out int signal) && signal > 0 => signal,
        { } text => throw new TareException(
            ErrorKind.InvalidArgument, $"invalid signal: {text}", "name one such as SIGTERM, or its number"),
    };

    /// <summary>Null when none was given; negative seconds wait for ever.</summary>
    public static TimeSpan? PatienceOf(ParsedArguments arguments) => (arguments.Get(Timeout) ?? arguments.Get(Time)) switch
    {
        null => null,
        < 0 => System.Threading.Timeout.InfiniteTimeSpan,
        { } seconds => TimeSpan.FromSeconds(seconds),
    };
}
