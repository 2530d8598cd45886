// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>Limits of huge pages, for use and for reservation.</summary>
/// <remarks>kernel admin-guide/cgroup-v1/hugetlb.rst; reservations are counted since Linux 5.7</remarks>
internal static class HugepageLimits
{
    internal static void Write(IReadOnlyList<KeyValuePair<string, ulong>> limits, string directory, bool isUnified)
    {
        string knob = isUnified ? "max" : "limit_in_bytes";
        foreach ((string size, ulong bytes) in limits)
        {
            string reserved = $"hugetlb.{size}.rsvd.{knob}";
            LimitFile.Write(directory, $"hugetlb.{size}.{knob}", LimitFile.Text(bytes));
            LimitFile.Write(directory, reserved, LimitFile.Exists(directory, reserved) ? LimitFile.Text(bytes) : null);
        }
    }
}
