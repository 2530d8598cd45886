// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>What is to be said about the result of a build; by default nothing.</summary>
internal sealed record AttestRequest
{
    public bool HasProvenance { get; private init; }

    /// <summary>mode=max: with arguments, ids of secrets and all steps.</summary>
    public bool IsFull { get; private init; }

    /// <summary>SLSA 1 instead of 0.2.</summary>
    public bool IsFirst { get; private init; }

    /// <summary>Who builds, as a URI; empty for nobody in particular.</summary>
    public string Builder { get; private init; } = "";

    /// <summary>The user says that the build can be repeated.</summary>
    public bool IsReproducible { get; private init; }

    public bool HasSbom { get; private init; }

    public bool IsAny => HasProvenance || HasSbom;

    /// <summary>Reads the flags; a later one goes before an earlier one.</summary>
    /// <param name="attest"><c>--attest type=…,…</c></param>
    /// <param name="provenance"><c>--provenance</c>, or null</param>
    /// <param name="sbom"><c>--sbom</c>, or null</param>
    /// <exception cref="FormatException">one is malformed</exception>
    /// <exception cref="TareException">NotSupported: another generator</exception>
    public static AttestRequest Parse(IReadOnlyList<string> attest, string? provenance, string? sbom)
    {
        AttestRequest request = new();
        foreach (string text in attest)
        {
            (string Key, string Value)[] fields = [.. Fields(text)];
            string? type = fields.LastOrDefault(static field => field.Key == "type").Value;
            request = type switch
            {
                "provenance" => request.WithProvenance(fields),
                "sbom" => request.WithSbom(fields),
                null => throw new FormatException($"attestation {text}: type is missing"),
                _ => throw new FormatException($"attestation {text}: no such type {type}; there are provenance and sbom"),
            };
        }

        request = provenance is null ? request : request.WithProvenance([.. Short(provenance)]);
        return sbom is null ? request : request.WithSbom([.. Short(sbom)]);
    }

    private AttestRequest WithProvenance(IReadOnlyList<(string Key, string Value)> fields)
    {
        AttestRequest request = this with { HasProvenance = true };
        foreach ((string key, string value) in fields)
        {
            request = key switch
            {
                "type" => request,
                "disabled" => request with { HasProvenance = !Truth(key, value) },
                "mode" => request with { IsFull = IsFirstOf("mode", value, "max", "min") },
                "version" => request with { IsFirst = IsFirstOf("version", value, "v1", "v0.2") },
                "builder-id" => request with { Builder = value },
                "reproducible" => request with { IsReproducible = Truth(key, value) },
                _ => throw new FormatException($"provenance: unknown option {key}"),
            };
        }

        return request;
    }

    private AttestRequest WithSbom(IReadOnlyList<(string Key, string Value)> fields)
    {
        AttestRequest request = this with { HasSbom = true };
        foreach ((string key, string value) in fields)
        {
            request = key switch
            {
                "type" => request,
                "disabled" => request with { HasSbom = !Truth(key, value) },
                "generator" => throw new TareException(
                    ErrorKind.NotSupported, $"sbom generator {value}: generators are not run", "packages are listed without one: --sbom=true"),
                _ => throw new FormatException($"sbom: unknown option {key}"),
            };
        }

        return request;
    }

    /// <summary><c>true</c> and <c>false</c>, or options.</summary>
    private static IEnumerable<(string Key, string Value)> Short(string text) =>
        text.Length == 0 ? [] : text.Contains('=') ? Fields(text) : [("disabled", Truth("it", text) ? "false" : "true")];

    private static IEnumerable<(string Key, string Value)> Fields(string text)
    {
        foreach (string field in CsvFields.Read(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0
                ? throw new FormatException($"{text}: {field} has no value")
                : (field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
        }
    }

    private static bool IsFirstOf(string key, string value, string first, string second) =>
        value == first || (value == second ? false : throw new FormatException($"provenance {key} {value}: there are {second} and {first}"));

    private static bool Truth(string key, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"{key} may be true or false, not {value}"),
    };
}
