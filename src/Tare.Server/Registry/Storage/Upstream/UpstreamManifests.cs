// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>Manifests and tags that are here, and those that other registries have; without these what is here counts.</summary>
/// <param name="here">where they are kept</param>
/// <param name="upstream">where they come from</param>
/// <param name="options">for how long a tag counts</param>
/// <param name="touch">is told which manifests somebody wants</param>
/// <param name="warn">is told when another registry cannot be asked</param>
/// <param name="time">for the ages of tags</param>
internal sealed class UpstreamManifests(
    IManifests here, UpstreamClients upstream, UpstreamOptions options, Action<Repository, Digest> touch, Action<string> warn,
    TimeProvider time) : IManifests
{
    private const int MaxRemembered = 100_000;
    private readonly ConcurrentDictionary<(string, string), DateTimeOffset> _asked = [];

    public async ValueTask<StoredManifest?> TryReadAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        StoredManifest? known = await here.TryReadAsync(repository, digest, ct);
        if (known is not null || upstream.Find(repository) is not (UpstreamClient from, string name))
        {
            touch(repository, digest);
            return known;
        }

        StoredManifest? found = await AskAsync(from, name, digest.ToString(), ct);
        if (found is not null)
        {
            await KeepAsync(repository, found, tag: null, ct);
        }

        return found;
    }

    public async ValueTask<Digest?> TryResolveAsync(Repository repository, string tag, CancellationToken ct)
    {
        Digest? known = await here.TryResolveAsync(repository, tag, ct);
        if (upstream.Find(repository) is not (UpstreamClient from, string name) || (known is not null && IsFresh(repository, tag)))
        {
            return known;
        }

        try
        {
            if (known is null || await RemoteManifest.ResolveAsync(from, name, tag, ct) != known)
            {
                StoredManifest? found = await AskAsync(from, name, tag, ct);
                if (found is not null)
                {
                    await KeepAsync(repository, found, tag, ct);
                }

                known = found?.Digest;
            }

            Remember(repository, tag);
            return known;
        }
        catch (TareException e) when (IsAway(e) && known is not null)
        {
            warn($"{repository.Name}:{tag} is served as it was: {e.Message}");
            return known;
        }
    }

    public ValueTask<IReadOnlyList<Digest>> PutAsync(
        Repository repository, StoredManifest manifest, PushedDocument document, string? tag, CancellationToken ct) =>
        here.PutAsync(repository, manifest, document, tag, ct);

    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct) =>
        here.TryRemoveAsync(repository, digest, ct);

    public ValueTask<bool> TryRemoveTagAsync(Repository repository, string tag, CancellationToken ct) =>
        here.TryRemoveTagAsync(repository, tag, ct);

    public async ValueTask<IReadOnlyList<string>?> TagsAsync(Repository repository, CancellationToken ct)
    {
        if (upstream.Find(repository) is not (UpstreamClient from, string name))
        {
            return await here.TagsAsync(repository, ct);
        }

        try
        {
            using UpstreamClient.Lent lent = await from.TakeAsync(ct);
            return await TagList.ReadAsync(lent.Client, name, ct);
        }
        catch (TareException e) when (IsAway(e))
        {
            warn($"tags of {repository.Name} are listed as they were: {e.Message}");
            return await here.TagsAsync(repository, ct);
        }
    }

    public ValueTask<IEnumerable<string>> RepositoriesAsync(CancellationToken ct) => here.RepositoriesAsync(ct);

    public async IAsyncEnumerable<Referrer> ReferrersAsync(
        Repository repository, Digest subject, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        ImageIndex? list = null;
        if (upstream.Find(repository) is (UpstreamClient from, string name))
        {
            list = await AskReferrersAsync(from, name, repository, subject, ct);
        }

        if (list is null)
        {
            await foreach (Referrer referrer in here.ReferrersAsync(repository, subject, after, ct))
            {
                yield return referrer;
            }

            yield break;
        }

        foreach (Referrer referrer in list.Manifests
            .Select(static d => new Referrer(d.Digest.ToString().Replace(':', '-'), JsonSerializer.SerializeToUtf8Bytes(d, OciJson.Writer.Descriptor)))
            .OrderBy(static r => r.Name, StringComparer.Ordinal)
            .Where(r => string.CompareOrdinal(r.Name, after) > 0))
        {
            yield return referrer;
        }
    }

    /// <summary>Null also for what that registry does not show us: many tell it as they tell what is not there.</summary>
    private async Task<StoredManifest?> AskAsync(UpstreamClient from, string name, string reference, CancellationToken ct)
    {
        try
        {
            return await RemoteManifest.ReadAsync(from, name, reference, ct);
        }
        catch (TareException e) when (e.Kind is ErrorKind.Unauthenticated or ErrorKind.PermissionDenied)
        {
            warn($"{name}, {reference}: {e.Message}");
            return null;
        }
    }

    private static bool IsAway(TareException e) =>
        e.Kind is ErrorKind.Unavailable or ErrorKind.ResourceExhausted or ErrorKind.Unauthenticated or ErrorKind.PermissionDenied;

    /// <summary>Null when the other registry cannot tell. One without the list has it under a tag.</summary>
    /// <remarks>distribution-spec 1.1 #referrers-tag-schema.</remarks>
    private async Task<ImageIndex?> AskReferrersAsync(
        UpstreamClient from, string name, Repository repository, Digest subject, CancellationToken ct)
    {
        try
        {
            return await RemoteManifest.ReferrersAsync(from, name, subject, ct)
                ?? (await RemoteManifest.ReadAsync(from, name, subject.ToString().Replace(':', '-'), ct) is { } list
                    ? ImageIndex.Parse(list.Bytes.Span)
                    : null);
        }
        catch (TareException e)
        {
            warn($"referrers of {repository.Name}@{subject} are listed as they were: {e.Message}");
            return null;
        }
    }

    /// <summary>Its children are fetched when somebody wants them.</summary>
    private ValueTask<IReadOnlyList<Digest>> KeepAsync(Repository repository, StoredManifest found, string? tag, CancellationToken ct) =>
        here.PutAsync(repository, found, PushedDocument.Parse(found) with { Children = [] }, tag, ct);

    private bool IsFresh(Repository repository, string tag) =>
        _asked.TryGetValue((repository.Name, tag), out DateTimeOffset when) && time.GetUtcNow() - when < options.TagLife;

    private void Remember(Repository repository, string tag)
    {
        if (_asked.Count >= MaxRemembered)
        {
            _asked.Clear();
        }

        _asked[(repository.Name, tag)] = time.GetUtcNow();
    }
}
