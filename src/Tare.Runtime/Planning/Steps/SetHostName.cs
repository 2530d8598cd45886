// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets the host name, or the NIS domain name, of the UTS namespace.</summary>
/// <param name="Name">at most 64 bytes</param>
/// <param name="IsDomain">true for the domain name</param>
internal sealed record SetHostName(string Name, bool IsDomain = false) : Step
{
    public override string Action => $"set {(IsDomain ? "domain name" : "host name")} {Name}";

    internal override void Lower(Lowering to)
    {
        byte[] name = Encoding.UTF8.GetBytes(Name);
        to.Call(IsDomain ? SystemCall.setdomainname : SystemCall.sethostname, Arg.Bytes(name), name.Length);
    }
}
