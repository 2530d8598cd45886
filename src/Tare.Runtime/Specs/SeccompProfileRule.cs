// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>What a profile does to some system calls, and where.</summary>
internal sealed record SeccompProfileRule(SeccompAction Action)
{
    /// <summary>One call: the older spelling.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<SyscallArgument>? Args { get; init; }

    /// <summary>All of it must hold.</summary>
    public SeccompCondition? Includes { get; init; }

    /// <summary>None of it may hold.</summary>
    public SeccompCondition? Excludes { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> AllNames => Names ?? (Name is null ? [] : [Name]);

    [JsonIgnore]
    public SyscallRule Rule => new(AllNames, Action) { ErrnoRet = ErrnoRet, Args = Args };

    public bool Applies(string architecture, IReadOnlyList<string> capabilities, Version kernel) =>
        (Includes?.Arches is not { Count: > 0 } arches || arches.Contains(architecture))
        && (Includes?.Caps ?? []).All(capabilities.Contains)
        && (Includes?.MinKernel is not { } oldest || kernel >= Version.Parse(oldest))
        && !(Excludes?.Arches ?? []).Contains(architecture)
        && !(Excludes?.Caps ?? []).Any(capabilities.Contains)
        && (Excludes?.MinKernel is not { } newest || kernel < Version.Parse(newest));
}
