// SPDX-License-Identifier: Apache-2.0
// zstd.h of libzstd 1.5 (soname libzstd.so.1), the stable part
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>Zstandard; names as in C.</summary>
internal static unsafe partial class Zstd
{
    internal const int ZSTD_d_windowLogMax = 100;
    internal const int ZSTD_c_compressionLevel = 100;
    internal const int ZSTD_c_checksumFlag = 201;
    internal const int ZSTD_e_continue = 0;
    internal const int ZSTD_e_end = 2;

    [LibraryImport("zstd")]
    internal static partial nint ZSTD_createDCtx();

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_DCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_decompressStream(nint context, ZSTD_outBuffer* output, ZSTD_inBuffer* input);

    [LibraryImport("zstd")]
    internal static partial nint ZSTD_createCCtx();

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_CCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport("zstd")]
    internal static partial nuint ZSTD_compressStream2(
        nint context, ZSTD_outBuffer* output, ZSTD_inBuffer* input, int endOperation);

    [LibraryImport("zstd")]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport("zstd")]
    internal static partial byte* ZSTD_getErrorName(nuint code);

    [StructLayout(LayoutKind.Sequential)]
    internal struct ZSTD_inBuffer
    {
        public byte* src;
        public nuint size;
        public nuint pos;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ZSTD_outBuffer
    {
        public byte* dst;
        public nuint size;
        public nuint pos;
    }
}
