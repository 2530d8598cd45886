// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>What becomes of a message that came to the name server.</summary>
internal enum Verdict
{
    /// <summary>It is no query.</summary>
    Drop,

    /// <summary>The answer is made.</summary>
    Answered,

    /// <summary>Somebody else knows.</summary>
    Forward,
}
