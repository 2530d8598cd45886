// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>A bucket that speaks S3, and a folder of this machine for uploads.</summary>
/// <param name="Endpoint">such as <c>https://s3.eu-central-1.amazonaws.com</c>; the bucket is part of the path</param>
/// <param name="Bucket">its name</param>
/// <param name="Prefix">of all keys; empty, or ending with a slash</param>
/// <param name="Region">such as <c>us-east-1</c></param>
/// <param name="Credential">null: requests are not signed</param>
/// <param name="Spool">the folder where blobs are until they are whole and verified</param>
internal sealed record BucketOptions(
    Uri Endpoint, string Bucket, string Prefix, string Region, BucketCredential? Credential, string Spool);

/// <summary>Who signs requests.</summary>
/// <param name="AccessKey">the public half</param>
/// <param name="Secret">never printed</param>
/// <param name="SessionToken">of temporary credentials</param>
internal sealed record BucketCredential(string AccessKey, string Secret, string? SessionToken)
{
    /// <summary>Never the secret: records print themselves into messages too easily.</summary>
    public override string ToString() => $"credential {AccessKey}";
}
