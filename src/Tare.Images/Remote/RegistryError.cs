// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Turns an answer that refuses into an error of ours.</summary>
/// <remarks>distribution-spec v1.1 #error-codes.</remarks>
internal static class RegistryError
{
    private const int MaxShown = 3;

    /// <summary>Reads what the registry says about it, if it does in time.</summary>
    public static async Task<TareException> OfAsync(string registry, HttpResponseMessage answer, CancellationToken ct)
    {
        int code = (int)answer.StatusCode;
        string said = Describe(await ReadAsync(answer, ct));
        return new TareException(KindOf(code), $"{registry}: {Words(code)}{said}", HintFor(code, registry));
    }

    public static ErrorKind KindOf(int code) => code switch
    {
        400 or 405 or 413 => ErrorKind.InvalidArgument,
        401 => ErrorKind.Unauthenticated,
        403 => ErrorKind.PermissionDenied,
        404 or 410 => ErrorKind.NotFound,
        409 => ErrorKind.Conflict,
        429 or >= 500 => ErrorKind.Unavailable,
        _ => ErrorKind.FailedPrecondition,
    };

    private static string Words(int code) => code switch
    {
        401 => "access denied: no or wrong credentials, or no such repository",
        403 => "access denied",
        404 => "not found",
        429 => "too many requests",
        _ => $"the registry answered {code}",
    };

    private static string? HintFor(int code, string registry) =>
        code is 401 or 403 ? $"tare login {registry} tells it who you are; docker's own logins count too" : null;

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            byte[] bytes = new byte[RegistryOptions.MaxErrorBytes];
            using Stream body = await answer.Content.ReadAsStreamAsync(patience.Token);
            int read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
            return bytes[..read];
        }
        catch (Exception e) when (NetworkFailure.Is(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return [];
        }
    }

    /// <summary>Such as <c>: manifest unknown</c>; nothing when it is no such document.</summary>
    private static string Describe(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            string[] said = [.. document.RootElement.GetProperty("errors").EnumerateArray().Take(MaxShown).Select(Describe)];
            return said.Length == 0 ? "" : ": " + string.Join(", ", said);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "";
        }
    }

    private static string Describe(JsonElement error) =>
        error.TryGetProperty("message", out JsonElement message) && message.GetString() is { Length: > 0 } text
            ? Quoted.Text(text)
            : Quoted.Text(error.GetProperty("code").GetString());
}
