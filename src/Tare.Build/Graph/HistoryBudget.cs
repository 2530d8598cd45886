// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>What expansion may make of a file in all: variables that double each other would fill any memory.</summary>
internal sealed class HistoryBudget
{
    /// <summary>Characters, of all stages: four configs that are as long as one may be.</summary>
    public const long MaxCharacters = 4L * ImageConfig.MaxBytes;

    private long _used;

    /// <summary>False when it is used up.</summary>
    public bool TryTake(int characters) => (_used += characters) <= MaxCharacters;
}
