// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>What of /proc and /sys a container neither reads nor writes.</summary>
/// <remarks>Docker's newest list (GHSA-6fw5-f8r9-fgfm, GHSA-jq35-85cj-fj4p); paths that a kernel does not have are
/// passed over.</remarks>
internal static class DefaultPaths
{
    /// <summary>Docker's, and the switches of the kernel's debug messages, which distributions' kernels have.</summary>
    public static readonly IReadOnlyList<string> ReadOnly =
        ["/proc/bus", "/proc/dynamic_debug", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>What is masked on every host.</summary>
    public static readonly IReadOnlyList<string> Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ];

    /// <summary>The fixed list and what this host has besides.</summary>
    public static IReadOnlyList<string> MaskedOn(HostFacts host) =>
        host.MaskedPaths.Count == 0 ? Masked : [.. Masked, .. host.MaskedPaths];
}
