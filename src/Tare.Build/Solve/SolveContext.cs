// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Build.Cache;
using Tare.Build.Graph;
using Tare.Build.Sources;
using Tare.Build.Ssh;
using Tare.Build.Steps;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Build.Solve;

/// <summary>What steps are run with. All lent.</summary>
internal sealed record SolveContext
{
    public required BuildCache Cache { get; init; }

    /// <summary>For what is safe to use from several threads: blobs, layers, snapshots.</summary>
    public required ImageStore Store { get; init; }

    /// <summary>The image of a vertex: by the digest that the graph names it by, and its platform.</summary>
    public required Func<ImageOperation, StoredImage> Image { get; init; }

    /// <summary>Opens a context; the caller disposes it.</summary>
    public required Func<ContextOperation, InputTree> Context { get; init; }

    /// <summary>Repositories that a Dockerfile adds.</summary>
    public required GitSource Git { get; init; }

    /// <summary>Runs a process in a container.</summary>
    public required RunProcess Process { get; init; }

    /// <summary>The builder's own folder in the store.</summary>
    public required Fd Folder { get; init; }

    /// <summary>A folder in memory, for what must never reach a disk. Null: there are no secrets.</summary>
    public required Fd Live { get; init; }

    /// <summary>Stands in layers; their steps are done again when it changes.</summary>
    public required BuildTime Time { get; init; }

    /// <summary>Stands in the image's config, which alone depends on it: a commit's time may be in it.</summary>
    public BuildTime Dated
    {
        get => field ?? Time;
        init;
    }

    public required Action<BuildEvent> Told { get; init; }

    /// <summary>Told what comes from elsewhere and which vertex uses it, from any thread, the same several times.</summary>
    public Action<VertexId, Material> Used { get; init; } = static (_, _) => { };

    /// <summary><c>--secret</c>: its content by id; null for an unknown one.</summary>
    public Func<string, byte[]?> Secret { get; init; } = static _ => null;

    /// <summary><c>--ssh</c>: what is lent by id; null for an unknown one.</summary>
    public Func<string, LentAgent?> Agent { get; init; } = static _ => null;

    /// <summary>The network of a RUN that says nothing; null is the default one.</summary>
    public string? Network { get; init; }

    /// <summary>A Dockerfile may have the host's network because the user said so.</summary>
    public bool AllowsHostNetwork { get; init; }

    /// <summary>A RUN may have all rights over the host.</summary>
    public bool AllowsInsecure { get; init; }

    /// <summary><c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>bytes; 0 is the default</summary>
    public long ShmSize { get; init; }

    public IReadOnlyList<StepLimit> Limits { get; init; } = [];

    /// <summary>Every step's <see cref="BuildEvent.Explained"/> is told.</summary>
    public bool Explains { get; init; }

    /// <summary>Names the project that is built, for explanations alone; in no key.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Notes what the build used, for an export of the cache; null: there is none.</summary>
    public CacheTrail? Trail { get; init; }

    /// <summary>Records of other stores, asked when this one has none.</summary>
    public IReadOnlyList<CacheImport> Imports { get; init; } = [];

    /// <summary>What runs programs of other machines here.</summary>
    public Emulators Emulators { get; init; } = Emulators.OfHost;

    /// <summary>Lets the user into a step that failed: told the process, with its file system as it was left. Null: nobody
    /// wants that.</summary>
    public Action<StepProcess>? Enter { get; init; }
}
