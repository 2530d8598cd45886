// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Images.Remote.Credentials;

namespace Tare.Images.Remote;

/// <summary>How registries are spoken to: whose credentials, which transport, how patiently, how much.</summary>
internal sealed record RegistryOptions
{
    public static RegistryOptions Default { get; } = new();

    /// <summary>Bytes of a manifest or index; what registries accept.</summary>
    public const int MaxDocumentBytes = 4 << 20;

    /// <summary>Bytes of a token server's answer; those of cloud registries hold long lists of rights.</summary>
    public const int MaxTokenBytes = 256 << 10;

    /// <summary>Bytes of an answer that tells an error.</summary>
    public const int MaxErrorBytes = 64 << 10;

    /// <summary>KiB of the headers of one answer.</summary>
    public const int MaxHeaderKilobytes = 64;

    /// <summary>Tags of one repository.</summary>
    public const int MaxTags = 100_000;

    /// <summary>Answers that lead elsewhere, one after the other.</summary>
    public const int MaxRedirects = 5;

    /// <summary>What the user is known by at a registry (<c>host[:port]</c> as in names of images), or null.</summary>
    public Func<string, Credential?> Credentials { get; init; } = static _ => null;

    /// <summary>Told of an identity token that stands for the credentials from then on; null: none is asked for.</summary>
    public Action<string>? TakeIdentityToken { get; init; }

    /// <summary>Whether a registry with these addresses may be spoken to without TLS or with any certificate.</summary>
    public Func<string, IReadOnlyList<IPAddress>, bool> IsInsecure { get; init; } =
        static (_, addresses) => addresses.Count > 0 && addresses.All(IPAddress.IsLoopback);

    /// <summary>What is asked before a registry, in this order.</summary>
    public Func<string, IReadOnlyList<Uri>> Mirrors { get; init; } = static _ => [];

    /// <summary>Certificates for a registry (<c>host[:port]</c>); asked for once for each connection to one.</summary>
    public Func<string, RegistryCertificates> Certificates { get; init; } = static _ => RegistryCertificates.None;

    /// <summary>Which requests go by way of a proxy; null: none.</summary>
    public ProxyChoice? Proxy { get; init; }

    /// <summary>How long nothing, or less than <see cref="StallBytes"/>, may come before a connection counts as dead.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that have to come in <see cref="Stall"/>: a server that sends one at a time is no server.</summary>
    public int StallBytes { get; init; } = 1024;

    /// <summary>How often one thing is tried.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; it doubles with each.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause that a server may ask for (Retry-After); one that asks for more is not waited for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);
}
