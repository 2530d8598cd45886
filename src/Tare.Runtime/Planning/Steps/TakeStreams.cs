// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Puts the container's streams where standard input, output and error belong.</summary>
/// <remarks>Through copies above 2 first, because the starter's numbers may be 0 to 2 in another order.</remarks>
internal sealed record TakeStreams : Step
{
    public override string Action => "take standard input, output and error";

    internal override void Lower(Lowering to)
    {
        Slot[] copies = new Slot[3];
        for (int stream = 0; stream < copies.Length; stream++)
        {
            copies[stream] = to.Get(SystemCall.fcntl, to.Builder.Given(stream), F_DUPFD_CLOEXEC, copies.Length);
        }

        for (int stream = 0; stream < copies.Length; stream++)
        {
            to.Call(SystemCall.dup3, copies[stream], stream, 0);
        }
    }
}
