// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Signs requests to S3.</summary>
/// <remarks>AWS Signature Version 4: docs.aws.amazon.com, AmazonS3 API, sig-v4-header-based-auth.</remarks>
internal static class Signature
{
    /// <summary>The hash of a payload that is not signed, which TLS protects.</summary>
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds date, hash, token and signature to a request.</summary>
    /// <param name="request">with its address, whose query is in <see cref="Query"/>'s order, and no such headers</param>
    /// <param name="payloadHash">hex SHA-256 of the body, or <see cref="Unsigned"/></param>
    /// <param name="credential">whose</param>
    /// <param name="region">of the bucket</param>
    /// <param name="now">servers refuse what is some minutes off</param>
    public static void Add(
        HttpRequestMessage request, string payloadHash, BucketCredential credential, string region, DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        SortedDictionary<string, string> headers = new(StringComparer.Ordinal)
        {
            ["host"] = request.RequestUri!.Authority,
            ["x-amz-content-sha256"] = payloadHash,
            ["x-amz-date"] = time,
        };
        if (credential.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        string signed = string.Join(';', headers.Keys);
        string canonical = string.Join('\n', [
            request.Method.Method, request.RequestUri.AbsolutePath, request.RequestUri.Query.TrimStart('?'),
            .. headers.Select(static each => $"{each.Key}:{each.Value}"), "", signed, payloadHash]);
        string scope = $"{time[..8]}/{region}/s3/aws4_request";
        string toSign = $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + credential.Secret);
        foreach (string part in (ReadOnlySpan<string>)[time[..8], region, "s3", "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        foreach ((string name, string value) in headers.Where(static each => each.Key != "host"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credential.AccessKey}/{scope}, SignedHeaders={signed}, Signature={signature}");
    }

    /// <summary>A query in the order and spelling that signatures want.</summary>
    public static string Query(params IEnumerable<(string Name, string Value)> parameters) => string.Join('&', parameters
        .Select(static p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}")
        .Order(StringComparer.Ordinal));

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
