// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tare.Oci;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>The ways to answer a request.</summary>
internal static class Answer
{
    private const int ChunkBytes = 128 << 10;

    /// <summary>A status without a body.</summary>
    public static Task EmptyAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    /// <summary>Bytes that are in memory; for HEAD their length alone.</summary>
    public static Task BytesAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>A JSON document that <paramref name="write"/> makes.</summary>
    public static Task JsonAsync(HttpContext http, Action<Utf8JsonWriter> write, string contentType = "application/json")
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Encoder = OciJson.Writer.Options.Encoder }))
        {
            write(writer);
        }

        return BytesAsync(http, contentType, bytes.ToArray());
    }

    /// <summary>The body of an error; an entry for each digest that it is about.</summary>
    /// <remarks>distribution-spec 1.1 #error-codes.</remarks>
    public static Task FailureAsync(HttpContext http, RegistryFailure failure)
    {
        http.Response.StatusCode = failure.Status;
        return JsonAsync(http, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("errors");
            foreach (string digest in failure.Digests.DefaultIfEmpty(""))
            {
                writer.WriteStartObject();
                writer.WriteString("code", failure.Code);
                writer.WriteString("message", failure.Message);
                if (digest.Length > 0)
                {
                    writer.WriteStartObject("detail");
                    writer.WriteString("digest", digest);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Part of a blob, read straight into the buffers that the connection sends.</summary>
    public static async Task ContentAsync(HttpContext http, IBlobContent content, ByteRange range)
    {
        long at = range.First;
        while (at <= range.Last)
        {
            int wanted = (int)Math.Min(ChunkBytes, range.Last - at + 1);
            int n = await content.ReadAsync(http.Response.BodyWriter.GetMemory(wanted)[..wanted], at, http.RequestAborted);
            if (n == 0)
            {
                // shorter than it was: the client must not take it for complete
                http.Abort();
                return;
            }

            http.Response.BodyWriter.Advance(n);
            at += n;
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }
}
