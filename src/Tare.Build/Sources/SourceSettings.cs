// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Build.Sources;

/// <summary>What fetching files from elsewhere needs of the session that builds. All lent.</summary>
/// <param name="Store">whose scratch folder takes checkouts and downloads</param>
/// <param name="Folder">the builder's own folder, which keeps repositories</param>
internal sealed record SourceSettings(ImageStore Store, Fd Folder)
{
    /// <summary>Variables of the user's environment: PATH, HOME, proxies, certificates. Null for one that is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>Secrets of the build by id: <c>GIT_AUTH_TOKEN</c> and the like are looked for.</summary>
    public Func<string, byte[]?> Secret { get; init; } = static _ => null;

    /// <summary>The socket of an ssh agent, or null; asked when git is run.</summary>
    public Func<string?> Agent { get; init; } = static () => null;

    public GitLimits Limits { get; init; } = new();

    /// <summary>Keys of the user's may be used: for what the command line names, never for what a Dockerfile does.</summary>
    public bool TrustsUserKeys { get; init; }
}
