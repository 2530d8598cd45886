// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>What a list says of an object.</summary>
/// <param name="Key">without the prefix of all keys</param>
/// <param name="Size">bytes</param>
/// <param name="Modified">when it was stored</param>
internal sealed record BucketObject(string Key, long Size, DateTimeOffset Modified);
