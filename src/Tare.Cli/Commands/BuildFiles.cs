// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Commands;

/// <summary>Files of the host that a build writes beside images.</summary>
internal static class BuildFiles
{
    private const uint FileMode = 0b110_100_100;

    /// <summary>A file with these bytes; what was there is gone.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using Fd file = Create(path);
        file.Write(bytes);
    }

    /// <summary>An empty file, open for writing; owned by the caller.</summary>
    public static Fd Create(string path) =>
        HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);

    /// <summary>As BuildKit: beside the files that they are about.</summary>
    public static void WriteStatements(string folder, IReadOnlyList<Attestation> statements)
    {
        foreach (Attestation one in statements)
        {
            string name = one.PredicateType == SpdxDocument.PredicateType ? "sbom.spdx.json" : "provenance.json";
            Write(Path.Combine(folder, name), one.Statement);
        }
    }
}
