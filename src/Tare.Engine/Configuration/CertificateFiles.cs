// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>Files of certificates for one registry; absolute paths.</summary>
/// <param name="Authority">who vouches for it; may be missing</param>
/// <param name="Certificate">what it knows us by; there when <paramref name="Key"/> is</param>
/// <param name="Key">of that</param>
internal sealed record CertificateFiles(string? Authority, string? Certificate, string? Key);
