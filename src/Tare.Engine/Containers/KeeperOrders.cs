// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Keeper;
using Tare.Keeper.Log;
using Tare.Linux.Cgroups;

namespace Tare.Engine.Containers;

/// <summary>What every keeper of a container is told, whether it starts or adopts it.</summary>
internal static class KeeperOrders
{
    public static KeeperOrder Common(TareEngine engine, ContainerRow row, ContainerRecord record, Cgroup cgroup)
    {
        LogConfiguration log = record.Log ?? LogConfiguration.Default;
        return new()
        {
            Main = new(),
            LogName = log.Enabled ? LogName(row.Id) : null,
            LogAttributes = LogAttributes.Of(record.Config, log),
            LogLimits = new LogLimits(log.MaxBytes > 0 ? log.MaxBytes : long.MaxValue, log.MaxFiles),
            Cgroups = cgroup.Paths,
            BornInFirstCgroup = cgroup.HasUnified,
            CleanUp = Command(engine, "settle", row.Id),
            PackLog = log is { Enabled: true, Compress: true } ? Command(engine, "pack-log", row.Id) : [],
        };
    }

    private static string[] Command(TareEngine engine, string verb, ContainerId id) =>
        ["tare", "--root", engine.Folders.Root, "--run", engine.Folders.Run, "container", verb, id.Text];

    /// <summary>The file in the container's folder of the store.</summary>
    public static string LogName(ContainerId id) => $"{id.Text}-json.log";
}
