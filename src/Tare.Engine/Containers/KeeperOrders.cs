// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Keeper.Elected;
using Tare.Keeper.Log;
using Tare.Linux.Cgroups;
using Tare.Network;

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
            LogAttributes = LogAttributes.Of(row, record, log),
            LogLimits = new LogLimits(log.MaxBytes > 0 ? log.MaxBytes : long.MaxValue, log.MaxFiles),
            Elected = record.Request is { } request && NetworkChoice.Of(request).HasOwn ? Elected(engine.Folders) : null,
            Cgroups = cgroup.Paths,
            BornInFirstCgroup = cgroup.HasUnified,
            CleanUp = Command(engine, "settle", row.Id),
            PackLog = log is { Enabled: true, Compress: true } ? Command(engine, "pack-log", row.Id) : [],
        };
    }

    private static string[] Command(TareEngine engine, string verb, ContainerId id) =>
        [.. Own(engine.Folders), "container", verb, id.Text];

    private static string[] Own(EngineFolders folders) => ["tare", "--root", folders.Root, "--run", folders.Run];

    private static ElectedOrder Elected(EngineFolders folders) => new(
        folders.Run,
        new StoreFirewall(folders.StoreId).Table,
        HostNameAddress.Of(folders),
        [.. Own(folders), "network", "restore"]);

    /// <summary>The file in the container's folder of the store.</summary>
    public static string LogName(ContainerId id) => $"{id.Text}-json.log";
}
