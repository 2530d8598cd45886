// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Attest;

/// <summary>A package that a package manager has installed.</summary>
/// <param name="Kind">as package URLs call it: deb, apk, rpm, npm, pypi, nuget</param>
/// <param name="Name">of the package</param>
/// <param name="Version">of the package</param>
internal sealed record Package(string Kind, string Name, string Version)
{
    public string? Architecture { get; init; }

    /// <summary>Of rpm, what goes before versions when packages are compared; null for 0.</summary>
    public string? Epoch { get; init; }

    /// <summary>It is of a system's package manager, not of a language's.</summary>
    public bool IsSystem => Kind is "deb" or "apk" or "rpm";

    /// <summary>The source package that it was built from, when that is called otherwise.</summary>
    public string? Source { get; init; }

    /// <summary>As the package says it; an SPDX expression or not.</summary>
    public string? License { get; init; }

    public string? Maintainer { get; init; }

    public string? Homepage { get; init; }
}
