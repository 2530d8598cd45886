// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Compression;

/// <summary>Unpacks gzip: any number of members one behind the other, checksums and lengths checked.</summary>
/// <remarks>RFC 1952; the work is done by libisal.</remarks>
internal sealed unsafe class GzipReader : UnpackingStream
{
    private readonly NativeState _state;
    private Place _place = Place.BetweenMembers;
    private bool _anyMember;

    public GzipReader(Stream source, bool leaveOpen = false, ReadOnlySpan<byte> prefix = default)
        : base(source, leaveOpen, prefix)
    {
        // the header struct stands behind the state, in the same piece of memory
        _state = NativeState.Allocate(sizeof(Isal.inflate_state) + sizeof(Isal.isal_gzip_header));
        Isal.isal_inflate_init(State);
    }

    private enum Place
    {
        BetweenMembers,
        Header,
        Body,
    }

    protected override CompressionFormat Format => CompressionFormat.Gzip;

    private Isal.inflate_state* State => (Isal.inflate_state*)_state.Pointer;

    private Isal.isal_gzip_header* Header => (Isal.isal_gzip_header*)(State + 1);

    protected override bool Unpack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        used = 0;
        made = 0;
        if (_place == Place.BetweenMembers)
        {
            if (input.IsEmpty)
            {
                return _anyMember;
            }

            Begin();
        }

        // SAFETY: both spans are pinned while the library has their addresses, and lengths go with them
        fixed (byte* i = input, o = output)
        {
            State->next_in = i;
            State->avail_in = (uint)input.Length;
            State->next_out = o;
            State->avail_out = (uint)output.Length;
            if (_place == Place.Header)
            {
                ReadHeader();
            }

            if (_place == Place.Body)
            {
                Inflate();
            }

            used = input.Length - (int)State->avail_in;
            made = output.Length - (int)State->avail_out;
        }

        return _place == Place.BetweenMembers;
    }

    protected override void Dispose(bool disposing)
    {
        _state.Dispose();
        base.Dispose(disposing);
    }

    private void Begin()
    {
        Isal.isal_inflate_reset(State);
        Isal.isal_gzip_header_init(Header);
        State->crc_flag = Isal.ISAL_GZIP_NO_HDR_VER;
        _place = Place.Header;
    }

    private void ReadHeader()
    {
        int result = Isal.isal_read_gzip_header(State, Header);
        if (result == Isal.ISAL_DECOMP_OK)
        {
            _place = Place.Body;
        }
        else if (result != Isal.ISAL_END_INPUT)
        {
            throw Broken(_anyMember ? "something else follows the last member" : "bad header");
        }
    }

    private void Inflate()
    {
        int result = Isal.isal_inflate(State);
        if (result != Isal.ISAL_DECOMP_OK)
        {
            throw Broken(Explain(result));
        }

        if (State->block_state == Isal.ISAL_BLOCK_FINISH)
        {
            _place = Place.BetweenMembers;
            _anyMember = true;
        }
    }

    private static string Explain(int result) => result switch
    {
        -1 => "bad block",
        -2 => "bad symbol",
        -3 => "reference before the start",
        -6 => "checksum does not match",
        _ => $"error {result}",
    };
}
