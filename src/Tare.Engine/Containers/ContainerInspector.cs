// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Keeper;

namespace Tare.Engine.Containers;

/// <summary>Puts record and status together into what <c>inspect</c> prints.</summary>
internal static class ContainerInspector
{
    private const string Never = "0001-01-01T00:00:00Z";

    /// <param name="folders">of the store</param>
    /// <param name="row">the container</param>
    /// <param name="status">what it is doing</param>
    /// <param name="execs">the exec'ed processes that run in it</param>
    public static ContainerDocument Inspect(
        EngineFolders folders, ContainerRow row, ContainerStatus status, IReadOnlyList<ExecId> execs)
    {
        ContainerRecord record = ContainerJson.ReadRecord(row);
        string path = folders.ContainerPath(row.Id.Text);
        string live = folders.LivePath(row.Id.Text);
        return new()
        {
            Id = row.Id.Text,
            Created = Time(row.Created),
            Path = record.Path,
            Args = record.Args,
            State = StateOf(status),
            Image = record.ImageId,
            ResolvConfPath = $"{live}/resolv.conf",
            HostnamePath = $"{live}/hostname",
            HostsPath = $"{live}/hosts",
            LogPath = (record.Log ?? LogConfiguration.Default).Enabled ? $"{path}/{KeeperOrders.LogName(row.Id)}" : "",
            Name = "/" + row.Name,
            ExecIDs = execs.Count == 0 ? null : [.. execs.Select(exec => exec.Text)],
            HostConfig = record.HostConfig,
            UserNamespace = (record.UserNamespace ?? new(UserNamespaceChoice.Host)) with { FirstId = status.FirstUser },
            GraphDriver = new(new Dictionary<string, string> { ["UpperDir"] = $"{path}/upper", ["WorkDir"] = $"{path}/work" }, "overlay"),
            Mounts = record.Mounts,
            Config = record.Config,
            NetworkSettings = NetworkInspection.Of(folders, row, record),
        };
    }

    /// <summary>One document as indented JSON.</summary>
    public static string Write(ContainerDocument document) =>
        JsonSerializer.Serialize(document, InspectJson.Indented().ContainerDocument);

    private static StateDocument StateOf(ContainerStatus status) => new()
    {
        Status = status.Word,
        Running = status.IsLive,
        Paused = status.Kind == ContainerStatusKind.Paused,
        OOMKilled = status.OomKilled,
        Pid = status.Pid,
        ExitCode = status.ExitCode,
        Error = status.Error,
        StartedAt = status.StartedAt is { } started ? Time(started) : Never,
        FinishedAt = status.FinishedAt is { } finished ? Time(finished) : Never,
    };

    /// <summary>RFC 3339 with nanoseconds, as Go prints times.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
}
