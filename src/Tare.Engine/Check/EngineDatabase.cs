// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>engine.db and the store's id: the file is whole, and no row leads nowhere.</summary>
internal sealed class EngineDatabase(TareEngine engine) : IConcern
{
    private const string Uses = "volume-use";
    private const int StoreIdDigits = 8;
    private const int MaxStoreId = 64;
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    public string Name => "engine.db";

    /// <summary>Eight lower-case hex digits and nothing else.</summary>
    public static bool IsStoreId(ReadOnlySpan<byte> bytes) =>
        bytes.Length == StoreIdDigits && !bytes.ContainsAnyExcept(Digits);

    public IEnumerable<Finding> Look(Inventory now)
    {
        foreach (string line in Texts("PRAGMA quick_check").Where(static line => line != "ok"))
        {
            yield return new("database", "engine.db", line, Repairable: false, "restore it from a copy, or move it away and make the containers again");
        }

        if (HostPath.TryReadAll($"{engine.Folders.Root}/id", MaxStoreId) is { } id && !IsStoreId(id))
        {
            yield return new(
                "store", "id", "it is not a store id", Repairable: false,
                "no container can run; when none does, remove the file and a new one is made");
        }

        foreach (string container in Texts("SELECT DISTINCT container FROM volume_use"))
        {
            bool isKnown = ContainerId.TryParse(container, out ContainerId parsed) && (now.Rows.ContainsKey(parsed) || now.IsOwned(parsed));
            if (!isKnown)
            {
                yield return new(Uses, container, "it uses volumes and has no record", Repairable: true);
            }
        }
    }

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings.Where(static f => f.Kind == Uses))
        {
            if (!ContainerId.TryParse(finding.Subject, out ContainerId id))
            {
                Forget(finding.Subject);
                continue;
            }

            using Operation? operation = Operation.TryBegin(engine.Folders, id.Text);
            if (operation is not null && engine.Containers.Find(id.Text) is null)
            {
                engine.Volumes.RemoveAnonymous(id);
                Forget(id.Text);
            }

            operation?.Complete();
        }
    }

    private int Forget(string container) => engine.Database.Write(
        durable: false, () => engine.Database.Change("DELETE FROM volume_use WHERE container = ?1", container));

    private List<string> Texts(string sql) => engine.Database.Read(static row => row.GetString(0), sql);
}
