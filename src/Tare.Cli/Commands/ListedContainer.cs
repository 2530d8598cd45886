// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Output;
using Tare.Cli.Output.Templates;
using Tare.Engine.Containers;
using Tare.Engine.Networks;

namespace Tare.Cli.Commands;

/// <summary>A container with all that a list can say about it.</summary>
/// <param name="Row">as engine.db has it</param>
/// <param name="Status">what it is doing</param>
internal sealed record ListedContainer(ContainerRow Row, ContainerStatus Status)
{
    /// <summary>Of the command, when it is cut.</summary>
    private const int ShownCommand = 20;

    /// <summary>What it has of networks now, looked up when somebody asks; null: nothing.</summary>
    public Func<LiveNetworks?>? Look { get; init; }

    public IReadOnlyList<LivePort> Ports => field ??= Look?.Invoke()?.Ports ?? [];

    /// <summary><c>0.0.0.0:8080->80/tcp, [::]:8080->80/tcp</c>.</summary>
    public string PortsText => string.Join(", ", Ports
        .OrderBy(static port => port.TargetPort).ThenBy(static port => port.Protocol, StringComparer.Ordinal).Select(static port =>
            string.Create(CultureInfo.InvariantCulture, $"{Host(port.HostAddress)}:{port.HostPort}->{port.TargetPort}/{port.Protocol}")));

    /// <summary>The names of its networks, or its mode.</summary>
    public IReadOnlyList<string> Networks => Record.Request is { } request && NetworkChoice.Of(request) is { Attachments: { Count: > 0 } all }
        ? [.. all.Select(static each => each.Network)]
        : [Record.HostConfig.NetworkMode];

    public bool IsRunning => Status.IsLive;

    /// <summary>Parsed when somebody asks: a list of ids never does.</summary>
    public ContainerRecord Record => field ??= ContainerJson.ReadRecord(Row);

    public string IdText(bool whole) => whole ? Row.Id.Text : Row.Id.Short;

    /// <summary>In quotes, with quotes around arguments that have spaces, as docker shows it.</summary>
    public string CommandText(bool whole)
    {
        string text = string.Join(' ', ContainerJson.ReadCommand(Row).Select(
            (word, at) => at > 0 && word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
        string cut = whole || text.Length <= ShownCommand ? text : text[..(ShownCommand - 1)] + "…";
        return Functions.ToJson(cut);
    }

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    /// <summary><c>Up 3 minutes</c>, <c>Exited (0) 2 hours ago</c>.</summary>
    public string StatusText(DateTimeOffset now) => Status.Kind switch
    {
        ContainerStatusKind.Created => "Created",
        ContainerStatusKind.Running => $"Up {HumanTime.Format(now - (Status.StartedAt ?? now))}",
        ContainerStatusKind.Paused => $"Up {HumanTime.Format(now - (Status.StartedAt ?? now))} (Paused)",
        _ => $"Exited ({Status.ExitCode}) {HumanTime.Ago(Status.FinishedAt, now)}",
    };
}
