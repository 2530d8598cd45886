// SPDX-License-Identifier: Apache-2.0
// EVP_PKEY_new(3), EVP_DigestSign(3) — OpenSSL ≥ 3.0 (soname libcrypto.so.3), which comes with libssl3
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>What of OpenSSL .NET does not offer; names as in C.</summary>
internal static unsafe partial class Libcrypto
{
    internal const int EVP_PKEY_ED25519 = 1087;

    [LibraryImport("libcrypto.so.3")]
    internal static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport("libcrypto.so.3")]
    internal static partial int EVP_PKEY_get_raw_public_key(nint pkey, byte* key, nuint* length);

    [LibraryImport("libcrypto.so.3")]
    internal static partial void EVP_PKEY_free(nint pkey);

    [LibraryImport("libcrypto.so.3")]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport("libcrypto.so.3")]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport("libcrypto.so.3")]
    internal static partial int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint pkey);

    [LibraryImport("libcrypto.so.3")]
    internal static partial int EVP_DigestSign(nint context, byte* signature, nuint* length, byte* data, nuint dataLength);
}
