// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Cli.Arguments;

namespace Tare.Cli.Commands;

/// <summary>Flags of <c>build</c> about what becomes of the result.</summary>
internal static class ResultFlags
{
    public static readonly Flag<bool> Squash = Flag.Switch("--squash", "Squash newly built layers into a single new layer");
    private static readonly Flag<IReadOnlyList<string>> Attest =
        Flag.List("--attest", "stringArray", "Attestation parameters (format: \"type=sbom\", \"type=provenance,mode=max\")");
    private static readonly Flag<string?> Provenance =
        Flag.Text("--provenance", "string", "Say in the image how it was built: shorthand for \"--attest=type=provenance\"");
    private static readonly Flag<string?> Sbom =
        Flag.Text("--sbom", "string", "Say in the image what packages it has: shorthand for \"--attest=type=sbom\"");

    public static readonly Flag[] All = [Squash, Attest, Provenance, Sbom];

    /// <exception cref="UsageException">one is malformed</exception>
    public static AttestRequest Attestations(ParsedArguments arguments)
    {
        try
        {
            return AttestRequest.Parse(arguments.Get(Attest), arguments.Get(Provenance), arguments.Get(Sbom));
        }
        catch (FormatException malformed)
        {
            throw new UsageException($"invalid attestation: {malformed.Message}", 1);
        }
    }
}
