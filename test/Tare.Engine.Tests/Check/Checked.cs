// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Tests.Check;

/// <summary>One concern over a store of its own: plant something, look, repair, look again.</summary>
internal sealed class Checked(Func<TareEngine, IConcern> create) : IDisposable
{
    public TemporaryEngine Temporary { get; } = new();

    public TareEngine Engine => Temporary.Engine;

    public string Root => Temporary.Root;

    public string Run => Temporary.Run;

    /// <summary>One line for each finding, sorted: <c>KIND SUBJECT: TEXT</c>.</summary>
    public string[] Look() => [.. Find().Select(static f => $"{f.Kind} {f.Subject}: {f.Text}").Order(StringComparer.Ordinal)];

    public IReadOnlyList<Finding> Find()
    {
        using TareEngine other = TareEngine.Open(Root, Run);
        return [.. create(other).Look(Inventory.Take(other))];
    }

    public void Repair()
    {
        using TareEngine other = TareEngine.Open(Root, Run);
        IConcern concern = create(other);
        concern.Repair([.. concern.Look(Inventory.Take(other))]);
    }

    /// <summary>A container that has ended, or one that died unseen.</summary>
    public ContainerRow Insert(string name, bool autoRemove = false, bool hasEnded = true)
    {
        var id = ContainerId.Create();
        Engine.Folders.MakeContainer(id.Text).Dispose();
        ContainerRow row = Engine.Containers.Insert(
            new(id, name, "busybox", "sha256:0", DateTimeOffset.UnixEpoch, autoRemove, "{}"u8.ToArray(), null, hasEnded ? null : DateTimeOffset.UnixEpoch),
            name);
        if (hasEnded)
        {
            var outcome = new ContainerOutcome(0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, false, "");
            Engine.Containers.Settle(id, ContainerJson.Write(outcome), durable: false);
        }

        return row;
    }

    public void Dispose() => Temporary.Dispose();
}
