// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Oci;

namespace Tare.Images;

/// <summary>The machine that we run on.</summary>
internal static class Hardware
{
    /// <summary>What images must be made for to run here.</summary>
    public static Platform Host { get; } = new Platform(
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.X86 => "386",
            Architecture other => other.ToString().ToLowerInvariant(),
        },
        "linux").Normalize();
}
