// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Brings blobs into a repository.</summary>
/// <remarks>
/// distribution-spec v1.1 #pushing-a-blob-monolithically, #pushing-a-blob-in-chunks, #mounting-a-blob-from-another-repository.
/// The whole goes in one request. When the connection breaks, the registry is asked how much it has, and the rest goes; when
/// it refuses so large a request, the blob goes in chunks. Safe to use from several threads.
/// </remarks>
/// <param name="client">lent</param>
/// <param name="repository">where they go</param>
/// <param name="sources">repositories of the same registry that may have them</param>
internal sealed class BlobUpload(RegistryClient client, string repository, IReadOnlyList<string> sources)
{
    private const int MaxSources = 4;

    /// <summary>What nearly every proxy before a registry lets through.</summary>
    private const long ChunkBytes = 8 << 20;

    /// <summary>Answers that refuse the request's size or form, not what is in it.</summary>
    private static readonly int[] Refusals = [405, 411, 413, 501];

    private readonly Dictionary<Digest, UploadState> _states = [];

    /// <summary>The rights to write there, and to read where blobs may be mounted from.</summary>
    public string Scope { get; } = string.Join(
        ' ', sources.Take(MaxSources).Select(static s => $"repository:{s}:pull").Prepend($"repository:{repository}:pull,push"));

    /// <summary>Whether the repository has it.</summary>
    public async Task<bool> HasAsync(Digest blob, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Head, $"{repository}/blobs/{blob}", Scope) { Expects = [404] };
        using HttpResponseMessage answer = await client.SendAsync(request, ct);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The repository that it could be taken from without sending it, or null.</summary>
    public async Task<string?> MountAsync(Digest blob, CancellationToken ct)
    {
        foreach (string source in sources.Take(MaxSources))
        {
            var request = new RegistryRequest(
                HttpMethod.Post, $"{repository}/blobs/uploads/?mount={blob}&from={Uri.EscapeDataString(source)}", Scope)
            {
                Expects = [401, 403, 404, 405],
            };
            using HttpResponseMessage answer = await client.SendAsync(request, ct);
            if ((int)answer.StatusCode == 201)
            {
                return source;
            }
        }
        return null;
    }

