// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime.Reading;

namespace Tare.Runtime.Lifecycle;

/// <summary>Reads an <see cref="OciRecord"/> without the serializer, whose metadata takes a tenth of an exec.</summary>
/// <remarks>Members in the order in which they are written. What is unusual is left to the serializer.</remarks>
internal static class OciRecordReader
{
    /// <summary>Null when not sure of it.</summary>
    public static OciRecord? TryRead(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, Read);

    private static OciRecord Read(ref FastTokens t)
    {
        string? id = null, bundle = null, rootfs = null, ociVersion = null;
        DateTimeOffset? created = null;
        int pid = 0, gate = 0;
        ulong startTicks = 0;
        bool hasUnified = false, hasLateHooks = false;
        IReadOnlyList<string>? cgroups = null, madeCgroups = null, lateSteps = null;
        IReadOnlyDictionary<string, string>? annotations = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("id"u8, ref seen)) id = t.Text();
            else if (t.Is("bundle"u8, ref seen)) bundle = t.Text();
            else if (t.Is("rootfs"u8, ref seen)) rootfs = t.Text();
            else if (t.Is("ociVersion"u8, ref seen)) ociVersion = t.Text();
            else if (t.Is("created"u8, ref seen)) created = t.Time();
            else if (t.Is("pid"u8, ref seen)) pid = t.Int32();
            else if (t.Is("startTicks"u8, ref seen)) startTicks = t.UInt64();
            else if (t.Is("cgroups"u8, ref seen)) cgroups = t.Texts();
            else if (t.Is("madeCgroups"u8, ref seen)) madeCgroups = t.Texts();
            else if (t.Is("hasUnified"u8, ref seen)) hasUnified = t.Flag();
            else if (t.Is("gate"u8, ref seen)) gate = t.Int32();
            else if (t.Is("lateSteps"u8, ref seen)) lateSteps = t.Texts();
            else if (t.Is("hasLateHooks"u8, ref seen)) hasLateHooks = t.Flag();
            else if (t.Is("annotations"u8, ref seen)) annotations = t.TextMap();
            else t.GiveUp();
        }

        return new(t.Need(id), t.Need(bundle), t.Need(rootfs), t.Need(ociVersion), t.Need(created))
        {
            Pid = pid,
            StartTicks = startTicks,
            Cgroups = cgroups!,
            MadeCgroups = madeCgroups!,
            HasUnified = hasUnified,
            Gate = gate,
            LateSteps = lateSteps!,
            HasLateHooks = hasLateHooks,
            Annotations = annotations,
        };
    }
}
