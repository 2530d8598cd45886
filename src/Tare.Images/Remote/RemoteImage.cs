// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A manifest or index as it is at a registry.</summary>
/// <param name="Name">how it can be asked for</param>
/// <param name="Root">what it is; with the platform where that is known</param>
/// <param name="Bytes">as they came; their digest is the root's</param>
internal sealed record RemoteImage(Reference Name, Descriptor Root, byte[] Bytes)
{
    /// <summary>True when an index names it.</summary>
    public bool IsOfIndex { get; private init; }

    /// <summary>What a name stands for.</summary>
    /// <exception cref="TareException">NotFound, Unauthenticated, Unavailable, Corrupt …</exception>
    public static Task<RemoteImage> GetAsync(Reference name, RegistryOptions options, CancellationToken ct) =>
        InSourceAsync($"inspect {name.Familiar}", name, options, source => GetAsync(source, name, ct), ct);

    /// <summary>As <see cref="GetAsync(Reference, RegistryOptions, CancellationToken)"/>; of an index what it names instead, in its order.</summary>
    /// <returns>one without <see cref="IsOfIndex"/> when it is no index</returns>
    public static Task<IReadOnlyList<RemoteImage>> GetAllAsync(
        Reference name, RegistryOptions options, CancellationToken ct) =>
        InSourceAsync($"inspect {name.Familiar}", name, options, source => GetAllAsync(source, name, ct), ct);

    /// <summary>The tags of a repository, in the registry's order.</summary>
    /// <exception cref="TareException">NotFound: no such repository; as above</exception>
    public static Task<IReadOnlyList<string>> TagsAsync(Reference repository, RegistryOptions options, CancellationToken ct) =>
        InSourceAsync(
            $"tags of {repository.FamiliarName}", repository, options,
            async source => await source.TagsAsync(ct)
                ?? throw new TareException(ErrorKind.NotFound, "the registry has no such repository"),
            ct);

    private static Task<T> InSourceAsync<T>(
        string what, Reference name, RegistryOptions options, Func<RegistrySource, Task<T>> act, CancellationToken ct) =>
        InputError.NamedAsync(what, async () =>
        {
            using RegistrySource source = await RegistrySource.OpenAsync(name, options, ct);
            return await act(source);
        });

    private static async Task<RemoteImage> GetAsync(RegistrySource source, Reference name, CancellationToken ct)
    {
        Descriptor root = await source.ResolveAsync(name, ct)
            ?? throw new TareException(ErrorKind.NotFound, "the registry has no such image");
        return new(name, root, await ReadAsync(source, root, ct));
    }

    private static async Task<IReadOnlyList<RemoteImage>> GetAllAsync(
        RegistrySource source, Reference name, CancellationToken ct)
    {
        RemoteImage found = await GetAsync(source, name, ct);
        if (found.Root.Kind != ContentKind.Index)
        {
            return [found with { Root = found.Root with { Platform = await PlatformOfAsync(source, found, ct) } }];
        }
        IReadOnlyList<Descriptor> parts = ImageIndex.Parse(found.Bytes, found.Root).Value.Manifests;
        if (parts.Count > CopyLimits.Default.Documents)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"index {found.Root.Digest}: names {parts.Count} manifests");
        }
        List<RemoteImage> images = [];
        foreach (Descriptor part in parts)
        {
            images.Add(new(name.WithDigest(part.Digest), part, await ReadAsync(source, part, ct)) { IsOfIndex = true });
        }
        return images;
    }

    private static async Task<Platform?> PlatformOfAsync(RegistrySource source, RemoteImage image, CancellationToken ct)
    {
        Descriptor config = ImageManifest.Parse(image.Bytes, image.Root).Value.Config;
        return config.Kind == ContentKind.Config && config.Size <= ImageConfig.MaxBytes
            ? ImageConfig.Parse(await ReadAsync(source, config, ct), config.Digest).Value.Platform
            : null;
    }

    private static async Task<byte[]> ReadAsync(RegistrySource source, Descriptor content, CancellationToken ct)
    {
        if (content.Size > RegistryOptions.MaxDocumentBytes)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{content.Digest}: {content.Size} bytes, more than {RegistryOptions.MaxDocumentBytes}");
        }
        Stream bytes = await source.OpenAsync(content, ct)
            ?? throw new TareException(ErrorKind.NotFound, $"{content.Digest}: it is not there");
        await using var verified = new VerifyingStream(bytes, content, "document");
        using var whole = new MemoryStream();
        verified.CopyTo(whole);
        return whole.ToArray();
    }
}
