// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>What provenance tells of a build. There are no values of secrets in it, only their ids.</summary>
/// <param name="Platform">of the result</param>
/// <param name="Host">of this host</param>
/// <param name="Dockerfile">its name in the context</param>
internal sealed record BuildFacts(Platform Platform, Platform Host, string Dockerfile)
{
    /// <summary>Where the context is from, when that is not this host.</summary>
    public Material? Source { get; init; }

    /// <summary>All that came from elsewhere, the context too.</summary>
    public IReadOnlyList<Material> Materials { get; init; } = [];

    /// <summary>Folders of this host went into it: <c>context</c>, <c>dockerfile</c> and named ones.</summary>
    public IReadOnlyList<string> Locals { get; init; } = [];

    /// <summary>Options of the request by docker's names: <c>build-arg:NAME</c>, <c>label:NAME</c>, <c>target</c> …</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> SecretIds { get; init; } = [];

    public IReadOnlyList<string> AgentIds { get; init; } = [];

    /// <summary>All steps, inputs first.</summary>
    public IReadOnlyList<Vertex> Steps { get; init; } = [];

    /// <summary>The commit that the context is or has as its HEAD, or null.</summary>
    public string? Revision { get; init; }
}
