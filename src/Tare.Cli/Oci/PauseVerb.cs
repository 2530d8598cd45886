// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class PauseVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static OciVerb Pause() => New("Stop all processes of a container where they are", call =>
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: true);
        Require(container, container.Status() is OciStatus.Running or OciStatus.Created, "running or created");
        if (!container.Cgroup.Freeze(Patience))
        {
            container.Cgroup.Thaw(TimeSpan.Zero);
            throw new TareException(ErrorKind.Unavailable, $"container {container.Record.Id}: its processes do not stop");
        }
    });

    public static OciVerb Resume() => New("Let the processes of a paused container go on", call =>
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: true);
        Require(container, container.Status() is OciStatus.Paused, "paused");
        container.Cgroup.Thaw(Patience);
    });

    private static OciVerb New(string summary, Action<OciCall> act) => new(summary, "CONTAINER", call =>
    {
        act(call);
        return 0;
    })
    {
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static void Require(OciContainer container, bool isSo, string wanted)
    {
        if (!isSo)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"container {container.Record.Id} is not {wanted}: {OciText.Of(container.Status())}");
        }
    }
}
