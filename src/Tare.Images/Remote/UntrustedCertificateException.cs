// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>A server's certificate is not for its name, not of now, or nobody vouches for it.</summary>
internal sealed class UntrustedCertificateException() : Exception("untrusted certificate");
