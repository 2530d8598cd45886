// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Tare.Oci;

/// <summary>The name of an image, <c>registry/repository[:tag][@digest]</c>, parsed and normalised once.</summary>
/// <remarks>The grammar of the distribution project's reference; short names mean docker.io as users expect:
/// <c>busybox</c> is <c>docker.io/library/busybox:latest</c>. At least one of tag and digest is there.</remarks>
public sealed record Reference
{
    internal const string DefaultRegistry = "docker.io";
    internal const string DefaultTag = "latest";
    private const string LegacyRegistry = "index.docker.io";
    private const string OfficialPrefix = "library/";

    private Reference(string registry, string repository, string? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host and port, such as <c>docker.io</c> or <c>localhost:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The path on the registry, such as <c>library/busybox</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null when only the digest names the image.</summary>
    public string? Tag { get; }

    /// <summary>The digest of the manifest or index, or null when only the tag names the image.</summary>
    public Digest? Digest { get; }

    /// <summary>Registry and repository: <c>docker.io/library/busybox</c>.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>The name as users write it: <c>busybox</c>, <c>user/app</c>, <c>ghcr.io/user/app</c>.</summary>
    public string FamiliarName =>
        Registry != DefaultRegistry ? Name
        : IsOfficial ? Repository[OfficialPrefix.Length..]
        : Repository;

    /// <summary>The whole reference as users write it: <c>busybox:latest</c>, <c>busybox@sha256:…</c>.</summary>
    public string Familiar => FamiliarName + Suffix;

    private bool IsOfficial => Repository.StartsWith(OfficialPrefix, StringComparison.Ordinal)
        && Repository.LastIndexOf('/') == OfficialPrefix.Length - 1;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>The reference that the text spells, normalised; the tag is <c>latest</c> when neither tag nor digest
    /// is given.</summary>
    /// <exception cref="TareException">InvalidArgument, with the reason</exception>
    public static Reference Parse(string text) =>
        TryRead(text, out Reference? reference) is { } reason
            ? throw new TareException(ErrorKind.InvalidArgument, $"invalid reference {Quoted.Text(text)}: {reason}")
            : reference!;

    /// <summary>False when the text is no reference; 64 hex digits alone are none, they are an image ID.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Reference? reference) =>
        TryRead(text, out reference) is null;

    /// <summary>The same repository under another tag, without a digest.</summary>
    /// <exception cref="TareException">InvalidArgument when it is no tag</exception>
    public Reference WithTag(string tag) => ReferenceGrammar.IsTag(tag)
        ? new(Registry, Repository, tag, digest: null)
        : throw new TareException(ErrorKind.InvalidArgument, $"{Quoted.Text(tag)} is not a tag");

    /// <summary>The same name pinned to a manifest or index; the tag stays.</summary>
    public Reference WithDigest(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <summary>The full form: <c>docker.io/library/busybox:latest</c>.</summary>
    public override string ToString() => Name + Suffix;

    /// <summary>Null on success, else why the text is no reference.</summary>
    private static string? TryRead(string text, out Reference? reference)
    {
        reference = null;
        if (ReferenceGrammar.RefuseWhole(text) is { } refusal)
        {
            return refusal;
        }
        (string name, string? tag, string? digestText) = Split(text);
        Digest digest = default;
        if (digestText is not null && !Oci.Digest.TryParse(digestText, out digest))
        {
            return "what follows @ is not a digest (sha256:<64 hex digits>)";
        }
        if (tag is not null && !ReferenceGrammar.IsTag(tag))
        {
            return $"{Quoted.Text(tag)} is not a tag (up to 128 of letters, digits, '_', '.', '-')";
        }
        (string registry, string repository) = SplitRegistry(name);
        string? reason = ReferenceGrammar.RefuseRegistry(registry) ?? ReferenceGrammar.RefuseRepository(repository);
        if (reason is null)
        {
            tag ??= digestText is null ? DefaultTag : null;
            reference = new Reference(registry, repository, tag, digestText is null ? null : digest);
        }
        return reason;
    }

    private static (string Name, string? Tag, string? Digest) Split(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string rest = at < 0 ? text : text[..at];
        string? digest = at < 0 ? null : text[(at + 1)..];
        // Only a colon behind the last slash starts a tag; one before it belongs to the port.
        int colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/')
            ? (rest[..colon], rest[(colon + 1)..], digest)
            : (rest, null, digest);
    }

    /// <summary>Docker's rule: the first part is a registry when it looks like a host, else all of it is a path on
    /// docker.io.</summary>
    private static (string Registry, string Repository) SplitRegistry(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : name[..slash];
        bool isHost = first == "localhost" || first.AsSpan().ContainsAny('.', ':')
            || first.Any(char.IsAsciiLetterUpper);
        string registry = !isHost || first == LegacyRegistry ? DefaultRegistry : first;
        string repository = isHost ? name[(slash + 1)..] : name;
        return registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal)
            ? (registry, OfficialPrefix + repository)
            : (registry, repository);
    }
}
