// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning.Steps;

/// <summary>Stays as the container's process 1, which forwards signals and reaps; the program runs in a child.</summary>
internal sealed record StayAsInit : Step
{
    public override string Action => "stay as init";

    internal override void Lower(Lowering to) => to.Builder.Init();
}
