// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Tests.Interop;

/// <summary>Sizes and places as the headers of the kernel and the libraries have them (64-bit, printed by a C program).</summary>
public unsafe class LayoutTests
{
    [Fact]
    public void Structs_have_the_sizes_of_the_headers()
    {
        Assert.Equal(256, sizeof(Libc.statx_t));
        Assert.Equal(120, sizeof(Libc.statfs_t));
        Assert.Equal(24, sizeof(Libc.open_how));
        Assert.Equal(32, sizeof(Libc.mount_attr));
        Assert.Equal(16, sizeof(Libc.xattr_args));
        Assert.Equal(110, sizeof(Libc.sockaddr_un));
        Assert.Equal(56, sizeof(Libc.msghdr));
        Assert.Equal(16, sizeof(Libc.cmsghdr));
        Assert.Equal(12, sizeof(Libc.ucred));
        Assert.Equal(16, sizeof(Libc.timespec));
        Assert.Equal(32, sizeof(Libc.itimerspec));
        Assert.Equal(8, sizeof(Libc.pollfd));
        Assert.Equal(16, sizeof(Libc.iovec));
        Assert.Equal(64, sizeof(Libc.mmsghdr));
        Assert.Equal(8, sizeof(Libc.linger));
        Assert.Equal(87368, sizeof(Isal.inflate_state));
        Assert.Equal(72, sizeof(Isal.isal_gzip_header));
        Assert.Equal(82384, sizeof(Isal.isal_zstream));
        Assert.Equal(24, sizeof(Zstd.ZSTD_inBuffer));
        Assert.Equal(20, sizeof(Libc.bpf_prog_attach));
        Assert.Equal(136, sizeof(Lzma.lzma_stream));
    }

    [Theory]
    [InlineData(typeof(Libc.statx_t), "stx_ino", 32)]
    [InlineData(typeof(Libc.statx_t), "stx_atime", 64)]
    [InlineData(typeof(Libc.statx_t), "stx_mtime", 112)]
    [InlineData(typeof(Libc.statx_t), "stx_rdev_major", 128)]
    [InlineData(typeof(Libc.statx_t), "stx_mnt_id", 144)]
    [InlineData(typeof(Libc.statfs_t), "f_frsize", 72)]
    [InlineData(typeof(Libc.statfs_t), "f_flags", 80)]
    [InlineData(typeof(Libc.msghdr), "msg_iov", 16)]
    [InlineData(typeof(Libc.msghdr), "msg_control", 32)]
    [InlineData(typeof(Libc.msghdr), "msg_flags", 48)]
    [InlineData(typeof(Libc.mmsghdr), "msg_len", 56)]
    [InlineData(typeof(Libc.bpf_prog_query), "prog_ids", 16)]
    [InlineData(typeof(Libc.bpf_prog_query), "prog_cnt", 24)]
    [InlineData(typeof(Lzma.lzma_stream), "avail_out", 32)]
    public void Fields_are_where_the_headers_have_them(Type type, string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));
}
