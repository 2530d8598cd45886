// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Attest;

/// <summary>A package that a package manager has installed.</summary>
/// <param name="Kind">as package URLs call it: deb, apk</param>
/// <param name="Name">of the package</param>
/// <param name="Version">of the package</param>
internal sealed record Package(string Kind, string Name, string Version)
{
    public string? Architecture { get; init; }

    /// <summary>The source package that it was built from, when that is called otherwise.</summary>
    public string? Source { get; init; }

    /// <summary>As the package says it; an SPDX expression or not.</summary>
    public string? License { get; init; }

    public string? Maintainer { get; init; }

    public string? Homepage { get; init; }
}
