// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Networks;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Whether a container gets a user namespace of its own, as far as what was asked decides it.</summary>
/// <param name="IsPrivate">it does, if the host lets it</param>
/// <param name="Reason">why it does not; null when it does, or when the user said so</param>
/// <param name="IsFallback">it would have, but for what it asks: the user is told</param>
/// <remarks>The table of docs/differences.md. What the host has to say comes after it: <see cref="ContainerUsers"/>.</remarks>
internal sealed record UserNamespaceChoice(bool IsPrivate, string? Reason = null, bool IsFallback = false)
{
    /// <summary>What <c>--userns</c> takes, beside nothing.</summary>
    public const string Private = "private";

    /// <inheritdoc cref="Private"/>
    public const string Host = "host";

    /// <param name="request">what was asked</param>
    /// <param name="imageUser">the user of the image, who counts when nobody was asked for</param>
    /// <exception cref="TareException">InvalidArgument: no such mode, or it contradicts the rest</exception>
    public static UserNamespaceChoice Of(RunRequest request, string? imageUser) => request.UserNamespace switch
    {
        Host => new(false),
        null or "" => WhyHosts(request) is { } reason ? new(false, reason)
            : Foreign(request, imageUser) is { } id ? new(false, Outside(id), IsFallback: true)
            : new(true),
        Private => WhyHosts(request) is { } reason ? throw Contradiction(reason)
            : Foreign(request, imageUser) is { } id ? throw Contradiction(Outside(id))
            : new(true),
        _ => throw new TareException(
            ErrorKind.InvalidArgument,
            $"--userns: invalid USER mode: {Quoted.Text(request.UserNamespace)}",
            "want host, private, or nothing for private where that is possible"),
    };

    /// <summary>Rights over the host, or over what belongs to one of its namespaces, are what the user asked for.</summary>
    private static string? WhyHosts(RunRequest request) => request.Privileged ? "it is privileged"
        : RequestedOptions.NetworkOf(request) == NetworkMode.Host ? "it shares the host's network"
        : NetworkChoice.Of(request).Path is not null ? "it joins a network namespace of the host"
        : null;

    /// <summary>A user or group by a number that a private namespace does not have.</summary>
    private static string? Foreign(RunRequest request, string? imageUser) =>
        (request.User ?? imageUser ?? "").Split(':').Concat(request.Groups).FirstOrDefault(static text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id >= UserRange.Size);

    private static string Outside(string id) => $"user or group {id} is not among its {UserRange.Size} ids";

    private static TareException Contradiction(string reason) => new(
        ErrorKind.InvalidArgument, $"no private user namespace for this container: {reason}", "leave out --userns private");
}
