// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Server.Registry.Access.Tokens;
using Tare.Server.Registry.Storage.Buckets;
using Tare.Server.Registry.Storage.Store;
using Tare.Server.Registry.Storage.Upstream;

namespace Tare.Server.Registry;

/// <summary>How a registry is to be served.</summary>
/// <param name="Address">where to listen; port 0 takes a free one</param>
/// <param name="Storage">the folder, made when missing</param>
internal sealed record RegistryOptions(IPEndPoint Address, string Storage)
{
    /// <summary>A file of PEM certificates, the server's first; null for plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of its private key.</summary>
    public string? Key { get; init; }

    /// <summary>Users and bcrypt hashes; null lets everybody in.</summary>
    public string? Passwords { get; init; }

    /// <summary>Who may do what; null lets every user do everything.</summary>
    public string? Rights { get; init; }

    /// <summary>Pulling needs no password.</summary>
    public bool AnonymousPull { get; init; }

    /// <summary>How callers prove with tokens who they are; null when they do not.</summary>
    public TokenOptions? Tokens { get; init; }

    /// <summary>The engine's store, when that is what is served.</summary>
    public StoreOptions? Store { get; init; }

    /// <summary>A bucket, when that is where things are kept.</summary>
    public BucketOptions? Bucket { get; init; }

    /// <summary>Other registries that this one is a cache of; null for none.</summary>
    public UpstreamOptions? Upstream { get; init; }

    /// <summary>Between two looks whether files of passwords, rights or certificates changed.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two collections of garbage; zero for none.</summary>
    public TimeSpan CollectEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For how long a blob is kept that nothing refers to: a push must come to its manifest within.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(2);
}
