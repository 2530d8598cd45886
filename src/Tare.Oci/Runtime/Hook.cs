// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A program to run at one moment of a container's life; it gets the <see cref="State"/> on standard input.</summary>
/// <param name="Path">absolute path</param>
/// <remarks>runtime-spec v1.3 config.md#posix-platform-hooks</remarks>
internal sealed record Hook(string Path)
{
    /// <summary>argv, or null for none.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Its whole environment.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds after which it is killed, or null for never.</summary>
    public int? Timeout { get; init; }
}
