// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>The kit of layers; each class is a method in a file of its own.</summary>
public static partial class HostileLayers
{
    /// <summary>All of them, aimed at a directory of the host beside the one where the layer is unpacked.</summary>
    /// <param name="canary">its absolute path; it holds a file <c>file</c> and a directory <c>dir</c></param>
    public static IEnumerable<HostileLayer> For(string canary) =>
        [
            .. Names(canary), .. Links(canary), .. HardLinks(canary), .. Replacements(canary),
            .. Devices(), .. Whiteouts(), .. Roots(), .. Headers(), .. Truncations(),
            .. PaxRecords(), .. Globals(), .. Sparse(), .. Xattrs(),
        ];

    private static HostileLayer Refused(string name, RawTar tar, string error) => new(name, tar.End(), error);

    private static HostileLayer Harmless(string name, RawTar tar) => new(name, tar.End(), "");
}
