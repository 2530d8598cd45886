// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every container has a record and a folder, and what has ended is recorded as such.</summary>
internal sealed class ContainerFolders(TareEngine engine) : IConcern
{
    private const int MaxNames = 1 << 20;
    private const string Container = "container";
    private const string RunFolder = "run-folder";
    private const string File = "file";
    private const string Lost = "its files are gone";

    public string Name => "containers";

    public IEnumerable<Finding> Look(Inventory now)
    {
        HashSet<string> stored = Names(engine.Folders.Containers);
        HashSet<string> live = Names(engine.Folders.Live);
        foreach (string name in stored.Union(live).Order(StringComparer.Ordinal))
        {
            if (!ContainerId.TryParse(name, out ContainerId id))
            {
                yield return new(File, stored.Contains(name) ? Stored(name) : Live(name), "it is not a container's", Repairable: true);
            }
            else if (!now.IsOwned(id) && Wrong(now, id, live.Contains(name)) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (ContainerRow row in now.Rows.Values.Where(row => !now.IsOwned(row.Id) && !stored.Contains(row.Id.Text)))
        {
            yield return new(Container, row.Id.Text, Lost, Repairable: true, $"--repair removes the record of {row.Name}");
        }
    }

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (finding.Kind == File)
            {
                RemoveForeign(finding.Subject);
            }
            else if (ContainerId.TryParse(finding.Subject, out ContainerId id) && finding.Text == Lost)
            {
                DeadContainer.RemoveRecord(engine, id);
            }
            else if (ContainerId.TryParse(finding.Subject, out id))
            {
                DeadContainer.Finish(engine, id);
            }
        }
    }

    private static Finding? Wrong(Inventory now, ContainerId id, bool isLive)
    {
        if (!now.Rows.TryGetValue(id, out ContainerRow? row))
        {
            return new(Container, id.Text, "it has files and no record", Repairable: true);
        }

        if (now.States.Unsettled.Contains(id))
        {
            return new(Container, id.Text, $"{row.Name} does not run, and nobody recorded its end", Repairable: true);
        }

        return isLive
            ? new(RunFolder, id.Text, $"{row.Name} does not run", Repairable: true)
            : null;
    }

    private string Stored(string name) => $"{engine.Folders.Root}/containers/{name}";

    private string Live(string name) => $"{engine.Folders.Run}/containers/{name}";

    private void RemoveForeign(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        Fd folder = path == Stored(name) ? engine.Folders.Containers : engine.Folders.Live;
        foreach (byte[] bytes in folder.SortedNames(MaxNames).Where(bytes => Encoding.UTF8.GetString(bytes) == name))
        {
            FileTree.Remove(folder, bytes);
        }
    }

    private static HashSet<string> Names(Fd folder) => [.. folder.SortedNames(MaxNames).Select(Encoding.UTF8.GetString)];
}
