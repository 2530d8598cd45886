// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Server.Registry;

/// <summary>What the server counts, as Prometheus reads it.</summary>
/// <remarks>Prometheus text format 0.0.4. Thread-safe.</remarks>
internal sealed class Metrics
{
    private const int MaxStatus = 600;
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"];
    private readonly long[,] _requests = new long[Methods.Length, MaxStatus];
    private long _inFlight;
    private long _milliseconds;
    private long _sent;
    private long _received;
    private long _collections;
    private long _collectedBlobs;
    private long _collectedBytes;

    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <param name="method">of HTTP</param>
    /// <param name="status">of HTTP</param>
    /// <param name="took">from the first byte of the request to the last of the answer</param>
    /// <param name="received">bytes of the request's body, as announced</param>
    /// <param name="sent">bytes of the answer's body, as announced</param>
    public void End(string method, int status, TimeSpan took, long received, long sent)
    {
        int row = Array.IndexOf(Methods, method);
        Interlocked.Increment(ref _requests[row < 0 ? Methods.Length - 1 : row, Math.Clamp(status, 0, MaxStatus - 1)]);
        Interlocked.Add(ref _milliseconds, (long)took.TotalMilliseconds);
        Interlocked.Add(ref _received, received);
        Interlocked.Add(ref _sent, sent);
        Interlocked.Decrement(ref _inFlight);
    }

    public void Collected(int blobs, long bytes)
    {
        Interlocked.Increment(ref _collections);
        Interlocked.Add(ref _collectedBlobs, blobs);
        Interlocked.Add(ref _collectedBytes, bytes);
    }

    /// <summary>The page for Prometheus.</summary>
    public string Format()
    {
        StringBuilder text = new();
        text.Append("# TYPE tare_registry_requests_total counter\n");
        for (int method = 0; method < Methods.Length; method++)
        {
            for (int status = 0; status < MaxStatus; status++)
            {
                long count = Interlocked.Read(ref _requests[method, status]);
                if (count > 0)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"tare_registry_requests_total{{method=\"{Methods[method]}\",code=\"{status}\"}} {count}\n");
                }
            }
        }

        Add(text, "requests_in_flight", "gauge", Interlocked.Read(ref _inFlight));
        Add(text, "request_milliseconds_total", "counter", Interlocked.Read(ref _milliseconds));
        Add(text, "received_bytes_total", "counter", Interlocked.Read(ref _received));
        Add(text, "sent_bytes_total", "counter", Interlocked.Read(ref _sent));
        Add(text, "collections_total", "counter", Interlocked.Read(ref _collections));
        Add(text, "collected_blobs_total", "counter", Interlocked.Read(ref _collectedBlobs));
        Add(text, "collected_bytes_total", "counter", Interlocked.Read(ref _collectedBytes));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string type, long value) => text.Append(
        CultureInfo.InvariantCulture, $"# TYPE tare_registry_{name} {type}\ntare_registry_{name} {value}\n");
}
