// SPDX-License-Identifier: Apache-2.0

namespace Tare.Images.Remote;

/// <summary>How far one blob is on its way into a registry, over several attempts.</summary>
internal sealed class UploadState(RegistryOptions options)
{
    /// <summary>Bytes that make earlier failures count no more.</summary>
    private const long Progress = 1 << 20;

    private readonly Attempts _attempts = new(options);
    private long _failedAt;

    /// <summary>Where the registry wants the next bytes; null before it was asked.</summary>
    public Uri? Place { get; set; }

    /// <summary>Bytes that it has.</summary>
    public long At { get; set; }

    /// <summary>True when it refused the whole in one request.</summary>
    public bool IsInChunks { get; set; }

    /// <summary>How long to wait before the next attempt.</summary>
    /// <exception cref="Tare.Oci.TareException">Unavailable: it was the last</exception>
    public TimeSpan Failed(string what, TransientException failure)
    {
        if (At - _failedAt >= Progress)
        {
            _attempts.Restart();
        }
        _failedAt = At;
        return _attempts.Failed(what, failure);
    }
}
