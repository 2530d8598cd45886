// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Whether a store and what it has on this machine are as they should be; names what does not belong.</summary>
/// <remarks>
/// A look takes no lock and changes nothing. Other processes work meanwhile, and what they are in the middle of can look
/// wrong: only what is still wrong at a second look, a moment later, counts. A repair takes the lock of each thing and
/// looks at it again, and a last look tells what is left. Start reading at <see cref="Look"/>; each concern is a class.
/// </remarks>
internal sealed class SystemCheck
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly TareEngine _engine;
    private readonly bool _isQuick;
    private readonly bool _isStore;

    /// <summary>In the order of repairs: what lives first, then what it used.</summary>
    private readonly IConcern[] _concerns;

    /// <param name="engine">lent</param>
    /// <param name="isQuick">nothing that is stored is read: blobs are not hashed, bytes are not counted</param>
    public SystemCheck(TareEngine engine, bool isQuick)
    {
        _engine = engine;
        _isQuick = isQuick;
        _isStore = HostPath.TryStatus($"{engine.Folders.Root}/engine.db") is not null
            || HostPath.TryStatus($"{engine.Folders.Root}/images.db") is not null;
        _concerns =
        [
            new StaleOperations(engine), new UnkeptContainers(engine), new ProcessLeftovers(engine), new KeeperLeftovers(engine), new CgroupLeftovers(engine),
            new MountLeftovers(engine), new SocketLeftovers(engine), new ContainerFolders(engine), new IdLeftovers(engine), new NetworkLeftovers(engine), new EngineDatabase(engine),
            new VolumeFolders(engine), new ImageConcern(engine, isQuick), new UnknownFiles(engine),
        ];
    }

    /// <summary>Names what does not belong.</summary>
    public CheckReport Look()
    {
        if (!_isStore)
        {
            // nor does a look make one of it
            return new([.. new UnknownFiles(_engine).Look()], [], _isQuick ? null : ByteCount.Of(_engine.Folders), 0, 0, 0);
        }

        FinishBoot();
        return Report([.. LookTwice().SelectMany(static found => found)], []);
    }

    /// <summary>Names it, removes what can be removed, and tells what is left.</summary>
    /// <exception cref="TareException">FailedPrecondition: the folder is no store, so nothing in it is ours to remove</exception>
    public CheckReport Repair()
    {
        if (!_isStore)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                $"repair {_engine.Folders.Root}: it is not a store of tare",
                "name the store's folder with --root");
        }

        FinishBoot();
        List<Finding>[] before = LookTwice();
        var refusals = new string?[_concerns.Length];
        for (int i = 0; i < _concerns.Length; i++)
        {
            refusals[i] = TryRepair(_concerns[i], before[i]);
        }

        List<Finding>[] after = LookTwice();
        List<Finding> left = [];
        for (int i = 0; i < _concerns.Length; i++)
        {
            left.AddRange(after[i].Select(finding => refusals[i] is { } why ? finding with { Text = $"{finding.Text}; not removed: {why}" } : finding));
        }

        return Report(left, [.. before.SelectMany(static found => found).Where(was => !left.Exists(was.IsAbout))]);
    }

    /// <summary>What the first command after a boot owes: the next would not know any more that there was one.</summary>
    private void FinishBoot()
    {
        if (_engine.Folders.FirstSinceBoot)
        {
            Guard("engine.db", () => Recovery.FinishOperations(_engine));
        }
    }

    private List<Finding>[] LookTwice()
    {
        List<Finding>[] first = LookOnce();
        if (first.All(static found => found.Count == 0))
        {
            return first;
        }

        Thread.Sleep(Moment);
        List<Finding>[] second = LookOnce();
        for (int i = 0; i < second.Length; i++)
        {
            second[i].RemoveAll(finding => !first[i].Exists(finding.IsAbout));
        }

        return second;
    }

    /// <summary>The findings of each concern; one that cannot be looked at is a finding too.</summary>
    private List<Finding>[] LookOnce()
    {
        Inventory? now = null;
        Finding? blind = Guard("engine.db", () => now = Inventory.Take(_engine));
        return [.. _concerns.Select(concern =>
        {
            List<Finding> found = [];
            bool needsInventory = concern is not ImageConcern and not UnknownFiles;
            if (needsInventory && now is null)
            {
                return concern is EngineDatabase ? [blind!] : found;
            }

            Finding? failed = Guard(concern.Name, () => found.AddRange(concern.Look(now!)));
            return failed is null ? found : [.. found, failed];
        })];
    }

    private static string? TryRepair(IConcern concern, List<Finding> findings)
    {
        string? refusal = null;
        if (Guard(concern.Name, () => concern.Repair(findings)) is { } failed)
        {
            refusal = failed.Text;
        }

        return refusal;
    }

    private static Finding? Guard(string name, Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception failure) when (failure is LinuxException or TareException)
        {
            return new("unreadable", name, failure.Message.ReplaceLineEndings(" "), Repairable: false);
        }
    }

    private CheckReport Report(List<Finding> findings, List<Finding> removed)
    {
        int containers = 0;
        int running = 0;
        int images = 0;
        Guard("engine.db", () =>
        {
            List<ContainerRow> rows = _engine.Containers.List();
            (containers, running) = (rows.Count, RunningContainers.Read(_engine, rows).Running.Count);
        });
        Guard("images.db", () => images = _engine.Images.List(ImageFilter.None).DistinctBy(static image => image.Id).Count());
        return new(findings, removed, _isQuick ? null : ByteCount.Of(_engine.Folders), containers, running, images);
    }
}
