// SPDX-License-Identifier: Apache-2.0
// isa-l/igzip_lib.h of libisal 2.30 (soname libisal.so.2)
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>Deflate of Intel's storage library; names as in C.</summary>
internal static unsafe partial class Isal
{
    internal const int ISAL_DECOMP_OK = 0;
    internal const int ISAL_END_INPUT = 1;
    internal const int ISAL_BLOCK_FINISH = 5;
    internal const uint ISAL_GZIP_NO_HDR_VER = 6;
    internal const int COMP_OK = 0;
    internal const int ZSTATE_END = 11;
    internal const ushort IGZIP_GZIP = 1;

    /// <summary>ISAL_DEF_LVLn_DEFAULT: bytes of memory for levels 0..3.</summary>
    internal static ReadOnlySpan<int> LevelBufferBytes => [0, 282624, 331776, 348160];

    [LibraryImport("isal")]
    internal static partial void isal_inflate_init(inflate_state* state);

    [LibraryImport("isal")]
    internal static partial void isal_inflate_reset(inflate_state* state);

    [LibraryImport("isal")]
    internal static partial int isal_inflate(inflate_state* state);

    [LibraryImport("isal")]
    internal static partial void isal_gzip_header_init(isal_gzip_header* header);

    [LibraryImport("isal")]
    internal static partial int isal_read_gzip_header(inflate_state* state, isal_gzip_header* header);

    [LibraryImport("isal")]
    internal static partial void isal_deflate_init(isal_zstream* stream);

    [LibraryImport("isal")]
    internal static partial int isal_deflate(isal_zstream* stream);

    /// <summary>The fields that a caller may touch, at their places; the rest is the library's.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 87368)]
    internal struct inflate_state
    {
        [FieldOffset(0)]
        public byte* next_out;
        [FieldOffset(8)]
        public uint avail_out;
        [FieldOffset(16)]
        public byte* next_in;
        [FieldOffset(32)]
        public uint avail_in;
        [FieldOffset(21160)]
        public int block_state;
        [FieldOffset(21172)]
        public uint crc_flag;
    }

    [StructLayout(LayoutKind.Sequential, Size = 72)]
    internal struct isal_gzip_header
    {
        public uint text;
    }

    [StructLayout(LayoutKind.Explicit, Size = 82384)]
    internal struct isal_zstream
    {
        [FieldOffset(0)]
        public byte* next_in;
        [FieldOffset(8)]
        public uint avail_in;
        [FieldOffset(16)]
        public byte* next_out;
        [FieldOffset(24)]
        public uint avail_out;
        [FieldOffset(40)]
        public uint level;
        [FieldOffset(44)]
        public uint level_buf_size;
        [FieldOffset(48)]
        public byte* level_buf;
        [FieldOffset(56)]
        public ushort end_of_stream;
        [FieldOffset(60)]
        public ushort gzip_flag;

        /// <summary>internal_state.state</summary>
        [FieldOffset(84)]
        public int state;
    }
}
