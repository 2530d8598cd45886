// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Asks the kernel's security module to confine the program that is executed.</summary>
/// <param name="Module"><c>apparmor</c> or <c>selinux</c></param>
/// <param name="Label">profile or context</param>
internal sealed record SetSecurityLabel(string Module, string Label) : Step
{
    public override string Action => $"set {Module} label {Label}";

    internal override void Lower(Lowering to)
    {
        bool isAppArmor = Module == "apparmor";
        to.WriteProc(
            isAppArmor ? "thread-self/attr/apparmor/exec" : "thread-self/attr/exec",
            Encoding.UTF8.GetBytes(isAppArmor ? $"exec {Label}" : Label));
    }
}
