// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>A registry led to a host that it has no business with; comes out of the class library as an inner exception.</summary>
/// <param name="host">the host</param>
internal sealed class ForbiddenHostException(string host) : Exception(host)
{
    public string Host { get; } = host;
}
