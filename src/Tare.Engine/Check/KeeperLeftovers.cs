// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every keeper of this run folder keeps a container, or waits for the order of a starter that lives.</summary>
internal sealed class KeeperLeftovers(TareEngine engine) : IConcern
{
    private const string Kind = "keeper";
    private const string KeeperName = "tare keeper";
    private const int MaxCommandLine = 16384;
    private const int RunArgument = 2;

    public string Name => "keepers";

    public IEnumerable<Finding> Look(Inventory now) =>
        Find(now).Select(static process => new Finding(
            Kind, process.ToString(CultureInfo.InvariantCulture), "it keeps no container", Repairable: true));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (int.TryParse(finding.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            {
                Leftover.Kill(process, () => IsLeftover(Inventory.Take(engine), process));
            }
        }
    }

    private IEnumerable<int> Find(Inventory now) =>
        ProcessTable.All().Where(process => !now.ContainerProcesses.Contains(process) && IsLeftover(now, process)).Order();

    private bool IsLeftover(Inventory now, int process) =>
        ProcessTable.TryName(process) == KeeperName
        && !now.States.Keepers.Contains(process)
        && IsHere(process)
        && ProcessTable.TryCommandLine(process, MaxCommandLine) is ["tare", "keeper", _, ..] arguments
        && arguments[RunArgument] == engine.Folders.Run
        && !HasStarter(process);

    /// <summary>Not a process of somebody's container that calls itself so, and whose memory could be locked for ever.</summary>
    private static bool IsHere(int process)
    {
        (int Process, int Thread) self = ProcessTable.Self();
        return ProcessTable.TryNamespace(process, process, "mnt") is { } space
            && space == ProcessTable.TryNamespace(self.Process, self.Thread, "mnt");
    }

    /// <summary>A keeper is born before its order, by a process that calls itself as its binary does.</summary>
    private static bool HasStarter(int process) =>
        ProcessTable.TryBirth(process) is { } birth && ProcessTable.TryName(birth.Parent) == "tare";
}
