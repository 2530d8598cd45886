// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>How a query was answered.</summary>
/// <remarks>RFC 1035 §4.1.1 RCODE; BadVersion is the extended one of RFC 6891 §6.1.3.</remarks>
internal enum DnsCode
{
    None = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
