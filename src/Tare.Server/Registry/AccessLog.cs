// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tare.Server.Registry;

/// <summary>One line for each request: time, address, user, request, status, bytes, milliseconds.</summary>
/// <remarks>Thread-safe. What a client chose is printed without control characters, so that it cannot forge lines.</remarks>
internal sealed class AccessLog(TextWriter output, TimeProvider time)
{
    private const int MaxText = 512;
    private readonly Lock _lock = new();

    public void Write(HttpContext http, string? user, TimeSpan took)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {http.Connection.RemoteIpAddress} {Clean(user ?? "-")} "
            + $"\"{Clean(http.Request.Method)} {Clean(http.Request.Path.Value + http.Request.QueryString.Value)}\" "
            + $"{http.Response.StatusCode} {http.Response.ContentLength ?? 0} {took.TotalMilliseconds:0.0}");
        Say(line);
    }

    /// <summary>A line about the server itself.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            try
            {
                output.WriteLine(line);
            }
            catch (IOException)
            {
                // nobody reads the log any more; that is no reason to stop serving
            }
        }
    }

    private static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, MaxText));
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxText)))
        {
            clean.Append(c is < ' ' or '"' or '\\' or >= '\x7f' ? '?' : c == ' ' ? '_' : c);
        }

        return clean.ToString();
    }
}
