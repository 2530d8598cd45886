// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>What a build is asked for, beside the Dockerfile.</summary>
/// <param name="Target">the platform of the result</param>
/// <param name="Host">the platform that builds</param>
internal sealed record BuildRequest(Platform Target, Platform Host)
{
    /// <summary>True when the user named <see cref="Target"/>: then the result says so, whatever its base says.</summary>
    public bool IsTargetGiven { get; init; }

    /// <summary>The stage that is wanted; null for the last.</summary>
    public string? Stage { get; init; }

    /// <summary><c>--build-arg</c>.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--build-context</c>: names in lower case, locations as given.</summary>
    public IReadOnlyDictionary<string, string> Contexts { get; init; } = new Dictionary<string, string>();

    /// <summary>Patterns of the context's ignore file.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary><c>--label</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--no-cache</c>.</summary>
    public bool IgnoresCache { get; init; }

    /// <summary><c>--no-cache-filter</c>: names of stages.</summary>
    public IReadOnlyList<string> UncachedStages { get; init; } = [];

    /// <summary>Steps are named with their platform, as there are others in the same build.</summary>
    public bool ShowsPlatform { get; init; }

    /// <summary>Looks at all stages, not only at needed ones: for <c>--check</c>.</summary>
    public bool WantsAllStages { get; init; }
}

/// <summary>An image whose config the lowering needs: its variables, its triggers.</summary>
/// <param name="Image">normalised</param>
/// <param name="Platform">which of a list is meant</param>
internal sealed record BaseRequest(Reference Image, Platform Platform)
{
    /// <summary><c>PATH[:TAG|@DIGEST]</c> of an OCI layout of this host that has the image; null: it is looked for by its name.</summary>
    public string? Layout { get; init; }
}

/// <summary>An image that was asked for.</summary>
/// <param name="Digest">of its manifest or index, by which the graph names it</param>
/// <param name="Config">its config</param>
internal sealed record BaseImage(Digest Digest, ImageConfig Config);
