// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Oci;

/// <summary>The names of operating systems and architectures, their aliases, and which run which.</summary>
internal static class PlatformNames
{
    public static bool IsOs(string name) => name.ToLowerInvariant() is
        "linux" or "windows" or "darwin" or "macos" or "freebsd" or "netbsd" or "openbsd" or "dragonfly" or "solaris"
        or "illumos" or "aix" or "android" or "plan9" or "wasip1" or "js" or "ios" or "zos";

    public static bool IsArchitecture(string name) => name.ToLowerInvariant() is
        "386" or "i386" or "amd64" or "x86_64" or "x86-64" or "arm" or "armhf" or "armel" or "arm64" or "aarch64"
        or "loong64" or "mips" or "mipsle" or "mips64" or "mips64le" or "ppc64" or "ppc64le" or "riscv64" or "s390x"
        or "wasm";

    /// <summary>Docker's spelling of an architecture and its variant, both already in lower case.</summary>
    public static (string Architecture, string? Variant) Canonical(
        string architecture, string? variant) => (architecture, variant) switch
        {
            ("i386", _) => ("386", null),
            ("x86_64" or "x86-64" or "amd64", null or "v1") => ("amd64", null),
            ("x86_64" or "x86-64" or "amd64", _) => ("amd64", variant),
            ("aarch64" or "arm64", null or "8" or "v8" or "v8.0") => ("arm64", null),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => ("arm64", "v9"),
            ("aarch64" or "arm64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", null or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            _ => (architecture, variant),
        };

    /// <summary>All that a normalised host can run, best first; the host itself is entry 0.</summary>
    public static IReadOnlyList<Platform> Runnable(Platform host)
    {
        List<Platform> list = [host];
        switch (host.Architecture)
        {
            case "amd64":
                AddOlder(list, host, first: 1);
                list.Add(new Platform("386", host.Os));
                break;
            case "arm64":
                if (host.Variant is not null)
                {
                    list.Add(host with { Variant = null });
                }
                Platform arm = new("arm", host.Os) { Variant = "v8" };
                list.Add(arm);
                AddOlder(list, arm, first: 5);
                break;
            case "arm":
                AddOlder(list, host, first: 5);
                break;
        }
        return list;
    }

    private static void AddOlder(List<Platform> list, Platform newest, int first)
    {
        if (newest.Variant is not ['v', >= '0' and <= '9'])
        {
            return;
        }
        for (int version = newest.Variant[1] - '0' - 1; version >= first; version--)
        {
            string variant = string.Create(CultureInfo.InvariantCulture, $"v{version}");
            list.Add((newest with { Variant = variant }).Normalize());
        }
    }
}