    /// <summary>Sends it, or what is missing of it after an earlier call.</summary>
    /// <param name="content">which</param>
    /// <param name="bytes">all of them, verified at their end; lent</param>
    /// <param name="ct">stops at once</param>
    /// <exception cref="SendAgainException">a part went; call once more with the same bytes</exception>
    /// <exception cref="TareException">Unavailable; Corrupt when the bytes are not what they must be</exception>
    public async Task SendAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        string what = $"{client.Host.Name}: blob {content.Digest}";
        UploadState state = StateOf(content.Digest);
        try
        {
            await SendOnceAsync(what, state, content, bytes, ct);
            lock (_states)
            {
                _states.Remove(content.Digest);
            }
        }
        catch (TransientException failure)
        {
            await Task.Delay(state.Failed(what, failure), ct);
            throw new SendAgainException(failure);
        }
    }

    private UploadState StateOf(Digest blob)
    {
        lock (_states)
        {
            if (!_states.TryGetValue(blob, out UploadState? state))
            {
                state = new UploadState(client.Options);
                _states.Add(blob, state);
            }
            return state;
        }
    }

    private async Task SendOnceAsync(string what, UploadState state, Descriptor content, Stream bytes, CancellationToken ct)
    {
        if (state.Place is not null)
        {
            await AskAsync(what, state, content, ct);
            // the answer to the last request may be all that was lost
            if (state.Place is null && await HasAsync(content.Digest, ct))
            {
                return;
            }
        }
        if (state.Place is null)
        {
            (state.Place, state.At) = (await BeginAsync(what, ct), 0);
        }
        if (state.At == 0 && !state.IsInChunks)
        {
            await SendWholeAsync(state, content, bytes, ct);
            return;
        }
        Skip(bytes, state.At);
        while (state.At < content.Size)
        {
            await SendPartAsync(what, state, content, bytes, ct);
        }
        // the end tells whether the bytes were right
        _ = bytes.Read(new byte[1]);
        await FinishAsync(state.Place!, content, null, ct);
    }

    private async Task SendWholeAsync(UploadState state, Descriptor content, Stream bytes, CancellationToken ct)
    {
        int code = await FinishAsync(state.Place!, content, new BlobContent(bytes, content.Size, client.Options), ct);
        if (Refusals.Contains(code))
        {
            (state.IsInChunks, state.Place) = (true, null);
            throw new SendAgainException(new TransientException($"the registry answered {code}"));
        }
    }

    /// <summary>The rest, or the next chunk of it.</summary>
    private async Task SendPartAsync(string what, UploadState state, Descriptor content, Stream bytes, CancellationToken ct)
    {
        long count = state.IsInChunks ? Math.Min(ChunkBytes, content.Size - state.At) : content.Size - state.At;
        BlobContent? body = new(new Part(bytes, count), count, client.Options);
        body.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{state.At}-{state.At + count - 1}"));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        var request = new RegistryRequest(HttpMethod.Patch, state.Place!.AbsoluteUri, Scope)
        {
            Content = () => Interlocked.Exchange(ref body, null) ?? throw Again(),
            Expects = [404, 413, 416],
        };
        using HttpResponseMessage answer = await client.SendOnceAsync(request, ct);
        if ((int)answer.StatusCode is 404 or 413 or 416)
        {
            state.IsInChunks |= (int)answer.StatusCode == 413;
            throw new TransientException($"the registry answered {(int)answer.StatusCode}");
        }
        state.At += count;
        state.Place = PlaceOf(what, state.Place, answer) ?? state.Place;
    }

    /// <summary>Names the blob, with its bytes when none went before; answers 201 or one of the refusals.</summary>
    private async Task<int> FinishAsync(Uri place, Descriptor content, BlobContent? bytes, CancellationToken ct)
    {
        BlobContent? body = bytes;
        var request = new RegistryRequest(HttpMethod.Put, WithDigest(place, content.Digest), Scope)
        {
            Content = () => bytes is null ? new ByteArrayContent([]) : Interlocked.Exchange(ref body, null) ?? throw Again(),
            Expects = bytes is null ? [404] : Refusals,
        };
        using HttpResponseMessage answer = await client.SendOnceAsync(request, ct);
        return (int)answer.StatusCode == 404
            ? throw new TransientException("the registry forgot the upload")
            : (int)answer.StatusCode;
    }

    /// <summary>A token that ended on the way has been replaced by now.</summary>
    private static TransientException Again() => new("access denied in the middle of an upload");

    /// <summary>How much it has. An upload that it does not know any more, or of which it has nothing, is begun anew.</summary>
    /// <remarks>Some say <c>0-0</c> for nothing as for one byte.</remarks>
    private async Task AskAsync(string what, UploadState state, Descriptor content, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Get, state.Place!.AbsoluteUri, Scope) { Expects = [404, 405] };
        using HttpResponseMessage answer = await client.SendOnceAsync(request, ct);
        string range = answer.Headers.NonValidated.TryGetValues("Range", out var said) ? said.ToString() : "";
        string last = range[(range.IndexOf('-', StringComparison.Ordinal) + 1)..];
        bool isKnown = answer.IsSuccessStatusCode && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long end)
            && end > 0 && end < content.Size;
        state.At = isKnown ? long.Parse(last, CultureInfo.InvariantCulture) + 1 : 0;
        state.Place = isKnown ? PlaceOf(what, state.Place, answer) ?? state.Place : null;
    }

    private async Task<Uri> BeginAsync(string what, CancellationToken ct)
    {
        var begin = new RegistryRequest(HttpMethod.Post, $"{repository}/blobs/uploads/", Scope);
        using HttpResponseMessage answer = await client.SendAsync(begin, ct);
        return PlaceOf(what, new Uri(client.Host.Address, $"v2/{begin.Path}"), answer)
            ?? throw new TareException(ErrorKind.Corrupt, $"{what}: the registry does not say where to send it");
    }

    private Uri? PlaceOf(string what, Uri asked, HttpResponseMessage answer)
    {
        if (answer.Headers.Location is not { } location)
        {
            return null;
        }
        var place = new Uri(asked, location);
        bool isFine = Origin.Of(place) == client.Host.Origin || place.Scheme == Uri.UriSchemeHttps;
        return isFine && place.UserInfo.Length == 0
            ? place
            : throw new TareException(
                ErrorKind.PermissionDenied, $"{what}: the registry wants it at {Quoted.Text(place.GetLeftPart(UriPartial.Authority))}, which is not trusted");
    }

    private static void Skip(Stream bytes, long count)
    {
        Span<byte> known = stackalloc byte[4096];
        while (count > 0)
        {
            int n = bytes.Read(known[..(int)Math.Min(known.Length, count)]);
            count = n > 0 ? count - n : 0;
        }
    }

    private static string WithDigest(Uri place, Digest digest) =>
        $"{place.AbsoluteUri}{(place.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(digest.ToString())}";

    /// <summary>The next bytes of a stream, and no more of it. Lends it.</summary>
    private sealed class Part(Stream inner, long count) : ForwardStream
    {
        private long _left = count;

        public override int Read(Span<byte> buffer)
        {
            int n = _left == 0 ? 0 : inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= n;
            return n;
        }
    }
}
