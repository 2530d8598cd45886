// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Brings up the loopback device of a new network namespace.</summary>
/// <remarks>man netdevice(7)</remarks>
internal sealed record RaiseLoopback : Step
{
    private const int AF_INET = 2;
    private const int SOCK_DGRAM_CLOEXEC = 0x80002;
    private const int SIOCSIFFLAGS = 0x8914;
    private const ushort IFF_UP = 1;
    private const int NameSize = 16;
    private const int RestOfIfreq = 22;

    public override string Action => "bring up the loopback device";

    internal override void Lower(Lowering to)
    {
        byte[] name = new byte[NameSize];
        "lo"u8.CopyTo(name);
        Slot socket = to.Get(SystemCall.socket, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        to.Call(
            SystemCall.ioctl,
            socket,
            SIOCSIFFLAGS,
            Arg.Block(Field.Bytes(name), Field.U16(IFF_UP), Field.Bytes(new byte[RestOfIfreq])));
        to.Close(socket);
    }
}
