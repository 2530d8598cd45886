// SPDX-License-Identifier: Apache-2.0
// lzma/base.h, lzma/container.h of liblzma 5 (soname liblzma.so.5)
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>The xz format; names as in C.</summary>
internal static unsafe partial class Lzma
{
    internal const int LZMA_OK = 0;
    internal const int LZMA_STREAM_END = 1;
    internal const int LZMA_MEM_ERROR = 5;
    internal const int LZMA_MEMLIMIT_ERROR = 6;
    internal const int LZMA_FORMAT_ERROR = 7;
    internal const int LZMA_OPTIONS_ERROR = 8;
    internal const int LZMA_DATA_ERROR = 9;
    internal const int LZMA_BUF_ERROR = 10;
    internal const uint LZMA_CONCATENATED = 8;
    internal const int LZMA_RUN = 0;
    internal const int LZMA_FINISH = 3;

    [LibraryImport("lzma")]
    internal static partial int lzma_stream_decoder(lzma_stream* stream, ulong memoryLimit, uint flags);

    [LibraryImport("lzma")]
    internal static partial int lzma_code(lzma_stream* stream, int action);

    [LibraryImport("lzma")]
    internal static partial void lzma_end(lzma_stream* stream);

    /// <summary>All zero is LZMA_STREAM_INIT.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 136)]
    internal struct lzma_stream
    {
        public byte* next_in;
        public nuint avail_in;
        public ulong total_in;
        public byte* next_out;
        public nuint avail_out;
        public ulong total_out;
    }
}
