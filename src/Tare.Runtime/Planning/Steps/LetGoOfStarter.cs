// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning.Steps;

/// <summary>Closes the starter's end of the pipe that the word to go on comes by, which the process was born with too.</summary>
/// <param name="Given">its position</param>
/// <remarks>
/// With its own copy open the process would wait for ever for a starter that died, and hold the lock of the container,
/// which it was born with as well.
/// </remarks>
internal sealed record LetGoOfStarter(int Given) : Step
{
    public override string Action => "close the starter's end of the pipe";

    internal override void Lower(Lowering to) => to.Close(to.Builder.Given(Given));
}
