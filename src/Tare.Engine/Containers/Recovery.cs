// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Linux.Files;

namespace Tare.Engine.Containers;

/// <summary>Finishes what a process that was killed had begun.</summary>
/// <remarks>
/// The files in <c>ops</c> name the containers that somebody was changing; one that nobody holds locked belongs to a
/// dead process. Usually the folder is empty and this costs a readdir. In a crowd nearly all are held, and each of its
/// processes would look at those of all others: then some are looked at, and the next command goes on.
/// </remarks>
internal static class Recovery
{
    private const int AtOnce = 12;

    /// <summary>Repairs the containers of dead operations; after a boot, of the whole store.</summary>
    public static void FinishOperations(TareEngine engine)
    {
        if (engine.Folders.FirstSinceBoot)
        {
            AfterBoot(engine);
        }

        List<string> under = Operation.List(engine.Folders);
        int first = under.Count > AtOnce ? Environment.ProcessId % under.Count : 0;
        for (int i = 0; i < Math.Min(under.Count, AtOnce); i++)
        {
            if (ContainerId.TryParse(under[(first + i) % under.Count], out ContainerId id))
            {
                Finish(engine, id);
            }
        }
    }

    /// <summary>Brings one container to what is true, unless somebody is changing it right now.</summary>
    /// <returns>false: somebody is</returns>
    public static bool Finish(TareEngine engine, ContainerId id)
    {
        using Operation? operation = Operation.TryBegin(engine.Folders, id.Text);
        if (operation is null)
        {
            return false;
        }

        Settlement.Bring(engine, id);
        Networks.NetworkRecovery.Finish(engine, id);
        operation.Complete();
        return true;
    }

    /// <summary>Nothing runs yet: what was throw-away is gone, and folders without a record belong to nobody.</summary>
    private static void AfterBoot(TareEngine engine)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (ContainerRow row in engine.Containers.List())
        {
            known.Add(row.Id.Text);
            if (row.Started is not null)
            {
                Finish(engine, row.Id);
            }
        }

        foreach (byte[] name in engine.Folders.Containers.SortedNames(int.MaxValue))
        {
            string text = Encoding.ASCII.GetString(name);
            if (!known.Contains(text) && ContainerId.TryParse(text, out ContainerId id))
            {
                Finish(engine, id);
            }
        }
    }
}
